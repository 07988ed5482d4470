// Migrations: each whole or not at all, in order, and never backwards.
#include "schema.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::store;

namespace {

std::unique_ptr<Connection> memory() {
    auto db = Connection::open(":memory:", {.writes = true});
    REQUIRE(db);
    return std::move(*db);
}

constexpr std::array<Migration, 3> list = {{
    {1, "001_a.sql", "CREATE TABLE a (n BIGINT PRIMARY KEY); INSERT INTO a VALUES (1);"},
    {2, "002_b.sql", "CREATE TABLE b (n BIGINT PRIMARY KEY);"},
    {3, "003_c.sql", "INSERT INTO a VALUES (3); INSERT INTO gone VALUES (1);"},
}};

std::string versions(Connection& db) { return *db.value("SELECT group_concat(version || name) FROM schema_migration"); }

}  // namespace

TEST_CASE("the program's own migrations are numbered without gaps") {
    REQUIRE_FALSE(migrations().empty());
    std::uint64_t wanted = 1;
    for (const auto& migration : migrations()) {
        CHECK(migration.version == wanted++);
        CHECK(migration.name.ends_with(".sql"));
        CHECK(migration.text.size() > 10);
    }
}

TEST_CASE("an empty database is brought to the last one; one that is there is left alone") {
    const auto db = memory();
    REQUIRE(migrate(*db, migrations()));
    REQUIRE(migrate(*db, migrations()));
    CHECK(check_schema(*db, migrations()));
    CHECK(*db->value("PRAGMA application_id") == "1397247829");
}

TEST_CASE("an older one gets what is missing") {
    const auto db = memory();
    REQUIRE(migrate(*db, std::span(list).first(1)));
    CHECK(versions(*db) == "1001_a.sql");
    CHECK(check_schema(*db, std::span(list).first(2)).error().code == "schema-older");
    REQUIRE(migrate(*db, std::span(list).first(2)));
    CHECK(versions(*db) == "1001_a.sql,2002_b.sql");
    CHECK(*db->value("SELECT COUNT(*) FROM a") == "1");  // the first was not applied again
}

TEST_CASE("a migration that fails leaves nothing of itself, and what came before it") {
    const auto db = memory();
    const auto done = migrate(*db, list);
    REQUIRE_FALSE(done);
    CHECK(versions(*db) == "1001_a.sql,2002_b.sql");
    CHECK(*db->value("SELECT COUNT(*) FROM a WHERE n = 3") == "0");
}

TEST_CASE("a newer one is refused and untouched") {
    const auto db = memory();
    REQUIRE(migrate(*db, std::span(list).first(2)));
    const auto done = migrate(*db, std::span(list).first(1));
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "schema-newer");
    CHECK(check_schema(*db, std::span(list).first(1)).error().code == "schema-newer");
    CHECK(versions(*db) == "1001_a.sql,2002_b.sql");
}

TEST_CASE("a database of something else is refused and untouched") {
    const auto db = memory();
    REQUIRE(db->run("CREATE TABLE their_own (n INT)"));
    CHECK(migrate(*db, list).error().code == "data-foreign");
    CHECK(*db->value("SELECT COUNT(*) FROM sqlite_master") == "1");
}

TEST_CASE("the planner is told once, and again where somebody has changed it") {
    const auto db = memory();
    REQUIRE(migrate(*db, migrations()));
    REQUIRE(tell_planner(*db));
    const auto before = *db->value("SELECT total_changes()");
    REQUIRE(tell_planner(*db));
    CHECK(*db->value("SELECT total_changes()") == before);
    REQUIRE(db->run("ANALYZE"));
    REQUIRE(tell_planner(*db));
    CHECK(*db->value("SELECT stat FROM sqlite_stat1 WHERE idx = 'alert_incident'") == "200000 200000 4 1");
}
