// Turns of duty, held against who is on duty minute by minute.
#include "shell/roster.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "model/policy.hpp"

using namespace shoumen;

namespace {

base::Time at(const char* text) { return *base::parse_rfc3339(text); }

model::Policy town() {
    model::Policy p;
    p.zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3600}});
    p.places.push_back({});
    p.root = model::PlaceId{0U};
    for (int i = 0; i < 3; ++i) p.bodies.push_back({});
    const auto duty = [&](unsigned body, const char* person, int from, int to, unsigned weekdays) {
        model::Duty d;
        d.body = model::BodyId{body};
        d.person = {person};
        d.hours.from_minute = static_cast<decltype(d.hours.from_minute)>(from);
        d.hours.to_minute = static_cast<decltype(d.hours.to_minute)>(to);
        d.hours.weekdays = static_cast<decltype(d.hours.weekdays)>(weekdays);
        p.duty.push_back(d);
    };
    duty(0, "day", 8 * 60, 20 * 60, 0x1F);
    duty(0, "night", 20 * 60, 8 * 60, 0x7F);
    duty(0, "weekend", 8 * 60, 20 * 60, 0x60);
    duty(1, "always", 0, 0, 0x7F);
    duty(2, "until", 6 * 60, 6 * 60, 0x7F);
    p.duty.back().to = at("2026-03-04T15:00:00+08:00");
    return p;
}

}  // namespace

TEST_CASE("turns of duty are those of which the policy says, minute by minute, that they are held") {
    const auto policy = town();
    for (const char* now : {"2026-03-03T09:30:00+08:00", "2026-03-06T23:59:00+08:00", "2026-03-08T00:00:00+08:00"}) {
        const auto from = shell::midnight(policy.zone, at(now), 0);
        const auto until = shell::midnight(policy.zone, at(now), 2);
        CHECK((until - from) == base::hours(48));
        const auto shifts = shell::shifts_of(policy, from, until);
        for (auto t = from; t < until; t = t + base::minutes(1)) {
            for (const auto& duty : policy.duty) {
                const bool holds = t >= duty.from && t < duty.to &&
                                   model::schedule_holds(duty.hours, policy.zone.local(t), policy.calendar);
                const bool said = std::ranges::any_of(shifts, [&](const auto& s) {
                    return s.body == duty.body && s.person == duty.person && t >= s.from && t < s.until;
                });
                if (holds != said) FAIL_CHECK(duty.person.code, " at ", policy.zone.format(t), " ", holds, " ", said);
            }
        }
        // One long turn, not two that touch.
        CHECK(std::ranges::count_if(shifts, [](const auto& s) { return s.person.code == "always"; }) == 1);
    }
}
