// For the tests of room prove: trees in memory, and changing one thing at a time.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "prove/proof.hpp"
#include "prove/tree.hpp"

namespace shoumen::prove::testing {

// The tree as the standard defines it, from the leaves' hashes: nothing of the code under test but hashing.
inline Digest root_of(Suite suite, const std::vector<Digest>& leaves, std::size_t begin, std::size_t end) {
    if (begin == end) return empty_root(suite);
    if (end - begin == 1) return leaves[begin];
    std::size_t k = 1;
    while (2 * k < end - begin) k *= 2;
    return node_hash(suite, root_of(suite, leaves, begin, begin + k), root_of(suite, leaves, begin + k, end));
}

class MemoryTiles final : public TileSource {
public:
    void keep(std::vector<NumberedTile> tiles, bool with_inner = true) {
        for (auto& t : tiles) {
            auto tile = Tile::of_bytes(t.tile.hash_bytes(), with_inner ? t.tile.inner_bytes() : "");
            kept[{t.at.level, t.at.n}] = std::make_shared<const Tile>(std::move(*tile));
        }
    }
    base::Result<std::shared_ptr<const Tile>> tile(const TileAt& at) override {
        ++reads;
        const auto it = kept.find({at.level, at.n});
        if (it == kept.end()) return std::shared_ptr<const Tile>();
        return it->second;
    }

    std::map<std::pair<unsigned, std::uint64_t>, std::shared_ptr<const Tile>> kept;
    std::size_t reads = 0;
};

inline Digest any_digest(base::SeededRandom& random) {
    Digest d;
    for (auto& b : d) b = static_cast<std::uint8_t>(random.next());
    return d;
}

inline std::vector<Digest> any_leaves(base::SeededRandom& random, std::size_t n) {
    std::vector<Digest> out(n);
    for (auto& d : out) d = any_digest(random);
    return out;
}

inline void flip(Digest& d, base::SeededRandom& random) {
    d[random.below(d.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
}

}  // namespace shoumen::prove::testing
