#include "model/policy.hpp"

#include <algorithm>

namespace shoumen::model {
namespace {

template <class Id, class List, class Key>
void fill(Policy::Names_to<Id>& map, const List& list, Key key) {
    map.clear();
    map.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) map.emplace(key(list[i]), Id{i});
}

// Depth of the deepest place of the body's scope that holds `place`; 0: does not answer for it.
int scope_depth(const Policy& policy, const Body& body, PlaceId place) {
    int depth = 0;
    const auto consider = [&](PlaceId scope) {
        if (policy.is_within(place, scope))
            depth = std::max(depth, static_cast<int>(policy.places[scope.value].level) + 1);
    };
    for (const PlaceId scope : body.places) consider(scope);
    for (const GridId grid : body.grids) {
        for (const PlaceId scope : policy.grids[grid.value].places) consider(scope);
    }
    return depth;
}

}  // namespace

void Policy::index() {
    fill(place_by_code, places, [](const Place& p) { return p.code; });
    fill(device_by_code, devices, [](const Device& d) { return d.code; });
    fill(body_by_code, bodies, [](const Body& b) { return b.code; });
    fill(field_by_name, fields, [](const std::string& s) { return s; });
    fill(symbol_by_name, symbols, [](const std::string& s) { return s; });
    fill(cause_by_name, causes, [](const std::string& s) { return s; });
    fill(incident_kind_by_code, incident_kinds, [](const IncidentKind& k) { return k.code; });
    grids_of_place.assign(places.size(), {});
    for (std::size_t g = 0; g < grids.size(); ++g) {
        for (const PlaceId p : grids[g].places) grids_of_place[p.value].push_back(GridId{g});
    }
    index_storeys();
}

void Policy::index_storeys() {
    storeys_of.clear();
    for (std::size_t p = 0; p < places.size(); ++p) {
        if (places[p].storey && !places[p].retired)
            storeys_of[places[p].parent].push_back({*places[p].storey, PlaceId{p}});
    }
    if (storeys_of.empty()) return;
    std::unordered_map<PlaceId, std::uint32_t> kinds;
    for (const Device& d : devices) {
        if (!d.retired && !d.is_gateway)
            kinds[ancestor(d.place, PlaceLevel::floor)] |= 1U << static_cast<unsigned>(d.kind);
    }
    for (auto& [unit, storeys] : storeys_of) {
        std::ranges::sort(storeys, {}, &Storey::storey);
        for (Storey& s : storeys) s.kinds = kinds[s.floor];
    }
}

PlaceId Policy::ancestor(PlaceId place, PlaceLevel level) const {
    while (place.valid() && places[place.value].level > level) {
        const PlaceId parent = places[place.value].parent;
        if (!parent.valid()) break;
        // A tree may leave levels out (a point right under an estate): then the nearest place above the wished level
        // would be too wide.
        if (places[parent.value].level < level) break;
        place = parent;
    }
    return place;
}

std::span<const Policy::Storey> Policy::storeys_around(PlaceId place) const {
    const PlaceId floor = ancestor(place, PlaceLevel::floor);
    if (!floor.valid() || !places[floor.value].storey) return {};
    const auto found = storeys_of.find(places[floor.value].parent);
    return found == storeys_of.end() ? std::span<const Storey>() : found->second;
}

bool Policy::is_within(PlaceId place, PlaceId ancestor) const {
    while (place.valid()) {
        if (place == ancestor) return true;
        place = places[place.value].parent;
    }
    return false;
}

BodyId Policy::body_for(Role role, PlaceId place) const {
    BodyId best;
    int best_depth = 0;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        if (bodies[i].retired || bodies[i].role != role) continue;
        if (const int depth = scope_depth(*this, bodies[i], place); depth > best_depth) {
            best_depth = depth;
            best = BodyId{i};
        }
    }
    return best;
}

std::vector<const Duty*> Policy::on_duty(BodyId body, base::Time t) const {
    std::vector<const Duty*> found;
    const base::LocalTime local = zone.local(t);
    for (const Duty& d : duty) {
        if (d.body == body && !d.channels.empty() && (d.from == base::Time::none() || t >= d.from) && t < d.to &&
            schedule_holds(d.hours, local, calendar)) {
            found.push_back(&d);
        }
    }
    return found;
}

bool schedule_holds(const Schedule& s, const base::LocalTime& t, const Calendar& calendar) {
    const auto on = [&](unsigned days_ago) {
        const unsigned weekday = (t.weekday + 6 - days_ago) % 7;
        if (((s.weekdays >> weekday) & 1U) != 0) return true;
        if (s.day_classes == 0) return false;
        const std::uint32_t day = base::day_number(t.year, t.month, t.day) - days_ago;
        return ((s.day_classes >> static_cast<unsigned>(calendar.class_of(day, weekday))) & 1U) != 0;
    };
    const int from = s.from_minute;
    const int to = s.to_minute;
    if (from == to) return on(0);
    if (from < to) return t.minute >= from && t.minute < to && on(0);
    return (t.minute >= from && on(0)) || (t.minute < to && on(1));
}

}  // namespace shoumen::model
