// How far what a rule finds by one device, in one scene, can be believed. Pure functions; whole numbers only, so that
// every machine decides the same. Shares are thousandths.
//
// A verdict weighs 1,000 on its day and half as much every 30 days. Of verdicts "true" that weigh k among n the
// precision lies, as good as surely, between the bounds of Wilson's interval with z = 1.28: nine times in ten below the
// upper one. "test" and "unknown" say nothing about it.
//   trusted      too few verdicts (2 at least), or the target may still be met
//   second_look  the upper bound is below `target`
//   quiet        the upper bound is below `quiet_below`: not with fewer than 15 verdicts "false" at quiet_below 10 %
// What is quiet still asks for a look when it is the first of its local day, when it comes at an hour (one more or
// less) at which none of the false ones came, or when another device has found something under the same common place
// within 10 minutes. So a rack that flutters in the afternoon wind hides nobody at night.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "model/policy.hpp"
#include "model/precision.hpp"
#include "model/signal.hpp"

namespace shoumen::decide {

constexpr std::size_t verdicts_weighed = 256;  // of a track, the newest
constexpr std::uint32_t least_verdicts = 2;
constexpr base::Duration beside_within = base::minutes(10);

// What the field of the rule says in this signal: 0 where it asks for none, or says a text, or no whole number.
model::Scene scene_of(const model::Rule& rule, std::span<const model::Value> values);

std::uint32_t weight_of(base::Duration age);
void add(model::Record& record, model::Verdict verdict, base::Duration age);

// 1,000 where nothing is known (0 for the lower one).
std::uint32_t at_most(const model::Record& record);
std::uint32_t at_least(const model::Record& record);
std::uint32_t mean(const model::Record& record);

model::Stage stage_of(const model::Precision& precision, const model::Record& record);

// What is known of a track besides its record, as of an alert.
struct Past {
    model::Record record;
    std::uint32_t mistaken_hours = 0;  // bit per local hour in which one of the mistaken ones began
    bool today = false;                // one of its alerts came earlier on the same local day
    bool beside = false;               // another device has found something within beside_within
};

// What becomes of an alert at `at`, and why.
model::Doubt doubt_of(const model::Policy& policy, const model::Precision& precision, const Past& past, base::Time at);

}  // namespace shoumen::decide
