// community.yaml: time zone, incident kinds, grids and bodies. Its places are read in places.cpp.
#include <algorithm>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "community.yaml";

void read_zone(Draft& draft, const Source& source, const Fields& community) {
    const Node* node = community.need("time_zone");
    const auto name = node ? read_text(source, *node, "time_zone") : std::nullopt;
    if (!name) return;
    if (auto zone = make_zone(std::string(*name)))
        draft.policy.zone = std::move(*zone);
    else
        source.at(
            node->line, "unknown-time-zone",
            fmt::format("{} is no time zone of this system: use an IANA name such as Asia/Shanghai", quote(*name)));
}

void read_incident(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "incident kind", {"id", "name"});
    if (!fields.is_map()) return;
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source, *id, "incident kind") : std::nullopt;
    const Node* name = fields.need("name");
    const auto names = name ? read_names(source, *name) : std::nullopt;
    if (!code) return;
    const auto kind = draft.incidents.declare(source, "incident kind", *code, id->line);
    if (kind.valid()) draft.incidents[kind].name = names.value_or(model::Names{});
}

void read_incidents(Draft& draft, const Source& source, const Fields& community) {
    if (const Node* list = community.need("incidents")) {
        for (const Node* node : items_of(source, *list, "incidents")) read_incident(draft, source, *node);
    }
    draft.incidents.set_complete();
}

// Text values worth comparing that no rule names yet: kept in clear, all other text goes outside the log.
void read_words(Draft& draft, const Source& source, const Fields& community) {
    const Node* list = community.find("words");
    if (!list) return;
    for (const Node* node : items_of(source, *list, "words")) {
        const auto word = read_text(source, *node, "word");
        if (word && word->size() <= 64)
            draft.symbol(*word);
        else if (word)
            source.at(node->line, "out-of-range", "a word is longer than 64 bytes: free text does not belong here");
    }
}

// Places that a body or grid answers for: those of the community, or what it lies in (a street office).
std::vector<model::PlaceId> read_scope(Draft& draft, const Source& source, const Node& node) {
    return draft.places.resolve_all(source, "place", node);
}

void read_grid(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "grid", {"id", "name", "places"});
    if (!fields.is_map()) return;
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source, *id, "grid") : std::nullopt;
    const Node* name = fields.find("name");
    const auto names = name ? read_names(source, *name) : std::nullopt;
    const Node* places = fields.need("places");
    auto scope = places ? read_scope(draft, source, *places) : std::vector<model::PlaceId>{};
    if (!code) return;
    const auto grid = draft.grids.declare(source, "grid", *code, id->line);
    if (!grid.valid()) return;
    draft.grids[grid].name = names.value_or(model::Names{*code, *code});
    draft.grids[grid].places = std::move(scope);
}

void read_body(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "body", {"id", "role", "name", "places", "grids"});
    if (!fields.is_map()) return;
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source, *id, "body") : std::nullopt;
    const Node* role = fields.need("role");
    const auto is_role = role ? read_word<model::Role>(source, *role, "role", SHOUMEN_READ(Role)) : std::nullopt;
    const Node* name = fields.need("name");
    const auto names = name ? read_names(source, *name) : std::nullopt;
    model::Body body;
    const Node* places = fields.find("places");
    const Node* grids = fields.find("grids");
    if (places) body.places = read_scope(draft, source, *places);
    if (grids) body.grids = draft.grids.resolve_all(source, "grid", *grids);
    if (!places && !grids)
        source.at(fields.line(), "missing-key", "body needs the key 'places' or 'grids': where it answers");
    if (!code) return;
    const auto number = draft.bodies.declare(source, "body", *code, id->line);
    if (!number.valid()) return;
    body.code = *code;
    body.name = names.value_or(model::Names{});
    body.role = is_role.value_or(model::Role{});
    draft.bodies[number] = std::move(body);
}

void read_grids_and_bodies(Draft& draft, const Source& source, const Fields& community) {
    if (const Node* grids = community.find("grids")) {
        for (const Node* node : items_of(source, *grids, "grids")) read_grid(draft, source, *node);
    }
    draft.grids.set_complete();
    if (const Node* bodies = community.need("bodies")) {
        for (const Node* node : items_of(source, *bodies, "bodies")) read_body(draft, source, *node);
    }
    draft.bodies.set_complete();
}

}  // namespace

void read_community(Draft& draft) {
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields community(source, *tree, "community.yaml",
                           {"community", "name", "time_zone", "at", "district", "street", "incidents", "estates",
                            "places", "grids", "bodies", "words"});
    if (!community.is_map()) return;
    read_zone(draft, source, community);
    read_incidents(draft, source, community);
    read_words(draft, source, community);
    read_places(draft, source, community);
    read_grids_and_bodies(draft, source, community);
}

}  // namespace shoumen::policy
