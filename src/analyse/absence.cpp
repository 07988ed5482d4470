// Absences.
//
// A slot alerts once at last activity + within, or when the schedule opens next, and is armed again by the next
// activity, which also ends the alert. Only activity later than the last moves it: what comes out of order is older
// news. A subject never heard counts from when its slot was made.
#include <algorithm>

#include "engine.hpp"

namespace shoumen::analyse {

void Engine::absence_signal(const Slot& slot, std::uint32_t device, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    Absence absence = Absence::load(&cells_[slot.cell]);
    if (at <= absence.last) return;
    if (absence.fired() || at >= absence.last + code.within) {
        for (Coming coming = absence_coming(code, absence); coming.at <= at; coming = absence_coming(code, absence))
            absence_step(slot, absence, coming, moment);
        if (absence.is_open()) clear(absence.alert, std::max(at, absence_alert_at(code, absence)), moment);
        absence.alert = 0;
    }
    absence.last = at;
    absence.device = device;
    // The schedule can only put it off further: no need to look where an entry stands early enough.
    const bool early = (absence.queued & exact_bit) == 0 && mark_of(at + code.within) >= absence.queued;
    if (!early) arm(slot, absence_coming(code, absence).at, absence.queued);
    absence.store(&cells_[slot.cell]);
}

Engine::Coming Engine::absence_coming(const Code& code, const Absence& absence) {
    if (!absence.fired()) return {open_from(code, absence.last + code.within), Next::alert};
    if (!absence.is_open() || code.auto_clear == 0) return {};
    return {absence_alert_at(code, absence) + code.auto_clear, Next::over};
}

// Of one that fired: found again rather than kept. (A zone that has changed since may know of no opening at all.)
std::int64_t Engine::absence_alert_at(const Code& code, const Absence& absence) {
    const std::int64_t at = open_from(code, absence.last + code.within);
    return at != never ? at : absence.last + code.within;
}

void Engine::absence_step(const Slot& slot, Absence& absence, Coming coming, Moment& moment) {
    if (coming.what == Next::over) {
        clear(absence.alert, coming.at, moment);
        absence.alert = Absence::over;
        return;
    }
    const bool heard = absence.device != no_number;
    const std::uint32_t device = !heard && slot.code.by_device() ? slot.subject : absence.device;
    absence.alert = raise(slot, device, coming.at, false, moment);
}

void Engine::absence_fire(const Slot& slot, Moment& moment) {
    Absence absence = Absence::load(&cells_[slot.cell]);
    absence_step(slot, absence, absence_coming(slot.code, absence), moment);
    arm(slot, absence_coming(slot.code, absence).at, absence.queued);
    absence.store(&cells_[slot.cell]);
}

}  // namespace shoumen::analyse
