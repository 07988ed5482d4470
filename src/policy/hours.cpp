#include "hours.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace shoumen::policy {

namespace {

std::string text_of(int from, int to) {
    return fmt::format("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60);
}

}  // namespace

Spans whole_day() { return {{0, minutes_of_day}}; }

bool names_day(const model::Schedule& hours, const DayKind& day) {
    return ((hours.weekdays >> day.weekday) & 1U) != 0 ||
           ((hours.day_classes >> static_cast<unsigned>(day.of)) & 1U) != 0;
}

std::string describe(const DayKind& day) {
    constexpr const char* weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    constexpr const char* classes[] = {"worked", "a weekend", "a holiday"};
    return fmt::format("{}, {}", weekdays[day.weekday], classes[static_cast<std::size_t>(day.of)]);
}

Spans spans_of(const model::Schedule& hours, const DayKind& yesterday, const DayKind& today) {
    const int from = hours.from_minute;
    const int to = hours.to_minute;
    const bool now = names_day(hours, today);
    if (from == to || (from == 0 && to == minutes_of_day)) return now ? whole_day() : Spans{};
    if (from < to) return now ? Spans{{from, to}} : Spans{};
    Spans spans;
    if (names_day(hours, yesterday)) spans.push_back({0, to});
    if (now) spans.push_back({from, minutes_of_day});
    return spans;
}

Spans united(Spans spans) {
    std::ranges::sort(spans, {}, &Span::from);
    Spans out;
    for (const Span& s : spans) {
        if (s.from >= s.to) continue;
        if (!out.empty() && s.from <= out.back().to)
            out.back().to = std::max(out.back().to, s.to);
        else
            out.push_back(s);
    }
    return out;
}

Spans common(const Spans& a, const Spans& b) {
    Spans out;
    for (const Span& x : a) {
        for (const Span& y : b) {
            const Span both{std::max(x.from, y.from), std::min(x.to, y.to)};
            if (both.from < both.to) out.push_back(both);
        }
    }
    return united(std::move(out));
}

Spans left_of_day(const Spans& spans) {
    Spans out;
    int at = 0;
    for (const Span& s : spans) {
        if (at < s.from) out.push_back({at, s.from});
        at = s.to;
    }
    if (at < minutes_of_day) out.push_back({at, minutes_of_day});
    return out;
}

std::vector<std::string> to_text(const Spans& spans) {
    std::vector<std::string> out;
    const bool over_midnight = spans.size() > 1 && spans.front().from == 0 && spans.back().to == minutes_of_day;
    for (std::size_t i = over_midnight ? 1 : 0; i < spans.size(); ++i) {
        const bool last = i + 1 == spans.size();
        out.push_back(text_of(spans[i].from, last && over_midnight ? spans.front().to : spans[i].to));
    }
    return out;
}

}  // namespace shoumen::policy
