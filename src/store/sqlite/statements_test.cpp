// Every statement of the catalogue: SQLite takes it, and finds its rows by a key.
#include "store/sql/statements.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "store/sql/upkeep_statements.hpp"

#include "connection.hpp"
#include "schema.hpp"

using namespace shoumen::store;

namespace {

std::unique_ptr<Connection> migrated() {
    auto db = Connection::open(":memory:", {.writes = true});
    REQUIRE(db);
    REQUIRE(migrate(**db, migrations()));
    REQUIRE(tell_planner(**db));
    return std::move(*db);
}

// What EXPLAIN QUERY PLAN says, a line each; the fault if SQLite does not take the text.
std::string plan_of(Connection& db, std::string_view sql) {
    const auto text = "EXPLAIN QUERY PLAN " + std::string(sql);
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db.handle(), text.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return std::string("FAULT ") + sqlite3_errmsg(db.handle());
    std::string plan;
    while (sqlite3_step(statement) == SQLITE_ROW)
        plan += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)) + std::string("\n");
    sqlite3_finalize(statement);
    return plan;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("no statement reads a table from end to end, but lists of all accounts, grants, tokens and evidence") {
    const auto db = migrated();
    for (const auto sql : sql::all) {
        CAPTURE(sql);
        const auto plan = plan_of(*db, sql);
        CHECK_MESSAGE(!has(plan, "FAULT"), plan);
        const bool whole = sql == sql::accounts || sql == sql::device_tokens || sql == sql::all_evidence ||
                           sql == sql::newest_policy || sql == sql::schema_version || sql == sql::grants ||
                           sql == sql::api_tokens || sql == sql::delegations || sql == sql::wider_sights;
        // The first of an index: what stands there is one row, whatever the plan calls it.
        const bool first_of_index = sql == sql::oldest_quarantine || sql == sql::oldest_evidence;
        CHECK_MESSAGE((whole || first_of_index || !has(plan, "SCAN")), plan);
    }
}

TEST_CASE("lists read the index made for them") {
    const auto db = migrated();
    CHECK(has(plan_of(*db, sql::live_incidents), "incident_live (shard=? AND id<?)"));
    CHECK(has(plan_of(*db, sql::incidents), "COVERING INDEX incident_list (shard=? AND id<?)"));
    CHECK(has(plan_of(*db, sql::incidents_for_core), "incident_live (shard=?)"));
    CHECK(has(plan_of(*db, sql::incidents_for_core), "incident_ended (shard=? AND ended>?)"));
    CHECK(has(plan_of(*db, sql::alerts_of), "alert_incident (shard=? AND incident=?)"));
    CHECK(has(plan_of(*db, sql::alerts), "PRIMARY KEY (shard=? AND id>?)"));
    CHECK(has(plan_of(*db, sql::timeline), "PRIMARY KEY (shard=? AND incident=?)"));
    CHECK(has(plan_of(*db, sql::batches), "(shard=? AND first_seq>?)"));
    CHECK(has(plan_of(*db, sql::delete_sessions_of), "session_account (account=?)"));
    CHECK(has(plan_of(*db, sql::sessions_of), "session_account (account=?)"));
    CHECK(has(plan_of(*db, sql::delete_sessions_past), "session_expires (expires<?)"));
    CHECK(has(plan_of(*db, sql::oldest_quarantine), "INDEX quarantine_received"));
    CHECK(has(plan_of(*db, sql::oldest_evidence), "INDEX evidence_added"));
    CHECK(has(plan_of(*db, sql::drop_texts_before), "free_text_added (shard=? AND added<?)"));
    CHECK(has(plan_of(*db, sql::evidence_before), "evidence_added (added<?)"));
}

TEST_CASE("what is kept of devices is read by its keys") {
    const auto db = migrated();
    for (const auto sql : sql::of_upkeep) {
        CAPTURE(sql);
        const auto plan = plan_of(*db, sql);
        CHECK_FALSE(has(plan, "FAULT"));
        CHECK_FALSE(has(plan, "SCAN"));
        CHECK_FALSE(has(plan, "B-TREE"));
    }
}

TEST_CASE("no list is sorted after reading") {
    const auto db = migrated();
    for (const auto sql : {sql::incidents, sql::live_incidents, sql::incidents_for_core, sql::alerts, sql::alerts_of,
                           sql::timeline, sql::batches, sql::quarantine, sql::last_batch, sql::batch_start}) {
        CAPTURE(sql);
        CHECK_FALSE(has(plan_of(*db, sql), "B-TREE"));
    }
}

TEST_CASE("the catalogue keeps to what both databases understand") {
    for (const auto sql : sql::all) {
        CAPTURE(sql);
        for (const auto* word :
             {"->", "json", "?", "PRAGMA", "REPLACE", "rowid", "datetime", "IFNULL", "INDEXED", "GLOB"})
            CHECK_FALSE(has(std::string(sql), word));
    }
    for (const auto& migration : migrations()) {
        CAPTURE(migration.name);
        for (const auto* word : {"INTEGER PRIMARY", "BLOB", "WITHOUT", "AUTOINCREMENT", "PRAGMA", "STRICT", "SERIAL"})
            CHECK_FALSE(has(std::string(migration.text), word));
    }
}
