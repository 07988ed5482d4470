// What goes wrong in the demo's day. Durations are laid out for a script minute a second: see feed_script.hpp.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "stage.hpp"

namespace shoumen::twin {
namespace {

constexpr double day_begins = 6;  // o'clock of the script

using base::Duration;
using base::hours;
using base::minutes;
using base::seconds;
using model::SignalKind;

// A story, told by one of the devices that can tell it.
struct Told {
    StoryId story{};
    Duration at;
    Duration lasts;
    std::size_t nth = 0;  // which of the devices cast: another number, another device
    const char* what = "";
};

std::vector<Told> scenes() {
    return {
        // The beginning: whoever opens the page sees something at once.
        {StoryId::elder_sos, seconds(4), minutes(26)},
        {StoryId::falling_object, seconds(8), minutes(4)},
        {StoryId::overload, minutes(15), minutes(52)},
        {StoryId::gas_leak, minutes(34), minutes(61)},
        {StoryId::lift_trapped, minutes(76), minutes(80)},
        {StoryId::entrance_tried, minutes(112), minutes(60)},
        {StoryId::child_leaves, minutes(150), minutes(52)},
        {StoryId::flat_battery, minutes(195), seconds(0), 3},
        {StoryId::fight, minutes(240), minutes(10)},
        {StoryId::power_cut, minutes(300), minutes(85), 1},
        {StoryId::falling_object, minutes(365), minutes(4), 0, "again an object from the same tower"},
        {StoryId::person_fallen, minutes(440), minutes(22)},
        {StoryId::flood, minutes(510), minutes(300)},
        {StoryId::falling_object, minutes(550), minutes(4), 0, "a third object from the same tower: a habit"},
        {StoryId::elder_fall, minutes(620), minutes(30), 1},
        {StoryId::crowd, minutes(700), minutes(152)},
        {StoryId::call_button, minutes(790), minutes(12)},
        {StoryId::elder_heart, minutes(860), minutes(76), 2},
        {StoryId::entrance_open, minutes(960), minutes(205), 1},
        {StoryId::steam, minutes(1110), minutes(25), 1},

        // These alert only when it is night on the server's clock as well; nothing is done to make it so.
        {StoryId::crowd_at_night, minutes(970), minutes(102), 1},
        {StoryId::plant_room_open, minutes(1205), minutes(78)},
        {StoryId::intruder, minutes(1260), minutes(20)},

        // Near misses: no rule may speak.
        {StoryId::pot_boils_over, minutes(400), minutes(8), 1},
        {StoryId::child_at_border, minutes(590), minutes(10), 1},
    };
}

constexpr std::int64_t pace = 60;  // script seconds of a second of the story

void play(Stage& stage, const Told& scene, const std::vector<Actor*>& cast) {
    const Story& s = story(scene.story);
    std::vector<Actor*> able;
    std::ranges::copy_if(cast, std::back_inserter(able),
                         [&](const Actor* a) { return fits(s, stage.policy(), a->id); });
    if (able.empty()) return;
    const Actor& actor = *able[scene.nth % able.size()];
    stage.hold(actor, scene.at, scene.at + scene.lasts);
    stage.note(std::string(*scene.what != 0 ? scene.what : s.what), std::string(s.by_night ? "" : s.incident), actor,
               scene.at);
    Duration last{};
    for (const Line& line : s.opening) {
        last = line.after * pace;
        if (last >= scene.lasts && last > Duration{}) break;
        stage.say(actor, scene.at + last, line.values);
        // Where it matters most, a gateway that saw no acknowledgement in time says it again.
        if (last == Duration{} && (s.kind == SignalKind::gas || s.kind == SignalKind::one_key))
            stage.repeat_last(seconds(20));
    }
    if (scene.lasts == Duration{}) return;
    for (Duration after = last + s.every * pace; s.every > Duration{} && after < scene.lasts;
         after = after + s.every * pace)
        stage.say(actor, scene.at + after, s.again);
    if (!s.closing.empty()) stage.say(actor, scene.at + scene.lasts, s.closing);
}

// The same rack again and again: people are sent twice and find nothing, then the desk looks at the picture first, and
// before the day is over it is quiet. What goes before takes them the time to go there.
void play_rack(Stage& stage, const std::vector<Actor*>& cast) {
    Told flutter{StoryId::roof_rack, seconds(10), minutes(9)};
    for (int n = 0; flutter.at + flutter.lasts < hours(24); ++n) {
        play(stage, flutter, cast);
        flutter.at = flutter.at + (n < 2 ? minutes(270) : minutes(60));
    }
}

// The stairwell with the most smoke alarms, homes first: that is where the kitchen burns.
std::vector<Actor*> smoke_alarms_of_one_stairwell(Stage& stage, const std::vector<Actor*>& alarms) {
    std::map<std::uint32_t, std::vector<Actor*>> by_unit;
    for (Actor* a : alarms) by_unit[stage.policy().ancestor(a->place, model::PlaceLevel::unit).value].push_back(a);
    std::vector<Actor*> most;
    for (auto& [unit, there] : by_unit) {
        if (there.size() > most.size()) most = there;
    }
    std::ranges::sort(most, {}, [&](const Actor* a) {
        const bool at_home = stage.policy().places[a->place.value].level == model::PlaceLevel::home;
        return std::pair(!at_home, std::string_view(a->code));
    });
    return most;
}

void play_kitchen_fire(Stage& stage, const std::vector<Actor*>& alarms) {
    Duration at = seconds(1);
    const Duration over = minutes(75);
    for (Actor* a : alarms) {
        if (at == seconds(1)) stage.note(std::string(story(StoryId::kitchen_fire).what), "fire", *a, at);
        stage.hold(*a, seconds(0), over);
        stage.say(*a, at, {{"smoke", true}, {"battery", 91.0}});
        if (at == seconds(1)) stage.repeat_last(seconds(5));  // its gateway saw no acknowledgement in time
        stage.say(*a, over, {{"smoke", false}, {"battery", 91.0}});
        at = at + minutes(3);
    }
}

// An elder does not get up: no sensor of the home says anything until well into the evening. It takes 12 hours on the
// server's clock to alert.
void play_silent_home(Stage& stage, const std::vector<Actor*>& motion) {
    if (motion.empty()) return;
    const auto home_of = [&](const Actor& a) { return stage.policy().ancestor(a.place, model::PlaceLevel::home); };
    const auto home = home_of(*motion.front());
    for (Actor& a : stage.actors()) {
        if ((a.kind == SignalKind::motion || a.kind == SignalKind::door_contact) && home_of(a) == home)
            stage.hold(a, seconds(0), minutes(770));
    }
    stage.note(std::string(story(StoryId::elder_silent).what), "", *motion.front(), seconds(0));
}

void play_broken_payloads(Stage& stage) {
    auto smoke = stage.cast(SignalKind::smoke);
    auto gas = stage.cast(SignalKind::gas);
    if (smoke.empty() || gas.empty()) return;
    const Actor& s = *smoke.front();
    const Actor& g = *gas.front();
    stage.say_raw(g, seconds(12),
                  fmt::format(R"({{"id":"b1","device":"{}","kind":"gas","values":{{"gas":fal)", g.code));
    Actor stranger = s;
    stranger.code = "smoke-gh-9-999";  // nobody has entered it in devices.yaml
    stage.say_raw(stranger, minutes(10),
                  R"({"id":"b2","device":"smoke-gh-9-999","kind":"smoke","values":{"smoke":true}})");
    stage.say_raw(s, minutes(55),
                  fmt::format(R"({{"id":"b3","device":"{}","kind":"smoke","values":{{"note":")"
                              "\xb2\xe2\xca\xd4"  // GBK
                              R"("}}}})",
                              s.code));
    stage.say_raw(
        g, minutes(260),
        fmt::format(R"({{"id":"b4","device":"{0}","device":"{0}","kind":"gas","values":{{"lel":1}}}})", g.code));
    stage.say_raw(g, minutes(520),
                  fmt::format(R"({{"id":"b5","device":"{}","kind":"gas","values":{{"lel":NaN}}}})", g.code));
    stage.say_raw(
        s, minutes(830),
        fmt::format(R"({{"id":"b6","device":"{}","kind":"smoke","time":"08:00","values":{{"smoke":false}}}})", s.code));
    stage.say_raw(s, minutes(1180),
                  fmt::format(R"({{"id":"b7","device":"{}","kind":"gas","values":{{"gas":false}}}})", s.code));
}

void play_clocks(Stage& stage, const std::vector<Actor*>& gas, const std::vector<Actor*>& motion) {
    // One has lost its clock for the whole day: receipt counts, and the device is flagged.
    if (gas.size() > 2) stage.misdate(*gas[2], Stamp::wrong_clock);
    // One line was cut; what comes afterwards is history.
    if (motion.size() > 1) {
        for (int i = 0; i < 4; ++i)
            stage.say(*motion[1], minutes(470) + seconds(i), {{"occupancy", i % 2 == 0}}).stamp = Stamp::old;
    }
}

// A day's worth of what a device says when nothing is wrong.
void play_voice(Stage& stage, const Actor& actor) {
    const model::Policy& policy = stage.policy();
    Voice voice(policy.devices[actor.id.value], policy.places[actor.place.value].use, stage.seed(),
                stage.is_users(actor));
    const auto clock = [](Duration at) { return std::fmod(day_begins + static_cast<double>(at.us) / 3.6e9, 24.0); };
    std::vector<Line> said;
    for (Duration at = voice.first(clock({})); at < hours(24); at = at + voice.pause(clock(at))) {
        if (stage.is_held(actor, at)) continue;
        said.clear();
        voice.speak(clock(at), said);
        // What follows a moment later, as a door that falls shut, may not come into a scene.
        for (const Line& line : said) {
            if (!stage.is_held(actor, at + line.after)) stage.say(actor, at + line.after, line.values);
        }
    }
}

}  // namespace

void play_voices(Stage& stage) {
    for (const Actor& actor : stage.actors()) play_voice(stage, actor);
}

void play_scenes(Stage& stage) {
    std::map<SignalKind, std::vector<Actor*>> casts;
    for (std::size_t k = 0; k < model::signal_kind_count; ++k) {
        const auto kind = static_cast<SignalKind>(k);
        casts[kind] = stage.cast(kind);
    }
    auto& smoke = casts[SignalKind::smoke];
    const auto burning = smoke_alarms_of_one_stairwell(stage, smoke);
    play_kitchen_fire(stage, burning);
    std::erase_if(smoke, [&](Actor* a) { return std::ranges::find(burning, a) != burning.end(); });
    play_silent_home(stage, casts[SignalKind::motion]);
    for (const Told& scene : scenes()) play(stage, scene, casts[story(scene.story).kind]);
    play_rack(stage, casts[SignalKind::resident_camera]);
    play_broken_payloads(stage);
    play_clocks(stage, casts[SignalKind::gas], casts[SignalKind::motion]);
}

}  // namespace shoumen::twin
