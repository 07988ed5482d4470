#include "voice.hpp"

#include <algorithm>
#include <cmath>

#include "base/hash.hpp"

namespace shoumen::twin {
namespace {

using base::Duration;
using base::hours;
using base::minutes;
using base::seconds;
using model::SignalKind;

bool between(double clock, double from, double to) {
    return from <= to ? clock >= from && clock < to : clock >= from || clock < to;
}
// 0 by night, 1 by day, with a soft morning and evening.
double daylight(double clock) { return std::clamp(std::min(clock - 5.5, 23.0 - clock), 0.0, 1.0); }

double hundredths(double v) { return std::round(v * 100) / 100; }

Duration scaled(Duration d, double by) {
    return {std::max<std::int64_t>(1'000'000, static_cast<std::int64_t>(static_cast<double>(d.us) * by))};
}

Duration usual_pause(SignalKind kind, bool day) {
    switch (kind) {
        case SignalKind::motion:
            return day ? minutes(12) : minutes(95);
        case SignalKind::elder_bracelet:
            return day ? minutes(8) : minutes(20);
        case SignalKind::child_bracelet:
            return day ? minutes(15) : minutes(90);
        case SignalKind::door_access:
            return day ? minutes(14) : minutes(150);
        case SignalKind::door_contact:
            return day ? minutes(110) : hours(9);
        case SignalKind::ebike_overload:
            return minutes(15);
        case SignalKind::gathering:
            return day ? minutes(20) : hours(2);
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
            return day ? minutes(30) : hours(3);
        case SignalKind::gas:
            return minutes(40);
        case SignalKind::water_level:
            return minutes(45);
        case SignalKind::ebike_power_cut:
        case SignalKind::link:
            return hours(1);
        case SignalKind::smoke:
        case SignalKind::one_key:
            return hours(4);
        case SignalKind::falling_object:
        case SignalKind::resident_camera:
            return hours(2);
        case SignalKind::platform:
            break;
    }
    return hours(1);
}

}  // namespace

Voice::Voice(const model::Device& device, model::PlaceUse use, std::uint64_t seed, bool battery_only)
    : kind_(device.kind), use_(use), battery_only_(battery_only), random_(seed ^ base::fast_hash(device.code)) {
    battery_ = 62 + uniform(0, 38);
}

Duration Voice::first(double clock) { return scaled(usual_pause(kind_, daylight(clock) > 0.5), uniform(0, 1)); }

Duration Voice::pause(double clock) { return scaled(usual_pause(kind_, daylight(clock) > 0.5), uniform(0.8, 1.2)); }

double Voice::battery() { return std::floor(battery_ = std::max(40.0, battery_ - 0.02)); }

void Voice::speak(double clock, std::vector<Line>& out) {
    const auto say = [&](const Values& values) { out.push_back({{}, values}); };
    switch (kind_) {
        case SignalKind::smoke:
            if (battery_only_) return say({{"battery", battery()}});
            return say({{"smoke", false}, {"battery", battery()}});
        case SignalKind::gas: {
            const bool cooking = between(clock, 11, 13) || between(clock, 17, 20);
            return say({{"gas", false}, {"lel", hundredths(cooking ? uniform(1, 4.5) : uniform(0, 1.5))}});
        }
        case SignalKind::motion:
            say({{"occupancy", true}, {"battery", battery()}});
            return out.push_back({minutes(2), {{"occupancy", false}}});
        case SignalKind::door_contact:
            return speak_door(clock, out);
        case SignalKind::door_access:
            return speak_access(out);
        case SignalKind::elder_bracelet:
            return say(bracelet(clock));
        case SignalKind::child_bracelet:
            return say({{"sos", false}, {"left_area", false}, {"battery", battery()}});
        case SignalKind::one_key:
            if (use_ == model::PlaceUse::lift) return say({{"trapped", false}});
            return say({{"pressed", false}, {"battery", battery()}});
        case SignalKind::ebike_overload:
            return say(load(clock));
        case SignalKind::ebike_power_cut:
            return say({{"power", true}});
        case SignalKind::link:
            return say({{"online", true}});
        case SignalKind::water_level:
            return say({{"level_cm", hundredths(uniform(0, 3))}});
        case SignalKind::gathering:
            return say(crowd(clock));
        case SignalKind::falling_object:
            return say({{"detected", false}});
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
            return say({{"score", hundredths(chance(0.06) ? uniform(0.45, 0.68) : uniform(0, 0.2))}});
        // The family is away; the camera sees the curtain.
        case SignalKind::resident_camera:
            return say({{"person", false}, {"motion", chance(0.2)}});
        case SignalKind::platform:  // speaks for itself
            return;
    }
}

void Voice::speak_door(double clock, std::vector<Line>& out) {
    if (use_ == model::PlaceUse::home) {
        out.push_back({{}, {{"contact", false}}});
        return out.push_back(
            {seconds(static_cast<std::int64_t>(uniform(8, 40))), {{"contact", true}, {"battery", battery()}}});
    }
    // Plant rooms stand open by day while somebody works there.
    if (!between(clock, 9, 16)) return out.push_back({{}, {{"contact", true}, {"battery", battery()}}});
    out.push_back({{}, {{"contact", false}}});
    out.push_back({minutes(25), {{"contact", true}}});
}

void Voice::speak_access(std::vector<Line>& out) {
    if (chance(0.04)) return out.push_back({{}, {{"result", std::string_view("denied")}}});
    out.push_back({{}, {{"result", std::string_view("granted")}}});
    if (chance(0.2)) out.push_back({minutes(1), {{"held_open", false}}});
}

Values Voice::bracelet(double clock) {
    const double rate = between(clock, 6, 22) ? uniform(64, 92) : uniform(52, 64);
    return {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", std::floor(rate)}, {"battery", battery()}};
}

Values Voice::load(double clock) {
    const bool evening = between(clock, 18, 24);
    const double watts = evening ? uniform(280, 640) : between(clock, 0, 6) ? uniform(60, 240) : uniform(0, 180);
    return {{"watts", std::floor(watts)}};
}

Values Voice::crowd(double clock) {
    const double most = between(clock, 18.5, 21) ? 14 : between(clock, 7, 9) ? 11 : 7;
    return {{"count", std::floor(uniform(0, most * daylight(clock) + 1))}};
}

}  // namespace shoumen::twin
