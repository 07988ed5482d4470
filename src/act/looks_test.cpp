// Second looks, what is quiet, and verdicts.
#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;

namespace {

constexpr Doubt doubt{.stage = Stage::second_look, .real = 0, .mistaken = 2, .at_most = 450};

struct Looked : Story {
    const Actor desk = Town::with("dee", Role::duty_officer);

    explicit Looked(bool with_desk = true) : Story(Severity::orange) {
        if (with_desk) {
            town.policy.bodies.push_back({.code = "desk", .role = Role::duty_officer, .places = {town.community}});
            town.policy.duty.push_back(
                {.body = BodyId{town.policy.bodies.size() - 1}, .person = {"dee"}, .channels = {Channel::screen}});
            town.policy.index();
        }
        effects.clear();
        incident = with_context(
            [&](Context& ctx) { return open_for_look(ctx, found(DeviceId{7U}), doubt, base::minutes(3)); });
    }
    [[nodiscard]] Alert found(DeviceId device, Severity severity = Severity::orange) const {
        Alert a = alert(severity);
        a.rule = RuleId{0U};
        a.device = device;
        return a;
    }
    void joins(const Alert& a, bool doubted) {
        with_context([&](Context& ctx) { join_alert(ctx, incident, a, doubted); });
    }
    [[nodiscard]] bool sound() const { return !check(incident); }
};

std::size_t all_told(const Story& s) { return s.effects.notices.size(); }

}  // namespace

TEST_CASE("a second look: the desk alone is told, and nothing is due but the look") {
    Looked s;
    CHECK(s.incident.look == Look::wanted);
    CHECK(s.told("dee", NoticeReason::look_wanted) == 1);
    CHECK(all_told(s) == 1);
    CHECK(next_deadline(s.incident) == noon + base::minutes(3));
    CHECK(s.timeline() == std::vector{EventType::opened, EventType::look_wanted});
    CHECK(s.incident.lead == s.town.manager);
    CHECK(s.sound());
    for (const Action a : {Action::acknowledge, Action::transfer, Action::escalate})
        CHECK(refusal(s.town.policy, s.incident, s.desk, a, s.now) == "look-wanted");
    CHECK(refusal(s.town.policy, s.incident, s.desk, Action::depart, s.now) == "wrong-state");
}

TEST_CASE("confirmed, it goes its way from that moment") {
    Looked s;
    s.pass(base::minutes(1));
    CHECK(s.act(Town::with("rui", Role::resident), Action::confirm) == "not-involved");
    CHECK(s.act(s.desk, Action::confirm).empty());
    CHECK(s.incident.look == Look::confirmed);
    CHECK(s.told("p-manager", NoticeReason::opened) == 1);
    CHECK(s.incident.acknowledge_by == noon + base::minutes(1) + s.incident.acknowledge_within);
    CHECK(s.effects.events.back().type == EventType::told);
    CHECK(s.sound());
    CHECK(s.act(s.desk, Action::confirm) == "wrong-state");
    CHECK(s.manager(Action::acknowledge).empty());
}

TEST_CASE("a look that nobody answers loses nothing") {
    Looked s;
    s.pass(base::minutes(3) - base::milliseconds(1));
    CHECK(s.told("p-manager", NoticeReason::opened) == 0);
    s.pass(base::milliseconds(1));
    CHECK(s.told("p-manager", NoticeReason::opened) == 1);
    CHECK(s.incident.look == Look::confirmed);
    CHECK(s.sound());
    s.pass(base::days(1));  // and climbs like any other
    CHECK(s.incident.level == LadderLevel::district);
}

TEST_CASE("with nobody at the desk the lead looks; with nobody at all it goes at once") {
    Looked lead(false);
    CHECK(lead.told("p-manager", NoticeReason::look_wanted) == 1);
    CHECK(lead.incident.look == Look::wanted);
    CHECK(lead.manager(Action::confirm).empty());

    Looked nobody(false);
    nobody.town.policy.duty.clear();
    nobody.incident = nobody.with_context(
        [&](Context& ctx) { return open_for_look(ctx, nobody.found(DeviceId{7U}), doubt, base::minutes(3)); });
    CHECK(nobody.incident.look == Look::confirmed);
    CHECK(nobody.incident.acknowledge_by.is_set());
    CHECK(nobody.sound());
}

TEST_CASE("a false alarm by the look sends nobody, and is a verdict") {
    Looked s;
    CHECK(s.act(s.desk, Action::mark_false_alarm).empty());
    CHECK(s.incident.state == IncidentState::false_alarm);
    CHECK(s.incident.look == Look::none);
    CHECK(s.incident.sources.at(0).verdict == Verdict::mistaken);
    CHECK(all_told(s) == 1);
    CHECK(next_deadline(s.incident) == base::Time::never());
    CHECK(s.sound());
    s.with_context([&](Context& ctx) { clear_alert(ctx, s.incident, {s.incident.alerts.front(), s.now}); });
    CHECK(s.sound());
}

TEST_CASE("something else that finds the same sends it on; the same camera alone does not") {
    Looked same;
    same.joins(same.found(DeviceId{7U}), true);
    CHECK(same.incident.look == Look::wanted);
    CHECK(same.incident.sources.size() == 1);
    CHECK(same.incident.sources[0].alerts == 2);
    same.joins(same.found(DeviceId{7U}), false);  // by a rule that is trusted
    CHECK(same.incident.look == Look::confirmed);

    Looked other;
    other.joins(other.found(DeviceId{8U}), true);
    CHECK(other.incident.look == Look::confirmed);
    CHECK(other.told("p-manager", NoticeReason::opened) == 1);
    CHECK(other.incident.sources.size() == 2);
    CHECK(other.sound());
}

TEST_CASE("one that grows graver waits no longer, and tells once") {
    Looked s;
    CHECK(s.command({.action = Action::set_severity, .actor = s.desk, .severity = Severity::red}).empty());
    CHECK(s.incident.look == Look::confirmed);
    CHECK(s.told("p-manager", NoticeReason::opened) == 1);
    CHECK(s.told("p-manager", NoticeReason::severity_raised) == 0);
    CHECK(s.sound());
}

TEST_CASE("a real one merged into it sends it on") {
    Looked s;
    Incident other = s.opened(Severity::orange);
    std::swap(s.incident, other);
    CHECK(s.command({.action = Action::merge, .actor = s.desk, .other = other.id}, &other).empty());
    CHECK(other.look == Look::confirmed);
    CHECK(s.incident.sources.empty());
    CHECK(other.sources.size() == 2);
    CHECK_FALSE(check(other));
    CHECK_FALSE(check(s.incident));
}

TEST_CASE("what is quiet tells nobody, has ended, and can be brought back") {
    Story s;
    const std::size_t before = all_told(s);
    s.incident = s.with_context([&](Context& ctx) { return open_quiet(ctx, s.alert(Severity::orange), doubt); });
    s.with_context([&](Context& ctx) { join_quiet(ctx, s.incident, s.alert(Severity::orange)); });
    CHECK(s.incident.state == IncidentState::quiet);
    CHECK(s.incident.ended == noon);
    CHECK(s.incident.alert_count == 2);
    CHECK(s.incident.sources.at(0).verdict == Verdict::none);  // nobody looked
    CHECK(all_told(s) == before);
    CHECK(next_deadline(s.incident) == base::Time::never());
    CHECK_FALSE(check(s.incident));
    CHECK(s.manager(Action::acknowledge) == "wrong-state");
    CHECK(s.manager(Action::reopen) == "not-a-verifier");
    CHECK(s.act(Town::with("dee", Role::duty_officer), Action::reopen).empty());
    CHECK(s.incident.state == IncidentState::open);
    CHECK(s.incident.acknowledge_by.is_set());
    CHECK(s.told("p-manager", NoticeReason::reopened) == 1);
    CHECK_FALSE(check(s.incident));
    s.reach(IncidentState::resolved);
    CHECK(s.act(Town::with("vera", Role::verifier), Action::verify).empty());
    CHECK(s.incident.sources.at(0).verdict == Verdict::real);
}

TEST_CASE("closing says real, unless somebody has said otherwise; by hand it is put right later") {
    Story s;
    s.with_context([&](Context& ctx) {
        Alert second = s.alert(Severity::orange);
        second.device = DeviceId{9U};
        join_alert(ctx, s.incident, second);
    });
    const AlertId second = s.incident.sources.at(1).alert;
    const auto judge = [&](Verdict v, AlertId alert = {}) {
        return s.command({.action = Action::judge, .actor = s.town.of(s.town.manager), .verdict = v, .alert = alert});
    };
    CHECK(judge(Verdict::none) == "verdict-needed");
    CHECK(judge(Verdict::test, AlertId{12345}) == "unknown-alert");
    CHECK(judge(Verdict::test, second).empty());
    s.reach(IncidentState::resolved);
    CHECK(s.act(Town::with("vera", Role::verifier), Action::verify).empty());
    CHECK(s.incident.sources[0].verdict == Verdict::real);
    CHECK(s.incident.sources[1].verdict == Verdict::test);
    CHECK_FALSE(check(s.incident));

    s.now = s.now + base::days(89);
    CHECK(judge(Verdict::mistaken).empty());
    CHECK(s.incident.sources[0].verdict == Verdict::mistaken);
    CHECK(s.incident.sources[0].judged == s.now);
    CHECK(s.effects.events.back().detail == "false");
    s.now = s.now + base::days(2);
    CHECK(judge(Verdict::real) == "wrong-state");
}

TEST_CASE("a false alarm may be a test, or nobody knows; never that it was real") {
    Story s;
    const auto mark = [&](Verdict v) {
        return s.command({.action = Action::mark_false_alarm, .actor = s.town.of(s.town.manager), .verdict = v});
    };
    CHECK(mark(Verdict::real) == "verdict-needed");
    CHECK(mark(Verdict::test).empty());
    CHECK(s.incident.sources.at(0).verdict == Verdict::test);
    // Brought back, what was said of it falls; marked again, it is said anew.
    CHECK(s.act(Town::with("vera", Role::verifier), Action::reopen).empty());
    CHECK(s.incident.sources.at(0).verdict == Verdict::none);
    CHECK(mark(Verdict::none).empty());
    CHECK(s.incident.sources.at(0).verdict == Verdict::mistaken);
}

TEST_CASE("trust again: by whom it concerns, with a reason, of what has sources") {
    Story s;
    Command c{.action = Action::trust_again, .actor = Town::with("rui", Role::resident), .text = Handle{5}};
    CHECK(s.command(c) == "not-involved");
    c.actor = Town::with("dee", Role::duty_officer);
    CHECK(s.command(c).empty());
    CHECK(s.incident.trust_again == s.now);
    CHECK(s.effects.events.back().type == EventType::trusted_again);
    CHECK(s.effects.events.back().text == Handle{5});
    s.incident = s.with_context([&](Context& ctx) {
        return open_by_report(ctx,
                              {.actor = s.town.of(s.town.manager), .kind = IncidentKindId{0U}, .place = s.town.home});
    });
    CHECK(s.command(c) == "no-sources");
}

TEST_CASE("no more sources are listed than can be kept") {
    Story s;
    for (std::uint32_t n = 0; n < 200; ++n) {
        s.with_context([&](Context& ctx) {
            Alert a = s.alert(Severity::orange);
            a.device = DeviceId{n};
            join_alert(ctx, s.incident, a);
        });
    }
    CHECK(s.incident.sources.size() == sources_kept);
    CHECK(s.incident.alert_count == 201);
    CHECK_FALSE(check(s.incident));
}
