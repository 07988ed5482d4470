#include <algorithm>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"

using namespace shoumen;
using namespace shoumen::model;

namespace {

// district > street > community > estate > building > {unit > home, point}
Policy small_policy() {
    Policy p;
    p.version = 7;
    p.community = "c";
    p.zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3600}});
    const auto place = [&](const char* code, PlaceId parent, PlaceLevel level, PlaceUse use) {
        p.places.push_back({code, {}, parent, level, use, std::nullopt, EstateType::old_estate, false});
        return PlaceId{p.places.size() - 1};
    };
    const auto district = place("d", {}, PlaceLevel::district, PlaceUse::public_area);
    const auto street = place("s", district, PlaceLevel::street, PlaceUse::public_area);
    p.root = place("c", street, PlaceLevel::community, PlaceUse::public_area);
    const auto estate = place("e", p.root, PlaceLevel::estate, PlaceUse::public_area);
    const auto building = place("b", estate, PlaceLevel::building, PlaceUse::public_area);
    const auto unit = place("u", building, PlaceLevel::unit, PlaceUse::stairwell);
    place("h", unit, PlaceLevel::home, PlaceUse::home);
    place("lift", building, PlaceLevel::point, PlaceUse::lift);
    p.places.back().at = Coordinates{39.9, 116.3};
    p.grids.push_back({"g", {}, {building}, false});
    p.bodies.push_back({"committee", {"居委会", "Committee"}, Role::committee, {p.root}, {}, false});
    p.bodies.push_back({"pm", {}, Role::property_manager, {p.root}, {}, false});
    p.bodies.push_back({"pm-e", {}, Role::property_manager, {estate}, {}, false});
    p.bodies.push_back({"gw", {}, Role::grid_worker, {}, {GridId{0U}}, false});
    Duty d;
    d.body = BodyId{2U};
    d.person = {"p-1"};
    d.channels = {Channel::screen};
    d.hours = {22 * 60, 6 * 60, 0x01};  // Monday night into Tuesday
    p.duty.push_back(d);
    p.devices.push_back({"smoke-1", SignalKind::smoke, {}, PlaceId{6U}, DeviceId{}, WatchedId{0U}, false, false});
    p.persons = {"e-1"};
    p.calendar = {.years = {2026}, .off = {20'515}, .worked = {20'517}};
    p.fields = {"smoke"};
    p.symbols = {"emergency"};
    p.causes = {"fire"};
    p.incident_kinds.push_back({"fire", {"火情", "Fire"}});
    Rule r;
    r.code = "smoke";
    r.where.push_back({FieldId{0U}, Compare::equal, Value::boolean(FieldId{0U}, true)});
    r.raise = r.where.front();
    r.clear = r.raise;
    r.during = Schedule{60, 120, 0x7f};
    r.rise = {{base::minutes(10), Severity::orange}};
    r.fall = SeverityStep{base::minutes(10), Severity::blue};
    r.flat = r.where;
    r.incident = IncidentKindId{0U};
    r.cause = CauseId{0U};
    p.rules.push_back(r);
    MatrixRow row;
    row.lead = Role::committee;
    row.kinds = {IncidentKindId{0U}};
    p.matrix.push_back(row);
    p.ladder.rungs.push_back({LadderLevel::street, Role::street_office});
    p.ladder.climb[0] = base::minutes(3);
    p.index();
    return p;
}

std::string bytes_of(const auto& x) {
    base::ByteWriter w;
    encode(x, w);
    return w.take();
}

}  // namespace

TEST_CASE("words go both ways") {
    for (const auto w : words_of_SignalKind()) CHECK(to_word(*parse_SignalKind(w)) == w);
    for (const auto w : words_of_Role()) CHECK(to_word(*parse_Role(w)) == w);
    CHECK(to_word(SignalKind::motion) == "motion");
    CHECK(to_word(Role::resident) == "resident");
    CHECK(to_word(IncidentState::merged) == "merged");
    CHECK(to_word(EventType::seen) == "seen");
    CHECK(to_word(NoticeReason::deadline_missed) == "deadline_missed");
    CHECK(to_word(Action::seen) == "seen");
    CHECK_FALSE(parse_Severity("purple"));
}

TEST_CASE("the place tree answers who answers") {
    const Policy p = small_policy();
    const auto at = [&](const char* code) { return p.place_by_code.find(code)->second; };
    CHECK(p.ancestor(at("h"), PlaceLevel::unit) == at("u"));
    CHECK(p.ancestor(at("h"), PlaceLevel::building) == at("b"));
    CHECK(p.ancestor(at("lift"), PlaceLevel::unit) == at("lift"));  // no unit above it: the building would be too wide
    CHECK(p.ancestor(at("e"), PlaceLevel::unit) == at("e"));
    CHECK(p.is_within(at("h"), at("e")));
    CHECK_FALSE(p.is_within(at("e"), at("h")));
    CHECK(p.body_for(Role::property_manager, at("h")) == BodyId{2U});
    CHECK(p.body_for(Role::property_manager, at("c")) == BodyId{1U});
    CHECK(p.body_for(Role::grid_worker, at("lift")) == BodyId{3U});
    CHECK_FALSE(p.body_for(Role::grid_worker, at("e")).valid());
}

TEST_CASE("a night shift belongs to the day it starts on") {
    const Policy p = small_policy();
    const auto on = [&](const char* t) { return !p.on_duty(BodyId{2U}, *base::parse_rfc3339(t)).empty(); };
    CHECK(on("2026-03-02T22:00:00+08:00"));  // Monday
    CHECK(on("2026-03-03T05:59:59+08:00"));
    CHECK_FALSE(on("2026-03-03T06:00:00+08:00"));
    CHECK_FALSE(on("2026-03-02T05:00:00+08:00"));
    CHECK_FALSE(on("2026-03-03T23:00:00+08:00"));
}

TEST_CASE("a policy's bytes survive the round trip; every cut and many flips are refused or sound, never a crash") {
    const Policy p = small_policy();
    const std::string bytes = bytes_of(p);
    const auto again = decode_policy(bytes);
    REQUIRE(again);
    CHECK(bytes_of(*again) == bytes);
    CHECK(again->device_by_code.contains("smoke-1"));
    CHECK(again->places.back().at->latitude_deg == 39.9);
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_policy(std::string_view(bytes).substr(0, n)));
    base::SeededRandom random(7);
    for (int i = 0; i < 2000; ++i) {
        std::string bent = bytes;
        bent[random.below(bent.size())] = static_cast<char>(random.next());
        (void)decode_policy(bent);
    }
}

TEST_CASE("a policy's row of the form before is read; what it does not know is as if not said") {
    Policy p;
    p.version = 3;
    p.community = "c";
    p.places.push_back({.code = "round", .level = PlaceLevel::community});
    p.root = PlaceId{0U};
    p.causes = {"fire"};
    p.retention.spans = {};
    std::string bytes = bytes_of(p);
    bytes.resize(bytes.size() - 8);  // no access list, no rules of accounts, no spans
    p.retention = {};
    bytes.erase(bytes.find("round") + 5 + 8, 1);  // no storey after names, parent, level, use, position, type, retired
    bytes[0] = 3;
    REQUIRE(decode_policy(bytes));
    // Before there was an access list the shipped one held.
    CHECK(std::ranges::equal(decode_policy(bytes)->access, default_access()));
    p.access.assign(default_access().begin(), default_access().end());
    CHECK(bytes_of(*decode_policy(bytes)) == bytes_of(p));
    bytes.resize(bytes.size() - 4);  // no persons, years, days off, days worked
    bytes[0] = 2;
    const auto again = decode_policy(bytes);
    REQUIRE(again);
    CHECK(again->version == 3);
    CHECK(again->causes == p.causes);
    CHECK(again->calendar == Calendar{});
    CHECK(bytes_of(*again) == bytes_of(p));
    for (const char form : {'\x01', '\x05'}) {
        bytes[0] = form;
        CHECK_FALSE(decode_policy(bytes));
    }
}

TEST_CASE("days of a schedule: by name, by class, and over midnight from the day it starts on") {
    // 2026-10-01 is a Thursday and off, as are the days to the 7th; Saturday the 10th is worked.
    Calendar calendar{.years = {2026}};
    for (unsigned day = 1; day <= 7; ++day) calendar.off.push_back(base::day_number(2026, 10, day));
    calendar.worked = {base::day_number(2026, 10, 10)};
    const auto holds = [&](const Schedule& s, unsigned day, int hour) {
        const unsigned weekday = (base::day_number(2026, 10, day) + 3) % 7 + 1;
        return schedule_holds(s, {2026, 10, day, weekday, hour * 60, 0}, calendar);
    };
    const auto by = [](std::uint8_t weekdays, std::uint8_t classes) { return Schedule{0, 1440, weekdays, classes}; };
    const Schedule workdays = by(0, 1);
    const Schedule weekends = by(0, 2);
    const Schedule holidays = by(0, 4);
    CHECK(holds(holidays, 1, 9));
    CHECK(holds(holidays, 3, 9));  // a Saturday off is a holiday and no weekend
    CHECK_FALSE(holds(weekends, 3, 9));
    CHECK_FALSE(holds(workdays, 1, 9));
    CHECK(holds(workdays, 10, 9));
    CHECK_FALSE(holds(weekends, 10, 9));
    CHECK(holds(weekends, 11, 9));
    CHECK(holds(by(0x08, 0), 1, 9));   // a Thursday by its name, holiday or not
    CHECK(holds(by(0x20, 0), 10, 9));  // a Saturday likewise
    CHECK(holds(by(0x20, 4), 5, 9));   // either of the two
    const Schedule night{22 * 60, 6 * 60, 0, 1};
    CHECK(holds(night, 10, 23));
    CHECK(holds(night, 11, 3));  // the night that began on the worked Saturday
    CHECK_FALSE(holds(night, 11, 23));
    CHECK_FALSE(holds(night, 8, 3));
}

TEST_CASE("an incident's bytes survive the round trip") {
    Incident i;
    i.id = IncidentId{77};
    i.lead = BodyId{1U};
    i.opened = base::Time{123};
    i.told.push_back({NoticeId{3}, {"p-1"}, BodyId{1U}, Channel::sms, base::Time{5}, base::Time::none()});
    i.evidence.push_back(
        {base::sha256("x"), EvidencePhase::after, EvidenceStanding::proven, base::Time{4}, base::Time{6}, {"p-2"}});
    i.alerts = {AlertId{9}};
    i.reached = {PlaceId{4U}, PlaceId{6U}};
    i.severity = Severity::orange;
    i.severity_floor = Severity::yellow;
    i.standing.push_back({AlertId{9}, Severity::orange, {{base::Time{70}, Severity::red}}, base::minutes(3)});
    i.sources.push_back({.track = {RuleId{2U}, DeviceId{5U}, 7},
                         .alert = AlertId{9},
                         .first = base::Time{60},
                         .latest = base::Time{65},
                         .alerts = 3,
                         .verdict = Verdict::test,
                         .judged = base::Time{90},
                         .by_hand = true});
    i.look = Look::wanted;
    i.look_by = base::Time{99};
    i.doubt = {Stage::second_look, 1, 9, 240};
    i.trust_again = base::Time{80};
    const std::string bytes = bytes_of(i);
    const auto again = decode_incident(bytes);
    REQUIRE(again);
    CHECK(bytes_of(*again) == bytes);
    CHECK(again->sources == i.sources);
    CHECK(again->look_by == i.look_by);
    CHECK(again->doubt == i.doubt);
    CHECK(again->trust_again == i.trust_again);
    CHECK(again->acknowledge_by == base::Time::none());
    CHECK(again->told.front().person.code == "p-1");
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_incident(std::string_view(bytes).substr(0, n)));
}

TEST_CASE("an incident's row of the form before is read: its severity stays as it is") {
    Incident i;
    i.id = IncidentId{77};
    i.severity = Severity::orange;
    std::string bytes = bytes_of(i);
    bytes.resize(bytes.size() - 27);  // no sources, no look, no doubt, never trusted again
    bytes[0] = 3;
    REQUIRE(decode_incident(bytes));
    CHECK(decode_incident(bytes)->sources.empty());
    CHECK(decode_incident(bytes)->look == Look::none);
    bytes.resize(bytes.size() - 1);  // no place reached
    bytes[0] = 2;
    REQUIRE(decode_incident(bytes));
    bytes.resize(bytes.size() - 2);  // the floor, and an empty list
    bytes[0] = 1;
    const auto again = decode_incident(bytes);
    REQUIRE(again);
    CHECK(again->severity_floor == Severity::orange);
    CHECK(again->standing.empty());
    bytes[0] = 5;
    CHECK_FALSE(decode_incident(bytes));
}

TEST_CASE("a batch's bytes survive the round trip") {
    const std::uint64_t seed = 20260303;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    for (int round = 0; round < 200; ++round) {
        Batch b;
        b.first_seq = 1 + random.below(1'000'000);
        b.prev_hash = base::sha256("before");
        b.texts.push_back({Handle{random.next()}, base::sha256("salted")});
        base::Time t{1'700'000'000'000'000};
        const std::uint64_t n = random.below(20);
        for (std::uint64_t k = 0; k < n; ++k) {
            t = t + base::milliseconds(static_cast<std::int64_t>(random.below(50)));
            switch (random.below(4)) {
                case 0: {
                    Signal s;
                    s.device = DeviceId{static_cast<std::uint32_t>(random.below(1000))};
                    s.message = random.next();
                    if (random.chance(0.5)) s.claimed = t - base::seconds(3);
                    s.values_begin = static_cast<std::uint32_t>(b.values.size());
                    b.values.push_back(Value::boolean(FieldId{0U}, true));
                    b.values.push_back(Value::real(FieldId{1U}, random.unit()));
                    b.values.push_back(Value::symbol(FieldId{2U}, SymbolId{3U}));
                    b.values.push_back(Value::text(FieldId{2U}, 0));
                    s.value_count = 4;
                    s.others_begin = static_cast<std::uint32_t>(b.others.size());
                    b.others.push_back({"rssi", ValueType::number, -70, 0});
                    s.other_count = 1;
                    b.inputs.push_back({InputType::signal, static_cast<std::uint32_t>(b.signals.size()), t});
                    b.signals.push_back(s);
                    break;
                }
                case 1:
                    b.inputs.push_back({InputType::command, static_cast<std::uint32_t>(b.commands.size()), t});
                    b.commands.push_back({});
                    b.commands.back().action = Action::resolve;
                    b.commands.back().actor.person.code = "p-9";
                    b.commands.back().actor.bodies = {BodyId{4U}};
                    break;
                case 2:
                    b.inputs.push_back({InputType::timer, 0, t});
                    break;
                default:
                    b.inputs.push_back({InputType::policy, static_cast<std::uint32_t>(b.policies.size()), t});
                    b.policies.push_back({3, base::sha256("p")});
            }
        }
        const std::string bytes = bytes_of(b);
        Batch again;
        REQUIRE(decode_batch(bytes, again));
        CHECK(bytes_of(again) == bytes);
        for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + cut / 8)
            CHECK_FALSE(decode_batch(std::string_view(bytes).substr(0, cut), again));
        std::string bent = bytes;
        bent[random.below(bent.size())] = static_cast<char>(random.next());
        (void)decode_batch(bent, again);
    }
}
