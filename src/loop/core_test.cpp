#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::loop;
using namespace shoumen::loop::testing;
using State = IncidentState;

namespace {

Homes with_alarm() {
    Homes homes;
    homes.alarm_rule();
    return homes;
}

Command act_on(const Incident& incident, Action action, Actor actor) {
    Command c;
    c.action = action;
    c.incident = incident.id;
    c.actor = std::move(actor);
    return c;
}

Command report(const Homes& homes, const char* by, std::uint64_t request) {
    Command c;
    c.action = Action::report;
    c.actor = person(by, {}, {Role::resident});
    c.kind = homes.fire;
    c.place = homes.home[0];
    c.severity = Severity::red;
    c.request = request;
    return c;
}

const Actor manager = person("p-manager", {BodyId{0U}});
const Actor vera = person("vera", {}, {Role::verifier});

}  // namespace

TEST_CASE("a signal becomes an alert, an incident with an owner, and notices") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    REQUIRE(d.effects.alerts.size() == 1);
    const Incident& i = d.of_alert();
    CHECK(i.state == State::open);
    CHECK(i.lead == BodyId{0U});
    CHECK(i.place == with_alarm().home[0]);
    CHECK(d.effects.changed == std::vector{i.id});
    CHECK(d.effects.notices.size() == 2);
    CHECK(d.effects.counts.signals == 1);
    CHECK(d.core.live_incidents() == 1);
    CHECK(d.core.next_due() == noon + base::minutes(2));
    CHECK(d.core.incident(IncidentId{77}) == nullptr);
}

TEST_CASE("ids come from the number of the input and do not collide") {
    Driven d(with_alarm().ready());
    d.next_seq = 41;
    d.signal(noon, 0, on());
    CHECK((d.effects.alerts[0].alert.id.value >> base::id_shift) == 41);
    CHECK((d.effects.alerts[0].incident.value >> base::id_shift) == 41);
    CHECK(d.effects.notices[0].id != d.effects.notices[1].id);
    CHECK(d.effects.notices[0].id.value != d.effects.alerts[0].incident.value);
    CHECK(d.effects.events[0].cause_seq == 41);
}

TEST_CASE("a repeat is counted and has no effect") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on(), 5);
    d.signal(noon + base::seconds(1), 0, off(), 5);
    CHECK(d.effects.counts.repeats == 1);
    CHECK(d.effects.cleared.empty());
    CHECK(d.effects.changed.empty());
}

TEST_CASE("alerts of one cause and place join; others do not") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    const IncidentId first = d.of_alert().id;
    d.signal(noon + base::minutes(10), 1, on());  // same unit
    CHECK(d.of_alert().id == first);
    CHECK(d.of_alert().alert_count == 2);
    d.signal(noon + base::minutes(10), 4, on());  // another unit
    CHECK(d.of_alert().id != first);
    d.signal(noon + base::minutes(20) + base::Duration{1}, 2, on());  // too late
    CHECK(d.of_alert().id != first);
    CHECK(d.core.live_incidents() == 3);
}

TEST_CASE("the newest incident that takes it gets the alert") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    const IncidentId older = d.of_alert().id;
    d.signal(noon + base::minutes(11), 1, on());
    const IncidentId newer = d.of_alert().id;
    REQUIRE(newer != older);
    d.signal(noon + base::minutes(12), 2, on());
    CHECK(d.of_alert().id == newer);
    // The newer one turns out to be a false alarm and takes nothing more; the older one had its last alert too long
    // ago.
    d.command(noon + base::minutes(12), act_on(*d.core.incident(newer), Action::acknowledge, manager));
    d.command(noon + base::minutes(12), act_on(*d.core.incident(newer), Action::arrive, manager));
    CHECK(d.command(noon + base::minutes(12), act_on(*d.core.incident(newer), Action::mark_false_alarm, manager))
              .accepted);
    d.signal(noon + base::minutes(13), 3, on());
    CHECK(d.of_alert().id != newer);
    CHECK(d.of_alert().id != older);
}

TEST_CASE("two fires in one stairwell are two, and each goes on taking its own alarms") {
    Homes homes;
    Rule& rule = homes.alarm_rule();
    rule.repeat = base::minutes(1);
    rule.parted_by_silent_floor = true;
    for (const std::int32_t storey : {1, 2, 3, 4}) {
        Place floor{.code = "f", .parent = homes.unit[0], .level = PlaceLevel::floor};
        floor.storey = storey;
        homes.policy.places.push_back(floor);
        const PlaceId home = homes.home[static_cast<std::size_t>(storey) - 1];
        homes.policy.places[home.value].parent = PlaceId{homes.policy.places.size() - 1};
    }
    Driven d(homes.ready());
    const auto alarm_at = [&](std::int64_t minute, std::uint32_t home) {
        d.signal(noon + base::minutes(minute), home, on());
        return d.of_alert().id;
    };
    const IncidentId low = alarm_at(0, 0);
    const IncidentId high = alarm_at(2, 3);
    CHECK(high != low);
    CHECK(alarm_at(3, 1) == low);
    // Each its own; on the third floor, next to both, the newest.
    CHECK(alarm_at(9, 3) == high);
    CHECK(alarm_at(9, 0) == low);
    CHECK(alarm_at(9, 2) == high);
}

TEST_CASE("alerts for a merged incident go where it went, through several merges") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    IncidentId ids[3];
    for (std::uint32_t unit = 0; unit < 3; ++unit) {
        d.signal(noon, unit * 4, on());
        ids[unit] = d.of_alert().id;
    }
    const AlertId first_alert = d.core.incident(ids[0])->alerts.front();
    Command merge = act_on(*d.core.incident(ids[0]), Action::merge, manager);
    merge.other = ids[1];
    REQUIRE(d.command(noon, merge).accepted);
    CHECK(d.effects.changed == std::vector{ids[0], ids[1]});
    merge = act_on(*d.core.incident(ids[1]), Action::merge, manager);
    merge.other = ids[2];
    REQUIRE(d.command(noon, merge).accepted);

    d.signal(noon + base::minutes(1), 1, on());
    CHECK(d.of_alert().id == ids[2]);
    CHECK(d.of_alert().alert_count == 4);
    d.signal(noon + base::minutes(1), 0, off());
    REQUIRE(d.effects.cleared.size() == 1);
    CHECK(d.effects.cleared[0].id == first_alert);
    CHECK(d.effects.changed == std::vector{ids[2]});
    CHECK(d.effects.events.back().type == EventType::alert_cleared);
    CHECK(d.core.live_incidents() == 1);
}

TEST_CASE("a cleared alert goes to the incident that holds it") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    const Incident& i = d.of_alert();
    d.signal(noon + base::seconds(5), 0, off());
    CHECK(d.effects.cleared.size() == 1);
    CHECK(d.effects.changed == std::vector{i.id});
    CHECK(d.effects.events.at(0).type == EventType::alert_cleared);
    CHECK(d.effects.events.at(0).alert == i.alerts.front());
}

TEST_CASE("within an hour after it was resolved an alert brings it back") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    const Incident& i = d.of_alert();
    d.command(noon, act_on(i, Action::acknowledge, manager));
    d.command(noon, act_on(i, Action::arrive, manager));
    Command photo = act_on(i, Action::add_evidence, manager);
    photo.phase = EvidencePhase::after;
    photo.evidence[0] = 1;
    CHECK(d.command(noon, photo).accepted);
    CHECK(d.command(noon, act_on(i, Action::resolve, manager)).accepted);
    CHECK(d.command(noon + base::minutes(1), act_on(i, Action::verify, vera)).accepted);
    CHECK(d.core.live_incidents() == 0);
    d.signal(noon + base::hours(1), 1, on());
    CHECK(d.of_alert().id == i.id);
    CHECK(i.state == State::open);
    CHECK(d.core.live_incidents() == 1);
    CHECK(d.core.next_due() == noon + base::hours(1) + base::minutes(2));
    photo.evidence[0] = 1;  // the book remembers
    CHECK(d.command(noon + base::hours(1), photo).code == "evidence-used-before");
}

TEST_CASE("commands: one result each, in order, with the reason of a refusal") {
    Driven d(with_alarm().ready());
    d.signal(noon, 0, on());
    const Incident& i = d.of_alert();
    Batch batch;
    add_command(batch, noon, act_on(i, Action::depart, manager));
    add_command(batch, noon, act_on(i, Action::acknowledge, manager));
    Command unknown = act_on(i, Action::acknowledge, manager);
    unknown.incident = IncidentId{5};
    add_command(batch, noon, unknown);
    add_command(batch, noon, act_on(i, Action::depart, manager));
    d.step(batch);
    REQUIRE(d.effects.results.size() == 4);
    CHECK(d.effects.results[0].code == "wrong-state");
    CHECK(!d.effects.results[0].incident.valid());
    CHECK(d.effects.results[1].accepted);
    CHECK(d.effects.results[1].incident == i.id);
    CHECK(d.effects.results[1].seq == batch.first_seq + 1);
    CHECK(d.effects.results[2].code == "unknown-incident");
    CHECK(d.effects.results[3].accepted);
    CHECK(d.effects.changed == std::vector{i.id});  // once, though changed twice
}

TEST_CASE("a report sent twice opens one incident") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    const CommandResult first = d.command(noon, report(homes, "rui", 7));
    CHECK(first.accepted);
    CHECK(d.core.incident(first.incident)->reporter.code == "rui");
    CHECK(d.effects.changed == std::vector{first.incident});
    const CommandResult again = d.command(noon + base::minutes(1), report(homes, "rui", 7));
    CHECK(again.accepted);
    CHECK(again.incident == first.incident);
    CHECK(d.effects.changed.empty());
    CHECK(d.effects.events.empty());
    CHECK(d.command(noon, report(homes, "rui", 8)).incident != first.incident);
    CHECK(d.command(noon, report(homes, "ron", 7)).incident != first.incident);
    CHECK(d.command(noon, report(homes, "rui", 0)).incident != d.command(noon, report(homes, "rui", 0)).incident);
    Command unknown = report(homes, "rui", 9);
    unknown.kind = IncidentKindId{99U};
    CHECK(d.command(noon, unknown).code == "unknown-kind");
}

TEST_CASE("what devices find joins what was reported") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    const IncidentId id = d.command(noon, report(homes, "rui", 7)).incident;
    d.signal(noon + base::minutes(3), 2, on());
    CHECK(d.of_alert().id == id);
}

TEST_CASE("a timer works windows and deadlines off in order of due time") {
    Homes homes;
    homes.alarm_rule();
    Rule& silent = homes.rule("silent", homes.inactive, Severity::blue);
    silent.op = Operator::absence;
    silent.key = KeyLevel::home;
    silent.within = base::minutes(2);
    silent.only_devices = {DeviceId{0U}};
    Driven d(homes.ready());
    d.signal(noon, 0, on());           // acknowledge by 12:02, and silence by 12:02
    d.timer(noon + base::minutes(6));  // 12:02 absence, 12:02 deadline, 12:04 the absence's own deadline
    REQUIRE(d.effects.alerts.size() == 1);
    CHECK(d.effects.alerts[0].alert.at == noon + base::minutes(2));
    const Incident& inactive = d.of_alert();
    CHECK(inactive.opened == noon + base::minutes(2));
    CHECK(inactive.missed_acknowledge);
    std::vector<Time> moments;
    for (const auto& e : d.effects.events) moments.push_back(e.at);
    CHECK(std::ranges::is_sorted(moments));
    CHECK(d.effects.events.front().type == EventType::opened);  // windows first at the same moment
    CHECK(d.effects.events.back().at == noon + base::minutes(4));
    CHECK(d.core.next_due() == noon + base::minutes(7));
    d.timer(noon + base::minutes(6));
    CHECK(d.effects.events.empty());
}

TEST_CASE("why a quiet alerted stands with the event it brought about") {
    Homes homes;
    Rule& quiet = homes.rule("quiet", homes.inactive, Severity::yellow);
    quiet.op = Operator::absence;
    quiet.key = KeyLevel::home;
    quiet.at_least = 1;
    quiet.hold = base::hours(1);
    quiet.within = base::hours(2);
    Driven d(homes.ready());
    d.signal(noon, 0, on());
    d.timer(noon + base::hours(2));
    REQUIRE(d.effects.alerts.size() >= 1);
    const std::string since = std::to_string(noon.us / 1'000'000);
    const auto why = [&](const auto& e) { return e.detail == "quiet since=" + since + " left=no learned=no"; };
    const auto told = std::ranges::find_if(d.effects.events, why);
    REQUIRE(told != d.effects.events.end());
    CHECK(told->type == EventType::opened);
}

TEST_CASE("step_until_due stops where something is due, and not at timers") {
    Driven d(with_alarm().ready());
    Batch batch;
    batch.first_seq = 1;
    add_signal(batch, noon, 0, on());
    add_signal(batch, noon + base::minutes(1), 0, on());
    add_timer(batch, noon + base::minutes(2));
    add_signal(batch, noon + base::minutes(2), 0, on());
    add_signal(batch, noon + base::minutes(7), 0, on());
    Effects effects;
    CHECK(d.core.step_until_due(batch, 0, effects) == 4);
    CHECK(effects.counts.signals == 3);
    CHECK(d.core.step_until_due(batch, 4, effects) == 4);
    d.next_seq = 5;
    d.timer(noon + base::minutes(7));
    batch.first_seq = 2;
    CHECK(d.core.step_until_due(batch, 4, effects) == 5);
    CHECK(effects.changed.size() == 1);
}

TEST_CASE("an ended incident is held for a while and then let go") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    Command blue = report(homes, "rui", 7);
    blue.severity = Severity::blue;
    const IncidentId id = d.command(noon, blue).incident;
    CHECK(d.command(noon, act_on(*d.core.incident(id), Action::mark_false_alarm, manager)).accepted);
    CHECK(d.core.live_incidents() == 0);
    d.timer(noon + act::held_after_end);
    CHECK(d.core.incident(id) != nullptr);
    CHECK(d.command(noon + act::held_after_end, blue).incident == id);
    const Time later = noon + act::held_after_end + base::Duration{1};
    CHECK(d.command(later, act_on(*d.core.incident(id), Action::add_note, manager)).code == "unknown-incident");
    CHECK(d.command(later, blue).incident != id);
    d.timer(later);
    CHECK(d.core.incident(id) == nullptr);
}

TEST_CASE("what changes in a step is there afterwards, however long ago it ended") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    Command blue = report(homes, "rui", 7);
    blue.severity = Severity::blue;
    const IncidentId id = d.command(noon, blue).incident;
    d.command(noon, act_on(*d.core.incident(id), Action::acknowledge, manager));
    d.command(noon, act_on(*d.core.incident(id), Action::resolve, manager));
    CHECK(d.command(noon, act_on(*d.core.incident(id), Action::verify, vera)).accepted);
    d.timer(noon + base::days(365));  // the machine was off: the reporter's silence ended it long ago
    CHECK(d.effects.changed == std::vector{id});
    REQUIRE(d.core.incident(id) != nullptr);
    CHECK(d.core.incident(id)->state == State::closed);
    CHECK(d.core.incident(id)->ended == noon + base::hours(72));
    d.timer(noon + base::days(365));
    CHECK(d.core.incident(id) == nullptr);
}

TEST_CASE("a new policy takes over; one that is not there is passed over") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    d.signal(noon, 0, on());
    Homes next(2);
    next.alarm_rule();
    next.policy.rules[0].severity = Severity::blue;
    d.adopt(noon + base::minutes(1), next.ready());
    CHECK(d.core.policy()->version == 2);
    CHECK(d.core.windows().policy_version == 2);
    d.signal(noon + base::minutes(1), 0, on());
    CHECK(d.effects.alerts.empty());  // the window went on: it is true already
    d.signal(noon + base::minutes(1), 4, on());
    CHECK(d.of_alert().severity == Severity::blue);
    CHECK(d.of_alert().policy_version == 2);
    Batch batch;
    add_policy(batch, noon + base::minutes(2), 99);
    d.step(batch);
    CHECK(d.core.policy()->version == 2);
}

TEST_CASE("before the first policy nothing can be said or done") {
    Homes homes = with_alarm();
    const auto policy = homes.ready();
    Core core([&](std::uint64_t version) { return version == 1 ? policy : nullptr; });
    CHECK(core.next_due() == Time::never());
    base::ByteWriter empty;
    core.windows().encode(empty);
    base::ByteReader in(empty.view());
    CHECK(core.load_windows(in));
    Batch batch;
    batch.first_seq = 1;
    add_signal(batch, noon, 0, on());
    add_command(batch, noon, report(homes, "rui", 1));
    add_policy(batch, noon, 1);
    add_signal(batch, noon, 0, on());
    Effects effects;
    core.step(batch, effects);
    CHECK(effects.results.at(0).code == "not-ready");
    CHECK(effects.alerts.size() == 1);
}

TEST_CASE("a snapshot that cannot be read is an error, not a guess") {
    Homes homes = with_alarm();
    const auto policy = homes.ready();
    Core core([&](std::uint64_t version) { return version == 1 ? policy : nullptr; });
    base::ByteReader nothing("");
    CHECK(core.load_windows(nothing).error().code == "data-damaged");
    base::ByteWriter other;
    other.varint(7);
    base::ByteReader in(other.view());
    CHECK(core.load_windows(in).error().code == "data-damaged");
}

TEST_CASE("an incident loaded from its row is found as it was before") {
    Homes homes = with_alarm();
    Driven d(homes.ready());
    d.command(noon, report(homes, "rui", 7));
    d.signal(noon, 1, on());
    const Incident row = d.of_alert();

    Driven other(homes.ready());
    other.core.load_incident(row);
    CHECK(other.core.live_incidents() == 1);
    CHECK(other.core.next_due() == d.core.next_due());
    CHECK(other.command(noon, report(homes, "rui", 7)).incident == row.id);
    other.signal(noon + base::minutes(1), 2, on());
    CHECK(other.of_alert().id == row.id);
    CHECK(other.of_alert().alert_count == 2);
}
