// Time in the life of an incident: what is due when, and what a missed deadline brings about.
#include <algorithm>
#include <array>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using base::Time;
using model::EventType;
using model::Incident;
using model::IncidentState;
using model::NoticeReason;

// --- What is due ---------------------------------------------------------------------------------

enum class Due : std::uint8_t { severity, look, acknowledge, climb, expire, arrive, close, silence };

struct Next {
    Time at = Time::never();
    Due what{};
};

void consider(Next& next, Due what, Time at, bool acted_upon = false) {
    if (!acted_upon && at.is_set() && at < next.at) next = {at, what};
}

Next next_of(const Incident& i) {
    Next next;
    if (!i.standing.empty()) consider(next, Due::severity, next_severity(i));
    if (i.look == model::Look::wanted) consider(next, Due::look, i.look_by);
    if (i.state == IncidentState::open) {
        consider(next, Due::acknowledge, i.acknowledge_by, i.missed_acknowledge);
        consider(next, Due::climb, i.climb_at);
    }
    if (i.state == IncidentState::acknowledged) consider(next, Due::expire, i.arrive_by);
    if (i.state == IncidentState::en_route) consider(next, Due::arrive, i.arrive_by, i.missed_arrive);
    if (i.state == IncidentState::resolved) {
        consider(next, Due::silence, i.reporter_due);
    } else if (is_live(i.state)) {
        consider(next, Due::close, i.close_by, i.missed_close);
    }
    return next;
}

// --- What a deadline does ------------------------------------------------------------------------

// The miss is noted; those who should have acted are told, with whoever supervises them already.
void note_miss(Context& ctx, Incident& incident, bool& missed, std::string_view which) {
    missed = true;
    write(ctx, incident, {.type = EventType::deadline_missed, .from = incident.state, .detail = std::string(which)});
    const std::array bodies{incident.lead, incident.supervisor};
    tell(ctx, incident, NoticeReason::deadline_missed, bodies);
}

Time next_rung_at(const model::Climb& rung) { return rung.next.is_set() ? rung.next : Time::none(); }

// Nobody acknowledged: up at once, and on and on until somebody does.
void miss_acknowledge(Context& ctx, Incident& incident) {
    note_miss(ctx, incident, incident.missed_acknowledge, "acknowledge");
    if (const auto rung = climb(ctx, incident)) incident.climb_at = next_rung_at(*rung);
}

void climb_further(Context& ctx, Incident& incident) {
    if (!climb(ctx, incident)) incident.climb_at = Time::none();
}

// Somebody acknowledged, and nothing came of it.
void expire(Context& ctx, Incident& incident) {
    const IncidentState from = incident.state;
    back_to_open(incident);
    set_response_deadlines(ctx, incident);
    write(ctx, incident, {.type = EventType::acknowledgement_expired, .from = from, .detail = "arrive"});
    tell_team(ctx, incident, NoticeReason::acknowledgement_expired);
    climb(ctx, incident);
}

void miss_arrive(Context& ctx, Incident& incident) {
    note_miss(ctx, incident, incident.missed_arrive, "arrive");
    climb(ctx, incident);
}

void miss_close(Context& ctx, Incident& incident) {
    note_miss(ctx, incident, incident.missed_close, "close");
    climb(ctx, incident);
}

void work_off(Context& ctx, Incident& incident, Due what) {
    switch (what) {
        case Due::severity:
            return move_severity(ctx, incident);
        case Due::look:
            return send_on(ctx, incident, "unanswered");
        case Due::acknowledge:
            return miss_acknowledge(ctx, incident);
        case Due::climb:
            return climb_further(ctx, incident);
        case Due::expire:
            return expire(ctx, incident);
        case Due::arrive:
            return miss_arrive(ctx, incident);
        case Due::close:
            return miss_close(ctx, incident);
        case Due::silence:
            return close(ctx, incident, {}, "reporter-silent");
    }
}

void move(Time& deadline, bool& missed, Time to, Time now) {
    deadline = to;
    if (to > now) missed = false;
}

base::Duration travel_time(const Incident& incident) {
    const base::Duration travel = incident.arrive_within - incident.acknowledge_within;
    return travel.us > 0 ? travel : incident.arrive_within;
}

}  // namespace

// --- Setting them --------------------------------------------------------------------------------

void set_response_deadlines(Context& ctx, Incident& incident) {
    incident.acknowledge_by = ctx.now + incident.acknowledge_within;
    incident.arrive_by = ctx.now + incident.arrive_within;
    incident.climb_at = Time::none();
    incident.missed_acknowledge = false;
    incident.missed_arrive = false;
}

void set_deadlines(Context& ctx, Incident& incident) {
    set_response_deadlines(ctx, incident);
    incident.close_by = ctx.now + incident.close_within;
    incident.missed_close = false;
}

void plan_arrival(Context& ctx, Incident& incident) {
    const bool late = incident.missed_acknowledge || ctx.now > incident.acknowledge_by;
    if (late || incident.arrive_by <= ctx.now)
        move(incident.arrive_by, incident.missed_arrive, ctx.now + travel_time(incident), ctx.now);
    incident.acknowledge_by = Time::none();
    incident.climb_at = Time::none();
}

void drop_deadlines(Incident& incident) {
    incident.acknowledge_by = Time::none();
    incident.arrive_by = Time::none();
    incident.close_by = Time::none();
    incident.climb_at = Time::none();
    incident.standing.clear();
    if (incident.look == model::Look::wanted) incident.look = model::Look::none;
    incident.look_by = Time::none();
    incident.severity_floor = incident.severity;
}

void adjust_deadlines(Context& ctx, Incident& incident, const model::Assignment& by_matrix, bool graver) {
    const auto adjust = [&](Time& deadline, bool& missed, base::Duration& within, base::Duration wanted) {
        if (deadline.is_set()) {
            const Time tight = std::min(deadline, ctx.now + wanted);
            const Time relaxed = std::max(deadline, deadline - within + wanted);
            move(deadline, missed, graver ? tight : relaxed, ctx.now);
        }
        within = wanted;
    };
    adjust(incident.acknowledge_by, incident.missed_acknowledge, incident.acknowledge_within, by_matrix.acknowledge);
    adjust(incident.arrive_by, incident.missed_arrive, incident.arrive_within, by_matrix.arrive);
    adjust(incident.close_by, incident.missed_close, incident.close_within, by_matrix.close);
    if (!incident.missed_acknowledge) incident.climb_at = Time::none();
}

std::optional<model::Climb> climb(Context& ctx, Incident& incident, const model::Person& actor) {
    const auto rung = ctx.decisions.climb(ctx.policy, incident.level, incident.place, incident.severity, ctx.now);
    if (!rung) return rung;
    incident.level = rung->level;
    incident.supervisor = rung->body;
    if (incident.climb_at.is_set()) incident.climb_at = next_rung_at(*rung);
    write(ctx, incident, {.type = EventType::escalated, .from = incident.state, .actor = actor, .body = rung->body});
    const std::array bodies{rung->body};
    tell(ctx, incident, NoticeReason::escalated, bodies);
    return rung;
}

// --- The clock's side ----------------------------------------------------------------------------

Time next_deadline(const Incident& incident) { return next_of(incident).at; }

void on_deadline(Context& ctx, Incident& incident) {
    // Ends: each deadline is acted upon once, an expired acknowledgement waits for a person, and the ladder has a top.
    for (Next next = next_of(incident); next.at <= ctx.now; next = next_of(incident))
        work_off(ctx, incident, next.what);
}

}  // namespace shoumen::act
