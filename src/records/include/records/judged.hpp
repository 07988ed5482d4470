// How often what cameras recognise was right, as people found it. Pure.
#pragma once
#include <cstdint>

#include "base/time.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"

namespace shoumen::records {

struct Judged {
    std::uint64_t judged = 0;  // real or mistaken; a test, or what nobody can tell, is neither
    std::uint64_t right = 0;
};

// What cameras, falling objects and crowds are told of by.
[[nodiscard]] bool recognises(model::SignalKind kind);

// Adds what of this incident's sources was judged from `since` on: the verdicts that precision is learned from
// (model/precision.hpp), one for each rule, device and scene however often it alerted.
void add_judged(Judged& sum, const model::Policy& policy, const model::Incident& incident, base::Time since);

}  // namespace shoumen::records
