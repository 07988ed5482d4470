// The incidents the core holds: those not ended, and those ended within the last act::held_after_end. Finds them by id,
// by cause and common place, by alert, by the request that reported them, and by the next moment something is due.
//
// What is asked with a moment answers as of that moment, whether or not forget() has let go of an incident yet: so
// nothing depends on when it is called.
#pragma once
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "act/life.hpp"
#include "model/alert.hpp"
#include "model/incident.hpp"
#include "model/precision.hpp"

namespace shoumen::loop {

class Incidents {
public:
    // The reference stays good until the incident is forgotten.
    model::Incident& add(model::Incident incident);
    // After every change: files it anew under what may have changed.
    void refile(const model::Incident& incident);
    // Lets go of what ended longer ago than act::held_after_end.
    void forget(base::Time now) {
        if (now > first_forgotten_after_) forget_old(now);
    }

    [[nodiscard]] model::Incident* find(model::IncidentId id);
    [[nodiscard]] model::Incident* held(model::IncidentId id, base::Time now);
    [[nodiscard]] const model::Incident* find(model::IncidentId id) const;
    // Opened under this cause and common place, oldest first.
    [[nodiscard]] const std::vector<model::IncidentId>& of_cause(model::CauseId cause, model::PlaceId anchor) const;
    // With a source of this track, oldest first.
    [[nodiscard]] const std::vector<model::IncidentId>& of_track(const model::Track& track) const;
    [[nodiscard]] const std::map<model::Track, std::vector<model::IncidentId>>& tracks() const { return by_track_; }
    // The incident itself, or where merging has brought it; null when that is no longer held.
    [[nodiscard]] model::Incident* follow_merges(model::IncidentId id, base::Time now);
    [[nodiscard]] model::Incident* holder_of(model::AlertId alert, base::Time now);
    [[nodiscard]] const model::Incident* reported(const model::Person& by, std::uint64_t request, base::Time now);

    [[nodiscard]] base::Time next_due() const { return due_.empty() ? base::Time::never() : due_.begin()->first; }
    [[nodiscard]] model::IncidentId first_due() const { return due_.begin()->second; }
    [[nodiscard]] std::size_t live() const { return held_.size() - ended_.size(); }

private:
    struct Held {
        model::Incident incident;
        base::Time due = base::Time::never();
        base::Time ended = base::Time::none();
        std::size_t alerts_filed = 0;
        std::vector<model::AlertId> standing_filed;
        std::vector<model::Track> tracks_filed;
    };
    using Moments = std::set<std::pair<base::Time, model::IncidentId>>;

    void file_due(Held& held);
    void file_end(Held& held);
    void file_alerts(Held& held);
    void file_standing(Held& held);
    void file_tracks(Held& held);
    void unfile_tracks(Held& held);
    void forget_old(base::Time now);
    void drop(model::IncidentId id);

    std::unordered_map<model::IncidentId, Held> held_;
    std::unordered_map<std::uint64_t, std::vector<model::IncidentId>> by_cause_;
    std::unordered_map<model::AlertId, model::IncidentId> by_alert_;
    std::map<model::Track, std::vector<model::IncidentId>> by_track_;
    std::unordered_multimap<std::uint64_t, model::IncidentId> by_request_;
    Moments due_;
    Moments ended_;
    base::Time first_forgotten_after_ = base::Time::never();
};

}  // namespace shoumen::loop
