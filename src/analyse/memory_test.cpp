// By person and by gateway, what has changed and what is flat, and what else rules may ask since.
#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::analyse;
using namespace shoumen::analyse::testing;
using base::seconds;
using model::KeyLevel;
using model::Operator;
using model::Rule;
using model::SignalKind;
using model::TimeVerdict;

// --- Whose it is, what has changed, what is flat -------------------------------------------------------------------

TEST_CASE("by person: a bracelet and the sensors of the home are one subject, wherever they are") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion) | bit(SignalKind::elder_bracelet);
    rule.op = Operator::absence;
    rule.key = KeyLevel::person;
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::motion);
    policy.persons = {"e-1", "e-2"};
    policy.devices[0].person = model::WatchedId{1U};
    policy.devices[3].kind = SignalKind::elder_bracelet;  // in another building
    policy.devices[3].person = model::WatchedId{1U};
    add_rule(policy, rule);
    Driver d(policy);
    CHECK(d.hear(0, at(10), on()).empty());
    CHECK(d.hear(2, at(50), on()).empty());  // nobody's: not watched
    CHECK(d.hear(3, at(90), on()).empty());
    d.restart(at(95));
    CHECK(d.tick(at(189)).empty());
    CHECK(d.tick(at(190)) == "alert r0 d3 +190s");
    CHECK(d.alerts.back().place == PlaceId{12U});  // where the bracelet was
    CHECK(d.hear(0, at(200), on()) == "cleared r0 +200s");
}

TEST_CASE("by person: nobody's signal ever came: the place is that of the first device") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.op = Operator::absence;
    rule.key = KeyLevel::person;
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::motion);
    policy.persons = {"e-1"};
    policy.devices[2].person = policy.devices[3].person = model::WatchedId{0U};
    add_rule(policy, rule);
    Driver d(policy);
    CHECK(d.tick(at(100)) == "alert r0 b1u1h2 +100s");
}

TEST_CASE("by gateway: all homes behind it falling quiet are one alert, at the gateway") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.op = Operator::absence;
    rule.key = KeyLevel::gateway;
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::motion);
    for (const std::uint32_t device : {0U, 2U, 3U}) policy.devices[device].gateway = DeviceId{5U};
    add_rule(policy, rule);
    Driver d(policy);
    d.hear(0, at(10), on());
    d.hear(3, at(20), on());
    CHECK(d.tick(at(500)) == "alert r0 gw +120s");
    CHECK(d.alerts.back().place == PlaceId{2U});
    CHECK(d.alerts.size() == 1);
    CHECK(d.hear(2, at(600), on()) == "cleared r0 +600s");
}

TEST_CASE("changed: a report with the value as before is no activity, the first is none either") {
    Rule rule;
    rule.kinds = bit(SignalKind::door_contact);
    rule.op = Operator::absence;
    rule.where = {{.field = flag, .compare = model::Compare::changed}};
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::door_contact);
    add_rule(policy, rule);
    policy.rules[0].only_devices = {DeviceId{0U}};
    Driver d(policy);
    d.hear(0, at(10), on());
    CHECK(d.tick(at(100)) == "alert r0 d0 +100s");
    CHECK(d.hear(0, at(110), on()).empty());                           // a routine report
    CHECK(d.hear(0, at(115), {model::Value::real(flag, 1)}).empty());  // says the same
    CHECK(d.hear(0, at(120), measure(5)).empty());                     // nothing of it
    CHECK(d.hear(0, at(130), off()) == "cleared r0 +130s");
    CHECK(d.hear(0, at(131), on(), at(128), TimeVerdict::event).empty());  // older news
    d.restart(at(140));
    d.hear(0, at(200), off());  // still as before the restart
    CHECK(d.tick(at(230)) == "alert r0 d0 +230s");
    d.adopt(policy, at(240));
    CHECK(d.hear(0, at(250), off()).empty());
    CHECK(d.hear(0, at(260), on()) == "cleared r0 +260s");
}

TEST_CASE("changed: counts and sequences count changes alone, of words too") {
    Rule count;
    count.kinds = bit(SignalKind::door_access);
    count.op = Operator::count;
    count.at_least = 2;
    count.within = seconds(60);
    count.where = {{.field = action, .compare = model::Compare::changed}};
    Rule sequence;
    sequence.kinds = count.kinds;
    sequence.op = Operator::sequence;
    sequence.within = seconds(60);
    sequence.events = {{.where = {is_true(flag)}}, {.where = {{.field = level, .compare = model::Compare::changed}}}};
    model::Policy policy = make_community(SignalKind::door_access);
    add_rule(policy, count);
    add_rule(policy, sequence);
    Driver d(policy);
    const auto word = [](SymbolId s) { return std::vector{model::Value::symbol(action, s)}; };
    d.hear(0, at(0), word(emergency));
    d.hear(0, at(1), word(emergency));
    d.hear(0, at(2), word(test_press));
    CHECK(d.hear(0, at(3), word(test_press)).empty());
    CHECK(d.hear(0, at(4), {model::Value::text(action, 9)}) == "alert r0 d0 +4s");
    CHECK(d.hear(0, at(5), {model::Value::text(action, 10)}).empty());  // texts are not told apart
    d.hear(0, at(10), measure(7));
    d.hear(0, at(11), on());
    CHECK(d.hear(0, at(12), measure(7)).empty());
    CHECK(d.hear(0, at(13), measure(8)) == "alert r1 d0 +13s");
}

TEST_CASE("flat: no alert while the device heard last had a flat battery; a new one counts anew") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.op = Operator::absence;
    rule.key = KeyLevel::home;
    rule.where = {is_true(flag)};
    rule.flat = {compares(level, model::Compare::at_most, 5)};
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::motion);
    add_rule(policy, rule);
    policy.rules[0].within_places = {PlaceId{5U}};
    Driver d(policy);
    d.hear(0, at(0), measure(4));
    d.hear(1, at(1), measure(90));
    SUBCASE("the other was heard last") {
        d.hear(0, at(2), on());
        d.hear(1, at(3), on());
        CHECK(d.tick(at(103)) == "alert r0 d1 +103s");
    }
    SUBCASE("it was heard last") {
        d.hear(1, at(2), on());
        d.hear(0, at(3), on());
        d.restart(at(50));
        CHECK(d.tick(at(500)).empty());
        CHECK(d.hear(1, at(510), measure(90)).empty());  // not its battery
        d.restart(at(520));
        CHECK(d.tick(at(700)).empty());
        SUBCASE("until it has a new one") {
            CHECK(d.hear(0, at(710), measure(100)).empty());
            CHECK(d.tick(at(809)).empty());
            CHECK(d.tick(at(810)) == "alert r0 d0 +810s");
        }
        SUBCASE("until somebody is about") {
            CHECK(d.hear(1, at(710), on()).empty());
            CHECK(d.tick(at(810)) == "alert r0 d1 +810s");
        }
    }
}

TEST_CASE("memory is laid out only for devices whose rules ask for it") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.op = Operator::count;
    rule.at_least = 2;
    rule.within = seconds(60);
    const auto bytes = [&](std::uint32_t kinds) {
        model::Policy policy = make_community(SignalKind::motion);
        rule.kinds = kinds;
        add_rule(policy, rule);
        policy.index();
        Windows windows;
        windows.adopt(std::make_shared<const model::Policy>(policy), day);
        return windows.bytes();
    };
    const std::size_t without = bytes(bit(SignalKind::motion));
    rule.where = {{.field = flag, .compare = model::Compare::changed}};
    CHECK(bytes(bit(SignalKind::motion)) >= without + std::size_t{5} * 24);
    CHECK(bytes(bit(SignalKind::smoke)) < without);
}

TEST_CASE("the windows' bytes of the forms before are read") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.op = Operator::absence;
    rule.within = seconds(100);
    model::Policy policy = make_community(SignalKind::motion);
    add_rule(policy, rule);
    Driver d(policy);
    d.hear(0, at(50), on());
    base::ByteWriter out;
    d.windows.encode(out);
    std::string bytes = out.take();
    for (const char form : {3, 2}) {
        bytes.pop_back();  // no habits; then no memories either
        bytes[0] = form;
        base::ByteReader in(bytes);
        REQUIRE(d.windows.decode(in));
        CHECK(in.at_end());
    }
    CHECK(d.windows.next_due() == at(100));
    CHECK(d.tick(at(160)).find("alert r0 d0 +150s") != std::string::npos);
    bytes[0] = 4;
    base::ByteReader other(bytes);
    CHECK_FALSE(d.windows.decode(other));
}

TEST_CASE("an alert says which it renews") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.raise = is_true(flag);
    rule.repeat = seconds(60);
    model::Policy policy = make_community(SignalKind::motion);
    add_rule(policy, rule);
    Driver d(policy);
    d.hear(0, at(0), on());
    d.hear(0, at(70), on());
    d.hear(0, at(80), off());
    d.hear(0, at(90), on());
    REQUIRE(d.alerts.size() == 3);
    CHECK(!d.alerts[0].renews.valid());
    CHECK(d.alerts[1].renews == d.alerts[0].id);
    CHECK(!d.alerts[2].renews.valid());
}

TEST_CASE("a schedule by calendar opens on the next holiday, though it lies months ahead, or never") {
    Rule rule;
    rule.kinds = bit(SignalKind::motion);
    rule.raise = is_true(flag);
    rule.during = model::Schedule{0, 1'440, 0, 4};
    model::Policy policy = make_community(SignalKind::motion);
    add_rule(policy, rule);
    SUBCASE("months ahead") {
        policy.calendar = {.years = {2026}, .off = {base::day_number(2026, 10, 1)}};
        Driver d(policy);
        d.hear(0, at(0), on());
        const Time there = policy.zone.to_utc(2026, 10, 1, 0);
        CHECK(d.windows.next_due() == there);
        CHECK(d.tick(there).starts_with("alert r0 d0"));
    }
    SUBCASE("never") {
        Driver d(policy);
        d.hear(0, at(0), on());
        CHECK(d.windows.next_due() == Time::never());
    }
}
