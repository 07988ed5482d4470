// The seam to time. The only place where the program learns what time it is.
#pragma once
#include "base/time.hpp"

namespace shoumen::ports {

class Clock {
public:
    virtual ~Clock() = default;
    // Thread-safe. May step backwards (clock set back); callers that number inputs keep receive times from falling
    // themselves.
    [[nodiscard]] virtual base::Time now() const = 0;
    // Real time until this clock shows t (zero if past): for waiting. A scaled clock answers less than t - now().
    [[nodiscard]] virtual base::Duration real_until(base::Time t) const = 0;
};

}  // namespace shoumen::ports
