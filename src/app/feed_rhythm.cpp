// How each kind of device speaks when nothing is wrong. None of these values raises an alert under the demo's rules.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "feed_stage.hpp"

namespace shoumen::app {
namespace {

using base::Duration;
using base::hours;
using base::minutes;
using base::seconds;
using model::SignalKind;

constexpr double day_begins = 6;  // o'clock of the script

double clock_at(Duration at) { return std::fmod(day_begins + static_cast<double>(at.us) / 3.6e9, 24.0); }
bool between(double clock, double from, double to) {
    return from <= to ? clock >= from && clock < to : clock >= from || clock < to;
}
// 0 by night, 1 by day, with a soft morning and evening.
double daylight(double clock) { return std::clamp(std::min(clock - 5.5, 23.0 - clock), 0.0, 1.0); }

std::string number(double v) { return fmt::format("{:g}", std::round(v * 100) / 100); }

class Rhythm {
public:
    Rhythm(Stage& stage, Actor& actor) : stage_(stage), actor_(actor) { battery_ = 62 + uniform(0, 38); }

    void play() {
        // Devices of one kind do not speak in step.
        Duration at = scaled(pause(seconds(0)), uniform(0, 1));
        while (at < hours(24)) {
            if (!stage_.is_held(actor_, at)) speak(at);
            at = at + scaled(pause(at), uniform(0.8, 1.2));
        }
    }

private:
    static Duration scaled(Duration d, double by) {
        return {std::max<std::int64_t>(1'000'000, static_cast<std::int64_t>(static_cast<double>(d.us) * by))};
    }
    double uniform(double from, double to) { return from + (to - from) * actor_.random.unit(); }
    bool chance(double p) { return actor_.random.chance(p); }
    void say(Duration at, std::initializer_list<std::pair<std::string_view, std::string>> values) {
        stage_.say(actor_, at, json_of(values));
    }
    // What follows a moment later: a door that falls shut. Not into a scene.
    void then(Duration at, Duration after, std::initializer_list<std::pair<std::string_view, std::string>> values) {
        if (!stage_.is_held(actor_, at + after)) say(at + after, values);
    }
    std::string battery() {
        battery_ -= 0.02;
        return number(std::floor(battery_));
    }
    [[nodiscard]] model::PlaceUse use() const { return stage_.policy().places[actor_.place.value].use; }

    Duration pause(Duration at);
    void speak(Duration at);
    void speak_door(Duration at);
    void speak_access(Duration at);
    void speak_bracelet(Duration at);
    void speak_load(Duration at);
    void speak_crowd(Duration at);

    Stage& stage_;
    Actor& actor_;
    double battery_;
};

// Until it speaks again.
Duration Rhythm::pause(Duration at) {
    const double day = daylight(clock_at(at));
    switch (actor_.kind) {
        case SignalKind::motion:
            return day > 0.5 ? minutes(12) : minutes(95);
        case SignalKind::elder_bracelet:
            return day > 0.5 ? minutes(8) : minutes(20);
        case SignalKind::child_bracelet:
            return day > 0.5 ? minutes(15) : minutes(90);
        case SignalKind::door_access:
            return day > 0.5 ? minutes(14) : minutes(150);
        case SignalKind::door_contact:
            return day > 0.5 ? minutes(110) : hours(9);
        case SignalKind::ebike_overload:
            return minutes(15);
        case SignalKind::gathering:
            return day > 0.5 ? minutes(20) : hours(2);
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
            return day > 0.5 ? minutes(30) : hours(3);
        case SignalKind::gas:
            return minutes(40);
        case SignalKind::water_level:
            return minutes(45);
        case SignalKind::ebike_power_cut:
            return hours(1);
        case SignalKind::smoke:
        case SignalKind::one_key:
            return hours(4);
        case SignalKind::falling_object:
        case SignalKind::resident_camera:
            return hours(2);
    }
    return hours(1);
}

void Rhythm::speak(Duration at) {
    switch (actor_.kind) {
        // The user's alarm tells of its battery only: whether there is smoke is the user's to say.
        case SignalKind::smoke:
            if (stage_.is_users(actor_)) return say(at, {{"battery", battery()}});
            return say(at, {{"smoke", "false"}, {"battery", battery()}});
        case SignalKind::gas: {
            const double clock = clock_at(at);
            const bool cooking = between(clock, 6.5, 8) || between(clock, 11, 12.5) || between(clock, 17, 19);
            return say(at, {{"gas", "false"}, {"lel", number(cooking ? uniform(1, 4.5) : uniform(0, 1.5))}});
        }
        case SignalKind::motion:
            say(at, {{"occupancy", "true"}, {"battery", battery()}});
            return then(at, minutes(2), {{"occupancy", "false"}});
        case SignalKind::door_contact:
            return speak_door(at);
        case SignalKind::door_access:
            return speak_access(at);
        case SignalKind::elder_bracelet:
            return speak_bracelet(at);
        case SignalKind::child_bracelet:
            return say(at, {{"sos", "false"}, {"left_area", "false"}, {"battery", battery()}});
        case SignalKind::one_key:
            if (use() == model::PlaceUse::lift) return say(at, {{"trapped", "false"}});
            return say(at, {{"pressed", "false"}, {"battery", battery()}});
        case SignalKind::ebike_overload:
            return speak_load(at);
        case SignalKind::ebike_power_cut:
            return say(at, {{"power", "true"}});
        case SignalKind::water_level:
            return say(at, {{"level_cm", number(uniform(0, 3))}});
        case SignalKind::gathering:
            return speak_crowd(at);
        case SignalKind::falling_object:
            return say(at, {{"detected", "false"}});
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
            return say(at, {{"score", number(chance(0.06) ? uniform(0.45, 0.68) : uniform(0, 0.2))}});
        // The family is away; the camera sees the curtain.
        case SignalKind::resident_camera:
            return say(at, {{"person", "false"}, {"motion", yes_no(chance(0.2))}});
    }
}

void Rhythm::speak_door(Duration at) {
    const double clock = clock_at(at);
    if (use() == model::PlaceUse::home) {
        say(at, {{"contact", "false"}});
        return then(at, seconds(static_cast<std::int64_t>(uniform(8, 40))),
                    {{"contact", "true"}, {"battery", battery()}});
    }
    // Plant rooms stand open by day while somebody works there.
    if (!between(clock, 9, 16)) return say(at, {{"contact", "true"}, {"battery", battery()}});
    say(at, {{"contact", "false"}});
    then(at, minutes(25), {{"contact", "true"}});
}

void Rhythm::speak_access(Duration at) {
    if (chance(0.04)) return say(at, {{"result", "\"denied\""}});
    say(at, {{"result", "\"granted\""}});
    if (chance(0.2)) then(at, minutes(1), {{"held_open", "false"}});
}

void Rhythm::speak_bracelet(Duration at) {
    const bool awake = between(clock_at(at), 6, 22);
    const double rate = awake ? uniform(64, 92) : uniform(52, 64);
    say(at, {{"sos", "false"},
             {"fall", "false"},
             {"worn", "true"},
             {"heart_rate", number(std::floor(rate))},
             {"battery", battery()}});
}

void Rhythm::speak_load(Duration at) {
    const double clock = clock_at(at);
    const bool evening = between(clock, 18, 24);
    const double watts = evening ? uniform(280, 640) : between(clock, 0, 6) ? uniform(60, 240) : uniform(0, 180);
    say(at, {{"watts", number(std::floor(watts))}});
}

void Rhythm::speak_crowd(Duration at) {
    const double clock = clock_at(at);
    const double most = between(clock, 18.5, 21) ? 14 : between(clock, 7, 9) ? 11 : 7;
    say(at, {{"count", number(std::floor(uniform(0, most * daylight(clock) + 1)))}});
}

}  // namespace

void play_rhythms(Stage& stage) {
    for (auto& actor : stage.actors()) Rhythm(stage, actor).play();
}

}  // namespace shoumen::app
