// When a rule's schedule is open: one question a signal, answered from the stretch of time found last.
#pragma once
#include <cstdint>

#include "base/time.hpp"
#include "model/policy.hpp"

namespace shoumen::analyse {

class Hours {
public:
    explicit Hours(const model::Schedule& schedule) : schedule_(schedule) {}

    // Always of the same policy: its zone and its calendar.
    bool open(const model::Policy& policy, base::Time t);
    // The first moment at or after t at which it is open; never: not within some weeks, or of a schedule by calendar
    // not within a year.
    base::Time next_open(const model::Policy& policy, base::Time t);

private:
    // Between midnights, the schedule's own edges and changes of the zone's offset nothing opens or closes.
    struct Stretch {
        base::Time from = base::Time::never();
        base::Time to = base::Time::none();  // exclusive
        bool open = false;
        [[nodiscard]] bool holds(base::Time t) const { return from <= t && t < to; }
    };
    [[nodiscard]] Stretch around(const model::Policy& policy, base::Time t) const;
    const Stretch& at(const model::Policy& policy, base::Time t);

    model::Schedule schedule_;
    Stretch last_;
    Stretch closed_;                          // found last by next_open: nothing opens within it
    base::Time opens_ = base::Time::never();  // what comes behind it
};

}  // namespace shoumen::analyse
