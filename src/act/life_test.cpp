#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;
using State = IncidentState;
using Type = EventType;

TEST_CASE("opened by an alert: owner, deadlines, persons told, timeline") {
    Story s(Severity::red);
    const Incident& i = s.incident;
    CHECK(i.state == State::open);
    CHECK(i.lead == s.town.manager);
    CHECK(i.assist == std::vector{s.town.grid, s.town.brigade});
    CHECK(i.matrix_line == 2);
    CHECK(i.opened == noon);
    CHECK(i.acknowledge_by == noon + base::minutes(2));
    CHECK(i.arrive_by == noon + base::minutes(10));
    CHECK(i.close_by == noon + base::hours(4));
    CHECK(i.alert_count == 1);
    CHECK(i.alerts.size() == 1);
    REQUIRE(i.told.size() == 3);
    CHECK(i.told[0].person.code == "p-manager");
    CHECK(i.told[2].body == s.town.brigade);
    REQUIRE(s.effects.notices.size() == 3);
    CHECK(s.effects.notices[1].id == i.told[1].notice);
    CHECK(s.effects.notices[0].reason == NoticeReason::opened);
    REQUIRE(s.effects.events.size() == 4);
    CHECK(s.effects.events[0].type == Type::opened);
    CHECK(s.effects.events[0].body == s.town.manager);
    CHECK(s.effects.events[3].nth == 3);
    CHECK(s.effects.events[3].detail == "screen");
    CHECK(!check(i));
}

TEST_CASE("opened by a report: the reporter, the request, the cause that alerts of this kind have") {
    Story s;
    Command report{.action = Action::report, .actor = Town::with("rui", Role::resident), .request = 9};
    report.kind = IncidentKindId{0U};
    report.place = s.town.home;
    report.severity = Severity::blue;
    report.text = Handle{77};
    const Incident i = s.with_context([&](Context& ctx) { return open_by_report(ctx, report); });
    CHECK(i.reporter.code == "rui");
    CHECK(i.request == 9);
    CHECK(i.text == Handle{77});
    CHECK(i.cause == CauseId{0U});
    CHECK(i.anchor == s.town.home);
    CHECK(i.alert_count == 0);
    report.kind = IncidentKindId{1U};  // no rule finds it
    const Incident other = s.with_context([&](Context& ctx) { return open_by_report(ctx, report); });
    CHECK(!other.cause.valid());
    CHECK(!check(other));
}

TEST_CASE("a report of what is not known is refused") {
    Story s;
    Command report{.action = Action::report, .actor = Town::with("rui", Role::resident)};
    report.place = s.town.home;
    CHECK(refusal_of_report(s.town.policy, report) == "unknown-kind");
    report.kind = IncidentKindId{2U};
    CHECK(refusal_of_report(s.town.policy, report) == "unknown-kind");
    report.kind = IncidentKindId{1U};
    CHECK(refusal_of_report(s.town.policy, report).empty());
    report.place = PlaceId{99U};
    CHECK(refusal_of_report(s.town.policy, report) == "unknown-place");
    report.place = s.town.home;
    s.town.policy.places[s.town.home.value].retired = true;
    CHECK(refusal_of_report(s.town.policy, report) == "unknown-place");
    report.actor.person = {};
    CHECK(refusal_of_report(s.town.policy, report) == "not-signed-in");
}

TEST_CASE("from open to closed") {
    Story s;
    CHECK(s.manager(Action::acknowledge).empty());
    CHECK(s.incident.responder.code == "p-manager");
    CHECK(!s.incident.acknowledge_by.is_set());
    CHECK(s.manager(Action::depart).empty());
    CHECK(s.manager(Action::arrive).empty());
    CHECK(!s.incident.arrive_by.is_set());
    CHECK(s.photo(1, EvidencePhase::after, s.now).empty());
    CHECK(s.manager(Action::resolve).empty());
    CHECK(s.incident.state == State::resolved);
    CHECK(next_deadline(s.incident) == base::Time::never());
    CHECK(s.told("p-committee", NoticeReason::verify_wanted) == 1);
    CHECK(s.act(Town::with("vera", Role::verifier), Action::verify).empty());
    CHECK(s.incident.state == State::closed);
    CHECK(s.incident.verifier.code == "vera");
    CHECK(s.timeline() == std::vector{Type::opened, Type::acknowledged, Type::departed, Type::arrived,
                                      Type::evidence_added, Type::resolved, Type::verified, Type::closed});
    CHECK(s.effects.events.back().from == State::resolved);
    CHECK(s.effects.events.back().to == State::closed);
    CHECK(!check(s.incident));
}

TEST_CASE("nobody is asked to verify their own work") {
    Story s;
    s.reach(State::on_scene);
    s.photo(1, EvidencePhase::after, s.now);
    Actor chair = s.town.of(s.town.committee, RoleSet{}.add(Role::duty_officer));
    CHECK(s.act(chair, Action::resolve).empty());
    CHECK(s.told("p-committee", NoticeReason::verify_wanted) == 0);
    CHECK(s.told("p-street", NoticeReason::verify_wanted) == 1);
}

TEST_CASE("a resolved incident goes back to work") {
    const Actor vera = Town::with("vera", Role::verifier);
    Story s;
    s.reach(State::resolved);
    SUBCASE("rejected") {
        CHECK(s.act(vera, Action::reject).empty());
        CHECK(s.timeline().back() == Type::rejected);
        CHECK(s.incident.reopened_times == 0);
    }
    SUBCASE("reopened") {
        CHECK(s.act(vera, Action::reopen).empty());
        CHECK(s.timeline().back() == Type::reopened);
        CHECK(s.incident.reopened_times == 1);
    }
    SUBCASE("closed and reopened") {
        CHECK(s.act(vera, Action::verify).empty());
        CHECK(s.act(vera, Action::reopen).empty());
        CHECK(s.incident.reopened_times == 1);
        CHECK(!s.incident.ended.is_set());
    }
    SUBCASE("by an alert") {
        s.with_context([&](Context& ctx) { reopen_by_alert(ctx, s.incident, s.alert(Severity::red)); });
        CHECK(s.incident.severity == Severity::red);
        CHECK(s.incident.alert_count == 2);
        CHECK(s.incident.reopened_times == 1);
    }
    CHECK(s.incident.state == State::open);
    CHECK(s.incident.close_by == s.now + base::hours(4));
    CHECK(!s.incident.resolver.valid());
    CHECK(!s.incident.arrived.is_set());
    CHECK(s.told("p-manager", NoticeReason::reopened) == 1);
    CHECK(!check(s.incident));
    s.manager(Action::acknowledge);
    s.manager(Action::arrive);
    s.now = s.now + base::minutes(1);
    CHECK(s.manager(Action::resolve).empty());  // arrived in the same instant as the photo was added: it still counts
}

TEST_CASE("the photo of the first round does not stand for the second") {
    Story s;
    s.reach(State::resolved);
    s.act(Town::with("vera", Role::verifier), Action::reject);
    s.now = s.now + base::minutes(5);
    s.manager(Action::acknowledge);
    s.manager(Action::arrive);
    CHECK(s.manager(Action::resolve) == "needs-after-evidence");
    CHECK(s.photo(2, EvidencePhase::after, s.now).empty());
    CHECK(s.manager(Action::resolve).empty());
}

TEST_CASE("transfer: the owner changes in one step, the time to close does not") {
    Story s(Severity::red);
    s.reach(State::on_scene);
    s.now = s.now + base::hours(1);
    Command transfer{.action = Action::transfer, .actor = s.town.of(s.town.manager), .body = s.town.grid};
    CHECK(s.command(transfer).empty());
    CHECK(s.incident.lead == s.town.grid);
    CHECK(s.incident.assist == std::vector{s.town.brigade});
    CHECK(s.incident.state == State::open);
    CHECK(!s.incident.arrived.is_set());
    CHECK(s.incident.acknowledge_by == s.now + base::minutes(2));
    CHECK(s.incident.close_by == noon + base::hours(4));
    CHECK(s.effects.events[s.effects.events.size() - 2].body == s.town.grid);
    CHECK(s.told("p-grid", NoticeReason::transferred) == 1);
    CHECK(s.told("p-manager", NoticeReason::transferred) == 0);
    CHECK(s.manager(Action::acknowledge) == "not-involved");
}

TEST_CASE("transfer: to whom it cannot go") {
    Story s;
    Command transfer{.action = Action::transfer, .actor = s.town.of(s.town.manager)};
    CHECK(s.command(transfer) == "unknown-body");
    transfer.body = BodyId{99U};
    CHECK(s.command(transfer) == "unknown-body");
    transfer.body = s.town.manager;
    CHECK(s.command(transfer) == "same-body");
    transfer.body = s.town.elsewhere;
    CHECK(s.command(transfer) == "body-does-not-answer");
    transfer.body = s.town.nobody_there;
    CHECK(s.command(transfer) == "nobody-reachable");
    s.town.policy.bodies[s.town.grid.value].retired = true;
    transfer.body = s.town.grid;
    CHECK(s.command(transfer) == "unknown-body");
    CHECK(s.incident.lead == s.town.manager);
}

TEST_CASE("merge: the target carries on with alerts, severity and reporter") {
    Story s(Severity::red);
    Incident target = s.opened(Severity::yellow);
    s.incident.reporter = {"rui"};
    const auto events = s.effects.events.size();
    Command merge{.action = Action::merge, .actor = s.town.of(s.town.manager), .other = target.id};
    CHECK(s.command(merge, &target).empty());
    CHECK(s.incident.state == State::merged);
    CHECK(s.incident.merged_into == target.id);
    CHECK(target.alert_count == 2);
    CHECK(target.alerts.size() == 2);
    CHECK(target.severity == Severity::red);
    CHECK(target.reporter.code == "rui");
    CHECK(s.effects.events[events].type == Type::merged);
    CHECK(s.effects.events[events].detail == std::to_string(target.id.value));
    CHECK(s.effects.events[events + 1].type == Type::absorbed);
    CHECK(s.effects.events[events + 1].incident == target.id);
    CHECK(!check(s.incident));
    CHECK(!check(target));
}

TEST_CASE("merge: what it cannot go into") {
    Story s;
    Incident target = s.opened(Severity::orange);
    Command merge{.action = Action::merge, .actor = s.town.of(s.town.manager), .other = s.incident.id};
    CHECK(s.command(merge, &s.incident) == "same-incident");
    merge.other = target.id;
    CHECK(s.command(merge, nullptr) == "unknown-incident");
    target.state = State::resolved;
    CHECK(s.command(merge, &target) == "merge-target-ended");
    target.state = State::closed;
    CHECK(s.command(merge, &target) == "merge-target-ended");
    CHECK(s.incident.state == State::open);
}

TEST_CASE("the first 64 alerts are listed, all are counted") {
    Story s;
    for (int n = 0; n < 100; ++n) {
        s.now = s.now + base::seconds(1);
        s.with_context([&](Context& ctx) { join_alert(ctx, s.incident, s.alert(Severity::yellow)); });
    }
    CHECK(s.incident.alerts.size() == 64);
    CHECK(s.incident.alert_count == 101);
    CHECK(s.incident.latest_alert == s.now);
    CHECK(s.incident.severity == Severity::orange);
    CHECK(s.told("p-manager", NoticeReason::opened) == 1);
    CHECK(s.incident.told.size() == 1);
}

TEST_CASE("severity: tighter at once, relaxed from the basis, whom the matrix names comes to help") {
    Story s(Severity::blue);  // acknowledge within 4 min
    s.now = s.now + base::minutes(1);
    Command set{.action = Action::set_severity, .actor = s.town.of(s.town.manager), .severity = Severity::red};
    CHECK(s.command(set).empty());
    CHECK(s.incident.acknowledge_by == s.now + base::minutes(2));
    CHECK(s.incident.close_by == noon + base::hours(4));
    CHECK(s.incident.lead == s.town.manager);
    CHECK(s.incident.assist == std::vector{s.town.grid, s.town.brigade});
    CHECK(s.told("p-brigade", NoticeReason::severity_raised) == 1);
    CHECK(s.command(set) == "same-severity");
    set.severity = Severity::yellow;
    CHECK(s.command(set).empty());
    CHECK(s.incident.acknowledge_by ==
          noon + base::minutes(5));  // basis is a minute after opening: 2 min before the tightened one
    CHECK(s.told("p-brigade", NoticeReason::severity_raised) == 1);
    CHECK(s.effects.events.back().type == Type::severity_changed);
    CHECK(s.effects.events.back().detail == "red");
}

TEST_CASE("seen: every notice of the person, once") {
    Story s(Severity::red);
    s.pass(base::minutes(2));
    CHECK(s.manager(Action::seen).empty());
    for (const Told& told : s.incident.told) CHECK(told.seen.is_set() == (told.person.code == "p-manager"));
    const auto events = s.incident.event_count;
    CHECK(s.manager(Action::seen).empty());
    CHECK(s.incident.event_count == events);
    CHECK(s.act(Town::with("stranger", Role::resident), Action::seen) == "not-told");
}

TEST_CASE("a cleared alert stands in the timeline and changes nothing") {
    Story s;
    const State before = s.incident.state;
    s.with_context([&](Context& ctx) { clear_alert(ctx, s.incident, {s.incident.alerts.front(), s.now}); });
    CHECK(s.timeline().back() == Type::alert_cleared);
    CHECK(s.incident.state == before);
}

TEST_CASE("late: until an alert in time joins") {
    Story s;
    Alert late = s.alert(Severity::orange);
    late.late = true;
    Incident i = s.with_context([&](Context& ctx) { return open_by_alert(ctx, late); });
    CHECK(i.late);
    s.with_context([&](Context& ctx) { join_alert(ctx, i, late); });
    CHECK(i.late);
    s.with_context([&](Context& ctx) { join_alert(ctx, i, s.alert(Severity::orange)); });
    CHECK(!i.late);
}

TEST_CASE("the reporter: word, silence, and no way around the verifier") {
    const Actor rui = Town::with("rui", Role::resident);
    const Actor vera = Town::with("vera", Role::verifier);
    Story s;
    s.incident.reporter = rui.person;
    s.reach(State::resolved);
    SUBCASE("silence") {
        s.pass(base::days(30));
        CHECK(s.incident.state == State::resolved);  // nobody has verified
        CHECK(s.act(vera, Action::verify).empty());
        CHECK(s.incident.state == State::resolved);
        CHECK(s.incident.reporter_due == s.now + base::hours(72));
        CHECK(s.told("rui", NoticeReason::reporter_wanted) == 1);
        s.pass(base::hours(72));
        CHECK(s.incident.state == State::closed);
        CHECK(s.effects.events.back().detail == "reporter-silent");
        CHECK(s.act(rui, Action::reporter_satisfied) == "wrong-state");
    }
    SUBCASE("satisfied") {
        s.act(vera, Action::verify);
        CHECK(s.act(rui, Action::reporter_satisfied).empty());
        CHECK(s.incident.state == State::closed);
        CHECK(s.act(rui, Action::reporter_satisfied) == "already-answered");
    }
    SUBCASE("satisfied before the verification") {
        CHECK(s.act(rui, Action::reporter_satisfied).empty());
        CHECK(s.incident.state == State::resolved);
        CHECK(s.act(rui, Action::reporter_unsatisfied) == "already-answered");
        CHECK(s.act(vera, Action::verify).empty());
        CHECK(s.incident.state == State::closed);
    }
    SUBCASE("unsatisfied") {
        s.act(vera, Action::verify);
        CHECK(s.act(rui, Action::reporter_unsatisfied).empty());
        CHECK(s.incident.state == State::open);
        CHECK(s.incident.reporter_answer == ReporterAnswer::unsatisfied);
        s.now = s.now + base::minutes(1);
        s.manager(Action::acknowledge);
        s.manager(Action::arrive);
        s.photo(9, EvidencePhase::after, s.now);
        s.manager(Action::resolve);
        CHECK(s.incident.reporter_answer == ReporterAnswer::none);
    }
    CHECK(!check(s.incident));
}
