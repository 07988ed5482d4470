#include "scopes.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace shoumen::policy {

using model::PlaceId;
using model::PlaceLevel;

namespace {

std::vector<bool> named_places(const model::Policy& policy) {
    std::vector<bool> named(policy.places.size());
    const auto name = [&](const std::vector<PlaceId>& places) {
        for (const PlaceId place : places) named[place.value] = true;
    };
    for (const model::Body& body : policy.bodies) name(body.places);
    for (const model::Grid& grid : policy.grids) name(grid.places);
    return named;
}

}  // namespace

Scopes::Scopes(const model::Policy& policy) : policy_(policy) {
    const std::vector<bool> named = named_places(policy);
    std::map<std::tuple<model::PlaceUse, PlaceId, PlaceId>, std::size_t> known;
    for (std::size_t i = 0; i < policy.places.size(); ++i) {
        const model::Place& place = policy.places[i];
        // What lies above the community is not its to answer for.
        if (place.retired || place.level < PlaceLevel::community) continue;
        PlaceId scope{i};
        while (scope.valid() && !named[scope.value]) scope = policy.places[scope.value].parent;
        const PlaceId within = policy.ancestor(PlaceId{i}, PlaceLevel::estate);
        const auto [at, is_new] = known.try_emplace({place.use, scope, within}, groups_.size());
        if (is_new) groups_.push_back({place.use, scope, within, PlaceId{i}, 0});
        ++groups_[at->second].places;
        if (std::ranges::find(uses_, place.use) == uses_.end()) uses_.push_back(place.use);
    }
    std::ranges::sort(uses_);
}

model::BodyId Scopes::body_of(model::Role role, const Group& group) const {
    if (!group.scope.valid()) return {};
    const auto [at, is_new] = answers_.try_emplace({role, group.scope});
    if (is_new) at->second = policy_.body_for(role, group.scope);
    return at->second;
}

std::vector<Scopes::Unanswered> Scopes::unanswered(model::Role role, std::optional<model::PlaceUse> use) const {
    std::vector<Unanswered> found;
    for (const Group& group : groups_) {
        if ((use && group.use != *use) || body_of(role, group).valid()) continue;
        const auto same = [&](const Unanswered& u) { return u.within == group.within; };
        if (const auto at = std::ranges::find_if(found, same); at != found.end())
            at->places += group.places;
        else
            found.push_back({group.within, group.example, group.places});
    }
    return found;
}

std::vector<model::BodyId> Scopes::bodies(model::Role role, std::optional<model::PlaceUse> use) const {
    std::vector<model::BodyId> found;
    for (const Group& group : groups_) {
        if (use && group.use != *use) continue;
        if (const model::BodyId body = body_of(role, group); body.valid()) found.push_back(body);
    }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

std::string describe(const model::Policy& policy, const Scopes::Unanswered& gap) {
    const std::string& within = policy.places[gap.within.value].code;
    if (gap.within == gap.example && gap.places == 1) return within;
    const std::string& example = policy.places[gap.example.value].code;
    if (gap.places == 1) return fmt::format("{} in {}", example, within);
    return fmt::format("{} and {} more in {}", example, gap.places - 1, within);
}

}  // namespace shoumen::policy
