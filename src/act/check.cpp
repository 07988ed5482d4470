// The invariants of life.hpp, as code.
#include <algorithm>

#include "act/life.hpp"

namespace shoumen::act {
namespace {

using model::Incident;
using model::IncidentState;
using Broken = std::optional<std::string_view>;

Broken check_closed(const Incident& i) {
    if (!i.verified.is_set() || !i.verifier.valid()) return "I2: closed without having been verified";
    if (!i.resolver.valid() || i.verifier == i.resolver) return "I2: closed, but the verifier is the resolver";
    if (!i.reporter.valid()) return {};
    const bool silent = i.ended - i.verified >= reporter_silence;
    if (i.reporter_answer != model::ReporterAnswer::satisfied && !silent)
        return "I3: closed without the reporter's word or silence";
    return {};
}

Broken check_resolved(const Incident& i) {
    if (!i.resolved.is_set() || !i.resolver.valid()) return "I5: resolved by nobody";
    const bool shown = std::ranges::any_of(i.evidence, [&](const model::Evidence& e) {
        return e.phase == model::EvidencePhase::after && e.added >= i.arrived;
    });
    if (i.severity != model::Severity::blue && (!i.arrived.is_set() || !shown)) return "I5: resolved without evidence";
    const bool deadline =
        i.acknowledge_by.is_set() || i.arrive_by.is_set() || i.close_by.is_set() || i.climb_at.is_set();
    if (deadline) return "a resolved incident has no deadline but the reporter's";
    if (i.verified.is_set() != i.reporter_due.is_set())
        return "a verified incident waits for its reporter, or is closed";
    return {};
}

Broken check_look(const Incident& i) {
    if (!i.look_by.is_set()) return "I4: it waits for a look for ever";
    const bool deadline =
        i.acknowledge_by.is_set() || i.arrive_by.is_set() || i.close_by.is_set() || i.climb_at.is_set();
    return deadline ? Broken{"it waits for a look, and has a deadline to act"} : Broken{};
}

Broken check_sources(const Incident& i) {
    if (i.sources.size() > sources_kept || i.sources.size() > i.alert_count) return "more sources than alerts";
    for (const model::Source& s : i.sources) {
        if (s.judged.is_set() != (s.verdict != model::Verdict::none)) return "a verdict without its moment, or neither";
        if (s.alerts == 0 || s.latest < s.first) return "a source without an alert";
    }
    const bool settled = i.state == IncidentState::closed || i.state == IncidentState::false_alarm;
    const auto open = [](const model::Source& s) { return s.verdict == model::Verdict::none; };
    if (settled && std::ranges::any_of(i.sources, open)) return "ended, and nobody has said what it was";
    if (i.state == IncidentState::merged && !i.sources.empty()) return "merged, and its alerts would be judged twice";
    return {};
}

Broken check_state(const Incident& i) {
    switch (i.state) {
        case IncidentState::open:
            if (i.look == model::Look::wanted) return check_look(i);
            if (!i.acknowledge_by.is_set() && !i.climb_at.is_set() && i.level != model::LadderLevel::district) {
                return "I4: open, and nothing will come of it";
            }
            return {};
        case IncidentState::acknowledged:
            return i.arrive_by.is_set() && i.responder.valid() ? Broken{}
                                                               : "I4: acknowledged without anybody due to arrive";
        case IncidentState::en_route:
            return i.departed.is_set() ? Broken{} : "on the way without having departed";
        case IncidentState::on_scene:
            return i.arrived.is_set() ? Broken{} : "on the scene without having arrived";
        case IncidentState::resolved:
            return check_resolved(i);
        case IncidentState::closed:
            return check_closed(i);
        case IncidentState::false_alarm:
            return {};
        case IncidentState::quiet:
            return i.told.empty() || i.reopened_times > 0 ? Broken{} : "quiet, and somebody has been told";
        case IncidentState::merged:
            return i.merged_into.valid() && i.merged_into != i.id ? Broken{} : "merged into nothing";
    }
    return "a state that does not exist";
}

}  // namespace

Broken check(const Incident& i) {
    if (!i.lead.valid()) return "I1: no owner";
    if (std::ranges::find(i.assist, i.lead) != i.assist.end()) return "the lead assists itself";
    if (i.ended.is_set() == is_live(i.state)) return "ended and live, or neither";
    if (i.told.size() != i.notice_count) return "I6: persons told and notices differ";
    if (i.event_count == 0) return "I6: an incident without a timeline";
    if (i.alerts.size() > alerts_kept || i.alerts.size() > i.alert_count) return "more alerts listed than counted";
    if (i.reached.size() > places_kept || i.reached.size() > i.alert_count) return "more places reached than alerts";
    if (i.level == model::LadderLevel::community ? i.supervisor.valid() : !i.supervisor.valid())
        return "rung and supervisor differ";
    if (i.severity > i.severity_floor) return "lighter than its floor";
    if (!i.standing.empty() && (!is_live(i.state) || i.state == IncidentState::resolved))
        return "resolved or ended, and its severity still waits for something";
    if (i.look == model::Look::wanted && i.state != IncidentState::open) return "it waits for a look, and is not open";
    if (const auto broken = check_sources(i)) return broken;
    return check_state(i);
}

}  // namespace shoumen::act
