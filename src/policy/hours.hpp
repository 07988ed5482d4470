// Spans of the day in minutes, for proofs about all of them.
#pragma once
#include <string>
#include <vector>

#include "model/calendar.hpp"
#include "model/rule.hpp"

namespace shoumen::policy {

constexpr int minutes_of_day = 24 * 60;

// [from, to) with 0 <= from < to <= 1440; a list of them is in order and disjoint, and none touches the next.
struct Span {
    int from = 0;
    int to = 0;
    bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

// A kind of day as schedules tell them apart.
struct DayKind {
    unsigned weekday = 0;  // 0 Monday
    model::DayClass of{};
};
[[nodiscard]] bool names_day(const model::Schedule& hours, const DayKind& day);
std::string describe(const DayKind& day);  // "mon, a holiday"

// The hours of one day of a schedule: what runs over midnight falls apart into two, of which one is yesterday's.
Spans spans_of(const model::Schedule& hours, const DayKind& yesterday, const DayKind& today);
Spans whole_day();
Spans united(Spans spans);
Spans common(const Spans& a, const Spans& b);
Spans left_of_day(const Spans& spans);

// "22:00-06:00": each run of hours as people write it, what touches over midnight being one.
std::vector<std::string> to_text(const Spans& spans);

}  // namespace shoumen::policy
