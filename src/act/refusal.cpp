// Who may do what, and when: the table of life.hpp.
#include <algorithm>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using model::Action;
using model::Actor;
using model::BodyId;
using model::Incident;
using model::IncidentState;
using model::Policy;
using model::Role;
using Code = std::string_view;

constexpr Code allowed{};
constexpr Code wrong_state = "wrong-state";

// --- Who -----------------------------------------------------------------------------------------

bool works_for(const Actor& actor, BodyId body) {
    return body.valid() && std::ranges::find(actor.bodies, body) != actor.bodies.end();
}

bool is_involved(const Incident& incident, const Actor& actor) {
    return works_for(actor, incident.lead) || works_for(actor, incident.supervisor) ||
           std::ranges::any_of(incident.assist, [&](BodyId body) { return works_for(actor, body); });
}

bool is_desk(const Actor& actor) { return actor.roles.has(Role::duty_officer); }

bool may_verify(const Actor& actor) {
    return actor.roles.has(Role::verifier) || actor.roles.has(Role::committee) ||
           actor.roles.has(Role::street_office) || actor.roles.has(Role::district_office);
}

bool is_reporter(const Incident& incident, const Actor& actor) {
    return incident.reporter.valid() && actor.person == incident.reporter;
}

bool was_told(const Incident& incident, const Actor& actor) {
    return std::ranges::find(incident.told, actor.person, &model::Told::person) != incident.told.end();
}

Code refusal_of_person(const Incident& incident, const Actor& actor, Action action) {
    switch (action) {
        case Action::acknowledge:
        case Action::depart:
        case Action::arrive:
        case Action::resolve:
        case Action::mark_false_alarm:
        case Action::transfer:
        case Action::merge:
        case Action::escalate:
        case Action::set_severity:
        case Action::confirm:
            return is_involved(incident, actor) || is_desk(actor) ? allowed : "not-involved";
        case Action::verify:
        case Action::reject:
            return may_verify(actor) ? allowed : "not-a-verifier";
        case Action::reopen:
            return is_desk(actor) || may_verify(actor) ? allowed : "not-a-verifier";
        case Action::add_note:
        case Action::add_evidence: {
            const bool concerned =
                is_involved(incident, actor) || is_desk(actor) || is_reporter(incident, actor) || may_verify(actor);
            return concerned ? allowed : "not-involved";
        }
        case Action::reporter_satisfied:
        case Action::reporter_unsatisfied: {
            const bool may_speak = is_reporter(incident, actor) || (incident.reporter.valid() && is_desk(actor));
            return may_speak ? allowed : "not-the-reporter";
        }
        case Action::seen:
            return was_told(incident, actor) ? allowed : "not-told";
        case Action::judge:
        case Action::trust_again:
            return is_involved(incident, actor) || is_desk(actor) || may_verify(actor) ? allowed : "not-involved";
        case Action::report:
            return wrong_state;  // opens another one
    }
    return wrong_state;
}

// --- When ----------------------------------------------------------------------------------------

bool in_hand(IncidentState s) { return is_live(s) && s != IncidentState::resolved; }

Code only_if(bool possible, Code otherwise = wrong_state) { return possible ? allowed : otherwise; }

Code refusal_of_resolve(const Incident& i) {
    if (i.severity == model::Severity::blue) {
        const bool taken_on = i.state == IncidentState::acknowledged || i.state == IncidentState::en_route;
        return only_if(taken_on || i.state == IncidentState::on_scene);
    }
    if (i.state != IncidentState::on_scene) return wrong_state;
    return only_if(has_after_evidence(i), "needs-after-evidence");
}

Code refusal_of_verdict(const Incident& i, const Actor& actor) {
    if (i.state != IncidentState::resolved) return wrong_state;
    if (i.verified.is_set()) return "already-verified";
    return only_if(actor.person != i.resolver, "verifier-is-resolver");
}

Code refusal_of_answer(const Incident& i) {
    if (i.reporter_answer == model::ReporterAnswer::satisfied) return "already-answered";
    return only_if(i.state == IncidentState::resolved);
}

Code refusal_of_false_alarm(const Incident& i) {
    if (!in_hand(i.state)) return wrong_state;
    return only_if(i.severity != model::Severity::red || i.arrived.is_set(), "needs-arrival");
}

bool stands_on_top(const Policy& policy, const Incident& i) {
    return std::ranges::none_of(policy.ladder.rungs, [&](const model::LadderRung& rung) {
        return rung.level > i.level && policy.body_for(rung.role, i.place).valid();
    });
}

// Of what waits for a look nobody is in charge yet.
bool waits_for_look(const Incident& i, Action action) {
    const bool takes = action == Action::acknowledge || action == Action::transfer || action == Action::escalate;
    return takes && i.state == IncidentState::open && i.look == model::Look::wanted;
}

Code refusal_of_judgement(const Incident& i) {
    if (i.state == IncidentState::merged) return wrong_state;
    return only_if(!i.sources.empty(), "no-sources");
}

Code refusal_of_state(const Policy& policy, const Incident& i, const Actor& actor, Action action) {
    if (waits_for_look(i, action)) return "look-wanted";
    switch (action) {
        case Action::acknowledge:
            return only_if(i.state == IncidentState::open);
        case Action::depart:
            return only_if(i.state == IncidentState::acknowledged);
        case Action::arrive:
            return only_if(i.state == IncidentState::acknowledged || i.state == IncidentState::en_route);
        case Action::resolve:
            return refusal_of_resolve(i);
        case Action::verify:
        case Action::reject:
            return refusal_of_verdict(i, actor);
        case Action::mark_false_alarm:
            return refusal_of_false_alarm(i);
        case Action::transfer:
        case Action::set_severity:
            return only_if(in_hand(i.state));
        case Action::merge:
        case Action::add_evidence:
            return only_if(is_live(i.state));
        case Action::escalate:
            if (!in_hand(i.state)) return wrong_state;
            return only_if(!stands_on_top(policy, i), "top-of-ladder");
        case Action::reopen:
            return only_if(i.state == IncidentState::resolved || i.state == IncidentState::closed ||
                           i.state == IncidentState::false_alarm || i.state == IncidentState::quiet);
        case Action::reporter_satisfied:
        case Action::reporter_unsatisfied:
            return refusal_of_answer(i);
        case Action::add_note:
            return only_if(i.state != IncidentState::merged);
        case Action::seen:
            return allowed;
        case Action::confirm:
            return only_if(i.state == IncidentState::open && i.look == model::Look::wanted);
        case Action::judge:
        case Action::trust_again:
            return refusal_of_judgement(i);
        case Action::report:
            return wrong_state;
    }
    return wrong_state;
}

// --- With what -----------------------------------------------------------------------------------

bool answers_for(const Policy& policy, const model::Body& body, model::PlaceId place) {
    const auto holds = [&](model::PlaceId scope) { return policy.is_within(place, scope); };
    return std::ranges::any_of(body.places, holds) || std::ranges::any_of(body.grids, [&](model::GridId grid) {
               return std::ranges::any_of(policy.grids[grid.value].places, holds);
           });
}

Code refusal_of_transfer(const Context& ctx, const Incident& incident, BodyId to) {
    if (!to.valid() || to.value >= ctx.policy.bodies.size() || ctx.policy.bodies[to.value].retired)
        return "unknown-body";
    if (to == incident.lead) return "same-body";
    if (!answers_for(ctx.policy, ctx.policy.bodies[to.value], incident.place)) return "body-does-not-answer";
    const std::vector bodies{to};
    return only_if(!ctx.decisions.recipients(ctx.policy, bodies, ctx.now).empty(), "nobody-reachable");
}

Code refusal_of_verdict_given(const Incident& incident, const model::Command& command) {
    if (command.verdict == model::Verdict::none) return "verdict-needed";
    const bool known = !command.alert.valid() || std::ranges::find(incident.sources, command.alert,
                                                                   &model::Source::alert) != incident.sources.end();
    return only_if(known, "unknown-alert");
}

Code refusal_of_merge(const Incident& incident, const model::Command& command, const Incident* other) {
    if (command.other == incident.id) return "same-incident";
    if (!other) return "unknown-incident";
    if (other->id == incident.id) return "same-incident";
    // What is still to be done must not vanish in what is held to be done.
    return only_if(in_hand(other->state), "merge-target-ended");
}

}  // namespace

bool is_live(IncidentState s) { return s <= IncidentState::resolved; }

bool is_held(const Incident& incident, base::Time now) {
    return !incident.ended.is_set() || now - incident.ended <= held_after_end;
}

Code refusal(const Policy& policy, const Incident& incident, const Actor& actor, Action action, base::Time now) {
    if (!actor.person.valid()) return "not-signed-in";
    if (!is_held(incident, now)) return wrong_state;
    if (const Code code = refusal_of_person(incident, actor, action); !code.empty()) return code;
    return refusal_of_state(policy, incident, actor, action);
}

Code refusal_of_payload(const Context& ctx, const Incident& incident, const model::Command& command,
                        const Incident* other, const EvidenceBook& book) {
    switch (command.action) {
        case Action::transfer:
            return refusal_of_transfer(ctx, incident, command.body);
        case Action::merge:
            return refusal_of_merge(incident, command, other);
        case Action::set_severity:
            return only_if(command.severity != incident.severity, "same-severity");
        case Action::add_evidence:
            return refusal_of_evidence(ctx, incident, command, book);
        case Action::mark_false_alarm:
            return only_if(command.verdict != model::Verdict::real, "verdict-needed");
        case Action::judge:
            return refusal_of_verdict_given(incident, command);
        default:
            return allowed;
    }
}

Code refusal_of_report(const Policy& policy, const model::Command& command) {
    if (!command.actor.person.valid()) return "not-signed-in";
    if (!command.kind.valid() || command.kind.value >= policy.incident_kinds.size()) return "unknown-kind";
    const model::PlaceId place = command.place;
    const bool known = place.valid() && place.value < policy.places.size() && !policy.places[place.value].retired;
    return only_if(known, "unknown-place");
}

}  // namespace shoumen::act
