// Absences that learn, through the windows: what teaches, what does not, and that nothing of it is lost.
#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::analyse;
using namespace shoumen::analyse::testing;
using base::hours;
using base::minutes;
using model::KeyLevel;
using model::Operator;
using model::Rule;
using model::SignalKind;

namespace {

// Devices 0 and 1 are in home 5; `flag` of either is a sign, `level` is none; a sign with the word `action` is the way
// out.
Rule learning() {
    Rule rule;
    rule.code = "quiet";
    rule.kinds = bit(SignalKind::motion);
    rule.within_places = {PlaceId{5U}};
    rule.op = Operator::absence;
    rule.key = KeyLevel::home;
    rule.where = {is_true(flag)};
    rule.within = hours(12);
    rule.at_least = 1;
    rule.hold = hours(1);
    rule.unless = model::Event{.where = {is_word(action, emergency)}};
    return rule;
}

model::Policy home(const Rule& rule) {
    model::Policy policy = make_community(SignalKind::motion);
    add_rule(policy, rule);
    return policy;
}

std::vector<model::Value> sign() { return {model::Value::boolean(flag, true)}; }
std::vector<model::Value> way_out() {
    return {model::Value::boolean(flag, true), model::Value::symbol(action, emergency)};
}
std::vector<model::Value> report() { return {model::Value::real(level, 1)}; }

// A sign every half an hour for so many days, from both devices by turns. The moment of the last.
Time live(Driver& d, int days, Time from = day) {
    Time now = from;
    for (int i = 1; i <= days * 48; ++i) {
        now = from + minutes(30 * i);
        CHECK(d.hear(static_cast<std::uint32_t>(i % 2), now, sign()) == "");
    }
    return now;
}

}  // namespace

TEST_CASE("a learned home alerts hours before the plain rule; one that is not learned by it") {
    Driver d(home(learning()));
    Time last = live(d, 13);
    CHECK(d.tick(last + hours(12) - minutes(1)) == "");
    CHECK(d.tick(last + hours(12)) != "");
    CHECK(d.alerts.size() == 1);

    Driver learned(home(learning()));
    last = live(learned, 30);
    CHECK(learned.tick(last + minutes(60)) == "");
    CHECK(learned.tick(last + hours(3)) != "");
    REQUIRE(learned.alerts.size() == 1);
    const Time alerted = learned.alerts.back().at;
    CHECK(alerted > last + minutes(60));
    CHECK(learned.hear(0, alerted + hours(2), sign()).starts_with("cleared "));
}

TEST_CASE("the alert says why in words: since when, whether somebody left, what is usual") {
    Driver d(home(learning()));
    Time last = live(d, 30);
    CHECK(d.tick(last + hours(12)) != "");
    REQUIRE(d.reasons.size() == 1);
    const QuietReason& why = d.reasons.back();
    CHECK(why.alert == d.alerts.back().id);
    CHECK(why.since == last);
    CHECK(why.learned);
    CHECK_FALSE(why.left);
    CHECK(why.usual >= minutes(30));
    CHECK(why.usual < hours(3));
    CHECK(why.spot == DeviceId{0U});
    CHECK(to_words({.alert = {},
                    .since = Time{1'000'000'000},
                    .left = true,
                    .learned = true,
                    .usual = minutes(100),
                    .up_by_minute = 450,
                    .spot = {}}) == "quiet since=1000 left=yes learned=yes usual_min=100 up_by_min=450");
    CHECK(to_words({.alert = {}, .since = Time{-1}, .left = false, .learned = false, .usual = {}, .spot = {}}) ==
          "quiet since=-1 left=no learned=no");
}

TEST_CASE("whoever has left may be silent for longer than the plain rule asks of a home") {
    Driver d(home(learning()));
    Time now = day;
    for (int i = 0; i < 20; ++i) {
        now = live(d, 1, now);
        CHECK(d.hear(0, now, way_out()) == "");
    }
    // A sign just after the door moved, and then nothing.
    CHECK(d.hear(0, now + minutes(10), way_out()) == "");
    CHECK(d.hear(1, now + minutes(10) + base::seconds(20), sign()) == "");
    CHECK(d.tick(now + minutes(10) + hours(12)) == "");
    CHECK(d.tick(now + minutes(11) + hours(36)) != "");  // three times as long at most
}

TEST_CASE("a habit outlives a restart and a changed rule, and goes on as if nothing had happened") {
    for (const bool restarts : {false, true}) {
        CAPTURE(restarts);
        Driver d(home(learning()));
        Time last = live(d, 30);
        if (restarts) d.restart(last);
        Rule changed = learning();
        changed.identity = base::sha256("changed");
        changed.severity = model::Severity::red;
        d.adopt(home(changed), last);
        last = live(d, 1, last);
        CHECK(d.tick(last + minutes(60)) == "");
        CHECK(d.tick(last + hours(3)) != "");
        Driver other = d;
        other.restart(last + hours(3));
        CHECK(other.hear(0, last + hours(4), sign()) == d.hear(0, last + hours(4), sign()));
        base::ByteWriter one, two;
        d.windows.encode(one);
        other.windows.encode(two);
        CHECK(one.view() == two.view());
    }
}

TEST_CASE("a dead gateway teaches nothing, and routine reports are no activity") {
    Rule rule = learning();
    rule.link = minutes(75);
    Driver d(home(rule));
    Time now = day;
    for (int i = 1; i <= 30 * 48; ++i) {
        now = day + minutes(30 * i);
        CHECK(d.hear(0, now, sign()) == "");
        CHECK(d.hear(1, now + minutes(15), report()) == "");
    }
    // The whole home is unheard for ten days.
    now = now + hours(240);
    CHECK(d.hear(1, now, report()) == "");
    CHECK(d.alerts.empty());
    CHECK(d.hear(0, now + minutes(5), sign()) == "");
    now = now + minutes(5);
    // Reports go on, signs do not: that is a silent person.
    std::string said;
    for (int i = 1; i <= 10 && said.empty(); ++i) said = d.hear(1, now + minutes(15 * i), report());
    CHECK(said.starts_with("alert "));
    CHECK(d.alerts.back().at > now + minutes(60));
}

TEST_CASE("bytes of the version before habits are read; damaged ones are refused and change nothing") {
    Driver d(home(learning()));
    const Time last = live(d, 20);
    base::ByteWriter out;
    d.windows.encode(out);
    const std::string bytes = out.take();
    for (std::size_t n = bytes.size() - 200; n < bytes.size(); ++n) {
        base::ByteReader in(std::string_view(bytes).substr(0, n));
        CHECK_FALSE(d.windows.decode(in));
    }
    base::ByteWriter again;
    d.windows.encode(again);
    CHECK(again.view() == bytes);
    CHECK(d.tick(last + hours(6)) != "");
}
