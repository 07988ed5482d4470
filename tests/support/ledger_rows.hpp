// Whether the ledger's tiles say what the rows of acts and batches say, read anew: for tests over a store.
#pragma once
#include <map>
#include <string>

#include "ports/store.hpp"
#include "prove/tree.hpp"
#include "shell/leaf_of.hpp"

namespace shoumen::support {

struct RowsLeaves {
    std::map<std::int64_t, base::Digest> leaves;
    std::uint64_t acts = 0;
    std::string fault;
};

inline RowsLeaves leaves_of_rows(ports::StoreReader& reader, std::uint32_t shard, prove::Suite suite) {
    RowsLeaves out;
    const auto add = [&](std::int64_t leaf, const base::Digest& hash) {
        if (!out.leaves.emplace(leaf, hash).second) out.fault = "two rows say they are one leaf";
    };
    for (std::uint64_t from = 0;;) {
        const auto some = reader.acts_from(from, 20'000);
        if (!some) return {{}, 0, some.error().message};
        for (const auto& act : *some) add(act.leaf, leaf_of(suite, shell::act_of(shard, act)));
        out.acts += some->size();
        if (some->size() < 20'000) break;
        from = some->back().id + 1;
    }
    const auto read = reader.batches(shard, 0, [&](ports::EncodedBatch&& batch) {
        batch.hash = base::leaf_hash(batch.bytes);
        add(batch.leaf, leaf_of(suite, shell::mark_of(batch)));
        return true;
    });
    if (!read) out.fault = read.error().message;
    return out;
}

// Empty: they agree.
inline std::string ledger_fault(ports::StoreReader& reader, std::uint32_t shard,
                                prove::Suite suite = prove::Suite::sha256) {
    const auto rows = leaves_of_rows(reader, shard, suite);
    if (!rows.fault.empty()) return rows.fault;
    prove::Tree tree(suite);
    for (const auto& [leaf, hash] : rows.leaves) {
        if (leaf != static_cast<std::int64_t>(tree.size()))
            return "no row stands for leaf " + std::to_string(tree.size());
        tree.append(hash);
    }
    for (const auto& [at, tile] : tree.take_changed()) {
        if (at.width == 0) continue;
        const auto kept = reader.tile(at.level, at.n);
        if (!kept || !*kept || (*kept)->hashes != tile.hash_bytes() || (*kept)->inner != tile.inner_bytes())
            return "the tile " + tile_path(at) + " is not what the rows make";
    }
    const auto last = reader.last_tiles();
    if (!last) return last.error().message;
    if (!last->empty() && last->front().n * 256 + last->front().hashes.size() / 32 != tree.size())
        return "there are other leaves than rows";
    return {};
}

}  // namespace shoumen::support
