// Backups of a store that is being written to, and what restoring accepts and refuses.
#include "store/sqlite/backup.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "store/files/evidence.hpp"
#include "store/files/posix.hpp"
#include "store/sqlite/store.hpp"

#include "connection.hpp"
#include "manifest.hpp"

namespace fs = std::filesystem;
using namespace shoumen;
using namespace shoumen::store;

namespace {

class Folder {
public:
    Folder() {
        path_ = (fs::temp_directory_path() / "shoumen-test-XXXXXX").string();
        REQUIRE(::mkdtemp(path_.data()));
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

std::string read(const std::string& path) {
    auto bytes = posix_files().read(path);
    REQUIRE(bytes);
    return *bytes;
}

void write(const std::string& path, std::string_view bytes) { REQUIRE(posix_files().write(path, bytes)); }

// A commit that names a piece of evidence, which is durable before it.
void commit_piece(ports::Store& store, const std::string& data, std::uint64_t n) {
    const auto hash = EvidenceDirectory(data).put(fmt::format("photo {}", n));
    REQUIRE(hash);
    ports::CommitUnit unit;
    unit.batches = {{0, n, 1, std::string(5'000, 'x'), *hash, {}, {1}}};
    unit.records = {ports::EvidenceRow{.sha256 = *hash, .size = 7, .media_type = "image/jpeg"}};
    REQUIRE(store.commit(unit));
}

// A store with three commits, a snapshot, and its backup.
struct World {
    Folder folder;
    std::string data = folder / "data";
    std::string saved = folder / "saved";
    std::string fresh = folder / "fresh";
    std::unique_ptr<ports::Store> store;

    World() {
        auto opened = open_sqlite(data);
        REQUIRE(opened);
        store = std::move(*opened);
        for (std::uint64_t n = 1; n <= 3; ++n) commit_piece(*store, data, n);
        REQUIRE(store->save_snapshot({4, "state"}));
    }
    void back_up() const {
        const auto report = backup(data, saved);
        if (!report) FAIL(report.error().code << ": " << report.error().message);
        CHECK(report->files == 5);
        CHECK(report->next_seq == 4);
    }
    std::string restored() const {
        const auto report = restore(saved, fresh);
        return report ? "" : report.error().code;
    }
};

}  // namespace

TEST_CASE("what is restored is what was backed up") {
    const World world;
    world.back_up();
    CHECK(world.restored().empty());
    const auto store = open_sqlite(world.fresh);
    REQUIRE(store);
    auto reader = (*store)->reader();
    CHECK((*reader)->head(0)->next_seq == 4);
    CHECK((*store)->newest_snapshot()->value().bytes == "state");
    const auto rows = (*store)->all_evidence();
    REQUIRE(rows->size() == 3);
    for (const auto& row : *rows) CHECK(EvidenceDirectory(world.fresh).get(row.sha256));
    commit_piece(**store, world.fresh, 4);
}

TEST_CASE("a backup is one file a thing: nothing beside the database, and sha256sum agrees") {
    const World world;
    world.back_up();
    CHECK_FALSE(fs::exists(world.saved + "/shoumen.db-wal"));
    CHECK_FALSE(fs::exists(world.saved + "/lock"));
    const auto command = fmt::format("cd {} && sha256sum --status -c manifest.sha256 2>/dev/null", world.saved);
    CHECK(std::system(command.c_str()) == 0);  // NOLINT(cert-env33-c)
    CHECK((fs::status(world.saved).permissions() & fs::perms::others_all) == fs::perms::none);
    CHECK((fs::status(world.saved + "/shoumen.db").permissions() & (fs::perms::others_all | fs::perms::group_all)) ==
          fs::perms::none);
}

TEST_CASE("a backup while commits go on names no evidence it does not hold") {
    World world;
    std::atomic<bool> ending{false};
    std::thread writer([&] {
        for (std::uint64_t n = 4; !ending; ++n) commit_piece(*world.store, world.data, n);
    });
    for (int round = 0; round < 3; ++round) {
        const auto saved = world.folder / fmt::format("saved-{}", round);
        const auto report = backup(world.data, saved);
        REQUIRE(report);
        const auto fresh = world.folder / fmt::format("fresh-{}", round);
        REQUIRE(restore(saved, fresh));
        const auto reader = open_sqlite_reader(fresh);
        REQUIRE(reader);
        CHECK((*reader)->head(0)->next_seq == report->next_seq);
        const auto store = open_sqlite(fresh);
        REQUIRE(store);
        const auto rows = (*store)->all_evidence();
        CHECK(rows->size() == report->next_seq - 1);  // a commit is there with its evidence row or not at all
        for (const auto& row : *rows) CHECK(EvidenceDirectory(fresh).get(row.sha256));
    }
    ending = true;
    writer.join();
}

TEST_CASE("a node that is not running, or was killed, is backed up too") {
    World world;
    world.store.reset();
    world.back_up();
    CHECK(world.restored().empty());
}

TEST_CASE("progress goes from nothing to all") {
    const World world;
    double last = 0;
    REQUIRE(backup(world.data, world.saved, [&](double part) {
        CHECK(part >= last);
        last = part;
    }));
    CHECK(last == 1);
}

TEST_CASE("a backup does not overwrite, and needs a database") {
    const World world;
    world.back_up();
    CHECK(backup(world.data, world.saved).error().code == "backup-not-empty");
    CHECK(backup(world.folder / "nothing", world.folder / "other").error().code == "data-missing");
    CHECK_FALSE(fs::exists(world.folder / "other"));
}

TEST_CASE("a backup whose evidence is gone or changed is refused and unfinished") {
    World world;
    const auto hash = base::sha256("photo 3");
    const auto path = world.data + "/" + EvidenceDirectory::relative_path(hash);
    write(path, "another photo");
    CHECK(backup(world.data, world.saved).error().code == "data-damaged");
    CHECK(world.restored() == "backup-incomplete");
    fs::remove(path);
    CHECK(backup(world.data, world.folder / "second").error().code == "file-missing");
}

TEST_CASE("restore refuses what is not empty") {
    const World world;
    world.back_up();
    fs::create_directory(world.fresh);
    CHECK(world.restored().empty());
    CHECK(world.restored() == "restore-not-empty");
    CHECK(restore(world.saved, world.data).error().code == "restore-not-empty");
}

TEST_CASE("restore refuses what is not as it was written, and leaves nothing that opens") {
    const auto after = [](const auto& harm) {
        const World world;
        world.back_up();
        harm(world);
        const auto code = world.restored();
        if (fs::exists(world.fresh)) CHECK(open_sqlite(world.fresh).error().code == "restore-unfinished");
        return code;
    };
    const auto piece = EvidenceDirectory::relative_path(base::sha256("photo 2"));
    CHECK(after([&](const World& w) { fs::remove(w.saved + "/" + piece); }) == "backup-damaged");
    CHECK(after([&](const World& w) { write(w.saved + "/" + piece, "x"); }) == "backup-damaged");
    CHECK(after([&](const World& w) { fs::remove(w.saved + "/shoumen.db"); }) == "backup-damaged");
    CHECK(after([&](const World& w) {
              auto bytes = read(w.saved + "/shoumen.db");
              bytes[bytes.size() / 2] ^= 1;
              write(w.saved + "/shoumen.db", bytes);
          }) == "backup-damaged");
    CHECK(after([&](const World& w) { fs::remove(w.saved + "/manifest.sha256"); }) == "backup-incomplete");
    CHECK(after([&](const World& w) { write(w.saved + "/manifest.sha256", "garbage"); }) == "backup-damaged");
}

TEST_CASE("a backup of a newer program is refused before anything is made") {
    const World world;
    {
        auto db = Connection::open(world.data + "/shoumen.db", {.writes = true});
        REQUIRE(db);
        REQUIRE((*db)->run("INSERT INTO schema_migration (version, name) VALUES (999, 'later')"));
    }
    CHECK(backup(world.data, world.saved).error().code == "schema-newer");
}

TEST_CASE("restoring a newer schema is refused before anything is made") {
    const World world;
    world.back_up();
    const auto path = world.saved + "/shoumen.db";
    {
        auto db = Connection::open(path, {.writes = true});
        REQUIRE(db);
        REQUIRE((*db)->run("INSERT INTO schema_migration (version, name) VALUES (999, 'later')"));
    }
    auto manifest = parse_manifest(read(world.saved + "/manifest.sha256"));
    REQUIRE(manifest);
    for (auto& entry : manifest->entries) {
        if (entry.path == "shoumen.db") entry.sha256 = base::sha256(read(path));
    }
    write(world.saved + "/manifest.sha256", text_of(*manifest));
    CHECK(world.restored() == "schema-newer");
    CHECK_FALSE(fs::exists(world.fresh));
}

TEST_CASE("a manifest is read as it was written, and names nothing outside the backup") {
    Manifest manifest{
        7,
        {{"shoumen.db", base::sha256("a")}, {EvidenceDirectory::relative_path(base::sha256("b")), base::sha256("b")}}};
    const auto text = text_of(manifest);
    const auto parsed = parse_manifest(text);
    REQUIRE(parsed);
    CHECK(parsed->next_seq == 7);
    CHECK(parsed->entries.size() == 2);
    CHECK(text_of(*parsed) == text);

    const auto hex = base::to_hex(base::sha256("a"));
    const auto with = [&](const std::string& path) { return parse_manifest(text + hex + "  " + path + "\n"); };
    CHECK(with("snapshots/00000000000000000011.snap"));
    for (const auto* path : {"../x", "/etc/passwd", "evidence/../../x", "lock", "shoumen.db", "snapshots/1.snap", ""}) {
        CAPTURE(path);
        CHECK_FALSE(with(path));
    }
    for (const auto* bad : {"", "#", "# shoumen backup 1, inputs below x\n", "# shoumen backup 2, inputs below 1\n",
                            "# shoumen backup 1, inputs below 1\n", "# shoumen backup 1, inputs below 1\nshort\n"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_manifest(bad));
    }
}
