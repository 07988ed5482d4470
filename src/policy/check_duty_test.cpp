// The check of the month against asking Policy::on_duty every minute.
#include <algorithm>
#include <map>
#include <set>

#include "base/random.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

using base::Time;
using model::BodyId;

// Minutes (of UTC) in which a body is needed and nobody can be reached, by the definition.
std::map<std::string, std::set<std::int64_t>> brute_force(const model::Policy& p, Time from, Time to) {
    std::map<std::string, std::set<std::int64_t>> missing;
    const auto ask = [&](model::Role role, const model::Place& place, Time at) {
        const BodyId body = p.body_for(role, p.place_by_code.find(place.code)->second);
        if (body.valid() && p.on_duty(body, at).empty()) missing[p.bodies[body.value].code].insert(at.us / 60'000'000);
    };
    for (Time at = from; at < to; at = at + base::minutes(1)) {
        const base::LocalTime local = p.zone.local(at);
        for (const model::Place& place : p.places) {
            if (place.level < model::PlaceLevel::community) continue;
            for (const model::MatrixRow& row : p.matrix) {
                if (row.lead && std::ranges::find(row.places, place.use) != row.places.end() &&
                    model::schedule_holds(row.hours, local, p.calendar))
                    ask(*row.lead, place, at);
            }
            for (const model::LadderRung& rung : p.ladder.rungs) ask(rung.role, place, at);
        }
    }
    return missing;
}

Time read_local(const model::Policy& p, const std::string& text) {
    return p.zone.to_utc(std::stoi(text.substr(0, 4)), static_cast<unsigned>(std::stoul(text.substr(5, 2))),
                         static_cast<unsigned>(std::stoul(text.substr(8, 2))),
                         std::stoi(text.substr(11, 2)) * 60 + std::stoi(text.substr(14, 2)));
}

// What the findings say. Not for the hour that comes twice: its local time says less than it should.
std::map<std::string, std::set<std::int64_t>> said(const model::Policy& p, const std::vector<Finding>& findings) {
    std::map<std::string, std::set<std::int64_t>> all;
    for (const Finding& f : findings) {
        const std::size_t of = std::string("nobody of ").size();
        const std::string body = f.message.substr(of, f.message.find(' ', of) - of);
        const std::size_t from = f.message.find(" from ") + 6;
        const std::size_t to = f.message.find(" to ", from) + 4;
        const Time end = read_local(p, f.message.substr(to, 16));
        for (Time at = read_local(p, f.message.substr(from, 16)); at < end; at = at + base::minutes(1))
            if (!all[body].insert(at.us / 60'000'000).second) FAIL("said twice: " << to_line(f));
    }
    return all;
}

class AnyDuty {
public:
    AnyDuty(const model::Policy& base, base::SeededRandom& random) : policy_(base), random_(random) {}

    model::Policy make() {
        model::Policy p = policy_;
        p.duty.clear();
        const std::size_t entries = random_.below(12);
        for (std::size_t i = 0; i < entries; ++i) p.duty.push_back(entry(static_cast<std::uint32_t>(i + 2)));
        for (model::MatrixRow& row : p.matrix) row.hours = hours();
        return p;
    }

private:
    model::Schedule hours() {
        constexpr std::uint16_t marks[] = {0, 1, 120, 180, 480, 481, 1200, 1439};
        model::Schedule s;
        s.from_minute = marks[random_.below(8)];
        s.to_minute = random_.chance(0.3) ? std::uint16_t{1440} : marks[random_.below(8)];
        if (s.to_minute == 0) s.to_minute = 1440;
        return s;
    }
    model::Duty entry(std::uint32_t line) {
        model::Duty d;
        d.line = line;
        d.body = BodyId{static_cast<std::size_t>(random_.below(policy_.bodies.size()))};
        d.person.code = "p";
        if (random_.chance(0.9)) d.channels = {model::Channel::screen};
        d.hours = hours();
        d.hours.weekdays = static_cast<std::uint8_t>(random_.chance(0.5) ? 0x7f : random_.below(128));
        if (random_.chance(0.3)) d.from = policy_.zone.to_utc(2026, 3, static_cast<unsigned>(1 + random_.below(31)), 0);
        if (random_.chance(0.3)) d.to = policy_.zone.to_utc(2026, 3, static_cast<unsigned>(1 + random_.below(31)), 0);
        return d;
    }

    const model::Policy& policy_;
    base::SeededRandom& random_;
};

void check_against_brute_force(const char* zone, int rounds) {
    const std::uint64_t seed = 4711;
    MESSAGE("seed " << seed);
    base::SeededRandom random(seed);
    const auto base = must_compile(changed(mini(), "community.yaml", "Asia/Shanghai", zone));
    // March 2026: in Berlin it has the day of 23 hours.
    const Time from = base->zone.to_utc(2026, 3, 1, 0);
    const Time to = base->zone.to_utc(2026, 4, 1, 0);
    for (int round = 0; round < rounds; ++round) {
        const model::Policy p = AnyDuty(*base, random).make();
        CAPTURE(round);
        REQUIRE(said(p, check_duty(p, 2026, 3)) == brute_force(p, from, to));
    }
}

std::vector<Finding> month_of(const Files& files, unsigned month = 11) {
    return check_duty(*must_compile(files), 2026, month);
}

}  // namespace

TEST_CASE("the hours named are exactly those that asking every minute finds") {
    check_against_brute_force("Asia/Shanghai", 4);
    check_against_brute_force("Europe/Berlin", 4);
}

TEST_SUITE("full") {
    TEST_CASE("the hours named, many duty tables") { check_against_brute_force("Europe/Berlin", 150); }
}

TEST_CASE("the small table leaves no hour open in any month") {
    for (unsigned month = 1; month <= 12; ++month) CHECK_MESSAGE(month_of(mini(), month).empty(), month);
}

TEST_CASE("an open run is named with its ends and its length, at the body's first entry") {
    const auto findings =
        month_of(changed(mini(), "duty.yaml", "hours: \"08:00-20:00\"}", "hours: \"08:00-19:30\", to: 2026-11-29}"));
    REQUIRE(findings.size() == 30);
    CHECK(to_line(findings[0]) ==
          "duty.yaml:4: duty-gap: nobody of so (street_office) is reachable from 2026-11-01 19:30 to 2026-11-01 20:00 "
          "(0 h 30 min), "
          "when incidents climb to it; add a duty entry with a channel");
    CHECK(findings[28].message.find("from 2026-11-29 08:00 to 2026-11-29 20:00 (12 hours)") != std::string::npos);
}

TEST_CASE("nobody at all: the whole month at the top of the file") {
    const auto findings =
        month_of(changed(mini(), "duty.yaml", "  - {body: pm, person: p-1, channels: [screen, sms]}\n", ""));
    REQUIRE(findings.size() == 1);
    CHECK(to_line(findings[0]) ==
          "duty.yaml:1: duty-gap: nobody of pm (property_manager) is reachable from 2026-11-01 00:00 to 2026-12-01 "
          "00:00 (720 hours), "
          "when it leads fire and 1 more kind; add a duty entry with a channel");
}

TEST_CASE("on duty without a channel is not reachable") {
    CHECK(month_of(changed(mini(), "duty.yaml", "[screen, sms]", "[]")).size() == 1);
    CHECK(codes(month_of(changed(mini(), "duty.yaml", "[screen, sms]", "[]"))).front() == "duty.yaml:2: duty-gap");
}

TEST_CASE("only the hours count in which the matrix makes it lead") {
    Files files = changed(mini(), "matrix.yaml", "hours: \"00:00-24:00\"", "hours: \"08:00-20:00\"");
    files = changed(files, "duty.yaml", "p-1, channels: [screen, sms]}",
                    "p-1, channels: [screen], hours: \"08:00-20:00\"}");
    CHECK(month_of(files).empty());
    files = changed(files, "duty.yaml", "hours: \"08:00-20:00\"}",
                    "hours: \"08:00-20:00\", days: [mon, tue, wed, thu, fri]}");
    const auto weekends = month_of(files);
    REQUIRE(weekends.size() == 9);  // November 2026 has nine days of weekend
    CHECK(weekends[0].message.find("from 2026-11-01 08:00 to 2026-11-01 20:00 (12 hours)") != std::string::npos);
}

TEST_CASE("a day with an hour less or more is counted as it is") {
    Files files = changed(mini(), "community.yaml", "Asia/Shanghai", "Europe/Berlin");
    files = changed(files, "duty.yaml", "  - {body: pm, person: p-1, channels: [screen, sms]}\n", "");
    CHECK(month_of(files, 3).at(0).message.find("(743 hours)") != std::string::npos);
    CHECK(month_of(files, 10).at(0).message.find("(745 hours)") != std::string::npos);
}

TEST_CASE("duty by the calendar: holidays are empty, a worked Saturday is not, and the calendar must reach the month") {
    Files files = changed(mini(), "duty.yaml", "{body: co, person: p-2, channels: screen}",
                          "{body: co, person: p-2, channels: screen, days: [workdays, weekends]}");
    files["calendar.yaml"] = "years:\n  - {year: 2026, off: [2026-10-01..2026-10-07], work: [2026-10-10]}\n";
    const auto findings = check_duty(*must_compile(files), 2026, 10);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].message.find("nobody of co") == 0);
    CHECK(findings[0].message.find("from 2026-10-01 00:00 to 2026-10-08 00:00") != std::string::npos);
    const auto later = check_duty(*must_compile(files), 2027, 1);
    REQUIRE(later.size() == 1);
    CHECK(to_line(later[0]).find("calendar.yaml:1: calendar-ends: it says nothing of 2027, which duty.yaml:3") == 0);
    CHECK(check_duty(*must_compile(mini()), 2027, 1).empty());  // nobody asks
    const auto saturdays = check_duty(
        *must_compile(changed(files, "duty.yaml", "[workdays, weekends]", "[workdays, holidays]")), 2026, 10);
    REQUIRE(!saturdays.empty());
    CHECK(saturdays[0].message.find("from 2026-10-11 00:00 to 2026-10-12") != std::string::npos);  // the 10th is worked
}

}  // namespace shoumen::policy
