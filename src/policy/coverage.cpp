// coverage.yaml: what the plan asks a community to have, and what that is reckoned by. A community without it asks for
// nothing.
#include "draft.hpp"

namespace shoumen::policy {
namespace {

constexpr std::string_view file = "coverage.yaml";
constexpr std::uint32_t most_square_metres = 10'000'000;
constexpr std::uint32_t most_persons = 100'000;

std::uint32_t percent(const Source& source, const Node& node, std::string_view what) {
    return read_whole(source, node, what, 1, 100).value_or(100);
}

void read_target(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "target", {"id", "name", "kinds", "per", "square_metres", "share"});
    if (!fields.is_map()) return;
    model::CoverageTarget target;
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source, *id, "target") : std::nullopt;
    if (const Node* name = fields.need("name")) target.name = read_names(source, *name).value_or(model::Names{});
    if (const Node* kinds = fields.need("kinds")) {
        for (const auto kind :
             read_words<model::SignalKind>(source, *kinds, "kind of device", SHOUMEN_READ(SignalKind)))
            target.kinds |= 1U << static_cast<unsigned>(kind);
    }
    const Node* per = fields.need("per");
    const auto what =
        per ? read_word<model::CoveragePer>(source, *per, "unit", SHOUMEN_READ(CoveragePer)) : std::nullopt;
    const Node* metres = fields.find("square_metres");
    if (what == model::CoveragePer::area) {
        if (!metres) metres = fields.need("square_metres");
        if (metres) target.square_metres = read_whole(source, *metres, "square_metres", 1, 100'000).value_or(1);
    } else if (what && metres) {
        source.at(metres->line, "coverage-target",
                  "only a target per area says how many m² a device sees: take it out");
    }
    if (const Node* share = fields.find("share")) target.share_percent = percent(source, *share, "share");
    if (!code || !what) return;
    target.code = *code;
    target.per = *what;
    for (const auto& other : draft.coverage.targets) {
        if (other.code != *code) continue;
        source.at(id->line, "doubled-code",
                  fmt::format("the target {} is already there: give each its own code", *code));
        return;
    }
    draft.coverage.targets.push_back(std::move(target));
}

void read_places(Draft& draft, const Source& source, const Node& list, std::string_view what, std::string_view key,
                 std::uint32_t most, model::AtPlaces& into) {
    for (const Node* item : items_of(source, list, what)) {
        const Fields fields(source, *item, what, {"place", key});
        if (!fields.is_map()) continue;
        const Node* place = fields.need("place");
        const Node* number = fields.need(key);
        const auto at = place ? draft.places.resolve(source, "place", *place) : std::nullopt;
        const auto n = number ? read_whole(source, *number, key, 1, most) : std::nullopt;
        if (!at || !n) continue;
        if (std::ranges::find(into, *at, &model::AtPlaces::value_type::first) != into.end())
            source.at(place->line, "doubled-item", fmt::format("{} stands twice in this list", quote(place->text)));
        else
            into.emplace_back(*at, *n);
    }
}

}  // namespace

void read_coverage(Draft& draft) {
    if (!draft.files.contains(std::string(file))) return;
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"targets", "areas", "persons", "confirmed"});
    const Node* targets = fields.is_map() ? fields.need("targets") : nullptr;
    if (!targets) return;
    for (const Node* item : items_of(source, *targets, "targets")) read_target(draft, source, *item);
    auto& coverage = draft.coverage;
    if (const Node* areas = fields.find("areas"))
        read_places(draft, source, *areas, "areas", "square_metres", most_square_metres, coverage.areas);
    if (const Node* persons = fields.find("persons"))
        read_places(draft, source, *persons, "persons", "number", most_persons, coverage.persons);
    if (const Node* confirmed = fields.find("confirmed"))
        coverage.confirmed_percent = percent(source, *confirmed, "confirmed");
}

}  // namespace shoumen::policy
