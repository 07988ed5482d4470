// The disk itself: what is synced stays, what is not may go, and everything that may happen does happen to some seed.
#include "support/fault_disk.hpp"

#include <functional>
#include <set>

#include <doctest/doctest.h>

#include "support/fault_files.hpp"

using namespace shoumen;
using namespace shoumen::support;

namespace {

FaultDisk::Handle make(FaultDisk& disk, const std::string& path) {
    FaultDisk::Handle file;
    bool created = false;
    REQUIRE(disk.open(path, true, disk.life(), file, created) == Outcome::done);
    return file;
}

// Content of a file after everything; "(none)" if it is not there.
std::string content(FaultDisk& disk, const std::string& path) {
    FaultDisk::Handle file;
    bool created = false;
    if (disk.open(path, false, disk.life(), file, created) != Outcome::done) return "(none)";
    std::string bytes(disk.size(file), '\0');
    std::size_t got = 0;
    CHECK(disk.read(file, 0, bytes.data(), bytes.size(), got, disk.life()) == Outcome::done);
    return bytes;
}

// All that `path` may hold after a cut following `script`, over many seeds.
std::set<std::string> fates(const std::string& path, const std::function<void(FaultDisk&)>& script) {
    std::set<std::string> all;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        FaultDisk disk(seed);
        script(disk);
        disk.cut();
        disk.restart();
        all.insert(content(disk, path));
    }
    return all;
}

}  // namespace

TEST_CASE("what is synced, name and content, survives a power cut") {
    const auto all = fates("/f", [](FaultDisk& disk) {
        const auto file = make(disk, "/f");
        CHECK(disk.write(file, 0, "kept", disk.life()) == Outcome::done);
        CHECK(disk.sync(file, disk.life()) == Outcome::done);
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
    });
    CHECK(all == std::set<std::string>{"kept"});
}

TEST_CASE("unsynced content is lost, kept or torn; the name may go too") {
    const auto all = fates("/f", [](FaultDisk& disk) {
        const auto file = make(disk, "/f");
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
        CHECK(disk.write(file, 0, "abcd", disk.life()) == Outcome::done);
    });
    CHECK(all.contains(""));
    CHECK(all.contains("abcd"));
    CHECK(all.contains("ab"));
    CHECK(all.size() > 6);  // rubbish as well
    CHECK_FALSE(all.contains("(none)"));

    const auto nameless = fates("/f", [](FaultDisk& disk) {
        const auto file = make(disk, "/f");
        CHECK(disk.write(file, 0, "abcd", disk.life()) == Outcome::done);
        CHECK(disk.sync(file, disk.life()) == Outcome::done);
    });
    CHECK(nameless == std::set<std::string>{"(none)", "abcd"});
}

TEST_CASE("a write that was not synced leaves what lies around it alone") {
    for (const auto& fate : fates("/f", [](FaultDisk& disk) {
             const auto file = make(disk, "/f");
             CHECK(disk.write(file, 0, std::string(2'000, 'a'), disk.life()) == Outcome::done);
             CHECK(disk.sync(file, disk.life()) == Outcome::done);
             CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
             CHECK(disk.write(file, 500, std::string(1'000, 'b'), disk.life()) == Outcome::done);
         })) {
        REQUIRE(fate.size() == 2'000);
        CHECK(fate.substr(0, 500) == std::string(500, 'a'));
        CHECK(fate.substr(1'500) == std::string(500, 'a'));
    }
}

TEST_CASE("a rename is there at one stroke or not at all") {
    const auto script = [](FaultDisk& disk) {
        const auto old = make(disk, "/f");
        CHECK(disk.write(old, 0, "old", disk.life()) == Outcome::done);
        CHECK(disk.sync(old, disk.life()) == Outcome::done);
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
        const auto fresh = make(disk, "/f.tmp");
        CHECK(disk.write(fresh, 0, "new", disk.life()) == Outcome::done);
        CHECK(disk.sync(fresh, disk.life()) == Outcome::done);
        CHECK(disk.rename("/f.tmp", "/f", disk.life()) == Outcome::done);
    };
    CHECK(fates("/f", script) == std::set<std::string>{"old", "new"});
    // Without the sync of the new content the rename may come to disk before it: an empty file, or rubbish.
    CHECK(fates("/f", [&](FaultDisk& disk) {
              const auto old = make(disk, "/f");
              CHECK(disk.write(old, 0, "old", disk.life()) == Outcome::done);
              CHECK(disk.sync(old, disk.life()) == Outcome::done);
              CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
              const auto fresh = make(disk, "/f.tmp");
              CHECK(disk.write(fresh, 0, "new", disk.life()) == Outcome::done);
              CHECK(disk.rename("/f.tmp", "/f", disk.life()) == Outcome::done);
          }).contains(""));
}

TEST_CASE("a removal that was not synced may be undone") {
    const auto all = fates("/f", [](FaultDisk& disk) {
        const auto file = make(disk, "/f");
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
        CHECK(disk.remove("/f", disk.life()) == Outcome::done);
    });
    CHECK(all == std::set<std::string>{"", "(none)"});
}

TEST_CASE("a file goes with a folder whose name was not synced") {
    const auto all = fates("/d/f", [](FaultDisk& disk) {
        CHECK(disk.make_folder("/d", disk.life()) == Outcome::done);
        const auto file = make(disk, "/d/f");
        CHECK(disk.write(file, 0, "x", disk.life()) == Outcome::done);
        CHECK(disk.sync(file, disk.life()) == Outcome::done);
        CHECK(disk.sync_folder("/d", disk.life()) == Outcome::done);
    });
    CHECK(all == std::set<std::string>{"(none)", "x"});
}

TEST_CASE("after the cut nothing works until the restart, and what was open before never again") {
    FaultDisk disk(1);
    const auto file = make(disk, "/f");
    const auto life = disk.life();
    disk.cut_after(2);
    CHECK(disk.write(file, 0, "a", life) == Outcome::done);
    CHECK(disk.write(file, 1, "b", life) == Outcome::power_off);
    CHECK(disk.is_off());
    char c = 0;
    std::size_t got = 0;
    CHECK(disk.read(file, 0, &c, 1, got, life) == Outcome::power_off);
    CHECK(disk.sync(file, life) == Outcome::power_off);
    disk.restart();
    CHECK_FALSE(disk.is_off());
    CHECK(disk.write(file, 0, "a", life) == Outcome::power_off);
    make(disk, "/g");
}

TEST_CASE("room, and faults where they are asked for") {
    FaultDisk disk(1);
    const auto file = make(disk, "/f");
    disk.set_room(10);
    CHECK(disk.write(file, 0, "0123456789", disk.life()) == Outcome::done);
    CHECK(disk.write(file, 5, "56789", disk.life()) == Outcome::done);
    CHECK(disk.write(file, 10, "x", disk.life()) == Outcome::no_room);
    CHECK(disk.used() == 10);
    disk.set_room(FaultDisk::unlimited);
    CHECK(disk.write(file, 10, "x", disk.life()) == Outcome::done);

    disk.fail_writes(1, 2);
    CHECK(disk.write(file, 0, "a", disk.life()) == Outcome::done);
    CHECK(disk.write(file, 0, "b", disk.life()) == Outcome::fault);
    CHECK(disk.write(file, 0, "b", disk.life()) == Outcome::fault);
    CHECK(disk.write(file, 0, "c", disk.life()) == Outcome::done);
    disk.fail_syncs(0);
    CHECK(disk.sync(file, disk.life()) == Outcome::fault);
    CHECK(disk.sync(file, disk.life()) == Outcome::done);
}

TEST_CASE("what a failed sync dropped is brought to disk by no later one") {
    std::set<std::string> all;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        FaultDisk disk(seed);
        const auto file = make(disk, "/f");
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
        CHECK(disk.write(file, 0, "ab", disk.life()) == Outcome::done);
        disk.fail_syncs(0);
        CHECK(disk.sync(file, disk.life()) == Outcome::fault);
        CHECK(disk.sync(file, disk.life()) == Outcome::done);
        CHECK(content(disk, "/f") == "ab");
        disk.restart();
        all.insert(content(disk, "/f"));
    }
    CHECK(all.contains(""));
    CHECK(all.contains("ab"));
}

TEST_CASE("the same seed, the same fate") {
    const auto run = [](std::uint64_t seed) {
        FaultDisk disk(seed);
        const auto file = make(disk, "/f");
        CHECK(disk.sync_folder("/", disk.life()) == Outcome::done);
        for (std::uint64_t i = 0; i < 20; ++i)
            CHECK(disk.write(file, i * 300, std::string(400, static_cast<char>('a' + i)), disk.life()) ==
                  Outcome::done);
        disk.restart();
        return content(disk, "/f");
    };
    CHECK(run(7) == run(7));
    std::set<std::string> different;
    for (std::uint64_t seed = 0; seed < 10; ++seed) different.insert(run(seed));
    CHECK(different.size() > 3);
}

TEST_CASE("the seam for files: a lock holds for one, and goes with the power") {
    FaultDisk disk(1);
    const auto files = files_on(disk);
    REQUIRE(files->make_folder("/a/b"));
    auto held = files->lock("/a/b/lock");
    REQUIRE(held);
    const auto second = files->lock("/a/b/lock");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "data-in-use");
    disk.restart();
    auto next = files->lock("/a/b/lock");
    REQUIRE(next);
    held->reset();  // the dead one lets go of nothing
    CHECK_FALSE(files->lock("/a/b/lock"));
    next->reset();
    CHECK(files->lock("/a/b/lock"));
}
