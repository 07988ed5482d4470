// Notes, keys, checkpoints and cosignatures: vectors of the specifications, round trips, and what must be refused.
#include <doctest/doctest.h>

#include "prove/checkpoint.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::prove;
using namespace shoumen::prove::testing;

namespace {

// The example of Go's package golang.org/x/mod/sumdb/note, which signed notes come from.
constexpr std::string_view neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view neumann_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

struct Keys {
    PrivateKey ed = PrivateKey::make(KeyType::ed25519).value();
    PrivateKey sm2 = PrivateKey::make(KeyType::sm2).value();
    PrivateKey street = PrivateKey::make(KeyType::witness).value();
    std::vector<PublicKey> all{ed.public_key("log.example/a"), sm2.public_key("log.example/a"),
                               street.public_key("street.example")};

    Note note(const Checkpoint& c, base::Time cosigned) const {
        Note n{to_text(c), {}};
        n.signatures.push_back(ed.sign("log.example/a", n.text).value());
        n.signatures.push_back(sm2.sign("log.example/a", n.text).value());
        n.signatures.push_back(cosign(street, "street.example", n.text, cosigned).value());
        return n;
    }
};

Checkpoint point(std::uint64_t size) {
    base::SeededRandom random(size);
    return {"log.example/a", size, any_digest(random), Suite::sha256, base::Time{1'772'496'000'000'000}};
}

}  // namespace

TEST_CASE("base64 is written in one way") {
    CHECK(to_base64("") == "");
    CHECK(to_base64("f") == "Zg==");
    CHECK(to_base64("fo") == "Zm8=");
    CHECK(to_base64("foobar") == "Zm9vYmFy");
    base::SeededRandom random(1);
    for (int k = 0; k < 200; ++k) {
        std::string bytes(random.below(70), '\0');
        for (char& c : bytes) c = static_cast<char>(random.next());
        REQUIRE(from_base64(to_base64(bytes)) == bytes);
    }
    for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 8", "Zm8=\n", "Z-8_"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
}

TEST_CASE("the known note is read, checked and written as it was") {
    const auto key = parse_vkey(neumann).value();
    CHECK(key.name == "PeterNeumann");
    CHECK(key_id(key) == 0xc74f20a3U);
    CHECK(to_vkey(key) == neumann);
    const auto note = parse_note(neumann_note).value();
    CHECK(to_text(note) == neumann_note);
    CHECK(check(key, note) == true);
    auto changed = note;
    changed.text[0] = 'i';
    CHECK(check(key, changed) == false);
    auto other = key;
    other.name = "Peter";
    CHECK_FALSE(check(other, note).has_value());
}

TEST_CASE("what is no note is refused") {
    const std::string line = "\xE2\x80\x94 a " + to_base64("1234signature") + "\n";
    CHECK(parse_note("text\n\n" + line).value().text == "text\n");
    CHECK(parse_note("text\n\nmore\n\n" + line).value().text == "text\n\nmore\n");
    std::string many = "text\n\n";
    for (std::size_t i = 0; i <= most_signatures; ++i) many += line;
    for (const std::string& bytes :
         {std::string(), std::string("text\n"), std::string("text\n\n"), "\n\n" + line, "text\n" + line,
          "text\n\n" + line.substr(0, line.size() - 1), "text\r\n\n" + line, std::string("text\n\n- a MTIzNDU=\n"),
          std::string("text\n\n\xE2\x80\x94 a\n"), std::string("text\n\n\xE2\x80\x94 a+b MTIzNDU=\n"),
          std::string("text\n\n\xE2\x80\x94 a MTIzNA==\n"), std::string("text\n\n\xE2\x80\x94 a MTIzNDU\n"), many,
          std::string(largest_note + 1, 'x')}) {
        CAPTURE(bytes);
        const auto note = parse_note(bytes);
        REQUIRE_FALSE(note);
        CHECK(note.error().code == "bad-note");
    }
}

TEST_CASE("keys of each type sign, are written and read again, and nothing else passes") {
    for (const KeyType type : {KeyType::ed25519, KeyType::sm2}) {
        const auto key = PrivateKey::make(type).value();
        const auto again = PrivateKey::from_pem(type, key.to_pem()).value();
        const auto shown = key.public_key("log.example");
        CHECK(again.public_key("log.example") == shown);
        CHECK(parse_vkey(to_vkey(shown)).value() == shown);
        const auto signature = again.sign("log.example", "text\n").value();
        CHECK(signature.key_id == key_id(shown));
        CHECK(is_signed(shown, "text\n", signature.bytes));
        CHECK_FALSE(is_signed(shown, "text", signature.bytes));
        auto bent = signature.bytes;
        bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 4);
        CHECK_FALSE(is_signed(shown, "text\n", bent));
        CHECK_FALSE(is_signed(shown, "text\n", ""));
        const auto stranger = PrivateKey::make(type).value().public_key("log.example");
        CHECK_FALSE(is_signed(stranger, "text\n", signature.bytes));
        const auto other = type == KeyType::sm2 ? KeyType::ed25519 : KeyType::sm2;
        CHECK(PrivateKey::from_pem(other, key.to_pem()).error().code == "bad-key");
    }
    CHECK(PrivateKey::from_pem(KeyType::ed25519, "").error().code == "bad-key");
    CHECK(PrivateKey::from_pem(KeyType::ed25519, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
              .error()
              .code == "bad-key");
}

TEST_CASE("public keys that were cut, mixed up or made up are refused") {
    const std::string good(neumann);
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("a+b"), good.substr(0, good.size() - 4), "x" + good,
          std::string("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
          std::string("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
          std::string("a b+00000000+AAAA"), good + std::string(2'000, 'A')}) {
        CAPTURE(text);
        const auto key = parse_vkey(text);
        REQUIRE_FALSE(key);
        CHECK(key.error().code == "bad-key");
    }
    // A point that lies on no curve is a key nothing is signed with.
    CHECK_FALSE(is_signed({"a", KeyType::sm2, std::string(65, '\x04')}, "t", "s"));
    CHECK(parse_vkeys("# the street's\n\n" + good + "\r\n").value().size() == 1);
    CHECK_FALSE(parse_vkeys("# the street's\nnonsense\n"));
}

TEST_CASE("checkpoints are written and read, one way each") {
    for (const Suite suite : {Suite::sha256, Suite::sm3}) {
        for (const base::Time time : {base::Time::none(), base::Time{1'772'496'000'000'000}}) {
            auto c = point(20'852'163);
            c.suite = suite;
            c.time = time;
            CHECK(parse_checkpoint(to_text(c)).value() == c);
        }
    }
    // The specification's own.
    const auto known =
        parse_checkpoint("example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
    CHECK(known.value().size == 20'852'163);
    CHECK(parse_checkpoint("a\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nsomebody's line\n"));
    const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    for (const std::string& text :
         {std::string(), std::string("a\n"), "a b\n1\n" + root, "\n1\n" + root, "a\n01\n" + root, "a\n-1\n" + root,
          "a\n\n" + root, "a\n18446744073709551615\n" + root, "a\n1\n" + root.substr(0, 43),
          std::string("a\n1\nAAAA\n"), "a\n1\n" + root + "\n", "a\n1\n" + root + "hash md5\n",
          "a\n1\n" + root + "hash sha256\n", "a\n1\n" + root + "time x\n", "a\n1\n" + root + "time 1\ntime 2\n",
          "a\n1\n" + root + "time 999999999999999\n"}) {
        CAPTURE(text);
        const auto c = parse_checkpoint(text);
        REQUIRE_FALSE(c);
        CHECK(c.error().code == "bad-checkpoint");
    }
}

TEST_CASE("a checkpoint opens with its log's keys, and says who has co-signed it and when") {
    const Keys keys;
    const auto c = point(1'000);
    const auto note = keys.note(c, base::Time{1'772'496'060'999'999});
    const auto opened = open_checkpoint(to_text(note), keys.all).value();
    CHECK(opened.checkpoint == c);
    CHECK(opened.by.size() == 2);
    REQUIRE(opened.witnesses.size() == 1);
    CHECK(opened.witnesses[0].name == "street.example");
    CHECK(opened.witnesses[0].at == base::Time{1'772'496'060'000'000});
    const std::string message = cosigned_message(note.text, 1'772'496'060);
    CHECK(message == "cosignature/v1\ntime 1772496060\n" + note.text);

    CHECK(open_checkpoint(to_text(note), {keys.all[2]}).error().code == "not-signed");
    CHECK(open_checkpoint(to_text(note), {}).error().code == "not-signed");
    CHECK(open_checkpoint(to_text(note), {keys.all[1]}).value().by.size() == 1);
    CHECK(open_checkpoint("", keys.all).error().code == "bad-note");
    // A key of another log with the same bytes is another key.
    auto renamed = keys.all[0];
    renamed.name = "log.example/b";
    CHECK(open_checkpoint(to_text(note), {renamed}).error().code == "not-signed");
}

TEST_CASE("every bit of a checkpoint counts") {
    const Keys keys;
    const std::string bytes = to_text(keys.note(point(77), base::Time{1'772'496'060'000'000}));
    base::SeededRandom random(3);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string bent = bytes;
        bent[i] = static_cast<char>(bent[i] ^ (1U << random.below(7)));
        const auto opened = open_checkpoint(bent, keys.all);
        // A signature may be lost so that its key is no longer named; what is left must still be of the same tree.
        if (opened) CHECK((opened->checkpoint == point(77) && opened->by.size() + opened->witnesses.size() == 2));
    }
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        const auto opened = open_checkpoint(bytes.substr(0, n), keys.all);
        if (opened) CHECK(opened->checkpoint == point(77));
    }
}
