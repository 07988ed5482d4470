// The answers of the decide step in the form the act step takes them. Room `act` does not include room `decide`: the
// loop hands these functions in.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "model/alert.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"

namespace shoumen::model {

struct Assignment {
    BodyId lead;  // always valid
    std::vector<BodyId> assist;
    base::Duration acknowledge, arrive, close;
    std::uint32_t matrix_line = 0;
};

struct Climb {
    LadderLevel level{};
    BodyId body;      // who is told and supervises there
    base::Time next;  // when it climbs further; never at the top
};

struct Recipient {
    Person person;
    BodyId body;
    Channel channel{};
};

struct Decisions {
    Assignment (*assign)(const Policy&, IncidentKindId, PlaceId, Severity, base::Time) = nullptr;
    std::optional<Climb> (*climb)(const Policy&, LadderLevel, PlaceId, Severity, base::Time) = nullptr;
    std::vector<Recipient> (*recipients)(const Policy&, std::span<const BodyId>, base::Time) = nullptr;
};

}  // namespace shoumen::model
