#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <date/date.h>
#include <fmt/core.h>

namespace shoumen::base {
namespace {

constexpr Duration max_span = days(3650);

// Reads exactly `n` decimal digits.
class Digits {
public:
    explicit Digits(std::string_view text) : rest_(text) {}

    bool number(std::size_t n, int& out) {
        if (rest_.size() < n) return false;
        int v = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const char c = rest_[i];
            if (c < '0' || c > '9') return false;
            v = v * 10 + (c - '0');
        }
        rest_.remove_prefix(n);
        out = v;
        return true;
    }
    bool one_of(std::string_view chars) {
        if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return false;
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }
    // 1 to 9 digits as microseconds; what lies beyond the sixth is cut.
    bool fraction(std::int64_t& us) {
        std::size_t n = 0;
        std::int64_t v = 0;
        while (n < rest_.size() && n < 10 && rest_[n] >= '0' && rest_[n] <= '9') {
            if (n < 6) v = v * 10 + (rest_[n] - '0');
            ++n;
        }
        if (n == 0 || n > 9) return false;
        for (std::size_t i = n; i < 6; ++i) v *= 10;
        rest_.remove_prefix(n);
        us = v;
        return true;
    }
    [[nodiscard]] char last() const { return last_; }
    [[nodiscard]] bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
    char last_ = 0;
};

struct Clock {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    std::int64_t us = 0;
    int offset_s = 0;
};

bool read_offset(Digits& in, int& offset_s) {
    if (in.one_of("Zz")) return true;
    if (!in.one_of("+-")) return false;
    const int sign = in.last() == '-' ? -1 : 1;
    int h = 0;
    int m = 0;
    if (!in.number(2, h) || !in.one_of(":") || !in.number(2, m) || h > 23 || m > 59) return false;
    offset_s = sign * (h * 3600 + m * 60);
    return true;
}

bool read(std::string_view text, Clock& c) {
    Digits in(text);
    if (!in.number(4, c.year) || !in.one_of("-") || !in.number(2, c.month) || !in.one_of("-") || !in.number(2, c.day))
        return false;
    if (!in.one_of("Tt ") || !in.number(2, c.hour) || !in.one_of(":") || !in.number(2, c.minute) || !in.one_of(":") ||
        !in.number(2, c.second)) {
        return false;
    }
    if (in.one_of(".") && !in.fraction(c.us)) return false;
    return read_offset(in, c.offset_s) && in.done();
}

std::int64_t days_since_1970(int year, unsigned month, unsigned day) {
    return date::sys_days{date::year{year} / static_cast<int>(month) / static_cast<int>(day)}
        .time_since_epoch()
        .count();
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

void append_shifted(Time t, std::int64_t offset_s, std::string& out) {
    const std::int64_t local = t.us + offset_s * 1'000'000;
    const std::int64_t day = floor_div(local, 86'400'000'000);
    const std::int64_t in_day = local - day * 86'400'000'000;
    const date::year_month_day ymd{date::sys_days{date::days{day}}};
    const std::int64_t s = in_day / 1'000'000;
    const std::int64_t us = in_day % 1'000'000;
    const auto year = static_cast<int>(ymd.year());
    // Each signal, and each act, writes its times: formatting by a pattern took a tenth of reading a payload.
    std::array<char, 26> room{};
    char* at = room.data();
    const auto two = [&](std::int64_t n, char after) {
        *at++ = static_cast<char>('0' + n / 10);
        *at++ = static_cast<char>('0' + n % 10);
        if (after != 0) *at++ = after;
    };
    if (year >= 0 && year <= 9999) {
        two(year / 100, 0);
        two(year % 100, '-');
    } else {
        out += fmt::format("{:04}-", year);  // no time that was read has such a year, but arithmetic may lead there
    }
    two(static_cast<unsigned>(ymd.month()), '-');
    two(static_cast<unsigned>(ymd.day()), 'T');
    two(s / 3600, ':');
    two(s / 60 % 60, ':');
    two(s % 60, us != 0 ? '.' : 0);
    if (us != 0) {
        two(us / 10'000, 0);
        if (us % 1'000 == 0) {
            *at++ = static_cast<char>('0' + us / 1'000 % 10);
        } else {
            two(us / 100 % 100, 0);
            two(us % 100, 0);
        }
    }
    out.append(room.data(), at);
}

struct Unit {
    std::string_view word;
    std::int64_t us;
};
constexpr std::array<Unit, 5> units{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}}};

}  // namespace

std::uint32_t day_number(int year, unsigned month, unsigned day) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(days_since_1970(year, month, day), 0));
}

Result<Time> parse_rfc3339(std::string_view text) {
    Clock c;
    if (!read(text, c)) {
        return fail("bad-time", "not a time of the form 2026-03-03T08:00:00+08:00 (a zone is needed)");
    }
    const date::year_month_day ymd{date::year{c.year}, date::month{static_cast<unsigned>(c.month)},
                                   date::day{static_cast<unsigned>(c.day)}};
    // A leap second counts as the second after it.
    if (!ymd.ok() || c.hour > 23 || c.minute > 59 || c.second > 60)
        return fail("bad-time", "no such date or time of day");
    if (c.year < 1900 || c.year > 2200) return fail("bad-time", "the year must lie between 1900 and 2200");
    const std::int64_t day = date::sys_days{ymd}.time_since_epoch().count();
    const std::int64_t s = day * 86'400 + c.hour * 3600 + c.minute * 60 + c.second - c.offset_s;
    return Time{s * 1'000'000 + c.us};
}

std::string format_utc(Time t) {
    std::string out;
    if (!t.is_set()) return out;
    out.reserve(27);
    append_shifted(t, 0, out);
    out += 'Z';
    return out;
}

Result<Duration> parse_duration(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), n);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (fault == std::errc{} && n >= 0 && !text.empty() && text.front() != '-') {
        for (const Unit& u : units) {
            if (u.word != unit) continue;
            if (n > max_span.us / u.us) return fail("bad-duration", "longer than 3650 days");
            return Duration{n * u.us};
        }
    }
    return fail("bad-duration", "not a span like 500ms, 30s, 10m, 12h or 7d");
}

std::string format_duration(Duration d) {
    for (const Unit& u : units) {
        if (d.us != 0 && d.us % u.us == 0) return fmt::format("{}{}", d.us / u.us, u.word);
    }
    return d.us == 0 ? "0s" : fmt::format("{}us", d.us);
}

Zone::Zone(std::string name, std::vector<Change> changes) : name_(std::move(name)), changes_(std::move(changes)) {}

Duration Zone::offset_at(Time t) const {
    if (changes_.empty()) return {};
    auto next =
        std::upper_bound(changes_.begin(), changes_.end(), t, [](Time v, const Change& c) { return v < c.from; });
    if (next != changes_.begin()) --next;
    return seconds(next->offset_s);
}

LocalTime Zone::local(Time t) const {
    const std::int64_t shifted = t.us + offset_at(t).us;
    const std::int64_t day = floor_div(shifted, 86'400'000'000);
    const auto second = static_cast<int>((shifted - day * 86'400'000'000) / 1'000'000);
    const date::sys_days d{date::days{day}};
    const date::year_month_day ymd{d};
    return {static_cast<int>(ymd.year()),
            static_cast<unsigned>(ymd.month()),
            static_cast<unsigned>(ymd.day()),
            date::weekday{d}.iso_encoding(),
            second / 60,
            second % 60};
}

Time Zone::to_utc(int year, unsigned month, unsigned day, int minute_of_day, int second) const {
    const Time wall{(days_since_1970(year, month, day) * 86'400 + minute_of_day * 60LL + second) * 1'000'000};
    if (changes_.empty()) return wall;
    // Either offset around the day may be the right one; the earlier moment that reads as this wall time wins.
    const Duration before = offset_at(wall - days(1));
    const Duration after = offset_at(wall + days(1));
    const Time early = wall - std::max(before, after);
    const Time late = wall - std::min(before, after);
    if (early + offset_at(early) == wall) return early;
    if (late + offset_at(late) == wall) return late;
    // The clock was put forward over this wall time.
    auto change =
        std::upper_bound(changes_.begin(), changes_.end(), early, [](Time v, const Change& c) { return v < c.from; });
    return change == changes_.end() ? late : change->from;
}

std::string Zone::format(Time t) const {
    if (!t.is_set()) return {};
    const std::int64_t s = offset_at(t).us / 1'000'000;
    const std::int64_t m = (s < 0 ? -s : s) / 60;
    std::string out;
    append_shifted(t, s, out);
    return out + fmt::format("{}{:02}:{:02}", s < 0 ? '-' : '+', m / 60, m % 60);
}

}  // namespace shoumen::base
