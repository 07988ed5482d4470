// The precision of rules and devices as the core counts it, for who has the incidents' rows and no core: the shell's
// worker.
#pragma once
#include <vector>

#include "base/time.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"
#include "model/track.hpp"

namespace shoumen::loop {

// By rule, device and scene; of incidents that are not held any more nothing counts.
std::vector<model::TrackView> precision_of(const model::Policy& policy, std::vector<model::Incident> held,
                                           base::Time now);

}  // namespace shoumen::loop
