// What people said of a camera's alerts decides what becomes of the next one.
#include "decide/precision.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "loop/precision.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::loop;
using namespace shoumen::loop::testing;

namespace {

constexpr std::uint32_t rack = 2;    // the device before the clothes rack, in unit 0
constexpr std::uint32_t beside = 3;  // another in the same unit
constexpr std::uint32_t elsewhere = 9;

struct Yard {
    Time now = noon;
    Homes homes;
    std::unique_ptr<Driven> driven;

    explicit Yard(std::uint32_t quiet_below = 100) {
        Rule& seen = homes.rule("seen", homes.flood, Severity::orange);
        seen.raise = {testing::alarm, Compare::equal, Value::boolean(testing::alarm, true)};
        seen.precision = Precision{.target = 500, .quiet_below = quiet_below, .scene = level};
        Rule& call = homes.rule("call", homes.fire, Severity::orange);  // asks for no precision
        call.raise = {level, Compare::above, Value::real(level, 90)};
        driven = std::make_unique<Driven>(homes.ready());
    }
    // The incident that the alert of this signal went to.
    IncidentId sees(std::uint32_t device, double zone = 1) {
        work_off();
        driven->signal(now, device, {Value::boolean(testing::alarm, true), Value::real(level, zone)});
        REQUIRE(driven->effects.alerts.size() == 1);
        const IncidentId id = driven->effects.alerts[0].incident;
        driven->signal(now + base::seconds(1), device, off());
        return id;
    }
    [[nodiscard]] const Incident& at(IncidentId id) const { return *driven->core.incident(id); }
    void says(IncidentId id, Action action, Verdict verdict = Verdict::none) {
        Command c{.action = action, .incident = id, .actor = person("dee", {}, {Role::duty_officer})};
        c.verdict = verdict;
        REQUIRE(driven->command(now + base::seconds(2), c).code.empty());
    }
    void work_off() {
        while (driven->core.next_due() <= now) driven->timer(driven->core.next_due());
    }
    void wrong(std::uint32_t device, int times, double zone = 1, base::Duration apart = base::minutes(20)) {
        for (int n = 0; n < times; ++n) {
            says(sees(device, zone), Action::mark_false_alarm);
            now = now + apart;
        }
    }
    [[nodiscard]] TrackView track(std::uint32_t device, double zone = 1) const {
        const Scene scene = decide::scene_of(homes.policy.rules[0], std::vector{Value::real(level, zone)});
        for (const TrackView& view : driven->core.precision(now)) {
            if (view.track == Track{RuleId{0U}, DeviceId{device}, scene}) return view;
        }
        return {};
    }
};

}  // namespace

TEST_CASE("two wrong ones, and the third waits for a look; another camera, another scene and another rule do not") {
    Yard y;
    y.wrong(rack, 2);
    CHECK(y.at(y.sees(rack)).look == Look::wanted);
    CHECK(y.track(rack).latest_alert == y.now);
    y.now = y.now + base::minutes(20);
    CHECK(y.at(y.sees(rack, 2)).look == Look::none);
    CHECK(y.at(y.sees(elsewhere)).look == Look::none);
    CHECK(y.track(rack).stage == Stage::second_look);
    CHECK(y.track(rack).record.mistaken == 2);
    CHECK(y.track(rack, 2).stage == Stage::trusted);
}

TEST_CASE("fifteen on one day, and the next of that hour is quiet: one incident a day that takes them all") {
    Yard y;
    y.wrong(rack, 15, 1, base::minutes(1));
    CHECK(y.track(rack).stage == Stage::quiet);
    const IncidentId first = y.sees(rack);
    CHECK(y.at(first).state == IncidentState::quiet);
    CHECK(y.at(first).doubt.mistaken == 15);
    CHECK(y.at(first).doubt.at_most < 100);
    CHECK(y.at(first).told.empty());
    y.now = y.now + base::minutes(30);
    CHECK(y.sees(rack) == first);
    CHECK(y.at(first).alert_count == 2);
}

TEST_CASE("quiet, and yet: at another hour, first thing next day, and with something beside it, somebody looks") {
    Yard y;
    y.wrong(rack, 15, 1, base::minutes(1));
    CHECK(y.at(y.sees(rack)).state == IncidentState::quiet);
    SUBCASE("another hour") {
        y.now = noon + base::hours(5);
        CHECK(y.at(y.sees(rack)).look == Look::wanted);
    }
    SUBCASE("next day") {
        y.now = noon + base::days(1) + base::minutes(5);
        const IncidentId look = y.sees(rack);
        CHECK(y.at(look).look == Look::wanted);
        y.says(look, Action::mark_false_alarm);
        y.now = y.now + base::minutes(5);
        CHECK(y.at(y.sees(rack)).state == IncidentState::quiet);
    }
    SUBCASE("something beside it") {
        y.driven->signal(y.now, beside, reading(95));
        y.now = y.now + base::minutes(9);
        y.work_off();
        y.driven->signal(y.now, rack, {Value::boolean(testing::alarm, true), Value::real(level, 1)});
        const Incident& incident = y.driven->of_alert();
        CHECK(incident.state == IncidentState::open);
        CHECK(incident.look == Look::wanted);
    }
}

TEST_CASE("what is doubted does not bring back what was settled") {
    Yard y;
    const IncidentId real = y.sees(rack);
    const auto by = [&](Action action, const Actor& actor) {
        Command c{.action = action, .incident = real, .actor = actor, .phase = EvidencePhase::after};
        c.evidence[0] = 1;
        REQUIRE(y.driven->command(y.now, c).code.empty());
    };
    const Actor manager = person("p-manager", {y.homes.manager});
    for (const Action a : {Action::acknowledge, Action::arrive, Action::add_evidence, Action::resolve}) by(a, manager);
    by(Action::verify, person("vera", {}, {Role::verifier}));
    CHECK(y.at(real).sources.at(0).verdict == Verdict::real);
    y.now = y.now + base::minutes(1);
    CHECK(y.sees(rack) == real);  // trusted: within the hour it is the same
    y.says(real, Action::mark_false_alarm);
    y.now = y.now + base::minutes(1);
    y.wrong(rack, 3, 1, base::minutes(1));
    CHECK(y.at(y.sees(rack)).look == Look::wanted);
}

TEST_CASE("scenes that cannot be told apart are never doubted, however often one of them was wrong") {
    Yard y;
    y.wrong(rack, 20, 0.25);
    const IncidentId gate = y.sees(rack, 0.75);
    CHECK(y.at(gate).state == IncidentState::open);
    CHECK(y.at(gate).look == Look::none);
    CHECK(y.track(rack, 0.75).record.mistaken > 0);
    CHECK(y.track(rack, 0.75).stage == Stage::trusted);
}

TEST_CASE("trust again: what was found before counts no more; what comes after does") {
    Yard y;
    y.wrong(rack, 15, 1, base::minutes(1));
    const IncidentId quiet = y.sees(rack);
    CHECK(y.at(quiet).state == IncidentState::quiet);
    y.says(quiet, Action::trust_again);
    CHECK(y.track(rack).stage == Stage::trusted);
    CHECK(y.track(rack).record == Record{});
    CHECK(y.track(rack).trusted_again == y.now + base::seconds(2));
    y.now = y.now + base::minutes(20);
    const IncidentId next = y.sees(rack);
    CHECK(y.at(next).look == Look::none);
    CHECK(y.at(next).state == IncidentState::open);
    y.says(next, Action::mark_false_alarm);
    y.now = y.now + base::minutes(20);
    y.wrong(rack, 1);
    CHECK(y.at(y.sees(rack)).look == Look::wanted);
}

TEST_CASE("a verdict put right changes what comes next") {
    Yard y;
    y.says(y.sees(rack), Action::mark_false_alarm);
    y.now = y.now + base::minutes(20);
    const IncidentId second = y.sees(rack);
    y.says(second, Action::mark_false_alarm);
    CHECK(y.track(rack).stage == Stage::second_look);
    y.says(second, Action::judge, Verdict::test);
    CHECK(y.track(rack).stage == Stage::trusted);
    CHECK(y.track(rack).record.test == 1);
    y.says(second, Action::judge, Verdict::real);
    CHECK(y.track(rack).record.real == 1);
}

TEST_CASE("after ninety days nothing is left of it, whenever the incidents are let go") {
    Yard y;
    y.wrong(rack, 15, 1, base::minutes(1));
    const Time last = y.now;
    y.now = last + act::held_after_end;
    CHECK(y.track(rack).record.mistaken < 15);
    y.now = last + act::held_after_end + base::hours(1);
    CHECK(y.driven->core.precision(y.now).empty());
    CHECK(y.at(y.sees(rack)).look == Look::none);
}

TEST_CASE("quiet is never without enough wrong ones and no real one, whatever is said") {
    base::SeededRandom random(11);
    int quiet = 0;
    for (int life = 0; life < 60; ++life) {
        Yard y;
        const double honest = life % 3 == 0 ? 0 : 0.2;
        int wrong = 0;
        int real = 0;
        for (int n = 0; n < 60; ++n) {
            const IncidentId id = y.sees(rack);
            const Incident& incident = y.at(id);
            if (incident.state == IncidentState::quiet) {
                REQUIRE(wrong >= 15);
                REQUIRE(real * 10 < wrong);
                REQUIRE(incident.doubt.at_most <= 100);
                ++quiet;
            } else if (random.chance(0.9)) {
                const bool was_real = random.chance(honest);
                if (was_real) y.says(id, Action::judge, Verdict::real);
                y.says(id, Action::mark_false_alarm);
                (was_real ? real : wrong) += 1;
            }
            y.now = y.now + base::minutes(static_cast<std::int64_t>(11 + random.below(25)));
        }
    }
    CHECK(quiet > 20);
}
