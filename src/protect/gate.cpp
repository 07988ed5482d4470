#include "protect/gate.hpp"

#include <algorithm>

namespace shoumen::protect {
namespace {

using model::AccessRow;
using model::Holding;
using model::Item;
using model::Reach;

bool is_live(model::IncidentState state) { return state <= model::IncidentState::resolved; }

bool is_one_of(const model::Person& person, const Viewer& viewer) {
    if (person.code.empty()) return false;
    return person == viewer.person || std::ranges::find(viewer.acts_for, person) != viewer.acts_for.end();
}

bool fits(const model::Policy& policy, const AccessRow& row, const Thing& thing) {
    if (row.live_only && !thing.live) return false;
    if (row.uses == 0) return true;
    return thing.place.valid() && ((row.uses >> static_cast<unsigned>(policy.places[thing.place.value].use)) & 1U) != 0;
}

// The holding by which the row reaches the thing; null: by none.
const Holding* reached_by(const model::Policy& policy, const AccessRow& row, const Viewer& viewer, const Thing& thing,
                          base::Time now) {
    const model::PlaceId place = thing.place.valid() ? thing.place : policy.root;
    for (const Holding& held : viewer.holdings) {
        if (!row.roles.has(held.role) || held.opened != row.opened || now >= held.until) continue;
        if (!held.place.valid() || held.place.value >= policy.places.size()) continue;
        switch (row.reach) {
            case Reach::place:
                if (thing.anywhere || policy.is_within(place, held.place)) return &held;
                break;
            case Reach::involved:
                if (thing.involved) return &held;
                break;
            case Reach::beyond:
                return &held;
            case Reach::own:
                if (thing.own) return &held;
                break;
        }
    }
    return nullptr;
}

// What the row gives the viewer of the thing, whichever of its items is asked for.
std::optional<Verdict> given_by(const model::Policy& policy, const AccessRow& row, const Viewer& viewer,
                                const Thing& thing, base::Time now) {
    if (!fits(policy, row, thing)) return std::nullopt;
    if (row.roles.bits == 0) {  // everybody, of their own
        if (row.reach != Reach::own || !thing.own) return std::nullopt;
        return Verdict{row.sight, row.purpose, std::nullopt, row.lasts, base::Time::never(), false};
    }
    const Holding* held = reached_by(policy, row, viewer, thing, now);
    if (held == nullptr) return std::nullopt;
    return Verdict{row.sight, row.purpose, held->role, row.lasts, held->until, row.opened};
}

}  // namespace

std::optional<Verdict> Gate::judge(const Viewer& viewer, Item item, const Thing& thing, base::Time now) const {
    std::optional<Verdict> best;
    for (const AccessRow& row : policy_.access) {
        if (!row.items.has(item) || (best && best->sight >= row.sight)) continue;
        if (auto given = given_by(policy_, row, viewer, thing, now)) best = given;
    }
    return best;
}

// Each row is looked at once, not once for each item.
Gate::Verdicts Gate::judge_all(const Viewer& viewer, const Thing& thing, base::Time now) const {
    Verdicts best;
    for (const AccessRow& row : policy_.access) {
        const auto given = given_by(policy_, row, viewer, thing, now);
        if (!given) continue;
        for (std::size_t i = 0; i < model::item_count; ++i) {
            if (!row.items.has(static_cast<Item>(i))) continue;
            auto& of = best[i];
            if (!of || of->sight < row.sight) of = given;
        }
    }
    return best;
}

bool Gate::may_see(const Viewer& viewer, Item item, const Thing& thing, base::Time now) const {
    const auto verdict = judge(viewer, item, thing, now);
    return verdict && verdict->sight >= model::Sight::clear;
}

bool Gate::may_change(const Viewer& viewer, Item item, const Thing& thing, base::Time now) const {
    const auto verdict = judge(viewer, item, thing, now);
    return verdict && verdict->sight == model::Sight::change;
}

Grant Gate::grant(const Viewer& viewer, const Verdict& verdict, std::uint32_t kinds, base::Time now) {
    return {viewer.person.code,
            std::string(verdict.role ? model::to_word(*verdict.role) : std::string_view()),
            std::string(model::to_word(verdict.purpose)),
            kinds,
            now,
            verdict.until};
}

Thing Gate::thing_of(const Viewer& viewer, const model::Incident& incident) const {
    Thing thing;
    thing.place = incident.place;
    thing.live = is_live(incident.state);
    const auto mine = [&](model::BodyId body) {
        return body.valid() && std::ranges::find(viewer.bodies, body) != viewer.bodies.end();
    };
    thing.involved = mine(incident.lead) || mine(incident.supervisor) || std::ranges::any_of(incident.assist, mine) ||
                     std::ranges::any_of(incident.told, [&](const auto& t) { return t.person == viewer.person; }) ||
                     (!incident.responder.code.empty() && incident.responder == viewer.person);
    thing.own = is_one_of(incident.reporter, viewer);
    return thing;
}

// --- What a viewer sees of incidents -----------------------------------------------------------------------------

IncidentSights::IncidentSights(std::shared_ptr<const model::Policy> policy, Viewer viewer, base::Time now)
    : policy_(std::move(policy)), viewer_(std::move(viewer)), made_(now) {
    for (const Holding& held : viewer_.holdings) {
        if (held.until > now) good_until_ = std::min(good_until_, held.until);
    }
}

bool IncidentSights::is_good(const model::Policy& policy, const Viewer& viewer, base::Time now) const {
    return &policy == policy_.get() && now < good_until_ && now >= made_ && viewer.person == viewer_.person &&
           viewer.holdings == viewer_.holdings && viewer.bodies == viewer_.bodies &&
           viewer.acts_for == viewer_.acts_for;
}

const IncidentSights::Sights& IncidentSights::of(const model::Incident& incident) {
    const Gate gate(*policy_);
    const Thing thing = gate.thing_of(viewer_, incident);
    const std::uint64_t key = (std::uint64_t{thing.place.value} << 3U) | (thing.live ? 4U : 0U) |
                              (thing.involved ? 2U : 0U) | (thing.own ? 1U : 0U);
    const auto [it, is_new] = known_.try_emplace(key);
    if (!is_new) return it->second;
    it->second.of = gate.judge_all(viewer_, thing, made_);
    return it->second;
}

model::PlaceId without_door(const model::Policy& policy, model::PlaceId place) {
    if (!place.valid() || policy.places[place.value].level < model::PlaceLevel::home) return place;
    const model::PlaceId home = policy.ancestor(place, model::PlaceLevel::home);
    const bool in_home = home.valid() && policy.places[home.value].level == model::PlaceLevel::home;
    if (!in_home) return place;  // a point of a floor or a yard: nobody's door
    const model::PlaceId parent = policy.places[home.value].parent;
    return parent.valid() ? parent : policy.root;
}

void redact(const model::Policy& policy, const IncidentSights::Sights& sights, model::Incident& incident) {
    if (!sights.sees(Item::door)) {
        incident.place = without_door(policy, incident.place);
        incident.anchor = without_door(policy, incident.anchor);
        for (auto& place : incident.reached) place = without_door(policy, place);
        for (auto& source : incident.sources) source.track.device = {};  // its name says where it hangs
    }
    if (!sights.sees(Item::actors)) {
        incident.responder = incident.resolver = incident.verifier = {};
        incident.told.clear();
        for (auto& evidence : incident.evidence) evidence.by = {};
    }
    if (!sights.sees(Item::reporter)) {
        // Nor where the same person stands as somebody who did something, or was told.
        const auto is_reporter = [&](const model::Person& p) { return p.valid() && p == incident.reporter; };
        for (auto& evidence : incident.evidence) {
            if (is_reporter(evidence.by)) evidence.by = {};
        }
        std::erase_if(incident.told, [&](const auto& told) { return is_reporter(told.person); });
        incident.reporter = {};
    }
    if (!sights.names(Item::words)) incident.text = {};
    if (!sights.sees(Item::pictures)) incident.evidence.clear();
}

}  // namespace shoumen::protect
