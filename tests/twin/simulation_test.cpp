// The simulator: what it finds in a good world, in a bad one, and which alerts are one incident.
#include <doctest/doctest.h>

#include "lived.hpp"

using namespace shoumen;
using namespace shoumen::twin_test;

namespace {

// 5 % of all messages lost, 10 % repeated, three smoke alarms with wrong clocks; trouble enough to judge by.
twin::SimulationOptions bad(base::Duration length, std::uint64_t seed) {
    auto o = usual(length, seed);
    o.channel.lose = 0.05;
    o.channel.repeat = 0.10;
    o.channel.wrong_clocks = 3;
    o.channel.outages_per_year = 20;
    o.trouble = 60;
    return o;
}

void judge_bad(base::Duration length, std::uint64_t seed, std::uint64_t fires) {
    CAPTURE(seed);
    const auto report = live(town(216), bad(length, seed));
    const auto& fire = report.real.at("a kitchen burns");
    CHECK(fire.happened >= fires);
    CHECK(static_cast<double>(fire.found) >= 0.99 * static_cast<double>(fire.happened));
    CHECK(fire.delay.p90 <= 60);
    for (const auto& [what, figures] : report.real) {
        CAPTURE(what);
        CHECK(figures.doubled == 0);
    }
    CHECK(report.messages.lost > report.messages.said / 25);
    CHECK(report.counts.repeats > report.messages.said / 15);
    CHECK(report.counts.repeats + report.messages.said - report.messages.lost == report.messages.arrived);
    CHECK(report.counts.signals == report.messages.arrived);
    CHECK(report.counts.clock_wrong > 0);
    CHECK(report.quarantined == 0);
}

void judge_pairs(std::uint32_t episodes, std::uint64_t seed) {
    CAPTURE(seed);
    auto o = usual(base::hours(4) * (static_cast<std::int64_t>(episodes) + 2), seed);
    o.episodes.count = episodes;
    o.crew = {.answers = 1, .forgets = 0};
    const auto report = live(town(72), o);
    CHECK(report.episodes == episodes);
    CHECK(report.episodes_two >= episodes * 2 / 5);
    CHECK(report.episodes_two <= episodes * 3 / 5);
    CHECK(report.pairs.same_cause > episodes);
    // Of all alerts; and with what one rule found of one device counted once, so that no long fire decides it alone.
    for (const twin::Pairs& pairs : {report.pairs, report.sources}) {
        CHECK_MESSAGE(pairs.precision() >= 0.95, pairs.precision());
        CHECK_MESSAGE(pairs.recall() >= 0.95, pairs.recall());
    }
}

}  // namespace

TEST_CASE("the same seed lives the same life, another seed another") {
    auto o = usual(base::hours(30), 7);
    o.trouble = 40;
    o.channel.lose = 0.05;
    o.channel.repeat = 0.1;
    const auto a = live(town(108), o);
    const auto b = live(town(108), o);
    CHECK(a.decisions == b.decisions);
    CHECK(a.messages.arrived == b.messages.arrived);
    CHECK(a.incidents > 10);
    o.seed = 8;
    CHECK(live(town(108), o).decisions != a.decisions);
}

TEST_CASE("in a world without faults everything real is found, and nothing is an incident without a cause") {
    auto o = usual(base::days(8), 3);
    o.trouble = 120;
    o.channel.lag = 0;
    const auto report = live(town(108), o);
    CHECK(report.real.size() > 15);
    for (const auto& [what, f] : report.real) {
        CAPTURE(what);
        CHECK(f.happened > 0);
        CHECK(f.doubled == 0);
    }
    // With so much trouble some is seen to on the way, before its own alarm could be told from the one before.
    for (const char* what : {"a kitchen burns", "a gas leak", "an elder calls for help", "people trapped in a lift",
                             "a call button is pressed"}) {
        CAPTURE(what);
        CHECK(report.real.at(what).found * 20 >= report.real.at(what).happened * 19);
        CHECK(report.real.at(what).delay.p50 <= 30);
    }
    // Twelve hours of silence, and not one more for the plain rule.
    const auto& silent = report.real.at("an elder does not get up");
    CHECK(silent.found > 0);
    CHECK(silent.delay.p50 > 2 * 3'600);
    CHECK(silent.delay.max <= 12.1 * 3'600);
    CHECK(report.precision() >= 0.9);
    for (const char* what : {"a pot boils over: gas rises for a moment", "a step over the border and back"}) {
        CAPTURE(what);
        CHECK(report.nothing.at(what).happened > 0);
        CHECK(report.nothing.at(what).incidents == 0);
    }
    CHECK(report.nothing.at("steam: one smoke alarm alone").found > 0);
}

TEST_CASE("where nobody answers, it climbs and waits; where all do, hardly anything climbs") {
    auto o = usual(base::days(2), 5);
    o.trouble = 30;
    o.crew.answers = 0;
    const auto deaf = live(town(72), o);
    CHECK(deaf.acknowledged.count == 0);
    CHECK(deaf.never_answered > 0);
    CHECK(deaf.escalations > deaf.incidents / 2);
    o.crew.answers = 1;
    o.crew.forgets = 0;
    const auto willing = live(town(72), o);
    CHECK(willing.never_answered == 0);
    CHECK(willing.escalations * 5 < willing.incidents);
    CHECK(willing.closed.count > willing.incidents * 9 / 10);
}

TEST_CASE("who acknowledges and forgets loses the incident again") {
    auto o = usual(base::days(2), 6);
    o.trouble = 30;
    o.crew.forgets = 0.5;
    const auto report = live(town(72), o);
    CHECK(report.escalations > 0);
    CHECK(report.missed_deadlines > 0);
    CHECK(report.closed.count > 0);
}

TEST_CASE("the bad community: no fire overlooked, no incident doubled") { judge_bad(base::days(20), 1, 10); }

TEST_CASE("one cause, one incident: episodes with one cause or two in one building") { judge_pairs(150, 1); }

TEST_SUITE("full") {
    TEST_CASE("half a year of the bad community") {
        for (const std::uint64_t seed : {2, 3, 4}) judge_bad(base::days(60), seed, 30);
    }
    TEST_CASE("a thousand episodes") {
        for (const std::uint64_t seed : {1, 2, 3}) judge_pairs(1'000, seed);
    }
}
