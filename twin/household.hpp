// The days of those who live in a home with sensors: when they rise, go out, come back, nap, sleep. A day is planned at
// its midnight and gives what the sensors of motion and of the door will say. Private to room twin.
#pragma once
#include <vector>

#include "base/random.hpp"
#include "model/policy.hpp"

namespace shoumen::twin {

enum class Sensed : std::uint8_t { moving, still, door_open, door_shut };

struct Sensing {
    base::Duration at;  // since midnight; may reach into the next day
    Sensed what{};
    model::DeviceId device;
};

class Household {
public:
    Household(model::PlaceId home, std::uint64_t seed) : home_(home), random_(seed) {}

    void add_motion(model::DeviceId device) { motion_.push_back(device); }
    void add_door(model::DeviceId device) { doors_.push_back(device); }
    [[nodiscard]] model::PlaceId home() const { return home_; }

    void plan_day(std::vector<Sensing>& out);

private:
    struct Outing {
        double from = 0;  // hours
        double to = 0;
    };
    double uniform(double from, double to) { return from + (to - from) * random_.unit(); }
    double waiting(double mean);
    double about(double middle, double spread);
    void move(double hour, std::vector<Sensing>& out);
    void pass_door(double hour, std::vector<Sensing>& out);

    model::PlaceId home_;
    base::SeededRandom random_;
    std::vector<model::DeviceId> motion_;
    std::vector<model::DeviceId> doors_;
};

}  // namespace shoumen::twin
