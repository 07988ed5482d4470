// A node's life under power cuts, and an account of what it promised, kept by the test on its own.
#pragma once
#include <cstdint>
#include <string>

namespace shoumen::powercut {

struct Report {
    std::uint64_t cuts = 0;
    std::uint64_t signals_acknowledged = 0;
    std::uint64_t commands_acknowledged = 0;
    std::uint64_t quarantined_acknowledged = 0;
    std::uint64_t incidents = 0;
    std::uint64_t snapshots_used = 0;
};

struct Settings {
    std::uint64_t seed = 1;
    std::uint64_t cuts = 10;
    bool sync = true;  // false: to see the checker find what is lost
};

// Runs lives of a node until so many cuts have been made; between them devices speak, repeat themselves and send
// rubbish, people act, time goes by. After each cut everything promised is looked for. Returns the first broken
// promise, or an empty string.
std::string live_through(const Settings& settings, Report& report);

}  // namespace shoumen::powercut
