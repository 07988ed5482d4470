#include "map_time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/time.hpp"

namespace shoumen::doors {

using base::fail;
using base::Result;

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string_view> since_1970(double number, bool in_seconds, std::string& room) {
    if (!std::isfinite(number) || std::abs(number) > 1e15)
        return fail("bad-time", "the time is neither RFC 3339 nor a number of milliseconds or seconds since 1970",
                    "time");
    const double us = number * (in_seconds ? 1e6 : 1e3);
    if (std::abs(us) > 4e15) return fail("bad-time", "the time lies outside the years 1850 to 2090", "time");
    room = base::format_utc(base::Time{std::llround(us)});
    return room;
}

// A zone stands behind the time of day: Z, or a sign.
bool has_zone(std::string_view text) {
    return text.size() > 19 && text.find_first_of("Zz+-", 19) != std::string_view::npos;
}

}  // namespace

Result<std::string_view> map_time(const model::MapTopic& topic, const model::FlatValue& value, std::string& room) {
    if (std::holds_alternative<std::monostate>(value.value)) return std::string_view();
    if (const auto* number = std::get_if<double>(&value.value)) return since_1970(*number, topic.time_in_seconds, room);
    const auto* text = std::get_if<std::string_view>(&value.value);
    if (text == nullptr)
        return fail("bad-time", "the time is neither RFC 3339 nor a number of milliseconds or seconds since 1970",
                    "time");
    if (is_digits(*text) && (text->size() == 10 || text->size() == 13)) {
        double number = 0;
        std::from_chars(text->data(), text->data() + text->size(), number);
        return since_1970(number, text->size() == 10, room);
    }
    if (!topic.offset_min || has_zone(*text) || text->empty()) return *text;
    std::string written(*text);
    if (is_digits(written) && written.size() == 14)
        written = fmt::format("{}-{}-{}T{}:{}:{}", written.substr(0, 4), written.substr(4, 2), written.substr(6, 2),
                              written.substr(8, 2), written.substr(10, 2), written.substr(12, 2));
    if (written.size() > 10 && written[10] == ' ') written[10] = 'T';
    const int offset = *topic.offset_min;
    room =
        fmt::format("{}{}{:02}:{:02}", written, offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
    return room;
}

}  // namespace shoumen::doors
