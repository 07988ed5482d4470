// A Merkle tree that grows at its right edge. It keeps the tiles that are not full yet, some 64 KB at most; those that
// have changed are taken out of it to be stored. One thread.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "prove/tiles.hpp"

namespace shoumen::prove {

struct NumberedTile {
    TileAt at;  // its width as it is now
    Tile tile;
};

class Tree {
public:
    explicit Tree(Suite suite) : suite_(suite) {}
    // From the last tile of each level, as it was stored. Code ledger-damaged: they do not make up a tree.
    static base::Result<Tree> restore(Suite suite, std::vector<NumberedTile> last_of_each_level);

    void append(const Digest& leaf);
    [[nodiscard]] Suite suite() const { return suite_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Digest root() const;
    // What was filled or begun since this was last asked: each tile once, as it is now.
    std::vector<NumberedTile> take_changed();

private:
    struct Level {
        Tile tile;  // the partial one, possibly empty
        std::uint64_t n = 0;
        bool changed = false;
    };

    void add(unsigned level, const Digest& hash);

    Suite suite_;
    std::uint64_t size_ = 0;
    std::vector<Level> levels_;
    std::vector<NumberedTile> filled_;
};

}  // namespace shoumen::prove
