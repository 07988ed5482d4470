#include "expect.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "act/life.hpp"

namespace shoumen::scenarios {
namespace {

using model::Incident;

void same(std::string_view what, const std::string& wanted, std::string_view found) {
    if (wanted != found) throw Failure(fmt::format("{} is {}, not {}", what, found, wanted));
}

void same(std::string_view what, std::size_t wanted, std::size_t found) {
    if (wanted != found) throw Failure(fmt::format("{}: {} expected, there are {}", what, wanted, found));
}

// --- Counts --------------------------------------------------------------------------------------

std::size_t alerts_of(const Stage& stage, const std::string& rule) {
    const auto& rules = stage.policy().rules;
    if (std::ranges::find(rules, rule, &model::Rule::code) == rules.end())
        throw Failure(fmt::format("there is no rule '{}'", rule));
    return static_cast<std::size_t>(std::ranges::count(stage.alerts(), rule, &Stage::Raised::rule));
}

bool is_count(std::string_view word) {
    return word == "no" || word == "none" ||
           (!word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; }));
}

// alerts 2, alerts RULE 2
void expect_alerts(Words& words, const Stage& stage) {
    std::size_t found = stage.alerts().size();
    std::string what = "alerts";
    if (!is_count(words.peek())) {
        const std::string rule = words.take("a rule");
        what += " of " + rule;
        found = alerts_of(stage, rule);
    }
    same(what, words.number("how many"), found);
}

// incidents 2, incidents KIND 2
void expect_incidents(Words& words, const Stage& stage) {
    if (is_count(words.peek())) {
        const std::size_t wanted = words.number("how many");
        if (wanted == stage.incidents().size()) return;
        std::string there;
        for (const auto& [id, i] : stage.incidents()) there += "; " + describe(i, stage);
        throw Failure(fmt::format("incidents: {} expected, there are {}{}", wanted, stage.incidents().size(), there));
    }
    const std::string code = words.take("a kind of incident");
    const auto kind = stage.policy().incident_kind_by_code.find(code);
    if (kind == stage.policy().incident_kind_by_code.end())
        throw Failure(fmt::format("there is no kind of incident '{}'", code));
    const auto found =
        std::ranges::count_if(stage.incidents(), [&](const auto& row) { return row.second.kind == kind->second; });
    same("incidents of " + code, words.number("how many"), static_cast<std::size_t>(found));
}

void expect_live(Words& words, const Stage& stage) {
    const auto found =
        std::ranges::count_if(stage.incidents(), [](const auto& row) { return act::is_live(row.second.state); });
    same("live incidents", words.number("how many"), static_cast<std::size_t>(found));
}

// outings 2: incidents of which anybody was told for more than to look at the screen.
void expect_outings(Words& words, const Stage& stage) {
    std::set<model::IncidentId> sent;
    for (const model::Notice& n : stage.effects().notices) {
        if (n.reason != model::NoticeReason::look_wanted) sent.insert(n.incident);
    }
    same("outings", words.number("how many"), sent.size());
}

// --- One incident --------------------------------------------------------------------------------

std::string body_code(const Stage& stage, model::BodyId id) {
    return id.valid() ? stage.policy().bodies[id.value].code : "none";
}

// A body by its code or its role.
void expect_body(std::string_view what, Words& words, const Stage& stage, model::BodyId id) {
    const std::string wanted = words.take("a body or role");
    const std::string role =
        id.valid() ? std::string(model::to_word(stage.policy().bodies[id.value].role)) : std::string();
    if (wanted != role) same(what, wanted, body_code(stage, id));
}

void expect_person(std::string_view what, Words& words, const model::Person& person) {
    same(what, words.take("a person"), person.valid() ? person.code : "nobody");
}

// assist A B …: exactly these, up to the next key; "none".
void expect_assist(Words& words, const Stage& stage, const Incident& i) {
    std::vector<std::string> found;
    for (const model::BodyId id : i.assist) found.push_back(body_code(stage, id));
    std::vector<std::string> wanted;
    if (!words.take_if("none")) {
        while (!words.done() && stage.policy().body_by_code.contains(words.peek()))
            wanted.push_back(words.take("a body"));
        if (wanted.empty()) throw Failure(fmt::format("there is no body '{}'", words.peek()));
    }
    std::ranges::sort(found);
    std::ranges::sort(wanted);
    if (found != wanted) throw Failure(fmt::format("assisting are {}", fmt::join(found, ", ")));
}

struct Deadline {
    base::Time at;
    bool missed;
};

Deadline deadline_of(const Incident& i, const std::string& which) {
    if (which == "acknowledge") return {i.acknowledge_by, i.missed_acknowledge};
    if (which == "arrive") return {i.arrive_by, i.missed_arrive};
    if (which == "close") return {i.close_by, i.missed_close};
    if (which == "climb") return {i.climb_at, false};
    if (which == "reporter") return {i.reporter_due, false};
    throw Failure(fmt::format("'{}' is no deadline; there are acknowledge, arrive, close, climb, reporter", which));
}

// deadline acknowledge 22:02 | in 2m | none | missed | kept
void expect_deadline(Words& words, const Stage& stage, const Incident& i) {
    const std::string which = words.take("a deadline");
    const Deadline deadline = deadline_of(i, which);
    const auto& zone = stage.policy().zone;
    const std::string found = deadline.at.is_set() ? zone.format(deadline.at) : "none";
    if (words.take_if("none")) return same("the deadline to " + which, "none", found);
    if (words.take_if("missed"))
        return same("the deadline to " + which, "missed", deadline.missed ? "missed" : "not missed");
    if (words.take_if("kept"))
        return same("the deadline to " + which, "not missed", deadline.missed ? "missed" : "not missed");
    const base::Time wanted = words.take_if("in") ? stage.now() + words.duration() : moment(words, zone, stage.now());
    same("the deadline to " + which, zone.format(wanted), found);
}

// Of every source of it.
void expect_verdict(Words& words, const Incident& i) {
    const model::Verdict wanted = verdict(words.take("a verdict"));
    if (i.sources.empty()) throw Failure("it has no source that could be judged");
    for (const model::Source& source : i.sources)
        same("the verdict", std::string(model::to_word(wanted)), model::to_word(source.verdict));
}

void expect_one(const std::string& key, Words& words, const Stage& stage, const Incident& i) {
    if (key == "state") return same(key, words.take("a state"), model::to_word(i.state));
    if (key == "severity") return same(key, words.take("a severity"), model::to_word(i.severity));
    if (key == "level") return same(key, words.take("a level"), model::to_word(i.level));
    if (key == "place") return same(key, words.take("a place"), stage.policy().places[i.place.value].code);
    if (key == "lead") return expect_body(key, words, stage, i.lead);
    if (key == "supervisor") return expect_body(key, words, stage, i.supervisor);
    if (key == "assist") return expect_assist(words, stage, i);
    if (key == "alerts") return same(key, words.number("how many"), i.alert_count);
    if (key == "evidence") return same(key, words.number("how many"), i.evidence.size());
    if (key == "told") return same(key, words.number("how many"), i.told.size());
    if (key == "look") return same(key, words.take("none, wanted or confirmed"), model::to_word(i.look));
    if (key == "verdict") return expect_verdict(words, i);
    if (key == "reopened") return same(key, words.number("how many"), i.reopened_times);
    if (key == "responder") return expect_person(key, words, i.responder);
    if (key == "resolver") return expect_person(key, words, i.resolver);
    if (key == "verifier") return expect_person(key, words, i.verifier);
    if (key == "reporter") return expect_person(key, words, i.reporter);
    if (key == "deadline") return expect_deadline(words, stage, i);
    if (key == "late") return same(key, words.take("yes or no"), i.late ? "yes" : "no");
    if (key == "into")
        return same("the incident it went into", std::to_string(i.merged_into.value),
                    std::to_string(incident(words, stage).id.value));
    throw Failure(fmt::format("'{}' is nothing that can be expected of an incident", key));
}

void expect_incident(Words& words, const Stage& stage) {
    const Incident& i = incident(words, stage);
    while (!words.done()) {
        const std::string key = words.take("what is expected");
        try {
            expect_one(key, words, stage, i);
        } catch (const Failure& failure) {
            throw Failure(fmt::format("{} ({})", failure.what(), describe(i, stage)));
        }
    }
}

void expect_no_incident(Words& words, const Stage& stage) {
    if (const Incident* found = find_incident(words, stage)) throw Failure("there is one: " + describe(*found, stage));
}

// --- The timeline and the persons told -----------------------------------------------------------

std::string entries_of(const std::vector<model::TimelineEvent>& events) {
    std::string list;
    for (const auto& e : events) list += (list.empty() ? "" : ", ") + std::string(model::to_word(e.type));
    return list;
}

// timeline INCIDENT: A, B, C (in this order, others may stand between) | without A
void expect_timeline(Words& words, const Stage& stage) {
    const auto events = stage.timeline(incident(words, stage).id);
    if (words.take_if("without")) {
        const std::string unwanted = words.take("an entry");
        for (const auto& e : events) {
            if (model::to_word(e.type) == unwanted)
                throw Failure(fmt::format("the timeline has {}: {}", unwanted, entries_of(events)));
        }
        return;
    }
    std::size_t at = 0;
    while (!words.done()) {
        const std::string wanted = words.take("an entry");
        while (at < events.size() && model::to_word(events[at].type) != wanted) ++at;
        if (at == events.size())
            throw Failure(fmt::format("the timeline lacks {} here: {}", wanted, entries_of(events)));
        ++at;
    }
}

// told PERSON of INCIDENT [for REASON] [by CHANNEL] [N times]
std::size_t notices_like(Words& words, const Stage& stage, std::string& there) {
    const std::string person = words.take("a person");
    words.expect("of");
    const Incident& i = incident(words, stage);
    std::string reason;
    std::string channel;
    if (words.take_if("for")) reason = words.take("a reason");
    if (words.take_if("by")) channel = words.take("a channel");
    std::size_t found = 0;
    for (const model::Notice& n : stage.effects().notices) {
        if (n.incident != i.id) continue;
        there += fmt::format("; {} for {} by {}", n.person.code, model::to_word(n.reason), model::to_word(n.channel));
        const bool fits = n.person.code == person && (reason.empty() || model::to_word(n.reason) == reason) &&
                          (channel.empty() || model::to_word(n.channel) == channel);
        found += fits ? 1 : 0;
    }
    return found;
}

void expect_told(Words& words, const Stage& stage) {
    std::string there;
    const std::size_t found = notices_like(words, stage, there);
    if (words.done()) {
        if (found == 0) throw Failure("nobody like this was told" + there);
        return;
    }
    const std::size_t wanted = words.number("how many");
    words.expect("times");
    if (found != wanted) throw Failure(fmt::format("told {} times, not {}{}", found, wanted, there));
}

void expect_not_told(Words& words, const Stage& stage) {
    std::string there;
    if (notices_like(words, stage, there) > 0) throw Failure("they were told" + there);
}

// seen PERSON INCIDENT: every notice of it; unseen: none.
void expect_seen(Words& words, const Stage& stage, bool seen) {
    const std::string person = words.take("a person");
    const Incident& i = incident(words, stage);
    std::size_t rows = 0;
    for (const model::Told& told : i.told) {
        if (told.person.code != person) continue;
        ++rows;
        if (told.seen.is_set() != seen) throw Failure(fmt::format("{} has {}seen it", person, seen ? "not " : ""));
    }
    if (rows == 0) throw Failure(fmt::format("{} was not told of it", person));
}

// evidence INCIDENT PHOTO proven|unproven|missing
void expect_evidence(Words& words, const Stage& stage) {
    const Incident& i = incident(words, stage);
    const auto at = std::ranges::find(i.evidence, photo(words.take("a photo")), &model::Evidence::sha256);
    const std::string found = at == i.evidence.end() ? "missing" : std::string(model::to_word(at->standing));
    same("the photo", words.take("proven, unproven or missing"), found);
}

// --- What a person may do ------------------------------------------------------------------------

std::string refusal_of(Words& words, const Stage& stage, const Cast& cast) {
    const model::Actor actor = cast.actor(words.take("a person"), stage.policy());
    const model::Action what = action(words.take("an action"));
    return std::string(act::refusal(stage.policy(), incident(words, stage), actor, what, stage.now()));
}

void expect_allowed(Words& words, const Stage& stage, const Cast& cast) {
    if (const std::string code = refusal_of(words, stage, cast); !code.empty())
        throw Failure("it is not allowed: " + code);
}

void expect_forbidden(Words& words, const Stage& stage, const Cast& cast) {
    const std::string code = refusal_of(words, stage, cast);
    same("the reason", words.take("a code"), code.empty() ? "none: it is allowed" : code);
}

}  // namespace

void check_expectation(Words& words, const Stage& stage, const Cast& cast) {
    const auto& counts = stage.effects().counts;
    if (words.take_if("incidents")) return expect_incidents(words, stage);
    if (words.take_if("incident")) return expect_incident(words, stage);
    if (words.take_if("alerts")) return expect_alerts(words, stage);
    if (words.take_if("cleared"))
        return same("cleared alerts", words.number("how many"), stage.effects().cleared.size());
    if (words.take_if("outings")) return expect_outings(words, stage);
    if (words.take_if("live")) return expect_live(words, stage);
    if (words.take_if("signals")) return same("signals", words.number("how many"), counts.signals);
    if (words.take_if("repeats")) return same("repeats", words.number("how many"), counts.repeats);
    if (words.take_if("late")) return same("late signals", words.number("how many"), counts.late);
    if (words.take_if("clock_wrong"))
        return same("signals with a wrong clock", words.number("how many"), counts.clock_wrong);
    if (words.take_if("timeline")) return expect_timeline(words, stage);
    if (words.take_if("told")) return expect_told(words, stage);
    if (words.take_if("seen")) return expect_seen(words, stage, true);
    if (words.take_if("unseen")) return expect_seen(words, stage, false);
    if (words.take_if("evidence")) return expect_evidence(words, stage);
    if (words.take_if("allowed")) return expect_allowed(words, stage, cast);
    if (words.take_if("forbidden")) return expect_forbidden(words, stage, cast);
    if (words.take_if("not")) {
        words.expect("told");
        return expect_not_told(words, stage);
    }
    if (words.take_if("no")) {
        words.expect("incident");
        return expect_no_incident(words, stage);
    }
    throw Failure(fmt::format("'{}' is nothing that can be expected", words.peek()));
}

}  // namespace shoumen::scenarios
