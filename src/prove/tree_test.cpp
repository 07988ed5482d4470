// Trees, tiles and proofs: known vectors, and every tree of some size against the definition of the standard.
#include <bit>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "prove/tile_cache.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::prove;
using namespace shoumen::prove::testing;

namespace {

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

// The eight leaves that implementations of RFC 6962 test with, and the roots of the trees they make.
const std::vector<std::string> known_leaves{
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> known_roots{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

void flip_any(Proof& proof, base::SeededRandom& random) { flip(proof[random.below(proof.size())], random); }

}  // namespace

TEST_CASE("hashes are those of the standards") {
    CHECK(base::to_hex(empty_root(Suite::sha256)) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(base::to_hex(hash(Suite::sm3, "abc")) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    CHECK(leaf_hash(Suite::sha256, "L123456") == base::leaf_hash("L123456"));
    CHECK(base::to_hex(leaf_hash(Suite::sha256, "L123456")) ==
          "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    CHECK(leaf_hash(Suite::sm3, "a") == hash(Suite::sm3, std::string("\0a", 2)));
    CHECK(suite_of("sm3") == Suite::sm3);
    CHECK_FALSE(suite_of("md5"));
}

TEST_CASE("the roots of the known tree") {
    Tree tree(Suite::sha256);
    CHECK(tree.root() == empty_root(Suite::sha256));
    MemoryTiles tiles;
    for (std::size_t i = 0; i < known_leaves.size(); ++i) {
        tree.append(leaf_hash(Suite::sha256, from_hex(known_leaves[i])));
        CHECK(base::to_hex(tree.root()) == known_roots[i]);
    }
    tiles.keep(tree.take_changed());
    for (std::size_t i = 0; i < known_roots.size(); ++i)
        CHECK(base::to_hex(root_at(Suite::sha256, tiles, i + 1).value()) == known_roots[i]);
    // Proofs that RFC 6962's implementations have printed: leaf 6 of 8, and from tree 6 to tree 8.
    const auto proof = inclusion_proof(Suite::sha256, tiles, 5, 8).value();
    REQUIRE(proof.size() == 3);
    CHECK(base::to_hex(proof[0]) == "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    CHECK(base::to_hex(proof[1]) == "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
    CHECK(base::to_hex(proof[2]) == "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    const auto grown = consistency_proof(Suite::sha256, tiles, 6, 8).value();
    REQUIRE(grown.size() == 3);
    CHECK(base::to_hex(grown[0]) == "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
    CHECK(base::to_hex(grown[1]) == "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
    CHECK(base::to_hex(grown[2]) == "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

TEST_CASE("every tree up to 70 leaves: roots, every inclusion, every consistency, and nothing beside them") {
    for (const Suite suite : {Suite::sha256, Suite::sm3}) {
        base::SeededRandom random(7);
        const auto leaves = any_leaves(random, 70);
        Tree tree(suite);
        MemoryTiles tiles;
        std::vector<Digest> roots{empty_root(suite)};
        for (const auto& leaf : leaves) {
            tree.append(leaf);
            roots.push_back(root_of(suite, leaves, 0, tree.size()));
            REQUIRE(tree.root() == roots.back());
        }
        tiles.keep(tree.take_changed());
        for (std::uint64_t size = 1; size <= leaves.size(); ++size) {
            for (std::uint64_t i = 0; i < size; ++i) {
                const auto proof = inclusion_proof(suite, tiles, i, size).value();
                REQUIRE(is_included(suite, leaves[i], i, size, proof, roots[size]));
                REQUIRE_FALSE(is_included(suite, leaves[i], (i + 1) % size, size, proof, roots[size]) == (size > 1));
            }
            for (std::uint64_t older = 0; older <= size; ++older) {
                const auto proof = consistency_proof(suite, tiles, older, size).value();
                REQUIRE(is_consistent(suite, older, roots[older], size, roots[size], proof));
                REQUIRE_FALSE(is_consistent(suite, older, any_digest(random), size, roots[size], proof));
                REQUIRE_FALSE(is_consistent(suite, older, roots[older], size, any_digest(random), proof) ==
                              (older != 0));
            }
        }
        CHECK(inclusion_proof(suite, tiles, 70, 70).error().code == "no-such-leaf");
        CHECK(consistency_proof(suite, tiles, 71, 70).error().code == "no-such-leaf");
        CHECK(inclusion_proof(suite, tiles, 1, 700).error().code == "tile-missing");
    }
}

TEST_CASE("a tree of many tiles: roots, stored, restored, proven with and without its inner nodes") {
    base::SeededRandom random(11);
    const std::size_t n = 70'000;
    const auto leaves = any_leaves(random, n);
    Tree tree(Suite::sha256);
    MemoryTiles tiles;
    MemoryTiles bare;
    std::vector<std::pair<std::uint64_t, Digest>> roots;
    for (const auto& leaf : leaves) {
        tree.append(leaf);
        if (random.chance(0.01)) {
            auto changed = tree.take_changed();
            bare.keep(changed, false);
            tiles.keep(std::move(changed));
            roots.emplace_back(tree.size(), tree.root());
        }
    }
    bare.keep({}, false);
    auto changed = tree.take_changed();
    bare.keep(changed, false);
    tiles.keep(std::move(changed));
    CHECK(tree.root() == root_of(Suite::sha256, leaves, 0, n));
    // As the specification counts them for 70,000.
    const auto all = tiles_of(n);
    CHECK(all.size() == 273 + 1 + 1 + 1 + 1);
    CHECK(all[273] == TileAt{0, 273, 112});
    CHECK(all[275] == TileAt{1, 1, 17});
    CHECK(all[276] == TileAt{2, 0, 1});
    for (const auto& at : all) {
        const auto tile = tiles.tile(at).value();
        REQUIRE(tile);
        CHECK(tile->width() == at.width);
    }
    for (const auto& [size, root] : roots) REQUIRE(root_at(Suite::sha256, tiles, size).value() == root);
    for (int k = 0; k < 300; ++k) {
        const auto size = 1 + random.below(n);
        const auto i = random.below(size);
        const auto older = random.below(size + 1);
        const auto proof = inclusion_proof(Suite::sha256, tiles, i, size).value();
        REQUIRE(proof == inclusion_proof(Suite::sha256, bare, i, size).value());
        const auto root = root_at(Suite::sha256, bare, size).value();
        REQUIRE(is_included(Suite::sha256, leaves[i], i, size, proof, root));
        const auto grown = consistency_proof(Suite::sha256, tiles, older, size).value();
        REQUIRE(is_consistent(Suite::sha256, older, root_at(Suite::sha256, tiles, older).value(), size, root, grown));
    }
    tiles.reads = 0;
    (void)inclusion_proof(Suite::sha256, tiles, 12'345, n);
    CHECK(tiles.reads <= 5);

    std::vector<NumberedTile> last;
    for (unsigned level = 0; level < 3; ++level) {
        std::uint64_t at = 0;
        while (width_in(n, level, at + 1) > 0) ++at;
        last.push_back({{level, at, width_in(n, level, at)}, *tiles.tile({level, at}).value()});
    }
    auto again = Tree::restore(Suite::sha256, last).value();
    CHECK(again.size() == n);
    CHECK(again.root() == tree.root());
    for (int k = 0; k < 1'000; ++k) {
        const auto leaf = any_digest(random);
        again.append(leaf);
        tree.append(leaf);
    }
    CHECK(again.root() == tree.root());
    last.pop_back();
    CHECK(Tree::restore(Suite::sha256, last).error().code == "ledger-damaged");
}

TEST_CASE("a full tile at the edge is restored as the begin of the next") {
    for (const std::size_t n : {255U, 256U, 257U, 512U, 65'535U, 65'536U, 65'537U}) {
        base::SeededRandom random(n);
        Tree tree(Suite::sha256);
        MemoryTiles tiles;
        for (std::size_t i = 0; i < n; ++i) tree.append(any_digest(random));
        tiles.keep(tree.take_changed());
        std::vector<NumberedTile> last;
        for (unsigned level = 0; width_in(n, level, 0) > 0; ++level) {
            std::uint64_t at = 0;
            while (width_in(n, level, at + 1) > 0) ++at;
            last.push_back({{level, at, width_in(n, level, at)}, *tiles.tile({level, at}).value()});
        }
        auto again = Tree::restore(Suite::sha256, last).value();
        CHECK(again.root() == tree.root());
        CHECK(again.root() == root_at(Suite::sha256, tiles, n).value());
        const auto leaf = any_digest(random);
        again.append(leaf);
        tree.append(leaf);
        CHECK(again.root() == tree.root());
    }
}

TEST_CASE("property: a proof that was changed anywhere proves nothing") {
    CHECK(rc::check("inclusion", [](std::uint64_t seed) {
        base::SeededRandom random(seed);
        const Suite suite = random.chance(0.5) ? Suite::sm3 : Suite::sha256;
        const auto n = 2 + random.below(600);
        const auto leaves = any_leaves(random, n);
        Tree tree(suite);
        for (const auto& leaf : leaves) tree.append(leaf);
        MemoryTiles tiles;
        tiles.keep(tree.take_changed());
        auto i = random.below(n);
        auto proof = inclusion_proof(suite, tiles, i, n).value();
        auto leaf = leaves[i];
        auto root = tree.root();
        RC_ASSERT(is_included(suite, leaf, i, n, proof, root));
        switch (random.below(7)) {
            case 0:
                flip(leaf, random);
                break;
            case 1:
                flip(root, random);
                break;
            case 2:
                flip_any(proof, random);
                break;
            case 3:
                proof.pop_back();
                break;
            case 4:
                proof.insert(proof.begin() + static_cast<std::ptrdiff_t>(random.below(proof.size() + 1)),
                             any_digest(random));
                break;
            case 5:
                i = (i + 1 + random.below(n - 1)) % n;
                break;
            default:
                if (proof.size() < 2) return;
                std::swap(proof[0], proof[1]);
                if (proof[0] == proof[1]) return;
        }
        RC_ASSERT_FALSE(is_included(suite, leaf, i, n, proof, root));
    }));
    CHECK(rc::check("consistency", [](std::uint64_t seed) {
        base::SeededRandom random(seed);
        const auto n = 2 + random.below(600);
        const auto leaves = any_leaves(random, n);
        Tree tree(Suite::sha256);
        for (const auto& leaf : leaves) tree.append(leaf);
        MemoryTiles tiles;
        tiles.keep(tree.take_changed());
        auto older = 1 + random.below(n - 1);
        auto older_root = root_at(Suite::sha256, tiles, older).value();
        auto root = tree.root();
        auto proof = consistency_proof(Suite::sha256, tiles, older, n).value();
        RC_ASSERT(is_consistent(Suite::sha256, older, older_root, n, root, proof));
        switch (random.below(5)) {
            case 0:
                flip(older_root, random);
                break;
            case 1:
                flip(root, random);
                break;
            case 2:
                flip_any(proof, random);
                break;
            case 3:
                proof.pop_back();
                break;
            default:
                proof.push_back(any_digest(random));
        }
        RC_ASSERT_FALSE(is_consistent(Suite::sha256, older, older_root, n, root, proof));
    }));
}

TEST_CASE("paths of tiles are those of the specification, each written in one way") {
    CHECK(tile_path({0, 1'234'067, 256}) == "tile/0/x001/x234/067");
    CHECK(tile_path({1, 0, 17}) == "tile/1/000.p/17");
    CHECK(tile_path({2, 999, 256}) == "tile/2/999");
    CHECK(tile_path({3, 1'000, 1}) == "tile/3/x001/000.p/1");
    base::SeededRandom random(5);
    for (int k = 0; k < 2'000; ++k) {
        const TileAt at{static_cast<unsigned>(random.below(tile_levels)), random.next() >> (11 + random.below(52)),
                        1 + static_cast<unsigned>(random.below(256))};
        REQUIRE(parse_tile_path(tile_path(at)) == at);
    }
    for (const char* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/1",
                             "tile/0/0000",
                             "tile/0/x000/001",
                             "tile/0/001/002",
                             "tile/0/x01/002",
                             "tile/00/001",
                             "tile/8/001",
                             "tile/-1/001",
                             "tile/0/001.p/0",
                             "tile/0/001.p/256",
                             "tile/0/001.p/07",
                             "tile/0/001.p/",
                             "tile/0/001.p",
                             "tile/0/x001/",
                             "tile/0/ab1",
                             "tile/0/../etc",
                             "tile/0/x999/x999/x999/x999/x999/x999/999",
                             "tile/entries/000",
                             "/tile/0/000",
                             "tile/0/000/"}) {
        CAPTURE(path);
        CHECK_FALSE(parse_tile_path(path));
    }
}

TEST_CASE("tiles of other lengths are refused") {
    CHECK(Tile::of_bytes(std::string(31, 'x'), "").error().code == "bad-tile");
    CHECK(Tile::of_bytes(std::string(257 * 32, 'x'), "").error().code == "bad-tile");
    CHECK(Tile::of_bytes(std::string(256 * 32, 'x'), std::string(32, 'x')).error().code == "bad-tile");
    CHECK(Tile::of_bytes(std::string(255 * 32, 'x'), std::string(254 * 32, 'x')).error().code == "bad-tile");
    CHECK(Tile::of_bytes("", "").value().width() == 0);
}

TEST_CASE("tiles above the lowest level, and partial ones, are read once, and again when they have grown") {
    base::SeededRandom random(13);
    const std::size_t n = 70'000;
    const auto leaves = any_leaves(random, n);
    Tree tree(Suite::sha256);
    for (const auto& leaf : leaves) tree.append(leaf);
    MemoryTiles stored;
    stored.keep(tree.take_changed());
    TileCache cache(8);
    CachedTiles tiles(Suite::sha256, cache, stored);
    for (int k = 0; k < 100; ++k) {
        const auto i = random.below(n);
        const auto proof = inclusion_proof(Suite::sha256, tiles, i, n).value();
        CHECK(is_included(Suite::sha256, leaves[i], i, n, proof, tree.root()));
    }
    stored.reads = 0;
    (void)inclusion_proof(Suite::sha256, tiles, 7, n);
    const auto with = stored.reads;
    stored.reads = 0;
    (void)inclusion_proof(Suite::sha256, stored, 7, n);
    CHECK(with < stored.reads);
    for (int k = 0; k < 300; ++k) {
        tree.append(any_digest(random));
        stored.keep(tree.take_changed());
        const auto size = tree.size();
        const auto i = random.below(n);
        const auto proof = inclusion_proof(Suite::sha256, tiles, i, size).value();
        REQUIRE(is_included(Suite::sha256, leaves[i], i, size, proof, tree.root()));
    }
}
