// Receipts in both forms: round trips, erased acts, and that nothing in one may be changed.
#include "prove/receipt.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::prove;
using namespace shoumen::prove::testing;

namespace {

Act any_act(base::SeededRandom& random, std::uint64_t id) {
    Act a{1,
          id,
          base::Time{1'772'496'000'123'456},
          "p-7",
          "grid_worker",
          "patrolled",
          "",
          "place:e1/b2",
          1,
          "round 3",
          any_digest(random)};
    if (random.chance(0.2)) a.detail = "two\nlines\\ and a\ttab";
    return a;
}

struct Log {
    explicit Log(std::uint64_t seed, std::size_t n, Suite suite = Suite::sha256) : random(seed), tree(suite) {
        for (std::size_t i = 0; i < n; ++i) {
            acts.push_back(any_act(random, i + 1));
            tree.append(leaf_of(suite, acts.back()));
        }
        tiles.keep(tree.take_changed());
        checkpoint = {"log.example/a", tree.size(), tree.root(), suite, base::Time{1'772'496'001'000'000}};
        note.text = to_text(checkpoint);
        note.signatures.push_back(ed.sign("log.example/a", note.text).value());
        note.signatures.push_back(sm2.sign("log.example/a", note.text).value());
        note.signatures.push_back(cosign(street, "street.example", note.text, checkpoint.time).value());
    }
    Receipt receipt(std::uint64_t i) {
        return {acts[i], false, {}, i, inclusion_proof(tree.suite(), tiles, i, tree.size()).value(), note};
    }

    base::SeededRandom random;
    Tree tree;
    MemoryTiles tiles;
    std::vector<Act> acts;
    Checkpoint checkpoint;
    Note note;
    PrivateKey ed = PrivateKey::make(KeyType::ed25519).value();
    PrivateKey sm2 = PrivateKey::make(KeyType::sm2).value();
    PrivateKey street = PrivateKey::make(KeyType::witness).value();
    std::vector<PublicKey> keys{ed.public_key("log.example/a"), sm2.public_key("log.example/a"),
                                street.public_key("street.example")};
};

}  // namespace

TEST_CASE("a receipt proves its act, in both forms and both suites") {
    for (const Suite suite : {Suite::sha256, Suite::sm3}) {
        Log log(1, 300, suite);
        for (const std::uint64_t i : {0U, 1U, 255U, 256U, 299U}) {
            const auto receipt = log.receipt(i);
            const auto proven = verify(receipt, log.keys).value();
            CHECK(proven.checkpoint == log.checkpoint);
            CHECK(proven.by.size() == 2);
            CHECK(proven.witnesses.size() == 1);
            CHECK(parse_receipt(to_text(receipt)).value() == receipt);
            const auto code = to_short(receipt).value();
            CHECK(code.size() < 2'000);
            const auto scanned = parse_receipt(code).value();
            CHECK(scanned.act == receipt.act);
            CHECK(scanned.proof == receipt.proof);
            const auto again = verify(scanned, log.keys).value();
            CHECK(again.checkpoint == log.checkpoint);
            CHECK(again.by.size() == 1);
            CHECK(again.witnesses.size() == 1);
            CHECK(to_short(scanned) == code);
        }
    }
}

TEST_CASE("the short form of a receipt from a hundred million leaves fits a code that is printed") {
    Log log(2, 1);
    auto receipt = log.receipt(0);
    receipt.index = 77'777'777;
    log.checkpoint.size = 100'000'000;
    for (int i = 0; i < 27; ++i) receipt.proof.push_back(any_digest(log.random));
    receipt.checkpoint.text = to_text(log.checkpoint);
    CHECK(to_short(receipt).value().size() < 2'000);  // a code holds 4,296 such characters
}

TEST_CASE("erasing an act takes nothing from proofs, and says nothing of the act") {
    Log log(3, 40);
    const auto held = log.receipt(11);  // somebody's, from before
    const Digest leaf = leaf_of(Suite::sha256, log.acts[11]);
    log.acts[11] = {1, 12, log.acts[11].at, "", "", "", "", "", 0, "", {}};
    CHECK(log.acts[11].erased());
    CHECK(verify(held, log.keys));
    for (std::uint64_t i = 0; i < 40; ++i) {
        if (i != 11) CHECK(verify(log.receipt(i), log.keys));
    }
    Receipt now{{}, true, leaf, 11, held.proof, log.note};
    now.act.shard = 1;
    now.act.id = 12;
    CHECK(verify(now, log.keys));
    CHECK(parse_receipt(to_text(now)).value() == now);
    CHECK(verify(parse_receipt(to_short(now).value()).value(), log.keys));
    CHECK(to_text(now).find("p-7") == std::string::npos);
    // Without its salt the leaf cannot be found by trying what may have stood there.
    Act guess = held.act;
    guess.salt = {};
    CHECK(leaf_of(Suite::sha256, guess) != leaf);
}

TEST_CASE("every field of an act counts") {
    base::SeededRandom random(9);
    const Act act = any_act(random, 5);
    const Digest leaf = leaf_of(Suite::sha256, act);
    const auto changed = [&](auto change) {
        Act other = act;
        change(other);
        return leaf_of(Suite::sha256, other) != leaf;
    };
    CHECK(changed([](Act& a) { ++a.shard; }));
    CHECK(changed([](Act& a) { ++a.id; }));
    CHECK(changed([](Act& a) { ++a.at.us; }));
    CHECK(changed([](Act& a) { a.actor = "p-8"; }));
    CHECK(changed([](Act& a) { a.role = "patrol"; }));
    CHECK(changed([](Act& a) { a.kind = "looked"; }));
    CHECK(changed([](Act& a) { a.purpose = "x"; }));
    CHECK(changed([](Act& a) { a.subject += "0"; }));
    CHECK(changed([](Act& a) { ++a.count; }));
    CHECK(changed([](Act& a) { a.detail = ""; }));
    CHECK(changed([](Act& a) { a.salt[31] ^= 1; }));
    CHECK(changed([](Act& a) { std::swap(a.actor, a.role); }));
    CHECK(leaf_of(Suite::sm3, act) != leaf);
    BatchMark batch{1, 9, 4, leaf};
    const Digest of_batch = leaf_of(Suite::sha256, batch);
    ++batch.count;
    CHECK(leaf_of(Suite::sha256, batch) != of_batch);
}

TEST_CASE("property: a receipt that was changed anywhere proves nothing else") {
    Log log(4, 200);
    CHECK(rc::check([&](std::uint64_t seed) {
        base::SeededRandom random(seed);
        const auto receipt = log.receipt(random.below(200));
        const std::string bytes = random.chance(0.5) ? to_text(receipt) : to_short(receipt).value();
        std::string bent = bytes;
        const auto at = random.below(bent.size());
        switch (random.below(3)) {
            case 0:
                bent[at] = static_cast<char>(bent[at] ^ (1U << random.below(8)));
                break;
            case 1:
                bent.erase(at, 1 + random.below(40));
                break;
            default:
                bent.insert(at, 1, static_cast<char>(random.next()));
        }
        const auto read = parse_receipt(bent);
        if (!read) {
            RC_ASSERT(read.error().code == "bad-receipt");
            return;
        }
        const auto proven = verify(*read, log.keys);
        // Where it still proves something, it is the same act in the same tree (a signature too few, at most).
        if (proven)
            RC_ASSERT(read->act == receipt.act && read->index == receipt.index && proven->checkpoint == log.checkpoint);
    }));
}

TEST_CASE("what is no receipt is refused") {
    Log log(5, 10);
    const std::string good = to_text(log.receipt(3));
    CHECK(looks_like_receipt(good));
    for (const std::string& bytes :
         {std::string(), std::string("SHOUMEN1:"), std::string("SHOUMEN1:A"), std::string("SHOUMEN1:~~~"),
          std::string("shoumen/receipt/2\n"), good.substr(0, good.size() / 2), good + "x", "x" + good,
          std::string(200'000, 'x'), "SHOUMEN1:" + std::string(9'000, '0')}) {
        CAPTURE(bytes.substr(0, 40));
        const auto read = parse_receipt(bytes);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == "bad-receipt");
    }
    for (const std::string& text : {std::string("\\"), std::string("\\q"), std::string("\\x0"), std::string("\\xgg")})
        CHECK_FALSE(unescaped(text));
    CHECK(unescaped(escaped(std::string("a\0\x7f\n\\", 5))) == std::string("a\0\x7f\n\\", 5));
}
