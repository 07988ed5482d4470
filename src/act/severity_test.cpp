#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;
using State = IncidentState;
using Type = EventType;

namespace {

// Rule 0 stays; rule 1 rises after 10 and 30 minutes and falls a quarter of an hour after it has cleared; rule 2 rises.
struct Tides : Story {
    Tides() {
        const Rule plain = town.policy.rules.front();
        Rule both = plain;
        both.severity = Severity::yellow;
        both.rise = {{base::minutes(10), Severity::orange}, {base::minutes(30), Severity::red}};
        both.fall = SeverityStep{base::minutes(15), Severity::blue};
        Rule rises = both;
        rises.fall.reset();
        town.policy.rules = {plain, both, rises};
    }
    Alert by(std::uint32_t rule, Severity severity, AlertId renews = {}) {
        Alert a = alert(severity);
        a.rule = RuleId{rule};
        a.renews = renews;
        return a;
    }
    AlertId begin(std::uint32_t rule) {
        effects.clear();
        const Alert a = by(rule, town.policy.rules[rule].severity);
        incident = with_context([&](Context& ctx) { return open_by_alert(ctx, a); });
        return a.id;
    }
    AlertId join(std::uint32_t rule, Severity severity, AlertId renews = {}) {
        const Alert a = by(rule, severity, renews);
        with_context([&](Context& ctx) { join_alert(ctx, incident, a); });
        return a.id;
    }
    void clear(AlertId alert) {
        with_context([&](Context& ctx) { clear_alert(ctx, incident, {alert, now}); });
    }
    void set(Severity severity) {
        REQUIRE(command({.action = Action::set_severity, .actor = town.of(town.manager), .severity = severity}) == "");
    }
};

}  // namespace

TEST_CASE("an alert that does not clear rises, tells, and never gives more time") {
    Tides s;
    s.begin(1);
    s.manager(Action::acknowledge);
    const base::Time close_by = s.incident.close_by;
    s.pass(base::minutes(9));
    CHECK(s.incident.severity == Severity::yellow);
    s.town.policy.matrix.front().close = base::hours(40);  // a graver one with more time
    s.manager(Action::depart);
    s.pass(base::minutes(1));
    CHECK(s.incident.severity == Severity::orange);
    CHECK(s.told("p-manager", NoticeReason::severity_raised) == 1);
    CHECK(s.incident.close_by == close_by);
    s.pass(base::minutes(20));
    CHECK(s.incident.severity == Severity::red);
    CHECK(s.incident.close_by == close_by);
    CHECK(s.told("p-grid", NoticeReason::severity_raised) == 1);  // whom red brings to assist
    const auto& last = *std::ranges::find_if(s.effects.events, [](const TimelineEvent& e) {
        return e.type == Type::severity_changed && e.severity == Severity::red;
    });
    CHECK(!last.actor.valid());
    CHECK(last.detail == "orange");
    CHECK(last.at == noon + base::minutes(30));
    CHECK(!check(s.incident));
}

TEST_CASE("a renewed alert counts from the first, and one clearing ends both") {
    Tides s;
    const AlertId first = s.begin(1);
    s.pass(base::minutes(6));
    const AlertId second = s.join(1, Severity::yellow, first);
    s.pass(base::minutes(4));
    CHECK(s.incident.severity == Severity::orange);
    s.clear(second);
    s.pass(base::hours(1));
    CHECK(s.incident.severity == Severity::blue);
    CHECK(s.incident.standing.empty());
}

TEST_CASE("it falls once, to the gravest that still stands") {
    Tides s;
    const AlertId first = s.begin(1);
    s.pass(base::minutes(8));
    const AlertId other = s.join(1, Severity::yellow);
    s.pass(base::minutes(2));
    CHECK(s.incident.severity == Severity::orange);
    s.clear(first);
    s.pass(base::minutes(7));
    s.clear(other);  // before its own tenth minute
    s.pass(base::minutes(8));
    CHECK(s.incident.severity == Severity::yellow);
    s.pass(base::minutes(7));
    CHECK(s.incident.severity == Severity::blue);
    CHECK(s.timeline().back() == Type::severity_changed);
}

TEST_CASE("what a person set, what stood at the arrival, and alerts that stay are not undercut") {
    Tides s;
    const AlertId alert = s.begin(1);
    SUBCASE("set by hand") {
        s.set(Severity::orange);
        s.clear(alert);
        s.pass(base::hours(1));
        CHECK(s.incident.severity == Severity::orange);
    }
    SUBCASE("lowered by hand: the next step still rises, and the fall ends there") {
        s.pass(base::minutes(10));
        s.set(Severity::yellow);
        s.pass(base::minutes(20));
        CHECK(s.incident.severity == Severity::red);
        s.clear(alert);
        s.pass(base::minutes(15));
        CHECK(s.incident.severity == Severity::yellow);
    }
    SUBCASE("somebody is there") {
        s.clear(alert);
        s.reach(State::on_scene);
        s.pass(base::hours(1));
        CHECK(s.incident.severity == Severity::yellow);
    }
    SUBCASE("an alert that stays") {
        s.join(0, Severity::yellow);
        s.clear(alert);
        s.pass(base::hours(1));
        CHECK(s.incident.severity == Severity::yellow);
    }
    SUBCASE("one that rises and does not fall") {
        const AlertId rising = s.join(2, Severity::yellow);
        s.clear(alert);
        s.pass(base::minutes(10));
        CHECK(s.incident.severity == Severity::orange);
        s.clear(rising);
        s.pass(base::hours(2));
        CHECK(s.incident.severity == Severity::orange);
    }
    CHECK(!check(s.incident));
}

TEST_CASE("resolving ends it, late alerts do not begin it, merging takes it along") {
    Tides s;
    s.begin(1);
    SUBCASE("resolved") {
        s.reach(State::resolved);
        CHECK(s.incident.standing.empty());
        s.pass(base::hours(2));
        CHECK(s.incident.severity == Severity::yellow);
    }
    SUBCASE("late") {
        Alert late = s.by(1, Severity::yellow);
        late.late = true;
        s.incident = s.with_context([&](Context& ctx) { return open_by_alert(ctx, late); });
        s.pass(base::minutes(40));
        CHECK(s.incident.severity == Severity::yellow);
    }
    SUBCASE("merged") {
        Incident target = s.opened(Severity::blue);
        Command merge{.action = Action::merge, .actor = s.town.of(s.town.manager), .other = target.id};
        REQUIRE(s.command(merge, &target) == "");
        CHECK(!check(s.incident));
        CHECK(target.severity == Severity::yellow);
        std::swap(s.incident, target);
        s.pass(base::minutes(30));
        CHECK(s.incident.severity == Severity::red);
    }
    CHECK(!check(s.incident));
}
