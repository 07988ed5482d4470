// The thin layer over SQLite: binding, columns, transactions, and what its faults are called.
#include "connection.hpp"

#include <limits>

#include <doctest/doctest.h>
#include <sqlite3.h>

using namespace shoumen;
using namespace shoumen::store;

namespace {

std::unique_ptr<Connection> memory() {
    auto db = Connection::open(":memory:", {.writes = true});
    REQUIRE(db);
    REQUIRE((*db)->run("CREATE TABLE t (n BIGINT PRIMARY KEY, s TEXT, b BYTEA)"));
    return std::move(*db);
}

constexpr std::string_view put = "INSERT INTO t (n, s, b) VALUES ($1, $2, $3)";
constexpr std::string_view get = "SELECT n, s, b FROM t WHERE n = $1";

}  // namespace

TEST_CASE("portable words become SQLite's") {
    CHECK(in_sqlite_words("id BIGINT PRIMARY KEY, n BIGINT, b BYTEA") == "id INTEGER PRIMARY KEY, n BIGINT, b BLOB");
    CHECK(in_sqlite_words("name TEXT COLLATE \"C\"") == "name TEXT COLLATE BINARY");
    CHECK(in_sqlite_words(") /* clustered */;") == ") WITHOUT ROWID;");
}

TEST_CASE("what is bound comes back") {
    const auto db = memory();
    const std::string bytes("\0\xff", 2);
    {
        Query query(*db, put);
        CHECK(query.whole(1, std::uint64_t{5}).text(2, "火").blob(3, bytes).run());
        CHECK(query.whole(1, std::numeric_limits<std::uint64_t>::max()).text(2, "").blob(3, "").run());
        CHECK(query.whole(1, 6).null(2).null(3).run());
    }
    Query query(*db, get);
    query.whole(1, 5);
    REQUIRE(*query.next());
    CHECK(query.string(1) == "火");
    CHECK(query.string(2) == bytes);
    CHECK_FALSE(*query.next());
    CHECK(*db->value("SELECT typeof(b) FROM t WHERE n = 5") == "blob");
    CHECK(*db->value("SELECT typeof(s) || typeof(b) FROM t WHERE n = -1") == "textblob");
    CHECK(*db->value("SELECT typeof(s) || typeof(b) FROM t WHERE n = 6") == "nullnull");
}

TEST_CASE("parameters go by their number, not by their order in the text, and may come twice") {
    const auto db = memory();
    Query query(*db, "SELECT $2, $1, $2");
    query.whole(1, 10).whole(2, 20);
    REQUIRE(*query.next());
    CHECK(query.number(0) == 20);
    CHECK(query.number(1) == 10);
    CHECK(query.number(2) == 20);
}

TEST_CASE("a statement is prepared once and starts empty each time") {
    const auto db = memory();
    {
        Query query(*db, put);
        CHECK(query.whole(1, 1).text(2, "a").blob(3, "a").run());
    }
    {
        Query query(*db, put);
        CHECK(query.whole(1, 2).run());
    }
    CHECK(*db->value("SELECT s IS NULL FROM t WHERE n = 2") == "1");
}

TEST_CASE("a transaction is kept or not") {
    const auto db = memory();
    CHECK(db->begin());
    CHECK(db->run("INSERT INTO t VALUES (1, NULL, NULL)"));
    db->roll_back();
    CHECK(*db->value("SELECT COUNT(*) FROM t") == "0");
    CHECK(db->begin());
    CHECK(db->run("INSERT INTO t VALUES (1, NULL, NULL)"));
    CHECK(db->commit());
    CHECK(*db->value("SELECT COUNT(*) FROM t") == "1");
    db->roll_back();  // nothing is open: nothing happens
    CHECK(*db->value("SELECT COUNT(*) FROM t") == "1");
}

TEST_CASE("faults say what is wrong and show no values") {
    const auto db = memory();
    Query query(*db, put);
    CHECK(query.whole(1, 1).text(2, "Mr Wang").run());
    const auto twice = query.whole(1, 1).text(2, "Mr Wang").run();
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == "store-error");
    CHECK(twice.error().message.find("Wang") == std::string::npos);

    Query wrong(*db, "SELECT nothing FROM nowhere");
    CHECK(wrong.whole(1, 1).run().error().code == "store-error");

    CHECK(Connection::open("/no/such/folder/x.db", {}).error().code == "data-missing");
    CHECK(db->error(SQLITE_FULL, "use").code == "disk-full");
    CHECK(db->error(SQLITE_READONLY_DBMOVED, "use").code == "data-read-only");
    CHECK(db->error(SQLITE_BUSY_SNAPSHOT, "use").code == "data-busy");
    CHECK(db->error(SQLITE_CORRUPT_VTAB, "use").code == "data-damaged");
    CHECK(db->error(SQLITE_NOTADB, "use").code == "data-damaged");
    CHECK(db->error(SQLITE_IOERR_FSYNC, "use").code == "disk-error");
}
