#include "hours.hpp"

#include <algorithm>

namespace shoumen::analyse {

namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t day_us = 1'440 * minute_us;

std::int64_t floor_to_day(std::int64_t us) {
    const std::int64_t over = us % day_us;
    return us - (over < 0 ? over + day_us : over);
}

}  // namespace

Hours::Stretch Hours::around(const model::Policy& policy, base::Time t) const {
    const base::Zone& zone = policy.zone;
    const std::int64_t offset = zone.offset_at(t).us;
    const std::int64_t midnight = floor_to_day(t.us + offset);
    const std::int64_t minute = (t.us + offset - midnight) / minute_us;
    std::int64_t before = 0;
    std::int64_t after = 1'440;
    for (const std::int64_t edge : {std::int64_t{schedule_.from_minute}, std::int64_t{schedule_.to_minute}}) {
        if (edge <= minute) before = std::max(before, edge);
        if (edge > minute) after = std::min(after, edge);
    }
    Stretch found{.from = {midnight + before * minute_us - offset}, .to = {midnight + after * minute_us - offset}};
    for (const base::Zone::Change& change : zone.changes()) {
        if (change.from <= t) found.from = std::max(found.from, change.from);
        if (change.from > t) found.to = std::min(found.to, change.from);
    }
    found.open = model::schedule_holds(schedule_, zone.local(t), policy.calendar);
    return found;
}

const Hours::Stretch& Hours::at(const model::Policy& policy, base::Time t) {
    if (!last_.holds(t)) last_ = around(policy, t);
    return last_;
}

bool Hours::open(const model::Policy& policy, base::Time t) { return at(policy, t).open; }

base::Time Hours::next_open(const model::Policy& policy, base::Time t) {
    if (at(policy, t).open) return t;
    if (closed_.holds(t)) return opens_;
    Stretch stretch = last_;
    // A week has at most 21 stretches, and each change of the offset adds some: a schedule by weekdays that opens at
    // all opens in these.
    const int most = schedule_.day_classes == 0 ? 100 : 1'300;
    base::Time next = t;
    for (int i = 0; i < most && !stretch.open; ++i) {
        next = stretch.to;
        stretch = around(policy, next);
    }
    opens_ = stretch.open ? next : base::Time::never();
    closed_ = {.from = t, .to = next};
    return opens_;
}

}  // namespace shoumen::analyse
