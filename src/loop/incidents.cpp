#include "incidents.hpp"

#include <algorithm>

namespace shoumen::loop {
namespace {

using model::Incident;
using model::IncidentId;

std::uint64_t cause_key(model::CauseId cause, model::PlaceId anchor) {
    return (static_cast<std::uint64_t>(cause.value) << 32U) | anchor.value;
}

}  // namespace

Incident& Incidents::add(Incident incident) {
    const IncidentId id = incident.id;
    if (held_.contains(id)) drop(id);
    Held& held = held_[id];
    held.incident = std::move(incident);
    const Incident& i = held.incident;
    auto& same = by_cause_[cause_key(i.cause, i.anchor)];
    same.insert(std::ranges::upper_bound(same, id), id);
    if (i.request != 0) by_request_.emplace(i.request, id);
    refile(i);
    return held.incident;
}

void Incidents::refile(const Incident& incident) {
    Held& held = held_.at(incident.id);
    file_due(held);
    file_end(held);
    file_alerts(held);
    file_standing(held);
    file_tracks(held);
}

void Incidents::file_due(Held& held) {
    const base::Time due = act::next_deadline(held.incident);
    if (due == held.due) return;
    due_.erase({held.due, held.incident.id});
    held.due = due;
    if (due != base::Time::never()) due_.emplace(due, held.incident.id);
}

void Incidents::file_end(Held& held) {
    const base::Time ended = held.incident.ended;
    if (ended == held.ended) return;
    ended_.erase({held.ended, held.incident.id});
    held.ended = ended;
    if (ended.is_set()) ended_.emplace(ended, held.incident.id);
    first_forgotten_after_ = ended_.empty() ? base::Time::never() : ended_.begin()->first + act::held_after_end;
}

// An alert may be listed by two: the incident it raised, and the one that was merged into. The latter holds it.
void Incidents::file_alerts(Held& held) {
    const Incident& i = held.incident;
    for (; held.alerts_filed < i.alerts.size(); ++held.alerts_filed) {
        const auto [at, fresh] = by_alert_.emplace(i.alerts[held.alerts_filed], i.id);
        if (!fresh && i.state != model::IncidentState::merged) at->second = i.id;
    }
}

// One that stands is found by its latest alert, be it among the first that are listed or not.
void Incidents::file_standing(Held& held) {
    const Incident& i = held.incident;
    if (std::ranges::equal(held.standing_filed, i.standing, {}, {}, &model::SeverityTimer::alert)) return;
    for (const model::AlertId alert : held.standing_filed) {
        const auto found = by_alert_.find(alert);
        const bool ours = found != by_alert_.end() && found->second == i.id;
        if (ours && std::ranges::find(i.alerts, alert) == i.alerts.end()) by_alert_.erase(found);
    }
    held.standing_filed.clear();
    for (const model::SeverityTimer& standing : i.standing) {
        by_alert_[standing.alert] = i.id;
        held.standing_filed.push_back(standing.alert);
    }
}

void Incidents::file_tracks(Held& held) {
    if (std::ranges::equal(held.tracks_filed, held.incident.sources, {}, {}, &model::Source::track)) return;
    unfile_tracks(held);
    for (const model::Source& source : held.incident.sources) {
        auto& ids = by_track_[source.track];
        ids.insert(std::ranges::upper_bound(ids, held.incident.id), held.incident.id);
        held.tracks_filed.push_back(source.track);
    }
}

void Incidents::unfile_tracks(Held& held) {
    for (const model::Track& track : held.tracks_filed) {
        const auto at = by_track_.find(track);
        std::erase(at->second, held.incident.id);
        if (at->second.empty()) by_track_.erase(at);
    }
    held.tracks_filed.clear();
}

void Incidents::forget_old(base::Time now) {
    while (!ended_.empty() && now > ended_.begin()->first + act::held_after_end) drop(ended_.begin()->second);
}

void Incidents::drop(IncidentId id) {
    const auto at = held_.find(id);
    Held& held = at->second;
    unfile_tracks(held);
    const Incident& i = held.incident;
    due_.erase({held.due, id});
    ended_.erase({held.ended, id});
    first_forgotten_after_ = ended_.empty() ? base::Time::never() : ended_.begin()->first + act::held_after_end;
    const std::uint64_t key = cause_key(i.cause, i.anchor);
    if (auto& same = by_cause_[key]; std::erase(same, id), same.empty()) by_cause_.erase(key);
    for (const model::AlertId alert : i.alerts) {
        if (const auto found = by_alert_.find(alert); found != by_alert_.end() && found->second == id)
            by_alert_.erase(found);
    }
    for (const model::AlertId alert : held.standing_filed) {
        if (const auto found = by_alert_.find(alert); found != by_alert_.end() && found->second == id)
            by_alert_.erase(found);
    }
    const auto [first, last] = by_request_.equal_range(i.request);
    for (auto r = first; r != last; ++r) {
        if (r->second != id) continue;
        by_request_.erase(r);
        break;
    }
    held_.erase(at);
}

Incident* Incidents::find(IncidentId id) {
    const auto at = held_.find(id);
    return at == held_.end() ? nullptr : &at->second.incident;
}

Incident* Incidents::held(IncidentId id, base::Time now) {
    Incident* incident = find(id);
    return incident && act::is_held(*incident, now) ? incident : nullptr;
}

const Incident* Incidents::find(IncidentId id) const {
    const auto at = held_.find(id);
    return at == held_.end() ? nullptr : &at->second.incident;
}

const std::vector<IncidentId>& Incidents::of_cause(model::CauseId cause, model::PlaceId anchor) const {
    static const std::vector<IncidentId> none;
    const auto at = by_cause_.find(cause_key(cause, anchor));
    return at == by_cause_.end() ? none : at->second;
}

const std::vector<IncidentId>& Incidents::of_track(const model::Track& track) const {
    static const std::vector<IncidentId> none;
    const auto at = by_track_.find(track);
    return at == by_track_.end() ? none : at->second;
}

Incident* Incidents::follow_merges(IncidentId id, base::Time now) {
    Incident* incident = held(id, now);
    while (incident && incident->state == model::IncidentState::merged) incident = held(incident->merged_into, now);
    return incident;
}

Incident* Incidents::holder_of(model::AlertId alert, base::Time now) {
    const auto at = by_alert_.find(alert);
    return at == by_alert_.end() ? nullptr : follow_merges(at->second, now);
}

const Incident* Incidents::reported(const model::Person& by, std::uint64_t request, base::Time now) {
    if (request == 0) return nullptr;
    const auto [first, last] = by_request_.equal_range(request);
    for (auto r = first; r != last; ++r) {
        if (const Incident* incident = held(r->second, now); incident && incident->reporter == by) return incident;
    }
    return nullptr;
}

}  // namespace shoumen::loop
