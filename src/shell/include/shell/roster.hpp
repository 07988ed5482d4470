// Turns of duty in a span of time, from the community's duty table. Pure.
#pragma once
#include <vector>

#include "model/policy.hpp"
#include "ports/roster.hpp"

namespace shoumen::shell {

// Local midnight `days` days after that of t.
base::Time midnight(const base::Zone& zone, base::Time t, int days);

// Cut to [from, until); by body, then by time, then by person.
std::vector<ports::Shift> shifts_of(const model::Policy& policy, base::Time from, base::Time until);

}  // namespace shoumen::shell
