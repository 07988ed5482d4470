// What is doubted: the second look before anybody is sent, and what people say an alert was.
#include <algorithm>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using model::EventType;
using model::Incident;
using model::Look;
using model::Source;
using model::Verdict;

void say(const Context& ctx, Source& source, Verdict verdict, bool by_hand) {
    source.verdict = verdict;
    source.judged = ctx.now;
    source.by_hand = by_hand;
}

Source* same_track(Incident& incident, const model::Track& track) {
    const auto found = std::ranges::find(incident.sources, track, &Source::track);
    return found == incident.sources.end() ? nullptr : &*found;
}

}  // namespace

void note_source(Incident& incident, const model::Alert& alert) {
    const model::Track track{alert.rule, alert.device, alert.scene};
    Source* source = same_track(incident, track);
    if (!source) {
        if (incident.sources.size() >= sources_kept) return;
        source = &incident.sources.emplace_back(
            Source{.track = track, .alert = alert.id, .first = alert.at, .latest = alert.at});
    }
    source->latest = std::max(source->latest, alert.at);
    ++source->alerts;
}

// --- The look ------------------------------------------------------------------------------------

void send_on(Context& ctx, Incident& incident, std::string_view why, const model::Command* by) {
    incident.look = Look::confirmed;
    incident.look_by = base::Time::none();
    set_deadlines(ctx, incident);
    write(ctx, incident,
          {.type = EventType::look_confirmed,
           .from = incident.state,
           .actor = by ? by->actor.person : model::Person{},
           .body = incident.lead,
           .detail = std::string(why),
           .text = by ? by->text : model::Handle{}});
    tell_team(ctx, incident, model::NoticeReason::opened);
}

// --- Verdicts ------------------------------------------------------------------------------------

void give_verdict(const Context& ctx, Incident& incident, Verdict verdict, bool to_all) {
    for (Source& source : incident.sources) {
        if (source.verdict == Verdict::none || (to_all && !source.by_hand)) say(ctx, source, verdict, false);
    }
}

void take_back_verdicts(Incident& incident) {
    for (Source& source : incident.sources) {
        if (source.by_hand) continue;
        source.verdict = Verdict::none;
        source.judged = base::Time::none();
    }
}

void judge(Context& ctx, Incident& incident, const model::Command& command) {
    for (Source& source : incident.sources) {
        if (!command.alert.valid() || source.alert == command.alert) say(ctx, source, command.verdict, true);
    }
    write(ctx, incident,
          {.type = EventType::judged,
           .from = incident.state,
           .actor = command.actor.person,
           .alert = command.alert,
           .detail = std::string(model::to_word(command.verdict)),
           .text = command.text});
}

void trust_again(Context& ctx, Incident& incident, const model::Command& command) {
    incident.trust_again = ctx.now;
    write(ctx, incident,
          {.type = EventType::trusted_again,
           .from = incident.state,
           .actor = command.actor.person,
           .text = command.text});
}

// A verdict is given once: by the incident that goes on.
void take_over_sources(Incident& target, Incident& source) {
    for (const Source& s : source.sources) {
        if (Source* same = same_track(target, s.track)) {
            same->first = std::min(same->first, s.first);
            same->latest = std::max(same->latest, s.latest);
            same->alerts += s.alerts;
        } else if (target.sources.size() < sources_kept) {
            target.sources.push_back(s);
        }
    }
    source.sources.clear();
    target.trust_again = std::max(target.trust_again, source.trust_again);
    source.trust_again = base::Time::none();
}

}  // namespace shoumen::act
