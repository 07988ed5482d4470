#include "prove/tree.hpp"

namespace shoumen::prove {
namespace {

tl::unexpected<base::Error> damaged(const char* what) {
    return base::fail("ledger-damaged",
                      std::string("the ledger's tiles do not make up a tree: ") + what + "; restore the newest backup");
}

}  // namespace

base::Result<Tree> Tree::restore(Suite suite, std::vector<NumberedTile> last) {
    Tree tree(suite);
    for (std::size_t level = 0; level < last.size(); ++level) {
        NumberedTile& found = last[level];
        if (found.at.level != level || found.tile.width() == 0) return damaged("a level is missing");
        const std::uint64_t hashes = found.at.n * tile_width + found.tile.width();
        if (level == 0)
            tree.size_ = hashes;
        else if (hashes != tree.size_ >> (tile_height * level))
            return damaged("a level does not fit the one below it");
        Level& kept = tree.levels_.emplace_back();
        kept.n = found.at.n + (found.tile.full() ? 1 : 0);
        if (!found.tile.full()) {
            for (const auto& h : found.tile.hashes()) kept.tile.add(suite, h);
        }
    }
    if (tree.size_ > most_leaves || tree.size_ >> (tile_height * last.size()) != 0)
        return damaged("a level is missing");
    return tree;
}

void Tree::append(const Digest& leaf) {
    add(0, leaf);
    ++size_;
}

void Tree::add(unsigned level, const Digest& hash) {
    if (levels_.size() <= level) levels_.resize(level + 1);
    Level& of = levels_[level];
    of.tile.add(suite_, hash);
    of.changed = true;
    if (!of.tile.full()) return;
    const Digest root = of.tile.node(suite_, tile_height, 0);
    filled_.push_back({{level, of.n, tile_width}, std::move(of.tile)});
    of = {{}, of.n + 1, false};
    add(level + 1, root);
}

Digest Tree::root() const {
    if (size_ == 0) return empty_root(suite_);
    Digest root{};
    bool any = false;
    for (const auto& level : levels_) {
        for (const auto& peak : level.tile.peaks(suite_)) {
            root = any ? node_hash(suite_, peak, root) : peak;
            any = true;
        }
    }
    return root;
}

std::vector<NumberedTile> Tree::take_changed() {
    auto out = std::exchange(filled_, {});
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        Level& of = levels_[level];
        if (!of.changed) continue;
        of.changed = false;
        out.push_back({{static_cast<unsigned>(level), of.n, of.tile.width()}, of.tile});
    }
    return out;
}

}  // namespace shoumen::prove
