// A community lived in: the world of world.hpp speaks through the channel to the same node that runs live, people
// answer what it tells them, and what was decided is held against what really happened. Virtual time: as fast as the
// machine can, and the same seed gives the same report. One thread.
//
// People: who is told may answer, or not; who answers acknowledges, sets out, arrives, sees what there is, ends it,
// takes a picture and resolves, or finds a false alarm; another verifies. A few acknowledge and forget.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"
#include "ports/store.hpp"
#include "twin/channel.hpp"
#include "twin/world.hpp"

namespace shoumen::twin {

struct CrewOptions {
    double answers = 0.85;        // chance that somebody who has been told takes it
    double forgets = 0.02;        // chance that who has acknowledged does nothing more
    std::int64_t answer_s = 45;   // median time until the acknowledgement
    std::int64_t travel_s = 240;  // median time on the way
    std::int64_t work_s = 900;    // median time on the scene
    std::int64_t glance_s = 40;   // median time until the desk has looked at a picture it is asked about
};

struct SimulationOptions {
    std::uint64_t seed = 1;
    base::Time from;
    base::Duration length = base::days(1);
    double trouble = 1;
    Episodes episodes;
    ChannelOptions channel;  // its seed is drawn from the one above
    CrewOptions crew;
    std::uint32_t shard = 1;
    std::function<void(double)> progress;  // share of the length that has been lived; now and then
};

// Spans in seconds, of those that have happened; 0 where there are none.
struct Spans {
    std::uint64_t count = 0;
    double p50 = 0;
    double p90 = 0;
    double max = 0;
};

struct StoryFigures {
    std::uint64_t happened = 0;
    std::uint64_t found = 0;  // led to an incident
    std::uint64_t incidents = 0;
    std::uint64_t outings = 0;  // incidents somebody set out for
    std::uint64_t doubled = 0;  // incidents beyond the first while the first stood open, or within the hour
    Spans delay;                // from its beginning to the incident
};

struct Pairs {  // within an episode
    std::uint64_t same_cause = 0;
    std::uint64_t same_incident = 0;
    std::uint64_t both = 0;
    [[nodiscard]] double precision() const {
        return same_incident == 0 ? 1 : static_cast<double>(both) / static_cast<double>(same_incident);
    }
    [[nodiscard]] double recall() const {
        return same_cause == 0 ? 1 : static_cast<double>(both) / static_cast<double>(same_cause);
    }
};

struct SimulationReport {
    base::Duration lived;
    ChannelCounts messages;
    model::SenseCounts counts;
    std::uint64_t quarantined = 0;
    std::map<std::string, StoryFigures> real;     // by what happened
    std::map<std::string, StoryFigures> nothing;  // false alarms of the world, and near misses
    std::uint64_t alerts = 0;
    std::uint64_t alerts_without_cause = 0;  // nothing had happened at all
    std::uint64_t incidents = 0;
    std::uint64_t incidents_real = 0;  // with an alert of something real
    std::uint64_t never_answered = 0;
    std::uint64_t still_open = 0;
    std::uint64_t reopened = 0;
    std::uint64_t escalations = 0;
    std::uint64_t missed_deadlines = 0;
    std::uint64_t expired_acknowledgements = 0;
    std::uint64_t told = 0;
    std::map<std::string, std::uint64_t> refused;  // what people tried and were refused, by code
    Spans acknowledged;                            // from opening
    Spans arrived;
    Spans closed;
    std::uint64_t episodes = 0;
    std::uint64_t episodes_two = 0;  // with two causes
    Pairs pairs;                     // of alerts
    Pairs sources;                   // of sources: what one rule found of one device or place counts once
    base::Digest decisions{};        // of all incidents and alerts: equal runs have equal ones

    [[nodiscard]] double precision() const {
        return incidents == 0 ? 1 : static_cast<double>(incidents_real) / static_cast<double>(incidents);
    }
};

// The node runs on `store`, which must be new. What happened in the last stretch, too short for it to be found, is left
// out.
base::Result<SimulationReport> simulate(std::shared_ptr<const model::Policy> policy, std::string files,
                                        std::unique_ptr<ports::Store> store, const SimulationOptions& options);

}  // namespace shoumen::twin
