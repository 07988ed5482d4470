#include "shell/roster.hpp"

#include <algorithm>
#include <tuple>

#include "protect/gate.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

// Noon of a day is on that day whatever the clock does at night.
base::LocalTime day_after(const base::Zone& zone, const base::LocalTime& day) {
    const base::Time noon = zone.to_utc(day.year, day.month, day.day, 12 * 60);
    return zone.local(noon + base::days(1));
}

// The turn that begins on this day, if one does.
std::optional<std::pair<base::Time, base::Time>> turn_on(const model::Policy& policy, const model::Schedule& hours,
                                                         const base::LocalTime& day) {
    base::LocalTime begins = day;
    begins.minute = hours.from_minute == hours.to_minute ? 0 : hours.from_minute;
    begins.second = 0;
    // Asked a day on, an overnight turn of the day before would answer for this one: it is asked at its beginning.
    if (!model::schedule_holds(hours, begins, policy.calendar)) return std::nullopt;
    const base::LocalTime next = day_after(policy.zone, day);
    const bool over_night = hours.from_minute >= hours.to_minute;
    const base::LocalTime& last = over_night ? next : day;
    const int ends = hours.from_minute == hours.to_minute ? 0 : hours.to_minute;
    return std::pair{policy.zone.to_utc(day.year, day.month, day.day, begins.minute),
                     policy.zone.to_utc(last.year, last.month, last.day, ends)};
}

}  // namespace

base::Time midnight(const base::Zone& zone, base::Time t, int days) {
    base::LocalTime day = zone.local(t);
    for (int i = 0; i < days; ++i) day = day_after(zone, day);
    return zone.to_utc(day.year, day.month, day.day, 0);
}

std::vector<ports::Shift> shifts_of(const model::Policy& policy, base::Time from, base::Time until) {
    std::vector<ports::Shift> all;
    for (const model::Duty& duty : policy.duty) {
        if (policy.bodies[duty.body.value].retired) continue;
        // From the day before: its turn may reach into the night.
        base::LocalTime day =
            policy.zone.local(policy.zone.to_utc(policy.zone.local(from).year, policy.zone.local(from).month,
                                                 policy.zone.local(from).day, 12 * 60) -
                              base::days(1));
        for (; policy.zone.to_utc(day.year, day.month, day.day, 0) < until; day = day_after(policy.zone, day)) {
            const auto turn = turn_on(policy, duty.hours, day);
            if (!turn) continue;
            const base::Time begins = std::max({turn->first, from, duty.from});
            const base::Time ends = std::min({turn->second, until, duty.to});
            if (begins < ends) all.push_back({duty.body, duty.person, duty.channels, begins, ends});
        }
    }
    std::ranges::sort(all, {}, [](const ports::Shift& s) { return std::tie(s.body, s.from, s.person.code, s.until); });
    // Whoever goes on without a break has one turn.
    std::vector<ports::Shift> out;
    for (auto& shift : all) {
        const auto before = std::ranges::find_if(out, [&](const ports::Shift& s) {
            return s.body == shift.body && s.person == shift.person && s.from <= shift.from && shift.from <= s.until;
        });
        if (before == out.end())
            out.push_back(std::move(shift));
        else
            before->until = std::max(before->until, shift.until);
    }
    return out;
}

// --- As people read it --------------------------------------------------------------------------------------------

base::Result<ports::Roster> Office::roster(const ports::Session& session) {
    const auto policy = node_.policy();
    const protect::Gate gate(*policy);
    const protect::Viewer viewer = viewer_of(session);
    const base::Time now = clock_.now();
    ports::Roster out;
    out.from = midnight(policy->zone, now, 0);
    out.until = midnight(policy->zone, now, 2);
    const auto seen = [&](model::PlaceId place) {
        return gate.may_see(viewer, model::Item::roster, {.place = place}, now);
    };
    for (std::size_t i = 0; i < policy->bodies.size(); ++i) {
        const auto& body = policy->bodies[i];
        if (body.retired) continue;
        bool sees = std::ranges::any_of(body.places, seen);
        for (const auto grid : body.grids) sees = sees || std::ranges::any_of(policy->grids[grid.value].places, seen);
        if (body.places.empty() && body.grids.empty()) sees = seen(policy->root);
        // One's own duty, wherever it is.
        sees = sees || std::ranges::find(session.actor.bodies, model::BodyId{i}) != session.actor.bodies.end();
        if (sees) out.bodies.push_back(model::BodyId{i});
    }
    out.shifts = shifts_of(*policy, out.from, out.until);
    std::erase_if(out.shifts, [&](const auto& s) { return std::ranges::find(out.bodies, s.body) == out.bodies.end(); });
    return out;
}

}  // namespace shoumen::shell
