// rules/*.yaml: how far a rule must be right before it sends people out.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

using model::SignalKind;

// Somebody calls for help, or it burns: nobody looks first, however often it was nothing.
constexpr SignalKind never_doubted[] = {SignalKind::smoke, SignalKind::gas, SignalKind::one_key,
                                        SignalKind::elder_bracelet, SignalKind::child_bracelet};

// In thousandths.
std::optional<std::uint32_t> read_share(const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    double share = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), share);
    const bool whole = error == std::errc{} && end == text->data() + text->size();
    if (!whole || !(share >= 0.01 && share <= 0.99)) {
        source.at(node.line, "out-of-range",
                  fmt::format("{} {} is no share between 0.01 and 0.99, such as 0.5 for one alert in two", what,
                              quote(*text)));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(std::lround(share * 1000));
}

void read_scene(Draft& draft, const Source& source, const Node& node, model::Precision& into) {
    const auto name = read_text(source, node, "scene");
    if (!name) return;
    if (is_code(*name))
        into.scene = draft.field(*name);
    else
        source.at(node.line, "bad-code",
                  fmt::format("scene {} is no name of a field: letters, digits, '.', '_' and '-'", quote(*name)));
}

void check_waits_for_nobody(const Source& source, const Node& node, const model::Rule& rule) {
    if (rule.severity == model::Severity::red)
        return source.at(
            node.line, "rule-precision",
            "an alert of severity red waits for nobody: leave precision out, or let the rule begin lighter "
            "and rise");
    const auto watched = std::ranges::find_if(
        never_doubted, [&](SignalKind kind) { return ((rule.kinds >> static_cast<unsigned>(kind)) & 1U) != 0; });
    if (watched == std::end(never_doubted)) return;
    source.at(node.line, "rule-precision",
              fmt::format("what {} reports waits for nobody, however often it was wrong: leave precision out, or take "
                          "this kind out of the rule",
                          model::to_word(*watched)));
}

}  // namespace

std::optional<model::Precision> read_precision(Draft& draft, const Source& source, const Node& node,
                                               const model::Rule& rule) {
    const Fields fields(source, node, "precision", {"target", "quiet_below", "scene", "look_within"});
    if (!fields.is_map()) return std::nullopt;
    model::Precision precision;
    if (const Node* target = fields.need("target"))
        precision.target = read_share(source, *target, "target").value_or(precision.target);
    if (const Node* quiet = fields.find("quiet_below")) {
        precision.quiet_below = read_share(source, *quiet, "quiet_below").value_or(0);
        if (precision.quiet_below >= precision.target)
            source.at(quiet->line, "rule-precision",
                      "a rule goes quiet only after somebody has looked: quiet_below lies below target");
    }
    if (const Node* scene = fields.find("scene")) read_scene(draft, source, *scene, precision);
    if (const Node* within = fields.find("look_within"))
        precision.look_within = read_duration(source, *within, "look_within", base::seconds(10), base::hours(1))
                                    .value_or(precision.look_within);
    check_waits_for_nobody(source, node, rule);
    return precision;
}

}  // namespace shoumen::policy
