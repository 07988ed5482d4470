// Files beside the database, on this machine's disk: durable writing, locks, evidence, snapshots.
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/files/durable.hpp"
#include "store/files/evidence.hpp"
#include "store/files/posix.hpp"
#include "store/files/snapshots.hpp"

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
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

unsigned mode_of(const std::string& path) { return static_cast<unsigned>(fs::status(path).permissions()) & 0777U; }

const std::string& first_snapshot() {
    static const std::string name = "/snapshots/00000000000000000010.snap";
    return name;
}

}  // namespace

TEST_CASE("folders and files are for their owner alone") {
    const Folder folder;
    ::umask(0);
    auto& files = posix_files();
    REQUIRE(files.make_folder(folder / "a/b/"));
    REQUIRE(files.make_folder(folder / "a/b"));
    REQUIRE(files.make_file(folder / "a/f"));
    REQUIRE(files.write(folder / "a/g", "x"));
    CHECK(mode_of(folder / "a") == 0700);
    CHECK(mode_of(folder / "a/b") == 0700);
    CHECK(mode_of(folder / "a/f") == 0600);
    CHECK(mode_of(folder / "a/g") == 0600);
    REQUIRE(files.make_file(folder / "a/g"));
    CHECK(*files.read(folder / "a/g") == "x");
    ::umask(022);
}

TEST_CASE("reading, renaming, removing, listing") {
    const Folder folder;
    auto& files = posix_files();
    const std::string large(300'000, 'y');
    REQUIRE(files.write(folder / "b", large));
    REQUIRE(files.write(folder / "a", std::string("\0x", 2)));
    CHECK(*files.read(folder / "b") == large);
    CHECK(*files.list(folder.path()) == std::vector<std::string>{"a", "b"});
    REQUIRE(files.rename(folder / "a", folder / "b"));
    CHECK(*files.read(folder / "b") == std::string("\0x", 2));
    CHECK(files.read(folder / "a").error().code == "file-missing");
    CHECK(files.remove(folder / "a"));
    CHECK(files.remove(folder / "b"));
    CHECK(files.list(folder / "none")->empty());
    CHECK(files.sync_folder(folder.path()));
    REQUIRE(files.write(folder / "c", "no folder"));
    CHECK_FALSE(files.make_folder(folder / "c/d"));
    CHECK_FALSE(files.make_folder(folder / "c"));
}

TEST_CASE("a lock is held by one, who is named") {
    const Folder folder;
    auto first = posix_files().lock(folder / "lock");
    REQUIRE(first);
    const auto second = posix_files().lock(folder / "lock");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "data-in-use");
    CHECK(second.error().message.find("process " + std::to_string(::getpid())) != std::string::npos);
    first->reset();
    CHECK(posix_files().lock(folder / "lock"));
}

TEST_CASE("what the system says gets a code and a way to mend it") {
    CHECK(error_of_system(EACCES, "x").code == "data-read-only");
    CHECK(error_of_system(EROFS, "x").code == "data-read-only");
    CHECK(error_of_system(ENOSPC, "x").code == "disk-full");
    CHECK(error_of_system(EDQUOT, "x").code == "disk-full");
    CHECK(error_of_system(EFBIG, "x").code == "disk-full");
    CHECK(error_of_system(ENOENT, "x").code == "file-missing");
    CHECK(error_of_system(EIO, "x").code == "disk-error");
    CHECK(error_of_system(ENOSPC, "write /a").message ==
          "cannot write /a: No space left on device; make room on that disk, then it goes on by itself");
}

TEST_CASE("a file written durably leaves nothing beside it, failed or not") {
    const Folder folder;
    REQUIRE(write_durably(posix_files(), folder.path(), "f", "one"));
    REQUIRE(write_durably(posix_files(), folder.path(), "f", "two"));
    CHECK(*posix_files().read(folder / "f") == "two");
    fs::create_directory(folder / "g");
    CHECK_FALSE(write_durably(posix_files(), folder.path(), "g", "cannot replace a folder"));
    CHECK(*posix_files().list(folder.path()) == std::vector<std::string>{"f", "g"});
}

TEST_CASE("evidence is found by its hash, once") {
    const Folder folder;
    EvidenceDirectory evidence(folder.path());
    const auto hash = evidence.put("a photo");
    REQUIRE(hash);
    CHECK(*hash == base::sha256("a photo"));
    CHECK(*evidence.put("a photo") == *hash);
    CHECK(*evidence.get(*hash) == "a photo");
    const auto hex = base::to_hex(*hash);
    CHECK(*posix_files().read(folder / ("evidence/" + hex.substr(0, 2) + "/" + hex.substr(2))) == "a photo");
    CHECK(posix_files().list(folder / "evidence/tmp")->empty());
    CHECK(evidence.get(base::sha256("another")).error().code == "file-missing");
}

TEST_CASE("evidence that has changed is not given out; put again, it is whole") {
    const Folder folder;
    EvidenceDirectory evidence(folder.path());
    const auto hash = evidence.put("a photo");
    REQUIRE(posix_files().write(folder / EvidenceDirectory::relative_path(*hash), "a phota"));
    CHECK(evidence.get(*hash).error().code == "data-damaged");
    REQUIRE(evidence.put("a photo"));
    CHECK(*evidence.get(*hash) == "a photo");
}

TEST_CASE("half-written evidence is cleared away, the rest stays") {
    const Folder folder;
    EvidenceDirectory evidence(folder.path());
    const auto hash = evidence.put("a photo");
    REQUIRE(posix_files().write(folder / "evidence/tmp/7", "half"));
    evidence.remove_unfinished();
    CHECK(posix_files().list(folder / "evidence/tmp")->empty());
    CHECK(evidence.get(*hash));
}

TEST_CASE("the newest two snapshots are kept, the newest is returned") {
    const Folder folder;
    SnapshotFiles snapshots(folder.path());
    CHECK_FALSE(snapshots.newest()->has_value());
    for (std::uint64_t n = 1; n <= 4; ++n) REQUIRE(snapshots.save({n * 10, std::string(n, 'x')}));
    const auto newest = snapshots.newest();
    REQUIRE(newest->has_value());
    CHECK((*newest)->next_seq == 40);
    CHECK((*newest)->bytes == "xxxx");
    CHECK(posix_files().list(folder / "snapshots")->size() == 2);
    CHECK((*snapshots.newest_file())->first == "00000000000000000040.snap");
}

TEST_CASE("a snapshot that is broken anywhere is passed over and removed") {
    const Folder folder;
    SnapshotFiles snapshots(folder.path());
    REQUIRE(snapshots.save({10, "good one"}));
    const auto good = *posix_files().read(folder.path() + first_snapshot());
    REQUIRE(snapshots.save({20, "newer one"}));
    const auto path = folder / "snapshots/00000000000000000020.snap";
    const auto whole = *posix_files().read(path);
    const auto falls_back = [&](const std::string& broken) {
        REQUIRE(posix_files().write(path, broken));
        CHECK((*snapshots.newest_file())->second == good);
        CHECK(fs::exists(path));
        const auto newest = snapshots.newest();
        CHECK_FALSE(fs::exists(path));
        return newest && *newest && (*newest)->next_seq == 10 && (*newest)->bytes == "good one";
    };
    CHECK(falls_back(""));
    for (std::size_t size = 1; size < whole.size(); size += 7) CHECK(falls_back(whole.substr(0, size)));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        CAPTURE(at);
        auto broken = whole;
        broken[at] = static_cast<char>(broken[at] ^ 0x10);
        CHECK(falls_back(broken));
    }
    CHECK(falls_back(whole + "x"));
    CHECK(falls_back(good));  // whole, but under another's name
}

TEST_CASE("what is no snapshot is left alone, what was not finished goes") {
    const Folder folder;
    SnapshotFiles snapshots(folder.path());
    REQUIRE(snapshots.save({10, "one"}));
    REQUIRE(posix_files().write(folder / "snapshots/README", "mine"));
    REQUIRE(posix_files().write(folder / "snapshots/00000000000000000011.snap.tmp", "half"));
    REQUIRE(snapshots.save({12, "two"}));
    CHECK(*posix_files().list(folder / "snapshots") ==
          std::vector<std::string>{"00000000000000000010.snap", "00000000000000000012.snap", "README"});
}
