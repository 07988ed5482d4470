// Severity that moves with time. Each alert whose rule says so stands with the severity it has reached: it rises step
// by step until it clears, and falls once, so long after it has cleared. The incident rises with any of them, and falls
// to the gravest that is left, never below severity_floor.
#include <algorithm>
#include <optional>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using base::Time;
using model::Alert;
using model::Incident;
using model::Severity;
using model::SeverityTimer;

Severity graver(Severity a, Severity b) { return std::min(a, b); }

Time due_of(const SeverityTimer& s) {
    if (s.falls.is_set()) return s.falls;
    return s.rises.empty() ? Time::never() : s.rises.front().at;
}

auto standing_of(Incident& incident, model::AlertId alert) {
    return std::ranges::find(incident.standing, alert, &SeverityTimer::alert);
}

const model::Rule* rule_of(const Context& ctx, const Alert& alert) {
    return alert.rule.value < ctx.policy.rules.size() ? &ctx.policy.rules[alert.rule.value] : nullptr;
}

Severity gravest_left(const Incident& incident) {
    Severity gravest = incident.severity_floor;
    for (const SeverityTimer& s : incident.standing) gravest = graver(gravest, s.severity);
    return gravest;
}

void rise(Context& ctx, Incident& incident, SeverityTimer& standing) {
    standing.severity = graver(standing.severity, standing.rises.front().to);
    standing.rises.erase(standing.rises.begin());
    const SeverityTimer now = standing;
    if (now.severity < incident.severity) change_severity(ctx, incident, now.severity, {.alert = now.alert});
    if (now.fall_after.us == 0) hold_severity(incident, now.severity);
}

void fall(Context& ctx, Incident& incident, std::vector<SeverityTimer>::iterator standing) {
    const model::AlertId alert = standing->alert;
    hold_severity(incident, standing->fall_to);
    incident.standing.erase(standing);
    const Severity left = gravest_left(incident);
    if (left > incident.severity) change_severity(ctx, incident, left, {.alert = alert});
}

}  // namespace

void hold_severity(Incident& incident, Severity severity) {
    incident.severity_floor = graver(incident.severity_floor, severity);
}

void stand(Context& ctx, Incident& incident, const Alert& alert) {
    if (const auto before = standing_of(incident, alert.renews);
        alert.renews.valid() && before != incident.standing.end()) {
        before->alert = alert.id;  // what it found goes on: its time counts from the first
        return;
    }
    const model::Rule* rule = rule_of(ctx, alert);
    const bool moves = rule && (!rule->rise.empty() || rule->fall);
    if (!moves || alert.late || incident.standing.size() >= alerts_kept) return hold_severity(incident, alert.severity);
    SeverityTimer standing{.alert = alert.id, .severity = alert.severity};
    for (const model::SeverityStep& step : rule->rise) standing.rises.push_back({ctx.now + step.after, step.to});
    if (rule->fall) {
        standing.fall_after = rule->fall->after;
        standing.fall_to = rule->fall->to;
    } else {
        hold_severity(incident, alert.severity);
    }
    incident.standing.push_back(std::move(standing));
}

void let_fall(const Context& ctx, Incident& incident, model::AlertId cleared) {
    const auto standing = standing_of(incident, cleared);
    if (standing == incident.standing.end()) return;
    standing->rises.clear();
    if (standing->fall_after.us > 0)
        standing->falls = ctx.now + standing->fall_after;
    else
        incident.standing.erase(standing);  // what it reached is held
}

void take_over_severity(Incident& target, const Incident& source) {
    hold_severity(target, source.severity_floor);
    for (const SeverityTimer& standing : source.standing) {
        if (target.standing.size() < alerts_kept)
            target.standing.push_back(standing);
        else
            hold_severity(target, standing.severity);
    }
}

Time next_severity(const Incident& incident) {
    Time next = Time::never();
    for (const SeverityTimer& s : incident.standing) next = std::min(next, due_of(s));
    return next;
}

void move_severity(Context& ctx, Incident& incident) {
    const auto standing = std::ranges::min_element(incident.standing, {}, due_of);
    if (standing->falls.is_set())
        fall(ctx, incident, standing);
    else
        rise(ctx, incident, *standing);
}

}  // namespace shoumen::act
