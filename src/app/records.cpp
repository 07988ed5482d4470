// Commands over a data directory: what was recorded, what was decided, whether the log is whole, copies of it.
#include <iostream>

#include <fmt/core.h>

#include "base/hash.hpp"
#include "model/policy.hpp"
#include "policy/directory.hpp"
#include "shell/sweeper.hpp"
#include "store/sqlite/backup.hpp"

#include "commands.hpp"
#include "place.hpp"
#include "recording.hpp"
#include "report.hpp"
#include "verify_rows.hpp"

namespace shoumen::app {
namespace {

int refuse(const char* command, const base::Error& e) {
    fmt::print(stderr, "shoumen {}: {}: {}\n", command, e.code, e.message);
    return cannot_run;
}

// Policies by version, as they are met while walking the log.
class Policies {
public:
    explicit Policies(ports::StoreReader& reader) : reader_(reader) {}

    base::Result<void> take(std::uint64_t version) {
        auto row = reader_.policy(version);
        if (!row) return tl::unexpected(row.error());
        if (!*row) return base::fail("bad-row", fmt::format("policy {} is missing", version));
        auto policy = model::decode_policy((*row)->compiled);
        if (!policy) return tl::unexpected(policy.error());
        auto files = policy::unpack((*row)->files);
        if (!files) return tl::unexpected(files.error());
        policy_ = std::make_unique<model::Policy>(std::move(*policy));
        files_ = std::move(*files);
        return {};
    }
    // The one that was in force then, if there was one.
    base::Result<void> take_at(base::Time at) {
        const auto newest = reader_.newest_policy();
        if (!newest) return tl::unexpected(newest.error());
        for (auto version = *newest ? (*newest)->version : 0; version > 0; --version) {
            const auto row = reader_.policy(version);
            if (!row) return tl::unexpected(row.error());
            if (*row && (*row)->activated < at) return take(version);
        }
        return {};
    }
    [[nodiscard]] const model::Policy* policy() const { return policy_.get(); }
    [[nodiscard]] const policy::Files* files() const { return &files_; }

private:
    ports::StoreReader& reader_;
    std::unique_ptr<model::Policy> policy_;
    policy::Files files_;
};

// Every batch in order, its chain checked. Of those that are not kept any more (retention.yaml) the numbers and hashes
// are walked, and `use` is not called. The result: how many inputs these are.
base::Result<std::uint64_t> walk(ports::StoreReader& reader,
                                 const std::function<base::Result<void>(const model::Batch&)>& use) {
    const auto swept = shell::read_sweep_mark(reader, shard);
    if (!swept) return tl::unexpected(swept.error());
    std::uint64_t gone = 0;
    base::Result<void> result;
    base::Digest before{};
    std::uint64_t next = 1;
    model::Batch batch;
    const auto damaged = [&](const char* what) {
        result = base::fail("log-damaged", fmt::format("at input {}: {}", next, what));
        return false;
    };
    // A reader of its own for what `use` asks in between.
    auto read = reader.batches(shard, 1, [&](ports::EncodedBatch&& encoded) {
        if (encoded.first_seq != next) return damaged("inputs are missing");
        if (encoded.prev_hash != before) return damaged("the batch does not follow the one before it");
        if (encoded.bytes.empty() && encoded.first_seq < swept->log_from) {
            before = encoded.hash;
            next = encoded.first_seq + encoded.count;
            gone += encoded.count;
            return true;
        }
        if (base::leaf_hash(encoded.bytes) != encoded.hash)
            return damaged("the bytes do not have the hash written beside them");
        if (!model::decode_batch(encoded.bytes, batch) || batch.prev_hash != before || batch.first_seq != next) {
            return damaged("the bytes cannot be read");
        }
        if (!batch.inputs.empty() && batch.inputs.back().received != encoded.received)
            return damaged("the moment written beside the batch is not that of its last input");
        before = encoded.hash;
        next = encoded.first_seq + encoded.count;
        result = use(batch);
        return result.has_value();
    });
    if (!read) return tl::unexpected(read.error());
    if (!result) return tl::unexpected(result.error());
    return gone;
}

}  // namespace

int export_inputs(const Place& place) {
    auto reader = open_reader(place);
    auto policy_reader = open_reader(place);
    if (!reader || !policy_reader) return refuse("export", reader ? policy_reader.error() : reader.error());
    Policies policies(**policy_reader);
    const auto done = walk(**reader, [&](const model::Batch& batch) -> base::Result<void> {
        // The log may begin later than it did.
        if (policies.policy() == nullptr && !batch.inputs.empty()) {
            if (auto taken = policies.take_at(batch.inputs.front().received); !taken) return taken;
        }
        for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
            const auto& head = batch.inputs[i];
            if (head.type == model::InputType::policy) {
                if (auto taken = policies.take(batch.policies[head.index].version); !taken) return taken;
            }
            if (policies.policy() == nullptr) return base::fail("log-damaged", "an input before any policy");
            write_line(std::cout, *policies.policy(), batch, i, policies.files());
        }
        return {};
    });
    std::cout.flush();
    if (!done) return refuse("export", done.error());
    if (*done > 0) fmt::print(stderr, "{} inputs before these are not kept any more (retention.yaml)\n", *done);
    if (!std::cout) return refuse("export", {"disk-full", "not everything could be written to the output", ""});
    return fine;
}

int decisions(const Place& place, bool timeline) {
    auto reader = open_reader(place);
    if (!reader) return refuse("decisions", reader.error());
    const auto row = (*reader)->newest_policy();
    if (!row) return refuse("decisions", row.error());
    if (!*row) return refuse("decisions", {"no-policy", "this data directory holds no community yet", ""});
    const auto policy = model::decode_policy((*row)->compiled);
    if (!policy) return refuse("decisions", policy.error());

    Decisions d;
    std::uint64_t after = 0;
    for (;;) {
        auto alerts = (*reader)->alerts(after, 10'000);
        if (!alerts) return refuse("decisions", alerts.error());
        if (alerts->empty()) break;
        after = alerts->back().alert.id.value;
        for (auto& a : *alerts) d.alerts[a.alert.id] = a;
    }
    ports::IncidentQuery query;
    query.limit = 10'000;
    for (;;) {
        auto incidents = (*reader)->incidents(query);
        if (!incidents) return refuse("decisions", incidents.error());
        if (incidents->empty()) break;
        query.before = incidents->back().id;
        for (auto& i : *incidents) {
            if (timeline) {
                auto events = (*reader)->timeline(i.id);
                if (!events) return refuse("decisions", events.error());
                d.timeline[i.id] = std::move(*events);
            }
            d.incidents[i.id] = std::move(i);
        }
    }
    write_report(std::cout, *policy, d, timeline, {});
    std::cout.flush();
    return std::cout ? fine : cannot_run;
}

int verify(const Place& place) {
    auto reader = open_reader(place);
    if (!reader) return refuse("verify", reader.error());
    std::uint64_t batches = 0;
    std::uint64_t inputs = 0;
    const auto done = walk(**reader, [&](const model::Batch& batch) -> base::Result<void> {
        ++batches;
        inputs += batch.inputs.size();
        return {};
    });
    if (!done) {
        fmt::print("{}: {}\n", done.error().code, done.error().message);
        return done.error().code == "log-damaged" ? findings : cannot_run;
    }
    const auto head = (*reader)->head(shard);
    if (!head) return refuse("verify", head.error());
    fmt::print("fine: the chain of the log is whole, {} inputs in {} batches, head {}\n", inputs, batches,
               base::to_hex(head->hash));
    if (*done > 0) fmt::print("of {} inputs before these only numbers and hashes are kept (retention.yaml)\n", *done);
    const auto rows = check_rows(**reader);
    if (!rows) return refuse("verify", rows.error());
    for (const auto& finding : rows->findings) fmt::print("rows-changed: {}\n", finding);
    if (!rows->findings.empty()) return findings;
    fmt::print("fine: timelines of {} incidents and {} roles agree with {} acts of the ledger\n", rows->incidents,
               rows->grants, rows->acts);
    return fine;
}

int backup(const Place& place, const std::string& target) {
    if (auto done = only_sqlite(place,
                                "pg_dump -Fc the database first, then copy the evidence folder of the data "
                                "directory (docs/operating/postgresql.md)");
        !done)
        return refuse("backup", done.error());
    const auto done = store::backup(place.data, target);
    if (!done) return refuse("backup", done.error());
    fmt::print("backed up to {}\n", target);
    return fine;
}

int restore(const std::string& source, const Place& place) {
    if (auto done = only_sqlite(place,
                                "pg_restore into an empty database, and put the evidence folder back into the "
                                "data directory (docs/operating/postgresql.md)");
        !done)
        return refuse("restore", done.error());
    const auto done = store::restore(source, place.data);
    if (!done) return refuse("restore", done.error());
    fmt::print("restored into {}\n", place.data);
    return fine;
}

}  // namespace shoumen::app
