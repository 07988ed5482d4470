// The policy as the pages need it: what there is to choose from. Retired things are left out.
#include <fmt/format.h>

#include "render.hpp"
#include "render_names.hpp"

namespace shoumen::doors::http {

namespace {

void write_coordinates(JsonWriter& out, const model::Coordinates& at) {
    out.key("at")
        .begin_array()
        .raw(fmt::format("{:.7f}", at.latitude_deg))
        .raw(fmt::format("{:.7f}", at.longitude_deg));
    out.end_array();
}

void write_place(JsonWriter& out, const model::Policy& policy, const model::Place& place) {
    out.begin();
    write_code_and_name(out, place);
    out.field("level", to_word(place.level)).field("use", to_word(place.use));
    if (place.parent.value < policy.places.size()) out.field("parent", policy.places[place.parent.value].code);
    if (place.level == model::PlaceLevel::estate) out.field("estate_type", to_word(place.estate_type));
    if (place.at) write_coordinates(out, *place.at);
    out.end();
}

// Numbers are given in the order of appearance, so a place may stand before its parent: write parents first.
void write_places(JsonWriter& out, const model::Policy& policy) {
    std::vector<bool> done(policy.places.size(), false);
    std::vector<std::uint32_t> way;
    out.key("places").begin_array();
    for (std::uint32_t i = 0; i < policy.places.size(); ++i) {
        for (auto at = i; at < policy.places.size() && !done[at] && way.size() < 32;
             at = policy.places[at].parent.value)
            way.push_back(at);
        while (!way.empty()) {
            const auto& place = policy.places[way.back()];
            if (!done[way.back()] && !place.retired) write_place(out, policy, place);
            done[way.back()] = true;
            way.pop_back();
        }
    }
    out.end_array();
}

template <class Id>
void write_place_codes(JsonWriter& out, const model::Policy& policy, const std::vector<Id>& places) {
    out.key("places").begin_array();
    for (const auto id : places) {
        if (id.value < policy.places.size()) out.text(policy.places[id.value].code);
    }
    out.end_array();
}

void write_grids(JsonWriter& out, const model::Policy& policy) {
    out.key("grids").begin_array();
    for (const auto& grid : policy.grids) {
        if (grid.retired) continue;
        out.begin();
        write_code_and_name(out, grid);
        write_place_codes(out, policy, grid.places);
        out.end();
    }
    out.end_array();
}

void write_bodies(JsonWriter& out, const model::Policy& policy) {
    out.key("bodies").begin_array();
    for (const auto& body : policy.bodies) {
        if (body.retired) continue;
        out.begin();
        write_code_and_name(out, body);
        out.field("role", to_word(body.role));
        write_place_codes(out, policy, body.places);
        out.key("grids").begin_array();
        for (const auto grid : body.grids) {
            if (grid.value < policy.grids.size()) out.text(policy.grids[grid.value].code);
        }
        out.end_array().end();
    }
    out.end_array();
}

template <class Items>
void write_named_list(JsonWriter& out, std::string_view key, const Items& items) {
    out.key(key).begin_array();
    for (const auto& item : items) {
        if constexpr (requires { item.retired; }) {
            if (item.retired) continue;
        }
        write_named(out, item);
    }
    out.end_array();
}

}  // namespace

std::string render_policy(Phrases& phrases) {
    const model::Policy& policy = phrases.policy();
    JsonWriter out;
    out.reserve(1'024 + policy.places.size() * 160);
    out.begin().field("version", policy.version).field("digest", base::to_hex(policy.digest)).key("community");
    out.begin().field("code", policy.community).key("name");
    write_names(out, policy.community_name, policy.community);
    out.end().field("time_zone", policy.zone.name());
    write_named_list(out, "incident_kinds", policy.incident_kinds);
    write_places(out, policy);
    write_grids(out, policy);
    write_bodies(out, policy);
    write_named_list(out, "rules", policy.rules);
    out.key("ladder").begin_array();
    for (const auto& rung : policy.ladder.rungs)
        out.begin().field("level", to_word(rung.level)).field("role", to_word(rung.role)).end();
    out.end_array().end();
    return out.take();
}

}  // namespace shoumen::doors::http
