// Where a scenario plays: the real core over a policy, driven as the shell drives it, with rows, log and snapshot kept
// in memory so that it can be restarted at any moment.
//
// After every step it holds against the world what must always be true: each incident has an owner and keeps the
// invariants of its life, nobody told is forgotten, no timeline entry is missing, every command has its answer.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "loop/core.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::scenarios {

class Stage {
public:
    Stage(std::shared_ptr<const model::Policy> policy, base::Time now);

    void advance(base::Time to);  // each timer at its own due time
    // A code of refusal when the signal would go to the quarantine, else empty.
    std::string signal(const model::FlatSignal& flat, model::DeviceId speaker);
    model::CommandResult command(model::Command command);
    void adopt(std::shared_ptr<const model::Policy> policy);
    // Everything encoded, decoded into a new core, and the log since the last restart rewound.
    void restart();

    struct Raised {
        model::AlertRaised alert;
        std::string rule;
    };

    [[nodiscard]] base::Time now() const { return now_; }
    [[nodiscard]] const model::Policy& policy() const { return *core_->policy(); }
    // In order of opening; those the core has let go of stay here, as their rows do in the database.
    [[nodiscard]] const std::map<model::IncidentId, model::Incident>& incidents() const { return rows_; }
    [[nodiscard]] const std::vector<Raised>& alerts() const { return alerts_; }
    [[nodiscard]] const model::Effects& effects() const { return all_; }  // of everything so far
    [[nodiscard]] std::vector<model::TimelineEvent> timeline(model::IncidentId id) const;

private:
    std::unique_ptr<loop::Core> new_core();
    void step();  // batch_, which is empty afterwards
    void add(model::InputType type, std::size_t index);
    void keep(const model::Effects& effects);
    void keep_row(model::IncidentId id);

    base::Time now_;
    std::map<std::uint64_t, std::shared_ptr<const model::Policy>> policies_;
    std::unique_ptr<loop::Core> core_;
    model::Batch batch_;
    std::uint64_t next_seq_ = 1;
    std::vector<std::string> log_;  // encoded batches since the snapshot
    std::string snapshot_;
    std::map<model::IncidentId, model::Incident> rows_;
    std::vector<Raised> alerts_;
    model::Effects all_;
    std::uint64_t texts_ = 0;
};

}  // namespace shoumen::scenarios
