// How an incident begins, and what alerts do to one there is.
#include <algorithm>
#include <array>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using model::Alert;
using model::EventType;
using model::Incident;

Incident assigned(Context& ctx, model::IncidentKindId kind, model::Severity severity, model::PlaceId place) {
    Incident incident;
    incident.id = base::make_id<model::IncidentId>(ctx.seq, ctx.next_nth++);
    incident.kind = kind;
    incident.severity = severity;
    incident.place = place;
    incident.policy_version = ctx.policy.version;
    incident.opened = ctx.now;
    model::Assignment by_matrix = ctx.decisions.assign(ctx.policy, kind, place, severity, ctx.now);
    incident.lead = by_matrix.lead;
    incident.assist = std::move(by_matrix.assist);
    incident.matrix_line = by_matrix.matrix_line;
    incident.acknowledge_within = by_matrix.acknowledge;
    incident.arrive_within = by_matrix.arrive;
    incident.close_within = by_matrix.close;
    return incident;
}

void open(Context& ctx, Incident& incident, Happening happening) {
    set_deadlines(ctx, incident);
    happening.type = EventType::opened;
    happening.from = incident.state;
    happening.body = incident.lead;
    write(ctx, incident, happening);
    tell_team(ctx, incident, model::NoticeReason::opened);
}

void take(Incident& incident, const Alert& alert) {
    if (incident.alerts.size() < alerts_kept) incident.alerts.push_back(alert.id);
    note_reached(incident, alert.place);
    note_source(incident, alert);
    ++incident.alert_count;
    incident.latest_alert = std::max(incident.latest_alert, alert.at);
    incident.late = incident.late && alert.late;
}

// Its severity does not stand yet.
Incident found_by(Context& ctx, const Alert& alert) {
    Incident incident = assigned(ctx, alert.kind, alert.severity, alert.place);
    incident.cause = alert.cause;
    incident.anchor = alert.anchor;
    incident.late = alert.late;
    take(incident, alert);
    return incident;
}

void raise_severity(Context& ctx, Incident& incident, const Alert& alert) {
    if (alert.severity < incident.severity) change_severity(ctx, incident, alert.severity, {.alert = alert.id});
    stand(ctx, incident, alert);
}

}  // namespace

void note_reached(Incident& incident, model::PlaceId place) {
    const bool known = std::ranges::find(incident.reached, place) != incident.reached.end();
    if (!known && incident.reached.size() < places_kept) incident.reached.push_back(place);
}

Incident open_by_alert(Context& ctx, const Alert& alert) {
    Incident incident = found_by(ctx, alert);
    stand(ctx, incident, alert);
    open(ctx, incident, {.alert = alert.id});
    return incident;
}

Incident open_for_look(Context& ctx, const Alert& alert, const model::Doubt& doubt, base::Duration within) {
    Incident incident = found_by(ctx, alert);
    incident.doubt = doubt;
    incident.look = model::Look::wanted;
    incident.look_by = ctx.now + within;
    stand(ctx, incident, alert);
    write(ctx, incident, {.type = EventType::opened, .from = incident.state, .body = incident.lead, .alert = alert.id});
    write(ctx, incident, {.type = EventType::look_wanted, .from = incident.state, .alert = alert.id});
    const std::array desk{ctx.policy.body_for(model::Role::duty_officer, incident.place)};
    const std::array lead{incident.lead};
    if (tell(ctx, incident, model::NoticeReason::look_wanted, desk) > 0) return incident;
    if (tell(ctx, incident, model::NoticeReason::look_wanted, lead) > 0) return incident;
    send_on(ctx, incident, "unanswered");  // nobody is there to look
    return incident;
}

Incident open_quiet(Context& ctx, const Alert& alert, const model::Doubt& doubt) {
    Incident incident = found_by(ctx, alert);
    incident.doubt = doubt;
    incident.state = model::IncidentState::quiet;
    incident.ended = ctx.now;
    incident.severity_floor = incident.severity;
    write(ctx, incident,
          {.type = EventType::opened, .from = model::IncidentState::open, .body = incident.lead, .alert = alert.id});
    write(ctx, incident, {.type = EventType::quietened, .from = incident.state, .alert = alert.id});
    return incident;
}

void join_quiet(Context& ctx, Incident& incident, const Alert& alert) {
    take(incident, alert);
    write(ctx, incident, {.type = EventType::alert_joined, .from = incident.state, .alert = alert.id});
}

Incident open_by_report(Context& ctx, const model::Command& command) {
    Incident incident = assigned(ctx, command.kind, command.severity, command.place);
    // Cause and common place as alerts of this kind would have them, so that what devices find later joins the report.
    const auto rule = std::ranges::find(ctx.policy.rules, command.kind, &model::Rule::incident);
    if (rule != ctx.policy.rules.end()) {
        incident.cause = rule->cause;
        incident.anchor = ctx.policy.ancestor(command.place, rule->join);
    } else {
        incident.anchor = ctx.policy.ancestor(command.place, model::PlaceLevel::unit);
    }
    hold_severity(incident, command.severity);
    incident.reporter = command.actor.person;
    incident.request = command.request;
    incident.text = command.text;
    open(ctx, incident, {.actor = command.actor.person, .text = command.text});
    return incident;
}

void join_alert(Context& ctx, Incident& incident, const Alert& alert, bool doubted) {
    const bool same_device =
        std::ranges::any_of(incident.sources, [&](const model::Source& s) { return s.track.device == alert.device; });
    take(incident, alert);
    write(ctx, incident, {.type = EventType::alert_joined, .from = incident.state, .alert = alert.id});
    if (incident.look == model::Look::wanted && !(doubted && same_device)) send_on(ctx, incident, "another-source");
    raise_severity(ctx, incident, alert);
}

void reopen_by_alert(Context& ctx, Incident& incident, const Alert& alert) {
    const model::IncidentState from = incident.state;
    back_to_open(incident);
    ++incident.reopened_times;
    take_back_verdicts(incident);
    take(incident, alert);
    set_deadlines(ctx, incident);
    write(ctx, incident, {.type = EventType::reopened, .from = from, .alert = alert.id});
    tell_team(ctx, incident, model::NoticeReason::reopened);
    raise_severity(ctx, incident, alert);
}

void clear_alert(Context& ctx, Incident& incident, const model::AlertCleared& cleared) {
    write(ctx, incident, {.type = EventType::alert_cleared, .from = incident.state, .alert = cleared.id});
    let_fall(ctx, incident, cleared.id);
}

}  // namespace shoumen::act
