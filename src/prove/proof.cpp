#include "prove/proof.hpp"

#include <algorithm>
#include <bit>

namespace shoumen::prove {
namespace {

using base::Result;

// Reads nodes of a tree of one size, and keeps the tiles it has read.
class Nodes {
public:
    Nodes(Suite suite, TileSource& source, std::uint64_t size) : suite_(suite), source_(source), size_(size) {}

    // Of the leaves [begin, end): begin is a multiple of the power of two not below end - begin.
    Result<Digest> root_of(std::uint64_t begin, std::uint64_t end) {
        const std::uint64_t n = end - begin;
        if (std::has_single_bit(n)) return node(static_cast<unsigned>(std::countr_zero(n)), begin);
        const std::uint64_t left = std::bit_floor(n);
        auto l = root_of(begin, begin + left);
        if (!l) return l;
        auto r = root_of(begin + left, end);
        if (!r) return r;
        return node_hash(suite_, *l, *r);
    }

private:
    Result<Digest> node(unsigned height, std::uint64_t begin) {
        const unsigned level = height / tile_height;
        const unsigned row = height % tile_height;
        const std::uint64_t nth = begin >> height;  // among the nodes of this height
        const std::uint64_t n = nth >> (tile_height - row);
        auto tile = tile_at(level, n);
        if (!tile) return tl::unexpected(std::move(tile.error()));
        const auto within = static_cast<unsigned>(nth & ((tile_width >> row) - 1));
        return (*tile)->node(suite_, row, within);
    }

    Result<std::shared_ptr<const Tile>> tile_at(unsigned level, std::uint64_t n) {
        for (const auto& [at, tile] : read_) {
            if (at.level == level && at.n == n) return tile;
        }
        const TileAt at{level, n, width_in(size_, level, n)};
        auto tile = source_.tile(at);
        if (!tile) return tile;
        if (!*tile || (*tile)->width() < at.width)
            return base::fail("tile-missing", "the tile " + tile_path(at) + " is missing or too narrow", tile_path(at));
        read_.emplace_back(at, *tile);
        return tile;
    }

    Suite suite_;
    TileSource& source_;
    std::uint64_t size_;
    std::vector<std::pair<TileAt, std::shared_ptr<const Tile>>> read_;
};

// The largest power of two below n; n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

}  // namespace

Result<Proof> inclusion_proof(Suite suite, TileSource& source, std::uint64_t index, std::uint64_t size) {
    if (index >= size || size > most_leaves) return base::fail("no-such-leaf", "the tree has no leaf of this number");
    Nodes nodes(suite, source, size);
    // From the root down; the proof is said from the leaf up.
    Proof proof;
    std::uint64_t begin = 0;
    std::uint64_t end = size;
    while (end - begin > 1) {
        const std::uint64_t middle = begin + split(end - begin);
        const bool left = index < middle;
        auto sibling = left ? nodes.root_of(middle, end) : nodes.root_of(begin, middle);
        if (!sibling) return tl::unexpected(std::move(sibling.error()));
        proof.push_back(*sibling);
        (left ? end : begin) = middle;
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<Proof> consistency_proof(Suite suite, TileSource& source, std::uint64_t older, std::uint64_t newer) {
    if (older > newer || newer > most_leaves)
        return base::fail("no-such-leaf", "the newer tree is smaller than the older one");
    Proof proof;
    if (older == 0 || older == newer) return proof;
    Nodes nodes(suite, source, newer);
    std::uint64_t begin = 0;
    std::uint64_t end = newer;
    bool whole = true;  // what is left of the older tree is the older tree, whose root the verifier has
    while (end != older) {
        const std::uint64_t middle = begin + split(end - begin);
        const bool left = older <= middle;
        auto sibling = left ? nodes.root_of(middle, end) : nodes.root_of(begin, middle);
        if (!sibling) return tl::unexpected(std::move(sibling.error()));
        proof.push_back(*sibling);
        if (!left) whole = false;
        (left ? end : begin) = middle;
    }
    if (!whole) {
        auto rest = nodes.root_of(begin, end);
        if (!rest) return tl::unexpected(std::move(rest.error()));
        proof.push_back(*rest);
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<Digest> root_at(Suite suite, TileSource& source, std::uint64_t size) {
    if (size == 0) return empty_root(suite);
    if (size > most_leaves) return base::fail("no-such-leaf", "a tree has no more than 2^62 leaves");
    return Nodes(suite, source, size).root_of(0, size);
}

std::optional<Digest> root_by(Suite suite, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const Digest> proof) {
    if (index >= size || size > most_leaves) return std::nullopt;
    std::uint64_t at = index;
    std::uint64_t last = size - 1;
    Digest root = leaf;
    for (const auto& sibling : proof) {
        if (last == 0) return std::nullopt;
        if (at % 2 == 1 || at == last) {
            root = node_hash(suite, sibling, root);
            while (at % 2 == 0 && at != 0) {
                at >>= 1U;
                last >>= 1U;
            }
        } else {
            root = node_hash(suite, root, sibling);
        }
        at >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return std::nullopt;
    return root;
}

bool is_included(Suite suite, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                 std::span<const Digest> proof, const Digest& root) {
    return root_by(suite, leaf, index, size, proof) == root;
}

bool is_consistent(Suite suite, std::uint64_t older, const Digest& older_root, std::uint64_t newer,
                   const Digest& newer_root, std::span<const Digest> proof) {
    if (older > newer || newer > most_leaves) return false;
    if (older == newer) return proof.empty() && older_root == newer_root;
    if (older == 0) return proof.empty() && older_root == empty_root(suite);
    // Where the older tree is one whole subtree, its root begins the proof.
    const bool whole = std::has_single_bit(older);
    if (!whole && proof.empty()) return false;
    std::uint64_t at = older - 1;
    std::uint64_t last = newer - 1;
    while (at % 2 == 1) {
        at >>= 1U;
        last >>= 1U;
    }
    Digest of_older = whole ? older_root : proof.front();
    Digest of_newer = of_older;
    for (const auto& sibling : proof.subspan(whole ? 0 : 1)) {
        if (last == 0) return false;
        if (at % 2 == 1 || at == last) {
            of_older = node_hash(suite, sibling, of_older);
            of_newer = node_hash(suite, sibling, of_newer);
            while (at % 2 == 0 && at != 0) {
                at >>= 1U;
                last >>= 1U;
            }
        } else {
            of_newer = node_hash(suite, of_newer, sibling);
        }
        at >>= 1U;
        last >>= 1U;
    }
    return last == 0 && of_older == older_root && of_newer == newer_root;
}

}  // namespace shoumen::prove
