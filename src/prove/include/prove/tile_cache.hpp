// Full tiles above the lowest level, kept in memory once they have been read: they never change, and every proof needs
// some of them. Of a hundred million leaves they are 1,500, some 25 MB with their inner nodes. One thread.
#pragma once
#include <cstdint>
#include <unordered_map>

#include "prove/tiles.hpp"

namespace shoumen::prove {

class TileCache {
public:
    explicit TileCache(std::size_t most = 2'048) : most_(most) {}

    base::Result<std::shared_ptr<const Tile>> get(const TileAt& at, TileSource& from) {
        if (at.level == 0 || at.width != tile_width) return from.tile(at);
        const std::uint64_t key = at.n * tile_levels + at.level;
        if (const auto it = kept_.find(key); it != kept_.end()) return it->second;
        auto tile = from.tile(at);
        if (!tile || !*tile || !(*tile)->full()) return tile;
        if (kept_.size() >= most_) kept_.clear();
        kept_.emplace(key, *tile);
        return tile;
    }

private:
    std::size_t most_;
    std::unordered_map<std::uint64_t, std::shared_ptr<const Tile>> kept_;
};

// A source with such a memory in front of it.
class CachedTiles final : public TileSource {
public:
    CachedTiles(TileCache& cache, TileSource& from) : cache_(cache), from_(from) {}
    base::Result<std::shared_ptr<const Tile>> tile(const TileAt& at) override { return cache_.get(at, from_); }

private:
    TileCache& cache_;
    TileSource& from_;
};

}  // namespace shoumen::prove
