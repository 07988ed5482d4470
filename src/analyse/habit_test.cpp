// What a home is used to: learned from made-up lives.
#include "analyse/habit.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace shoumen;
using analyse::Expected;
using analyse::Habit;
using analyse::HabitTerms;
using analyse::Sign;

namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::uint32_t bed = 1, kitchen = 2, hall = 3;
constexpr HabitTerms terms{.plain_s = 12 * hour};

// Days like each other, in a home eight hours east of Greenwich: up by seven, in kitchen and hall by turns with quiets
// of up to an hour, out from nine to eleven, to bed at eleven.
class Life {
public:
    explicit Life(std::uint64_t seed) : random_(seed) {}

    // What a quiet would be allowed as of this moment of the home's clock.
    [[nodiscard]] Expected expected(std::int64_t clock_of_day, std::uint32_t spot, bool left = false) const {
        return habit.expected({now_ - 8 * hour + clock_of_day, now_ + clock_of_day, spot, left}, terms);
    }
    std::uint32_t live(int days, std::uint32_t kitchen_is = kitchen, std::uint32_t bed_is = bed) {
        std::uint32_t beyond = 0;
        for (int i = 0; i < days; ++i) {
            std::int64_t at = 23 * hour - day;
            const auto quiet = [&](std::uint32_t spot, bool left, std::int64_t until) {
                beyond += sign(spot, left, at, until) ? 1 : 0;
                at = until;
            };
            quiet(bed_is, false, 2 * hour + some(30));
            quiet(bed_is, false, 6 * hour + 30 * minute + some(30));
            while (at < 9 * hour) quiet(some(2) > minute ? hall : kitchen_is, false, at + 10 * minute + some(20));
            quiet(hall, true, 11 * hour + some(60));
            while (at < 22 * hour) quiet(some(2) > minute ? hall : kitchen_is, false, at + 10 * minute + some(50));
            now_ += day;
        }
        return beyond;
    }
    bool sign(std::uint32_t spot, bool left, std::int64_t from, std::int64_t until) {
        return habit.learn({now_ + from - 8 * hour, now_ + from, spot, left}, until - from, terms);
    }

    Habit habit;

private:
    std::int64_t some(std::int64_t minutes) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(minutes * minute)));
    }
    base::SeededRandom random_;
    std::int64_t now_ = 20'000 * day;  // midnight of the home's clock
};

}  // namespace

TEST_CASE("until the home is learned the plain rule holds") {
    Life life(1);
    life.live(Habit::days_before_learned);
    CHECK_FALSE(life.habit.learned());
    CHECK(life.expected(15 * hour, kitchen).alarm_after_s == terms.plain_s);
    life.live(1);
    CHECK(life.habit.learned());
    CHECK(life.expected(15 * hour, kitchen).alarm_after_s < terms.plain_s / 3);
}

TEST_CASE("where the last sign was, the hour and the way out each count") {
    Life life(2);
    CHECK(life.live(120) == 0);
    const auto noon = life.expected(14 * hour, kitchen);
    const auto night = life.expected(23 * hour, bed);
    const auto away = life.expected(9 * hour + 10 * minute, hall, true);
    CHECK(noon.learned);
    CHECK(noon.usual_s <= hour + 10 * minute);
    CHECK(noon.alarm_after_s < 2 * hour);
    CHECK(night.usual_s > 3 * hour);
    CHECK(night.alarm_after_s > 2 * noon.alarm_after_s);
    CHECK(away.alarm_after_s >= terms.plain_s);
    // Up between half past six and seven.
    CHECK(night.up_by_min >= 6 * 60 + 50);
    CHECK(night.up_by_min <= 7 * 60);
    // From a spot never heard of, what holds for the hour at all spots.
    const auto unknown = life.expected(14 * hour, 77);
    CHECK(unknown.usual_s >= noon.usual_s);
    CHECK(unknown.alarm_after_s < terms.plain_s);
}

TEST_CASE("a day away, door shut behind, is no alarm; the same quiet at home is one") {
    Life life(3);
    life.live(60);
    CHECK_FALSE(life.sign(hall, true, 9 * hour, 9 * hour + 11 * hour));
    CHECK(life.sign(bed, false, 23 * hour, 23 * hour + 11 * hour));
}

TEST_CASE("one odd quiet lifts the bar no further than the budget says") {
    Life life(4);
    life.live(120);
    const auto before = life.expected(14 * hour, hall).alarm_after_s;
    CHECK(life.sign(kitchen, false, 13 * hour, 20 * hour));
    CHECK(life.expected(14 * hour, hall).alarm_after_s <= before * 5 / 4);
}

TEST_CASE("what changed is forgotten after a season") {
    Life life(5);
    life.live(90);
    life.sign(kitchen, false, 13 * hour, 20 * hour);
    const auto fresh = life.expected(13 * hour, kitchen).usual_s;
    life.live(120);
    CHECK(life.expected(13 * hour, kitchen).usual_s < fresh / 2);
}

TEST_CASE("a gateway dead for two months makes nothing fade") {
    Life life(6);
    life.live(90);
    const auto before = life.expected(23 * hour, bed).usual_s;
    Life after = life;
    after.habit.learn({30'000 * day, 30'000 * day, kitchen, false}, 6 * minute, terms);
    CHECK(after.expected(23 * hour, bed).usual_s >= before * 98 / 100);
    CHECK(after.habit.days() == life.habit.days() + 1);
}

TEST_CASE("bed and kitchen sensor change places: a few alarms at most, then the plain rule until it is learned anew") {
    for (std::uint64_t seed = 10; seed < 20; ++seed) {
        CAPTURE(seed);
        Life life(seed);
        CHECK(life.live(60) == 0);
        const auto beyond = life.live(60, bed, kitchen);
        CHECK(beyond <= 4);
        if (beyond >= 3) CHECK(life.habit.dropped() == 1);
        CHECK(life.live(60, bed, kitchen) == 0);
    }
}

TEST_CASE("somebody else's life in the same home: the habit is dropped, and the plain rule holds") {
    Life life(7);
    life.live(60);
    std::uint32_t beyond = 0;
    std::int64_t noon = 12 * hour;
    for (const std::int64_t minutes : {140, 270, 600}) {
        CHECK(life.habit.learned());
        beyond += life.sign(kitchen, false, noon, noon + minutes * minute) ? 1 : 0;
        noon += day;
    }
    CHECK(beyond == 3);
    CHECK(life.habit.dropped() == 1);
    CHECK_FALSE(life.habit.learned());
    CHECK(life.expected(14 * hour, kitchen).alarm_after_s == terms.plain_s);
}

TEST_CASE("older news and quiets of a few minutes teach nothing") {
    Life life(8);
    life.live(30);
    const Habit before = life.habit;
    CHECK_FALSE(life.sign(kitchen, false, -5 * day, -5 * day + 9 * hour));
    CHECK_FALSE(life.sign(kitchen, false, day, day + Habit::least_taught_s));
    CHECK(life.habit == before);
}

TEST_CASE("days of 23 and 25 hours: hours are those of the home's clock, quiets those of the world") {
    Life spring(9);
    spring.live(60);
    Habit winter = spring.habit;
    // The same life with all clocks an hour on: what the habit says by the home's clock is the same.
    const std::int64_t utc = 20'100 * day;
    winter.learn({utc, utc + 8 * hour, bed, false}, 4 * hour, terms);
    spring.habit.learn({utc - hour, utc + 8 * hour, bed, false}, 4 * hour, terms);
    const Sign sign{utc + day, utc + day + 14 * hour, kitchen, false};
    CHECK(winter.expected(sign, terms).alarm_after_s == spring.habit.expected(sign, terms).alarm_after_s);
}

TEST_CASE("as bytes and back it goes on as if nothing had happened; damaged bytes are refused") {
    Life life(11);
    life.live(75);
    base::ByteWriter out;
    life.habit.encode(out);
    const std::string bytes = out.take();
    base::ByteReader in(bytes);
    Life other = life;
    other.habit = Habit();
    REQUIRE(other.habit.decode(in));
    CHECK(other.habit == life.habit);
    life.live(40);
    other.live(40);
    CHECK(other.habit == life.habit);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        base::ByteReader half(std::string_view(bytes).substr(0, n));
        Habit untouched;
        CHECK_FALSE(untouched.decode(half));
        CHECK(untouched == Habit());
    }
}

TEST_CASE("whatever comes, an alarm stays between the least and the plain rule, and bytes bring the same habit back") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        base::SeededRandom random(seed);
        Habit habit;
        const HabitTerms some{.plain_s = static_cast<std::int64_t>(1 + random.below(30)) * hour,
                              .least_s = static_cast<std::int64_t>(1 + random.below(4)) * hour / 2,
                              .away_most_s = static_cast<std::int64_t>(random.below(50)) * hour,
                              .alarms_in_90d = static_cast<std::uint32_t>(random.below(20))};
        std::int64_t now = static_cast<std::int64_t>(random.below(40'000)) * day;
        for (int i = 0; i < 2'000; ++i) {
            const auto length = static_cast<std::int64_t>(random.below(random.chance(0.02) ? 40 * day : 2 * hour));
            const Sign sign{now, now + static_cast<std::int64_t>(random.below(26)) * hour - 12 * hour,
                            static_cast<std::uint32_t>(random.below(50)), random.chance(0.1)};
            const Expected e = habit.expected(sign, some);
            const std::int64_t least = std::min(some.least_s, some.plain_s);
            if (sign.left && e.learned)
                CHECK((e.alarm_after_s >= some.plain_s &&
                       e.alarm_after_s <= std::max({some.away_most_s, 3 * some.plain_s, some.plain_s})));
            else
                CHECK((e.alarm_after_s >= least && e.alarm_after_s <= some.plain_s));
            const bool was_learned = habit.learned();
            CHECK((!habit.learn(sign, length, some) || (was_learned && length > e.alarm_after_s)));
            now += random.chance(0.01) ? -hour : length;
        }
        base::ByteWriter out;
        habit.encode(out);
        base::ByteReader in(out.view());
        Habit again;
        REQUIRE(again.decode(in));
        CHECK(again == habit);
    }
}
