// All the core knows, and one input's way through it.
#pragma once
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "loop/core.hpp"
#include "model/decisions.hpp"

#include "incidents.hpp"
#include "tracks.hpp"

namespace shoumen::loop {

struct World {
    PolicySource policies;
    std::shared_ptr<const model::Policy> policy;
    WindowState state;
    Incidents incidents;
    act::EvidenceBook evidence;
    model::Decisions decisions;
    analyse::Finding finding;  // of the moment at hand; kept for its capacity

    void adopt(std::shared_ptr<const model::Policy> next, base::Time now);
    // A version nobody has is passed over: the policy in force goes on.
    void adopt_version(std::uint64_t version, base::Time now);
    // Sense and analyse of one signal. True when something was found: it then stands in `finding`.
    bool observe(const model::Batch& batch, const model::InputHead& head, std::uint64_t seq,
                 model::SenseCounts& counts);
    // What a record changes; what was held back until now.
    std::vector<model::Alert> record(const model::RecordInput& input, base::Time now);
    // What an input does to the windows, and nothing else.
    void rewind(const model::Batch& batch, const model::InputHead& head, std::uint64_t seq);
    void fire(base::Time now, std::uint64_t seq);
};

// Effects::changed of one step: each id once, in order of first change.
class Changes {
public:
    explicit Changes(std::vector<model::IncidentId>& list) : list_(list) {}
    void add(model::IncidentId id) {
        if (known_.empty()) known_.insert(list_.begin(), list_.end());
        if (known_.insert(id).second) list_.push_back(id);
    }

private:
    std::vector<model::IncidentId>& list_;
    std::unordered_set<model::IncidentId> known_;
};

// Decide and act for one input.
class Turn {
public:
    Turn(World& world, model::Effects& effects, Changes& changes, std::uint64_t seq)
        : world_(world), effects_(effects), changes_(changes), seq_(seq) {}

    void found(base::Time now);  // what world.finding holds
    void explain(model::AlertId alert);
    void command(const model::Command& command, base::Time now);
    void record(const model::RecordInput& record, base::Time now);
    // All that is due at or before `now`, each at its own moment; windows first at the same one.
    void timer(base::Time now);

private:
    act::Context context(base::Time now) { return {*world_.policy, world_.decisions, now, seq_, next_nth_, effects_}; }
    void raised(const model::Alert& alert, base::Time now);
    model::Incident* join(const model::Alert& alert, const model::Doubt& doubt, base::Time now);
    const model::Incident& open(const model::Alert& alert, const model::Doubt& doubt, base::Time now);
    void cleared(const model::AlertCleared& cleared, base::Time now);
    void deadline(model::IncidentId id, base::Time now);
    // The code of the refusal, or empty: done. A report says which incident it has opened.
    std::string_view answer(const model::Command& command, base::Time now, model::IncidentId& incident);
    std::string_view report(const model::Command& command, base::Time now, model::IncidentId& opened);
    std::string_view apply(const model::Command& command, base::Time now);
    void changed(const model::Incident& incident);

    World& world_;
    model::Effects& effects_;
    Changes& changes_;
    std::uint64_t seq_;
    // Ids of incidents and notices within one input begin in the middle, those of alerts at 0: so alerts have the same
    // ids in rewind(), where nothing else is given any.
    std::uint32_t next_nth_ = 1U << (base::id_shift - 1);
    std::uint32_t next_alert_nth_ = 0;
};

}  // namespace shoumen::loop
