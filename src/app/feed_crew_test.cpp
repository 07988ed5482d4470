// What the demo's crew does with an incident, and when.
#include "feed_crew.hpp"

#include <doctest/doctest.h>

#include "feed_testing.hpp"

using namespace shoumen;
using namespace shoumen::app;
using namespace shoumen::app::testing;
using What = CrewStep::What;

namespace {

const base::Time noon = at("2026-03-04T12:00:00+08:00");

// A place at which the crew has this habit.
CrewView view_with(Habit habit, const char* severity = "red") {
    for (int n = 0;; ++n) {
        const std::string place = "home-" + std::to_string(n);
        if (habit_of("fire", place, 1) == habit) {
            return {.id = "1", .kind = "fire", .place = place, .state = "open", .severity = severity, .opened = noon};
        }
    }
}

What what_next(const CrewView& v) {
    const auto step = next_step(v, 1);
    REQUIRE(step);
    return step->what;
}

// Does the step, at the moment it falls due.
void take(CrewView& v) {
    const auto step = next_step(v, 1);
    REQUIRE(step);
    switch (step->what) {
        case What::acknowledge:
            v.state = "acknowledged";
            v.acknowledged = step->due;
            break;
        case What::depart:
            v.state = "en_route";
            v.departed = step->due;
            break;
        case What::arrive:
            v.state = "on_scene";
            v.arrived = step->due;
            break;
        case What::photo:
            v.after_photo = true;
            break;
        case What::resolve:
            v.state = "resolved";
            break;
        case What::false_alarm:
            v.state = "false_alarm";
            break;
    }
}

}  // namespace

TEST_CASE("work is acknowledged, gone to, photographed and resolved, well before the shortest deadlines") {
    CrewView v = view_with(Habit::work);
    for (const What what : {What::acknowledge, What::depart, What::arrive, What::photo, What::resolve}) {
        CHECK(what_next(v) == what);
        take(v);
    }
    CHECK_FALSE(next_step(v, 1));
    CHECK(v.acknowledged - v.opened >= base::seconds(12));
    CHECK(v.acknowledged - v.opened < base::minutes(1));
    CHECK(v.arrived - v.opened < base::minutes(5));
}

TEST_CASE("what an alert opened again is acknowledged after that alert, not at once") {
    CrewView v = view_with(Habit::work);
    v.latest_alert = noon + base::minutes(20);
    CHECK(next_step(v, 1)->due > v.latest_alert);
}

TEST_CASE("a false alarm is found on the spot") {
    CrewView v = view_with(Habit::false_alarm);
    for (const What what : {What::acknowledge, What::depart, What::arrive, What::false_alarm}) {
        CHECK(what_next(v) == what);
        take(v);
    }
    CHECK_FALSE(next_step(v, 1));
}

TEST_CASE("asked for a look, they say from the desk what they see, well before it goes its way by itself") {
    CrewView v = view_with(Habit::false_alarm);
    v.look_wanted = true;
    CHECK(what_next(v) == What::false_alarm);
    CHECK(next_step(v, 1)->due - v.opened < base::minutes(1));
    CrewView left = view_with(Habit::leave);
    left.look_wanted = true;
    CHECK_FALSE(next_step(left, 1));
}

TEST_CASE("the clothes rack is never anything else: at its usual pace they are back before it flutters again") {
    const auto habit = [](std::uint64_t seed) { return habit_of("intrusion", "hp-2-roof", seed); };
    for (std::uint64_t seed = 1; seed < 20; ++seed) CHECK(habit(seed) == Habit::false_alarm);
    for (const std::uint64_t seed : {usual_seed, std::uint64_t{1}, std::uint64_t{2}}) {
        CrewView v{.kind = "intrusion", .place = "hp-2-roof", .state = "open", .severity = "yellow", .opened = noon};
        base::Time over;
        while (const auto step = next_step(v, seed)) {
            over = step->due;
            v.acknowledged = v.acknowledged.is_set() ? v.acknowledged : over;
            if (step->what == What::acknowledge) v.state = "acknowledged";
            if (step->what == What::depart) v.state = "en_route", v.departed = over;
            if (step->what == What::arrive) v.state = "on_scene", v.arrived = over;
            if (step->what == What::false_alarm) v.state = "false_alarm";
        }
        CHECK(v.state == "false_alarm");
        CHECK(over - noon < base::seconds(260));  // the script's 270 minutes, a minute a second
    }
}

TEST_CASE("blue is settled by telephone") {
    CrewView v = view_with(Habit::work, "blue");
    take(v);
    CHECK(what_next(v) == What::resolve);
    CrewView other = view_with(Habit::false_alarm, "blue");
    take(other);
    CHECK(what_next(other) == What::false_alarm);
}

TEST_CASE("what is forgotten is acknowledged once and never again") {
    CrewView v = view_with(Habit::forget);
    CHECK(what_next(v) == What::acknowledge);
    take(v);
    CHECK_FALSE(next_step(v, 1));
    v.state = "open";
    v.expired_before = true;
    CHECK_FALSE(next_step(v, 1));
}

TEST_CASE("what they leave, and what anybody else has touched, they never touch") {
    CHECK_FALSE(next_step(view_with(Habit::leave), 1));
    for (const Habit habit : {Habit::work, Habit::false_alarm, Habit::forget}) {
        CrewView v = view_with(habit);
        for (int n = 0; n < 4; ++n) {
            CrewView touched = v;
            touched.others = true;
            CHECK_FALSE(next_step(touched, 1));
            if (next_step(v, 1)) take(v);
        }
    }
}

TEST_CASE("over many places about half is left, and every habit occurs") {
    std::map<Habit, int> n;
    for (int i = 0; i < 1000; ++i) ++n[habit_of("sos", "home-" + std::to_string(i), 3)];
    CHECK(n[Habit::leave] > 430);
    CHECK(n[Habit::leave] < 570);
    CHECK(n[Habit::work] > 200);
    CHECK(n[Habit::false_alarm] > 60);
    CHECK(n[Habit::forget] > 50);
}

TEST_CASE("in the usual day about half is left, the first fire among it, and every habit occurs") {
    const Script script = twin::make_script(*demo(), "gw-demo", usual_seed);
    std::set<KindAndPlace> incidents;
    for (const twin::Scene& s : script.scenes) {
        if (!s.incident.empty()) incidents.emplace(s.incident, s.place);
    }
    std::map<Habit, std::size_t> n;
    for (const auto& [kind, place] : incidents) ++n[habit_of(kind, place, usual_seed)];
    INFO(incidents.size(), " incidents, left ", n[Habit::leave], " worked ", n[Habit::work], " false ",
         n[Habit::false_alarm], " forgotten ", n[Habit::forget]);
    CHECK(n[Habit::leave] * 10 >= incidents.size() * 4);
    CHECK(n[Habit::leave] * 10 <= incidents.size() * 6);
    CHECK(n[Habit::work] >= 2);
    CHECK(n[Habit::false_alarm] >= 1);
    CHECK(n[Habit::forget] >= 1);
    CHECK(script.scenes[1].incident == "fire");
    CHECK(habit_of("fire", script.scenes[1].place, usual_seed) == Habit::leave);
}
