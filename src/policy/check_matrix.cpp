// The proof: for every incident kind, use of place present, severity and minute exactly one row leads, and a body is
// there to do it. Works on spans of hours; the test beside it does the same by minute.
#include <algorithm>

#include <fmt/format.h>

#include "findings.hpp"
#include "hours.hpp"
#include "scopes.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "matrix.yaml";

bool is_wildcard(const model::MatrixRow& row) {
    return row.kinds.empty() || row.places.empty() || row.severities.empty() || row.any_hour;
}

// A day with the one before it, since hours may run over midnight.
struct Night {
    DayKind yesterday;
    DayKind today;
};

// All that can follow one another. Monday to Friday are worked or off, Saturday and Sunday may be all three.
std::vector<Night> all_nights() {
    const auto kinds = [](unsigned weekday) {
        using model::DayClass;
        std::vector<DayKind> all{{weekday, DayClass::workday}, {weekday, DayClass::holiday}};
        if (weekday >= 5) all.push_back({weekday, DayClass::weekend});
        return all;
    };
    std::vector<Night> nights;
    for (unsigned weekday = 0; weekday < 7; ++weekday) {
        for (const DayKind& today : kinds(weekday)) {
            for (const DayKind& yesterday : kinds((weekday + 6) % 7)) nights.push_back({yesterday, today});
        }
    }
    return nights;
}

bool leads(const model::MatrixRow& row) { return row.lead && !is_wildcard(row); }

class Proof {
public:
    explicit Proof(const model::Policy& policy) : policy_(policy), scopes_(policy) {}

    std::vector<Finding> run() {
        for (const model::MatrixRow& row : policy_.matrix) {
            if (is_first_of_line(row)) check_row(row);
        }
        place_rows();
        const bool by_day = std::ranges::any_of(policy_.matrix, [](const model::MatrixRow& row) {
            return !row.any_hour && (row.hours.weekdays & 0x7fU) != 0x7fU;
        });
        nights_ = all_nights();
        if (!by_day) nights_.resize(1);  // every day is alike
        for (std::size_t kind = 0; kind < policy_.incident_kinds.size(); ++kind) {
            if (policy_.incident_kinds[kind].retired) continue;
            for (const model::PlaceUse use : scopes_.uses()) {
                for (std::size_t severity = 0; severity < model::severity_count; ++severity)
                    check_combination(kind, use, severity);
            }
        }
        sort(findings_);
        return std::move(findings_);
    }

private:
    void add(std::uint32_t line, std::string_view code, std::string message) {
        findings_.push_back({std::string(file), line, std::string(code), std::move(message)});
    }

    // A row written with several spans of hours has become several rows of one line.
    [[nodiscard]] bool is_first_of_line(const model::MatrixRow& row) const {
        return &row == policy_.matrix.data() || (&row - 1)->line != row.line;
    }

    void check_row(const model::MatrixRow& row) {
        if (!row.lead && row.assist.empty())
            add(row.line, "matrix-empty-row", "the row names nobody: give it a lead, or assisting roles");
        if (!row.lead) return;
        if (is_wildcard(row))
            add(row.line, "matrix-wildcard-lead",
                "a row with * may assist, never lead: name what it leads, or take 'lead' out");
        if (row.acknowledge > row.arrive || row.arrive > row.close)
            add(row.line, "matrix-deadlines",
                fmt::format("ack {} ≤ arrive {} ≤ close {} does not hold: mend the deadlines",
                            base::format_duration(row.acknowledge), base::format_duration(row.arrive),
                            base::format_duration(row.close)));
        if (!is_wildcard(row)) check_bodies(row);
    }

    void check_bodies(const model::MatrixRow& row) {
        for (const model::PlaceUse use : row.places) {
            for (const Scopes::Unanswered& gap : scopes_.unanswered(*row.lead, use))
                add(row.line, "matrix-no-body",
                    fmt::format(
                        "no {} answers for the use {} at {}: give a body of this role that place in community.yaml",
                        model::to_word(*row.lead), model::to_word(use), describe(policy_, gap)));
        }
    }

    [[nodiscard]] std::size_t cell(std::size_t kind, model::PlaceUse use, std::size_t severity) const {
        return (kind * model::words_of_PlaceUse().size() + static_cast<std::size_t>(use)) * model::severity_count +
               severity;
    }

    // For each combination the rows that lead it, in the order of the file.
    void place_rows() {
        cells_.resize(cell(policy_.incident_kinds.size(), model::PlaceUse{}, 0));
        for (const model::MatrixRow& row : policy_.matrix) {
            if (!leads(row)) continue;
            for (const model::IncidentKindId kind : row.kinds) {
                for (const model::PlaceUse use : row.places) {
                    for (const model::Severity severity : row.severities)
                        cells_[cell(kind.value, use, static_cast<std::size_t>(severity))].push_back(&row);
                }
            }
        }
    }

    void check_combination(std::size_t kind, model::PlaceUse use, std::size_t severity) {
        const auto& rows = cells_[cell(kind, use, severity)];
        const std::string what =
            fmt::format("{} at {}, severity {}", policy_.incident_kinds[kind].code, model::to_word(use),
                        model::to_word(static_cast<model::Severity>(severity)));
        each_hours([&](const Night& night) { return left_of_day(covered(rows, night)); },
                   [&](const std::string& hours) {
                       add(1, "matrix-gap",
                           fmt::format("{}, {}: no row leads; add a row with a lead for it", what, hours));
                   });
        for (std::size_t later = 1; later < rows.size(); ++later) {
            for (std::size_t earlier = 0; earlier < later; ++earlier) check_pair(*rows[earlier], *rows[later], what);
        }
    }

    // Each stretch of hours once, with the first of the days it is found on if it is not found on all.
    template <class Find, class Tell>
    void each_hours(Find find, Tell tell) const {
        std::vector<std::pair<std::string, std::pair<const Night*, std::size_t>>> found;
        for (const Night& night : nights_) {
            for (const std::string& hours : to_text(find(night))) {
                const auto known = std::ranges::find(found, hours, [](const auto& f) { return f.first; });
                if (known == found.end())
                    found.push_back({hours, {&night, 1}});
                else
                    ++known->second.second;
            }
        }
        for (const auto& [hours, where] : found) {
            const auto& [night, count] = where;
            tell(count == nights_.size() ? hours : fmt::format("{} ({})", hours, describe(night->today)));
        }
    }

    static Spans covered(const std::vector<const model::MatrixRow*>& rows, const Night& night) {
        Spans covered;
        for (const model::MatrixRow* row : rows) {
            const Spans spans = spans_of(row->hours, night.yesterday, night.today);
            covered.insert(covered.end(), spans.begin(), spans.end());
        }
        return united(std::move(covered));
    }

    void check_pair(const model::MatrixRow& earlier, const model::MatrixRow& later, const std::string& what) {
        const auto both = [&](const Night& night) {
            return common(spans_of(earlier.hours, night.yesterday, night.today),
                          spans_of(later.hours, night.yesterday, night.today));
        };
        each_hours(both, [&](const std::string& hours) {
            add(later.line, "matrix-overlap",
                earlier.line == later.line ? fmt::format("{}, {}: doubly covered by line {} itself; its hours overlap",
                                                         what, hours, later.line)
                                           : fmt::format("{}, {}: led by line {} and line {}; let one row lead it",
                                                         what, hours, earlier.line, later.line));
        });
    }

    const model::Policy& policy_;
    Scopes scopes_;
    std::vector<Night> nights_;
    std::vector<std::vector<const model::MatrixRow*>> cells_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_matrix(const model::Policy& policy) {
    auto found = Proof(policy).run();
    const bool any = std::ranges::any_of(policy.rules, [](const model::Rule& r) { return !r.retired; });
    if (!any)
        found.insert(found.begin(), {"community.yaml", 1, "no-rules",
                                     "no rule stands in rules/*.yaml: nothing that a device says would ever alert"});
    return found;
}

}  // namespace shoumen::policy
