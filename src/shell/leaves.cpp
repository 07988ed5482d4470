// The writer's part for the ledger: what it writes down of commands, the leaves of a unit, and where the tree stands.
#include <algorithm>

#include <fmt/core.h>

#include "prove/leaf.hpp"
#include "shell/leaf_of.hpp"

#include "writer.hpp"

namespace shoumen::shell {
namespace {

constexpr std::string_view suite_key = "ledger-hash";  // in meta: the suite of a tree that has begun

// Texts go through the database as they are only where they hold no control characters; a leaf commits to what is kept.
void keep_plain(std::string& text) {
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
}

std::string detail_of(const model::Command& command, const model::Policy& policy) {
    switch (command.action) {
        case model::Action::transfer:
            return command.body.value < policy.bodies.size() ? "body " + policy.bodies[command.body.value].code : "";
        case model::Action::merge:
            return fmt::format("incident:{}", command.other.value);
        case model::Action::report:
        case model::Action::set_severity:
            return std::string(model::to_word(command.severity));
        case model::Action::add_evidence:
            return fmt::format("{} {}", model::to_word(command.phase), base::to_hex(command.evidence));
        case model::Action::judge:
        case model::Action::mark_false_alarm:
            return command.verdict == model::Verdict::none ? "" : std::string(model::to_word(command.verdict));
        default:
            return {};
    }
}

// Which of several roles it was done in nobody asked.
std::string role_of(model::RoleSet roles) {
    std::string role;
    for (std::size_t r = 0; r < model::role_count; ++r) {
        if (!roles.has(static_cast<model::Role>(r))) continue;
        if (!role.empty()) return {};
        role = model::to_word(static_cast<model::Role>(r));
    }
    return role;
}

base::Result<prove::NumberedTile> tile_of(const ports::TileRow& row) {
    auto tile = prove::Tile::of_bytes(row.hashes, row.inner);
    if (!tile) return tl::unexpected(std::move(tile.error()));
    const unsigned width = tile->width();
    return prove::NumberedTile{{row.level, row.n, width}, std::move(*tile)};
}

// Where the ledger of a database stands; `of_new` is the suite of one that has not begun.
base::Result<prove::Tree> tree_of(ports::StoreReader& reader, prove::Suite of_new) {
    const auto rows = reader.last_tiles();
    if (!rows) return tl::unexpected(rows.error());
    const auto kept = reader.meta(suite_key);
    if (!kept) return tl::unexpected(kept.error());
    const auto suite = *kept ? prove::suite_of(**kept) : std::nullopt;
    std::vector<prove::NumberedTile> tiles;
    for (const auto& row : *rows) {
        auto tile = tile_of(row);
        if (!tile)
            return base::fail("ledger-damaged", "a tile of the ledger cannot be read; restore the newest backup");
        tiles.push_back(std::move(*tile));
    }
    return prove::Tree::restore(suite.value_or(of_new), std::move(tiles));
}

void put_changed_tiles(prove::Tree& tree, ports::CommitUnit& unit) {
    for (auto& [at, tile] : tree.take_changed()) {
        if (at.width == 0) continue;
        unit.tiles.push_back({at.level, at.n, tile.hash_bytes(), tile.inner_bytes()});
    }
}

void keep_plain(ports::ActRow& act) {
    for (auto* text : {&act.actor, &act.role, &act.kind, &act.purpose, &act.subject, &act.detail}) keep_plain(*text);
}

}  // namespace

ports::ActRow act_at_machine(base::Time at, std::string kind, std::string subject) {
    ports::ActRow act;
    act.at = at;
    act.kind = std::move(kind);
    act.purpose = std::string(model::to_word(model::Purpose::administration));
    act.subject = std::move(subject);
    act.detail = "at the machine";
    return act;
}

base::Result<void> add_acts(ports::StoreReader& reader, std::uint32_t shard, std::vector<ports::ActRow> acts,
                            ports::CommitUnit& unit) {
    const auto newest = reader.acts({.subject = {}, .actor = {}, .before = {}, .limit = 1});
    if (!newest) return tl::unexpected(newest.error());
    auto tree = tree_of(reader, prove::Suite::sha256);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    const bool begun = tree->size() > 0;
    std::uint64_t id = newest->empty() ? 0 : newest->front().id;
    for (auto& act : acts) {
        act.id = ++id;
        keep_plain(act);
        if (begun) {
            act.leaf = static_cast<std::int64_t>(tree->size());
            tree->append(leaf_of(tree->suite(), act_of(shard, act)));
        }
        unit.records.emplace_back(std::move(act));
    }
    put_changed_tiles(*tree, unit);
    return {};
}

prove::Act act_of(std::uint32_t shard, const ports::ActRow& row) {
    return {shard,       row.id,      row.at,    row.actor,  row.role, row.kind,
            row.purpose, row.subject, row.count, row.detail, row.salt};
}

prove::BatchMark mark_of(const ports::EncodedBatch& batch) {
    return {batch.shard, batch.first_seq, batch.count, batch.hash};
}

// A command that was sent twice is answered as the first time, and is one act.
void Node::Writer::record_command(const model::Command& command, const model::CommandResult& result,
                                  const model::InputHead& input, std::uint64_t seq) {
    const bool again = command.action == model::Action::report && result.incident.value >> base::id_shift != seq;
    if (!command.actor.person.valid() || again || command.action == model::Action::seen) return;
    ports::ActRow act;
    act.at = input.received;
    act.actor = command.actor.person.code;
    act.role = role_of(command.actor.roles);
    act.kind = std::string(model::to_word(command.action));
    act.subject = fmt::format("incident:{}", result.incident.value);
    if (!policies.empty()) act.detail = detail_of(command, *policies.rbegin()->second);
    unit.records.emplace_back(std::move(act));
}

void Node::Writer::record_commands(const Pending& taken) {
    const auto& inputs = taken.batch.inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].type != model::InputType::command) continue;
        const std::size_t nth = inputs[i].index;
        if (nth < effects.results.size() && effects.results[nth].accepted)
            record_command(taken.batch.commands[nth], effects.results[nth], inputs[i], taken.batch.first_seq + i);
    }
}

void Node::Writer::add_leaves() {
    const bool first = tree.size() == 0;
    const auto add = [&](std::int64_t& leaf, const auto& committed) {
        leaf = static_cast<std::int64_t>(tree.size());
        tree.append(leaf_of(tree.suite(), committed));
    };
    for (auto& batch : unit.batches) add(batch.leaf, mark_of(batch));
    for (auto& record : unit.records) {
        if (auto* emptied = std::get_if<ports::ActErased>(&record); emptied && emptied->by == 0) emptied->by = acts;
        auto* act = std::get_if<ports::ActRow>(&record);
        if (!act) continue;
        act->id = ++acts;
        node.random_.fill(act->salt);
        keep_plain(*act);
        add(act->leaf, act_of(node.options_.shard, *act));
    }
    if (first && tree.size() > 0)
        unit.records.emplace_back(ports::MetaPut{std::string(suite_key), std::string(prove::to_word(tree.suite()))});
    put_changed_tiles(tree, unit);
}

base::Result<void> Node::Writer::restore_tree(ports::StoreReader& reader) {
    auto restored = tree_of(reader, node.options_.ledger_suite);
    if (!restored) return tl::unexpected(std::move(restored.error()));
    tree = std::move(*restored);
    publish_ledger();
    return {};
}

// What is committed, for whoever signs it.
void Node::Writer::publish_ledger() { ledger = {tree.suite(), tree.size(), tree.root()}; }

Node::LedgerHead Node::ledger() const {
    const std::lock_guard lock(writer_->mutex);
    return writer_->ledger;
}

}  // namespace shoumen::shell
