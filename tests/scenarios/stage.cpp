#include "stage.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "act/life.hpp"
#include "sense/decode.hpp"

#include "words.hpp"

namespace shoumen::scenarios {
namespace {

std::string snapshot_of(const loop::Core& core) {
    base::ByteWriter out;
    core.windows().encode(out);
    return out.take();
}

std::string bytes_of(const model::Incident& incident) {
    base::ByteWriter out;
    model::encode(incident, out);
    return out.take();
}

// Free text never matters to the core: only that it lies outside.
class Texts final : public sense::TextKeeper {
public:
    explicit Texts(model::Batch& batch, std::uint64_t& handles) : batch_(batch), handles_(handles) {}
    std::uint64_t keep(std::string_view) override {
        batch_.texts.push_back({model::Handle{++handles_}, {}});
        return batch_.texts.size() - 1;
    }

private:
    model::Batch& batch_;
    std::uint64_t& handles_;
};

// Nobody who was told may vanish, nor may the moment they saw it.
bool told_kept(const model::Incident& before, const model::Incident& after) {
    if (after.told.size() < before.told.size()) return false;
    for (std::size_t i = 0; i < before.told.size(); ++i) {
        const auto& a = before.told[i];
        const auto& b = after.told[i];
        if (a.notice != b.notice || a.person != b.person || a.at != b.at) return false;
        if (a.seen.is_set() && a.seen != b.seen) return false;
    }
    return true;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Stage::Stage(std::shared_ptr<const model::Policy> policy, base::Time now) : now_(now) {
    policies_[policy->version] = policy;
    core_ = new_core();
    core_->load_policy(policy, now);
    snapshot_ = snapshot_of(*core_);
}

std::unique_ptr<loop::Core> Stage::new_core() {
    return std::make_unique<loop::Core>([this](std::uint64_t version) -> std::shared_ptr<const model::Policy> {
        const auto at = policies_.find(version);
        return at == policies_.end() ? nullptr : at->second;
    });
}

// --- Inputs --------------------------------------------------------------------------------------

void Stage::add(model::InputType type, std::size_t index) {
    batch_.inputs.push_back({type, static_cast<std::uint32_t>(index), now_});
}

void Stage::advance(base::Time to) {
    for (base::Time due = core_->next_due(); due <= to; due = core_->next_due()) {
        now_ = std::max(now_, due);
        add(model::InputType::timer, 0);
        step();
        if (core_->next_due() <= due) throw Failure("time stands still: a timer has left what was due");
    }
    now_ = to;
}

std::string Stage::signal(const model::FlatSignal& flat, model::DeviceId speaker) {
    Texts texts(batch_, texts_);
    const auto taken = sense::decode(policy(), flat, speaker, now_, texts, batch_);
    if (!taken) {
        batch_.clear();
        return taken.error().code;
    }
    step();
    return {};
}

model::CommandResult Stage::command(model::Command command) {
    command.text = model::Handle{++texts_};
    batch_.commands.push_back(std::move(command));
    add(model::InputType::command, 0);
    step();
    return all_.results.back();
}

void Stage::adopt(std::shared_ptr<const model::Policy> policy) {
    policies_[policy->version] = policy;
    batch_.policies.push_back({policy->version, policy->digest});
    add(model::InputType::policy, 0);
    step();
}

// --- What a step leaves --------------------------------------------------------------------------

void Stage::step() {
    batch_.first_seq = next_seq_;
    next_seq_ += batch_.inputs.size();
    base::ByteWriter out;
    model::encode(batch_, out);
    log_.push_back(out.take());
    // Played as it stands in the log.
    model::Batch read;
    if (const auto decoded = model::decode_batch(log_.back(), read); !decoded) {
        throw Failure("the batch cannot be read back: " + decoded.error().message);
    }
    model::Effects effects;
    core_->step(read, effects);
    if (effects.results.size() != batch_.commands.size()) throw Failure("a command was left without an answer");
    batch_.clear();
    keep(effects);
}

void Stage::keep(const model::Effects& effects) {
    for (const auto& raised : effects.alerts) alerts_.push_back({raised, policy().rules[raised.alert.rule.value].code});
    append(all_.alerts, effects.alerts);
    append(all_.cleared, effects.cleared);
    append(all_.events, effects.events);
    append(all_.notices, effects.notices);
    append(all_.results, effects.results);
    all_.counts.signals += effects.counts.signals;
    all_.counts.repeats += effects.counts.repeats;
    all_.counts.late += effects.counts.late;
    all_.counts.clock_wrong += effects.counts.clock_wrong;
    for (const model::IncidentId id : effects.changed) keep_row(id);
}

void Stage::keep_row(model::IncidentId id) {
    const model::Incident* incident = core_->incident(id);
    if (!incident) throw Failure("an incident has changed and is not there");
    if (const auto broken = act::check(*incident)) throw Failure(fmt::format("an invariant is broken: {}", *broken));
    if (timeline(id).size() != incident->event_count) throw Failure("the timeline has gaps");
    const auto before = rows_.find(id);
    if (before != rows_.end() && !told_kept(before->second, *incident))
        throw Failure("somebody who was told has been forgotten");
    rows_[id] = *incident;
}

std::vector<model::TimelineEvent> Stage::timeline(model::IncidentId id) const {
    std::vector<model::TimelineEvent> entries;
    std::ranges::copy_if(all_.events, std::back_inserter(entries), [&](const auto& e) { return e.incident == id; });
    return entries;
}

// --- Restart -------------------------------------------------------------------------------------

void Stage::restart() {
    const std::string wanted = snapshot_of(*core_);
    const base::Time due = core_->next_due();
    core_ = new_core();
    base::ByteReader in(snapshot_);
    if (const auto loaded = core_->load_windows(in); !loaded)
        throw Failure("the snapshot does not load: " + loaded.error().message);
    for (const auto& [id, row] : rows_) {
        for (const auto& evidence : row.evidence) core_->load_evidence(evidence.sha256, id);
        if (!act::is_held(row, now_)) continue;
        auto incident = model::decode_incident(bytes_of(row));
        if (!incident) throw Failure("a row does not load: " + incident.error().message);
        core_->load_incident(std::move(*incident));
    }
    for (const std::string& bytes : log_) {
        model::Batch batch;
        if (!model::decode_batch(bytes, batch)) throw Failure("the log cannot be read back");
        core_->rewind(batch);
    }
    if (snapshot_of(*core_) != wanted) throw Failure("after the restart the windows are not what they were before");
    if (core_->next_due() != due) throw Failure("after the restart something else is due");
    snapshot_ = wanted;
    log_.clear();
}

}  // namespace shoumen::scenarios
