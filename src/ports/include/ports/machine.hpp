// The seam to the machine the program runs on: what can be measured of it. Quick, and without waiting; what cannot be
// read on a machine is said to be unknown, never guessed. One thread.
#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace shoumen::ports {

struct DiskSpace {
    std::uint64_t free_bytes = 0;  // for this program, reserves left out
    std::uint64_t total_bytes = 0;
};

class Machine {
public:
    virtual ~Machine() = default;
    // Of the disk that holds the data directory.
    [[nodiscard]] virtual std::optional<DiskSpace> disk() const = 0;
    // What the database and the snapshots take.
    [[nodiscard]] virtual std::optional<std::uint64_t> store_bytes() const = 0;
    [[nodiscard]] virtual std::optional<std::uint64_t> memory_bytes() const = 0;
    // Time that nobody sets, from any beginning, at the pace of Clock::now(): where the two part, the clock was set.
    [[nodiscard]] virtual base::Duration steady() const = 0;
    // Whether the system's clock follows a time server.
    [[nodiscard]] virtual std::optional<bool> clock_synchronised() const = 0;
};

}  // namespace shoumen::ports
