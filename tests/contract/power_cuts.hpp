// The life of a store whose power is cut again and again, with an account of what it acknowledged.
#pragma once
#include <cstdint>
#include <string>

#include "ports/files.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"

namespace shoumen::contract {

struct PowerCuts {
    std::uint64_t seed = 0;
    std::uint64_t cuts = 0;
    bool checkpoint_thread = false;
    // To show that the checker sees it when something is missing.
    bool sync = true;
    bool sync_folders = true;
};

struct PowerCutReport {
    std::string fault;  // the first one, in words; empty: every promise was kept
    std::uint64_t cuts = 0;
    std::uint64_t acknowledged = 0;    // commits
    std::uint64_t in_flight_kept = 0;  // not acknowledged, and there all the same: whole
    std::uint64_t in_flight_lost = 0;  // not acknowledged, and gone: whole
    std::uint64_t cut_while_opening = 0;
    std::uint64_t files_acknowledged = 0;  // snapshots and pieces of evidence
    std::uint64_t operations = 0;
};

// Random work, a cut at a random operation (while opening and closing too), power again, everything compared. A new
// disk every few dozen cuts.
PowerCutReport run_power_cuts(const PowerCuts& settings);

}  // namespace shoumen::contract
