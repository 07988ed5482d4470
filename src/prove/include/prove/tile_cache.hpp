// Tiles that nearly every proof needs, kept in memory once they have been read, with their inner nodes: all above the
// lowest level (of a hundred million leaves 1,500, some 25 MB) and the partial ones at the right edge. Hashes are only
// ever added to a tile: one that was kept serves as long as it is wide enough. One thread.
#pragma once
#include <cstdint>
#include <unordered_map>

#include "prove/tiles.hpp"

namespace shoumen::prove {

class TileCache {
public:
    explicit TileCache(std::size_t most = 2'048) : most_(most) {}

    base::Result<std::shared_ptr<const Tile>> get(Suite suite, const TileAt& at, TileSource& from) {
        if (at.level == 0 && at.width == tile_width) return from.tile(at);
        const std::uint64_t key = at.n * tile_levels + at.level;
        if (const auto it = kept_.find(key); it != kept_.end() && it->second->width() >= at.width) return it->second;
        auto tile = from.tile(at);
        if (!tile || !*tile || (at.level == 0 && (*tile)->full())) return tile;
        if (!(*tile)->full()) {
            Tile whole;
            for (const auto& hash : (*tile)->hashes()) whole.add(suite, hash);
            *tile = std::make_shared<const Tile>(std::move(whole));
        }
        if (kept_.size() >= most_) kept_.clear();
        kept_[key] = *tile;
        return tile;
    }

private:
    std::size_t most_;
    std::unordered_map<std::uint64_t, std::shared_ptr<const Tile>> kept_;
};

// A source with such a memory in front of it.
class CachedTiles final : public TileSource {
public:
    CachedTiles(Suite suite, TileCache& cache, TileSource& from) : suite_(suite), cache_(cache), from_(from) {}
    base::Result<std::shared_ptr<const Tile>> tile(const TileAt& at) override { return cache_.get(suite_, at, from_); }

private:
    Suite suite_;
    TileCache& cache_;
    TileSource& from_;
};

}  // namespace shoumen::prove
