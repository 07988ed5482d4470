// How long each kind of data is kept, and what the last sweep took, for whoever asks. Times UTC.
#pragma once
#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "model/retention.hpp"

namespace shoumen::ports {

struct RetentionState {
    struct Kind {
        base::Duration span;
        base::Time oldest = base::Time::never();  // of what is there; never: nothing
        std::uint64_t gone = 0;                   // with the last sweep
    };
    std::array<Kind, model::kept_count> kinds;  // by model::Kept
    base::Time swept = base::Time::none();
    base::Time next;
};

}  // namespace shoumen::ports
