// Thresholds.
//
// A slot is idle until a signal raises it. It is true from the first signal that raises it until one that clears it, or
// until auto_clear. While it is true it alerts once, at the first moment at which it has been true for `hold`, the last
// alert is `cooldown` ago and the schedule is open: a deadline, so that a device which sends changes alone is not
// overlooked. A true signal `repeat` (and `cooldown`) after the last alert alerts again; the new alert takes the place
// of the old, one clearing ends both.
//
// auto_clear ends it so long after the last signal that raised it, or after the alert if that came later. One that has
// not alerted because of the cooldown alone lapses after as long, unheard; one that waits for its hold or the schedule
// does not.
//
// Order: a slot first works off what it had due by the signal's time. A signal that clears but is older than the moment
// it became true is passed over: it is older news.
#include <algorithm>
#include <utility>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

constexpr std::int64_t minute_us = 60'000'000;
// So far a signal's time may lie before that of one that came earlier: 120 s behind its receipt, against 120 s ahead.
constexpr std::int64_t disorder_us = 240'000'000;

// 24 bits of the minute: 31 years until one comes again.
std::uint32_t minute_of(std::int64_t us) { return static_cast<std::uint32_t>(us / minute_us) & 0xffffffU; }

}  // namespace

// --- Where the state lies ----------------------------------------------------------------------------------------

Threshold Engine::load_threshold(const Slot& slot) const {
    return slot.code.sparse ? sparse_[cells_[slot.cell] - 1].state : Threshold::load(slot.code, &cells_[slot.cell]);
}

// The same, with a record for a sparse one that has none.
Threshold Engine::open_threshold(const Slot& slot) {
    std::uint32_t& number = cells_[slot.cell];
    if (!slot.code.sparse || number != 0) return load_threshold(slot);
    if (unused_.empty()) {
        if (sparse_.size() == sparse_.capacity()) sparse_.reserve(sparse_.size() + sparse_.size() / 4 + 64);
        sparse_.emplace_back();
        unused_.push_back(static_cast<std::uint32_t>(sparse_.size()));
    }
    number = unused_.back();
    unused_.pop_back();
    sparse_[number - 1] = {.rule = slot.code.rule, .subject = slot.subject, .cell = slot.cell};
    return {};
}

void Engine::store_threshold(const Slot& slot, const Threshold& t) {
    if (slot.code.sparse)
        sparse_[cells_[slot.cell] - 1].state = t;
    else
        t.store(slot.code, &cells_[slot.cell]);
}

// The same; and gives a sparse one's record back if nothing in it can matter any more to a signal that comes after one
// of time `at`.
void Engine::close_threshold(const Slot& slot, const Threshold& t, std::int64_t at) {
    const bool cool =
        slot.code.cooldown == 0 || t.alert_at == no_time || at - disorder_us >= t.alert_at + slot.code.cooldown;
    const bool late_over = t.late_minute == no_number || minute_of(at - disorder_us) > t.late_minute;
    if (!slot.code.sparse || t.holds || !cool || !late_over) return store_threshold(slot, t);
    const std::uint32_t number = std::exchange(cells_[slot.cell], 0);
    sparse_[number - 1] = {};
    unused_.push_back(number);
}

// --- Signals -----------------------------------------------------------------------------------------------------

// Of a slot that is raised, or not idle.
void Engine::threshold_signal(const Slot& slot, Answer raised, std::uint32_t device, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    if (raised == Answer::yes) {
        Threshold t = open_threshold(slot);
        threshold_raise(slot, t, device, at, moment);
        return store_threshold(slot, t);
    }
    const bool cleared = code.has_clear ? reading_.ask(code.clear) == Answer::yes : raised == Answer::no;
    if (!cleared) return;
    Threshold t = load_threshold(slot);
    threshold_clear(slot, t, at, moment);
    close_threshold(slot, t, at);
}

// Late: whatever hold and cooldown say, for nothing is known of the time between; but not more than once a minute.
void Engine::threshold_late(const Slot& slot, std::uint32_t device, std::int64_t claimed, std::int64_t received,
                            Moment& moment) {
    if (reading_.ask(slot.code.raise) != Answer::yes || !open_at(slot.code, claimed)) return;
    Threshold t = open_threshold(slot);
    if (t.late_minute == minute_of(received)) return;
    t.late_minute = minute_of(received);
    raise(slot, device, received, true, moment);
    store_threshold(slot, t);
}

void Engine::threshold_raise(const Slot& slot, Threshold& t, std::uint32_t device, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    threshold_catch_up(slot, t, at, moment);
    if (!t.holds) {
        t.holds = true;
        t.pending = true;
        t.since = at;
        t.last_raise = at;
    }
    t.last_raise = std::max(t.last_raise, at);
    t.device = device;
    if (!t.pending && code.repeat > 0 && at >= t.alert_at + std::max(code.repeat, code.cooldown) && open_at(code, at)) {
        t.open = raise(slot, device, at, false, moment, t.open);
        t.alert_at = at;
    }
    Coming coming = threshold_coming(code, t);
    if (coming.at <= at) {
        threshold_step(slot, t, coming, moment);
        coming = threshold_coming(code, t);
    }
    arm(slot, coming.at, t.queued);
}

void Engine::threshold_clear(const Slot& slot, Threshold& t, std::int64_t at, Moment& moment) {
    if (!t.holds || at < t.since) return;
    threshold_catch_up(slot, t, at, moment);
    if (t.open != 0) clear(t.open, std::max(at, t.alert_at), moment);
    t.open = 0;
    t.holds = false;
    t.pending = false;
    arm(slot, never, t.queued);
}

// --- Time --------------------------------------------------------------------------------------------------------

Engine::Coming Engine::threshold_coming(const Code& code, const Threshold& t) {
    if (!t.holds) return {};
    if (!t.pending) {
        if (code.auto_clear == 0) return {};
        return {std::max(t.alert_at, t.last_raise) + code.auto_clear, Next::over};
    }
    const std::int64_t held = t.since + code.hold;
    const std::int64_t cool = code.cooldown > 0 && t.alert_at != no_time ? t.alert_at + code.cooldown : no_time;
    if (cool > held && code.auto_clear > 0 && t.last_raise + code.auto_clear < cool)
        return {t.last_raise + code.auto_clear, Next::lapse};
    return {open_from(code, std::max(held, cool)), Next::alert};
}

void Engine::threshold_step(const Slot& slot, Threshold& t, Coming coming, Moment& moment) {
    if (coming.what == Next::alert) {
        t.open = raise(slot, slot.code.by_device() ? slot.subject : t.device, coming.at, false, moment);
        t.alert_at = coming.at;
        t.pending = false;
        return;
    }
    if (coming.what == Next::over) clear(t.open, coming.at, moment);
    t.open = 0;
    t.holds = false;
    t.pending = false;
}

void Engine::threshold_catch_up(const Slot& slot, Threshold& t, std::int64_t at, Moment& moment) {
    for (Coming coming = threshold_coming(slot.code, t); coming.at <= at; coming = threshold_coming(slot.code, t))
        threshold_step(slot, t, coming, moment);
}

void Engine::threshold_fire(const Slot& slot, Moment& moment) {
    Threshold t = load_threshold(slot);
    const Coming coming = threshold_coming(slot.code, t);
    threshold_step(slot, t, coming, moment);
    arm(slot, threshold_coming(slot.code, t).at, t.queued);
    close_threshold(slot, t, coming.at);
}

}  // namespace shoumen::analyse
