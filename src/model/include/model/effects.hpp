// What a step brings about: nothing happens in the core itself; the shell writes these down in the same transaction as
// the inputs, and acts on them only afterwards.
#pragma once
#include <cstdint>
#include <vector>

#include "model/alert.hpp"
#include "model/incident.hpp"

namespace shoumen::model {

struct SenseCounts {
    std::uint64_t signals = 0;
    std::uint64_t repeats = 0;      // dropped: the same (device, message id) came before
    std::uint64_t late = 0;         // history only
    std::uint64_t clock_wrong = 0;  // receipt counted instead of the claimed time
    bool operator==(const SenseCounts&) const = default;
};

struct AlertRaised {
    Alert alert;
    IncidentId incident;  // the one it opened or joined
};

struct Effects {
    std::vector<AlertRaised> alerts;
    std::vector<AlertCleared> cleared;
    std::vector<IncidentId> changed;  // each once; its new form is read from the core
    std::vector<TimelineEvent> events;
    std::vector<Notice> notices;
    std::vector<CommandResult> results;  // one for each command, in order
    SenseCounts counts;

    void clear();
};

}  // namespace shoumen::model
