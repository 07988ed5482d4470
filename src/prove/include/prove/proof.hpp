// Proofs over a tree in tiles (RFC 9162, sections 2.1.3 and 2.1.4): that a leaf stands at its place, and that one tree
// is the beginning of another. Making one reads a tile a level; checking one needs nothing but the proof.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "prove/tiles.hpp"

namespace shoumen::prove {

using Proof = std::vector<Digest>;
constexpr std::size_t longest_proof = 64;

// Codes: no-such-leaf, and those of the source.
base::Result<Proof> inclusion_proof(Suite suite, TileSource& source, std::uint64_t index, std::uint64_t size);
base::Result<Proof> consistency_proof(Suite suite, TileSource& source, std::uint64_t older, std::uint64_t newer);
base::Result<Digest> root_at(Suite suite, TileSource& source, std::uint64_t size);

// The root that the proof leads to; none where the proof has not the length it must have.
std::optional<Digest> root_by(Suite suite, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const Digest> proof);
bool is_included(Suite suite, const Digest& leaf, std::uint64_t index, std::uint64_t size,
                 std::span<const Digest> proof, const Digest& root);
bool is_consistent(Suite suite, std::uint64_t older, const Digest& older_root, std::uint64_t newer,
                   const Digest& newer_root, std::span<const Digest> proof);

}  // namespace shoumen::prove
