// matrix.yaml and ladder.yaml as written. Whether the matrix is complete is proven in check_matrix.cpp.
#include <algorithm>

#include "draft.hpp"
#include "scopes.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view matrix_file = "matrix.yaml";
constexpr std::string_view ladder_file = "ladder.yaml";

bool is_any(const Node* node) {
    if (!node) return false;
    const Node& only = node->is(Node::Type::list) && node->items.size() == 1 ? node->items.front() : *node;
    return only.is(Node::Type::text) && only.text == "*";
}

class RowReader {
public:
    RowReader(Draft& draft, const Source& source, const Node& node)
        : draft_(draft),
          source_(source),
          fields_(source, node, "row",
                  {"kind", "place", "hours", "days", "severity", "lead", "assist", "ack", "arrive", "close"}) {}

    void read() {
        if (!fields_.is_map()) return;
        row_.line = fields_.line();
        read_combination();
        const auto hours = read_all_hours();
        read_roles();
        read_deadlines();
        for (const model::Schedule& span : hours) {
            row_.hours = span;
            draft_.policy.matrix.push_back(row_);
        }
    }

private:
    void read_combination() {
        if (const Node* kind = fields_.need("kind"); kind && !is_any(kind))
            row_.kinds = draft_.incidents.resolve_all(source_, "incident", *kind);
        if (const Node* place = fields_.need("place"); place && !is_any(place))
            row_.places = read_words<model::PlaceUse>(source_, *place, "use of a place", SHOUMEN_READ(PlaceUse));
        if (const Node* severity = fields_.need("severity"); severity && !is_any(severity))
            row_.severities = read_words<model::Severity>(source_, *severity, "severity", SHOUMEN_READ(Severity));
    }

    // One row a span: a row of the policy holds one.
    std::vector<model::Schedule> read_all_hours() {
        std::vector<model::Schedule> spans;
        const Node* hours = fields_.need("hours");
        const Node* days = fields_.find("days");
        if (!hours) return spans;
        row_.any_hour = is_any(hours);
        if (row_.any_hour && days)
            source_.at(days->line, "bad-hours", "\"*\" is every hour of every day: with days, write \"00:00-24:00\"");
        if (row_.any_hour) return {{.from_minute = 0, .to_minute = 24 * 60}};
        for (const Node* item : values_of(source_, *hours, "hours")) {
            if (const auto span = read_hours(source_, *item)) spans.push_back(*span);
        }
        model::Schedule of_days;
        if (days) draft_.days(source_, *days, of_days);
        for (model::Schedule& span : spans) {
            span.weekdays = of_days.weekdays;
            span.day_classes = of_days.day_classes;
        }
        return spans;
    }

    void read_roles() {
        if (const Node* lead = fields_.find("lead"))
            row_.lead = read_word<model::Role>(source_, *lead, "role", SHOUMEN_READ(Role));
        const Node* assist = fields_.find("assist");
        if (!assist || (assist->is(Node::Type::list) && assist->items.empty())) return;
        row_.assist = read_words<model::Role>(source_, *assist, "role", SHOUMEN_READ(Role));
        if (row_.lead && std::ranges::find(row_.assist, *row_.lead) != row_.assist.end())
            source_.at(
                assist->line, "doubled-item",
                fmt::format("{} leads this row and cannot assist itself: take it out", model::to_word(*row_.lead)));
    }

    void read_deadlines() {
        const auto read = [&](std::string_view key, base::Duration& into) {
            const Node* node = row_.lead ? fields_.need(key) : fields_.find(key);
            if (node) into = read_duration(source_, *node, key, base::seconds(1), base::days(90)).value_or(into);
        };
        read("ack", row_.acknowledge);
        read("arrive", row_.arrive);
        read("close", row_.close);
    }

    Draft& draft_;
    const Source& source_;
    Fields fields_;
    model::MatrixRow row_;
};

void read_rungs(Draft& draft, const Source& source, const Node& list) {
    constexpr std::string_view order = "the rungs are community, street and district, once each, in this order";
    const auto rungs = items_of(source, list, "ladder");
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        const Fields fields(source, *rungs[i], "rung", {"level", "role"});
        const Node* level = fields.need("level");
        const Node* role = fields.need("role");
        const auto is_level =
            level ? read_word<model::LadderLevel>(source, *level, "level of the ladder", SHOUMEN_READ(LadderLevel))
                  : std::nullopt;
        const auto is_role = role ? read_word<model::Role>(source, *role, "role", SHOUMEN_READ(Role)) : std::nullopt;
        if (is_level && static_cast<std::size_t>(*is_level) != i)
            source.at(level->line, "ladder-rungs", std::string(order));
        if (is_level && is_role) draft.policy.ladder.rungs.push_back({*is_level, *is_role});
    }
    if (rungs.size() < model::words_of_LadderLevel().size() && list.is(Node::Type::list))
        source.at(list.line, "ladder-rungs", fmt::format("a rung is missing: {}", order));
}

// A missed deadline climbs to somebody, wherever it happened.
void check_rungs(Draft& draft, const Source& source, const Node& list) {
    if (!draft.report.empty()) return;
    const Scopes scopes(draft.policy);
    for (std::size_t i = 0; i < draft.policy.ladder.rungs.size(); ++i) {
        const model::LadderRung& rung = draft.policy.ladder.rungs[i];
        for (const Scopes::Unanswered& gap : scopes.unanswered(rung.role, {}))
            source.at(list.items[i].line, "ladder-no-body",
                      fmt::format("no {} answers for {}: give a body of this role that place in community.yaml",
                                  model::to_word(rung.role), describe(draft.policy, gap)));
    }
}

void read_climb(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "climb", {"red", "orange", "yellow", "blue"});
    for (std::size_t i = 0; i < model::severity_count; ++i) {
        const std::string_view word = model::to_word(static_cast<model::Severity>(i));
        const Node* span = fields.need(word);
        if (span)
            draft.policy.ladder.climb[i] =
                read_duration(source, *span, word, base::seconds(1), base::days(30)).value_or(base::Duration{});
    }
}

}  // namespace

void read_matrix(Draft& draft) {
    const auto tree = draft.tree(std::string(matrix_file));
    if (!tree) return;
    const Source source = draft.source(matrix_file);
    const Node* rows = &*tree;
    if (!tree->is(Node::Type::list)) {
        const Fields fields(source, *tree, matrix_file, {"rows"});
        rows = fields.need("rows");
    }
    if (!rows) return;
    for (const Node* node : items_of(source, *rows, "rows")) RowReader(draft, source, *node).read();
}

void read_ladder(Draft& draft) {
    const auto tree = draft.tree(std::string(ladder_file));
    if (!tree) return;
    const Source source = draft.source(ladder_file);
    const Fields fields(source, *tree, ladder_file, {"ladder", "climb"});
    const Node* ladder = fields.need("ladder");
    if (ladder) read_rungs(draft, source, *ladder);
    if (const Node* climb = fields.need("climb")) read_climb(draft, source, *climb);
    if (ladder) check_rungs(draft, source, *ladder);
}

}  // namespace shoumen::policy
