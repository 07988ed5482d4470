// The arrows of the diagram in life.hpp that persons bring about.
#include "act/life.hpp"

#include <algorithm>
#include <string>

#include "steps.hpp"

namespace shoumen::act {

using base::Time;
using model::Action;
using model::Command;
using model::EventType;
using model::Incident;
using model::IncidentState;
using model::NoticeReason;
using model::Person;

// --- Parts of several arrows ---------------------------------------------------------------------

void back_to_open(Incident& incident) {
    incident.state = IncidentState::open;
    incident.acknowledged = Time::none();
    incident.departed = Time::none();
    incident.arrived = Time::none();
    incident.resolved = Time::none();
    incident.verified = Time::none();
    incident.ended = Time::none();
    incident.responder = {};
    incident.resolver = {};
    incident.verifier = {};
    incident.reporter_answer = model::ReporterAnswer::none;
    incident.reporter_due = Time::none();
}

void close(Context& ctx, Incident& incident, const Person& actor, std::string_view why) {
    incident.state = IncidentState::closed;
    incident.ended = ctx.now;
    incident.reporter_due = Time::none();
    give_verdict(ctx, incident, model::Verdict::real, false);
    write(ctx, incident,
          {.type = EventType::closed, .from = IncidentState::resolved, .actor = actor, .detail = std::string(why)});
}

void change_severity(Context& ctx, Incident& incident, model::Severity severity, const Happening& cause) {
    const bool graver = severity < incident.severity;
    Happening happening = cause;
    happening.type = EventType::severity_changed;
    happening.from = incident.state;
    happening.detail = model::to_word(incident.severity);
    incident.severity = severity;

    model::Assignment by_matrix = ctx.decisions.assign(ctx.policy, incident.kind, incident.place, severity, ctx.now);
    adjust_deadlines(ctx, incident, by_matrix, graver);
    // The owner stays until somebody transfers it; whom the matrix names for this severity comes to help.
    by_matrix.assist.insert(by_matrix.assist.begin(), by_matrix.lead);
    for (const model::BodyId body : by_matrix.assist) {
        const bool there = body == incident.lead || std::ranges::find(incident.assist, body) != incident.assist.end();
        if (!there) incident.assist.push_back(body);
    }
    write(ctx, incident, happening);
    if (!graver) return;
    if (incident.look == model::Look::wanted) return send_on(ctx, incident, "severity");
    tell_team(ctx, incident, NoticeReason::severity_raised);
}

namespace {

// An entry of what this command did.
Happening by(const Command& command, EventType type, IncidentState from) {
    return {.type = type, .from = from, .actor = command.actor.person, .text = command.text};
}

// New work begins: owner told anew, deadlines from now.
void start_over(Context& ctx, Incident& incident, const Happening& happening) {
    back_to_open(incident);
    take_back_verdicts(incident);
    set_deadlines(ctx, incident);
    write(ctx, incident, happening);
    tell_team(ctx, incident, NoticeReason::reopened);
}

// --- On the way to the place ---------------------------------------------------------------------

void acknowledge(Context& ctx, Incident& incident, const Command& command) {
    plan_arrival(ctx, incident);
    incident.state = IncidentState::acknowledged;
    incident.acknowledged = ctx.now;
    incident.responder = command.actor.person;
    write(ctx, incident, by(command, EventType::acknowledged, IncidentState::open));
}

void depart(Context& ctx, Incident& incident, const Command& command) {
    incident.state = IncidentState::en_route;
    incident.departed = ctx.now;
    write(ctx, incident, by(command, EventType::departed, IncidentState::acknowledged));
}

void arrive(Context& ctx, Incident& incident, const Command& command) {
    const IncidentState from = incident.state;
    incident.state = IncidentState::on_scene;
    incident.arrived = ctx.now;
    incident.severity_floor = incident.severity;  // whoever is there sees more than a clock
    incident.arrive_by = Time::none();
    write(ctx, incident, by(command, EventType::arrived, from));
}

// --- Done, and whether it is ---------------------------------------------------------------------

// Those who may verify are asked, the nearest first, until somebody else than the resolver has been reached.
void ask_to_verify(Context& ctx, Incident& incident) {
    constexpr model::Role verifiers[] = {model::Role::verifier, model::Role::committee, model::Role::street_office,
                                         model::Role::district_office};
    for (const model::Role role : verifiers) {
        const model::BodyId body = ctx.policy.body_for(role, incident.place);
        if (!body.valid()) continue;
        const std::vector bodies{body};
        if (tell(ctx, incident, NoticeReason::verify_wanted, bodies, incident.resolver) > 0) return;
    }
}

void resolve(Context& ctx, Incident& incident, const Command& command) {
    const IncidentState from = incident.state;
    incident.state = IncidentState::resolved;
    incident.resolved = ctx.now;
    incident.resolver = command.actor.person;
    incident.reporter_answer = model::ReporterAnswer::none;
    drop_deadlines(incident);
    write(ctx, incident, by(command, EventType::resolved, from));
    ask_to_verify(ctx, incident);
}

void ask_reporter(Context& ctx, Incident& incident) {
    incident.reporter_due = ctx.now + reporter_silence;
    tell_person(ctx, incident, NoticeReason::reporter_wanted, {incident.reporter, {}, model::Channel::screen});
}

void verify(Context& ctx, Incident& incident, const Command& command) {
    incident.verified = ctx.now;
    incident.verifier = command.actor.person;
    write(ctx, incident, by(command, EventType::verified, incident.state));
    const bool settled = !incident.reporter.valid() || incident.reporter_answer == model::ReporterAnswer::satisfied;
    if (settled) return close(ctx, incident, command.actor.person, "verified");
    ask_reporter(ctx, incident);
}

void reject(Context& ctx, Incident& incident, const Command& command) {
    start_over(ctx, incident, by(command, EventType::rejected, incident.state));
}

void reporter_satisfied(Context& ctx, Incident& incident, const Command& command) {
    incident.reporter_answer = model::ReporterAnswer::satisfied;
    write(ctx, incident, by(command, EventType::reporter_satisfied, incident.state));
    if (incident.verified.is_set()) close(ctx, incident, command.actor.person, "reporter-satisfied");
}

void reporter_unsatisfied(Context& ctx, Incident& incident, const Command& command) {
    ++incident.reopened_times;
    start_over(ctx, incident, by(command, EventType::reporter_unsatisfied, incident.state));
    incident.reporter_answer = model::ReporterAnswer::unsatisfied;
}

void reopen(Context& ctx, Incident& incident, const Command& command) {
    ++incident.reopened_times;
    start_over(ctx, incident, by(command, EventType::reopened, incident.state));
}

void mark_false_alarm(Context& ctx, Incident& incident, const Command& command) {
    const IncidentState from = incident.state;
    incident.state = IncidentState::false_alarm;
    incident.ended = ctx.now;
    drop_deadlines(incident);
    const bool said = command.verdict != model::Verdict::none;
    give_verdict(ctx, incident, said ? command.verdict : model::Verdict::mistaken, true);
    Happening happening = by(command, EventType::false_alarm, from);
    if (said) happening.detail = model::to_word(command.verdict);
    write(ctx, incident, happening);
}

// --- Another owner, another rung, another severity -----------------------------------------------

// The closing deadline stays: handing it on gains nobody time.
void transfer(Context& ctx, Incident& incident, const Command& command) {
    Happening happening = by(command, EventType::transferred, incident.state);
    happening.body = command.body;
    incident.lead = command.body;
    std::erase(incident.assist, command.body);
    back_to_open(incident);
    set_response_deadlines(ctx, incident);
    write(ctx, incident, happening);
    const std::vector bodies{incident.lead};
    tell(ctx, incident, NoticeReason::transferred, bodies);
}

void set_severity(Context& ctx, Incident& incident, const Command& command) {
    change_severity(ctx, incident, command.severity, by(command, EventType::severity_changed, incident.state));
    incident.severity_floor = incident.severity;
}

// --- Two that are one ----------------------------------------------------------------------------

void take_over(Incident& target, Incident& source) {
    for (const model::AlertId alert : source.alerts) {
        if (target.alerts.size() < alerts_kept) target.alerts.push_back(alert);
    }
    for (const model::PlaceId place : source.reached) note_reached(target, place);
    target.alert_count += source.alert_count;
    target.latest_alert = std::max(target.latest_alert, source.latest_alert);
    take_over_severity(target, source);
    take_over_sources(target, source);
    if (!target.reporter.valid()) target.reporter = source.reporter;
}

void merge(Context& ctx, Incident& source, const Command& command, Incident& target) {
    Happening gone = by(command, EventType::merged, source.state);
    gone.detail = std::to_string(target.id.value);
    take_over(target, source);
    source.state = IncidentState::merged;
    source.merged_into = target.id;
    source.ended = ctx.now;
    source.reporter_due = Time::none();
    drop_deadlines(source);
    write(ctx, source, gone);

    Happening absorbed = by(command, EventType::absorbed, target.state);
    absorbed.detail = std::to_string(source.id.value);
    write(ctx, target, absorbed);
    if (source.severity < target.severity) {
        change_severity(ctx, target, source.severity, by(command, EventType::severity_changed, target.state));
    }
    if (target.look == model::Look::wanted) send_on(ctx, target, "another-source", &command);
}

// --- Beside the arrows ---------------------------------------------------------------------------

void add_note(Context& ctx, Incident& incident, const Command& command) {
    write(ctx, incident, by(command, EventType::note, incident.state));
}

void mark_seen(Context& ctx, Incident& incident, const Command& command) {
    bool fresh = false;
    for (model::Told& told : incident.told) {
        if (told.person != command.actor.person || told.seen.is_set()) continue;
        told.seen = ctx.now;
        fresh = true;
    }
    if (fresh) write(ctx, incident, by(command, EventType::seen, incident.state));
}

void perform(Context& ctx, Incident& incident, const Command& command, Incident* other, EvidenceBook& book) {
    switch (command.action) {
        case Action::acknowledge:
            return acknowledge(ctx, incident, command);
        case Action::depart:
            return depart(ctx, incident, command);
        case Action::arrive:
            return arrive(ctx, incident, command);
        case Action::resolve:
            return resolve(ctx, incident, command);
        case Action::verify:
            return verify(ctx, incident, command);
        case Action::reject:
            return reject(ctx, incident, command);
        case Action::mark_false_alarm:
            return mark_false_alarm(ctx, incident, command);
        case Action::transfer:
            return transfer(ctx, incident, command);
        case Action::merge:
            return merge(ctx, incident, command, *other);
        case Action::reopen:
            return reopen(ctx, incident, command);
        case Action::escalate:
            climb(ctx, incident, command.actor.person);
            return;
        case Action::set_severity:
            return set_severity(ctx, incident, command);
        case Action::add_note:
            return add_note(ctx, incident, command);
        case Action::add_evidence:
            return add_evidence(ctx, incident, command, book);
        case Action::reporter_satisfied:
            return reporter_satisfied(ctx, incident, command);
        case Action::reporter_unsatisfied:
            return reporter_unsatisfied(ctx, incident, command);
        case Action::seen:
            return mark_seen(ctx, incident, command);
        case Action::confirm:
            return send_on(ctx, incident, "by-desk", &command);
        case Action::judge:
            return judge(ctx, incident, command);
        case Action::trust_again:
            return trust_again(ctx, incident, command);
        case Action::report:
            return;  // refused before
    }
}

}  // namespace

std::string_view apply(Context& ctx, Incident& incident, const Command& command, Incident* other, EvidenceBook& book) {
    if (const auto code = refusal(ctx.policy, incident, command.actor, command.action, ctx.now); !code.empty())
        return code;
    if (const auto code = refusal_of_payload(ctx, incident, command, other, book); !code.empty()) return code;
    perform(ctx, incident, command, other, book);
    return {};
}

}  // namespace shoumen::act
