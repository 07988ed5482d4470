// Sealing: the standards' own vectors, what opens and what must not, for both suites.
#include "protect/seal.hpp"

#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"

#include "ciphers.hpp"

using namespace shoumen;
using namespace shoumen::protect;

namespace {

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

std::string to_hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<std::uint8_t>(c));
    return out;
}

std::string any_bytes(base::SeededRandom& random, std::size_t most) {
    std::string out(random.below(most + 1), '\0');
    for (char& c : out) c = static_cast<char>(random.next());
    return out;
}

DataKey key_of(base::SeededRandom& random) {
    std::string bytes(Secret::size, '\0');
    for (char& c : bytes) c = static_cast<char>(random.next());
    return DataKey::of(Secret::copy_of(bytes)).value();
}

std::string code_of(const base::Result<std::string>& r) { return r ? "opened" : r.error().code; }

template <class T>
concept Streams = requires(std::ostream& out, const T& v) { out << v; };
static_assert(!Streams<Secret> && !Streams<DataKey> && !fmt::is_formattable<Secret>::value &&
              !fmt::is_formattable<DataKey>::value);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_constructible_v<DataKey>);

}  // namespace

TEST_CASE("the primitives give what the standards print") {
    // AES-256-GCM: test case 16 of the GCM specification (McGrew and Viega).
    const std::string key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    const std::string nonce = from_hex("cafebabefacedbaddecaf888");
    const std::string aad = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const std::string plain = from_hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de6"
        "57ba637b39");
    const auto sealed = aes_256_gcm_seal(bytes_of(key), bytes_of(nonce), aad, plain);
    REQUIRE(sealed);
    CHECK(to_hex(*sealed) ==
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba"
          "7a0abcc9f662"
          "76fc6ece0f4e1768cddf8853bb2d551b");
    CHECK(aes_256_gcm_open(bytes_of(key), bytes_of(nonce), aad, *sealed) == plain);
    CHECK_FALSE(aes_256_gcm_open(bytes_of(key), bytes_of(nonce), "", *sealed));

    // SM4 (GB/T 32907, example 1): the counter's first block is the encrypted block.
    const std::string block = from_hex("0123456789abcdeffedcba9876543210");
    CHECK(to_hex(*sm4_ctr(bytes_of(block), bytes_of(block), std::string(16, '\0'))) ==
          "681edf34d206965e86b3e94f536e4246");

    // HMAC-SM3 (GM/T 0042, D.3).
    const std::string mac_key = from_hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    std::string message = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    CHECK(to_hex(*hmac("SM3", bytes_of(mac_key), message + message)) ==
          "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");

    // HKDF-SHA256 (RFC 5869, test case 1).
    std::array<std::uint8_t, 42> out{};
    const std::string ikm(22, '\x0b'), salt = from_hex("000102030405060708090a0b0c"),
                                       info = from_hex("f0f1f2f3f4f5f6f7f8f9");
    REQUIRE(hkdf("SHA256", bytes_of(ikm), bytes_of(salt), info, out));
    CHECK(to_hex({reinterpret_cast<const char*>(out.data()), out.size()}) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST_CASE("what was sealed opens with its key for its context, and in no other way") {
    const std::uint64_t seed = 41;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    for (int round = 0; round < 400; ++round) {
        CAPTURE(round);
        const Suite suite = random.chance(0.5) ? Suite::aes_gcm : Suite::sm4_sm3;
        const DataKey key = key_of(random), other = key_of(random);
        const std::string context = any_bytes(random, 40), plain = any_bytes(random, 300);
        const std::string sealed = seal(key, suite, context, plain).value();
        CHECK(sealed.front() == static_cast<char>(suite));
        REQUIRE(open(key, context, sealed) == plain);
        CHECK(seal(key, suite, context, plain).value() != sealed);  // no nonce twice
        CHECK((plain.size() < 8 || sealed.find(plain) == std::string::npos));

        CHECK(code_of(open(other, context, sealed)) == "sealed-unreadable");
        CHECK(code_of(open(key, context + "x", sealed)) == "sealed-unreadable");
        CHECK(code_of(open(key, context, sealed.substr(0, random.below(sealed.size())))) == "sealed-unreadable");
        CHECK(code_of(open(key, context, sealed + '\0')) == "sealed-unreadable");
        std::string changed = sealed;
        const std::size_t at = random.below(changed.size());
        changed[at] = static_cast<char>(changed[at] ^ (1U << random.below(8)));
        CHECK(code_of(open(key, context, changed)) == "sealed-unreadable");
    }
}

TEST_CASE("every byte of what was sealed counts") {
    base::SeededRandom random(5);
    const DataKey key = key_of(random);
    for (const Suite suite : {Suite::aes_gcm, Suite::sm4_sm3}) {
        const std::string sealed = seal(key, suite, "person/1/name", "张三").value();
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            std::string changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            CAPTURE(i);
            CHECK(code_of(open(key, "person/1/name", changed)) == "sealed-unreadable");
        }
    }
    // The border between context and what follows it cannot be moved.
    const std::string sealed = seal(key, Suite::sm4_sm3, "ab", "x").value();
    CHECK(code_of(open(key, "a", sealed)) == "sealed-unreadable");
    CHECK(code_of(open(key, "", "")) == "sealed-unreadable");
}

TEST_CASE("a personal value goes in and out sealed, as its own kind") {
    base::SeededRandom random(6);
    const DataKey key = key_of(random);
    const Phone phone("16099980901");
    const std::string sealed = Sealer::seal(key, Suite::aes_gcm, "person/1", phone).value();
    const auto back = Sealer::open<PersonalKind::phone>(key, "person/1", sealed);
    REQUIRE(back);
    CHECK(back->masked() == "160****0901");
    CHECK_FALSE(Sealer::open<PersonalKind::name>(key, "person/1", sealed));
    CHECK_FALSE(Sealer::open<PersonalKind::phone>(key, "person/2", sealed));
}

TEST_CASE("equal values are found by their index, which needs the key") {
    base::SeededRandom random(8);
    const DataKey key = key_of(random), other = key_of(random);
    const std::string index = Sealer::index(key, Phone("16099980901")).value();
    CHECK(index.size() == 64);
    for (const char* form : {"160 9998 0901", "+86 160-9998-0901", "１６０９９９８０９０１", "8616099980901"})
        CHECK(Sealer::index(key, Phone(form)).value() == index);
    CHECK(Sealer::index(key, Phone("16099980902")).value() != index);
    CHECK(Sealer::index(other, Phone("16099980901")).value() != index);
    CHECK(Sealer::index(key, Name("16099980901")).value() != index);
    CHECK(Sealer::index(key, IdNumber("11010521490101006x")).value() ==
          Sealer::index(key, IdNumber("11010521490101006X")).value());
}

TEST_CASE("a key that moved away is wiped where it was, and wiping leaves nothing") {
    Secret a = Secret::random().value();
    const std::string before(reinterpret_cast<const char*>(SecretAccess::bytes(a).data()), Secret::size);
    const Secret b = std::move(a);
    CHECK(std::string(reinterpret_cast<const char*>(SecretAccess::bytes(b).data()), Secret::size) == before);
    CHECK(std::string(reinterpret_cast<const char*>(SecretAccess::bytes(a).data()), Secret::size) ==
          std::string(Secret::size, '\0'));  // NOLINT(bugprone-use-after-move)
    std::string text = "张三";
    wipe(text);
    CHECK(text.empty());
}
