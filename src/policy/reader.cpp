#include "reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <date/date.h>

namespace shoumen::policy {

namespace {

// Seven weekdays, then the classes in the order of model::DayClass.
constexpr auto day_words = std::to_array<std::string_view>(
    {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "workdays", "weekends", "holidays"});

// "HH:MM" as minutes of the day, 24:00 included; -1 when it is none.
int read_minute(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return -1;
    const auto two = [&](std::size_t at) {
        const char tens = text[at];
        const char ones = text[at + 1];
        const bool digits = tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9';
        return digits ? (tens - '0') * 10 + (ones - '0') : -1;
    };
    const int hour = two(0);
    const int minute = two(3);
    if (hour < 0 || minute < 0 || hour > 24 || minute > 59 || (hour == 24 && minute > 0)) return -1;
    return hour * 60 + minute;
}

}  // namespace

std::string_view describe(Node::Type type) {
    switch (type) {
        case Node::Type::empty:
            return "empty";
        case Node::Type::text:
            return "a single value";
        case Node::Type::list:
            return "a list";
        case Node::Type::map:
            return "a map of keys";
    }
    return "";
}

void wrong_type(const Source& source, const Node& node, std::string_view what, std::string_view wanted) {
    source.at(node.line, "wrong-type", fmt::format("{} is {}: it should be {}", what, describe(node.type), wanted));
}

Fields::Fields(const Source& source, const Node& node, std::string_view what,
               std::initializer_list<std::string_view> known)
    : source_(source), line_(node.line), what_(what) {
    if (!node.is(Node::Type::map)) {
        wrong_type(source, node, what, "a map of keys");
        return;
    }
    map_ = &node;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const Node& key = node.items[i];
        if (!key.is(Node::Type::text))
            source.at(key.line, "wrong-type",
                      fmt::format("a key of {} is {}: keys are words", what, describe(key.type)));
        else if (std::ranges::find(known, key.text) == known.end())
            source.at(key.line, "unknown-key",
                      fmt::format("{} has no key {}{}", what, quote(key.text), source.report.suggest(key.text, known)));
    }
}

const Node* Fields::find(std::string_view key) const {
    if (!map_) return nullptr;
    for (std::size_t i = 0; i + 1 < map_->items.size(); i += 2) {
        if (map_->items[i].is(Node::Type::text) && map_->items[i].text == key) return &map_->items[i + 1];
    }
    return nullptr;
}

const Node* Fields::need(std::string_view key) const {
    const Node* found = find(key);
    if (!found && map_) source_.at(line_, "missing-key", fmt::format("{} needs the key '{}'", what_, key));
    return found;
}

std::optional<std::string_view> read_text(const Source& source, const Node& node, std::string_view what) {
    if (!node.is(Node::Type::text) || node.text.empty()) {
        wrong_type(source, node.text.empty() && node.is(Node::Type::text) ? Node{.line = node.line} : node, what,
                   "a word");
        return std::nullopt;
    }
    return node.text;
}

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

std::optional<std::string> read_code(const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    if (is_code(*text)) return std::string(*text);
    source.at(node.line, "bad-code",
              fmt::format("{} {} is no code: 1 to 64 letters, digits, '.', '_' and '-' of ASCII", what, quote(*text)));
    return std::nullopt;
}

std::optional<model::Names> read_names(const Source& source, const Node& node) {
    const Fields fields(source, node, "name", {"zh", "en"});
    if (!fields.is_map()) return std::nullopt;
    model::Names names;
    const auto read = [&](std::string_view key, std::string& into) {
        const Node* value = fields.need(key);
        const auto text = value ? read_text(source, *value, key) : std::nullopt;
        if (!text) return false;
        if (text->size() > 200) {
            source.at(value->line, "out-of-range", "a name is longer than 200 bytes: shorten it");
            return false;
        }
        into = *text;
        return true;
    };
    const bool zh = read("zh", names.zh);
    const bool en = read("en", names.en);
    return zh && en ? std::optional(names) : std::nullopt;
}

std::optional<bool> read_bool(const Source& source, const Node& node, std::string_view what) {
    if (node.is(Node::Type::text) && !node.quoted) {
        if (node.text == "true") return true;
        if (node.text == "false") return false;
    }
    source.at(node.line, "wrong-type", fmt::format("{} is true or false", what));
    return std::nullopt;
}

namespace {

template <class Number>
std::optional<Number> read_integer(const Source& source, const Node& node, std::string_view what, Number least,
                                   Number most) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    Number value = 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (end != text->data() + text->size() || fault == std::errc::invalid_argument) {
        source.at(node.line, "bad-number", fmt::format("{} {} is no whole number", what, quote(*text)));
        return std::nullopt;
    }
    if (fault != std::errc{} || value < least || value > most) {
        source.at(node.line, "out-of-range", fmt::format("{} lies between {} and {}", what, least, most));
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::optional<std::uint32_t> read_whole(const Source& source, const Node& node, std::string_view what,
                                        std::uint32_t least, std::uint32_t most) {
    return read_integer(source, node, what, least, most);
}

std::optional<std::int32_t> read_signed(const Source& source, const Node& node, std::string_view what,
                                        std::int32_t least, std::int32_t most) {
    return read_integer(source, node, what, least, most);
}

std::optional<base::Duration> read_duration(const Source& source, const Node& node, std::string_view what,
                                            base::Duration least, base::Duration most) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    const auto value = base::parse_duration(*text);
    if (!value) {
        source.at(
            node.line, "bad-duration",
            fmt::format("{} {} is no span: a whole number and ms, s, m, h or d, such as 10m", what, quote(*text)));
        return std::nullopt;
    }
    if (*value < least || *value > most) {
        source.at(
            node.line, "out-of-range",
            fmt::format("{} lies between {} and {}", what, base::format_duration(least), base::format_duration(most)));
        return std::nullopt;
    }
    return *value;
}

std::optional<model::Schedule> read_hours(const Source& source, const Node& node) {
    const auto text = read_text(source, node, "hours");
    if (!text) return std::nullopt;
    const std::size_t dash = text->find('-');
    const int from = dash == text->npos ? -1 : read_minute(text->substr(0, dash));
    const int to = dash == text->npos ? -1 : read_minute(text->substr(dash + 1));
    if (from < 0 || from == 24 * 60 || to < 0) {
        source.at(node.line, "bad-hours",
                  fmt::format("{} are no hours: write them as \"08:00-20:00\" or \"22:00-06:00\"", quote(*text)));
        return std::nullopt;
    }
    if (from == to) {
        source.at(node.line, "bad-hours", "from and to are the same: the whole day is \"00:00-24:00\"");
        return std::nullopt;
    }
    model::Schedule hours;
    hours.from_minute = static_cast<std::uint16_t>(from);
    // 22:00-00:00 is 22:00-24:00: it ends with its day.
    hours.to_minute = static_cast<std::uint16_t>(to == 0 ? 24 * 60 : to);
    return hours;
}

void read_days(const Source& source, const Node& node, model::Schedule& into) {
    std::uint32_t mask = 0;
    const auto parse = [](std::string_view word) -> std::optional<std::size_t> {
        const auto at = std::ranges::find(day_words, word);
        if (at == day_words.end()) return std::nullopt;
        return static_cast<std::size_t>(at - day_words.begin());
    };
    for (const std::size_t day : read_words<std::size_t>(source, node, "day", parse, day_words)) mask |= 1U << day;
    if (mask == 0) return;
    into.weekdays = static_cast<std::uint8_t>(mask & 0x7fU);
    into.day_classes = static_cast<std::uint8_t>(mask >> 7U);
}

std::optional<Day> read_day(const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    Day day;
    const auto number = [&](std::size_t at, std::size_t n, auto& into) {
        const char* const begin = text->data() + at;
        const auto [end, fault] = std::from_chars(begin, begin + n, into);
        return fault == std::errc{} && end == begin + n && *begin != '-';
    };
    const bool form = text->size() == 10 && (*text)[4] == '-' && (*text)[7] == '-' && number(0, 4, day.year) &&
                      number(5, 2, day.month) && number(8, 2, day.day);
    const date::year_month_day ymd{date::year{day.year}, date::month{day.month}, date::day{day.day}};
    if (form && ymd.ok() && day.year >= 1970 && day.year <= 2100) return day;
    source.at(node.line, "bad-date",
              fmt::format("{} {} is no day from 1970 to 2100, such as 2026-11-01", what, quote(*text)));
    return std::nullopt;
}

std::vector<const Node*> items_of(const Source& source, const Node& node, std::string_view what) {
    std::vector<const Node*> items;
    if (!node.is(Node::Type::list))
        wrong_type(source, node, what, "a list ([] when there is nothing)");
    else
        for (const Node& item : node.items) items.push_back(&item);
    return items;
}

std::vector<const Node*> values_of(const Source& source, const Node& node, std::string_view what) {
    if (node.is(Node::Type::text)) return {&node};
    if (!node.is(Node::Type::list) || node.items.empty()) {
        source.at(node.line, "wrong-type",
                  fmt::format("{} is {}: give a value or a list of values", what,
                              node.is(Node::Type::list) ? "an empty list" : describe(node.type)));
        return {};
    }
    return items_of(source, node, what);
}

}  // namespace shoumen::policy
