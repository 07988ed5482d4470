#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "base/bytes.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("shoumen-policy-" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& content) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << content;
    }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("a directory is read as it lies there") {
    const Folder folder;
    Files wanted = mini();
    wanted["maps/yard.yaml"] = "map: yard\ntopics:\n  - {topic: yard/gate, device: own}\n";
    for (const auto& [name, content] : wanted) folder.write(name, content);
    folder.write("README.md", "no policy");
    folder.write(".hidden.yaml", "a: 1");
    folder.write("rules/.#a.yaml", "a: 1");
    folder.write("other/x.yaml", "a: 1");
    const auto files = read_directory(folder.path());
    REQUIRE(files);
    CHECK(*files == wanted);
    CHECK(compile(*files, nullptr, 1).findings.empty());
    CHECK(read_directory(folder.path() + "/none").error().code == "directory-missing");
}

TEST_CASE("a directory beyond 64 MB is refused") {
    const Folder folder;
    folder.write("rules/a.yaml", "a");
    folder.write("rules/b.yaml", "");
    fs::resize_file(folder.path() + "/rules/b.yaml", 64UL * 1024 * 1024);
    CHECK(read_directory(folder.path()).error().code == "directory-too-large");

    Files files = mini();
    files["maps/a.yaml"] = std::string(64UL * 1024 * 1024, ' ');
    const auto findings = compile(files, nullptr, 1).findings;
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "directory-too-large");
}

TEST_CASE("packed bytes give the same files, and only canonical bytes are read") {
    const Files files = mini();
    const std::string bytes = pack(files);
    REQUIRE(unpack(bytes));
    CHECK(*unpack(bytes) == files);
    CHECK(digest_of(files) == digest_of(*unpack(bytes)));
    CHECK(digest_of(files) != digest_of(changed(files, "ladder.yaml", "3m", "4m")));
    for (std::size_t n = 0; n < bytes.size(); n += 7) CHECK_FALSE(unpack(std::string_view(bytes).substr(0, n)));
    CHECK_FALSE(unpack(bytes + "x"));

    base::ByteWriter twice;
    twice.varint(2);
    for (int i = 0; i < 2; ++i) {
        twice.text("a");
        twice.text("");
    }
    CHECK(unpack(twice.view()).error().code == "bad-files");
    CHECK(unpack(pack({}))->empty());
}

}  // namespace shoumen::policy
