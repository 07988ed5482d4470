// calendar.yaml: the days off of each year, and the Saturdays and Sundays worked for them. The file may be left out.
#include <map>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "calendar.yaml";
constexpr std::string_view between = "..";
constexpr std::uint32_t longest = 31;  // days of one stretch

bool is_weekend(std::uint32_t day) { return (day + 3) % 7 >= 5; }  // 1970-01-01 was a Thursday

class YearReader {
public:
    YearReader(Draft& draft, const Source& source, const Node& node)
        : draft_(draft), source_(source), fields_(source, node, "year", {"year", "off", "work"}) {}

    void read(std::map<std::uint32_t, std::uint32_t>& lines) {
        if (!fields_.is_map()) return;
        model::Calendar& calendar = draft_.policy.calendar;
        if (const Node* year = fields_.need("year")) year_ = read_whole(source_, *year, "year", 1970, 2100).value_or(0);
        if (std::ranges::find(calendar.years, year_) != calendar.years.end())
            source_.at(fields_.line(), "doubled-item", fmt::format("the year {} stands twice: make it one", year_));
        calendar.years.push_back(year_);
        if (const Node* off = fields_.need("off")) read_list(*off, "off", calendar.off, lines);
        const std::size_t first = calendar.worked.size();
        if (const Node* work = fields_.find("work")) read_list(*work, "work", calendar.worked, lines);
        for (std::size_t i = first; i < calendar.worked.size(); ++i) {
            if (!is_weekend(calendar.worked[i]))
                source_.at(lines[calendar.worked[i]], "calendar-work",
                           "only a Saturday or a Sunday is worked for a holiday: this day is a working day anyway");
        }
    }

private:
    // "2026-10-01", or "2026-10-01..2026-10-07"; what stands on the line of a day is kept by the day.
    void read_list(const Node& list, std::string_view what, std::vector<std::uint32_t>& into,
                   std::map<std::uint32_t, std::uint32_t>& lines) {
        if (list.is(Node::Type::list) && list.items.empty()) return;
        for (const Node* item : values_of(source_, list, what)) {
            const auto span = read_span(*item, what);
            if (!span) continue;
            for (std::uint32_t day = span->first; day <= span->second; ++day) {
                const auto [at, is_new] = lines.emplace(day, item->line);
                if (is_new)
                    into.push_back(day);
                else
                    source_.at(item->line, "doubled-item",
                               fmt::format("a day of {} stands at line {} already: a day is off or worked, and once",
                                           quote(item->text), at->second));
                if (!is_new) break;
            }
        }
    }

    std::optional<std::pair<std::uint32_t, std::uint32_t>> read_span(const Node& item, std::string_view what) {
        const std::size_t at = item.is(Node::Type::text) ? item.text.find(between) : std::string::npos;
        Node first = item;
        Node last = item;
        if (at != std::string::npos) {
            first.text.resize(at);
            last.text.erase(0, at + between.size());
        }
        const auto from = read_date(first, what);
        const auto to = at == std::string::npos ? from : read_date(last, what);
        if (!from || !to) return std::nullopt;
        if (*to < *from || *to - *from >= longest) {
            source_.at(
                item.line, "bad-date",
                fmt::format("{} is no stretch of 1 to {} days, the first before the last", quote(item.text), longest));
            return std::nullopt;
        }
        return std::pair(*from, *to);
    }

    std::optional<std::uint32_t> read_date(const Node& node, std::string_view what) {
        const auto day = read_day(source_, node, what);
        if (!day) return std::nullopt;
        if (year_ != 0 && static_cast<std::uint32_t>(day->year) != year_) {
            source_.at(node.line, "bad-date",
                       fmt::format("{} is no day of {}: put it under its own year", quote(node.text), year_));
            return std::nullopt;
        }
        return base::day_number(day->year, day->month, day->day);
    }

    Draft& draft_;
    const Source& source_;
    Fields fields_;
    std::uint32_t year_ = 0;
};

}  // namespace

void read_calendar(Draft& draft) {
    if (!draft.files.contains(std::string(file))) return;
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"years"});
    const Node* list = fields.need("years");
    if (!list) return;
    std::map<std::uint32_t, std::uint32_t> lines;
    for (const Node* node : items_of(source, *list, "years")) YearReader(draft, source, *node).read(lines);
    model::Calendar& calendar = draft.policy.calendar;
    for (auto* days : {&calendar.years, &calendar.off, &calendar.worked}) std::ranges::sort(*days);
}

}  // namespace shoumen::policy
