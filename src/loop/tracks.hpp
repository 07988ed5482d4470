// What the incidents that are held say of the precision of what finds them. Nothing is kept besides: the rows of the
// incidents are the memory, so a restart forgets nothing.
#pragma once
#include <vector>

#include "model/alert.hpp"
#include "model/policy.hpp"
#include "model/precision.hpp"
#include "model/track.hpp"

#include "incidents.hpp"

namespace shoumen::loop {

// Trusted where its rule asks for no precision, or it came too late to be looked at.
model::Doubt doubt_of(const model::Policy& policy, Incidents& incidents, const model::Alert& alert, base::Time now);

// The quiet incident of this track that began on the same local day; null: none yet.
model::Incident* quiet_of_day(const model::Policy& policy, Incidents& incidents, const model::Alert& alert,
                              base::Time now);

std::vector<model::TrackView> all_tracks(const model::Policy& policy, const Incidents& incidents, base::Time now);

}  // namespace shoumen::loop
