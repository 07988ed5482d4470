#include "upkeep/health.hpp"

#include <doctest/doctest.h>

namespace shoumen::upkeep {
namespace {

using base::hours;
using base::minutes;
using base::seconds;
using base::Time;

constexpr Time morning{1'772'496'000'000'000};  // 2026-03-03

struct Estate {
    Health health;
    std::vector<Change> changes;
    Time now = morning;

    explicit Estate(std::size_t devices = 3, HealthLimits limits = {}) : health(limits) {
        health.watch(std::vector<Watched>(devices, {true, 1, morning}), now, changes);
        health.look(now, changes);
    }
    void heard(std::uint32_t device, Heard signal = {}) {
        signal.device = device;
        signal.received = now;
        health.heard(signal, changes);
    }
    void wait(base::Duration d) {
        const Time until = now + d;
        while (now < until) {
            now = std::min(now + seconds(30), until);
            health.look(now, changes);
        }
    }
    void reports(std::uint32_t device, base::Duration every, int n) {
        for (int i = 0; i < n; ++i) {
            heard(device);
            wait(every);
        }
    }
    [[nodiscard]] bool has(std::uint32_t device, Finding finding) const {
        return (health.findings(device) >> static_cast<unsigned>(finding) & 1U) != 0;
    }
};

}  // namespace

TEST_CASE("a device that reports every five minutes is silent before an hour is over, one that reports daily is not") {
    Estate estate;
    estate.reports(0, minutes(5), 30);
    CHECK(estate.health.rhythm(0).own);
    CHECK(estate.health.rhythm(0).silent_after <= minutes(30));
    CHECK(estate.health.rhythm(0).silent_after >= minutes(15));
    estate.wait(minutes(35));
    CHECK(estate.has(0, Finding::silent));
    Estate daily(1);
    daily.reports(0, hours(24), 10);
    daily.wait(hours(6));
    CHECK_FALSE(daily.has(0, Finding::silent));
    daily.wait(hours(24 * 4));
    CHECK(daily.has(0, Finding::silent));
    daily.heard(0);
    CHECK_FALSE(daily.has(0, Finding::silent));
    REQUIRE(daily.changes.size() == 2);
    CHECK(daily.changes[0].begins);
    CHECK_FALSE(daily.changes[1].begins);
}

TEST_CASE("until it has a rhythm of its own, a device is held to its model's") {
    Estate estate(20);
    for (int i = 0; i < 10; ++i) {
        for (std::uint32_t d = 0; d < 19; ++d) estate.heard(d);
        estate.wait(minutes(10));
    }
    estate.heard(19);
    CHECK_FALSE(estate.health.rhythm(19).own);
    CHECK(estate.health.rhythm(19).silent_after < hours(1));
    for (int i = 0; i < 7; ++i) {
        for (std::uint32_t d = 0; d < 19; ++d) estate.heard(d);
        estate.wait(minutes(10));
    }
    CHECK(estate.has(19, Finding::silent));
    CHECK_FALSE(estate.has(3, Finding::silent));
}

TEST_CASE("several signals of one report are no rhythm, and a silence that was found is not learned") {
    Estate estate;
    for (int i = 0; i < 20; ++i) {
        for (int k = 0; k < 5; ++k) estate.heard(0);
        estate.wait(minutes(20));
    }
    const auto before = estate.health.rhythm(0);
    CHECK(before.silent_after >= hours(1));
    estate.wait(hours(30));
    REQUIRE(estate.has(0, Finding::silent));
    estate.heard(0);
    CHECK(estate.health.rhythm(0).silent_after == before.silent_after);
}

TEST_CASE("what was never heard, or not for two weeks, is idle and not silent") {
    Estate estate;
    estate.reports(0, minutes(5), 20);
    estate.wait(hours(24 * 15));
    CHECK(estate.has(0, Finding::idle));
    CHECK_FALSE(estate.has(0, Finding::silent));
    CHECK(estate.has(1, Finding::idle));
    estate.heard(1);
    CHECK_FALSE(estate.has(1, Finding::idle));
    CHECK_FALSE(estate.has(1, Finding::silent));
}

TEST_CASE("what falls silent and comes back four times in a day is flapping, until it has kept still for a day") {
    Estate estate;
    estate.reports(0, minutes(5), 20);
    for (int i = 0; i < 4; ++i) {
        CHECK_FALSE(estate.has(0, Finding::flapping));
        estate.wait(minutes(60));
        estate.reports(0, minutes(5), 3);
    }
    CHECK(estate.has(0, Finding::flapping));
    estate.reports(0, minutes(5), 12 * 25);
    CHECK_FALSE(estate.has(0, Finding::flapping));
}

TEST_CASE("low battery and tamper as the device says; a battery at the edge does not flicker") {
    Estate estate;
    estate.heard(0, {.battery_percent = 15, .battery_low = {}, .tamper = {}});
    CHECK(estate.has(0, Finding::low_battery));
    estate.heard(0, {.battery_percent = 20, .battery_low = {}, .tamper = {}});
    CHECK(estate.has(0, Finding::low_battery));
    estate.heard(0, {.battery_percent = 90, .battery_low = {}, .tamper = {}});
    CHECK_FALSE(estate.has(0, Finding::low_battery));
    estate.heard(0, {.battery_percent = {}, .battery_low = true, .tamper = true});
    CHECK(estate.has(0, Finding::low_battery));
    CHECK(estate.has(0, Finding::tamper));
    estate.heard(0, {.battery_percent = {}, .battery_low = false, .tamper = false});
    CHECK(estate.health.findings(0) == 0);
}

TEST_CASE("a clock that is off by the same each time is wrong; reports that were kept for later are not") {
    Estate estate;
    for (int i = 0; i < 3; ++i) {
        estate.heard(0, {.claimed = estate.now + hours(8), .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.heard(1, {.claimed = estate.now - hours(8), .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.wait(minutes(5));
    }
    CHECK(estate.has(0, Finding::clock_wrong));
    CHECK(estate.has(1, Finding::clock_wrong));
    // Two hours of reports come at once, oldest first.
    const Time began = estate.now - hours(2);
    for (int i = 0; i < 24; ++i)
        estate.heard(2, {.claimed = began + minutes(5 * i), .battery_percent = {}, .battery_low = {}, .tamper = {}});
    CHECK(estate.health.findings(2) == 0);
    for (int i = 0; i < 3; ++i) {
        estate.heard(0, {.claimed = estate.now, .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.wait(minutes(5));
    }
    CHECK_FALSE(estate.has(0, Finding::clock_wrong));
}

TEST_CASE("a device that replays yesterday is found, and its clock is not blamed") {
    Estate estate;
    for (int i = 0; i < 20; ++i) {
        estate.heard(0, {.claimed = estate.now, .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.wait(minutes(5));
    }
    for (int i = 0; i < 6; ++i) {
        estate.heard(0, {.claimed = morning + minutes(5 * i), .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.wait(minutes(5));
    }
    CHECK(estate.has(0, Finding::replaying));
    CHECK_FALSE(estate.has(0, Finding::clock_wrong));
}

TEST_CASE("a clock that begins anew in 1970 is wrong, not replaying") {
    Estate estate;
    estate.heard(0, {.claimed = estate.now, .battery_percent = {}, .battery_low = {}, .tamper = {}});
    for (int i = 0; i < 6; ++i) {
        estate.wait(minutes(5));
        estate.heard(0, {.claimed = {1'000'000 * i}, .battery_percent = {}, .battery_low = {}, .tamper = {}});
    }
    CHECK(estate.has(0, Finding::clock_wrong));
    CHECK_FALSE(estate.has(0, Finding::replaying));
}

TEST_CASE("a thousand signals a second are found within a second, and are over when it has been still for a while") {
    Estate estate;
    for (int i = 0; i < 400; ++i) {
        estate.heard(0);
        estate.now = estate.now + base::milliseconds(1);
    }
    REQUIRE(estate.has(0, Finding::flooding));
    CHECK(estate.changes.back().figure > 900);
    CHECK(estate.changes.size() == 1);
    estate.wait(minutes(12));
    CHECK_FALSE(estate.has(0, Finding::flooding));
}

TEST_CASE("the same message again and again is found; a message of its own each time is not") {
    Estate estate;
    for (int i = 0; i < 8; ++i) {
        estate.heard(0, {.what = 77, .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.heard(
            1, {.what = 77U + static_cast<std::uint64_t>(i), .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.heard(2);
        estate.wait(minutes(1));
    }
    CHECK(estate.has(0, Finding::repeating));
    CHECK_FALSE(estate.has(1, Finding::repeating));
    CHECK_FALSE(estate.has(2, Finding::repeating));
}

TEST_CASE("two that speak under one name are found; one that has moved is not") {
    Estate estate;
    for (int i = 0; i < 4; ++i) {
        estate.heard(
            0, {.lane = 1U + static_cast<unsigned>(i) % 2, .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.heard(1, {.lane = i < 2 ? 1U : 2U, .battery_percent = {}, .battery_low = {}, .tamper = {}});
        estate.wait(minutes(1));
    }
    CHECK(estate.has(0, Finding::shared));
    CHECK_FALSE(estate.has(1, Finding::shared));
    // Back to where it was, a day later.
    estate.wait(hours(24));
    estate.heard(1, {.lane = 1, .battery_percent = {}, .battery_low = {}, .tamper = {}});
    CHECK_FALSE(estate.has(1, Finding::shared));
    CHECK_FALSE(estate.has(0, Finding::shared));
}

TEST_CASE("two connections that push each other out are found; a few new beginnings are not") {
    Estate estate;
    for (int i = 0; i < 3; ++i) {
        estate.health.pushed_out(0, estate.now, estate.changes);
        estate.wait(seconds(30));
    }
    CHECK_FALSE(estate.has(0, Finding::shared));
    estate.health.pushed_out(0, estate.now, estate.changes);
    CHECK(estate.has(0, Finding::shared));
    CHECK(estate.changes.back().figure == 4);
    estate.wait(hours(23));
    estate.health.pushed_out(0, estate.now, estate.changes);  // once is no sign that it goes on
    estate.wait(hours(2));
    CHECK_FALSE(estate.has(0, Finding::shared));
    // One that begins anew each five minutes is not two.
    for (int i = 0; i < 30; ++i) {
        estate.health.pushed_out(1, estate.now, estate.changes);
        estate.wait(minutes(5));
    }
    CHECK_FALSE(estate.has(1, Finding::shared));
    estate.health.pushed_out(99, estate.now, estate.changes);
    estate.health.watch(std::vector<Watched>(3, {false, 1, morning}), estate.now, estate.changes);
    for (int i = 0; i < 9; ++i) estate.health.pushed_out(2, estate.now, estate.changes);
    CHECK_FALSE(estate.has(2, Finding::shared));
}

TEST_CASE("what was learned goes on after a restart, and the time nobody listened is no silence") {
    Estate estate;
    estate.reports(0, minutes(5), 30);
    estate.heard(1, {.battery_percent = 3, .battery_low = {}, .tamper = {}});
    base::ByteWriter out;
    estate.health.encode(out);
    Estate later(0);
    base::ByteReader in(out.view());
    REQUIRE(later.health.decode(in));
    CHECK(in.at_end());
    later.now = estate.now + hours(5);
    later.health = [&] {
        Health fresh;
        base::ByteReader again(out.view());
        REQUIRE(fresh.decode(again));
        return fresh;
    }();
    later.health.watch(std::vector<Watched>(3, {true, 1, morning}), later.now, later.changes);
    CHECK(later.health.rhythm(0).silent_after == estate.health.rhythm(0).silent_after);
    CHECK(later.has(1, Finding::low_battery));
    later.wait(minutes(2));
    CHECK_FALSE(later.has(0, Finding::silent));
    later.wait(minutes(30));
    CHECK(later.has(0, Finding::silent));
    for (std::size_t size = 0; size < out.size(); ++size) {
        base::ByteReader cut(out.view().substr(0, size));
        CHECK_FALSE(later.health.decode(cut));
    }
}

TEST_CASE("work that was done is looked at again when the device must have spoken, or what fades has faded") {
    CHECK(look_again_after(Finding::silent, minutes(15), false) == hours(1));
    CHECK(look_again_after(Finding::low_battery, hours(6), false) == hours(6));
    CHECK(look_again_after(Finding::idle, base::days(14), false) == hours(25));
    CHECK(look_again_after(Finding::shared, minutes(15), false) == hours(25));
    CHECK(look_again_after(Finding::silent, minutes(15), true) == base::days(7));
}

TEST_CASE("what is taken out of service has no findings") {
    Estate estate;
    estate.heard(0, {.battery_percent = 3, .battery_low = {}, .tamper = {}});
    REQUIRE(estate.has(0, Finding::low_battery));
    estate.health.watch({{false, 1, morning}, {true, 1, morning}, {true, 1, morning}}, estate.now, estate.changes);
    CHECK(estate.health.findings(0) == 0);
    estate.wait(hours(24 * 20));
    CHECK(estate.health.findings(0) == 0);
}

}  // namespace shoumen::upkeep
