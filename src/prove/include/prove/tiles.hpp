// A tree's hashes in tiles, as C2SP tlog-tiles has them: tile (level, n) holds the roots of the subtrees of height
// 8 × level numbered 256n … 256n + 255; a tile that is not full yet is partial. Their paths are
// "tile/<level>/<n>[.p/<width>]", n in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067.
//
// Beside its hashes a tile may hold the nodes between them and its root, so that a proof reads and does not hash.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "prove/hashing.hpp"

namespace shoumen::prove {

constexpr unsigned tile_height = 8;
constexpr unsigned tile_width = 256;
constexpr unsigned tile_levels = 8;  // a tree of 2^63 leaves has no more
constexpr std::uint64_t most_leaves = std::uint64_t{1} << 62U;

struct TileAt {
    unsigned level = 0;
    std::uint64_t n = 0;
    unsigned width = tile_width;
    auto operator<=>(const TileAt&) const = default;
};

std::string tile_path(const TileAt& at);
std::optional<TileAt> parse_tile_path(std::string_view path);
// How many hashes the tile has in a tree of `size` leaves; 0: there is no such tile.
unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t n);
// The widest tile of each level and number that a tree of `size` leaves has, from the lowest level.
std::vector<TileAt> tiles_of(std::uint64_t size);

class Tile {
public:
    Tile() = default;
    explicit Tile(std::vector<Digest> hashes) : hashes_(std::move(hashes)) {}
    // The hashes as they are served, one after the other, and, of a full tile, the nodes above them from the lowest
    // row to the two below the root; or nothing instead of those.
    static base::Result<Tile> of_bytes(std::string_view hashes, std::string_view inner);

    void add(Suite suite, const Digest& hash);  // and the nodes that are complete with it
    [[nodiscard]] unsigned width() const { return static_cast<unsigned>(hashes_.size()); }
    [[nodiscard]] bool full() const { return hashes_.size() == tile_width; }
    // Node `i` of row `row` (0: the hashes themselves, 8: the root); all hashes below it must be there.
    [[nodiscard]] Digest node(Suite suite, unsigned row, unsigned i) const;
    [[nodiscard]] const std::vector<Digest>& hashes() const { return hashes_; }
    // Roots of the largest subtrees that make up the tile, from the right.
    [[nodiscard]] std::vector<Digest> peaks(Suite suite) const;

    [[nodiscard]] std::string hash_bytes() const;
    [[nodiscard]] std::string inner_bytes() const;  // empty unless the tile is full and knows its inner nodes

private:
    std::vector<Digest> hashes_;
    std::array<std::vector<Digest>, tile_height + 1> rows_;  // rows_[r] from row 1 on; empty: not kept
};

// Where proofs read from. A tile it gives may be wider than was asked for, never narrower.
class TileSource {
public:
    virtual ~TileSource() = default;
    virtual base::Result<std::shared_ptr<const Tile>> tile(const TileAt& at) = 0;
};

}  // namespace shoumen::prove
