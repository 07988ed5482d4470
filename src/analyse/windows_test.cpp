#include "analyse/windows.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::analyse;
using namespace shoumen::analyse::testing;
using base::hours;
using base::minutes;
using base::seconds;
using model::KeyLevel;
using model::Operator;
using model::SignalKind;
using model::TimeVerdict;

namespace {

model::Rule threshold() {
    model::Rule rule;
    rule.kinds = bit(SignalKind::smoke);
    rule.raise = is_true(flag);
    return rule;
}

model::Rule count(std::uint32_t n, Duration within) {
    model::Rule rule;
    rule.op = Operator::count;
    rule.kinds = bit(SignalKind::smoke);
    rule.where = {is_true(flag)};
    rule.at_least = n;
    rule.within = within;
    return rule;
}

model::Rule absence(Duration within) {
    model::Rule rule;
    rule.op = Operator::absence;
    rule.kinds = bit(SignalKind::smoke);
    rule.within = within;
    return rule;
}

Driver with(const model::Rule& rule) {
    auto policy = make_community(SignalKind::smoke);
    add_rule(policy, rule);
    return Driver(policy);
}

// 22:00–06:00 of a zone eight hours ahead.
model::Policy in_shanghai(model::Rule rule, std::uint16_t from, std::uint16_t to, std::uint8_t weekdays = 0x7f) {
    auto policy = make_community(SignalKind::smoke);
    policy.zone = base::Zone("Asia/Shanghai", {{Time{0}, 8 * 3600}});
    rule.during = model::Schedule{from, to, weekdays};
    add_rule(policy, rule);
    return policy;
}

// Seconds since `day` of a wall time in Shanghai on that day (day begins at 08:00 there).
std::int64_t wall(int hour, int minute = 0, int days_later = 0) {
    return (hour - 8) * 3'600 + minute * 60 + days_later * 86'400;
}

}  // namespace

// --- Threshold ---------------------------------------------------------------------------------------------------

TEST_CASE("threshold: alerts when it becomes true, clears when it is not") {
    auto d = with(threshold());
    CHECK(d.hear(0, at(1), off()).empty());
    CHECK(d.hear(0, at(2), on()) == "alert r0 d0 +2s");
    CHECK(d.hear(0, at(3), on()).empty());
    CHECK(d.hear(1, at(3), on()) == "alert r0 d1 +3s");  // each device for itself
    CHECK(d.hear(0, at(4), off()) == "cleared r0 +4s");
    CHECK(d.hear(0, at(5), off()).empty());
    CHECK(d.hear(0, at(6), on()) == "alert r0 d0 +6s");
    CHECK(d.windows.next_due() == Time::never());
}

TEST_CASE("an alert says what it is about") {
    auto policy = make_community(SignalKind::smoke);
    auto rule = threshold();
    rule.severity = model::Severity::red;
    rule.join = model::PlaceLevel::unit;
    add_rule(policy, rule);
    Driver d(policy);
    d.seq = 41;
    d.hear(1, at(2), on());
    const model::Alert& a = d.alerts.at(0);
    CHECK(a.id == base::make_id<model::AlertId>(42, 0));
    CHECK(a.rule == model::RuleId{0U});
    CHECK(a.severity == model::Severity::red);
    CHECK(a.device == DeviceId{1U});
    CHECK(a.place == PlaceId{6U});
    CHECK(a.anchor == PlaceId{3U});
    CHECK_FALSE(a.late);
    d.hear(4, at(3), on());  // stands above every unit
    CHECK(d.alerts.at(1).anchor == PlaceId{9U});
}

TEST_CASE("threshold: a signal that lacks the field, or holds what cannot be compared, says nothing") {
    auto d = with(threshold());
    d.hear(0, at(1), on());
    CHECK(d.hear(0, at(2), measure(1)).empty());
    CHECK(d.hear(0, at(3), {model::Value::symbol(flag, emergency)}).empty());
    CHECK(d.hear(0, at(4), {model::Value::real(flag, 7)}).empty());
    CHECK(d.hear(0, at(5), {model::Value::real(flag, 0)}) == "cleared r0 +5s");  // 0 and 1 are false and true
    CHECK(d.hear(0, at(6), {model::Value::real(flag, 1)}) == "alert r0 d0 +6s");
}

TEST_CASE("threshold: hysteresis") {
    auto rule = threshold();
    rule.raise = compares(level, model::Compare::above, 50);
    rule.clear = compares(level, model::Compare::below, 40);
    auto d = with(rule);
    CHECK(d.hear(0, at(1), measure(50)).empty());
    CHECK(d.hear(0, at(2), measure(51)) == "alert r0 d0 +2s");
    CHECK(d.hear(0, at(3), measure(45)).empty());
    CHECK(d.hear(0, at(4), measure(55)).empty());
    CHECK(d.hear(0, at(5), measure(40)).empty());
    CHECK(d.hear(0, at(6), measure(39)) == "cleared r0 +6s");
    CHECK(d.hear(0, at(7), measure(45)).empty());
}

TEST_CASE("threshold: words") {
    auto rule = threshold();
    rule.raise = is_word(action, emergency);
    auto d = with(rule);
    CHECK(d.hear(0, at(1), {model::Value::symbol(action, test_press)}).empty());
    CHECK(d.hear(0, at(2), {model::Value::symbol(action, emergency)}) == "alert r0 d0 +2s");
    CHECK(d.hear(0, at(3), {model::Value::text(action, 0)}) ==
          "cleared r0 +3s");  // a text no policy knows is another word
}

TEST_CASE("threshold: every comparison") {
    using model::Compare;
    struct Row {
        Compare how;
        bool below, equal, above;
    };
    for (const Row& row : {Row{Compare::equal, false, true, false}, Row{Compare::not_equal, true, false, true},
                           Row{Compare::below, true, false, false}, Row{Compare::at_most, true, true, false},
                           Row{Compare::above, false, false, true}, Row{Compare::at_least, false, true, true}}) {
        auto rule = threshold();
        rule.raise = compares(level, row.how, 10);
        auto d = with(rule);
        CHECK(!d.hear(0, at(1), measure(9)).empty() == row.below);
        CHECK(!d.hear(1, at(1), measure(10)).empty() == row.equal);
        CHECK(!d.hear(2, at(1), measure(11)).empty() == row.above);
    }
}

TEST_CASE("threshold: where") {
    auto rule = threshold();
    rule.where = {compares(level, model::Compare::at_least, 5), compares(level, model::Compare::at_most, 8)};
    auto d = with(rule);
    const auto both = [](double l) {
        return std::vector{model::Value::boolean(flag, true), model::Value::real(level, l)};
    };
    CHECK(d.hear(0, at(1), both(4)).empty());
    CHECK(d.hear(0, at(2), both(9)).empty());
    CHECK(d.hear(0, at(3), on()).empty());
    CHECK(d.hear(0, at(4), both(5)) == "alert r0 d0 +4s");
    CHECK(d.hear(0, at(5), off()).empty());  // does not match: clears nothing
}

TEST_CASE("threshold: hold") {
    auto rule = threshold();
    rule.hold = seconds(10);
    auto d = with(rule);
    CHECK(d.hear(0, at(0), on()).empty());
    CHECK(d.windows.next_due() == at(10));
    CHECK(d.hear(0, at(9), off()).empty());  // a near miss
    CHECK(d.windows.next_due() == Time::never());
    d.hear(0, at(20), on());
    CHECK(d.tick(at(29)).empty());
    CHECK(d.tick(at(30)) == "alert r0 d0 +30s");
    CHECK(d.windows.next_due() == Time::never());
    CHECK(d.hear(0, at(31), off()) == "cleared r0 +31s");
}

TEST_CASE("threshold: held to the very end of the hold") {
    auto rule = threshold();
    rule.hold = seconds(10);
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(0, at(10), off()) == "alert r0 d0 +10s; cleared r0 +10s");
}

TEST_CASE("threshold: repeat") {
    auto rule = threshold();
    rule.repeat = seconds(60);
    auto d = with(rule);
    CHECK(d.hear(0, at(0), on()) == "alert r0 d0 +0s");
    CHECK(d.hear(0, at(59), on()).empty());
    CHECK(d.hear(0, at(60), on()) == "alert r0 d0 +60s");
    CHECK(d.hear(0, at(119), on()).empty());
    CHECK(d.tick(at(400)).empty());                          // it takes a signal
    CHECK(d.hear(0, at(500), off()) == "cleared r0 +500s");  // the alert that took the other's place
}

TEST_CASE("threshold: the cooldown puts an alert off, not away") {
    auto rule = threshold();
    rule.cooldown = seconds(60);
    auto d = with(rule);
    CHECK(d.hear(0, at(0), on()) == "alert r0 d0 +0s");
    CHECK(d.hear(0, at(10), off()) == "cleared r0 +10s");
    CHECK(d.hear(0, at(20), on()).empty());
    CHECK(d.hear(0, at(30), off()).empty());  // gone again before the cooldown ended
    CHECK(d.tick(at(100)).empty());
    CHECK(d.hear(0, at(200), on()) == "alert r0 d0 +200s");
    CHECK(d.hear(0, at(210), off()) == "cleared r0 +210s");
    CHECK(d.hear(0, at(220), on()).empty());
    CHECK(d.windows.next_due() == at(260));
    CHECK(d.tick(at(260)) == "alert r0 d0 +260s");  // still true
}

TEST_CASE("threshold: repeat never comes within the cooldown") {
    auto rule = threshold();
    rule.cooldown = seconds(60);
    rule.repeat = seconds(20);
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(0, at(30), on()).empty());
    CHECK(d.hear(0, at(60), on()) == "alert r0 d0 +60s");
}

TEST_CASE("threshold: auto_clear arms it anew") {
    auto rule = threshold();
    rule.auto_clear = seconds(30);
    auto d = with(rule);
    CHECK(d.hear(0, at(0), on()) == "alert r0 d0 +0s");
    CHECK(d.hear(0, at(20), on()).empty());  // raised again: counts from here
    CHECK(d.windows.next_due() == at(50));
    CHECK(d.tick(at(49)).empty());
    CHECK(d.tick(at(50)) == "cleared r0 +50s");
    CHECK(d.hear(0, at(60), off()).empty());
    CHECK(d.hear(0, at(70), on()) == "alert r0 d0 +70s");
    CHECK(d.hear(0, at(100), on()) == "cleared r0 +100s; alert r0 d0 +100s");
}

TEST_CASE("threshold: what waits for the cooldown alone lapses after auto_clear") {
    auto rule = threshold();
    rule.cooldown = seconds(100);
    rule.auto_clear = seconds(30);
    auto d = with(rule);
    CHECK(d.hear(0, at(0), on()) == "alert r0 d0 +0s");
    CHECK(d.tick(at(30)) == "cleared r0 +30s");
    CHECK(d.hear(0, at(40), on()).empty());
    CHECK(d.tick(at(200)).empty());
    CHECK(d.hear(0, at(210), on()) == "alert r0 d0 +210s");
    d.tick(at(240));
    CHECK(d.hear(0, at(290), on()).empty());
    CHECK(d.tick(at(310)) == "alert r0 d0 +310s");  // raised lately enough
}

TEST_CASE("threshold: what would lapse just as the cooldown ends alerts") {
    auto rule = threshold();
    rule.cooldown = seconds(100);
    rule.auto_clear = seconds(30);
    auto d = with(rule);
    d.hear(0, at(0), on());
    d.tick(at(30));
    d.hear(0, at(70), on());
    CHECK(d.tick(at(100)) == "alert r0 d0 +100s");
    d.tick(at(130));
    d.hear(0, at(199), off());
    d.hear(0, at(199), on());
    CHECK(d.tick(at(300)) == "alert r0 d0 +200s; cleared r0 +230s");
}

TEST_CASE("threshold: repeat and auto_clear") {
    auto rule = threshold();
    rule.repeat = seconds(10);
    rule.auto_clear = seconds(30);
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(0, at(10), on()) == "alert r0 d0 +10s");
    CHECK(d.tick(at(39)).empty());
    CHECK(d.tick(at(40)) == "cleared r0 +40s");  // one clearing, of the latest
    CHECK(d.tick(at(1'000)).empty());
}

TEST_CASE("threshold: a clearing older than the raise is passed over") {
    auto rule = threshold();
    rule.hold = seconds(30);
    auto d = with(rule);
    d.hear(0, at(100), on(), at(100));
    CHECK(d.hear(0, at(101), off(), at(95)).empty());
    CHECK(d.tick(at(130)) == "alert r0 d0 +130s");
    CHECK(d.hear(0, at(131), off(), at(99)).empty());
    CHECK(d.hear(0, at(132), off(), at(110)) == "cleared r0 +130s");  // not before it was raised
}

TEST_CASE("threshold: an old raise after a newer clearing still alerts") {
    auto d = with(threshold());
    d.hear(0, at(100), off(), at(100));
    CHECK(d.hear(0, at(101), on(), at(98)) == "alert r0 d0 +98s");
}

TEST_CASE("threshold: a clock ahead of ours shows that the hold was over") {
    auto rule = threshold();
    rule.hold = seconds(10);
    auto d = with(rule);
    d.hear(0, at(0), on(), at(0));
    CHECK(d.hear(0, at(1), off(), at(30)) == "alert r0 d0 +10s; cleared r0 +30s");
    CHECK(d.tick(at(100)).empty());
}

// --- Count -------------------------------------------------------------------------------------------------------

TEST_CASE("count: fires, then starts anew") {
    auto d = with(count(3, seconds(60)));
    CHECK(d.hear(0, at(0), on()).empty());
    CHECK(d.hear(0, at(1), off()).empty());  // does not match
    CHECK(d.hear(0, at(30), on()).empty());
    CHECK(d.hear(1, at(40), on()).empty());                // another device
    CHECK(d.hear(0, at(60), on()) == "alert r0 d0 +60s");  // spans 60 s: at most `within`
    CHECK(d.hear(0, at(61), on()).empty());
    CHECK(d.hear(0, at(62), on()).empty());
    CHECK(d.hear(0, at(63), on()) == "alert r0 d0 +63s");
}

TEST_CASE("count: a near miss") {
    auto d = with(count(3, seconds(60)));
    d.hear(0, at(0), on());
    d.hear(0, at(30), on());
    CHECK(d.hear(0, at(61), on()).empty());
    CHECK(d.hear(0, at(90), on()) == "alert r0 d0 +90s");
}

TEST_CASE("count: out of order") {
    auto d = with(count(3, seconds(60)));
    d.hear(0, at(100), on(), at(100));
    d.hear(0, at(101), on(), at(40));
    CHECK(d.hear(0, at(102), on(), at(70)) == "alert r0 d0 +100s");
    // A late-comer whose neighbours lie before the newest.
    d.hear(0, at(200), on(), at(200));
    d.hear(0, at(230), on(), at(230));
    d.hear(0, at(310), on(), at(310));
    CHECK(d.hear(0, at(311), on(), at(215)) == "alert r0 d0 +230s");
    // Times are not taken for later than they are.
    d.hear(0, at(500), on(), at(400));
    d.hear(0, at(501), on(), at(490));
    CHECK(d.hear(0, at(502), on(), at(420)).empty());
}

TEST_CASE("count: cooldown and schedule keep the times") {
    auto rule = count(2, seconds(60));
    rule.cooldown = seconds(100);
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(0, at(1), on()) == "alert r0 d0 +1s");
    d.hear(0, at(60), on());
    CHECK(d.hear(0, at(70), on()).empty());
    CHECK(d.hear(0, at(101), on()) == "alert r0 d0 +101s");  // with the one at 70
    CHECK(d.windows.next_due() == Time::never());
}

TEST_CASE("count: auto_clear") {
    auto rule = count(2, seconds(60));
    rule.auto_clear = seconds(100);
    rule.cooldown = seconds(500);
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(0, at(1), on()) == "alert r0 d0 +1s");
    d.hear(0, at(50), on());
    CHECK(d.hear(0, at(60), on()).empty());  // reached again, though no second alert so soon
    CHECK(d.tick(at(159)).empty());
    CHECK(d.tick(at(160)) == "cleared r0 +160s");
    CHECK(d.tick(at(10'000)).empty());
}

TEST_CASE("count: many, kept apart") {
    auto d = with(count(1'000, hours(1)));
    for (int i = 0; i < 2'500; ++i) {
        const auto said = d.hear(i % 2 == 0 ? 0 : 2, at(i), on());
        CHECK(said.empty() == (i != 1'998 && i != 1'999));
        if (i % 400 == 0) d.restart(at(i));
    }
}

TEST_CASE("count: by home") {
    auto rule = count(2, seconds(60));
    rule.key = KeyLevel::home;
    auto d = with(rule);
    d.hear(0, at(0), on());
    CHECK(d.hear(2, at(1), on()).empty());               // the neighbour's
    CHECK(d.hear(1, at(2), on()) == "alert r0 d1 +2s");  // in a room of the same home
    d.hear(4, at(3), on());                              // stands at a building: that is its subject
    CHECK(d.hear(4, at(4), on()) == "alert r0 d4 +4s");
}

// --- Absence -----------------------------------------------------------------------------------------------------

TEST_CASE("absence: one alert a gap, cleared when activity returns") {
    auto rule = absence(seconds(100));
    rule.only_devices = {DeviceId{0U}};
    auto d = with(rule);
    d.hear(0, at(10), on());
    CHECK(d.hear(0, at(109), on()).empty());
    CHECK(d.windows.next_due() == at(209));
    CHECK(d.tick(at(208)).empty());
    CHECK(d.tick(at(209)) == "alert r0 d0 +209s");
    CHECK(d.tick(at(2'000)).empty());
    CHECK(d.windows.next_due() == Time::never());
    CHECK(d.hear(0, at(3'000), on()) == "cleared r0 +3000s");
    CHECK(d.hear(0, at(3'100), on()) == "alert r0 d0 +3100s; cleared r0 +3100s");  // a gap of just as long
    CHECK(d.hear(0, at(3'199), on()).empty());
}

TEST_CASE("absence: never heard counts from the rule's first loading") {
    auto rule = absence(seconds(100));
    rule.only_devices = {DeviceId{2U}};
    auto d = with(rule);
    CHECK(d.tick(at(100)) == "alert r0 d2 +100s");
    rule = absence(seconds(100));
    rule.key = KeyLevel::home;
    rule.within_places = {PlaceId{8U}};
    auto e = with(rule);
    CHECK(e.tick(at(100)) == "alert r0 b1u1h2 +100s");  // nobody's signal made it
    CHECK_FALSE(e.alerts.at(0).device.valid());
    CHECK(e.alerts.at(0).place == PlaceId{8U});
    CHECK(e.alerts.at(0).anchor == PlaceId{3U});
    CHECK(e.hear(2, at(150), on()) == "cleared r0 +150s");
    CHECK(e.tick(at(250)) == "alert r0 d2 +250s");  // the last device that spoke
}

TEST_CASE("absence: time out of order does not move activity back") {
    auto rule = absence(seconds(100));
    rule.only_devices = {DeviceId{0U}};
    auto d = with(rule);
    d.hear(0, at(50), on(), at(50));
    d.hear(0, at(51), on(), at(20));
    CHECK(d.tick(at(149)).empty());
    CHECK(d.tick(at(150)) == "alert r0 d0 +150s");
    CHECK(d.hear(0, at(151), on(), at(50)).empty());                 // nothing new: no return of activity
    CHECK(d.hear(0, at(152), on(), at(100)) == "cleared r0 +150s");  // not before it was raised
    CHECK(d.tick(at(200)) == "alert r0 d0 +200s");
}

TEST_CASE("absence: a clock ahead of ours shows the gap") {
    auto rule = absence(seconds(100));
    rule.only_devices = {DeviceId{0U}};
    auto d = with(rule);
    d.hear(0, at(0), on(), at(0));
    CHECK(d.hear(0, at(50), on(), at(99)).empty());
    CHECK(d.hear(0, at(60), on(), at(170)).empty());
    d.hear(0, at(100), on(), at(180));
    CHECK(d.hear(0, at(170), on(), at(285)) == "alert r0 d0 +280s; cleared r0 +285s");
}

TEST_CASE("absence: cooldown is not for it, auto_clear is") {
    auto rule = absence(seconds(100));
    rule.only_devices = {DeviceId{0U}};
    rule.cooldown = hours(1);
    rule.auto_clear = seconds(50);
    auto d = with(rule);
    d.hear(0, at(1), on());
    CHECK(d.tick(at(101)) == "alert r0 d0 +101s");
    CHECK(d.windows.next_due() == at(151));
    CHECK(d.tick(at(151)) == "cleared r0 +151s");
    CHECK(d.hear(0, at(200), on()).empty());  // over already
    CHECK(d.tick(at(300)) == "alert r0 d0 +300s");
    CHECK(d.hear(0, at(310), on()) == "cleared r0 +310s");
    CHECK(d.tick(at(410)) == "alert r0 d0 +410s");
}

TEST_CASE("absence: by home, any device of it counts") {
    auto rule = absence(seconds(100));
    rule.key = KeyLevel::home;
    rule.within_places = {PlaceId{5U}};
    auto d = with(rule);
    d.hear(0, at(10), on());
    d.hear(1, at(90), on());
    CHECK(d.tick(at(189)).empty());
    CHECK(d.tick(at(190)) == "alert r0 d1 +190s");
}

TEST_CASE("absence: resetting it costs no deadline") {
    auto rule = absence(hours(12));
    rule.only_devices = {DeviceId{0U}};
    auto d = with(rule);
    d.hear(0, at(0), on());
    const std::size_t before = d.windows.bytes();
    for (int i = 1; i < 10'000; ++i) d.hear(0, at(i), on());
    CHECK(d.windows.bytes() < before + 200);
    CHECK(d.windows.next_due() == at(9'999 + 12 * 3'600));
}

TEST_CASE("a flapping device does not fill the deadlines") {
    auto rule = threshold();
    rule.hold = base::days(30);
    rule.auto_clear = base::days(30);
    auto d = with(rule);
    for (int i = 0; i < 20'000; ++i) d.hear(0, at(i), i % 2 == 0 ? on() : off());
    CHECK(d.windows.bytes() < 20'000);
    rule.hold = {};  // alerts each time, and is over each time; something else is due before
    auto policy = make_community(SignalKind::smoke);
    add_rule(policy, rule);
    add_rule(policy, absence(hours(12)));
    Driver e(policy);
    for (int i = 0; i < 20'000; ++i) e.hear(0, at(i), i % 2 == 0 ? on() : off());
    CHECK(e.windows.bytes() < 20'000);
}

// --- Schedule ----------------------------------------------------------------------------------------------------

TEST_CASE("schedule: over midnight; what is true outside alerts when it opens") {
    Driver d(in_shanghai(threshold(), 22 * 60, 6 * 60));
    CHECK(d.hear(0, at(wall(21, 30)), on()).empty());
    CHECK(d.windows.next_due() == at(wall(22)));
    CHECK(d.hear(1, at(wall(21, 30)), on()).empty());
    CHECK(d.hear(1, at(wall(21, 59)), off()).empty());
    CHECK(d.tick(at(wall(22))) == "alert r0 d0 +" + std::to_string(wall(22)) + "s");
    CHECK(d.hear(2, at(wall(5, 59, 1)), on()) == "alert r0 d2 +" + std::to_string(wall(5, 59, 1)) + "s");
    CHECK(d.hear(3, at(wall(6, 0, 1)), on()).empty());  // closed again
    CHECK(d.windows.next_due() == at(wall(22, 0, 1)));
}

TEST_CASE("schedule: a night belongs to the day it begins on") {
    Driver d(in_shanghai(threshold(), 22 * 60, 6 * 60, 1U << 1U));  // Tuesday nights; `day` is a Tuesday
    CHECK(d.hear(0, at(wall(23)), on()) == "alert r0 d0 +" + std::to_string(wall(23)) + "s");
    CHECK(!d.hear(1, at(wall(5, 0, 1)), on()).empty());
    CHECK(d.hear(2, at(wall(23, 0, 1)), on()).empty());
    CHECK(d.windows.next_due() == at(wall(22, 0, 7)));
}

TEST_CASE("schedule: hold first, then the opening") {
    auto rule = threshold();
    rule.hold = hours(1);
    Driver d(in_shanghai(rule, 22 * 60, 6 * 60));
    d.hear(0, at(wall(21, 30)), on());
    CHECK(d.windows.next_due() == at(wall(22, 30)));
    d.hear(1, at(wall(20)), on());
    CHECK(d.windows.next_due() == at(wall(22)));
}

TEST_CASE("schedule: counts are kept outside it, alerts are not") {
    Driver d(in_shanghai(count(2, hours(1)), 22 * 60, 6 * 60));
    d.hear(0, at(wall(21, 30)), on());
    CHECK(d.hear(0, at(wall(21, 50)), on()).empty());
    CHECK(d.tick(at(wall(22, 1))).empty());
    CHECK(!d.hear(0, at(wall(22, 10)), on()).empty());
}

TEST_CASE("schedule: an absence true outside it alerts when it opens") {
    auto rule = absence(hours(2));
    rule.only_devices = {DeviceId{0U}};
    rule.auto_clear = hours(3);
    Driver d(in_shanghai(rule, 8 * 60, 20 * 60));
    d.hear(0, at(wall(19)), on());
    CHECK(d.windows.next_due() == at(wall(8, 0, 1)));
    CHECK(d.tick(at(wall(8, 0, 1))) == "alert r0 d0 +" + std::to_string(wall(8, 0, 1)) + "s");
    CHECK(d.windows.next_due() == at(wall(11, 0, 1)));
    CHECK(d.hear(0, at(wall(9, 0, 1)), on()) == "cleared r0 +" + std::to_string(wall(9, 0, 1)) + "s");
    CHECK(d.windows.next_due() == at(wall(11, 0, 1)));
    CHECK(d.tick(at(wall(11, 0, 1))) == "alert r0 d0 +" + std::to_string(wall(11, 0, 1)) + "s");
}

TEST_CASE("schedule: none of its days") {
    auto rule = absence(seconds(5));
    rule.only_devices = {DeviceId{0U}};
    Driver d(in_shanghai(rule, 0, 1'440, 0));
    CHECK(d.windows.next_due() == Time::never());
    CHECK(d.hear(0, at(100), on()).empty());
    CHECK(d.tick(at(100'000)).empty());
}

// --- Late signals ------------------------------------------------------------------------------------------------

TEST_CASE("late: smoke still alerts, marked, once a minute, and changes no window") {
    auto rule = threshold();
    rule.hold = seconds(10);
    rule.cooldown = hours(1);
    auto d = with(rule);
    const auto late = [&](Time received, std::vector<model::Value> values) {
        return d.hear(0, received, std::move(values), at(-4'000), TimeVerdict::late);
    };
    CHECK(late(at(60), off()).empty());
    CHECK(late(at(61), on()) == "late alert r0 d0 +61s");
    CHECK(late(at(119), on()).empty());
    CHECK(late(at(120), on()) == "late alert r0 d0 +120s");
    CHECK(d.windows.next_due() == Time::never());
    d.hear(0, at(130), on());
    CHECK(late(at(131), off()).empty());            // clears nothing
    CHECK(d.tick(at(140)) == "alert r0 d0 +140s");  // late alerts start no cooldown
    CHECK(late(at(141), off()).empty());
    CHECK(late(at(200), on()) == "late alert r0 d0 +200s");
    CHECK(d.hear(0, at(201), off()) == "cleared r0 +201s");
}

TEST_CASE("late: the schedule looks at when it happened") {
    Driver d(in_shanghai(threshold(), 22 * 60, 6 * 60));
    CHECK(!d.hear(0, at(wall(9, 0, 1)), on(), at(wall(23)), TimeVerdict::late).empty());
    CHECK(d.hear(1, at(wall(23, 0, 1)), on(), at(wall(12, 0, 1)), TimeVerdict::late).empty());
}

TEST_CASE("late: no other kinds, no other operators") {
    for (const SignalKind kind :
         {SignalKind::smoke, SignalKind::gas, SignalKind::one_key, SignalKind::elder_bracelet,
          SignalKind::child_bracelet, SignalKind::motion, SignalKind::water_level, SignalKind::camera_fall}) {
        auto policy = make_community(kind);
        auto rule = threshold();
        rule.kinds = bit(kind);
        add_rule(policy, rule);
        Driver d(policy);
        const bool alerts =
            kind != SignalKind::motion && kind != SignalKind::water_level && kind != SignalKind::camera_fall;
        CHECK(!d.hear(0, at(9'000), on(), at(0), TimeVerdict::late).empty() == alerts);
    }
    auto policy = make_community(SignalKind::smoke);
    add_rule(policy, count(2, hours(9)));
    auto silence = absence(hours(4));
    silence.only_devices = {DeviceId{0U}};
    add_rule(policy, silence);
    Driver d(policy);
    CHECK(d.hear(0, at(9'000), on(), at(8'000), TimeVerdict::late).empty());
    CHECK(d.hear(0, at(9'001), on(), at(8'001), TimeVerdict::late).empty());
    CHECK(d.windows.next_due() == at(4 * 3'600));
}

// --- Scopes and subjects -----------------------------------------------------------------------------------------

TEST_CASE("only the devices a rule watches") {
    auto policy = make_community(SignalKind::smoke);
    auto rule = threshold();
    rule.within_places = {PlaceId{2U}, PlaceId{5U}};  // one within the other: still once
    add_rule(policy, rule);
    rule.within_places = {PlaceId{1U}};
    rule.only_devices = {DeviceId{2U}, DeviceId{3U}};
    add_rule(policy, rule);
    rule.within_places.clear();
    rule.kinds = bit(SignalKind::gas);
    add_rule(policy, rule);
    policy.devices[3].retired = true;
    Driver d(policy);
    CHECK(d.hear(0, at(1), on()) == "alert r0 d0 +1s");
    CHECK(d.hear(2, at(2), on()) == "alert r0 d2 +2s; alert r1 d2 +2s");
    CHECK(d.hear(3, at(3), on()).empty());  // retired
    CHECK(d.hear(4, at(4), on()).empty());  // in the other building
    CHECK(d.hear(5, at(5), on()).empty());  // a gateway has no kind
}

TEST_CASE("a signal of a kind the device no longer has, or from a device unknown, is passed over") {
    auto policy = make_community(SignalKind::smoke);
    auto rule = threshold();
    rule.kinds = 0xffff;
    add_rule(policy, rule);
    policy.index();
    Windows windows;
    windows.adopt(std::make_shared<const model::Policy>(policy), day);
    model::Signal signal;
    signal.device = DeviceId{0U};
    signal.kind = SignalKind::gas;
    Finding found;
    std::uint32_t nth = 0;
    windows.signal(signal, on(), at(1), TimeVerdict::event, 1, nth, found);
    signal.kind = SignalKind::smoke;
    signal.device = DeviceId{99U};
    windows.signal(signal, on(), at(1), TimeVerdict::event, 2, nth, found);
    windows.prefetch(signal.device);
    signal.device = DeviceId{0U};
    windows.signal(signal, on(), Time::never(), TimeVerdict::event, 3, nth, found);
    CHECK(found.raised.empty());
}

TEST_CASE("due at the same moment: in order of rule, then subject") {
    auto policy = make_community(SignalKind::smoke);
    auto rule = threshold();
    rule.hold = seconds(10);
    add_rule(policy, rule);
    add_rule(policy, rule);
    Driver d(policy);
    for (const std::uint32_t device : {3U, 1U, 2U}) d.hear(device, at(5), on());
    CHECK(d.tick(at(100)) ==
          "alert r0 d1 +15s; alert r0 d2 +15s; alert r0 d3 +15s; alert r1 d1 +15s; alert r1 d2 +15s; alert r1 d3 +15s");
}

// --- Restart and new policies ------------------------------------------------------------------------------------

TEST_CASE("restart: deadlines that passed meanwhile fire at the first occasion, once") {
    auto policy = make_community(SignalKind::smoke);
    auto rule = threshold();
    rule.hold = seconds(10);
    add_rule(policy, rule);
    auto silence = absence(seconds(100));
    silence.only_devices = {DeviceId{1U}};
    add_rule(policy, silence);
    Driver d(policy);
    d.hear(0, at(5), on());
    d.hear(1, at(6), off());
    d.restart(at(5'000));
    CHECK(d.tick(at(5'000)) == "alert r0 d0 +15s; alert r1 d1 +106s");
    d.restart(at(6'000));
    CHECK(d.tick(at(6'000)).empty());
    CHECK(d.hear(0, at(6'001), on()).empty());  // true before and after: no second alert
    CHECK(d.hear(0, at(6'002), off()) == "cleared r0 +6002s");
}

TEST_CASE("restart: a count goes on in the middle") {
    auto d = with(count(3, seconds(60)));
    d.hear(0, at(0), on());
    d.hear(0, at(1), on());
    d.restart(at(30));
    CHECK(d.hear(0, at(40), on()) == "alert r0 d0 +40s");
}

TEST_CASE("a new policy keeps the windows of the rules it keeps, wherever they stand in it") {
    auto old_policy = make_community(SignalKind::smoke);
    auto two = count(2, seconds(600));
    two.code = "two";
    auto gone = threshold();
    gone.code = "gone";
    auto quiet = absence(seconds(600));
    quiet.code = "quiet";
    quiet.only_devices = {DeviceId{0U}};
    add_rule(old_policy, gone);
    add_rule(old_policy, two);
    add_rule(old_policy, quiet);
    Driver d(old_policy);
    CHECK(!d.hear(0, at(0), on()).empty());

    auto new_policy = make_community(SignalKind::smoke);
    auto fresh = absence(seconds(600));
    fresh.code = "fresh";
    fresh.only_devices = {DeviceId{0U}, DeviceId{6U}};
    new_policy.devices.push_back({.code = "d6", .kind = SignalKind::smoke, .place = PlaceId{12U}});
    add_rule(new_policy, quiet);
    add_rule(new_policy, two);
    add_rule(new_policy, fresh);
    d.adopt(new_policy, at(100));
    CHECK(d.hear(6, at(150), on()).empty());
    CHECK(d.hear(0, at(200), on()) == "alert two d0 +200s");
    d.tick(at(750));
    CHECK(d.tick(at(801)) == "alert quiet d0 +800s; alert fresh d0 +800s");
    d.adopt(old_policy, at(900));  // what left and comes back begins anew
    CHECK(d.hear(0, at(901), on()) == "alert gone d0 +901s; cleared quiet +901s");
}

TEST_CASE("a new device under an old rule counts from its own beginning") {
    auto policy = make_community(SignalKind::smoke);
    add_rule(policy, absence(seconds(1'000)));
    Driver d(policy);
    for (std::uint32_t device = 0; device < 5; ++device) d.hear(device, at(500), on());
    policy.devices.push_back({.code = "d6", .kind = SignalKind::smoke, .place = PlaceId{12U}});
    d.adopt(policy, at(900));
    for (std::uint32_t device = 0; device < 5; ++device) d.hear(device, at(1'000), on());
    CHECK(d.tick(at(1'899)).empty());
    CHECK(d.tick(at(1'900)) == "alert r0 d6 +1900s");
}

TEST_CASE("a device that moved keeps its own windows, and speaks for its new home") {
    auto policy = make_community(SignalKind::smoke);
    auto by_device = count(3, seconds(600));
    auto by_home = count(3, seconds(600));
    by_home.key = KeyLevel::home;
    by_home.code = "home";
    add_rule(policy, by_device);
    add_rule(policy, by_home);
    Driver d(policy);
    d.hear(0, at(1), on());
    d.hear(0, at(2), on());
    policy.devices[0].place = PlaceId{8U};
    d.adopt(policy, at(3));
    CHECK(d.hear(0, at(4), on()) == "alert r0 d0 +4s");
    CHECK(d.hear(1, at(5), on()) == "alert home d1 +5s");  // the old home heard two of them
}

TEST_CASE("bytes of another version, or damaged, are refused and change nothing") {
    auto policy = make_community(SignalKind::smoke);
    add_rule(policy, threshold());
    add_rule(policy, count(3, seconds(60)));
    add_rule(policy, absence(hours(1)));
    Driver d(policy);
    for (std::uint32_t device = 0; device < 5; ++device) d.hear(device, at(device), on());
    base::ByteWriter out;
    d.windows.encode(out);
    const std::string good = out.take();
    for (std::size_t n = 0; n < good.size(); ++n) {
        base::ByteReader in(std::string_view(good).substr(0, n));
        const auto result = d.windows.decode(in);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == "data-damaged");
    }
    base::ByteWriter again;
    d.windows.encode(again);
    CHECK(again.view() == good);
    base::SeededRandom random(7);
    for (int i = 0; i < 5'000; ++i) {  // whatever the bytes: no crash, no overflow
        std::string bent = good;
        for (int k = 0; k < 3; ++k) bent[random.below(bent.size())] = static_cast<char>(random.next());
        base::ByteReader in(bent);
        Driver other(policy);
        if (!other.windows.decode(in)) continue;
        for (std::uint32_t device = 0; device < 5; ++device) other.hear(device, at(50), device % 2 == 0 ? on() : off());
        other.tick(at(10'000));
    }
}

TEST_CASE("a copy goes its own way") {
    auto rule = threshold();
    rule.hold = seconds(10);
    auto d = with(rule);
    d.hear(0, at(0), on());
    const Windows copy = d.windows;
    d.hear(0, at(1), off());
    CHECK(d.windows.next_due() == Time::never());
    CHECK(copy.next_due() == at(10));
}

TEST_CASE("windows without a policy") {
    Windows windows;
    Finding found;
    std::uint32_t nth = 0;
    windows.fire_due(at(1), 1, nth, found);
    windows.signal({.device = DeviceId{0U}}, {}, at(1), TimeVerdict::event, 2, nth, found);
    windows.prefetch(DeviceId{0U});
    CHECK(windows.next_due() == Time::never());
    base::ByteWriter out;
    windows.encode(out);
    base::ByteReader in(out.view());
    CHECK(Windows().decode(in));
}
