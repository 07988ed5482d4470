// What quiet one home is used to, learned from its own days.
//
// A quiet is the time between two signs of activity. What may be expected of it hangs on where the last sign came from
// (a spot: a device), on whether the way out had moved just before (then somebody has probably left), and on the hour
// of the home's own clock. For each of these the habit keeps how often a quiet was seen and the longest one; both fade
// with a half-life of about two months. A kind of quiet that was seldom seen borrows from the same hour at all spots,
// and that one from the plain rule.
//
// How much longer than usual a quiet must be before it alarms is learned as well: each quiet is scored as a part of
// what was expected of it before it was learned from, and the bar is the score that no more quiets of the last ninety
// days reached than the budget of false alarms allows. A habit that no longer fits (several quiets beyond the bar
// within a month: sensors were swapped, somebody moved in) is dropped, and the plain rule holds until there is a new
// one.
//
// Whole numbers only, so that a node, its replay and another machine agree. No clock: what comes in bears its time,
// both since 1970 in UTC and as the home's clock shows it, so that days of 23 and 25 hours are nothing special. One
// thread. Copyable. The caller keeps away quiets in which nobody could have been heard: a dead gateway teaches nothing.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace shoumen::analyse {

struct HabitTerms {
    std::int64_t plain_s = 0;         // the plain rule: alarm after so long; also the most a habit may ask for indoors
    std::int64_t least_s = 3'600;     // no alarm sooner, whatever was learned
    std::int64_t away_most_s = 0;     // the most it may wait once somebody has left; 0: three times the plain rule
    std::uint32_t alarms_in_90d = 1;  // false alarms allowed
    [[nodiscard]] bool operator==(const HabitTerms&) const = default;
};

// The last sign of activity.
struct Sign {
    std::int64_t at_s = 0;     // UTC
    std::int64_t clock_s = 0;  // as the home's clock shows it, as seconds since 1970
    std::uint32_t spot = 0;
    bool left = false;  // the way out moved just before
    [[nodiscard]] bool operator==(const Sign&) const = default;
};

// When a quiet that began with a sign alarms, and why.
struct Expected {
    std::int64_t alarm_after_s = 0;
    bool learned = false;         // false: the plain rule holds
    std::int64_t usual_s = 0;     // the longest that is usual of its kind
    std::int32_t up_by_min = -1;  // minute of the day by which the home is usually up; −1: not known
};

class Habit {
public:
    static constexpr std::int64_t least_taught_s = 300;  // shorter quiets teach nothing
    static constexpr std::int64_t way_out_s = 60;        // "just before"
    static constexpr std::uint32_t days_before_scores = 7;
    static constexpr std::uint32_t days_before_learned = 14;

    // A quiet that began with `sign` has ended after so long with another sign. In order of time; what is older than
    // the last is passed over. Beyond what it expected: true.
    bool learn(const Sign& sign, std::int64_t quiet_s, const HabitTerms& terms);
    [[nodiscard]] Expected expected(const Sign& sign, const HabitTerms& terms) const;
    [[nodiscard]] std::int64_t alarm_after_s(const Sign& sign, const HabitTerms& terms) const;  // as expected() says
    [[nodiscard]] bool learned() const;
    [[nodiscard]] std::uint32_t days() const { return days_; }  // learned from since it was begun or dropped
    [[nodiscard]] std::uint32_t dropped() const { return dropped_; }
    void drop();  // as if new

    void encode(base::ByteWriter& out) const;
    // False: damaged or of another version; then nothing has changed.
    bool decode(base::ByteReader& in);
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] bool operator==(const Habit&) const = default;

private:
    static constexpr std::size_t most_spots = 32;  // the last of them is all others
    static constexpr std::size_t hours = 24;
    static constexpr std::uint32_t one = 256;  // a quiet just seen
    static constexpr std::size_t epochs = 6;   // of fifteen days
    static constexpr std::size_t kept = 8;     // scores of an epoch
    static constexpr std::size_t mornings = 28;

    struct Cell {
        std::uint32_t longest_s = 0;
        std::uint32_t seen = 0;  // in parts of `one`
        [[nodiscard]] bool operator==(const Cell&) const = default;
    };
    struct Usual {
        std::int64_t seconds = 0;
    };

    [[nodiscard]] std::size_t spot_of(std::uint32_t spot) const;  // its number + 1; spots_.size() + 1: not known yet
    std::size_t add_spot(std::uint32_t spot);
    [[nodiscard]] const Cell& cell(std::size_t spot, bool left, std::size_t hour) const;
    Cell& cell(std::size_t spot, bool left, std::size_t hour);
    struct Around {
        std::int64_t longest_s = 0;
        std::uint64_t seen = 0;
    };
    [[nodiscard]] Around around(std::size_t spot, bool left, std::int64_t second) const;
    [[nodiscard]] std::int64_t usual(const Sign& sign, const HabitTerms& terms) const;
    [[nodiscard]] std::uint32_t bar(const HabitTerms& terms) const;
    [[nodiscard]] std::int64_t alarm_after(const Sign& sign, const HabitTerms& terms, std::int64_t usual_s,
                                           std::uint32_t bar) const;
    void pass_days(std::int64_t day);
    void fade();
    void note_score(std::uint32_t score);
    void note_morning(const Sign& sign, std::int64_t quiet_s, std::int64_t day);

    std::vector<std::uint32_t> spots_;
    std::vector<Cell> cells_ = std::vector<Cell>(2 * hours);  // first of all spots together, then spot by spot
    std::int64_t day_ = 0;                                    // the last on the home's clock; 0: none yet
    std::int64_t last_s_ = 0;                                 // the end of the last quiet
    std::uint32_t days_ = 0;
    std::uint32_t dropped_ = 0;
    std::array<std::array<std::uint32_t, kept>, epochs> scores_{};  // descending; the first is the present one
    std::array<std::uint8_t, epochs> beyond_{};                     // quiets beyond the bar
    std::array<std::uint16_t, mornings> ups_{};                     // 1 + minute; by day; 0: none
    std::uint32_t longest_up_s_ = 0;                                // today's longest quiet that ended in the morning
};

}  // namespace shoumen::analyse
