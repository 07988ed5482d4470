// `shoumen simulate` and `shoumen town`: a community lived in under virtual time, and one made up for it. Private to
// room app.
#pragma once
#include <cstdint>
#include <string>

namespace shoumen::app {

struct SimulateOptions {
    std::string community;  // empty: a town made up for it
    std::uint32_t homes = 3'000;
    std::string from = "2026-03-02T00:00:00+08:00";
    std::string length = "7d";
    std::uint64_t seed = 1;
    std::string data;  // where it is kept; empty: nowhere
    double trouble = 1;
    double lose = 0;
    double repeat = 0;
    double lag = 0.02;
    double outages = 0;
    std::uint32_t wrong_clocks = 0;
    double answers = 0.85;
    std::uint32_t episodes = 0;
};
// Report as JSON on stdout, the same for the same options; how long it took on stderr.
int simulate(const SimulateOptions& options);

struct TownFiles {
    std::string directory;  // must not exist
    std::uint32_t homes = 3'000;
    std::uint64_t seed = 1;
};
int town(const TownFiles& options);

}  // namespace shoumen::app
