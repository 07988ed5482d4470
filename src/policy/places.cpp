// The tree of places: declared in any order, then put together and checked.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

using model::PlaceId;
using model::PlaceLevel;
using model::PlaceUse;

struct Child {
    PlaceId id;
    std::string parent;
    std::uint32_t line = 0;         // of the place
    std::uint32_t parent_line = 0;  // of the key that names its parent
};

PlaceUse usual_use(PlaceLevel level) {
    switch (level) {
        case PlaceLevel::home:
        case PlaceLevel::room:
            return PlaceUse::home;
        case PlaceLevel::unit:
        case PlaceLevel::floor:
            return PlaceUse::stairwell;
        default:
            return PlaceUse::public_area;
    }
}

std::optional<double> read_degrees(const Node& node, double most) {
    double value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stopped, fault] = std::from_chars(node.text.data(), end, value);
    const bool good = node.is(Node::Type::text) && fault == std::errc{} && stopped == end && std::abs(value) <= most;
    return good ? std::optional(value) : std::nullopt;
}

void read_position(const Source& source, const Fields& fields, model::Place& place) {
    const Node* at = fields.find("at");
    if (!at) return;
    if (at->is(Node::Type::list) && at->items.size() == 2) {
        const auto latitude = read_degrees(at->items[0], 90);
        const auto longitude = read_degrees(at->items[1], 180);
        if (latitude && longitude) {
            place.at = model::Coordinates{*latitude, *longitude};
            return;
        }
    }
    source.at(at->line, "bad-coordinates", "at is [latitude, longitude] in degrees, such as [39.9139, 116.3917]");
}

class Tree {
public:
    Tree(Draft& draft, const Source& source) : draft_(draft), source_(source) {}

    // district, street: {id, name}. Invalid when it cannot be declared.
    PlaceId read_upper(const Fields& community, std::string_view key, PlaceLevel level, PlaceId parent);
    PlaceId read_root(const Fields& community, PlaceId street);
    void read_estate(const Node& node);
    void read_place(const Node& node);
    void join();

private:
    PlaceId declare(const Fields& fields, std::string_view what, PlaceLevel level, bool named);
    bool read_level_and_use(const Fields& fields, model::Place& place);  // whether the level is known
    void read_storey(const Node& node, model::Place& place);
    void find_parents();
    void report_cycle(std::size_t start);
    void find_cycles();
    void check_levels();

    Draft& draft_;
    const Source& source_;
    PlaceId root_;
    std::vector<Child> children_;
    std::vector<bool> in_cycle_;                 // by place
    std::unordered_set<PlaceId> without_level_;  // reported already: not compared with others
};

PlaceId Tree::declare(const Fields& fields, std::string_view what, PlaceLevel level, bool named) {
    const Node* id = fields.need("id");
    const auto code = id ? read_code(source_, *id, what) : std::nullopt;
    const Node* name = named ? fields.need("name") : fields.find("name");
    const auto names = name ? read_names(source_, *name) : std::nullopt;
    if (!code) return {};
    const PlaceId place = draft_.places.declare(source_, "place", *code, id->line);
    if (!place.valid()) return {};
    draft_.places[place].level = level;
    draft_.places[place].use = usual_use(level);
    draft_.places[place].name = names.value_or(model::Names{*code, *code});
    read_position(source_, fields, draft_.places[place]);
    return place;
}

PlaceId Tree::read_upper(const Fields& community, std::string_view key, PlaceLevel level, PlaceId parent) {
    const Node* node = community.need(key);
    if (!node) return {};
    const Fields fields(source_, *node, key, {"id", "name", "at"});
    if (!fields.is_map()) return {};
    const PlaceId place = declare(fields, key, level, true);
    if (place.valid()) draft_.places[place].parent = parent;
    return place;
}

PlaceId Tree::read_root(const Fields& community, PlaceId street) {
    const Node* node = community.need("community");
    const auto code = node ? read_code(source_, *node, "community") : std::nullopt;
    const Node* name = community.need("name");
    const auto names = name ? read_names(source_, *name) : std::nullopt;
    if (!code) return {};
    root_ = draft_.places.declare(source_, "place", *code, node->line);
    if (!root_.valid()) return {};
    model::Place& place = draft_.places[root_];
    place.level = PlaceLevel::community;
    place.name = names.value_or(model::Names{});
    place.parent = street;
    read_position(source_, community, place);
    draft_.policy.community = *code;
    draft_.policy.community_name = place.name;
    draft_.policy.root = root_;
    return root_;
}

void Tree::read_estate(const Node& node) {
    const Fields fields(source_, node, "estate", {"id", "name", "type", "at"});
    if (!fields.is_map()) return;
    const PlaceId place = declare(fields, "estate", PlaceLevel::estate, true);
    const Node* type = fields.need("type");
    const auto word =
        type ? read_word<model::EstateType>(source_, *type, "type of estate", SHOUMEN_READ(EstateType)) : std::nullopt;
    if (!place.valid()) return;
    draft_.places[place].parent = root_;
    draft_.places[place].estate_type = word.value_or(model::EstateType::mixed);
}

bool Tree::read_level_and_use(const Fields& fields, model::Place& place) {
    const Node* level = fields.need("level");
    const auto is_level =
        level ? read_word<PlaceLevel>(source_, *level, "level of a place", SHOUMEN_READ(PlaceLevel)) : std::nullopt;
    if (is_level && *is_level <= PlaceLevel::estate)
        source_.at(level->line, "place-level",
                   fmt::format("a place of level {} is not declared here: community.yaml has keys of its own for it",
                               level->text));
    else if (is_level)
        place.level = *is_level;
    place.use = usual_use(place.level);
    const Node* use = is_level == PlaceLevel::point ? fields.need("use") : fields.find("use");
    if (use) {
        if (const auto word = read_word<PlaceUse>(source_, *use, "use of a place", SHOUMEN_READ(PlaceUse)))
            place.use = *word;
    }
    return is_level && *is_level > PlaceLevel::estate;
}

void Tree::read_storey(const Node& node, model::Place& place) {
    const auto storey = read_signed(source_, node, "storey", -20, 200);
    if (storey == 0)
        source_.at(node.line, "place-storey", "there is no storey 0: the ground floor is 1, the one below it -1");
    else if (storey && place.level != PlaceLevel::floor)
        source_.at(node.line, "place-storey",
                   fmt::format("a {} has no storey, only a floor has", model::to_word(place.level)));
    else if (storey)
        place.storey = *storey;
}

void Tree::read_place(const Node& node) {
    const Fields fields(source_, node, "place", {"id", "parent", "level", "storey", "use", "name", "at"});
    if (!fields.is_map()) return;
    const PlaceId place = declare(fields, "place", PlaceLevel::point, false);
    model::Place unused;  // a place without a code of its own is still checked
    if (!read_level_and_use(fields, place.valid() ? draft_.places[place] : unused) && place.valid())
        without_level_.insert(place);
    if (const Node* storey = fields.find("storey")) read_storey(*storey, place.valid() ? draft_.places[place] : unused);
    const Node* parent = fields.need("parent");
    const auto above = parent ? read_text(source_, *parent, "parent") : std::nullopt;
    if (above && place.valid()) children_.push_back({place, std::string(*above), fields.line(), parent->line});
}

void Tree::find_parents() {
    for (const Child& child : children_) {
        Node name{.text = child.parent, .line = child.parent_line, .type = Node::Type::text};
        if (const auto parent = draft_.places.resolve(source_, "place", name)) draft_.places[child.id].parent = *parent;
    }
}

void Tree::report_cycle(std::size_t start) {
    std::vector<PlaceId> members;
    PlaceId at{start};
    do {
        members.push_back(at);
        in_cycle_[at.value] = true;
        at = draft_.places[at].parent;
    } while (at.value != start);
    const auto first = std::ranges::find_if(children_, [&](const Child& c) {
        return in_cycle_[c.id.value] && std::ranges::find(members, c.id) != members.end();
    });
    std::ranges::rotate(members, std::ranges::find(members, first->id));
    std::string chain;
    for (std::size_t i = 0; i < std::min<std::size_t>(members.size(), 8); ++i)
        chain += draft_.places[members[i]].code + " in ";
    chain += members.size() > 8 ? "… in " : "";
    source_.at(first->parent_line, "place-cycle",
               fmt::format("places lie in each other: {}{}; give one of them another parent", chain,
                           draft_.places[members[0]].code));
}

// Every place has one parent at most, so a walk upwards ends at the top or in a circle.
void Tree::find_cycles() {
    in_cycle_.assign(draft_.places.all().size(), false);
    std::vector<std::size_t> walk_of(draft_.places.all().size(), 0);
    std::size_t walk = 0;
    for (const Child& child : children_) {
        ++walk;
        PlaceId at = child.id;
        while (at.valid() && walk_of[at.value] == 0) {
            walk_of[at.value] = walk;
            at = draft_.places[at].parent;
        }
        if (at.valid() && walk_of[at.value] == walk) report_cycle(at.value);
    }
}

void Tree::check_levels() {
    for (const Child& child : children_) {
        const model::Place& place = draft_.places[child.id];
        if (!place.parent.valid() || in_cycle_[child.id.value]) continue;
        if (without_level_.contains(child.id) || without_level_.contains(place.parent)) continue;
        const model::Place& parent = draft_.places[place.parent];
        if (parent.level < PlaceLevel::community)
            source_.at(
                child.parent_line, "place-level",
                fmt::format("{} lies outside the community: name an estate or a place in it", quote(parent.code)));
        else if (parent.level >= place.level)
            source_.at(child.parent_line, "place-level",
                       fmt::format("a {} cannot lie in a {} ({}): the parent must be of a wider level",
                                   model::to_word(place.level), model::to_word(parent.level), quote(parent.code)));
    }
}

void Tree::join() {
    find_parents();
    find_cycles();
    check_levels();
}

}  // namespace

void read_places(Draft& draft, const Source& source, const Fields& community) {
    Tree tree(draft, source);
    const PlaceId district = tree.read_upper(community, "district", PlaceLevel::district, {});
    const PlaceId street = tree.read_upper(community, "street", PlaceLevel::street, district);
    tree.read_root(community, street);
    if (const Node* estates = community.need("estates")) {
        for (const Node* estate : items_of(source, *estates, "estates")) tree.read_estate(*estate);
    }
    if (const Node* places = community.find("places")) {
        for (const Node* place : items_of(source, *places, "places")) tree.read_place(*place);
    }
    draft.places.set_complete();
    tree.join();
}

}  // namespace shoumen::policy
