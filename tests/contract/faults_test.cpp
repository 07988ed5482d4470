// What a store does when the disk is full, fails, is read-only, or holds something else: it says which, keeps what it
// has, and goes on when it can.
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/files/evidence.hpp"
#include "store/files/posix.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"
#include "support/folder.hpp"

#include "expected.hpp"
#include "random_units.hpp"

namespace fs = std::filesystem;
using namespace shoumen;
using namespace shoumen::contract;

namespace {

store::SqliteOptions options_on(support::FaultVfs& vfs) {
    return {.checkpoint_thread = false,
            .checkpoint_bytes = 64U << 10U,
            .log_bytes_limit = 1U << 20U,
            .page_size = 1'024,
            .vfs_name = vfs.name(),
            .files = &vfs.files()};
}

std::string code_of(const base::Result<void>& done) { return done ? "" : done.error().code; }

std::string code_of_open(const std::string& data, const store::SqliteOptions& options = {}) {
    const auto store = store::open_sqlite(data, options);
    if (store) return "";
    CHECK(store.error().message.size() > 20);
    return store.error().code;
}

ports::CommitUnit large_unit(std::uint64_t first_seq, std::size_t bytes) {
    ports::CommitUnit unit;
    unit.batches.push_back({0, first_seq, 1, std::string(bytes, 'x'), {}, {}, {1}});
    unit.records = {ports::MetaPut{"n", std::to_string(first_seq)}};
    unit.counts.signals = 1;
    return unit;
}

// Commits until there is no more room; makes room; the unit that failed is then taken.
void fill_and_go_on(const std::string& data, const std::function<void()>& make_room) {
    auto store = store::open_sqlite(data, {.checkpoint_thread = false, .checkpoint_bytes = 256U << 10U});
    REQUIRE(store);
    Expected expected;
    base::SeededRandom random(1);
    std::string code;
    std::uint64_t n = 1;
    for (; n < 2'000 && code.empty(); ++n) {
        const auto unit = large_unit(n, 20'000);
        code = code_of((*store)->commit(unit));
        if (code.empty()) expected.apply(unit);
    }
    CHECK(code == "disk-full");
    CHECK(n > 10);
    const auto failed = large_unit(n - 1, 20'000);
    CHECK(code_of((*store)->commit(failed)) == "disk-full");
    CHECK(code_of((*store)->save_snapshot({n, std::string(10'000'000, 's')})) == "disk-full");
    CHECK(store::EvidenceDirectory(data).put(std::string(10'000'000, 'e')).error().code == "disk-full");
    make_room();
    CHECK(code_of((*store)->commit(failed)) == "");
    expected.apply(failed);
    CHECK(expected.difference(**store, random) == "");
    store->reset();
    store = store::open_sqlite(data);
    REQUIRE(store);
    CHECK(expected.difference(**store, random) == "");
}

}  // namespace

TEST_CASE("a disk that is full at any moment: the commit fails whole, and is taken when there is room") {
    int full = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        support::FaultVfs vfs(seed);
        RandomUnits units(seed);
        auto& random = units.random();
        auto store = store::open_sqlite("/data", options_on(vfs));
        REQUIRE(store);
        Expected expected;
        for (int i = 0; i < 40; ++i) {
            const auto unit = units.next();
            if (random.chance(0.5)) vfs.set_room(vfs.used() + random.below(20'000));
            auto done = (*store)->commit(unit);
            if (!done) {
                ++full;
                CHECK(done.error().code == "disk-full");
                CHECK(expected.difference(**store, random) == "");
                vfs.set_room(support::FaultDisk::unlimited);
                done = (*store)->commit(unit);
            }
            REQUIRE(done);
            expected.apply(unit);
            vfs.set_room(support::FaultDisk::unlimited);
        }
        CHECK(expected.difference(**store, random) == "");
    }
    CHECK(full > 20);
}

TEST_CASE("writes and syncs that fail: the commit fails whole, is taken the next time, and outlives a power cut") {
    int failed = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        support::FaultVfs vfs(seed);
        RandomUnits units(seed);
        auto& random = units.random();
        auto store = store::open_sqlite("/data", options_on(vfs));
        REQUIRE(store);
        Expected expected;
        for (int i = 0; i < 40; ++i) {
            if (random.chance(0.3)) vfs.fail_writes(random.below(30), 1 + random.below(3));
            if (random.chance(0.3)) vfs.fail_syncs(random.below(4), 1 + random.below(3));
            const auto unit = units.next();
            auto done = (*store)->commit(unit);
            for (int tries = 0; !done && tries < 10; ++tries) {
                ++failed;
                CHECK(done.error().code == "disk-error");
                CHECK(expected.difference(**store, random) == "");
                done = (*store)->commit(unit);
            }
            REQUIRE(done);
            expected.apply(unit);
            if (random.chance(0.1)) {
                vfs.cut();
                store->reset();
                vfs.restart();
                store = store::open_sqlite("/data", options_on(vfs));
                REQUIRE(store);
                CHECK(expected.difference(**store, random) == "");
            }
        }
        CHECK(expected.difference(**store, random) == "");
    }
    CHECK(failed > 100);
}

TEST_CASE("a real disk that is full") {
    const support::Folder folder;
    const auto disk = folder.path() + "/disk";
    fs::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=6m") != 0) {
        MESSAGE("left out: mounting a small disk needs root");
        return;
    }
    REQUIRE(store::posix_files().write(disk + "/filler", std::string(3'000'000, 'f')));
    fill_and_go_on(disk + "/data", [&] { fs::remove(disk + "/filler"); });
    CHECK(::umount(disk.c_str()) == 0);
}

TEST_CASE("a limit on the size of files is a full disk too") {
    const support::Folder folder;
    struct rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 3'000'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    fill_and_go_on(folder.path() + "/data", [&] { REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0); });
    ::signal(SIGXFSZ, old_handler);
}

TEST_CASE("a read-only disk") {
    const support::Folder folder;
    const auto disk = folder.path() + "/disk";
    fs::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=4m") != 0) {
        MESSAGE("left out: mounting needs root");
        return;
    }
    CHECK(code_of_open(disk + "/data") == "");
    REQUIRE(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m") == 0);
    CHECK(code_of_open(disk + "/data") == "data-read-only");
    CHECK(code_of_open(disk + "/other") == "data-read-only");
    CHECK(::umount(disk.c_str()) == 0);
}

TEST_CASE("a directory, or a database, that one may not write to") {
    const support::Folder folder;
    fs::permissions(folder.path(), fs::perms::all);
    const auto data = folder.path() + "/data";
    CHECK(code_of_open(data) == "");
    // Rights do not bind root: a child that is somebody else tries.
    const auto as_somebody = [&](const std::string& directory) {
        const pid_t child = ::fork();
        if (child == 0) {
            if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
            const auto store = store::open_sqlite(directory);
            ::_exit(!store && store.error().code == "data-read-only" ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    fs::permissions(data,
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    CHECK(as_somebody(data) == 0);
    CHECK(as_somebody(data + "/deeper") == 0);
    fs::permissions(data, fs::perms::all);
    fs::permissions(data + "/lock", fs::perms::all);
    fs::permissions(data + "/shoumen.db", fs::perms::owner_read | fs::perms::others_read);
    CHECK(as_somebody(data) == 0);
}

TEST_CASE("what stands in the directory is for its owner alone") {
    const support::Folder folder;
    ::umask(0);
    const auto data = folder.path() + "/data";
    auto store = store::open_sqlite(data);
    REQUIRE(store);
    REQUIRE((*store)->commit(large_unit(1, 10)));
    REQUIRE((*store)->save_snapshot({1, "x"}));
    REQUIRE(store::EvidenceDirectory(data).put("x"));
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
        CAPTURE(entry.path());
        const auto wanted = entry.is_directory() ? 0700U : 0600U;
        CHECK(static_cast<unsigned>(entry.status().permissions()) == wanted);
        ++files;
    }
    CHECK(files >= 9);
    ::umask(022);
}

TEST_CASE("a directory held by another process: it is named") {
    const support::Folder folder;
    int ready[2];
    int done[2];
    REQUIRE(::pipe(ready) == 0);
    REQUIRE(::pipe(done) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto store = store::open_sqlite(folder.path(), {.checkpoint_thread = false});
        char c = store ? 'y' : 'n';
        (void)!::write(ready[1], &c, 1);
        (void)!::read(done[0], &c, 1);
        ::_exit(0);
    }
    char c = 0;
    REQUIRE(::read(ready[0], &c, 1) == 1);
    REQUIRE(c == 'y');
    const auto second = store::open_sqlite(folder.path());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "data-in-use");
    CHECK(second.error().message.find("process " + std::to_string(child)) != std::string::npos);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(code_of_open(folder.path()) == "");
    for (const int fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
}

TEST_CASE("a program that writes beside us fails the commit for as long as it does") {
    const support::Folder folder;
    auto store = store::open_sqlite(folder.path(), {.busy_ms = 1});
    REQUIRE(store);
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open((folder.path() + "/shoumen.db").c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(code_of((*store)->commit(large_unit(1, 10))) == "data-busy");
    REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(code_of((*store)->commit(large_unit(1, 10))) == "");
    sqlite3_close(other);
}

TEST_CASE("what is no database of ours is refused, each by its name") {
    const support::Folder folder;
    const auto with = [&](const std::string& name, std::string_view bytes) {
        const auto data = folder.path() + "/" + name;
        REQUIRE(store::posix_files().make_folder(data));
        REQUIRE(store::posix_files().write(data + "/shoumen.db", bytes));
        return code_of_open(data);
    };
    CHECK(with("text", std::string(5'000, 'x')) == "data-damaged");

    const auto foreign = folder.path() + "/foreign";
    REQUIRE(store::posix_files().make_folder(foreign));
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open((foreign + "/shoumen.db").c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "CREATE TABLE t (x)", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
    CHECK(code_of_open(foreign) == "data-foreign");

    const auto newer = folder.path() + "/newer";
    CHECK(code_of_open(newer) == "");
    REQUIRE(sqlite3_open((newer + "/shoumen.db").c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "INSERT INTO schema_migration VALUES (999, 'later')", nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    sqlite3_close(other);
    CHECK(code_of_open(newer) == "schema-newer");

    const auto file = folder.path() + "/file";
    REQUIRE(store::posix_files().write(file, "x"));
    CHECK(code_of_open(file) == "disk-error");
}

TEST_CASE("reading beside a running process, and without one") {
    const support::Folder folder;
    const auto data = folder.path() + "/data";
    CHECK(store::open_sqlite_reader(data).error().code == "data-missing");
    auto store = store::open_sqlite(data);
    REQUIRE(store);
    REQUIRE((*store)->commit(large_unit(1, 10)));
    auto reader = store::open_sqlite_reader(data);
    REQUIRE(reader);
    CHECK((*reader)->head(0)->next_seq == 2);
    REQUIRE((*store)->commit(large_unit(2, 10)));
    CHECK((*reader)->head(0)->next_seq == 3);
    reader->reset();
    store->reset();
    reader = store::open_sqlite_reader(data);
    REQUIRE(reader);
    CHECK((*reader)->head(0)->next_seq == 3);
}

TEST_CASE("notices are kept, each once") {
    const support::Folder folder;
    auto store = store::open_sqlite(folder.path());
    REQUIRE(store);
    ports::CommitUnit unit;
    unit.notices.push_back({.id = model::NoticeId(5),
                            .incident = model::IncidentId(3),
                            .person = {"p-1"},
                            .channel = model::Channel::sms,
                            .reason = model::NoticeReason::escalated,
                            .at = {7}});
    REQUIRE((*store)->commit(unit));
    REQUIRE((*store)->commit(unit));
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder.path() + "/shoumen.db").c_str(), &db) == SQLITE_OK);
    std::string row;
    const auto take = [](void* out, int n, char** columns, char**) {
        for (int i = 0; i < n; ++i) *static_cast<std::string*>(out) += std::string(columns[i]) + " ";
        return 0;
    };
    CHECK(sqlite3_exec(db, "SELECT id, incident, person, channel, reason, at FROM notice", take, &row, nullptr) ==
          SQLITE_OK);
    CHECK(row == "5 3 p-1 sms escalated 7 ");
    sqlite3_close(db);
}

TEST_CASE("a log that nobody can move stays correct, and one that is moved stays short") {
    const support::Folder folder;
    const auto data = folder.path() + "/data";
    auto store = store::open_sqlite(data, {.checkpoint_bytes = 1U << 20U, .log_bytes_limit = 4U << 20U});
    REQUIRE(store);
    for (std::uint64_t n = 1; n <= 400; ++n) REQUIRE((*store)->commit(large_unit(n, 100'000)));  // 40 MB
    CHECK(fs::file_size(data + "/shoumen.db-wal") < 5'000'000);

    // A reader that stays at one moment keeps the log from beginning anew.
    sqlite3* pinned = nullptr;
    REQUIRE(sqlite3_open((data + "/shoumen.db").c_str(), &pinned) == SQLITE_OK);
    REQUIRE(sqlite3_exec(pinned, "BEGIN; SELECT * FROM meta", nullptr, nullptr, nullptr) == SQLITE_OK);
    for (std::uint64_t n = 401; n <= 600; ++n) REQUIRE((*store)->commit(large_unit(n, 100'000)));
    CHECK((*(*store)->reader())->head(0)->next_seq == 601);
    sqlite3_close(pinned);
    for (std::uint64_t n = 601; n <= 700; ++n) REQUIRE((*store)->commit(large_unit(n, 100'000)));
    CHECK((*(*store)->reader())->head(0)->next_seq == 701);
}
