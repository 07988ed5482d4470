#include "protect/vault.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp
#include <sys/stat.h>

using namespace shoumen;
using namespace shoumen::protect;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "shoumen-vault-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path path;
};

std::string all_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("what an owner's key sealed opens for the same place after a restart, and nowhere else") {
    const Folder folder;
    const VaultPlace place{folder.path / "keys", {}, Suite::aes_gcm};
    CHECK(Vault::open(place).error().code == "keys-missing");
    std::string sealed, id;
    {
        auto vault = Vault::create(place);
        REQUIRE(vault);
        id = (*vault)->id();
        sealed = (*vault)->seal("person/p-1", "text/7", "王小明在家").value();
        CHECK(Vault::is_sealed(sealed));
        CHECK(Vault::owner_of(sealed).value() == "person/p-1");
        CHECK(sealed.find("王") == std::string::npos);
        CHECK(Vault::open(place).error().code == "keys-in-use");
        CHECK((*vault)->open("text/7", "as it was before sealing").value() == "as it was before sealing");
    }
    for (const char* name : {"master.key", "data.keys"}) {
        struct stat s{};
        REQUIRE(::stat((place.folder / name).c_str(), &s) == 0);
        CHECK((s.st_mode & 0777) == 0600);
    }
    auto vault = Vault::open(place);
    REQUIRE(vault);
    CHECK((*vault)->id() == id);
    CHECK((*vault)->open("text/7", sealed).value() == "王小明在家");
    CHECK((*vault)->open("text/8", sealed).error().code == "sealed-unreadable");
    CHECK((*vault)->open("text/7", sealed.substr(0, sealed.size() - 1)).error().code == "sealed-unreadable");
    CHECK((*vault)->open("text/7", sealed.substr(0, 4)).error().code == "sealed-unreadable");
    CHECK_FALSE((*vault)->seal("two words", "x", "y"));
    CHECK_FALSE((*vault)->seal("", "x", "y"));
}

TEST_CASE("an erased owner's words are gone for good, rotation and restart included; the others' stay") {
    const Folder folder;
    const VaultPlace place{folder.path / "keys", {}, Suite::sm4_sm3};
    std::string gone, stays;
    {
        auto vault = Vault::create(place).value();
        gone = vault->seal("person/p-1", "a", "one").value();
        stays = vault->seal("person/p-2", "a", "two").value();
        REQUIRE(vault->erase("person/p-1"));
        REQUIRE(vault->erase("person/p-1"));
        CHECK(vault->open("a", gone).error().code == "erased");
        CHECK(vault->seal("person/p-1", "a", "again").error().code == "erased");
        REQUIRE(vault->rotate());
        CHECK(vault->open("a", stays).value() == "two");
    }
    auto vault = Vault::open(place).value();
    CHECK(vault->suite() == Suite::sm4_sm3);
    CHECK(vault->is_erased("person/p-1"));
    CHECK(vault->erased() == std::vector<std::string>{"person/p-1"});
    CHECK(vault->size() == 1);
    CHECK(vault->open("a", gone).error().code == "erased");
    CHECK(vault->open("a", stays).value() == "two");
    CHECK(all_of(place.folder / "data.keys").find("key person/p-1") == std::string::npos);
}

TEST_CASE("a half written last line is passed over; a damaged one is refused; so is a folder others may enter") {
    const Folder folder;
    const VaultPlace place{folder.path / "keys", {}, Suite::aes_gcm};
    std::string sealed;
    {
        auto vault = Vault::create(place).value();
        sealed = vault->seal("day/2026-03-03", "a", "one").value();
    }
    std::ofstream(place.folder / "data.keys", std::ios::app) << "key person/p-9 5701";
    CHECK(Vault::open(place).value()->open("a", sealed).value() == "one");
    CHECK(all_of(place.folder / "data.keys").find("p-9") == std::string::npos);
    std::ofstream(place.folder / "data.keys", std::ios::app) << "nonsense\n";
    CHECK(Vault::open(place).error().code == "key-file-refused");
    fs::permissions(place.folder, fs::perms::owner_all | fs::perms::group_exec);
    CHECK(Vault::open(place).error().code == "key-file-refused");
}

TEST_CASE("keys are backed up under a passphrase, also while they are held, and come back with it alone") {
    const Folder folder;
    const VaultPlace place{folder.path / "keys", {}, Suite::aes_gcm};
    const VaultPlace other{folder.path / "other" / "keys", {}, Suite::aes_gcm};
    auto vault = Vault::create(place).value();
    const auto sealed = vault->seal("person/p-1", "a", "one").value();
    CHECK(Vault::backup(place.folder, "short").error().code == "passphrase-short");
    const auto backup = Vault::backup(place.folder, "twelve letters and more").value();
    CHECK(backup.find("p-1") == std::string::npos);
    CHECK(Vault::restore(place.folder, backup, "twelve letters and more").error().code == "keys-there");
    CHECK(Vault::restore(other.folder, backup, "twelve letters and less").error().code == "wrong-passphrase");
    CHECK(Vault::restore(other.folder, "nothing", "x").error().code == "backup-damaged");
    auto changed = backup;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    CHECK(Vault::restore(other.folder, changed, "twelve letters and more").error().code == "wrong-passphrase");
    REQUIRE(Vault::restore(other.folder, backup, "twelve letters and more"));
    auto back = Vault::open(other).value();
    CHECK(back->id() == vault->id());
    CHECK(back->open("a", sealed).value() == "one");
}

TEST_CASE("keys of yesterday bring back nobody who has been erased since, where it is written down") {
    const Folder folder;
    const VaultPlace place{folder.path / "keys", {}, Suite::aes_gcm};
    const auto list = folder.path / "erased";
    std::string hers, his, backup, id;
    {
        auto vault = Vault::create(place).value();
        id = vault->id();
        REQUIRE(vault->make_keys({"person/p-1", "person/p-2", "person/p-1"}));
        CHECK(vault->size() == 2);
        CHECK(vault->known_key("person/p-3").error().code == "key-missing");
        hers = vault->seal("person/p-1", "x", "她说的话").value();
        his = vault->seal("person/p-2", "x", "他说的话").value();
        backup = Vault::backup(place.folder, "twelve letters and more").value();
        vault->write_down_erasures(list);
        REQUIRE(vault->erase("person/p-1"));
        REQUIRE(vault->make_keys({"person/p-1"}));  // passed over
        CHECK(vault->key("person/p-1").error().code == "erased");
    }
    REQUIRE(add_erased(list, "another", "person/p-2"));
    const auto erased = read_erased(list).value();
    CHECK(erased.at(id) == std::set<std::string>{"person/p-1"});
    const VaultPlace restored{folder.path / "restored", {}, Suite::aes_gcm};
    REQUIRE(Vault::restore(restored.folder, backup, "twelve letters and more", erased));
    CHECK(all_of(restored.folder / "data.keys").find("key person/p-1") == std::string::npos);
    const auto vault = Vault::open(restored).value();
    CHECK(vault->is_erased("person/p-1"));
    CHECK(vault->open("x", hers).error().code == "erased");
    CHECK(vault->open("x", his).value() == "他说的话");
    // A line that a power cut has left half there.
    std::ofstream(list, std::ios::app) << id << " person/p-";
    REQUIRE(add_erased(list, id, "person/p-9"));
    CHECK(read_erased(list).value().at(id).contains("person/p-9"));
    CHECK(read_erased(folder.path / "none").value().empty());
    std::ofstream(folder.path / "other") << "something else\n";
    fs::permissions(folder.path / "other", fs::perms::owner_read | fs::perms::owner_write);
    CHECK(read_erased(folder.path / "other").error().code == "key-file-refused");
}
