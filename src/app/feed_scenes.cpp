// What goes wrong in the demo's day. Durations are laid out for a script minute a second: see feed_script.hpp.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "feed_stage.hpp"

namespace shoumen::app {
namespace {

using base::Duration;
using base::hours;
using base::minutes;
using base::seconds;
using model::SignalKind;

struct Line {
    Duration after;
    const char* values;
};

// One device says a few things that belong together; the last line ends it.
struct Episode {
    Duration at;
    SignalKind kind;
    const char* what;
    const char* incident;
    std::vector<Line> lines;
    std::size_t nth = 0;  // which of the devices cast: another number, another device
    bool lift = false;    // of call buttons: the panel of a lift
};

std::vector<Episode> episodes() {
    return {
        // The beginning: whoever opens the page sees something at once.
        {seconds(4),
         SignalKind::elder_bracelet,
         "an elder calls for help",
         "sos",
         {{seconds(0), R"({"sos":true,"fall":false,"worn":true,"heart_rate":112})"},
          {minutes(26), R"({"sos":false,"fall":false,"worn":true,"heart_rate":84})"}}},
        {seconds(8),
         SignalKind::falling_object,
         "an object thrown from a height",
         "falling_object",
         {{seconds(0), R"({"detected":true})"}, {minutes(4), R"({"detected":false})"}}},
        {minutes(15),
         SignalKind::ebike_overload,
         "a charging shed overloaded",
         "ebike_overload",
         {{seconds(0), R"({"watts":780})"},
          {minutes(3), R"({"watts":940})"},
          {minutes(14), R"({"watts":1015})"},
          {minutes(31), R"({"watts":985})"},
          {minutes(52), R"({"watts":310})"}}},
        {minutes(34),
         SignalKind::gas,
         "a gas leak",
         "gas_leak",
         {{seconds(0), R"({"gas":false,"lel":12})"},
          {minutes(5), R"({"gas":false,"lel":17})"},
          {minutes(9), R"({"gas":true,"lel":24})"},
          {minutes(22), R"({"gas":true,"lel":31})"},
          {minutes(61), R"({"gas":false,"lel":2})"}}},
        {minutes(76),
         SignalKind::one_key,
         "people trapped in a lift",
         "lift_trapped",
         {{seconds(0), R"({"trapped":true})"}, {minutes(80), R"({"trapped":false})"}},
         0,
         true},
        {minutes(112),
         SignalKind::door_access,
         "an entrance tried again and again",
         "intrusion",
         {{seconds(0), R"({"result":"denied"})"},
          {minutes(7), R"({"result":"denied"})"},
          {minutes(13), R"({"result":"denied"})"},
          {minutes(21), R"({"result":"denied"})"},
          {minutes(26), R"({"result":"denied"})"},
          {minutes(33), R"({"result":"denied"})"},
          {minutes(60), R"({"result":"granted"})"}}},
        {minutes(150),
         SignalKind::child_bracelet,
         "a child leaves the safe area",
         "child_left_area",
         {{seconds(0), R"({"sos":false,"left_area":true})"},
          {minutes(20), R"({"sos":false,"left_area":true})"},
          {minutes(52), R"({"sos":false,"left_area":false})"}}},
        {minutes(195),
         SignalKind::smoke,
         "a smoke alarm’s battery runs low",
         "device_fault",
         {{seconds(0), R"({"smoke":false,"battery":13})"}},
         3},
        {minutes(240),
         SignalKind::camera_fight,
         "a fight",
         "fight",
         {{seconds(0), R"({"score":0.62})"},
          {minutes(1), R"({"score":0.91})"},
          {minutes(3), R"({"score":0.94})"},
          {minutes(6), R"({"score":0.87})"},
          {minutes(10), R"({"score":0.2})"}}},
        {minutes(300),
         SignalKind::ebike_power_cut,
         "a charging shed without power",
         "ebike_power_cut",
         {{seconds(0), R"({"power":false})"}, {minutes(85), R"({"power":true})"}},
         1},
        {minutes(365),
         SignalKind::falling_object,
         "again an object from the same tower",
         "falling_object",
         {{seconds(0), R"({"detected":true})"}, {minutes(4), R"({"detected":false})"}}},
        {minutes(440),
         SignalKind::camera_fall,
         "a person falls in the square",
         "person_fallen",
         {{seconds(0), R"({"score":0.9})"},
          {minutes(6), R"({"score":0.93})"},
          {minutes(13), R"({"score":0.95})"},
          {minutes(22), R"({"score":0.1})"}}},
        {minutes(510),
         SignalKind::water_level,
         "water rises",
         "flood",
         {{seconds(0), R"({"level_cm":6})"},
          {minutes(20), R"({"level_cm":12})"},
          {minutes(60), R"({"level_cm":17})"},
          {minutes(110), R"({"level_cm":26})"},
          {minutes(150), R"({"level_cm":33})"},
          {minutes(180), R"({"level_cm":35})"},
          {minutes(240), R"({"level_cm":18})"},
          {minutes(300), R"({"level_cm":2})"}}},
        {minutes(550),
         SignalKind::falling_object,
         "a third object from the same tower: a habit",
         "falling_object",
         {{seconds(0), R"({"detected":true})"}, {minutes(4), R"({"detected":false})"}}},
        {minutes(620),
         SignalKind::elder_bracelet,
         "an elder falls",
         "person_fallen",
         {{seconds(0), R"({"sos":false,"fall":true,"worn":true,"heart_rate":98})"},
          {minutes(30), R"({"sos":false,"fall":false,"worn":true,"heart_rate":86})"}},
         1},
        {minutes(700),
         SignalKind::gathering,
         "a crowd in the evening",
         "gathering",
         {{seconds(0), R"({"count":34})"},
          {minutes(30), R"({"count":38})"},
          {minutes(75), R"({"count":41})"},
          {minutes(120), R"({"count":33})"},
          {minutes(152), R"({"count":12})"}}},
        {minutes(790),
         SignalKind::one_key,
         "a call button is pressed",
         "sos",
         {{seconds(0), R"({"pressed":true})"}, {minutes(12), R"({"pressed":false})"}}},
        {minutes(860),
         SignalKind::elder_bracelet,
         "an elder’s heart races",
         "medical",
         {{seconds(0), R"({"sos":false,"fall":false,"worn":true,"heart_rate":134})"},
          {minutes(20), R"({"sos":false,"fall":false,"worn":true,"heart_rate":139})"},
          {minutes(45), R"({"sos":false,"fall":false,"worn":true,"heart_rate":132})"},
          {minutes(76), R"({"sos":false,"fall":false,"worn":true,"heart_rate":95})"}},
         2},
        {minutes(960),
         SignalKind::door_access,
         "an entrance stands open",
         "hazard",
         {{seconds(0), R"({"result":"granted","held_open":true})"}, {minutes(205), R"({"held_open":false})"}},
         1},
        {minutes(1110),
         SignalKind::smoke,
         "steam, perhaps: one smoke alarm alone",
         "fire",
         {{seconds(0), R"({"smoke":true,"battery":88})"}, {minutes(25), R"({"smoke":false,"battery":88})"}},
         1},

        // These alert only when it is night on the server's clock as well; nothing is done to make it so.
        {minutes(970),
         SignalKind::gathering,
         "a crowd at night",
         "",
         {{seconds(0), R"({"count":19})"},
          {minutes(35), R"({"count":23})"},
          {minutes(70), R"({"count":21})"},
          {minutes(102), R"({"count":5})"}},
         1},
        {minutes(1205),
         SignalKind::door_contact,
         "a plant room stands open at night",
         "",
         {{seconds(0), R"({"contact":false})"}, {minutes(78), R"({"contact":true})"}}},
        {minutes(1260),
         SignalKind::resident_camera,
         "somebody in an empty home",
         "",
         {{seconds(0), R"({"person":true,"motion":true})"}, {minutes(20), R"({"person":false,"motion":false})"}}},

        // Near misses: no rule may speak.
        {minutes(400),
         SignalKind::gas,
         "a pot boils over: gas rises for a moment",
         "",
         {{seconds(0), R"({"gas":false,"lel":11})"}, {minutes(8), R"({"gas":false,"lel":2})"}},
         1},
        {minutes(590),
         SignalKind::child_bracelet,
         "a step over the border and back",
         "",
         {{seconds(0), R"({"sos":false,"left_area":true})"}, {minutes(10), R"({"sos":false,"left_area":false})"}},
         1},
    };
}

// Which of the devices of a kind may take a part.
bool fits(const Stage& stage, const Actor& actor, const Episode& e) {
    const auto use = stage.policy().places[actor.place.value].use;
    if (e.kind == SignalKind::one_key) return (use == model::PlaceUse::lift) == e.lift;
    if (e.kind == SignalKind::door_contact) return use == model::PlaceUse::facility;
    return true;
}

void play(Stage& stage, const Episode& e, const std::vector<Actor*>& cast) {
    std::vector<Actor*> able;
    std::ranges::copy_if(cast, std::back_inserter(able), [&](const Actor* a) { return fits(stage, *a, e); });
    if (able.empty()) return;
    Actor& actor = *able[e.nth % able.size()];
    stage.hold(actor, e.at, e.at + e.lines.back().after);
    stage.note(e.what, e.incident, actor, e.at);
    for (const Line& line : e.lines) {
        stage.say(actor, e.at + line.after, line.values);
        // Where it matters most, a gateway that saw no acknowledgement in time says it again.
        if (line.after == seconds(0) && (e.kind == SignalKind::gas || e.kind == SignalKind::one_key))
            stage.repeat_last(seconds(20));
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
        if (at == seconds(1)) stage.note("a kitchen burns", "fire", *a, at);
        stage.hold(*a, seconds(0), over);
        stage.say(*a, at, R"({"smoke":true,"battery":91})");
        if (at == seconds(1)) stage.repeat_last(seconds(5));  // its gateway saw no acknowledgement in time
        stage.say(*a, over, R"({"smoke":false,"battery":91})");
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
    stage.note("an elder does not get up", "", *motion.front(), seconds(0));
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
            stage.say(*motion[1], minutes(470) + seconds(i), fmt::format(R"({{"occupancy":{}}})", i % 2 == 0)).stamp =
                Stamp::old;
    }
}

}  // namespace

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
    for (const Episode& e : episodes()) play(stage, e, casts[e.kind]);
    play_broken_payloads(stage);
    play_clocks(stage, casts[SignalKind::gas], casts[SignalKind::motion]);
}

}  // namespace shoumen::app
