// Falls from a thermal array: 4 × 4 zones on a wall that say how warm what they see is. No picture of anybody.
//
// Frames of 16 temperatures in °C, row by row from the top, 2 to 50 a second (steady.hpp). Each zone's background is
// learned as the room goes; what is warmer than it is somebody. Twice a second the last three seconds are looked at:
// where the warmth was and is, how it is spread, how it moved. Only differences from the background count, so a warm
// day is no cue. A fall is told once, then none for `quiet_s` seconds. Pure: no clock; same frames, same falls.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "detect/steady.hpp"
#include "detect/trees.hpp"
#include "detect/wrist.hpp"

namespace shoumen::detect {

inline constexpr std::size_t thermal_zones = 16;

struct ThermalFrame {
    base::Time time;
    std::array<double, thermal_zones> celsius{};
};

inline constexpr std::size_t thermal_features = 26;

struct ThermalWindow {
    base::Time end;
    std::array<double, thermal_features> features{};
};

// How much a window looks like a fall before anything is learned: how far (in zones) the warmth has sunk in it.
double sunk(const ThermalWindow& window);

class ThermalWindows {
public:
    ThermalWindows();
    // The windows that end with this frame; valid until the next call.
    std::span<const ThermalWindow> push(const ThermalFrame& frame);

    static constexpr std::size_t rate = 8;
    static constexpr std::size_t length = 24;
    static constexpr std::size_t hop = 4;

private:
    using Zones = std::array<double, thermal_zones>;
    void take(const Steady<thermal_zones>::Tick& tick);
    void learn_background(const Zones& celsius);

    Steady<thermal_zones> steady_;
    Zones background_{};
    std::array<Zones, length> ring_{};  // above the background
    std::size_t next_ = 0;
    std::size_t until_hop_ = hop;
    std::vector<ThermalWindow> out_;
};

class ThermalFalls {
public:
    explicit ThermalFalls(const Trees& model) : model_(model) {}  // the model must outlive this
    std::optional<Fall> push(const ThermalFrame& frame);

    static constexpr std::int64_t quiet_s = 30;

private:
    const Trees& model_;
    ThermalWindows windows_;
    base::Time quiet_until_ = base::Time::none();
};

}  // namespace shoumen::detect
