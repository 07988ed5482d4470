#include "log_trial.hpp"

#include <fmt/core.h>

#include "shell/trial.hpp"

namespace shoumen::shell {
namespace {

using base::Result;

Result<std::shared_ptr<const model::Policy>> policy_of(ports::StoreReader& reader, std::uint64_t version) {
    const auto row = reader.policy(version);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return base::fail("bad-row", fmt::format("version {} of the policy is missing", version));
    auto policy = model::decode_policy((*row)->compiled);
    if (!policy) return tl::unexpected(policy.error());
    return std::make_shared<const model::Policy>(std::move(*policy));
}

// The inputs of the batch received in [from, to).
void cut(model::Batch& batch, base::Time from, base::Time to) {
    std::erase_if(batch.inputs,
                  [&](const model::InputHead& head) { return head.received < from || head.received >= to; });
}

}  // namespace

Result<std::shared_ptr<const model::Policy>> policy_at(ports::StoreReader& reader, base::Time at) {
    const auto newest = reader.newest_policy();
    if (!newest) return tl::unexpected(newest.error());
    if (!*newest) return base::fail("no-policy", "this data directory holds no community yet");
    std::uint64_t version = (*newest)->version;
    while (version > 1) {
        const auto row = reader.policy(version);
        if (!row) return tl::unexpected(row.error());
        if (*row && (*row)->activated <= at) break;
        --version;
    }
    return policy_of(reader, version);
}

Result<std::uint64_t> first_seq_at(ports::StoreReader& reader, std::uint32_t shard, base::Time at) {
    const auto head = reader.head(shard);
    if (!head) return tl::unexpected(head.error());
    std::uint64_t low = 1;
    std::uint64_t high = head->next_seq;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        std::optional<ports::EncodedBatch> met;
        const auto read = reader.batches(shard, middle, [&](ports::EncodedBatch&& batch) {
            met = std::move(batch);
            return false;
        });
        if (!read) return tl::unexpected(read.error());
        if (!met) {
            high = middle;
        } else if (met->received < at) {
            low = met->first_seq + met->count;
        } else {
            high = std::min(middle, std::max(low, met->first_seq));
        }
    }
    return low;
}

Result<ports::TrialResult> try_on_log(ports::StoreReader& reader, ports::StoreReader& policies, std::uint32_t shard,
                                      base::Time from, base::Time to, std::shared_ptr<const model::Policy> after,
                                      Progress& progress) {
    const auto begin = first_seq_at(reader, shard, from);
    if (!begin) return tl::unexpected(begin.error());
    const auto end = first_seq_at(reader, shard, to);
    if (!end) return tl::unexpected(end.error());
    progress.total = *end - *begin;
    auto first = policy_at(policies, from);
    if (!first) return tl::unexpected(first.error());

    Trial trial(std::move(*first), after);
    Result<void> result;
    model::Batch old_batch;
    model::Batch new_batch;
    const auto read = reader.batches(shard, *begin, [&](ports::EncodedBatch&& encoded) {
        if (progress.cancelled) return false;
        progress.done += encoded.count;
        if (encoded.bytes.empty()) return true;  // of a time whose signals are not kept any more
        if (auto decoded = model::decode_batch(encoded.bytes, old_batch); !decoded) {
            result = base::fail("log-damaged", fmt::format("the batch of input {} cannot be read", encoded.first_seq));
            return false;
        }
        if (!old_batch.inputs.empty() && old_batch.inputs.front().received >= to) return false;
        cut(old_batch, from, to);
        new_batch = old_batch;
        without_deeds(old_batch);
        read_anew(*after, new_batch);
        for (const auto& head : old_batch.inputs) {
            if (head.type != model::InputType::policy) continue;
            auto met = policy_of(policies, old_batch.policies[head.index].version);
            if (!met) {
                result = tl::unexpected(met.error());
                return false;
            }
            trial.know(std::move(*met));
        }
        trial.step(old_batch, new_batch);
        return true;
    });
    if (!read) return tl::unexpected(read.error());
    if (!result) return tl::unexpected(result.error());
    if (!progress.cancelled) progress.done = progress.total.load();
    return trial.finish();
}

}  // namespace shoumen::shell
