// How far the plan is reached, and where the next devices would help most. Pure functions over a policy, what the plan
// asks (model/coverage.hpp), and which devices work.
//
// Counted are devices in service of the target's kinds at or below a place:
//   area    each sees `square_metres` of the public area of the nearest place at or above it that has one, together at
//           most all of it. One with no such place sees nothing.
//   home    a home with at least one at or below it is served.
//   person  each serves one of those counted at the nearest place at or above it, at most all of them.
// One thread; nothing is kept.
#pragma once
#include <cstdint>
#include <vector>

#include "model/coverage.hpp"
#include "model/policy.hpp"

namespace shoumen::records {

using Works = std::vector<bool>;  // by DeviceId

// For each target: the community's root, then estates and buildings in the order of the policy, those with a base.
std::vector<model::CoverageRow> coverage(const model::Policy& policy, const model::Coverage& asked, const Works& works);

// Up to `n` devices, one after another, each where it brings the sum of how far each target is reached (each at most
// all of it) forward most; among equals first where the building's share is lowest, then by the order of the policy.
// Devices that stand there count as they do in `served`, working or not: a silent one is to be mended, not doubled.
// Gains of one target never grow with what stands there already, so that no other choice of n reaches more
// (coverage_test tries them all). None, once all targets are reached.
std::vector<model::Proposal> next_devices(const model::Policy& policy, const model::Coverage& asked, std::size_t n);

}  // namespace shoumen::records
