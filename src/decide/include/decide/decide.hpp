// The decide step: whose it is, by when, and whether an alert belongs to an incident there is. Pure functions over a
// policy.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "model/decisions.hpp"
#include "model/policy.hpp"

namespace shoumen::decide {

// The row with a lead that matches kind, use of the place, severity and local hour gives lead and deadlines; assisting
// bodies of all matching rows are added in file order, each once, never the lead. Without a matching lead row (a policy
// that should not have loaded) the lead is the community's committee, else the first body.
model::Assignment assign(const model::Policy& policy, model::IncidentKindId kind, model::PlaceId place,
                         model::Severity severity, base::Time at);

enum class Join : std::uint8_t { no, joins, reopens };

// One cause, one incident (rule of joining): same cause and anchor; a live incident is joined within 10 minutes of its
// latest alert (inclusive); a resolved or closed one reopens within an hour after it was resolved (inclusive); false
// alarms, merged and quiet ones take nothing (the loop follows merged_into first). A rule that says so takes an alert
// beyond a silent floor for another cause (see model::Rule).
Join judge(const model::Policy& policy, const model::Incident& incident, const model::Alert& alert);

// How many floors the alert lies from the nearest place the incident has reached: by this the nearest of several takes
// it. 0 where nobody knows, or the alert's rule does not ask.
std::uint32_t floors_from(const model::Policy& policy, const model::Incident& incident, const model::Alert& alert);

// The rung above `level`; nullopt at the top.
std::optional<model::Climb> climb(const model::Policy& policy, model::LadderLevel level, model::PlaceId place,
                                  model::Severity severity, base::Time at);

// Persons of these bodies on duty at t, each once, by their first channel.
std::vector<model::Recipient> recipients(const model::Policy& policy, std::span<const model::BodyId> bodies,
                                         base::Time at);

// The three above as the act step takes them.
model::Decisions decisions();

}  // namespace shoumen::decide
