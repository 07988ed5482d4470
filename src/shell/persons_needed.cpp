// The register's part that says who needs help in an incident.
#include <algorithm>

#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::PlaceLevel;
using model::Sight;

constexpr std::size_t most_named = 50;

}  // namespace

bool Persons::needs_help(const std::string& code) {
    if (const auto it = needs_help_.find(code); it != needs_help_.end()) return it->second;
    const auto entry = entry_of({code}, nullptr);
    const bool needs = entry && !entry->health.is_empty();
    needs_help_[code] = needs;
    return needs;
}

std::vector<std::string> Persons::in_need_at(model::PlaceId place) {
    std::vector<std::string> out;
    const auto policy = node_.policy();
    if (!place.valid() || place.value >= policy->places.size()) return out;
    const auto home = policy->ancestor(place, PlaceLevel::home);
    if (policy->places[home.value].level == PlaceLevel::home) {
        const auto it = by_home_.find(policy->places[home.value].code);
        if (it != by_home_.end()) out.assign(it->second.begin(), it->second.end());
        return out;
    }
    const auto level = policy->places[place.value].level;
    if (level != PlaceLevel::floor && level != PlaceLevel::unit && level != PlaceLevel::building) return out;
    for (const auto& [code, persons] : by_home_) {
        const auto at = place_of(code, *policy);
        if (!at.valid() || !policy->is_within(at, place)) continue;
        std::ranges::copy_if(persons, std::back_inserter(out), [&](const auto& p) { return needs_help(p); });
    }
    return out;
}

std::vector<ports::PersonView> Persons::concerned(const ports::Session& session, const model::Incident& incident,
                                                  const std::vector<ports::AlertRow>& alerts,
                                                  const protect::Thing& thing,
                                                  const std::function<bool(Item)>& has_asked, LookList& looks) {
    std::vector<ports::PersonView> views;
    if (!vault_ || heads_.empty()) return views;
    const auto policy = node_.policy();
    const protect::Gate gate(*policy);
    const auto viewer = viewer_of(session);
    const base::Time now = clock_.now();
    // Nobody of whom nothing may be seen is looked up: of others where a row says so, else of one's own.
    protect::Thing of_others = thing;
    of_others.own = false;
    const bool others = gate.may_see(viewer, Item::concerned, of_others, now);

    std::vector<std::string> codes;
    const auto add = [&](const std::string& code) {
        if (is_listed(code) && std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
    };
    for (const auto& row : alerts) {
        if (row.alert.device.value >= policy->devices.size()) continue;
        const auto whose = policy->devices[row.alert.device.value].person;
        if (whose.valid() && whose.value < policy->persons.size()) add(policy->persons[whose.value]);
    }
    std::vector<model::PlaceId> places{incident.place};
    places.insert(places.end(), incident.reached.begin(), incident.reached.end());
    for (const auto place : places) {
        if (!others) break;
        for (const auto& code : in_need_at(place)) add(code);
    }
    if (!others) {
        std::erase_if(codes, [&](const auto& code) { return !thing_of(session, {code}).own; });
        std::vector<model::Person> own = viewer.acts_for;
        own.push_back(viewer.person);
        for (const auto& person : own) {
            const auto home = home_of(person.code);
            const auto at_home = [&](model::PlaceId place) {
                return home.valid() && place.valid() && policy->is_within(place, home);
            };
            if (std::ranges::any_of(places, at_home)) add(person.code);
        }
    }
    for (const auto& code : codes) {
        if (views.size() == most_named) break;
        const model::Person person{code};
        protect::Thing of = thing;
        of.own = thing_of(session, person).own;
        auto verdicts = gate.judge_all(viewer, of, now);
        const auto& is_concerned = verdicts[static_cast<std::size_t>(Item::concerned)];
        if (!is_concerned || is_concerned->sight < Sight::clear) continue;
        for (std::size_t i = 0; i < model::item_count; ++i) {
            if (verdicts[i] && verdicts[i]->sight == Sight::ask && has_asked(static_cast<Item>(i)))
                verdicts[i]->sight = Sight::clear;
        }
        ports::PersonView view;
        view.person = person;
        const auto entry = entry_of(person, &view.changed);
        if (entry) {
            show_first_name(session, verdicts, *entry, now, view, looks);
            show_entry(session, verdicts, *entry, now, view, looks);
            // The surname beside what one is called by would be the whole name.
            if (view.clear.has(Item::first_name) && !view.clear.has(Item::name)) view.name.clear();
        }
        show_home(session, verdicts, home_of(code), *policy, now, view, looks);
        views.push_back(std::move(view));
    }
    return views;
}

bool Persons::is_erased(const model::Person& person) const {
    const auto it = heads_.find(person.code);
    return it != heads_.end() && it->second.status != listed;
}

}  // namespace shoumen::shell
