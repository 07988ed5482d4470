// Which deadline of an incident counts now, and which has passed: told to the pages, so that they need not know the
// life cycle.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "model/incident.hpp"

namespace shoumen::doors::http {

struct Deadline {
    std::string_view kind;  // acknowledge, arrive, close, reporter
    base::Time at;
};

struct Timing {
    std::optional<Deadline> next;     // the nearest in the order of work that is still ahead
    std::optional<Deadline> overdue;  // the first in that order that has passed without being met
};

Timing timing(const model::Incident& incident, base::Time now);

}  // namespace shoumen::doors::http
