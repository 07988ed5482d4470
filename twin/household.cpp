#include "household.hpp"

#include <cmath>

namespace shoumen::twin {
namespace {

base::Duration of_hours(double h) { return {static_cast<std::int64_t>(h * 3.6e9)}; }

constexpr double minute = 1.0 / 60;

}  // namespace

double Household::waiting(double mean) { return -mean * std::log(1 - random_.unit()); }

// The sum of three draws is near enough to a bell.
double Household::about(double middle, double spread) {
    return middle + spread * 2 * (random_.unit() + random_.unit() + random_.unit() - 1.5);
}

void Household::move(double hour, std::vector<Sensing>& out) {
    if (motion_.empty()) return;
    const model::DeviceId device = motion_[random_.below(motion_.size())];
    out.push_back({of_hours(hour), Sensed::moving, device});
    out.push_back({of_hours(hour + 1.5 * minute), Sensed::still, device});
}

void Household::pass_door(double hour, std::vector<Sensing>& out) {
    for (const model::DeviceId door : doors_) {
        out.push_back({of_hours(hour), Sensed::door_open, door});
        out.push_back({of_hours(hour + uniform(8, 40) / 3600), Sensed::door_shut, door});
    }
}

void Household::plan_day(std::vector<Sensing>& out) {
    const double rises = about(6.6, 0.5);
    const double sleeps = about(22.2, 0.5);
    std::vector<Outing> outings;
    double free_from = rises + 1;
    for (int i = 0; i < 2; ++i) {
        if (!random_.chance(0.6)) continue;
        const double from = uniform(free_from, free_from + 4);
        const double to = from + uniform(0.5, 2.5);
        if (to > sleeps - 1.5) break;
        outings.push_back({from, to});
        free_from = to + 0.5;
    }

    if (random_.chance(0.6)) move(uniform(1.5, 4.5), out);  // once in the night
    auto outing = outings.begin();
    for (double hour = rises; hour < sleeps;) {
        if (outing != outings.end() && hour >= outing->from) {
            pass_door(outing->from, out);
            pass_door(outing->to, out);
            hour = outing->to + 2 * minute;
            ++outing;
            continue;
        }
        move(hour, out);
        const bool naps = hour > 12.8 && hour < 14.3;
        hour += 2 * minute + waiting((naps ? 35 : 7) * minute);
    }
}

}  // namespace shoumen::twin
