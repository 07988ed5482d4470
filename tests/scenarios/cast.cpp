#include "cast.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace shoumen::scenarios {
namespace {

// Numbers parted by `separator`; empty when it is something else.
std::vector<int> numbers_of(std::string_view text, char separator) {
    std::vector<int> numbers;
    while (true) {
        const std::string_view part = text.substr(0, text.find(separator));
        int n = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), n);
        if (part.empty() || error != std::errc{} || end != part.data() + part.size()) return {};
        numbers.push_back(n);
        if (part.size() == text.size()) return numbers;
        text.remove_prefix(part.size() + 1);
    }
}

struct Day {
    int year;
    unsigned month;
    unsigned day;
};

std::optional<Day> day_of(std::string_view text) {
    const auto n = numbers_of(text, '-');
    if (n.size() != 3) return {};
    return Day{n[0], static_cast<unsigned>(n[1]), static_cast<unsigned>(n[2])};
}

constexpr std::size_t newest = ~std::size_t{0};

bool is_event_kind(std::string_view reference, std::string_view kind, std::size_t& number) {
    const std::size_t hash = reference.find('#');
    if (reference.substr(0, hash) != kind) return false;
    if (hash == std::string_view::npos) return true;
    if (reference.substr(hash + 1) == "last") {
        number = newest;
        return true;
    }
    const auto n = numbers_of(reference.substr(hash + 1), ' ');
    if (n.size() != 1 || n[0] < 1) throw Failure(fmt::format("'{}' should be like {}#2", reference, kind));
    number = static_cast<std::size_t>(n[0]);
    return true;
}

}  // namespace

base::Time moment(Words& words, const base::Zone& zone, base::Time now) {
    const auto bad = [](const std::string& word) {
        return Failure(fmt::format("'{}' is no moment; write 2026-03-03 22:00:00 or 22:00", word));
    };
    std::string word = words.take("a moment");
    const base::LocalTime today = zone.local(now);
    Day day{today.year, today.month, today.day};
    if (const auto given = day_of(word)) {
        day = *given;
        word = words.take("a time of day");
    }
    const auto time = numbers_of(word, ':');
    if (time.size() < 2 || time.size() > 3 || time[0] > 24 || time[1] > 59) throw bad(word);
    return zone.to_utc(day.year, day.month, day.day, time[0] * 60 + time[1], time.size() == 3 ? time[2] : 0);
}

model::PlaceId place(const model::Policy& policy, const std::string& code) {
    const auto at = policy.place_by_code.find(code);
    if (at == policy.place_by_code.end()) throw Failure(fmt::format("there is no place '{}'", code));
    return at->second;
}

model::BodyId body(const model::Policy& policy, const std::string& code) {
    const auto at = policy.body_by_code.find(code);
    if (at == policy.body_by_code.end()) throw Failure(fmt::format("there is no body '{}'", code));
    return at->second;
}

model::Severity severity(const std::string& word) {
    const auto found = model::parse_Severity(word);
    if (!found) throw Failure(fmt::format("'{}' is no severity; there are red, orange, yellow, blue", word));
    return *found;
}

model::Verdict verdict(const std::string& word) {
    const auto found = model::parse_Verdict(word);
    if (!found) throw Failure(fmt::format("'{}' is no verdict", word));
    return *found;
}

model::Action action(const std::string& word) {
    const auto found = model::parse_Action(word);
    if (!found) throw Failure(fmt::format("'{}' is nothing a person can do with an incident", word));
    return *found;
}

base::Digest photo(const std::string& name) { return base::sha256(name); }

// --- Incidents -----------------------------------------------------------------------------------

const model::Incident* find_incident(Words& words, const Stage& stage) {
    const std::string reference = words.take("an incident");
    const model::Policy& policy = stage.policy();
    std::size_t number = 0;
    const auto kind = std::ranges::find_if(policy.incident_kinds,
                                           [&](const auto& k) { return is_event_kind(reference, k.code, number); });
    if (kind == policy.incident_kinds.end()) throw Failure(fmt::format("there is no kind of incident '{}'", reference));
    const model::IncidentKindId id{static_cast<std::size_t>(kind - policy.incident_kinds.begin())};
    model::PlaceId where;
    if (words.take_if("at")) where = place(policy, words.take("a place"));
    if (where.valid() && number > 0) throw Failure("say which one by its number or by its place, not both");

    std::vector<const model::Incident*> found;
    for (const auto& [incident_id, incident] : stage.incidents()) {
        if (incident.kind == id && (!where.valid() || incident.place == where)) found.push_back(&incident);
    }
    if (number == newest) return found.empty() ? nullptr : found.back();
    if (number > 0) return number <= found.size() ? found[number - 1] : nullptr;
    if (found.size() > 1)
        throw Failure(
            fmt::format("there are {} such incidents: say {}#1, {}#2 …", found.size(), kind->code, kind->code));
    return found.empty() ? nullptr : found.front();
}

const model::Incident& incident(Words& words, const Stage& stage) {
    const std::string reference(words.peek());
    if (const auto* found = find_incident(words, stage)) return *found;
    std::string there;
    for (const auto& [id, i] : stage.incidents()) there += "; " + describe(i, stage);
    throw Failure(fmt::format("there is no such incident '{}'{}", reference, there));
}

std::string describe(const model::Incident& i, const Stage& stage) {
    const model::Policy& policy = stage.policy();
    return fmt::format("{} at {} is {}, {}, level {}, lead {}, {} alerts", policy.incident_kinds[i.kind.value].code,
                       policy.places[i.place.value].code, model::to_word(i.state), model::to_word(i.severity),
                       model::to_word(i.level), policy.bodies[i.lead.value].code, i.alert_count);
}

// --- Who acts ------------------------------------------------------------------------------------

void Cast::declare(const std::string& person, Words& words, const model::Policy& policy) {
    model::Actor actor{.person = {person}, .roles = {}, .bodies = {}};
    while (!words.done() && words.peek() != "for") {
        const std::string word = words.take("a role");
        const auto role = model::parse_Role(word);
        if (!role) throw Failure(fmt::format("'{}' is no role", word));
        actor.roles.add(*role);
    }
    if (words.take_if("for")) {
        while (!words.done()) actor.bodies.push_back(body(policy, words.take("a body")));
    }
    declared_[person] = actor;
}

model::Actor Cast::actor(const std::string& person, const model::Policy& policy) const {
    if (const auto at = declared_.find(person); at != declared_.end()) return at->second;
    model::Actor actor{.person = {person}, .roles = {}, .bodies = {}};
    for (const model::Duty& duty : policy.duty) {
        if (duty.person != actor.person) continue;
        if (std::ranges::find(actor.bodies, duty.body) == actor.bodies.end()) actor.bodies.push_back(duty.body);
        actor.roles.add(policy.bodies[duty.body.value].role);
    }
    if (actor.bodies.empty()) {
        throw Failure(fmt::format(
            "nobody knows '{}': not in the duty table, and not declared ('person {} is resident')", person, person));
    }
    return actor;
}

}  // namespace shoumen::scenarios
