#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;
using State = IncidentState;

namespace {

// All that could be done by somebody who is everything but the resolver: lead, desk, verifier, reporter, told.
std::set<std::string> open_actions(const Story& s) {
    Actor all{{"rui"}, RoleSet{}.add(Role::duty_officer).add(Role::verifier), {s.town.manager}};
    std::set<std::string> open;
    for (std::size_t a = 0; a < action_count; ++a) {
        const auto action = static_cast<Action>(a);
        if (refusal(s.town.policy, s.incident, all, action, s.now).empty()) open.emplace(to_word(action));
    }
    return open;
}

Story reported(Severity severity) {
    Story s(severity);
    s.incident.reporter = {"rui"};
    s.incident.told.front().person = {"rui"};
    return s;
}

}  // namespace

TEST_CASE("what each state lets happen") {
    const std::set<std::string> always = {"add_note", "seen", "judge", "trust_again"};
    const auto with = [&](std::set<std::string> more) {
        more.insert(always.begin(), always.end());
        return more;
    };
    Story s = reported(Severity::orange);
    CHECK(open_actions(s) ==
          with({"acknowledge", "mark_false_alarm", "transfer", "merge", "escalate", "set_severity", "add_evidence"}));
    s.reach(State::acknowledged);
    CHECK(open_actions(s) == with({"depart", "arrive", "mark_false_alarm", "transfer", "merge", "escalate",
                                   "set_severity", "add_evidence"}));
    s.manager(Action::depart);
    CHECK(open_actions(s) ==
          with({"arrive", "mark_false_alarm", "transfer", "merge", "escalate", "set_severity", "add_evidence"}));
    s.manager(Action::arrive);
    CHECK(open_actions(s) ==
          with({"mark_false_alarm", "transfer", "merge", "escalate", "set_severity", "add_evidence"}));
    s.photo(1, EvidencePhase::after, s.now);
    CHECK(open_actions(s) ==
          with({"resolve", "mark_false_alarm", "transfer", "merge", "escalate", "set_severity", "add_evidence"}));
    s.manager(Action::resolve);
    CHECK(open_actions(s) ==
          with({"verify", "reject", "reopen", "merge", "add_evidence", "reporter_satisfied", "reporter_unsatisfied"}));
    s.act(Town::with("vera", Role::verifier), Action::verify);
    CHECK(open_actions(s) == with({"reopen", "merge", "add_evidence", "reporter_satisfied", "reporter_unsatisfied"}));
    s.act(Town::with("rui", Role::resident), Action::reporter_satisfied);
    CHECK(s.incident.state == State::closed);
    CHECK(open_actions(s) == with({"reopen"}));
    s.now = s.now + held_after_end + base::Duration{1};
    CHECK(open_actions(s).empty());
}

TEST_CASE("blue is resolved from afar, red is no false alarm from afar") {
    Story blue = reported(Severity::blue);
    CHECK(!open_actions(blue).contains("resolve"));
    blue.reach(State::acknowledged);
    CHECK(open_actions(blue).contains("resolve"));
    blue.manager(Action::depart);
    CHECK(open_actions(blue).contains("resolve"));
    CHECK(blue.manager(Action::resolve).empty());
    CHECK(!check(blue.incident));

    Story red = reported(Severity::red);
    CHECK(red.manager(Action::mark_false_alarm) == "needs-arrival");
    red.reach(State::on_scene);
    CHECK(red.manager(Action::mark_false_alarm).empty());
    CHECK(open_actions(red) == std::set<std::string>{"add_note", "judge", "reopen", "seen", "trust_again"});
}

TEST_CASE("a merged incident takes nothing any more") {
    Story s = reported(Severity::orange);
    Incident target = s.opened(Severity::orange);
    s.command({.action = Action::merge, .actor = s.town.of(s.town.manager), .other = target.id}, &target);
    CHECK(open_actions(s) == std::set<std::string>{"seen"});
}

TEST_CASE("who may do what") {
    Story s(Severity::orange);
    s.incident.reporter = {"rui"};
    const auto code = [&](const Actor& actor, Action action) {
        return std::string(refusal(s.town.policy, s.incident, actor, action, s.now));
    };
    const Actor manager = s.town.of(s.town.manager);
    const Actor brigade = s.town.of(s.town.brigade);
    const Actor street = s.town.of(s.town.street, RoleSet{}.add(Role::street_office));
    const Actor desk = Town::with("desk", Role::duty_officer);
    const Actor vera = Town::with("vera", Role::verifier);
    const Actor rui = Town::with("rui", Role::resident);
    const Actor administrator = Town::with("ada", Role::administrator);

    CHECK(code(manager, Action::acknowledge).empty());
    CHECK(code(desk, Action::acknowledge).empty());
    for (const Actor& other : {brigade, street, vera, rui, administrator})
        CHECK(code(other, Action::acknowledge) == "not-involved");
    s.incident.assist = {s.town.brigade};
    s.incident.supervisor = s.town.street;
    CHECK(code(brigade, Action::acknowledge).empty());
    CHECK(code(street, Action::acknowledge).empty());

    for (const Actor& other : {manager, desk, rui, administrator})
        CHECK(code(other, Action::verify) == "not-a-verifier");
    CHECK(code(vera, Action::verify) == "wrong-state");
    CHECK(code(desk, Action::reopen) == "wrong-state");
    CHECK(code(manager, Action::reopen) == "not-a-verifier");
    for (const Actor& one : {manager, desk, vera, rui}) CHECK(code(one, Action::add_note).empty());
    CHECK(code(administrator, Action::add_note) == "not-involved");
    CHECK(code(manager, Action::reporter_satisfied) == "not-the-reporter");
    CHECK(code(rui, Action::reporter_satisfied) == "wrong-state");
    CHECK(code(desk, Action::reporter_satisfied) == "wrong-state");
    s.incident.reporter = {};
    CHECK(code(desk, Action::reporter_satisfied) == "not-the-reporter");
    CHECK(code({}, Action::add_note) == "not-signed-in");
}

TEST_CASE("the resolver does not judge the work, the verifier not twice") {
    Story s;
    s.incident.reporter = {"rui"};
    s.reach(State::resolved);
    Actor resolver = s.town.of(s.town.manager, RoleSet{}.add(Role::verifier));
    CHECK(s.act(resolver, Action::verify) == "verifier-is-resolver");
    CHECK(s.act(resolver, Action::reject) == "verifier-is-resolver");
    const Actor vera = Town::with("vera", Role::verifier);
    CHECK(s.act(vera, Action::verify).empty());
    CHECK(s.act(vera, Action::verify) == "already-verified");
    CHECK(s.act(vera, Action::reject) == "already-verified");
}

TEST_CASE("a ladder whose higher rungs have nobody ends earlier") {
    Story s;
    s.town.policy.bodies[s.town.street.value].retired = true;
    CHECK(refusal(s.town.policy, s.incident, s.town.of(s.town.manager), Action::escalate, s.now).empty());
    s.town.policy.bodies[s.town.district.value].retired = true;
    CHECK(refusal(s.town.policy, s.incident, s.town.of(s.town.manager), Action::escalate, s.now) == "top-of-ladder");
}
