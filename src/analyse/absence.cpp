// Absences.
//
// A slot alerts once at last activity + within, or when the schedule opens next, and is armed again by the next
// activity, which also ends the alert. Only activity later than the last moves it: what comes out of order is older
// news. A subject never heard counts from when its slot was made.
//
// With a link, what is due first is looked at as things stand: the alert, if the link spoke shortly before it; else the
// moment at which the link is taken for dead. A signal that comes between the two shows that the link was only slow:
// the alert is given then, be it the activity itself that was waited for.
//
// With `flat`, an alert that is due while the device heard last has said that its battery is flat is not given; the
// absence counts anew from the report that says otherwise, or from the next activity.
//
// A learned absence takes its span from the habit of its subject (learned.cpp), anew with each activity.
#include <algorithm>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

constexpr std::int64_t fresh_part = 5;  // a link heard within a fifth of its span is alive

}  // namespace

void Engine::absence_signal(const Slot& slot, std::uint32_t device, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    if (code.link > 0) absence_heard(slot, at, moment);
    Absence absence = Absence::load(code, &cells_[slot.cell]);
    if (at < absence.last || (at == absence.last && code.link == 0)) return;
    bool audible = true;
    if (absence.fired() || at >= absence.last + within_of(slot)) {
        for (Coming coming = absence_coming(slot, absence); coming.at <= at; coming = absence_coming(slot, absence))
            absence_step(slot, absence, coming, moment);
        if (absence.is_open()) clear(absence.alert, std::max(at, absence_alert_at(slot, absence)), moment);
        audible = absence.alert != Absence::dead && absence.alert != Absence::flat;
        absence.alert = 0;
    }
    if (code.learned) {
        if (audible) learn(slot, absence.last, at);
        begin_quiet(slot, device, at);
    }
    absence.last = std::max(absence.last, at);
    absence.device = device;
    // The schedule can only put it off further: no need to look where an entry stands early enough.
    const bool early =
        code.link == 0 && (absence.queued & exact_bit) == 0 && mark_of(at + within_of(slot)) >= absence.queued;
    if (!early) arm(slot, absence_coming(slot, absence).at, absence.queued);
    absence.store(code, &cells_[slot.cell]);
}

// Something came over the link, be it activity or a routine report.
void Engine::absence_heard(const Slot& slot, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    Absence absence = Absence::load(code, &cells_[slot.cell]);
    if (at <= absence.heard) return;
    for (Coming coming = absence_coming(slot, absence); coming.at <= at; coming = absence_coming(slot, absence))
        absence_step(slot, absence, coming, moment);
    if (absence.alert == Absence::dead) {
        absence.alert = 0;
        absence.last = at;  // nobody knows how long it was quiet before
        if (code.learned) begin_unknown(slot);
    } else if (!absence.fired() && open_from(code, absence.last + within_of(slot)) <= at && open_at(code, at)) {
        absence_step(slot, absence, {at, Next::alert}, moment);
    }
    absence.heard = at;
    arm(slot, absence_coming(slot, absence).at, absence.queued);
    absence.store(code, &cells_[slot.cell]);
}

// A report that is no activity: perhaps of a new battery.
void Engine::absence_charged(const Slot& slot, std::int64_t at) {
    const Code& code = slot.code;
    Absence absence = Absence::load(code, &cells_[slot.cell]);
    if (absence.alert != Absence::flat || is_flat(code, absence_device(slot, absence))) return;
    absence.alert = 0;
    absence.last = std::max(absence.last, at);
    if (code.learned) begin_unknown(slot);
    arm(slot, absence_coming(slot, absence).at, absence.queued);
    absence.store(code, &cells_[slot.cell]);
}

// The device the silence hangs on.
std::uint32_t Engine::absence_device(const Slot& slot, const Absence& absence) {
    return absence.device == no_number && slot.code.by_device() ? slot.subject : absence.device;
}

Engine::Coming Engine::absence_coming(const Slot& slot, const Absence& absence) {
    const Code& code = slot.code;
    if (!absence.fired()) {
        const std::int64_t alert_at = open_from(code, absence.last + within_of(slot));
        const bool alive = code.link == 0 || alert_at - absence.heard <= code.link / fresh_part;
        return alive ? Coming{alert_at, Next::alert} : Coming{absence.heard + code.link, Next::lapse};
    }
    if (!absence.is_open() || code.auto_clear == 0) return {};
    return {absence_alert_at(slot, absence) + code.auto_clear, Next::over};
}

// Of one that fired: found again rather than kept. (A zone that has changed since may know of no opening at all.)
std::int64_t Engine::absence_alert_at(const Slot& slot, const Absence& absence) {
    const Code& code = slot.code;
    if (code.link > 0) return absence.alert_at;
    const std::int64_t at = open_from(code, absence.last + within_of(slot));
    return at != never ? at : absence.last + within_of(slot);
}

void Engine::absence_step(const Slot& slot, Absence& absence, Coming coming, Moment& moment) {
    if (coming.what == Next::over) {
        clear(absence.alert, coming.at, moment);
        absence.alert = Absence::over;
        return;
    }
    if (coming.what == Next::lapse) {
        absence.alert = Absence::dead;
        return;
    }
    const std::uint32_t device = absence_device(slot, absence);
    if (slot.code.flat_count > 0 && is_flat(slot.code, device)) {
        absence.alert = Absence::flat;
        return;
    }
    absence.alert = raise(slot, device, coming.at, false, moment);
    absence.alert_at = coming.at;
    if (slot.code.learned) explain(slot, absence, absence.alert, moment);
}

void Engine::absence_fire(const Slot& slot, Moment& moment) {
    const Code& code = slot.code;
    Absence absence = Absence::load(code, &cells_[slot.cell]);
    absence_step(slot, absence, absence_coming(slot, absence), moment);
    arm(slot, absence_coming(slot, absence).at, absence.queued);
    absence.store(code, &cells_[slot.cell]);
}

}  // namespace shoumen::analyse
