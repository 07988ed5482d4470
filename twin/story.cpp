#include "story.hpp"

#include <cassert>

namespace shoumen::twin {
namespace {

using base::hours;
using base::minutes;
using base::seconds;
using enum model::SignalKind;
using Word = std::string_view;

std::vector<Story> written() {
    std::vector<Story> all;
    const auto add = [&all](Story s) { all.push_back(std::move(s)); };

    // An alarm that sounds says so every ten seconds.
    add({.id = StoryId::kitchen_fire,
         .what = "a kitchen burns",
         .incident = "fire",
         .kind = smoke,
         .spreads = true,
         .opening = {{{}, {{"smoke", true}, {"battery", 91.0}}}},
         .every = seconds(10),
         .again = {{"smoke", true}, {"battery", 91.0}},
         .closing = {{"smoke", false}, {"battery", 91.0}},
         .lasts = hours(3),
         .per_year = 0.02});
    add({.id = StoryId::steam,
         .what = "steam: one smoke alarm alone",
         .incident = "fire",
         .kind = smoke,
         .where = Where::in_home,
         .real = false,
         .opening = {{{}, {{"smoke", true}, {"battery", 88.0}}}},
         .every = seconds(10),
         .again = {{"smoke", true}, {"battery", 88.0}},
         .closing = {{"smoke", false}, {"battery", 88.0}},
         .lasts = minutes(6),
         .per_year = 0.01});
    add({.id = StoryId::gas_leak,
         .what = "a gas leak",
         .incident = "gas_leak",
         .kind = gas,
         .opening = {{{}, {{"gas", false}, {"lel", 12.0}}},
                     {seconds(5), {{"gas", false}, {"lel", 17.0}}},
                     {seconds(9), {{"gas", true}, {"lel", 24.0}}},
                     {seconds(22), {{"gas", true}, {"lel", 31.0}}}},
         .every = seconds(20),
         .again = {{"gas", true}, {"lel", 28.0}},
         .closing = {{"gas", false}, {"lel", 2.0}},
         .lasts = hours(2),
         .per_year = 0.03});
    add({.id = StoryId::pot_boils_over,
         .what = "a pot boils over: gas rises for a moment",
         .incident = "",
         .kind = gas,
         .real = false,
         .opening = {{{}, {{"gas", false}, {"lel", 11.0}}}},
         .closing = {{"gas", false}, {"lel", 2.0}},
         .lasts = seconds(8),
         .per_year = 1});
    add({.id = StoryId::elder_sos,
         .what = "an elder calls for help",
         .incident = "sos",
         .kind = elder_bracelet,
         .opening = {{{}, {{"sos", true}, {"fall", false}, {"worn", true}, {"heart_rate", 112.0}}}},
         .every = seconds(15),
         .again = {{"sos", true}, {"fall", false}, {"worn", true}, {"heart_rate", 108.0}},
         .closing = {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", 84.0}},
         .lasts = hours(4),
         .per_year = 1});
    add({.id = StoryId::elder_fall,
         .what = "an elder falls",
         .incident = "person_fallen",
         .kind = elder_bracelet,
         .opening = {{{}, {{"sos", false}, {"fall", true}, {"worn", true}, {"heart_rate", 98.0}}}},
         .every = seconds(20),
         .again = {{"sos", false}, {"fall", true}, {"worn", true}, {"heart_rate", 96.0}},
         .closing = {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", 86.0}},
         .lasts = hours(4),
         .per_year = 1});
    add({.id = StoryId::elder_heart,
         .what = "an elder’s heart races",
         .incident = "medical",
         .kind = elder_bracelet,
         .opening = {{{}, {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", 134.0}}}},
         .every = seconds(20),
         .again = {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", 137.0}},
         .closing = {{"sos", false}, {"fall", false}, {"worn", true}, {"heart_rate", 95.0}},
         .lasts = hours(1),
         .per_year = 0.5});
    add({.id = StoryId::elder_silent,
         .what = "an elder does not get up",
         .incident = "elder_inactive",
         .kind = motion,
         .where = Where::in_home,
         .silent = true,
         .lasts = base::days(3),
         .per_year = 1});
    add({.id = StoryId::child_leaves,
         .what = "a child leaves the safe area",
         .incident = "child_left_area",
         .kind = child_bracelet,
         .opening = {{{}, {{"sos", false}, {"left_area", true}}}},
         .every = seconds(20),
         .again = {{"sos", false}, {"left_area", true}},
         .closing = {{"sos", false}, {"left_area", false}},
         .lasts = hours(3),
         .per_year = 1});
    add({.id = StoryId::child_at_border,
         .what = "a step over the border and back",
         .incident = "",
         .kind = child_bracelet,
         .real = false,
         .opening = {{{}, {{"sos", false}, {"left_area", true}}}},
         .closing = {{"sos", false}, {"left_area", false}},
         .lasts = seconds(10),
         .per_year = 2});
    add({.id = StoryId::call_button,
         .what = "a call button is pressed",
         .incident = "sos",
         .kind = one_key,
         .where = Where::not_in_lift,
         .opening = {{{}, {{"pressed", true}}}},
         .every = seconds(30),
         .again = {{"pressed", true}},
         .closing = {{"pressed", false}},
         .lasts = minutes(30),
         .per_year = 1});
    add({.id = StoryId::lift_trapped,
         .what = "people trapped in a lift",
         .incident = "lift_trapped",
         .kind = one_key,
         .where = Where::in_lift,
         .opening = {{{}, {{"trapped", true}}}},
         .every = seconds(30),
         .again = {{"trapped", true}},
         .closing = {{"trapped", false}},
         .lasts = hours(3),
         .per_year = 2});
    add({.id = StoryId::entrance_tried,
         .what = "an entrance tried again and again",
         .incident = "intrusion",
         .kind = door_access,
         .where = Where::not_in_lift,
         .opening = {{{}, {{"result", Word("denied")}}},
                     {seconds(7), {{"result", Word("denied")}}},
                     {seconds(13), {{"result", Word("denied")}}},
                     {seconds(21), {{"result", Word("denied")}}},
                     {seconds(26), {{"result", Word("denied")}}},
                     {seconds(33), {{"result", Word("denied")}}}},
         .closing = {{"result", Word("granted")}},
         .lasts = minutes(2),
         .per_year = 1});
    add({.id = StoryId::entrance_forced,
         .what = "an entrance is forced",
         .incident = "intrusion",
         .kind = door_access,
         .where = Where::not_in_lift,
         .by_night = true,
         .opening = {{{}, {{"result", Word("denied")}}},
                     {seconds(20), {{"result", Word("denied")}}},
                     {seconds(45), {{"result", Word("denied")}}},
                     {seconds(60), {{"result", Word("denied")}}},
                     {seconds(90), {{"held_open", true}}}},
         .every = seconds(60),
         .again = {{"held_open", true}},
         .closing = {{"held_open", false}},
         .lasts = hours(2),
         .per_year = 0.5});
    add({.id = StoryId::entrance_open,
         .what = "an entrance stands open",
         .incident = "hazard",
         .kind = door_access,
         .where = Where::not_in_lift,
         .opening = {{{}, {{"result", Word("granted")}, {"held_open", true}}}},
         .every = seconds(60),
         .again = {{"held_open", true}},
         .closing = {{"held_open", false}},
         .lasts = hours(2),
         .per_year = 4});
    add({.id = StoryId::plant_room_open,
         .what = "a plant room stands open at night",
         .incident = "intrusion",
         .kind = door_contact,
         .where = Where::in_facility,
         .by_night = true,
         .opening = {{{}, {{"contact", false}}}},
         .every = minutes(5),
         .again = {{"contact", false}},
         .closing = {{"contact", true}},
         .lasts = hours(3),
         .per_year = 2});
    add({.id = StoryId::falling_object,
         .what = "an object thrown from a height",
         .incident = "falling_object",
         .kind = model::SignalKind::falling_object,
         .opening = {{{}, {{"detected", true}}}},
         .closing = {{"detected", false}},
         .lasts = seconds(4),
         .per_year = 12});
    add({.id = StoryId::fight,
         .what = "a fight",
         .incident = "fight",
         .kind = camera_fight,
         .opening = {{{}, {{"score", 0.62}}},
                     {seconds(1), {{"score", 0.91}}},
                     {seconds(3), {{"score", 0.94}}},
                     {seconds(6), {{"score", 0.87}}}},
         .every = seconds(5),
         .again = {{"score", 0.9}},
         .closing = {{"score", 0.2}},
         .lasts = minutes(4),
         .per_year = 4});
    add({.id = StoryId::person_fallen,
         .what = "a person falls in the square",
         .incident = "person_fallen",
         .kind = camera_fall,
         .opening = {{{}, {{"score", 0.9}}}, {seconds(6), {{"score", 0.93}}}, {seconds(13), {{"score", 0.95}}}},
         .every = seconds(8),
         .again = {{"score", 0.93}},
         .closing = {{"score", 0.1}},
         .lasts = minutes(20),
         .per_year = 4});
    add({.id = StoryId::crowd,
         .what = "a crowd",
         .incident = "gathering",
         .kind = gathering,
         .opening = {{{}, {{"count", 34.0}}}, {seconds(30), {{"count", 38.0}}}, {seconds(75), {{"count", 41.0}}}},
         .every = seconds(40),
         .again = {{"count", 36.0}},
         .closing = {{"count", 12.0}},
         .lasts = minutes(40),
         .per_year = 6});
    add({.id = StoryId::crowd_at_night,
         .what = "a crowd at night",
         .incident = "gathering",
         .kind = gathering,
         .by_night = true,
         .opening = {{{}, {{"count", 19.0}}}, {seconds(35), {{"count", 23.0}}}},
         .every = seconds(35),
         .again = {{"count", 21.0}},
         .closing = {{"count", 5.0}},
         .lasts = minutes(30),
         .per_year = 3});
    add({.id = StoryId::overload,
         .what = "a charging shed overloaded",
         .incident = "ebike_overload",
         .kind = ebike_overload,
         .opening = {{{}, {{"watts", 780.0}}}, {seconds(3), {{"watts", 940.0}}}, {seconds(14), {{"watts", 1015.0}}}},
         .every = seconds(16),
         .again = {{"watts", 985.0}},
         .closing = {{"watts", 310.0}},
         .lasts = hours(1),
         .per_year = 6});
    add({.id = StoryId::power_cut,
         .what = "a charging shed without power",
         .incident = "ebike_power_cut",
         .kind = ebike_power_cut,
         .opening = {{{}, {{"power", false}}}},
         .every = minutes(10),
         .again = {{"power", false}},
         .closing = {{"power", true}},
         .lasts = hours(6),
         .per_year = 3});
    add({.id = StoryId::flood,
         .what = "water rises",
         .incident = "flood",
         .kind = water_level,
         .opening = {{{}, {{"level_cm", 6.0}}},
                     {seconds(20), {{"level_cm", 12.0}}},
                     {seconds(60), {{"level_cm", 17.0}}},
                     {seconds(110), {{"level_cm", 26.0}}},
                     {seconds(150), {{"level_cm", 33.0}}}},
         .every = seconds(60),
         .again = {{"level_cm", 34.0}},
         .closing = {{"level_cm", 2.0}},
         .lasts = hours(4),
         .per_year = 2});
    add({.id = StoryId::intruder,
         .what = "somebody in an empty home",
         .incident = "intrusion",
         .kind = resident_camera,
         .where = Where::in_home,
         .by_night = true,
         .opening = {{{}, {{"person", true}, {"motion", true}}}},
         .every = seconds(30),
         .again = {{"person", true}, {"motion", true}},
         .closing = {{"person", false}, {"motion", false}},
         .lasts = minutes(25),
         .per_year = 1});
    add({.id = StoryId::flat_battery,
         .what = "a smoke alarm’s battery runs low",
         .incident = "device_fault",
         .kind = smoke,
         .opening = {{{}, {{"smoke", false}, {"battery", 13.0}}}},
         .every = hours(4),
         .again = {{"smoke", false}, {"battery", 12.0}},
         .closing = {{"smoke", false}, {"battery", 100.0}},
         .lasts = base::days(3),
         .per_year = 0.2});
    // On many afternoons of the year, as long as somebody hangs out clothes.
    add({.id = StoryId::roof_rack,
         .what = "a clothes rack on a roof, taken for somebody",
         .incident = "intrusion",
         .kind = resident_camera,
         .where = Where::in_facility,
         .real = false,
         .opening = {{{}, {{"person", true}, {"motion", true}, {"zone", Word("晾衣架")}}}},
         .closing = {{"person", false}, {"motion", false}, {"zone", Word("晾衣架")}},
         .lasts = seconds(10),
         .per_year = 300});
    add({.id = StoryId::roof_climber,
         .what = "somebody climbs onto a roof",
         .incident = "intrusion",
         .kind = resident_camera,
         .where = Where::in_facility,
         .opening = {{{}, {{"person", true}, {"motion", true}, {"zone", Word("楼梯口")}}}},
         .every = seconds(30),
         .again = {{"person", true}, {"motion", true}, {"zone", Word("楼梯口")}},
         .closing = {{"person", false}, {"motion", false}, {"zone", Word("楼梯口")}},
         .lasts = minutes(40),
         .per_year = 2});
    return all;
}

}  // namespace

std::span<const Story> stories() {
    static const std::vector<Story> all = written();
    assert(all.size() == story_count);
    return all;
}

const Story& story(StoryId id) { return stories()[static_cast<std::size_t>(id)]; }

bool fits(const Story& story, const model::Policy& policy, model::DeviceId id) {
    const model::Device& device = policy.devices[id.value];
    if (device.kind != story.kind || device.is_gateway || device.retired) return false;
    const model::PlaceUse use = policy.places[device.place.value].use;
    switch (story.where) {
        case Where::anywhere:
            return true;
        case Where::in_lift:
            return use == model::PlaceUse::lift;
        case Where::not_in_lift:
            return use != model::PlaceUse::lift;
        case Where::in_home:
            return policy.ancestor(device.place, model::PlaceLevel::home).valid() && use == model::PlaceUse::home;
        case Where::in_facility:
            return use == model::PlaceUse::facility;
    }
    return false;
}

}  // namespace shoumen::twin
