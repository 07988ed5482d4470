// The community's calendar: which days are holidays, and which Saturdays and Sundays are worked for them (调休).
#pragma once
#include <cstdint>
#include <vector>

namespace shoumen::model {

enum class DayClass : std::uint8_t { workday, weekend, holiday };

// Days are counted since 1970-01-01, as base::day_number() counts them. Lists ascend.
struct Calendar {
    std::vector<std::uint32_t> years;  // that it speaks of
    std::vector<std::uint32_t> off;
    std::vector<std::uint32_t> worked;

    // A day of no list is what its weekday says. weekday: 0 Monday … 6 Sunday.
    [[nodiscard]] DayClass class_of(std::uint32_t day, unsigned weekday) const;
    [[nodiscard]] bool speaks_of(int year) const;
    bool operator==(const Calendar&) const = default;
};

}  // namespace shoumen::model
