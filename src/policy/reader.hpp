// Reading values out of a tree, each with its own finding when it is not as it should be. A reader that reports returns
// nothing; the caller goes on with the next value, so that one run finds all there is to find.
#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/rule.hpp"
#include "model/words.hpp"

#include "findings.hpp"
#include "tree.hpp"

namespace shoumen::policy {

// Where what is read comes from.
struct Source {
    std::string_view file;
    Report& report;

    void at(std::uint32_t line, std::string_view code, std::string message) const {
        report.add(file, line, code, std::move(message));
    }
};

// A map with known keys. Unknown ones are reported when it is made.
class Fields {
public:
    Fields(const Source& source, const Node& node, std::string_view what,
           std::initializer_list<std::string_view> known);

    [[nodiscard]] bool is_map() const { return map_ != nullptr; }
    [[nodiscard]] std::uint32_t line() const { return line_; }
    [[nodiscard]] const Node* find(std::string_view key) const;  // null: not given
    [[nodiscard]] const Node* need(std::string_view key) const;  // reports when it is not given

private:
    const Source& source_;
    const Node* map_ = nullptr;
    std::uint32_t line_ = 1;
    std::string_view what_;
};

std::string_view describe(Node::Type type);  // "a list" …
void wrong_type(const Source& source, const Node& node, std::string_view what, std::string_view wanted);

std::optional<std::string_view> read_text(const Source& source, const Node& node, std::string_view what);
// 1–64 of [A-Za-z0-9._-]
std::optional<std::string> read_code(const Source& source, const Node& node, std::string_view what);
std::optional<model::Names> read_names(const Source& source, const Node& node);
std::optional<bool> read_bool(const Source& source, const Node& node, std::string_view what);
std::optional<std::uint32_t> read_whole(const Source& source, const Node& node, std::string_view what,
                                        std::uint32_t least, std::uint32_t most);
std::optional<std::int32_t> read_signed(const Source& source, const Node& node, std::string_view what,
                                        std::int32_t least, std::int32_t most);
std::optional<base::Duration> read_duration(const Source& source, const Node& node, std::string_view what,
                                            base::Duration least, base::Duration most);
// "HH:MM-HH:MM" for every day of the week.
std::optional<model::Schedule> read_hours(const Source& source, const Node& node);
// Weekdays by their name, or classes of days by the calendar, into the schedule.
void read_days(const Source& source, const Node& node, model::Schedule& into);

struct Day {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
};
std::optional<Day> read_day(const Source& source, const Node& node, std::string_view what);

bool is_code(std::string_view text);

// The values of a list, or the one value that stands alone. A list without values is reported.
std::vector<const Node*> values_of(const Source& source, const Node& node, std::string_view what);
// The items of a list; none, reported, when it is no list. It may be empty.
std::vector<const Node*> items_of(const Source& source, const Node& node, std::string_view what);

// A word of a closed list.
template <class T, class Parse, class Words>
std::optional<T> read_word(const Source& source, const Node& node, std::string_view what, Parse parse,
                           const Words& words) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    if (const std::optional<T> value = parse(*text)) return value;
    std::string all;
    for (const std::string_view word : words) all += (all.empty() ? "" : " ") + std::string(word);
    source.at(
        node.line, "unknown-word",
        fmt::format("{} is no {}{}; the words are: {}", quote(*text), what, source.report.suggest(*text, words), all));
    return std::nullopt;
}

// Several of them, each once.
template <class T, class Parse, class Words>
std::vector<T> read_words(const Source& source, const Node& node, std::string_view what, Parse parse,
                          const Words& words) {
    std::vector<T> found;
    for (const Node* item : values_of(source, node, what)) {
        const auto value = read_word<T>(source, *item, what, parse, words);
        if (!value) continue;
        if (std::ranges::find(found, *value) != found.end())
            source.at(item->line, "doubled-item", fmt::format("{} stands twice in this list", quote(item->text)));
        else
            found.push_back(*value);
    }
    return found;
}

#define SHOUMEN_READ(Type) ::shoumen::model::parse_##Type, ::shoumen::model::words_of_##Type()

}  // namespace shoumen::policy
