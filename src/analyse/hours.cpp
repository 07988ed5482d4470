#include "hours.hpp"

#include <algorithm>

#include "model/policy.hpp"

namespace shoumen::analyse {

namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t day_us = 1'440 * minute_us;

std::int64_t floor_to_day(std::int64_t us) {
    const std::int64_t over = us % day_us;
    return us - (over < 0 ? over + day_us : over);
}

}  // namespace

Hours::Stretch Hours::around(const base::Zone& zone, base::Time t) const {
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
    found.open = model::schedule_holds(schedule_, zone.local(t));
    return found;
}

const Hours::Stretch& Hours::at(const base::Zone& zone, base::Time t) {
    if (!last_.holds(t)) last_ = around(zone, t);
    return last_;
}

bool Hours::open(const base::Zone& zone, base::Time t) { return at(zone, t).open; }

base::Time Hours::next_open(const base::Zone& zone, base::Time t) {
    if (at(zone, t).open) return t;
    Stretch stretch = last_;
    // A week has at most 21 stretches, and each change of the offset adds some: a schedule that opens at all opens in
    // these.
    for (int i = 0; i < 100; ++i) {
        const base::Time next = stretch.to;
        stretch = around(zone, next);
        if (stretch.open) return next;
    }
    return base::Time::never();
}

}  // namespace shoumen::analyse
