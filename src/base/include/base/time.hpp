// Points in time and spans, both in whole microseconds. A Time is UTC since 1970-01-01; nothing here reads a clock.
//
// Text form: RFC 3339 with a zone ("2026-03-03T08:00:00+08:00", "…Z"), up to nine fractional digits (cut to
// microseconds). Supported range: years 1900 to 2200; text outside it is an error. Times without a zone are refused: a
// caller that knows the zone uses Zone::to_utc.
// Spans in text: whole number and unit: "500ms", "30s", "10m", "12h", "7d" (up to 3,650 days).
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::base {

struct Duration {
    std::int64_t us = 0;
    constexpr auto operator<=>(const Duration&) const = default;
    constexpr Duration operator-() const { return {-us}; }
    constexpr Duration operator+(Duration o) const { return {us + o.us}; }
    constexpr Duration operator-(Duration o) const { return {us - o.us}; }
    constexpr Duration operator*(std::int64_t n) const { return {us * n}; }
};

constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return {n * 60'000'000}; }
constexpr Duration hours(std::int64_t n) { return {n * 3'600'000'000}; }
constexpr Duration days(std::int64_t n) { return {n * 86'400'000'000}; }

struct Time {
    std::int64_t us = 0;
    constexpr auto operator<=>(const Time&) const = default;
    constexpr Time operator+(Duration d) const { return {us + d.us}; }
    constexpr Time operator-(Duration d) const { return {us - d.us}; }
    constexpr Duration operator-(Time o) const { return {us - o.us}; }
    // "Not set" and "never": no credible event lies at either.
    static constexpr Time none() { return {std::numeric_limits<std::int64_t>::min()}; }
    static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max()}; }
    [[nodiscard]] constexpr bool is_set() const { return *this != none() && *this != never(); }
};

Result<Time> parse_rfc3339(std::string_view text);
std::string format_utc(Time t);  // "2026-03-03T00:00:00Z", fraction only where there is one
Result<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration d);  // the shortest of the forms above that is exact

// A wall clock time of a place. weekday: 1 Monday … 7 Sunday (ISO 8601). minute: 0 … 1439 of the day.
struct LocalTime {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned weekday = 0;
    int minute = 0;
    int second = 0;
    bool operator==(const LocalTime&) const = default;
};

// Days since 1970-01-01; days before it are 0.
std::uint32_t day_number(int year, unsigned month, unsigned day);

// Offsets of one time zone as plain data, so that the core needs no zone database.
class Zone {
public:
    struct Change {
        Time from;
        std::int32_t offset_s = 0;
        bool operator==(const Change&) const = default;
    };

    Zone() = default;  // UTC
    Zone(std::string name, std::vector<Change> changes);

    [[nodiscard]] Duration offset_at(Time t) const;
    [[nodiscard]] LocalTime local(Time t) const;
    // Local to UTC; in the hour that occurs twice the earlier one, in the hour that is left out the moment of the
    // change.
    [[nodiscard]] Time to_utc(int year, unsigned month, unsigned day, int minute_of_day, int second = 0) const;
    [[nodiscard]] std::string format(Time t) const;  // RFC 3339 with this zone's offset
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
    bool operator==(const Zone&) const = default;

private:
    std::string name_ = "UTC";
    std::vector<Change> changes_;  // ascending; the first holds for all time before it too
};

}  // namespace shoumen::base
