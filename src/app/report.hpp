// What was decided, as one JSON object: the same form whether it comes from a replay or from the rows of a live node,
// so that the two can be compared byte by byte. Private to room app.
#pragma once
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "model/effects.hpp"
#include "model/policy.hpp"
#include "ports/store.hpp"

namespace shoumen::app {

struct Decisions {
    std::map<model::AlertId, ports::AlertRow> alerts;
    std::map<model::IncidentId, model::Incident> incidents;
    std::map<model::IncidentId, std::vector<model::TimelineEvent>> timeline;
};

// {"alerts":[…],"incidents":[…],"figures":{…}}, keys in fixed order. Times in the community's zone. `extra` (may be
// empty) is put first, as it is.
void write_report(std::ostream& out, const model::Policy& policy, const Decisions& decisions, bool timeline,
                  const std::string& extra);

}  // namespace shoumen::app
