// How a node finds everything where it was.
#include <fmt/core.h>

#include "act/life.hpp"
#include "base/hash.hpp"
#include "shell/sweeper.hpp"

#include "log_trial.hpp"
#include "writer.hpp"

namespace shoumen::shell {
std::shared_ptr<const model::Policy> Node::Writer::load_policy(std::uint64_t version) {
    if (const auto it = policies.find(version); it != policies.end()) return it->second;
    if (!policy_reader) {
        auto reader = store->reader();
        if (!reader) return nullptr;
        policy_reader = std::move(*reader);
    }
    const auto row = policy_reader->policy(version);
    if (!row || !*row) return nullptr;
    auto policy = model::decode_policy((*row)->compiled);
    if (!policy) return nullptr;
    auto shared = std::make_shared<const model::Policy>(std::move(*policy));
    policies[version] = shared;
    return shared;
}

base::Result<void> Node::Writer::recover() {
    auto reader = store->reader();
    if (!reader) return tl::unexpected(reader.error());
    auto found = (*reader)->head(node.options_.shard);
    if (!found) return tl::unexpected(found.error());
    head = *found;
    last_received = head.last_received;
    next_seq = head.next_seq;
    core = std::make_unique<loop::Core>([this](std::uint64_t version) { return load_policy(version); });

    if (auto done = restore_windows(**reader); !done) return done;
    const auto newest = (*reader)->newest_policy();
    if (!newest) return tl::unexpected(newest.error());
    if (*newest && !load_policy((*newest)->version))
        return base::fail("bad-row", "the newest policy of this data directory cannot be read");

    const base::Time since =
        head.last_received.is_set() ? head.last_received - act::held_after_end : base::Time::none();
    auto incidents = store->incidents_for_core(since);
    if (!incidents) return tl::unexpected(incidents.error());
    for (auto& incident : *incidents) {
        count_standing(incident);
        core->load_incident(std::move(incident));
    }
    auto evidence = store->all_evidence();
    if (!evidence) return tl::unexpected(evidence.error());
    for (const auto& e : *evidence) core->load_evidence(e.sha256, e.incident);
    auto tokens = (*reader)->device_tokens();
    if (!tokens) return tl::unexpected(tokens.error());
    for (const auto& t : *tokens) {
        if (!t.revoked) node.know_token(t.token_hash, t.device);
    }
    live_incidents = core->live_incidents();
    ports::ActQuery latest;
    latest.limit = 1;
    const auto act = (*reader)->acts(latest);
    if (!act) return tl::unexpected(act.error());
    if (!act->empty()) acts = act->front().id;
    return restore_tree(**reader);
}

base::Result<void> Node::Writer::restore_windows(ports::StoreReader& reader) {
    std::uint64_t from = 1;
    if (node.options_.snapshots) {
        const auto snapshot = store->newest_snapshot();
        if (snapshot && *snapshot && (*snapshot)->next_seq <= head.next_seq) {
            base::ByteReader in((*snapshot)->bytes);
            if (const auto loaded = core->load_windows(in)) {
                from = (*snapshot)->next_seq;
            } else {
                node.options_.log({ports::LogLevel::warning,
                                   "snapshot_unreadable",
                                   "the snapshot is of another form; windows are rebuilt from the log",
                                   {}});
                core = std::make_unique<loop::Core>([this](std::uint64_t version) { return load_policy(version); });
            }
        }
    }
    snapshot_seq = from;
    saved_seq = from;
    // Where no snapshot could be read, the log may begin later than it did: with the policy that was in force then.
    const auto swept = read_sweep_mark(reader, node.options_.shard);
    if (!swept) return tl::unexpected(swept.error());
    if (from < swept->log_from) {
        from = swept->log_from;
        if (auto done = adopt_policy_before(reader, from); !done) return done;
    }
    return rewind_log(reader, from);
}

base::Result<void> Node::Writer::adopt_policy_before(ports::StoreReader& reader, std::uint64_t seq) {
    base::Time at = head.last_received;
    auto read = reader.batches(node.options_.shard, seq, [&](ports::EncodedBatch&& encoded) {
        model::Batch batch;
        if (model::decode_batch(encoded.bytes, batch) && !batch.inputs.empty()) at = batch.inputs.front().received;
        return false;
    });
    if (!read) return read;
    const auto policy = policy_at(reader, at);
    if (!policy) return tl::unexpected(policy.error());
    policies[(*policy)->version] = *policy;
    core->load_policy(*policy, at);
    return {};
}

base::Result<void> Node::Writer::rewind_log(ports::StoreReader& reader, std::uint64_t from_seq) {
    base::Result<void> result;
    model::Batch batch;
    bool first = true;
    base::Digest before{};
    auto read = reader.batches(node.options_.shard, from_seq, [&](ports::EncodedBatch&& encoded) {
        const auto damaged = [&](const char* what) {
            result = base::fail(
                "log-damaged",
                fmt::format("the log is damaged at input {}: {}; restore the newest backup", encoded.first_seq, what));
            return false;
        };
        if (base::leaf_hash(encoded.bytes) != encoded.hash)
            return damaged("its bytes do not have the hash written beside them");
        if (!first && encoded.prev_hash != before) return damaged("it does not follow the batch before it");
        if (auto decoded = model::decode_batch(encoded.bytes, batch); !decoded)
            return damaged("its bytes cannot be read");
        if (batch.prev_hash != encoded.prev_hash || batch.first_seq != encoded.first_seq)
            return damaged("its row and its bytes differ");
        first = false;
        before = encoded.hash;
        core->rewind(batch);
        return true;
    });
    if (!read) return read;
    return result;
}

base::Result<void> Node::Writer::take_force(std::shared_ptr<const model::Policy> fresh, std::string files) {
    base::ByteWriter compiled;
    encode(*fresh, compiled);
    Pending taken;
    {
        const std::lock_guard lock(mutex);
        const base::Time received = node.stamp();
        pending.began.reset();
        taken.batch.inputs.push_back({model::InputType::policy, 0, received});
        taken.batch.policies.push_back({fresh->version, fresh->digest});
        taken.records.push_back(
            ports::PolicyRow{fresh->version, fresh->digest, received, std::move(files), compiled.take()});
    }
    policies[fresh->version] = fresh;
    step(taken);
    fill_unit(taken);
    if (auto done = store->commit(unit); !done) return done;
    head.next_seq = unit.batches.back().first_seq + unit.batches.back().count;
    head.hash = unit.batches.back().hash;
    head.last_received = unit.batches.back().received;
    next_seq = head.next_seq;
    publish_ledger();
    effects.clear();
    unit.clear();
    return {};
}

}  // namespace shoumen::shell
