// What was decided, held against what really happened. Private to room twin.
#pragma once
#include "base/result.hpp"
#include "ports/store.hpp"
#include "twin/simulation.hpp"

namespace shoumen::twin {

// Fills in all that follows from rows and truth. `until`: the end of the simulated time.
base::Result<void> audit(const World& world, ports::StoreReader& reader, base::Time until, SimulationReport& report);

}  // namespace shoumen::twin
