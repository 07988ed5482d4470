// What is PostgreSQL's alone: what it refuses and how it says so, one process a database, and lines that are cut.
#include "support/postgres.hpp"

#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "store/files/posix.hpp"
#include "store/postgresql/store.hpp"
#include "store/sqlite/store.hpp"
#include "support/folder.hpp"
#include "support/line.hpp"

#include "expected.hpp"
#include "random_units.hpp"

using namespace shoumen;
using namespace shoumen::contract;
using store::postgresql::PasswordInside;

namespace {

using Opened = base::Result<std::unique_ptr<ports::Store>>;

Opened open(const std::string& address, const std::string& data, const store::PostgresqlOptions& options = {}) {
    const auto parsed = store::postgresql::parse_address(address, PasswordInside::refused);
    if (!parsed) return tl::unexpected(parsed.error());
    return store::open_postgresql(*parsed, data, options);
}

base::Result<std::unique_ptr<ports::StoreReader>> open_reader(const std::string& address) {
    return store::open_postgresql_reader(*store::postgresql::parse_address(address, PasswordInside::refused));
}

// The code of a refusal, its text checked for what a text must have; empty: it was opened.
std::string code_of(const Opened& opened) {
    if (opened) return "";
    CHECK(opened.error().message.size() > 40);
    CHECK(opened.error().message.find('\n') == std::string::npos);
    return opened.error().code;
}

std::string code_of(const base::Result<void>& done) { return done ? "" : done.error().code; }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A database, a data directory, and its store.
struct Place {
    support::PostgresDatabase database;
    support::Folder folder;
    [[nodiscard]] std::string data(const std::string& name = "data") const { return folder.path() + "/" + name; }
    [[nodiscard]] Opened open_it() const { return open(database.address(), data()); }
};

// A server for tests that end and freeze it; the shared one is left in peace.
support::PostgresServer& mistreated() {
    static support::PostgresServer server;
    return server;
}

ports::CommitUnit with_batch(std::uint64_t n) {
    ports::CommitUnit unit;
    const auto bytes = fmt::format("batch {}", n);
    unit.batches.push_back({0, n, 1, bytes, base::leaf_hash(bytes), {}, {1'000}});
    unit.quarantine.push_back({.received = {1}, .payload = "broken"});
    unit.counts.signals = 1;
    return unit;
}

ports::CommitUnit without_batch(std::uint64_t n) {
    auto unit = with_batch(n);
    unit.batches.clear();
    unit.quarantine[0].payload = fmt::format("broken {}", n);
    return unit;
}

}  // namespace

TEST_CASE("addresses: read as libpq reads them, shown without what is secret") {
    using store::postgresql::parse_address;
    const auto uri =
        parse_address("postgresql://node@db.example:5433/shoumen?sslmode=require", PasswordInside::refused);
    REQUIRE(uri);
    CHECK(uri->shown == "shoumen at db.example:5433");
    CHECK(parse_address("host=/run/postgresql dbname=a", PasswordInside::refused)->shown == "a at /run/postgresql");
    for (const std::string text : {"postgresql://node:s3cret@db.example/shoumen", "host=db password=s3cret",
                                   "postgresql://db/x?password=s3cret", "postgresql://db/x?sslpassword=s3cret"}) {
        CAPTURE(text);
        const auto refused = parse_address(text, PasswordInside::refused);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "database-password");
        CHECK(has(refused.error().message, "~/.pgpass"));
        CHECK_FALSE(has(refused.error().message, "s3cret"));
        const auto allowed = parse_address(text, PasswordInside::allowed);
        REQUIRE(allowed);
        CHECK_FALSE(has(allowed->shown, "s3cret"));
    }
    for (const std::string text : {"password='s3cret", "postgresql://a:s3cret@[::1/x", "shoumen s3cret"}) {
        const auto unread = parse_address(text, PasswordInside::allowed);
        REQUIRE_FALSE(unread);
        CHECK(unread.error().code == "bad-database");
        CHECK_FALSE(has(unread.error().message, "s3cret"));
    }
}

TEST_CASE("nobody there, no such database, nobody let in: each is told apart") {
    const Place place;
    CHECK(code_of(open("host=127.0.0.1 port=1 user=shoumen dbname=x", place.data())) == "database-away");
    CHECK(code_of(open("host=/nowhere user=shoumen dbname=x", place.data())) == "database-away");
    CHECK(code_of(open(support::shared_postgres().address("not_there"), place.data())) == "database-refused");
    auto as_nobody = place.database.address();
    as_nobody.replace(as_nobody.find("user=shoumen"), 12, "user=nobody9");
    CHECK(code_of(open(as_nobody, place.data())) == "database-refused");
}

TEST_CASE("a database in an encoding that does not keep every text is refused, and says how to make one that does") {
    const support::Folder folder;
    auto& server = support::shared_postgres();
    for (const std::string how : {"SQL_ASCII", "LATIN1"}) {
        const auto name = server.create_database(fmt::format("ENCODING '{}' LOCALE 'C' TEMPLATE template0", how));
        const auto refused = open(server.address(name), folder.path() + "/data");
        CHECK(code_of(refused) == "database-unfit");
        CHECK(has(refused.error().message, how));
        CHECK(has(refused.error().message, "createdb --encoding=UTF8"));
        CHECK(server.execute(name, "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    }
}

TEST_CASE("a server that does not keep its word at a power cut is refused") {
    const Place place;
    auto& server = support::shared_postgres();
    const auto set = [&](const std::string& what) {
        server.execute("postgres", what);
        server.execute("postgres", "SELECT pg_reload_conf()");
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    };
    set("ALTER SYSTEM SET fsync = off");
    const auto refused = place.open_it();
    set("ALTER SYSTEM RESET fsync");
    CHECK(code_of(refused) == "database-unfit");
    CHECK(has(refused.error().message, "fsync"));
    CHECK(code_of(place.open_it()) == "");
}

TEST_CASE("tables of something else are refused and untouched; those of an extension do not matter") {
    Place place;
    place.database.execute("CREATE TABLE their_own (n INT)");
    const auto refused = place.open_it();
    CHECK(code_of(refused) == "data-foreign");
    CHECK(has(refused.error().message, "createdb"));
    place.database.execute("DROP TABLE their_own; CREATE TABLE schema_migration (version BIGINT, name TEXT)");
    CHECK(code_of(place.open_it()) == "data-foreign");
    CHECK(place.database.execute("SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "1");
}

TEST_CASE("a newer schema is refused and untouched, by who writes and by who reads") {
    Place place;
    CHECK(code_of(place.open_it()) == "");
    place.database.execute("INSERT INTO schema_migration VALUES (999, 'later')");
    const auto refused = place.open_it();
    CHECK(code_of(refused) == "schema-newer");
    CHECK(has(refused.error().message, "999"));
    CHECK(open_reader(place.database.address()).error().code == "schema-newer");
}

TEST_CASE("an older schema is brought up to date, each migration whole or not at all") {
    Place place;
    std::vector<store::Migration> list(store::migrations().begin(), store::migrations().end());
    CHECK(code_of(place.open_it()) == "");
    const auto next = list.size() + 1;
    list.push_back({next, "next.sql", "CREATE TABLE added (n BIGINT PRIMARY KEY); INSERT INTO added VALUES (1);"});
    store::PostgresqlOptions options;
    options.migrations = list;
    const auto address = *store::postgresql::parse_address(place.database.address(), PasswordInside::refused);
    CHECK(store::open_postgresql_reader(address, options).error().code == "schema-older");
    CHECK(code_of(store::open_postgresql(address, place.data(), options)) == "");
    CHECK(code_of(store::open_postgresql(address, place.data(), options)) == "");
    CHECK(place.database.execute("SELECT COUNT(*) FROM added") == "1");

    list.push_back({next + 1, "bad.sql", "INSERT INTO added VALUES (2); INSERT INTO gone VALUES (1);"});
    options.migrations = list;
    CHECK(code_of(store::open_postgresql(address, place.data(), options)) == "store-error");
    CHECK(place.database.execute("SELECT COUNT(*) FROM added") == "1");
    CHECK(place.database.execute("SELECT MAX(version) FROM schema_migration") == std::to_string(next));
}

TEST_CASE("a role that may not make tables is told what it needs") {
    Place place;
    auto& server = support::shared_postgres();
    server.execute("postgres", "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN");
    auto address = place.database.address();
    address.replace(address.find("user=shoumen"), 12, "user=guest");
    const auto refused = open(address, place.data());
    CHECK(code_of(refused) == "data-read-only");
    CHECK(has(refused.error().message, "owner of the database"));
}

TEST_CASE("who reads makes nothing, and needs tables that are there") {
    Place place;
    CHECK(open_reader(place.database.address()).error().code == "data-missing");
    CHECK(place.database.execute("SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
    const auto store = place.open_it();
    REQUIRE(store);
    REQUIRE((*store)->commit(with_batch(1)));
    const auto reader = open_reader(place.database.address());
    REQUIRE(reader);
    CHECK((*reader)->head(0)->next_seq == 2);
    REQUIRE((*store)->commit(with_batch(2)));
    CHECK((*reader)->head(0)->next_seq == 3);
}

TEST_CASE("a data directory goes with one database: the other kind of store does not take it") {
    const Place place;
    CHECK(code_of(place.open_it()) == "");
    const auto sqlite = store::open_sqlite(place.data());
    REQUIRE_FALSE(sqlite);
    CHECK(sqlite.error().code == "data-elsewhere");
    CHECK(has(sqlite.error().message, "--database"));
    REQUIRE(store::open_sqlite(place.data("other")));
    CHECK(code_of(open(place.database.address(), place.data("other"))) == "data-elsewhere");
}

TEST_CASE("snapshots of another database, or of what a restored dump does not hold, are not taken") {
    Place place;
    {
        const auto store = place.open_it();
        REQUIRE((*store)->commit(with_batch(1)));
        REQUIRE((*store)->commit(with_batch(2)));
        REQUIRE((*store)->save_snapshot({3, "at 3"}));
    }
    CHECK((*(*place.open_it())->newest_snapshot())->bytes == "at 3");
    // As an older dump would have it.
    place.database.execute("DELETE FROM input_batch WHERE first_seq = 2");
    CHECK_FALSE(*(*place.open_it())->newest_snapshot());
    // Another database beside the same directory.
    support::PostgresDatabase other;
    {
        const auto store = place.open_it();
        REQUIRE((*store)->save_snapshot({2, "at 2"}));
    }
    CHECK_FALSE(*(*open(other.address(), place.data()))->newest_snapshot());
}

// --- One process a database --------------------------------------------------------------------------------------

TEST_CASE("a database that is held is refused from another data directory too, and the holder is named") {
    const Place place;
    auto first = place.open_it();
    REQUIRE(first);
    const auto second = open(place.database.address(), place.data("other"));
    CHECK(code_of(second) == "data-in-use");
    CHECK(has(second.error().message, "session"));
    CHECK(has(second.error().message, "shoumen "));
    first->reset();
    CHECK(code_of(open(place.database.address(), place.data("other"))) == "");
}

TEST_CASE("after the server was away: who took the database meanwhile keeps it, and the other one is told") {
    auto& server = mistreated();
    const support::Folder folder;
    const auto name = server.create_database();
    const auto address = server.address(name);
    auto first = open(address, folder.path() + "/a");
    REQUIRE(first);
    REQUIRE((*first)->commit(with_batch(1)));
    server.kill_hard();
    CHECK(code_of((*first)->commit(with_batch(2))) == "database-away");
    server.start();
    auto second = open(address, folder.path() + "/b");
    REQUIRE(second);
    const auto refused = (*first)->commit(with_batch(2));
    CHECK(code_of(refused) == "data-in-use");
    CHECK(has(refused.error().message, "another shoumen"));
    second->reset();
    CHECK(code_of((*first)->commit(with_batch(2))) == "");
    CHECK(code_of(open(address, folder.path() + "/b")) == "data-in-use");
    // Had the other one written on, the log would say so.
    server.execute(name, "UPDATE input_batch SET hash = 'x' WHERE first_seq = 2");
    CHECK(code_of((*first)->commit(with_batch(2))) == "log-conflict");
}

TEST_CASE("a session of our own that the server has not let go of is no other process") {
    const Place place;
    support::Line line(support::shared_postgres().socket());
    const auto store = open(line.address(place.database.name()), place.data());
    REQUIRE(store);
    REQUIRE((*store)->commit(with_batch(1)));
    line.vanish();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(code_of((*store)->commit(with_batch(2))) == "");
    CHECK((*(*store)->reader())->head(0)->next_seq == 3);
}

TEST_CASE("another database behind the same address does not get this one's continuation") {
    auto& server = mistreated();
    const support::Folder folder;
    const auto name = server.create_database();
    const auto store = open(server.address(name), folder.path() + "/data");
    REQUIRE(store);
    REQUIRE((*store)->commit(with_batch(1)));
    server.execute("postgres", fmt::format("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname "
                                           "= '{}'",
                                           name));
    server.execute(name, "UPDATE writer_state SET database_id = 'another'");
    CHECK(code_of((*store)->commit(with_batch(2))) == "data-foreign");
}

// --- Lines that are cut ------------------------------------------------------------------------------------------

TEST_CASE("a commit whose answer was lost counts as done: nothing is added twice, nothing refused") {
    for (const bool done_there : {true, false}) {
        for (const bool batch : {true, false}) {
            CAPTURE(done_there);
            CAPTURE(batch);
            const Place place;
            support::Line line(support::shared_postgres().socket());
            const auto store = open(line.address(place.database.name()), place.data());
            REQUIRE(store);
            Expected expected;
            base::SeededRandom random(1);
            for (std::uint64_t n = 1; n <= 6; ++n) {
                const auto unit = batch ? with_batch(n) : without_batch(n);
                expected.apply(unit);
                // Cut once, twice, not at all.
                for (std::uint64_t cut = 0; cut < n % 3; ++cut) {
                    if (done_there)
                        line.lose_answer_to_commit();
                    else
                        line.lose_commit();
                    CHECK(code_of((*store)->commit(unit)) == "database-away");
                }
                const auto done = (*store)->commit(unit);
                CHECK_MESSAGE(done, (done ? "" : done.error().message));
                const auto difference = expected.difference(**store, random);
                CHECK_MESSAGE(difference.empty(), difference);
            }
            CHECK(line.cuts() == 6);
        }
    }
}

TEST_CASE("a server that does not answer: the commit fails in time, and is there once when it answers again") {
    auto& server = mistreated();
    const support::Folder folder;
    store::PostgresqlOptions options;
    const auto address = server.address(server.create_database());
    REQUIRE(open(address, folder.path() + "/data"));
    options.patience = std::chrono::milliseconds(2'000);
    options.reader_patience = std::chrono::milliseconds(2'000);
    options.lock_patience = std::chrono::seconds(20);
    const auto store = open(address, folder.path() + "/data", options);
    REQUIRE(store);
    const auto reader = *(*store)->reader();
    Expected expected;
    base::SeededRandom random(1);
    for (std::uint64_t n = 1; n <= 3; ++n) {
        const auto unit = n == 2 ? with_batch(n) : without_batch(n);
        expected.apply(unit);
        server.freeze();
        const auto begun = std::chrono::steady_clock::now();
        CHECK(code_of((*store)->commit(unit)) == "database-away");
        CHECK_FALSE(reader->head(0));
        CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
        server.thaw();
        CHECK(code_of((*store)->commit(unit)) == "");
        const auto difference = expected.difference(**store, random);
        CHECK_MESSAGE(difference.empty(), difference);
    }
}

TEST_CASE("readers outlive a server that went and came back") {
    auto& server = mistreated();
    const support::Folder folder;
    const auto store = open(server.address(server.create_database()), folder.path() + "/data");
    REQUIRE(store);
    REQUIRE((*store)->commit(with_batch(1)));
    const auto reader = *(*store)->reader();
    CHECK(reader->head(0)->next_seq == 2);
    server.stop();
    CHECK(reader->head(0).error().code == "database-away");
    server.start();
    std::this_thread::sleep_for(std::chrono::milliseconds(1'100));  // it does not try at every question
    CHECK(reader->head(0)->next_seq == 2);
    CHECK(code_of((*store)->commit(with_batch(2))) == "");
    CHECK(reader->head(0)->next_seq == 3);
}

TEST_CASE("a table that another program holds fails the commit for as long as it does") {
    Place place;
    const auto store = place.open_it();
    REQUIRE(store);
    std::thread other([&] {
        place.database.execute("BEGIN; LOCK TABLE input_batch IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(6); COMMIT");
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(code_of((*store)->commit(with_batch(1))) == "data-busy");
    other.join();
    CHECK(code_of((*store)->commit(with_batch(1))) == "");
}

TEST_CASE("a list reads what it shows, not the table: also in a database that has just been restored") {
    Place place;
    CHECK(code_of(place.open_it()) == "");
    model::Incident incident;
    base::ByteWriter body;
    model::encode(incident, body);
    place.database.execute(fmt::format(
        "INSERT INTO incident SELECT 0, i, 1, 'red', CASE WHEN i % 50 = 0 THEN 'open' ELSE 'closed' END, CASE WHEN i % "
        "50 = 0 THEN 1 ELSE 0 END, 'community', 1, 1, 1, 1, 1, '\\x{}' FROM generate_series(1, 20000) i",
        [&] {
            std::string hex;
            for (const char c : body.view()) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
            return hex;
        }()));
    const auto read = [&](const char* column) {
        return std::stoll(place.database.execute(
            fmt::format("SELECT {} FROM pg_stat_user_tables WHERE relname = 'incident'", column)));
    };
    const auto store = place.open_it();
    REQUIRE(store);
    const auto scans = read("seq_tup_read");
    const auto fetched = read("idx_tup_fetch");
    for (int i = 0; i < 10; ++i) {
        const auto reader = *(*store)->reader();
        CHECK(reader->incidents({})->size() == 200);
        CHECK(reader->incidents({.live_only = true})->size() == 200);
    }  // who hangs up has been counted
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK(read("seq_tup_read") == scans);
    CHECK(read("idx_tup_fetch") - fetched <= 10 * 2 * 2 * 200);
}

TEST_CASE("the second wall: the tables' own role sees the rows of the shard it has named, and none without one") {
    Place place;
    place.database.execute("DROP ROLE IF EXISTS walled");
    place.database.execute("CREATE ROLE walled LOGIN");
    place.database.execute("GRANT CREATE, USAGE ON SCHEMA public TO walled");
    std::string address = place.database.address();
    address.replace(address.find("user=shoumen"), 12, "user=walled");
    for (const std::uint32_t shard : {1U, 2U}) {
        store::PostgresqlOptions options;
        options.shard = shard;
        auto opened = open(address, place.data(std::to_string(shard)), options);
        REQUIRE_MESSAGE(opened, code_of(opened));
        auto unit = with_batch(1);
        unit.batches[0].shard = shard;
        unit.quarantine.clear();
        CHECK(code_of((*opened)->commit(unit)).empty());
        auto reader = (*opened)->reader();
        REQUIRE(reader);
        CHECK((*reader)->head(shard)->next_seq == 2);
        // Asked for another's in so many words: not there.
        CHECK((*reader)->head(3 - shard)->next_seq == 1);
    }
    // Without any condition, as a forgotten WHERE would.
    const auto count = [&](const std::string& before) {
        return place.database.execute("SET ROLE walled; " + before + "SELECT COUNT(*) FROM input_batch");
    };
    CHECK(place.database.execute("SELECT COUNT(*) FROM input_batch") == "2");  // a superuser passes
    CHECK(count("SET shoumen.shard = 1; ") == "1");
    CHECK(count("SET shoumen.shard = ''; ") == "0");
    CHECK(count("") == "0");
    // Nor can a row be moved to another's.
    CHECK_THROWS(place.database.execute("SET ROLE walled; SET shoumen.shard = 1; UPDATE input_batch SET shard = 2"));
    CHECK(place.database.execute("SELECT COUNT(*) FROM pg_class c WHERE relforcerowsecurity AND relname IN "
                                 "('incident', 'incident_event', 'alert', 'notice', 'act', 'input_batch')") == "6");
    place.database.execute("DROP OWNED BY walled");
}
