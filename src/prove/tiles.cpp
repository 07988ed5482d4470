#include "prove/tiles.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace shoumen::prove {
namespace {

constexpr std::size_t digest_size = sizeof(Digest);
constexpr unsigned inner_nodes = tile_width - 2;

// Digits without a sign and without a zero in front.
std::optional<std::uint64_t> plain_number(std::string_view text) {
    std::uint64_t v = 0;
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return v;
}

std::optional<unsigned> three_digits(std::string_view text) {
    if (text.size() != 3) return std::nullopt;
    unsigned v = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        v = 10 * v + static_cast<unsigned>(c - '0');
    }
    return v;
}

void append(std::string& out, const std::vector<Digest>& digests) {
    for (const auto& d : digests) out.append(base::as_bytes(d));
}

}  // namespace

std::string tile_path(const TileAt& at) {
    std::string number;
    for (std::uint64_t rest = at.n;;) {
        const auto part = static_cast<unsigned>(rest % 1000);
        const char digits[3] = {static_cast<char>('0' + part / 100), static_cast<char>('0' + part / 10 % 10),
                                static_cast<char>('0' + part % 10)};
        number = (rest == at.n ? "" : "x") + std::string(digits, 3) + (number.empty() ? "" : "/") + number;
        rest /= 1000;
        if (rest == 0) break;
    }
    std::string path = "tile/" + std::to_string(at.level) + "/" + number;
    if (at.width != tile_width) path += ".p/" + std::to_string(at.width);
    return path;
}

std::optional<TileAt> parse_tile_path(std::string_view path) {
    constexpr std::size_t longest = 64;
    if (path.size() > longest || !path.starts_with("tile/")) return std::nullopt;
    path.remove_prefix(5);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto level = plain_number(path.substr(0, slash));
    if (!level || *level >= tile_levels) return std::nullopt;
    TileAt at{static_cast<unsigned>(*level), 0, tile_width};
    path.remove_prefix(slash + 1);
    if (const auto partial = path.find(".p/"); partial != std::string_view::npos) {
        const auto width = plain_number(path.substr(partial + 3));
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        at.width = static_cast<unsigned>(*width);
        path = path.substr(0, partial);
    }
    for (bool first = true;; first = false) {
        const auto end = path.find('/');
        const bool last = end == std::string_view::npos;
        auto part = path.substr(0, end);
        if (!last) {
            if (!part.starts_with('x')) return std::nullopt;
            part.remove_prefix(1);
        }
        const auto digits = three_digits(part);
        // One way of writing a number: no groups of zeros in front.
        if (!digits || (first && !last && *digits == 0) || at.n > most_leaves / 1000) return std::nullopt;
        at.n = 1000 * at.n + *digits;
        if (last) break;
        path.remove_prefix(end + 1);
    }
    return at;
}

unsigned width_in(std::uint64_t size, unsigned level, std::uint64_t n) {
    const std::uint64_t hashes = size >> (tile_height * level);
    const std::uint64_t before = n * tile_width;
    if (n > most_leaves / tile_width || hashes <= before) return 0;
    return static_cast<unsigned>(std::min<std::uint64_t>(hashes - before, tile_width));
}

std::vector<TileAt> tiles_of(std::uint64_t size) {
    std::vector<TileAt> all;
    for (unsigned level = 0; level < tile_levels; ++level) {
        for (std::uint64_t n = 0;; ++n) {
            const unsigned width = width_in(size, level, n);
            if (width == 0) break;
            all.push_back({level, n, width});
        }
    }
    return all;
}

base::Result<Tile> Tile::of_bytes(std::string_view hashes, std::string_view inner) {
    if (hashes.size() % digest_size != 0 || hashes.size() > tile_width * digest_size)
        return base::fail("bad-tile", "a tile holds at most 256 hashes of 32 bytes");
    if (!inner.empty() && (inner.size() != inner_nodes * digest_size || hashes.size() != tile_width * digest_size))
        return base::fail("bad-tile", "the inner nodes of a tile do not fit its hashes");
    Tile tile;
    const std::size_t width = hashes.size() / digest_size;
    tile.hashes_.resize(width);
    if (width > 0) std::memcpy(tile.hashes_.data(), hashes.data(), hashes.size());
    for (std::size_t row = 1, at = 0; !inner.empty() && row < tile_height; ++row) {
        const std::size_t n = tile_width >> row;
        tile.rows_[row].resize(n);
        std::memcpy(tile.rows_[row].data(), inner.data() + at * digest_size, n * digest_size);
        at += n;
    }
    return tile;
}

void Tile::add(Suite suite, const Digest& hash) {
    if (full()) return;
    // One that was made from its hashes alone: its nodes first.
    if (rows_[1].size() != hashes_.size() / 2) {
        const auto known = std::move(hashes_);
        *this = {};
        for (const auto& h : known) add(suite, h);
    }
    hashes_.push_back(hash);
    const std::vector<Digest>* below = &hashes_;
    for (unsigned row = 1; row <= tile_height && below->size() % 2 == 0; ++row) {
        rows_[row].push_back(node_hash(suite, (*below)[below->size() - 2], below->back()));
        below = &rows_[row];
    }
}

Digest Tile::node(Suite suite, unsigned row, unsigned i) const {
    if (row == 0) return i < hashes_.size() ? hashes_[i] : Digest{};
    if (i < rows_[row].size()) return rows_[row][i];
    if (static_cast<std::size_t>(i + 1) << row > hashes_.size()) return {};
    return node_hash(suite, node(suite, row - 1, 2 * i), node(suite, row - 1, 2 * i + 1));
}

std::vector<Digest> Tile::peaks(Suite suite) const {
    std::vector<Digest> out;
    for (unsigned row = 0; row <= tile_height; ++row) {
        const auto n = static_cast<unsigned>(hashes_.size() >> row);
        if (n % 2 == 1) out.push_back(node(suite, row, n - 1));
    }
    return out;
}

std::string Tile::hash_bytes() const {
    std::string out;
    out.reserve(hashes_.size() * digest_size);
    append(out, hashes_);
    return out;
}

std::string Tile::inner_bytes() const {
    std::string out;
    if (!full() || rows_[1].size() != tile_width / 2) return out;
    out.reserve(inner_nodes * digest_size);
    for (unsigned row = 1; row < tile_height; ++row) append(out, rows_[row]);
    return out;
}

}  // namespace shoumen::prove
