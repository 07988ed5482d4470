#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;
using State = IncidentState;
using Type = EventType;

TEST_CASE("a missed acknowledgement climbs at once and again until the top") {
    Story s(Severity::red);
    s.pass(base::minutes(2));
    CHECK(s.incident.missed_acknowledge);
    CHECK(s.incident.level == LadderLevel::street);
    CHECK(s.incident.supervisor == s.town.street);
    CHECK(s.incident.climb_at == s.now + base::minutes(5));
    CHECK(s.told("p-manager", NoticeReason::deadline_missed) == 1);
    CHECK(s.told("p-street", NoticeReason::escalated) == 1);
    s.pass(base::minutes(5));
    CHECK(s.incident.level == LadderLevel::district);
    CHECK(!s.incident.climb_at.is_set());
    CHECK(s.timeline() == std::vector{Type::opened, Type::deadline_missed, Type::escalated, Type::escalated});
    CHECK(s.effects.events[4].detail == "acknowledge");
    CHECK(next_deadline(s.incident) == s.incident.close_by);
    CHECK(!check(s.incident));
}

TEST_CASE("an acknowledgement stops the climb; a late one keeps the planned travel time") {
    Story s(Severity::red);
    SUBCASE("in time") {
        s.pass(base::minutes(1));
        s.manager(Action::acknowledge);
        CHECK(s.incident.arrive_by == noon + base::minutes(10));
    }
    SUBCASE("late") {
        s.pass(base::minutes(6));
        s.manager(Action::acknowledge);
        CHECK(s.incident.arrive_by == s.now + base::minutes(8));
    }
    CHECK(!s.incident.climb_at.is_set());
    CHECK(next_deadline(s.incident) == s.incident.arrive_by);
}

TEST_CASE("an acknowledgement with nothing after it expires, is told anew and climbs") {
    Story s(Severity::red);
    s.manager(Action::acknowledge);
    s.pass(base::minutes(10));
    CHECK(s.incident.state == State::open);
    CHECK(!s.incident.responder.valid());
    CHECK(s.incident.acknowledge_by == s.now + base::minutes(2));
    CHECK(s.incident.level == LadderLevel::street);
    CHECK(!s.incident.climb_at.is_set());
    CHECK(s.told("p-manager", NoticeReason::acknowledgement_expired) == 1);
    CHECK(s.told("p-grid", NoticeReason::acknowledgement_expired) == 1);
    CHECK(s.timeline() ==
          std::vector{Type::opened, Type::acknowledged, Type::acknowledgement_expired, Type::escalated});
    CHECK(s.incident.close_by == noon + base::hours(4));
    s.pass(base::minutes(2));
    CHECK(s.incident.level == LadderLevel::district);
}

TEST_CASE("whoever has departed or arrived does not expire") {
    Story s(Severity::red);
    s.manager(Action::acknowledge);
    s.manager(Action::depart);
    s.pass(base::minutes(30));
    CHECK(s.incident.state == State::en_route);
    CHECK(s.incident.missed_arrive);
    CHECK(s.incident.level == LadderLevel::street);
    s.manager(Action::arrive);
    s.pass(base::hours(3));
    CHECK(s.incident.state == State::on_scene);
    CHECK(s.incident.level == LadderLevel::street);
    s.pass(base::hours(1));
    CHECK(s.incident.missed_close);
    CHECK(s.incident.level == LadderLevel::district);
    s.pass(base::days(100));
    CHECK(s.incident.state == State::on_scene);
    CHECK(s.timeline() == std::vector{Type::opened, Type::acknowledged, Type::departed, Type::deadline_missed,
                                      Type::escalated, Type::arrived, Type::deadline_missed, Type::escalated});
}

TEST_CASE("at the top a missed deadline still tells lead and supervisor") {
    Story s;
    const Actor desk = Town::with("desk", Role::duty_officer);
    s.act(desk, Action::escalate);
    s.act(desk, Action::escalate);
    CHECK(s.act(desk, Action::escalate) == "top-of-ladder");
    s.pass(base::minutes(4));
    CHECK(s.told("p-manager", NoticeReason::deadline_missed) == 1);
    CHECK(s.told("p-district", NoticeReason::deadline_missed) == 1);
    CHECK(!check(s.incident));
}

TEST_CASE("several deadlines that passed unseen are worked off in one call") {
    Story s(Severity::red);
    s.now = noon + base::days(1);
    s.with_context([&](Context& ctx) { on_deadline(ctx, s.incident); });
    CHECK(s.incident.missed_acknowledge);
    CHECK(s.incident.missed_close);
    CHECK(s.incident.level == LadderLevel::district);
    CHECK(next_deadline(s.incident) > s.now);
}

TEST_CASE("deadlines of no length end all the same") {
    Story s(Severity::red);
    s.town.policy.matrix.front().acknowledge = {};
    s.town.policy.matrix.front().arrive = {};
    s.town.policy.matrix.front().close = {};
    for (auto& climb : s.town.policy.ladder.climb) climb = {};
    s.incident = s.opened(Severity::red);
    s.with_context([&](Context& ctx) { on_deadline(ctx, s.incident); });
    CHECK(s.incident.level == LadderLevel::district);
    CHECK(next_deadline(s.incident) == base::Time::never());
    s.manager(Action::acknowledge);
    s.with_context([&](Context& ctx) { on_deadline(ctx, s.incident); });
    CHECK(s.incident.state == State::open);
    CHECK(next_deadline(s.incident) == base::Time::never());
}

TEST_CASE("check names each broken invariant") {
    Story s;
    const auto broken = [&](auto change) {
        Incident i = s.incident;
        change(i);
        return std::string(check(i).value_or("sound"));
    };
    CHECK(broken([](Incident&) {}) == "sound");
    CHECK(broken([](Incident& i) { i.lead = {}; }).starts_with("I1"));
    CHECK(broken([](Incident& i) { i.acknowledge_by = base::Time::none(); }).starts_with("I4"));
    CHECK(broken([](Incident& i) { i.told.pop_back(); }).starts_with("I6"));
    CHECK(
        broken([](Incident& i) { i.state = State::acknowledged, i.arrive_by = base::Time::none(); }).starts_with("I4"));
    CHECK(broken([](Incident& i) { i.ended = noon; }) != "sound");
    s.reach(State::resolved);
    CHECK(broken([](Incident&) {}) == "sound");
    CHECK(broken([](Incident& i) { i.resolver = {}; }).starts_with("I5"));
    CHECK(broken([](Incident& i) { i.evidence.clear(); }).starts_with("I5"));
    CHECK(broken([](Incident& i) { i.close_by = noon; }) != "sound");
    s.act(Town::with("vera", Role::verifier), Action::verify);
    CHECK(broken([](Incident&) {}) == "sound");
    CHECK(broken([](Incident& i) { i.verified = base::Time::none(); }).starts_with("I2"));
    CHECK(broken([](Incident& i) { i.verifier = i.resolver; }).starts_with("I2"));
    CHECK(broken([](Incident& i) { i.reporter = {"rui"}; }).starts_with("I3"));
}

TEST_CASE("a deadline that was missed and lies ahead again is acted upon again") {
    Story s(Severity::red);
    s.pass(base::minutes(3));
    CHECK(s.incident.missed_acknowledge);
    CHECK(s.incident.climb_at.is_set());
    Command lighter{.action = Action::set_severity, .actor = s.town.of(s.town.manager), .severity = Severity::orange};
    CHECK(s.command(lighter).empty());
    CHECK(s.incident.acknowledge_by == noon + base::minutes(4));
    CHECK(!s.incident.missed_acknowledge);
    CHECK(!s.incident.climb_at.is_set());
    s.pass(base::minutes(1));
    CHECK(s.incident.missed_acknowledge);
    CHECK(s.incident.level == LadderLevel::district);
}

TEST_CASE("an acknowledgement of what has lapsed sets a new time to arrive, which can be missed again") {
    Story s(Severity::red);
    s.manager(Action::acknowledge);
    s.manager(Action::depart);
    s.pass(base::minutes(10));
    CHECK(s.incident.missed_arrive);
    Command transfer{.action = Action::transfer, .actor = s.town.of(s.town.manager), .body = s.town.grid};
    CHECK(s.command(transfer).empty());
    CHECK(!s.incident.missed_arrive);
    const Actor grid = s.town.of(s.town.grid);
    s.act(grid, Action::acknowledge);
    s.act(grid, Action::depart);
    s.pass(base::minutes(10));
    CHECK(s.incident.missed_arrive);
    CHECK(s.incident.level == LadderLevel::district);
}
