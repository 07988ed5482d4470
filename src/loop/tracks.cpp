#include "tracks.hpp"

#include <algorithm>

#include "decide/precision.hpp"
#include "loop/precision.hpp"

namespace shoumen::loop {
namespace {

using base::Time;
using model::Incident;
using model::IncidentId;
using model::Source;
using model::Track;

Track track_of(const model::Alert& alert) { return {alert.rule, alert.device, alert.scene}; }

bool same_day(const model::Policy& policy, Time a, Time b) {
    const base::LocalTime one = policy.zone.local(a);
    const base::LocalTime other = policy.zone.local(b);
    return one.year == other.year && one.month == other.month && one.day == other.day;
}

std::uint32_t hour_bit(const model::Policy& policy, Time t) {
    return 1U << static_cast<unsigned>(policy.zone.local(t).minute / 60);
}

const Source& source_in(const Incident& incident, const Track& track) {
    return *std::ranges::find(incident.sources, track, &Source::track);
}

// Calls for each incident of the track that counts at `now`, the newest first.
template <class Each>
void each_of(const Incidents& incidents, const Track& track, Time now, Each each) {
    const std::vector<IncidentId>& ids = incidents.of_track(track);
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        const Incident* incident = incidents.find(*id);
        if (incident && act::is_held(*incident, now)) each(*incident, source_in(*incident, track));
    }
}

// What was opened up to this moment counts no more; none: all counts.
Time trusted_again(const Incidents& incidents, const Track& track, Time now) {
    Time latest = Time::none();
    each_of(incidents, track, now, [&](const Incident& i, const Source&) { latest = std::max(latest, i.trust_again); });
    return latest;
}

struct Known {
    decide::Past past;
    Time trusted_again = Time::none();
};

Known known_of(const model::Policy& policy, const Incidents& incidents, const Track& track, Time now) {
    Known known{{}, trusted_again(incidents, track, now)};
    each_of(incidents, track, now, [&](const Incident& i, const Source& s) {
        known.past.today = known.past.today || same_day(policy, s.latest, now);
        if (i.opened <= known.trusted_again) return;
        if (s.judged.is_set()) decide::add(known.past.record, s.verdict, now - s.judged);
        if (s.verdict == model::Verdict::mistaken) known.past.mistaken_hours |= hour_bit(policy, s.first);
    });
    return known;
}

// Another device under the same common place, whatever it found.
bool found_beside(const model::Policy& policy, const Incidents& incidents, const model::Alert& alert, Time now) {
    for (std::size_t cause = 0; cause < policy.causes.size(); ++cause) {
        for (const IncidentId id : incidents.of_cause(model::CauseId{cause}, alert.anchor)) {
            const Incident* incident = incidents.find(id);
            if (!incident || !act::is_held(*incident, now)) continue;
            const bool other = std::ranges::any_of(incident->sources, [&](const Source& s) {
                return s.track.device != alert.device && alert.at - s.latest <= decide::beside_within;
            });
            if (other) return true;
        }
    }
    return false;
}

const model::Rule& rule_of(const model::Policy& policy, model::RuleId id) { return policy.rules[id.value]; }

model::TrackView view_of(const model::Policy& policy, const Incidents& incidents, const Track& track, Time now) {
    const Known known = known_of(policy, incidents, track, now);
    const auto& precision = rule_of(policy, track.rule).precision;
    model::TrackView view{.track = track, .scene = model::scene_text(policy, track.scene), .record = known.past.record};
    view.asked = precision.has_value();
    if (precision && track.scene != model::scene_untold) view.stage = decide::stage_of(*precision, view.record);
    view.mean = decide::mean(view.record);
    view.at_least = decide::at_least(view.record);
    view.at_most = decide::at_most(view.record);
    view.trusted_again = known.trusted_again;
    each_of(incidents, track, now, [&](const Incident& i, const Source& s) {
        if (view.latest.valid()) return;
        view.latest = i.id;
        view.latest_alert = s.latest;
    });
    return view;
}

}  // namespace

model::Doubt doubt_of(const model::Policy& policy, Incidents& incidents, const model::Alert& alert, Time now) {
    const auto& precision = rule_of(policy, alert.rule).precision;
    if (!precision || alert.late || alert.severity == model::Severity::red) return {};
    if (alert.scene == model::scene_untold) return {};
    Known known = known_of(policy, incidents, track_of(alert), now);
    if (decide::stage_of(*precision, known.past.record) == model::Stage::quiet)
        known.past.beside = found_beside(policy, incidents, alert, now);
    return decide::doubt_of(policy, *precision, known.past, now);
}

Incident* quiet_of_day(const model::Policy& policy, Incidents& incidents, const model::Alert& alert, Time now) {
    const Track track = track_of(alert);
    Incident* found = nullptr;
    each_of(incidents, track, now, [&](const Incident& i, const Source&) {
        const bool fits = i.state == model::IncidentState::quiet && same_day(policy, i.opened, now);
        if (fits && !found && i.anchor == alert.anchor) found = incidents.find(i.id);
    });
    return found;
}

std::vector<model::TrackView> all_tracks(const model::Policy& policy, const Incidents& incidents, Time now) {
    std::vector<model::TrackView> views;
    for (const auto& [track, ids] : incidents.tracks()) {
        if (track.rule.value >= policy.rules.size()) continue;
        model::TrackView view = view_of(policy, incidents, track, now);
        if (view.latest.valid()) views.push_back(view);
    }
    return views;
}

std::vector<model::TrackView> precision_of(const model::Policy& policy, std::vector<Incident> held, Time now) {
    Incidents incidents;
    for (Incident& incident : held) {
        if (!incident.sources.empty()) incidents.add(std::move(incident));
    }
    return all_tracks(policy, incidents, now);
}

}  // namespace shoumen::loop
