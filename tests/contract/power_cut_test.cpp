// Nothing acknowledged is lost and nothing is there by half, wherever the power goes.
//
// SHOUMEN_POWER_CUTS sets how many cuts, SHOUMEN_SEED where to begin; a fault names the seed that shows it again.
#include <cstdlib>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "power_cuts.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("power cuts: every acknowledged commit, snapshot and piece of evidence is there") {
    const PowerCuts settings{.seed = number_from("SHOUMEN_SEED", 1), .cuts = number_from("SHOUMEN_POWER_CUTS", 500)};
    const auto report = run_power_cuts(settings);
    CHECK_MESSAGE(report.fault.empty(), report.fault);
    CHECK(report.cuts == settings.cuts);
    CHECK(report.acknowledged > settings.cuts);
    if (settings.cuts >= 500) {
        // The cuts fall everywhere: before and after the moment that decides, and while a store opens.
        CHECK(report.in_flight_kept > 0);
        CHECK(report.in_flight_lost > 0);
        CHECK(report.cut_while_opening > 0);
    }
    MESSAGE(fmt::format(
        "{} power cuts in {} operations: {} commits and {} files acknowledged, 0 lost; in flight: {} there whole, "
        "{} not at all; {} cuts while opening",
        report.cuts, report.operations, report.acknowledged, report.files_acknowledged, report.in_flight_kept,
        report.in_flight_lost, report.cut_while_opening));
}

TEST_CASE("power cuts with a thread that moves the log") {
    const auto report = run_power_cuts({.seed = 1'000'000, .cuts = 100, .checkpoint_thread = true});
    CHECK_MESSAGE(report.fault.empty(), report.fault);
}

TEST_CASE("the checker sees it when the database does not sync") {
    const auto report = run_power_cuts({.seed = 1, .cuts = 500, .sync = false});
    CHECK_FALSE(report.fault.empty());
}

TEST_CASE("the checker sees it when folders are not synced") {
    const auto report = run_power_cuts({.seed = 1, .cuts = 500, .sync_folders = false});
    CHECK_FALSE(report.fault.empty());
}
