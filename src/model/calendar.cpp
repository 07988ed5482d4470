#include "model/calendar.hpp"

#include <algorithm>

namespace shoumen::model {

DayClass Calendar::class_of(std::uint32_t day, unsigned weekday) const {
    if (std::ranges::binary_search(off, day)) return DayClass::holiday;
    if (weekday < 5 || std::ranges::binary_search(worked, day)) return DayClass::workday;
    return DayClass::weekend;
}

bool Calendar::speaks_of(int year) const {
    return year > 0 && std::ranges::binary_search(years, static_cast<std::uint32_t>(year));
}

}  // namespace shoumen::model
