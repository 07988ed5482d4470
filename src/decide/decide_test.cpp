#include "decide/decide.hpp"

#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::model;
using decide::Join;

namespace {

constexpr base::Time noon{1'772'510'400'000'000};  // 2026-03-03 12:00 +08:00, a Tuesday
const IncidentKindId fire{0U};
const IncidentKindId noise{1U};

PlaceId add_place(Policy& p, std::string code, PlaceId parent, PlaceLevel level, PlaceUse use = PlaceUse::public_area) {
    p.places.push_back({.code = std::move(code), .parent = parent, .level = level, .use = use});
    return PlaceId{p.places.size() - 1};
}

BodyId add_body(Policy& p, std::string code, Role role, PlaceId place) {
    p.bodies.push_back({.code = std::move(code), .role = role, .places = {place}});
    return BodyId{p.bodies.size() - 1};
}

struct Town {
    Policy policy;
    PlaceId district, street, community, estate, home, parking;
    BodyId committee, manager, station, street_office, district_office;

    Town() {
        policy.zone = base::Zone("Asia/Shanghai", {{base::Time::none(), 8 * 3600}});
        district = add_place(policy, "d", {}, PlaceLevel::district);
        street = add_place(policy, "s", district, PlaceLevel::street);
        community = add_place(policy, "c", street, PlaceLevel::community);
        estate = add_place(policy, "e", community, PlaceLevel::estate);
        home = add_place(policy, "h", estate, PlaceLevel::home, PlaceUse::home);
        parking = add_place(policy, "p", estate, PlaceLevel::point, PlaceUse::parking);
        committee = add_body(policy, "committee", Role::committee, community);
        manager = add_body(policy, "pm", Role::property_manager, estate);
        station = add_body(policy, "fire", Role::fire_station, community);
        street_office = add_body(policy, "street", Role::street_office, street);
        district_office = add_body(policy, "district", Role::district_office, district);
        policy.ladder.rungs = {{LadderLevel::community, Role::committee},
                               {LadderLevel::street, Role::street_office},
                               {LadderLevel::district, Role::district_office}};
        for (auto& climb : policy.ladder.climb) climb = base::minutes(3);
        policy.incident_kinds = {{"fire", {}}, {"noise", {}}};
        policy.index();
    }

    MatrixRow& row(std::uint32_t line, std::optional<Role> lead, std::vector<Role> assist = {}) {
        policy.matrix.push_back({.line = line,
                                 .any_hour = true,
                                 .lead = lead,
                                 .assist = std::move(assist),
                                 .acknowledge = base::minutes(2),
                                 .arrive = base::minutes(10),
                                 .close = base::hours(24)});
        return policy.matrix.back();
    }
};

Incident fire_since(base::Time latest) {
    Incident i;
    i.cause = CauseId{7U};
    i.anchor = PlaceId{3U};
    i.opened = latest;
    i.latest_alert = latest;
    return i;
}

const Policy& one_rule() {
    static const Policy policy = [] {
        Policy p;
        p.rules.resize(1);
        return p;
    }();
    return policy;
}

Alert same_cause(base::Time at) { return {.rule = RuleId{0U}, .cause = CauseId{7U}, .anchor = PlaceId{3U}, .at = at}; }

}  // namespace

TEST_CASE("assign: the first row that leads and matches, with its deadlines") {
    Town t;
    t.row(2, Role::committee).kinds = {noise};
    t.row(3, Role::property_manager).kinds = {fire};
    t.row(4, Role::committee).kinds = {fire};
    const Assignment a = decide::assign(t.policy, fire, t.home, Severity::red, noon);
    CHECK(a.lead == t.manager);
    CHECK(a.matrix_line == 3);
    CHECK(a.acknowledge == base::minutes(2));
    CHECK(a.arrive == base::minutes(10));
    CHECK(a.close == base::hours(24));
    CHECK(decide::assign(t.policy, noise, t.home, Severity::red, noon).lead == t.committee);
}

TEST_CASE("assign: use of the place, severity and local hour choose the row") {
    Town t;
    t.row(2, Role::property_manager).places = {PlaceUse::parking};
    t.row(3, Role::fire_station).severities = {Severity::red};
    MatrixRow& night = t.row(4, Role::committee);
    night.any_hour = false;
    night.hours = {.from_minute = 22 * 60, .to_minute = 6 * 60};
    MatrixRow& day = t.row(5, Role::street_office);
    day.any_hour = false;
    day.hours = {.from_minute = 6 * 60, .to_minute = 22 * 60};
    CHECK(decide::assign(t.policy, fire, t.parking, Severity::blue, noon).lead == t.manager);
    CHECK(decide::assign(t.policy, fire, t.home, Severity::red, noon).lead == t.station);
    CHECK(decide::assign(t.policy, fire, t.home, Severity::blue, noon).lead == t.street_office);
    CHECK(decide::assign(t.policy, fire, t.home, Severity::blue, noon + base::hours(10)).lead == t.committee);
    CHECK(decide::assign(t.policy, fire, t.home, Severity::blue, noon + base::hours(18)).lead == t.street_office);
}

TEST_CASE("assign: assisting bodies of all matching rows in file order, each once, never the lead") {
    Town t;
    t.row(2, std::nullopt, {Role::street_office, Role::property_manager});
    t.row(3, Role::property_manager, {Role::fire_station, Role::committee});
    t.row(4, std::nullopt, {Role::committee, Role::community_doctor});  // there is no such body: left out
    t.row(5, std::nullopt, {Role::district_office}).kinds = {noise};
    const Assignment a = decide::assign(t.policy, fire, t.home, Severity::red, noon);
    CHECK(a.assist == std::vector{t.street_office, t.station, t.committee});
}

TEST_CASE("assign: never without an owner") {
    Town t;
    CHECK(decide::assign(t.policy, fire, t.home, Severity::red, noon).lead == t.committee);  // no row
    t.row(2, Role::lift_maintainer);                                                         // a role nobody holds
    const Assignment a = decide::assign(t.policy, fire, t.home, Severity::red, noon);
    CHECK(a.lead == t.committee);
    CHECK(a.acknowledge == base::minutes(2));
    t.policy.bodies[t.committee.value].retired = true;
    CHECK(decide::assign(t.policy, fire, t.home, Severity::red, noon).lead == t.manager);
}

TEST_CASE("judge: a live incident takes an alert within ten minutes of the latest one") {
    Incident i = fire_since(noon);
    CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(10))) == Join::joins);
    CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(10) + base::Duration{1})) == Join::no);
    CHECK(decide::judge(one_rule(), i, same_cause(noon - base::minutes(1))) == Join::joins);
    i.state = IncidentState::on_scene;
    CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(9))) == Join::joins);
    i.latest_alert = base::Time::none();  // a report
    i.opened = noon + base::minutes(5);
    CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(15))) == Join::joins);
}

TEST_CASE("judge: another cause or another place is another incident") {
    const Incident i = fire_since(noon);
    Alert other = same_cause(noon);
    other.anchor = PlaceId{4U};
    CHECK(decide::judge(one_rule(), i, other) == Join::no);
    other = same_cause(noon);
    other.cause = CauseId{8U};
    CHECK(decide::judge(one_rule(), i, other) == Join::no);
    Incident none = i;
    none.cause = CauseId{};
    other.cause = CauseId{};
    CHECK(decide::judge(one_rule(), none, other) == Join::no);
}

TEST_CASE("judge: within an hour after it was resolved it comes back") {
    Incident i = fire_since(noon);
    i.resolved = noon + base::minutes(20);
    for (const auto state : {IncidentState::resolved, IncidentState::closed}) {
        i.state = state;
        CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(21))) == Join::reopens);
        CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(80))) == Join::reopens);
        CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(80) + base::Duration{1})) == Join::no);
    }
    for (const auto state : {IncidentState::false_alarm, IncidentState::merged}) {
        i.state = state;
        CHECK(decide::judge(one_rule(), i, same_cause(noon + base::minutes(21))) == Join::no);
    }
}

TEST_CASE("judge: a silent floor between parts two causes, where the rule says so") {
    Town t;
    const PlaceId unit = add_place(t.policy, "u", t.estate, PlaceLevel::unit);
    std::vector<PlaceId> homes;  // storeys 6 3 2 1 −1: in any order
    for (const std::int32_t storey : {6, 3, 2, 1, -1}) {
        const PlaceId floor = add_place(t.policy, "f", unit, PlaceLevel::floor);
        t.policy.places[floor.value].storey = storey;
        homes.push_back(add_place(t.policy, "h", floor, PlaceLevel::home));
    }
    const auto put = [&](std::size_t home, SignalKind kind) {
        t.policy.devices.push_back({.code = "d", .kind = kind, .place = homes[home]});
    };
    for (const std::size_t home : {0, 2, 3, 4}) put(home, SignalKind::smoke);
    put(1, SignalKind::gas);  // on the third floor nobody would hear of smoke
    t.policy.index();
    t.policy.rules.resize(1);
    t.policy.rules[0].kinds = 1U << static_cast<unsigned>(SignalKind::smoke);
    t.policy.rules[0].parted_by_silent_floor = true;
    Incident i = fire_since(noon);
    i.place = homes[3];
    const auto judged = [&](PlaceId place) {
        Alert alert = same_cause(noon);
        alert.place = place;
        return decide::judge(t.policy, i, alert);
    };
    CHECK(judged(homes[3]) == Join::joins);
    CHECK(judged(homes[4]) == Join::joins);  // the storey below the ground floor is the next
    CHECK(judged(homes[2]) == Join::joins);
    CHECK(judged(homes[0]) == Join::no);
    CHECK(judged(unit) == Join::joins);  // on no floor: nobody knows
    CHECK(judged(t.home) == Join::joins);
    i.reached = {homes[3], homes[2]};
    CHECK(judged(homes[0]) == Join::joins);  // only the third lies between
    Alert alert = same_cause(noon);
    alert.place = homes[0];
    CHECK(decide::floors_from(t.policy, i, alert) == 2);
    i.reached = {homes[3], unit};
    i.state = IncidentState::resolved;
    i.resolved = noon;
    CHECK(judged(homes[0]) == Join::no);
    CHECK(judged(homes[2]) == Join::reopens);
    i.place = unit;  // began on no floor
    CHECK(judged(homes[0]) == Join::reopens);
    i.place = homes[3];
    t.policy.rules[0].parted_by_silent_floor = false;
    CHECK(judged(homes[0]) == Join::reopens);
    CHECK(decide::floors_from(t.policy, i, alert) == 0);
}

TEST_CASE("climb: rung by rung, then no further") {
    Town t;
    const auto first = decide::climb(t.policy, LadderLevel::community, t.home, Severity::red, noon);
    REQUIRE(first);
    CHECK(first->level == LadderLevel::street);
    CHECK(first->body == t.street_office);
    CHECK(first->next == noon + base::minutes(3));
    const auto second = decide::climb(t.policy, first->level, t.home, Severity::red, noon);
    REQUIRE(second);
    CHECK(second->level == LadderLevel::district);
    CHECK(second->next == base::Time::never());
    CHECK(!decide::climb(t.policy, second->level, t.home, Severity::red, noon));
}

TEST_CASE("climb: a rung without a body is stepped over") {
    Town t;
    t.policy.bodies[t.street_office.value].retired = true;
    const auto first = decide::climb(t.policy, LadderLevel::community, t.home, Severity::red, noon);
    REQUIRE(first);
    CHECK(first->level == LadderLevel::district);
    t.policy.bodies[t.district_office.value].retired = true;
    CHECK(!decide::climb(t.policy, LadderLevel::community, t.home, Severity::red, noon));
}

TEST_CASE("recipients: persons on duty, each once, by their first channel") {
    Town t;
    const auto on = [&](BodyId body, const char* person, std::vector<Channel> channels) -> Duty& {
        t.policy.duty.push_back({.body = body, .person = {person}, .channels = std::move(channels)});
        return t.policy.duty.back();
    };
    on(t.manager, "p-1", {Channel::sms, Channel::screen});
    on(t.station, "p-1", {Channel::voice});
    on(t.station, "p-2", {Channel::screen});
    on(t.station, "p-3", {});
    on(t.manager, "p-4", {Channel::screen}).hours = {.from_minute = 0, .to_minute = 60};
    const std::vector bodies{t.manager, BodyId{}, t.station};
    const auto found = decide::recipients(t.policy, bodies, noon);
    REQUIRE(found.size() == 2);
    CHECK(found[0].person.code == "p-1");
    CHECK(found[0].body == t.manager);
    CHECK(found[0].channel == Channel::sms);
    CHECK(found[1].person.code == "p-2");
    CHECK(found[1].body == t.station);
}
