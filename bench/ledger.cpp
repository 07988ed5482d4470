// `ledger`: leaves committed a second on one core with what it takes to prove them, and what proving and checking cost
// at a hundred million leaves.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <stdexcept>

#include "base/random.hpp"
#include "prove/checkpoint.hpp"
#include "prove/leaf.hpp"
#include "prove/proof.hpp"
#include "prove/tile_cache.hpp"
#include "prove/tree.hpp"
#include "store/sqlite/store.hpp"
#include "support/program.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

using Clock = std::chrono::steady_clock;
using prove::Suite;

constexpr std::size_t a_unit = 10'000;
constexpr std::uint64_t full_tiles = 390'625;  // of 100 million leaves
constexpr std::uint64_t begun = 4'000;         // tiles of the lowest level that are really there
constexpr std::size_t asked = 20'000;

// Of this thread: what it costs on one core, whatever else the machine does.
double processor_s() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double seconds_since(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

template <class T>
T must(base::Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

prove::Digest any_digest(base::SeededRandom& random) {
    prove::Digest d;
    for (std::size_t i = 0; i < d.size(); i += 8) {
        const auto v = random.next();
        for (std::size_t k = 0; k < 8; ++k) d[i + k] = static_cast<std::uint8_t>(v >> (8 * k));
    }
    return d;
}

void put(ports::CommitUnit& unit, std::vector<prove::NumberedTile> tiles) {
    for (const auto& [at, tile] : tiles) {
        if (at.width > 0) unit.tiles.push_back({at.level, at.n, tile.hash_bytes(), tile.inner_bytes()});
    }
}

ports::ActRow act_row(base::SeededRandom& random, std::uint64_t id) {
    return {id,
            base::Time{1'772'496'000'000'000 + static_cast<std::int64_t>(id)},
            "p-7",
            "grid_worker",
            "patrolled",
            "",
            "place:b" + std::to_string(id % 997),
            1,
            "round",
            any_digest(random),
            -1};
}

prove::Digest leaf_of_row(const ports::ActRow& r) {
    return leaf_of(Suite::sha256,
                   prove::Act{1, r.id, r.at, r.actor, r.role, r.kind, r.purpose, r.subject, r.count, r.detail, r.salt});
}

class StoreTiles final : public prove::TileSource {
public:
    explicit StoreTiles(ports::StoreReader& reader) : reader_(reader) {}
    base::Result<std::shared_ptr<const prove::Tile>> tile(const prove::TileAt& at) override {
        auto row = must(reader_.tile(at.level, at.n));
        if (!row) return std::shared_ptr<const prove::Tile>();
        return std::make_shared<const prove::Tile>(must(prove::Tile::of_bytes(row->hashes, row->inner)));
    }

private:
    ports::StoreReader& reader_;
};

std::unique_ptr<ports::Store> opened(const std::string& data) {
    store::SqliteOptions options;
    options.shard = 1;
    options.checkpoint_thread = false;  // one thread for all
    return must(store::open_sqlite(data, options));
}

struct Committed {
    double leaves_per_s = 0;
    double leaves_per_processor_s = 0;
    double worst_delay_s = 0;
};

// With rows of acts or, as where leaves come from elsewhere, without. Each unit is followed by its signed checkpoint.
Committed commit(const std::string& data, std::uint64_t leaves, bool rows) {
    const auto store = opened(data);
    const auto ed25519 = must(prove::PrivateKey::make(prove::KeyType::ed25519));
    const auto sm2 = must(prove::PrivateKey::make(prove::KeyType::sm2));
    base::SeededRandom random(1);
    prove::Tree tree(Suite::sha256);
    ports::CommitUnit unit;
    Committed out;
    const auto began = Clock::now();
    const double spent = processor_s();
    while (tree.size() < leaves) {
        const auto handed_in = Clock::now();
        unit.clear();
        for (std::size_t i = 0; i < a_unit; ++i) {
            auto row = act_row(random, tree.size() + 1);
            row.leaf = static_cast<std::int64_t>(tree.size());
            tree.append(leaf_of_row(row));
            if (rows) unit.records.emplace_back(std::move(row));
        }
        put(unit, tree.take_changed());
        must(store->commit(unit));
        prove::Note note{to_text(prove::Checkpoint{"bench", tree.size(), tree.root(), Suite::sha256,
                                                   base::Time{1'772'496'000'000'000}}),
                         {}};
        note.signatures.push_back(must(ed25519.sign("bench", note.text)));
        note.signatures.push_back(must(sm2.sign("bench", note.text)));
        unit.clear();
        unit.records.emplace_back(
            ports::CheckpointRow{tree.size(), base::Time{1'772'496'000'000'000}, false, to_text(note)});
        must(store->commit(unit));
        out.worst_delay_s = std::max(out.worst_delay_s, seconds_since(handed_in));
    }
    out.leaves_per_s = static_cast<double>(tree.size()) / seconds_since(began);
    out.leaves_per_processor_s = static_cast<double>(tree.size()) / (processor_s() - spent);
    return out;
}

struct Proving {
    double inclusion_us = 0;
    double verify_us = 0;
    std::size_t proven = 0;
    std::size_t nodes = 0;
};

// A tree of 100 million leaves of which the lowest level is there in part only: the roots of the other tiles are drawn.
Proving prove_at_100_million(const std::string& data) {
    const auto store = opened(data);
    base::SeededRandom random(2);
    std::vector<std::pair<std::uint64_t, prove::Tile>> lowest;
    std::vector<prove::Digest> roots(full_tiles);
    for (auto& r : roots) r = any_digest(random);
    ports::CommitUnit unit;
    for (std::uint64_t k = 0; k < begun; ++k) {
        const std::uint64_t n = random.below(full_tiles);
        prove::Tile tile;
        for (unsigned i = 0; i < prove::tile_width; ++i) tile.add(Suite::sha256, any_digest(random));
        roots[n] = tile.node(Suite::sha256, prove::tile_height, 0);
        unit.tiles.push_back({0, n, tile.hash_bytes(), tile.inner_bytes()});
        std::erase_if(lowest, [n](const auto& l) { return l.first == n; });
        lowest.emplace_back(n, std::move(tile));
    }
    // What lies above is a tree of the tiles' roots, one level up.
    prove::Tree above(Suite::sha256);
    for (const auto& r : roots) above.append(r);
    for (const auto& [at, tile] : above.take_changed()) {
        if (at.width > 0) unit.tiles.push_back({at.level + 1, at.n, tile.hash_bytes(), tile.inner_bytes()});
    }
    must(store->commit(unit));
    const auto reader = must(store->reader());
    StoreTiles stored(*reader);
    prove::TileCache cache;
    prove::CachedTiles tiles(Suite::sha256, cache, stored);
    const std::uint64_t size = full_tiles * prove::tile_width;
    const auto root = above.root();
    Proving out;
    std::vector<std::pair<std::size_t, unsigned>> wanted(asked);
    for (auto& [which, i] : wanted) {
        which = random.below(lowest.size());
        i = static_cast<unsigned>(random.below(prove::tile_width));
    }
    std::vector<prove::Proof> proofs;
    proofs.reserve(asked);
    double began = processor_s();
    for (const auto& [which, i] : wanted)
        proofs.push_back(
            must(prove::inclusion_proof(Suite::sha256, tiles, lowest[which].first * prove::tile_width + i, size)));
    out.inclusion_us = 1e6 * (processor_s() - began) / static_cast<double>(asked);
    began = processor_s();
    for (std::size_t k = 0; k < asked; ++k) {
        const auto& [n, tile] = lowest[wanted[k].first];
        const unsigned i = wanted[k].second;
        if (prove::is_included(Suite::sha256, tile.hashes()[i], n * prove::tile_width + i, size, proofs[k], root))
            ++out.proven;
    }
    out.verify_us = 1e6 * (processor_s() - began) / static_cast<double>(asked);
    out.nodes = proofs.front().size();
    return out;
}

std::pair<double, double> signing(prove::KeyType type) {
    constexpr int times = 500;
    const auto key = must(prove::PrivateKey::make(type));
    const auto shown = key.public_key("bench");
    const std::string text = "bench\n100000000\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    prove::NoteSignature last;
    double began = processor_s();
    for (int i = 0; i < times; ++i) last = must(key.sign("bench", text));
    const double sign = 1e6 * (processor_s() - began) / times;
    began = processor_s();
    for (int i = 0; i < times; ++i) {
        if (!prove::is_signed(shown, text, last.bytes)) throw std::runtime_error("a signature of our own is wrong");
    }
    return {sign, 1e6 * (processor_s() - began) / times};
}

boost::json::object run(Arguments arguments) {
    const auto text = argument(arguments, "leaves", "2000000");
    std::uint64_t leaves = 0;
    std::from_chars(text.data(), text.data() + text.size(), leaves);
    support::Scratch scratch;
    const auto alone = commit(scratch.path("leaves"), leaves, false);
    const auto with_rows = commit(scratch.path("acts"), leaves / 5, true);
    const auto proving = prove_at_100_million(scratch.path("large"));
    const auto ed25519 = signing(prove::KeyType::ed25519);
    const auto sm2 = signing(prove::KeyType::sm2);
    return {{"leaves_per_s", alone.leaves_per_s},
            {"leaves_per_processor_s", alone.leaves_per_processor_s},
            {"proof_delay_s", alone.worst_delay_s},
            {"acts_per_s", with_rows.leaves_per_s},
            {"acts_proof_delay_s", with_rows.worst_delay_s},
            {"inclusion_us", proving.inclusion_us},
            {"verify_us", proving.verify_us},
            {"proof_nodes", proving.nodes},
            {"ed25519_sign_us", ed25519.first},
            {"ed25519_verify_us", ed25519.second},
            {"sm2_sign_us", sm2.first},
            {"sm2_verify_us", sm2.second},
            {"checks", boost::json::object{{"every_proof_holds", proving.proven == asked}}}};
}

const Registered registered({"ledger", "leaves committed, proven, checked; --leaves=N", run});

}  // namespace
}  // namespace shoumen::bench
