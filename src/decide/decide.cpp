#include "decide/decide.hpp"

#include <algorithm>
#include <cassert>

namespace shoumen::decide {
namespace {

using model::BodyId;
using model::Policy;

constexpr base::Duration join_within = base::minutes(10);
constexpr base::Duration reopen_within = base::hours(1);

// --- Whose it is ---------------------------------------------------------------------------------

// What a row is compared with.
struct Case {
    model::IncidentKindId kind;
    model::PlaceUse use;
    model::Severity severity;
    base::LocalTime local;
    const model::Calendar& calendar;
};

template <class T>
bool any_or_among(const std::vector<T>& list, T value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

bool matches(const model::MatrixRow& row, const Case& c) {
    return any_or_among(row.kinds, c.kind) && any_or_among(row.places, c.use) &&
           any_or_among(row.severities, c.severity) &&
           (row.any_hour || model::schedule_holds(row.hours, c.local, c.calendar));
}

// Nothing is ever without an owner, even under a policy that should not have loaded.
BodyId last_resort(const Policy& policy, model::PlaceId place) {
    if (const BodyId committee = policy.body_for(model::Role::committee, place); committee.valid()) return committee;
    const auto standing = std::ranges::find(policy.bodies, false, &model::Body::retired);
    if (standing != policy.bodies.end()) return BodyId{static_cast<std::size_t>(standing - policy.bodies.begin())};
    assert(!policy.bodies.empty() && "a policy without a body must not be loaded");
    return BodyId{0U};
}

void add_once(std::vector<BodyId>& list, BodyId body) {
    if (body.valid() && std::ranges::find(list, body) == list.end()) list.push_back(body);
}

}  // namespace

model::Assignment assign(const Policy& policy, model::IncidentKindId kind, model::PlaceId place,
                         model::Severity severity, base::Time at) {
    const Case c{kind, policy.places[place.value].use, severity, policy.zone.local(at), policy.calendar};
    // The deadlines of the last resort.
    model::Assignment a{{}, {}, base::minutes(5), base::minutes(15), base::hours(24), 0};
    bool led = false;
    for (const model::MatrixRow& row : policy.matrix) {
        if (!matches(row, c)) continue;
        if (row.lead && !led) {
            led = true;
            a.lead = policy.body_for(*row.lead, place);
            a.acknowledge = row.acknowledge;
            a.arrive = row.arrive;
            a.close = row.close;
            a.matrix_line = row.line;
        }
        for (const model::Role role : row.assist) add_once(a.assist, policy.body_for(role, place));
    }
    if (!a.lead.valid()) a.lead = last_resort(policy, place);
    std::erase(a.assist, a.lead);
    return a;
}

// --- Whether it is the same ----------------------------------------------------------------------

namespace {

using Storeys = std::span<const Policy::Storey>;

std::optional<std::size_t> storey_of(const Policy& policy, Storeys storeys, model::PlaceId place) {
    const model::PlaceId floor = policy.ancestor(place, model::PlaceLevel::floor);
    const auto at = std::ranges::find(storeys, floor, &Policy::Storey::floor);
    if (at == storeys.end()) return std::nullopt;
    return static_cast<std::size_t>(at - storeys.begin());
}

// From the floor of the alert to the nearest the incident has reached: floors and, among those between, silent ones
// that the rule watches.
struct Way {
    std::uint32_t floors = 0;
    bool silent = false;
};

Way way_to(const Policy& policy, const model::Incident& incident, const model::Alert& alert) {
    const model::Rule& rule = policy.rules[alert.rule.value];
    if (!rule.parted_by_silent_floor) return {};
    const Storeys storeys = policy.storeys_around(alert.place);
    const auto here = storey_of(policy, storeys, alert.place);
    if (!here) return {};
    std::optional<std::size_t> nearest;
    const auto away = [&](std::size_t floor) { return floor < *here ? *here - floor : floor - *here; };
    const auto look = [&](model::PlaceId place) {
        const auto there = storey_of(policy, storeys, place);
        if (there && (!nearest || away(*there) < away(*nearest))) nearest = there;
        return there.has_value();
    };
    // What began on no floor may be anywhere.
    if (!look(incident.place)) return {};
    for (const model::PlaceId place : incident.reached) look(place);
    Way way{static_cast<std::uint32_t>(away(*nearest))};
    for (std::size_t f = std::min(*here, *nearest) + 1; f < std::max(*here, *nearest); ++f)
        way.silent = way.silent || (storeys[f].kinds & rule.kinds) != 0;
    return way;
}

}  // namespace

std::uint32_t floors_from(const Policy& policy, const model::Incident& incident, const model::Alert& alert) {
    return way_to(policy, incident, alert).floors;
}

Join judge(const Policy& policy, const model::Incident& incident, const model::Alert& alert) {
    using State = model::IncidentState;
    const bool same =
        alert.cause.valid() && alert.anchor.valid() && incident.cause == alert.cause && incident.anchor == alert.anchor;
    if (!same || way_to(policy, incident, alert).silent) return Join::no;
    switch (incident.state) {
        case State::open:
        case State::acknowledged:
        case State::en_route:
        case State::on_scene: {
            // A report has had no alert yet: its own time stands for it.
            const base::Time latest = incident.latest_alert.is_set() ? incident.latest_alert : incident.opened;
            return alert.at - latest <= join_within ? Join::joins : Join::no;
        }
        case State::resolved:
        case State::closed:
            return alert.at - incident.resolved <= reopen_within ? Join::reopens : Join::no;
        case State::false_alarm:
        case State::merged:
        case State::quiet:
            return Join::no;
    }
    return Join::no;
}

// --- Who comes next ------------------------------------------------------------------------------

std::optional<model::Climb> climb(const Policy& policy, model::LadderLevel level, model::PlaceId place,
                                  model::Severity severity, base::Time at) {
    // Rungs stand in ascending order; one whose role has no body for this place is stepped over.
    std::optional<model::Climb> found;
    for (const model::LadderRung& rung : policy.ladder.rungs) {
        if (rung.level <= level) continue;
        const BodyId body = policy.body_for(rung.role, place);
        if (!body.valid()) continue;
        if (found) {
            found->next = at + policy.ladder.climb[static_cast<std::size_t>(severity)];
            break;
        }
        found = model::Climb{rung.level, body, base::Time::never()};
    }
    return found;
}

std::vector<model::Recipient> recipients(const Policy& policy, std::span<const BodyId> bodies, base::Time at) {
    std::vector<model::Recipient> found;
    for (const BodyId body : bodies) {
        if (!body.valid()) continue;
        for (const model::Duty* duty : policy.on_duty(body, at)) {
            if (std::ranges::find(found, duty->person, &model::Recipient::person) == found.end()) {
                found.push_back({duty->person, body, duty->channels.front()});
            }
        }
    }
    return found;
}

model::Decisions decisions() { return {.assign = &assign, .climb = &climb, .recipients = &recipients}; }

}  // namespace shoumen::decide
