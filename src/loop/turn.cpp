#include <algorithm>
#include <cassert>

#include "decide/decide.hpp"

#include "world.hpp"

namespace shoumen::loop {

using base::Time;
using model::Incident;
using model::IncidentId;

void Turn::changed(const Incident& incident) {
    world_.incidents.refile(incident);
    changes_.add(incident.id);
}

// --- Alerts --------------------------------------------------------------------------------------

void Turn::found(Time now) {
    for (const model::Alert& alert : world_.finding.raised) raised(alert, now);
    for (const model::AlertCleared& over : world_.finding.cleared) cleared(over, now);
    world_.finding.raised.clear();
    world_.finding.cleared.clear();
    world_.finding.reasons.clear();
}

void Turn::raised(const model::Alert& alert, Time now) {
    const model::Doubt doubt = doubt_of(*world_.policy, world_.incidents, alert, now);
    const Incident* incident = join(alert, doubt, now);
    if (!incident) incident = &open(alert, doubt, now);
    explain(alert.id);
    changed(*incident);
    effects_.alerts.push_back({alert, incident->id});
}

const Incident& Turn::open(const model::Alert& alert, const model::Doubt& doubt, Time now) {
    act::Context ctx = context(now);
    switch (doubt.stage) {
        case model::Stage::trusted:
            break;
        case model::Stage::second_look:
            return world_.incidents.add(
                act::open_for_look(ctx, alert, doubt, world_.policy->rules[alert.rule.value].precision->look_within));
        case model::Stage::quiet:
            if (Incident* today = quiet_of_day(*world_.policy, world_.incidents, alert, now)) {
                act::join_quiet(ctx, *today, alert);
                return *today;
            }
            return world_.incidents.add(act::open_quiet(ctx, alert, doubt));
    }
    return world_.incidents.add(act::open_by_alert(ctx, alert));
}

// A quiet's reason stands with the event that the alert brought about, as words the pages put into sentences.
void Turn::explain(model::AlertId alert) {
    const auto& reasons = world_.finding.reasons;
    const auto why = std::ranges::find(reasons, alert, &analyse::QuietReason::alert);
    if (why == reasons.end()) return;
    for (auto event = effects_.events.rbegin(); event != effects_.events.rend() && event->cause_seq == seq_; ++event) {
        const bool tells = event->type == model::EventType::opened || event->type == model::EventType::alert_joined ||
                           event->type == model::EventType::reopened;
        if (!tells || event->alert != alert) continue;
        event->detail = analyse::to_words(*why);
        return;
    }
}

// The incident that takes the alert, or null: of several the one that has come nearest, then the newest. One that was
// merged answers by the one it went into.
Incident* Turn::join(const model::Alert& alert, const model::Doubt& doubt, Time now) {
    const bool doubted = doubt.stage != model::Stage::trusted;
    const auto& same = world_.incidents.of_cause(alert.cause, alert.anchor);
    Incident* nearest = nullptr;
    decide::Join verdict = decide::Join::no;
    std::uint32_t floors = 0;
    for (auto id = same.rbegin(); id != same.rend(); ++id) {
        Incident* incident = world_.incidents.follow_merges(*id, now);
        if (!incident) continue;
        model::Alert as_there = alert;
        as_there.cause = incident->cause;
        as_there.anchor = incident->anchor;
        const decide::Join this_one = decide::judge(*world_.policy, *incident, as_there);
        // What is doubted brings nothing back that was settled.
        if (this_one == decide::Join::no || (doubted && this_one == decide::Join::reopens)) continue;
        const std::uint32_t away = decide::floors_from(*world_.policy, *incident, alert);
        if (nearest && away >= floors) continue;
        nearest = incident;
        verdict = this_one;
        floors = away;
    }
    if (!nearest) return nullptr;
    act::Context ctx = context(now);
    if (verdict == decide::Join::joins) act::join_alert(ctx, *nearest, alert, doubted);
    if (verdict == decide::Join::reopens) act::reopen_by_alert(ctx, *nearest, alert);
    return nearest;
}

void Turn::cleared(const model::AlertCleared& over, Time now) {
    effects_.cleared.push_back(over);
    Incident* incident = world_.incidents.holder_of(over.id, now);
    if (!incident) return;
    act::Context ctx = context(now);
    act::clear_alert(ctx, *incident, over);
    changed(*incident);
}

// --- Time ----------------------------------------------------------------------------------------

void Turn::timer(Time now) {
    for (;;) {
        const Time window = world_.state.windows.next_due();
        const Time deadline_at = world_.incidents.next_due();
        const Time due = std::min({window, deadline_at, world_.state.quiet.next_due()});
        if (due > now) return;
        if (world_.state.quiet.next_due() == due) {
            for (const auto& alert : world_.state.quiet.end_due(due)) raised(alert, due);
            continue;
        }
        if (window == due) {
            world_.state.windows.fire_due(due, seq_, next_alert_nth_, world_.finding);
            world_.state.quiet.hold_back(world_.finding.raised, world_.finding.cleared);
            assert(world_.state.windows.next_due() > due && "windows must work off what is due");
            found(due);
        } else {
            deadline(world_.incidents.first_due(), due);
        }
    }
}

void Turn::deadline(IncidentId id, Time now) {
    Incident* incident = world_.incidents.find(id);
    act::Context ctx = context(now);
    act::on_deadline(ctx, *incident);
    changed(*incident);
}

void Turn::record(const model::RecordInput& record, Time now) {
    for (const auto& alert : world_.record(record, now)) raised(alert, now);
}

// --- Commands ------------------------------------------------------------------------------------

void Turn::command(const model::Command& command, Time now) {
    IncidentId incident = command.incident;
    const std::string_view refused = answer(command, now, incident);
    const bool accepted = refused.empty();
    effects_.results.push_back({seq_, accepted, std::string(refused), accepted ? incident : IncidentId{}});
}

std::string_view Turn::answer(const model::Command& command, Time now, IncidentId& incident) {
    if (!world_.policy) return "not-ready";
    return command.action == model::Action::report ? report(command, now, incident) : apply(command, now);
}

std::string_view Turn::report(const model::Command& command, Time now, IncidentId& opened) {
    if (const Incident* before = world_.incidents.reported(command.actor.person, command.request, now)) {
        opened = before->id;
        return {};
    }
    if (const auto refused = act::refusal_of_report(*world_.policy, command); !refused.empty()) return refused;
    act::Context ctx = context(now);
    const Incident& incident = world_.incidents.add(act::open_by_report(ctx, command));
    opened = incident.id;
    changed(incident);
    return {};
}

std::string_view Turn::apply(const model::Command& command, Time now) {
    Incident* incident = world_.incidents.held(command.incident, now);
    if (!incident) return "unknown-incident";
    Incident* other = command.action == model::Action::merge ? world_.incidents.held(command.other, now) : nullptr;
    act::Context ctx = context(now);
    const std::size_t events_before = effects_.events.size();
    const auto refused = act::apply(ctx, *incident, command, other, world_.evidence);
    if (!refused.empty() || effects_.events.size() == events_before) return refused;
    changed(*incident);
    if (other) changed(*other);
    return {};
}

}  // namespace shoumen::loop
