// SQLite on the failing disk: it works there, keeps its promise with synchronous=FULL, and is seen to break it without.
#include "support/fault_vfs.hpp"

#include <algorithm>
#include <memory>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

using namespace shoumen;
using namespace shoumen::support;

namespace {

struct Database {
    sqlite3* handle = nullptr;

    explicit Database(const FaultVfs& vfs) {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        if (sqlite3_open_v2("/t.db", &handle, flags, vfs.name().c_str()) != SQLITE_OK) failed = true;
    }
    ~Database() { sqlite3_close(handle); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    bool run(const std::string& sql) {
        return !failed && sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    int number(const std::string& sql) {
        int value = -1;
        const auto take = [](void* out, int, char** columns, char**) {
            *static_cast<int*>(out) = columns[0] ? std::atoi(columns[0]) : -1;
            return 0;
        };
        if (failed || sqlite3_exec(handle, sql.c_str(), take, &value, nullptr) != SQLITE_OK) return -2;
        return value;
    }
    [[nodiscard]] int error() const { return sqlite3_extended_errcode(handle) & 0xff; }

    bool failed = false;
};

bool set_up(Database& db, const std::string& synchronous) {
    return db.run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8; PRAGMA synchronous = " + synchronous) &&
           db.run("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, filling BLOB)");
}

// Commits until the power goes; then what was acknowledged and is gone, counted.
int lost_commits(std::uint64_t seed, const std::string& synchronous) {
    FaultVfs vfs(seed);
    base::SeededRandom random(seed);
    int acknowledged = 0;
    {
        Database db(vfs);
        vfs.cut_after(1 + random.below(150));
        bool going = set_up(db, synchronous);
        while (going) {
            going = db.run(
                fmt::format("INSERT INTO t VALUES ({}, randomblob({}))", acknowledged + 1, 1 + random.below(9'000)));
            if (going) ++acknowledged;
        }
    }
    REQUIRE(vfs.is_off());
    vfs.restart();
    Database db(vfs);
    if (acknowledged == 0) return 0;
    if (db.number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") != 0)
        return acknowledged;
    const int there = db.number("SELECT COALESCE(MAX(n), 0) FROM t");
    CHECK(there <= acknowledged + 1);
    return std::max(0, acknowledged - there);
}

}  // namespace

TEST_CASE("a database works on it, with readers beside the writer") {
    FaultVfs vfs(1);
    Database writer(vfs);
    REQUIRE(set_up(writer, "FULL"));
    Database reader(vfs);
    CHECK(reader.number("SELECT count(*) FROM t") == 0);
    CHECK(writer.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, NULL)"));
    CHECK(reader.number("SELECT count(*) FROM t") == 0);
    CHECK_FALSE(reader.run("INSERT INTO t VALUES (2, NULL)"));
    CHECK(reader.error() == SQLITE_BUSY);
    CHECK(writer.run("COMMIT"));
    CHECK(reader.number("SELECT count(*) FROM t") == 1);
    for (int i = 2; i < 300; ++i) REQUIRE(writer.run(fmt::format("INSERT INTO t VALUES ({}, zeroblob(1000))", i)));
    CHECK(reader.number("SELECT count(*) FROM t") == 299);
    CHECK(reader.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
    CHECK(reader.number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1);
}

TEST_CASE("a database is there again after a clean end") {
    FaultVfs vfs(1);
    {
        Database db(vfs);
        REQUIRE(set_up(db, "FULL"));
        REQUIRE(db.run("INSERT INTO t VALUES (1, NULL)"));
    }
    Database db(vfs);
    CHECK(db.number("SELECT count(*) FROM t") == 1);
}

TEST_CASE("synchronous=FULL loses nothing acknowledged in 300 power cuts") {
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) lost += lost_commits(seed, "FULL");
    CHECK(lost == 0);
}

TEST_CASE("synchronous=OFF and NORMAL are seen to lose acknowledged commits") {
    int off = 0;
    int normal = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        off += lost_commits(seed, "OFF") > 0 ? 1 : 0;
        normal += lost_commits(seed, "NORMAL") > 0 ? 1 : 0;
    }
    CHECK(off > 10);
    CHECK(normal > 10);
}

TEST_CASE("a full disk fails the commit and nothing else; with room again it goes on") {
    FaultVfs vfs(1);
    Database db(vfs);
    REQUIRE(set_up(db, "FULL"));
    vfs.set_room(vfs.used() + 10'000);
    REQUIRE_FALSE(db.run("INSERT INTO t VALUES (1, zeroblob(50000))"));
    CHECK(db.error() == SQLITE_FULL);
    CHECK(db.number("SELECT count(*) FROM t") == 0);
    vfs.set_room(FaultDisk::unlimited);
    CHECK(db.run("INSERT INTO t VALUES (1, zeroblob(50000))"));
    CHECK(db.number("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a failed write or sync fails the commit; done again, it is durable") {
    for (int round = 0; round < 20; ++round) {
        FaultVfs vfs(static_cast<std::uint64_t>(round));
        {
            Database db(vfs);
            REQUIRE(set_up(db, "FULL"));
            if (round % 2 == 0)
                vfs.fail_syncs(0);
            else
                vfs.fail_writes(1);
            CHECK_FALSE(db.run("INSERT INTO t VALUES (1, zeroblob(5000))"));
            CHECK(db.error() == SQLITE_IOERR);
            CHECK(db.number("SELECT count(*) FROM t") == 0);
            REQUIRE(db.run("INSERT INTO t VALUES (1, zeroblob(5000))"));
            vfs.cut();
        }
        vfs.restart();
        Database db(vfs);
        CHECK(db.number("SELECT count(*) FROM t") == 1);
    }
}
