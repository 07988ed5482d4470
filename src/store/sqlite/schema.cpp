#include "schema.hpp"

#include <charconv>

#include <fmt/format.h>

#include "store/sql/statements.hpp"

namespace shoumen::store {
namespace {

using base::Result;

// Stands in the file's head ("SHOU"), so that a database of something else is told apart.
constexpr std::int64_t application_id = 0x53484f55;

Result<std::uint64_t> number_of(Connection& db, const std::string& sql) {
    const auto text = db.value(sql);
    if (!text) return tl::unexpected(text.error());
    std::uint64_t number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

struct Found {
    std::uint64_t version = 0;
    bool empty = false;  // nothing in it yet
};

Result<Found> look(Connection& db) {
    const auto id = number_of(db, "PRAGMA application_id");
    if (!id) return tl::unexpected(id.error());
    const auto things = number_of(db, "SELECT COUNT(*) FROM sqlite_master");
    if (!things) return tl::unexpected(things.error());
    if (*id == 0 && *things == 0) return Found{0, true};
    if (*id != static_cast<std::uint64_t>(application_id))
        return base::fail("data-foreign",
                          "the data directory holds a shoumen.db that is no database of this program; "
                          "choose another data directory, or move that file away");
    const auto version = number_of(db, std::string(sql::schema_version));
    if (!version) return tl::unexpected(version.error());
    return Found{*version, false};
}

Result<void> apply(Connection& db, const Migration& migration, bool first) {
    auto done = db.begin();
    if (!done) return done;
    if (first) done = db.run(fmt::format("PRAGMA application_id = {}; {};", application_id, sql::create_schema_table));
    if (done) done = db.run(std::string(migration.text));
    if (done) {
        Query query(db, sql::add_migration);
        done = query.whole(1, migration.version).text(2, migration.name).run();
    }
    if (done) return db.commit();
    db.roll_back();
    return done;
}

// Table, index (of a clustered table: itself), then rows in all and rows that share the first one, two, three …
// columns.
constexpr std::string_view planner_figures = R"(
    ('alert', 'alert', '200000 200000 1'),
    ('alert', 'alert_incident', '200000 200000 4 1'),
    ('incident', 'incident_ended', '100000 100000 10'),
    ('incident', 'incident_list', '100000 100000 1 1 1'),
    ('incident', 'incident_live', '500 500 1 1 1'),
    ('incident', 'sqlite_autoindex_incident_1', '100000 100000 1'),
    ('incident_event', 'incident_event', '1000000 1000000 10 1'),
    ('input_batch', 'sqlite_autoindex_input_batch_1', '1000000 1000000 1'),
    ('notice', 'notice', '500000 500000 1'),
    ('session', 'session', '1000 1'),
    ('session', 'session_account', '1000 5 1'))";

Result<bool> planner_knows(Connection& db) {
    const auto table = number_of(db, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat1'");
    if (!table) return tl::unexpected(table.error());
    if (*table == 0) return false;
    const auto differing = number_of(
        db,
        fmt::format("WITH wanted (tbl, idx, stat) AS (VALUES {}) SELECT "
                    "(SELECT COUNT(*) FROM (SELECT * FROM wanted EXCEPT SELECT tbl, idx, stat FROM sqlite_stat1)) + "
                    "(SELECT COUNT(*) FROM (SELECT tbl, idx, stat FROM sqlite_stat1 EXCEPT SELECT * FROM wanted))",
                    planner_figures));
    if (!differing) return tl::unexpected(differing.error());
    return *differing == 0;
}

}  // namespace

Result<void> migrate(Connection& db, std::span<const Migration> known) {
    const auto found = look(db);
    if (!found) return tl::unexpected(found.error());
    if (found->version > known.size()) return tl::unexpected(schema_newer(found->version, known.size()));
    for (const auto& migration : known.subspan(found->version)) {
        if (auto done = apply(db, migration, migration.version == 1); !done) return done;
    }
    return {};
}

Result<void> tell_planner(Connection& db) {
    const auto known = planner_knows(db);
    if (!known) return tl::unexpected(known.error());
    if (*known) return {};
    auto done = db.begin();
    if (!done) return done;
    // ANALYZE of the schema alone makes the table and, at the end, has the figures read.
    done =
        db.run(fmt::format("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 (tbl, idx, stat) "
                           "VALUES {}; ANALYZE sqlite_schema;",
                           planner_figures));
    if (done) return db.commit();
    db.roll_back();
    return done;
}

Result<void> check_schema(Connection& db, std::span<const Migration> known) {
    const auto found = look(db);
    if (!found) return tl::unexpected(found.error());
    if (found->version > known.size()) return tl::unexpected(schema_newer(found->version, known.size()));
    if (found->version == known.size()) return {};
    return tl::unexpected(schema_older(found->version, known.size()));
}

}  // namespace shoumen::store
