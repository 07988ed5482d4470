#include "app/sample_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shoumen::app {
namespace {

namespace json = boost::json;
using base::fail;

constexpr double greatest = 1e6;  // of a value: no sensor says more

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

struct When {
    base::Time time;
    bool dated = false;
};

std::optional<When> when_in(double number) {
    if (std::abs(number) >= 1e11) number /= 1e3;
    if (!(std::abs(number) < 7e9)) return std::nullopt;
    return When{{static_cast<std::int64_t>(std::llround(number * 1e6))}, number >= 1e9};
}

std::optional<When> when_in(std::string_view text) {
    if (const auto number = number_in(text)) return when_in(*number);
    const auto time = base::parse_rfc3339(text);
    return time ? std::optional(When{*time, true}) : std::nullopt;
}

tl::unexpected<base::Error> bad_time() {
    return fail("bad-line",
                "the time cannot be read: write RFC 3339 with a zone (2026-03-03T08:00:00.031+08:00), or seconds or "
                "milliseconds as a number");
}

tl::unexpected<base::Error> bad_value(std::string_view name) {
    return fail("bad-line", fmt::format("{}: write a number between -1e6 and 1e6", name));
}

}  // namespace

SampleLines::SampleLines(std::vector<std::string> names) : names_(std::move(names)) {
    for (std::size_t i = 0; i <= names_.size(); ++i) columns_.push_back(i);
    fewest_ = names_.size() + 1;
}

base::Result<std::optional<Sample>> SampleLines::read(std::string_view line) {
    if (line.size() > longest) return fail("bad-line", fmt::format("longer than {} bytes", longest));
    line = trimmed(line);
    if (line.empty()) return std::nullopt;
    return line.front() == '{' ? read_json(line) : read_cells(line);
}

base::Result<std::optional<Sample>> SampleLines::read_json(std::string_view line) const {
    boost::system::error_code ec;
    const json::value parsed = json::parse(line, ec);
    const json::object* object = ec ? nullptr : parsed.if_object();
    if (!object)
        return fail("bad-line", "no JSON object: write {\"time\": …, \"" + names_.front() + "\": …} on one line");
    const json::value* time = object->if_contains("time");
    std::optional<When> when;
    if (time && time->is_string()) when = when_in(std::string_view(time->get_string()));
    if (time && time->is_number()) when = when_in(time->to_number<double>());
    if (!when) return bad_time();
    Sample sample{when->time, when->dated, {}};
    for (const std::string& name : names_) {
        const json::value* value = object->if_contains(name);
        const double number = value && value->is_number() ? value->to_number<double>() : NAN;
        if (!(std::abs(number) <= greatest)) return bad_value(name);
        sample.values.push_back(number);
    }
    return sample;
}

// The first line is a header where it names the columns.
bool SampleLines::take_header(const std::vector<std::string_view>& cells) {
    std::vector<std::size_t> columns;
    const auto look_for = [&](std::string_view name) {
        const auto found = std::ranges::find(cells, name);
        if (found != cells.end()) columns.push_back(static_cast<std::size_t>(found - cells.begin()));
    };
    look_for("time");
    for (const std::string& name : names_) look_for(name);
    if (columns.size() != columns_.size()) return false;
    columns_ = columns;
    fewest_ = std::ranges::max(columns_) + 1;
    return true;
}

base::Result<std::optional<Sample>> SampleLines::read_cells(std::string_view line) {
    std::vector<std::string_view> cells;
    for (std::size_t from = 0; from <= line.size();) {
        const std::size_t to = std::min(line.find(',', from), line.size());
        cells.push_back(trimmed(line.substr(from, to - from)));
        from = to + 1;
    }
    if (!std::exchange(begun_, true) && take_header(cells)) return std::nullopt;
    if (cells.size() < fewest_)
        return fail("bad-line", fmt::format("{} cells where {} are needed: time,{}", cells.size(), fewest_,
                                            fmt::join(names_, ",")));
    const auto when = when_in(cells[columns_.front()]);
    if (!when) return bad_time();
    Sample sample{when->time, when->dated, {}};
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const auto value = number_in(cells[columns_[i + 1]]);
        if (!value || std::abs(*value) > greatest) return bad_value(names_[i]);
        sample.values.push_back(*value);
    }
    return sample;
}

}  // namespace shoumen::app
