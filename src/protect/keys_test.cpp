// Master keys in a file and in a PKCS#11 token (SoftHSM), the same promises of both.
#include "protect/keys.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.hpp"
#include "protect/password.hpp"

#include "key_file.hpp"

using namespace shoumen;
using namespace shoumen::protect;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "shoumen-keys-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text, ::mode_t mode = 0600) {
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), mode);
}

template <class T>
std::string code_of(const base::Result<T>& r) {
    return r ? "fine" : r.error().code;
}

// What each holder must keep, whatever is behind it.
void check_promises(std::unique_ptr<KeyHolder> holder) {
    KeyRing ring(std::move(holder));
    const KeyId first = ring.current();
    auto person = ring.make("person/1");
    REQUIRE_MESSAGE(person, person.error().message);
    const std::string sealed = seal(person->key, Suite::aes_gcm, "phone", "16099980901").value();
    CHECK(wrapped_by(person->wrapped) == first);
    const auto opens = [&](std::string_view owner, std::string_view wrapped) -> std::string {
        const auto key = ring.unwrap(owner, wrapped);
        if (!key) return key.error().code;
        const auto plain = open(*key, "phone", sealed);
        return plain ? *plain : plain.error().code;
    };
    CHECK(opens("person/1", person->wrapped) == "16099980901");
    CHECK(opens("person/2", person->wrapped) == "sealed-unreadable");  // put down as somebody else's
    for (std::size_t i = 0; i < person->wrapped.size(); ++i) {
        std::string changed = person->wrapped;
        changed[i] = static_cast<char>(changed[i] ^ 4);
        CAPTURE(i);
        const std::string code = opens("person/1", changed);
        CHECK((code == "sealed-unreadable" || code == "key-missing"));
        CHECK(code_of(ring.unwrap("person/1", std::string_view(person->wrapped).substr(0, i))) == "sealed-unreadable");
    }

    // Rotation: the sealed bytes stay, the old master key can go.
    const auto second = ring.rotate();
    REQUIRE(second);
    CHECK(second->number == first.number + 1);
    CHECK(ring.current() == *second);
    CHECK(opens("person/1", person->wrapped) == "16099980901");
    const auto rewrapped = ring.rewrap("person/1", person->wrapped);
    REQUIRE(rewrapped);
    CHECK(wrapped_by(*rewrapped) == *second);
    CHECK(code_of(ring.remove(*second)) == "key-missing");  // the newest stays
    REQUIRE(ring.remove(first));
    CHECK(opens("person/1", *rewrapped) == "16099980901");
    CHECK(opens("person/1", person->wrapped) == "key-missing");  // an old backup of the database opens nothing any more

    // Erased: the wrapped key is destroyed. Neither another's key nor a new one opens what was sealed.
    CHECK(opens("person/1", std::string(rewrapped->size(), '\0')) == "sealed-unreadable");
    CHECK(opens("person/1", "") == "sealed-unreadable");
    CHECK(opens("person/1", ring.make("person/1").value().wrapped) == "sealed-unreadable");
}

}  // namespace

TEST_CASE("master keys in a file keep their promises") {
    const Folder folder;
    for (const Suite suite : {Suite::aes_gcm, Suite::sm4_sm3}) {
        const fs::path path = folder / (suite == Suite::aes_gcm ? "aes" : "sm4");
        auto made = create_key_file(path, suite);
        REQUIRE_MESSAGE(made, made.error().message);
        check_promises(std::move(*made));
    }
}

TEST_CASE("a key file read again is the same keys") {
    const Folder folder;
    const fs::path path = folder / "keys";
    KeyRing ring(create_key_file(path, Suite::aes_gcm).value());
    REQUIRE(ring.rotate());
    const auto person = ring.make("person/1");
    REQUIRE(person);
    struct stat s{};
    REQUIRE(::stat(path.c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0600);
    CHECK_FALSE(fs::exists(path.string() + ".new"));
    auto again = open_key_file(path);
    REQUIRE_MESSAGE(again, again.error().message);
    KeyRing read(std::move(*again));
    CHECK(read.keys() == ring.keys());
    CHECK(read.unwrap("person/1", person->wrapped));
    CHECK(code_of(create_key_file(path, Suite::aes_gcm)) == "key-file-refused");  // never over another

    KeyRing other(create_key_file(folder / "other", Suite::aes_gcm).value());
    CHECK(code_of(other.unwrap("person/1", person->wrapped)) == "key-missing");  // its number 2 is not ours
}

TEST_CASE("a key file that others could read, a link, and a changed one are refused") {
    const Folder folder;
    const fs::path path = folder / "keys";
    REQUIRE(create_key_file(path, Suite::aes_gcm));
    const std::string good = content_of(path);
    const auto refused = [&](const char* name) { return open_key_file(folder / name); };
    for (const ::mode_t mode : {0640, 0604, 0660, 0620, 0601}) {
        ::chmod(path.c_str(), mode);
        CAPTURE(mode);
        const auto r = refused("keys");
        REQUIRE_FALSE(r);
        CHECK(r.error().code == "key-file-refused");
        CHECK(r.error().message.find("chmod 600") != std::string::npos);
    }
    ::chmod(path.c_str(), 0600);
    REQUIRE(refused("keys"));
    fs::create_symlink(path, folder / "link");
    CHECK(code_of(refused("link")) == "key-file-refused");
    fs::create_hard_link(path, folder / "second");
    CHECK(code_of(refused("keys")) == "key-file-refused");
    fs::remove(folder / "second");
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(code_of(refused("pipe")) == "key-file-refused");
    CHECK(code_of(refused("none")) == "key-file-refused");
    write(folder / "empty", "");
    CHECK(code_of(refused("empty")) == "key-file-refused");
    write(folder / "long", std::string(70'000, 'x'));
    CHECK(code_of(refused("long")) == "key-file-refused");
    for (std::size_t i = 0; i < good.size(); ++i) {  // each of its characters counts
        std::string changed = good;
        changed[i] = changed[i] == '1' ? '2' : '1';
        if (changed == good) continue;
        CAPTURE(i);
        write(folder / "changed", changed);
        // The number of the key is the only thing a change of which leaves a sound file: its mark still tells it apart.
        const auto r = refused("changed");
        CHECK((!r || (*r)->keys().front().number != 1));
        if (!r) CHECK(r.error().message.find(good.substr(good.size() - 20, 10)) == std::string::npos);
    }
}

TEST_CASE("any text may pretend to be a key file") {
    const std::uint64_t seed = 12;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    const Folder folder;
    REQUIRE(create_key_file(folder / "keys", Suite::sm4_sm3));
    const std::string good = content_of(folder / "keys");
    for (int i = 0; i < 3'000; ++i) {
        std::string bent = good.substr(0, random.below(good.size() + 1));
        for (int k = 0; k < 2 && !bent.empty(); ++k) bent[random.below(bent.size())] = static_cast<char>(random.next());
        (void)read_master_keys(bent, "keys");
    }
}

TEST_CASE("master keys in a PKCS#11 token keep the same promises") {
    const fs::path library = "/usr/lib/softhsm/libsofthsm2.so";
    if (!fs::exists(library) ||
        std::system("command -v softhsm2-util >/dev/null") != 0) {  // NOLINT(concurrency-mt-unsafe)
        fmt::print("SKIPPED: no PKCS#11 module to test with: install softhsm2 (./dev setup test)\n");
        return;
    }
    const Folder folder;
    fs::create_directory(folder / "tokens");
    write(folder / "conf", fmt::format("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                                       (folder / "tokens").string()));
    ::setenv("SOFTHSM2_CONF", (folder / "conf").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    const std::string pin = new_password();
    const std::string init =
        fmt::format("softhsm2-util --init-token --free --label shoumen-test --so-pin {0} --pin {0} >/dev/null", pin);
    REQUIRE(std::system(init.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe)
    write(folder / "pin", pin + "\n");
    const KeyModule module{library, "shoumen-test", folder / "pin"};

    CHECK(code_of(open_key_module(module, false)) == "key-missing");
    auto holder = open_key_module(module, true);
    REQUIRE_MESSAGE(holder, holder.error().message);
    KeyRing ring(std::move(*holder));
    const auto person = ring.make("person/1");
    REQUIRE_MESSAGE(person, person.error().message);
    {  // opened a second time: the same keys
        auto again = open_key_module(module, false);
        REQUIRE_MESSAGE(again, again.error().message);
        KeyRing second(std::move(*again));
        CHECK(second.keys() == ring.keys());
        CHECK(second.unwrap("person/1", person->wrapped));
        check_promises(open_key_module(module, false).value());
    }
    CHECK(code_of(open_key_module({library, "another", folder / "pin"}, true)) == "key-module-refused");
    CHECK(code_of(open_key_module({folder / "none.so", "shoumen-test", folder / "pin"}, true)) == "key-module-refused");
    ::chmod((folder / "pin").c_str(), 0644);
    CHECK(code_of(open_key_module(module, true)) == "key-file-refused");
}
