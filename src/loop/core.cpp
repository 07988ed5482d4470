#include "loop/core.hpp"

#include <algorithm>
#include <span>

#include "decide/decide.hpp"
#include "decide/precision.hpp"

#include "world.hpp"

namespace shoumen::loop {
namespace {

using base::Time;

// How many inputs ahead the memory of a signal's device is called for.
constexpr std::size_t look_ahead = 12;

void prefetch(const World& world, const model::Batch& batch, std::size_t i) {
    if (i >= batch.inputs.size() || batch.inputs[i].type != model::InputType::signal) return;
    const model::DeviceId device = batch.signals[batch.inputs[i].index].device;
    world.state.intake.prefetch(device);
    world.state.windows.prefetch(device);
}

}  // namespace

// --- The world -----------------------------------------------------------------------------------

void World::adopt(std::shared_ptr<const model::Policy> next, Time now) {
    policy = std::move(next);
    state.policy_version = policy->version;
    state.intake.adopt(*policy);
    state.windows.adopt(policy, now);
}

void World::adopt_version(std::uint64_t version, Time now) {
    if (auto next = policies(version)) adopt(std::move(next), now);
}

bool World::observe(const model::Batch& batch, const model::InputHead& head, std::uint64_t seq,
                    model::SenseCounts& counts) {
    const model::Signal& signal = batch.signals[head.index];
    ++counts.signals;
    if (!policy) return false;  // without one there are no devices: nothing can have spoken
    const sense::Admitted admitted = state.intake.admit(signal, head.received);
    if (admitted.repeat) {
        ++counts.repeats;
        return false;
    }
    counts.late += admitted.verdict == model::TimeVerdict::late ? 1 : 0;
    counts.clock_wrong += admitted.verdict == model::TimeVerdict::clock_wrong ? 1 : 0;
    const std::span values(batch.values.data() + signal.values_begin, signal.value_count);
    std::uint32_t nth = 0;
    state.windows.signal(signal, values, admitted.effective, admitted.verdict, seq, nth, finding);
    for (model::Alert& alert : finding.raised) alert.scene = decide::scene_of(policy->rules[alert.rule.value], values);
    state.quiet.hold_back(finding.raised, finding.cleared);
    return !finding.raised.empty() || !finding.cleared.empty();
}

void World::rewind(const model::Batch& batch, const model::InputHead& head, std::uint64_t seq) {
    if (head.type == model::InputType::signal) {
        model::SenseCounts counts;
        observe(batch, head, seq, counts);
    } else if (head.type == model::InputType::timer) {
        fire(head.received, seq);
    } else if (head.type == model::InputType::record) {
        record(batch.records[head.index], head.received);
    } else if (head.type == model::InputType::policy) {
        adopt_version(batch.policies[head.index].version, head.received);
    }
    finding.raised.clear();
    finding.cleared.clear();
}

// As Turn::timer does it: what is quiet until then is so at that very moment no more.
void World::fire(Time now, std::uint64_t seq) {
    std::uint32_t nth = 0;
    for (;;) {
        const Time due = std::min(state.windows.next_due(), state.quiet.next_due());
        if (due > now) return;
        state.quiet.end_due(due);
        if (state.windows.next_due() > due) continue;
        state.windows.fire_due(due, seq, nth, finding);
        state.quiet.hold_back(finding.raised, finding.cleared);
    }
}

std::vector<model::Alert> World::record(const model::RecordInput& input, Time now) {
    if (!policy || !input.subject.starts_with(Quiet::subject)) return {};
    const auto device = policy->device_by_code.find(std::string_view(input.subject).substr(Quiet::subject.size()));
    if (device == policy->device_by_code.end()) return {};
    const Time until{static_cast<std::int64_t>(input.record)};
    if (until <= now) return state.quiet.end(device->second, now);
    state.quiet.begin(device->second, until);
    return {};
}

void WindowState::encode(base::ByteWriter& out) const {
    out.varint(policy_version);
    if (policy_version == 0) return;  // before the first policy there is nothing to remember
    intake.encode(out);
    windows.encode(out);
    quiet.encode(out);
}

// --- At start ------------------------------------------------------------------------------------

struct Core::Impl : World {};

Core::Core(PolicySource policies) : impl_(std::make_unique<Impl>()) {
    impl_->policies = std::move(policies);
    impl_->decisions = decide::decisions();
}

Core::~Core() = default;

void Core::load_policy(std::shared_ptr<const model::Policy> policy, Time now) { impl_->adopt(std::move(policy), now); }

void Core::load_incident(model::Incident incident) {
    for (const model::Evidence& evidence : incident.evidence) impl_->evidence.emplace(evidence.sha256, incident.id);
    impl_->incidents.add(std::move(incident));
}

void Core::load_evidence(const base::Digest& sha256, model::IncidentId incident) {
    impl_->evidence.emplace(sha256, incident);
}

base::Result<void> Core::load_windows(base::ByteReader& in) {
    const std::uint64_t version = in.varint();
    if (!in.ok())
        return base::fail("data-damaged", "the snapshot of the windows is cut short; restore it from a backup");
    if (version == 0) return {};
    if (!impl_->policy || impl_->policy->version != version) {
        auto policy = impl_->policies(version);
        if (!policy) return base::fail("data-damaged", "the snapshot belongs to a policy version that is not kept");
        impl_->adopt(std::move(policy), Time{});  // the moment does not matter: decode sets every window
    }
    if (auto intake = impl_->state.intake.decode(in); !intake) return intake;
    if (auto windows = impl_->state.windows.decode(in); !windows) return windows;
    if (in.at_end()) return {};  // of before there were any
    return impl_->state.quiet.decode(in);
}

void Core::rewind(const model::Batch& batch) {
    for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
        prefetch(*impl_, batch, i + look_ahead);
        impl_->rewind(batch, batch.inputs[i], batch.first_seq + i);
    }
}

// --- The step ------------------------------------------------------------------------------------

namespace {

void work_off(World& world, const model::Batch& batch, std::size_t i, Changes& changes, model::Effects& effects) {
    const model::InputHead& head = batch.inputs[i];
    const std::uint64_t seq = batch.first_seq + i;
    switch (head.type) {
        case model::InputType::signal:
            if (world.observe(batch, head, seq, effects.counts))
                Turn(world, effects, changes, seq).found(head.received);
            return;
        case model::InputType::command:
            return Turn(world, effects, changes, seq).command(batch.commands[head.index], head.received);
        case model::InputType::timer:
            return Turn(world, effects, changes, seq).timer(head.received);
        case model::InputType::policy:
            return world.adopt_version(batch.policies[head.index].version, head.received);
        case model::InputType::record:
            return Turn(world, effects, changes, seq).record(batch.records[head.index], head.received);
    }
}

// Never of what has changed since the effects were last taken: whoever takes them asks for its new form.
void forget(World& world, Time next_due, const model::Batch& batch, const model::Effects& effects) {
    if (!effects.changed.empty() || batch.inputs.empty()) return;
    world.incidents.forget(std::min(next_due, batch.inputs.front().received));
}

}  // namespace

std::size_t Core::step_until_due(const model::Batch& batch, std::size_t from, model::Effects& effects) {
    forget(*impl_, next_due(), batch, effects);
    Changes changes(effects.changed);
    for (std::size_t i = from; i < batch.inputs.size(); ++i) {
        const model::InputHead& head = batch.inputs[i];
        if (head.type != model::InputType::timer && next_due() <= head.received) return i;
        prefetch(*impl_, batch, i + look_ahead);
        work_off(*impl_, batch, i, changes, effects);
    }
    return batch.inputs.size();
}

void Core::step(const model::Batch& batch, model::Effects& effects) {
    forget(*impl_, next_due(), batch, effects);
    Changes changes(effects.changed);
    for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
        prefetch(*impl_, batch, i + look_ahead);
        work_off(*impl_, batch, i, changes, effects);
    }
}

// --- What others may look at ---------------------------------------------------------------------

Time Core::next_due() const {
    return std::min({impl_->state.windows.next_due(), impl_->incidents.next_due(), impl_->state.quiet.next_due()});
}

const model::Incident* Core::incident(model::IncidentId id) const { return impl_->incidents.find(id); }

const WindowState& Core::windows() const { return impl_->state; }

const model::Policy* Core::policy() const { return impl_->policy.get(); }

std::vector<model::TrackView> Core::precision(Time now) const {
    if (!impl_->policy) return {};
    return all_tracks(*impl_->policy, impl_->incidents, now);
}

std::size_t Core::live_incidents() const { return impl_->incidents.live(); }

}  // namespace shoumen::loop
