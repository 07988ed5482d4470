// How a device speaks when nothing is wrong: how often by day and by night, and what. None of these values raises an
// alert under the demo's rules. `clock` is the local time in hours, 0 … 24. Private to room twin.
#pragma once
#include <vector>

#include "base/random.hpp"
#include "model/policy.hpp"

#include "values.hpp"

namespace shoumen::twin {

class Voice {
public:
    // Its chance is its own: one device more changes nothing for the others. One that tells of its battery only leaves
    // it to somebody else to say whether there is smoke.
    Voice(const model::Device& device, model::PlaceUse use, std::uint64_t seed, bool battery_only = false);

    // Until it speaks the first time: devices of one kind do not speak in step.
    base::Duration first(double clock);
    base::Duration pause(double clock);
    void speak(double clock, std::vector<Line>& out);

private:
    double uniform(double from, double to) { return from + (to - from) * random_.unit(); }
    bool chance(double p) { return random_.chance(p); }
    double battery();
    void speak_door(double clock, std::vector<Line>& out);
    void speak_access(std::vector<Line>& out);
    Values bracelet(double clock);
    Values load(double clock);
    Values crowd(double clock);

    model::SignalKind kind_;
    model::PlaceUse use_;
    bool battery_only_;
    base::SeededRandom random_;
    double battery_;
};

}  // namespace shoumen::twin
