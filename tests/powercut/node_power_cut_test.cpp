#include <cstdlib>
#include <iostream>

#include <doctest/doctest.h>

#include "node_life.hpp"

using namespace shoumen;

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

// SHOUMEN_POWER_CUTS=10000 for a night; SHOUMEN_SEED for another one.
TEST_CASE("a node whose power is cut again and again loses nothing it acknowledged and doubles nothing") {
    powercut::Settings settings;
    settings.seed = number_from("SHOUMEN_SEED", 20260303);
    settings.cuts = number_from("SHOUMEN_POWER_CUTS", 500);
    CAPTURE(settings.seed);
    powercut::Report report;
    const std::string fault = powercut::live_through(settings, report);
    CHECK(fault == "");
    std::cout << "seed " << settings.seed << ": " << report.cuts << " cuts, acknowledged "
              << report.signals_acknowledged << " signals, " << report.commands_acknowledged << " commands, "
              << report.quarantined_acknowledged << " quarantined payloads\n";
    CHECK(report.cuts >= settings.cuts);
    CHECK(report.signals_acknowledged > report.cuts);
    CHECK(report.commands_acknowledged > 0);
    CHECK(report.incidents > 0);
}

TEST_CASE("the checker sees it when the disk is not waited for") {
    powercut::Settings settings;
    settings.seed = 7;
    settings.cuts = 60;
    settings.sync = false;
    powercut::Report report;
    CHECK(powercut::live_through(settings, report) != "");
}
