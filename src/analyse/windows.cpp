#include "analyse/windows.hpp"

#include <algorithm>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

// Of these a signal alerts however late it comes.
bool alerts_late(model::SignalKind kind) {
    switch (kind) {
        case model::SignalKind::smoke:
        case model::SignalKind::gas:
        case model::SignalKind::one_key:
        case model::SignalKind::elder_bracelet:
        case model::SignalKind::child_bracelet:
            return true;
        default:
            return false;
    }
}

}  // namespace

// --- Signals -----------------------------------------------------------------------------------------------------

inline Slot Engine::slot_of(const Step& step, const Row& row, std::uint32_t device) const {
    const Code& code = plan_->rules[step.rule];
    if (code.by_device()) return {code, device, row.block + step.cell};
    const std::uint32_t cell = cells_[row.block + step.cell];
    return {code, cells_[cell - 1], cell};
}

// Each thing is called for some devices after what it is found by, so that nothing is waited for.
void Engine::prefetch(std::uint32_t device) const {
    const auto [row, block] = coming_.next(device);
    if (device < plan_->rows.size()) __builtin_prefetch(&plan_->rows[device]);
    if (row < plan_->rows.size()) prefetch_block(row);
    if (block < plan_->rows.size()) prefetch_links(plan_->rows[block]);
}

void Engine::prefetch_block(std::uint32_t device) const {
    constexpr std::uint32_t line = 16;
    constexpr std::uint32_t most = 4 * line;  // what stands behind it may be long
    const std::uint32_t begin = plan_->rows[device].block & ~(line - 1);
    const std::uint32_t end = std::min(plan_->end_of(device), begin + most);
    for (std::uint32_t cell = begin; cell < end; cell += line) __builtin_prefetch(&cells_[cell], 1);
}

void Engine::prefetch_links(const Row& row) const {
    const std::uint32_t links = plan_->programs[row.program].links;
    for (std::uint32_t cell = row.block; cell < row.block + links; ++cell) __builtin_prefetch(&cells_[cells_[cell]], 1);
}

inline void Engine::step_over(const Step& step, const Row& row, const model::Signal& signal, std::int64_t at,
                              Moment& moment) {
    const std::uint32_t device = signal.device.value;
    if (const Code& code = plan_->rules[step.rule]; !concerns(code)) {
        if (code.link > 0) absence_heard(slot_of(step, row, device), at, moment);
        if (code.flat_count > 0) absence_charged(slot_of(step, row, device), at);
        return;
    }
    const Slot slot = slot_of(step, row, device);
    if (slot.code.op == model::Operator::threshold) {
        const Answer raised = reading_.ask(slot.code.raise);
        if (raised == Answer::yes || !is_idle(slot)) threshold_signal(slot, raised, device, at, moment);
    } else if (slot.code.op == model::Operator::count) {
        count_signal(slot, device, at, moment);
    } else if (slot.code.op == model::Operator::absence) {
        if (slot.code.learned) note_way_out(slot, signal.kind, at);
        absence_signal(slot, device, at, moment);
    } else {
        pattern_signal(slot, device, signal.kind, at, moment);
    }
}

void Engine::signal(const model::Signal& signal, std::span<const model::Value> values, base::Time effective,
                    model::TimeVerdict verdict, Moment moment) {
    const std::uint32_t device = signal.device.value;
    if (device >= plan_->rows.size() || !is_credible(effective.us)) return;
    const Row row = plan_->rows[device];
    const Program& program = plan_->programs[row.program];
    if (program.kind != signal.kind) return;  // the device was given another kind after the signal was checked
    reading_.take(values);
    if (verdict == model::TimeVerdict::late) {
        late_signal(signal, row, effective.us, moment);
    } else {
        const bool remembers = program.memory_begin != program.memory_end;
        if (remembers) remember(row, program, effective.us);
        for (const Step& step : plan_->steps_of(program)) step_over(step, row, signal, effective.us, moment);
        if (remembers) forget_changes(program);
    }
    reading_.drop(values);
}

void Engine::late_signal(const model::Signal& signal, const Row& row, std::int64_t received, Moment& moment) {
    if (!alerts_late(signal.kind)) return;
    for (const Step& step : plan_->steps_of(plan_->programs[row.program])) {
        const Slot slot = slot_of(step, row, signal.device.value);
        if (slot.code.op == model::Operator::threshold && concerns(slot.code))
            threshold_late(slot, signal.device.value, signal.claimed.us, received, moment);
    }
}

// --- Alerts ------------------------------------------------------------------------------------------------------

std::uint64_t Engine::raise(const Slot& slot, std::uint32_t device, std::int64_t at, bool late, Moment& moment,
                            std::uint64_t renews) {
    const model::Policy& policy = *plan_->policy;
    const model::Rule& rule = policy.rules[slot.code.rule];
    if (slot.code.key == model::KeyLevel::gateway) device = slot.subject;
    const bool spoke = device < policy.devices.size();
    model::Alert alert;
    alert.id = base::make_id<model::AlertId>(moment.seq, moment.next_nth++);
    alert.rule = rule.id;
    alert.kind = rule.incident;
    alert.cause = rule.cause;
    alert.severity = rule.severity;
    if (spoke) alert.device = model::DeviceId{device};
    alert.place = spoke ? policy.devices[device].place : place_of(slot);
    alert.anchor = policy.ancestor(alert.place, rule.join);
    alert.at = base::Time{at};
    alert.renews = model::AlertId{renews};
    alert.late = late;
    moment.out.raised.push_back(alert);
    return alert.id.value;
}

// Of a subject none of whose devices has spoken yet.
model::PlaceId Engine::place_of(const Slot& slot) const {
    if (slot.code.key != model::KeyLevel::person) return model::PlaceId{slot.subject};
    const auto& devices = plan_->policy->devices;
    const auto first = std::ranges::find_if(
        devices, [&](const model::Device& d) { return !d.retired && d.person.value == slot.subject; });
    return first == devices.end() ? plan_->policy->root : first->place;
}

void Engine::clear(std::uint64_t open, std::int64_t at, Moment& moment) {
    moment.out.cleared.push_back({model::AlertId{open}, base::Time{at}});
}

bool Engine::open_at(const Code& code, std::int64_t at) {
    return !code.has_hours() || hours_[code.hours].open(*plan_->policy, base::Time{at});
}

std::int64_t Engine::open_from(const Code& code, std::int64_t at) {
    return code.has_hours() ? hours_[code.hours].next_open(*plan_->policy, base::Time{at}).us : at;
}

std::size_t Engine::pattern_bytes() const {
    std::size_t bytes = patterns_.capacity() * sizeof(Pattern);
    for (const Pattern& p : patterns_) bytes += p.seen.capacity() * sizeof(Pattern::Seen);
    return bytes;
}

std::size_t Engine::habit_bytes() const {
    std::size_t bytes = learned_.capacity() * sizeof(Learned);
    for (const Learned& l : learned_) bytes += l.habit.bytes() - sizeof(Habit);
    return bytes;
}

std::size_t Engine::bytes() const {
    return plan_->bytes() + (cells_.capacity() + rings_.capacity() + unused_.capacity()) * sizeof(std::uint32_t) +
           sparse_.capacity() * sizeof(SparseThreshold) + pattern_bytes() + habit_bytes() + deadlines_.rough.bytes() +
           deadlines_.exact.bytes();
}

// --- The door ----------------------------------------------------------------------------------------------------

struct Windows::Impl {
    Engine engine;
};

Windows::Windows() : impl_(std::make_unique<Impl>()) {}
Windows::Windows(const Windows& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Windows& Windows::operator=(const Windows& other) {
    if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
    return *this;
}
Windows::Windows(Windows&&) noexcept = default;
Windows& Windows::operator=(Windows&&) noexcept = default;
Windows::~Windows() = default;

void Windows::adopt(std::shared_ptr<const model::Policy> policy, base::Time now) {
    const base::Time credible{std::clamp(now.us, earliest_us, latest_us - 1)};
    impl_->engine.adopt(std::move(policy), credible);
}

void Windows::prefetch(model::DeviceId device) const { impl_->engine.prefetch(device.value); }

void Windows::signal(const model::Signal& signal, std::span<const model::Value> values, base::Time effective,
                     model::TimeVerdict verdict, std::uint64_t seq, std::uint32_t& next_nth, Finding& out) {
    impl_->engine.signal(signal, values, effective, verdict, {seq, next_nth, out});
}

void Windows::fire_due(base::Time now, std::uint64_t seq, std::uint32_t& next_nth, Finding& out) {
    impl_->engine.fire_due(now, {seq, next_nth, out});
}

base::Time Windows::next_due() const { return base::Time{impl_->engine.next_due()}; }
std::size_t Windows::bytes() const { return impl_->engine.bytes(); }
void Windows::encode(base::ByteWriter& out) const { impl_->engine.encode(out); }
base::Result<void> Windows::decode(base::ByteReader& in) { return impl_->engine.decode(in); }

}  // namespace shoumen::analyse
