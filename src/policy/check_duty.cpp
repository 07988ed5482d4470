// Whether somebody can be reached in every hour of a month in which a body leads or supervises.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "findings.hpp"
#include "scopes.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "duty.yaml";

using base::Time;
using model::BodyId;

constexpr model::Schedule all_day{.from_minute = 0, .to_minute = 24 * 60};

// What a body must be reachable for.
struct Need {
    std::vector<model::Schedule> hours;
    std::vector<bool> kinds;  // incident kinds it leads
    bool supervises = false;  // a rung of the ladder: at every hour
};

struct Month {
    Time from;
    Time to;
};

std::string local_text(const base::Zone& zone, Time t) {
    const base::LocalTime local = zone.local(t);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month, local.day, local.minute / 60,
                       local.minute % 60);
}

std::string hours_text(base::Duration d) {
    const std::int64_t minutes = d.us / 60'000'000;
    if (minutes % 60 == 0) return fmt::format("{} {}", minutes / 60, minutes == 60 ? "hour" : "hours");
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

class DutyCheck {
public:
    DutyCheck(const model::Policy& policy, int year, unsigned month) : policy_(policy), scopes_(policy) {
        const Time next =
            month == 12 ? policy.zone.to_utc(year + 1, 1, 1, 0) : policy.zone.to_utc(year, month + 1, 1, 0);
        month_ = {policy.zone.to_utc(year, month, 1, 0), next};
        for (const model::Duty& duty : policy.duty) duty_[duty.body].push_back(&duty);
    }

    std::vector<Finding> run() {
        gather_needs();
        for (const auto& [body, need] : needs_) check_body(body, need);
        sort(findings_);
        return std::move(findings_);
    }

private:
    void gather_needs() {
        for (const model::MatrixRow& row : policy_.matrix) {
            if (!row.lead) continue;
            for (const model::PlaceUse use : scopes_.uses()) {
                if (!row.places.empty() && std::ranges::find(row.places, use) == row.places.end()) continue;
                for (const BodyId body : scopes_.bodies(*row.lead, use)) add_row(needs_[body], row);
            }
        }
        for (const model::LadderRung& rung : policy_.ladder.rungs) {
            for (const BodyId body : scopes_.bodies(rung.role, std::nullopt)) {
                needs_[body].supervises = true;
                needs_[body].hours = {all_day};
            }
        }
    }

    void add_row(Need& need, const model::MatrixRow& row) const {
        const model::Schedule& hours = row.any_hour ? all_day : row.hours;
        if (std::ranges::find(need.hours, hours) == need.hours.end()) need.hours.push_back(hours);
        need.kinds.resize(policy_.incident_kinds.size());
        for (const model::IncidentKindId kind : row.kinds) need.kinds[kind.value] = true;
    }

    void check_body(BodyId body, const Need& need) {
        const std::vector<Time> marks = marks_of(body, need);
        Time from = Time::none();
        for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
            const bool gap = is_needed(need, marks[i]) && !is_reachable(body, marks[i]);
            if (gap && from == Time::none()) from = marks[i];
            if (!gap && from != Time::none()) report(body, need, from, marks[i]);
            if (!gap) from = Time::none();
        }
        if (from != Time::none()) report(body, need, from, marks.back());
    }

    // All moments of the month at which anything may change for the body; between two of them nothing does.
    [[nodiscard]] std::vector<Time> marks_of(BodyId body, const Need& need) const {
        std::vector<int> minutes{0};
        for (const model::Schedule& hours : need.hours)
            minutes.insert(minutes.end(), {hours.from_minute, hours.to_minute});
        if (const auto duty = duty_.find(body); duty != duty_.end()) {
            for (const model::Duty* d : duty->second)
                minutes.insert(minutes.end(), {d->hours.from_minute, d->hours.to_minute});
        }
        std::ranges::sort(minutes);
        minutes.erase(std::ranges::unique(minutes).begin(), minutes.end());

        std::vector<Time> marks{month_.from, month_.to};
        const auto& changes = policy_.zone.changes();
        if (changes.empty()) add_marks(minutes, month_.from, month_.to, {}, marks);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const Time from = std::max(i == 0 ? month_.from : changes[i].from, month_.from);
            const Time to = std::min(i + 1 == changes.size() ? month_.to : changes[i + 1].from, month_.to);
            if (from >= to) continue;
            marks.push_back(from);
            add_marks(minutes, from, to, base::seconds(changes[i].offset_s), marks);
        }
        std::ranges::sort(marks);
        marks.erase(std::ranges::unique(marks).begin(), marks.end());
        return marks;
    }

    // Those minutes of each local day within [from, to), where the clock stands `offset` ahead of UTC.
    static void add_marks(const std::vector<int>& minutes, Time from, Time to, base::Duration offset,
                          std::vector<Time>& marks) {
        const std::int64_t day = base::days(1).us;
        for (std::int64_t midnight = ((from + offset).us / day) * day; midnight < (to + offset).us; midnight += day) {
            for (const int minute : minutes) {
                const Time at = Time{midnight} + base::minutes(minute) - offset;
                if (at > from && at < to) marks.push_back(at);
            }
        }
    }

    [[nodiscard]] bool is_needed(const Need& need, Time at) const {
        const base::LocalTime local = policy_.zone.local(at);
        return std::ranges::any_of(need.hours, [&](const model::Schedule& hours) {
            return model::schedule_holds(hours, local, policy_.calendar);
        });
    }

    // As Policy::on_duty, over this body's entries alone.
    [[nodiscard]] bool is_reachable(BodyId body, Time at) const {
        const auto duty = duty_.find(body);
        if (duty == duty_.end()) return false;
        const base::LocalTime local = policy_.zone.local(at);
        return std::ranges::any_of(duty->second, [&](const model::Duty* d) {
            return !d->channels.empty() && at >= d->from && at < d->to &&
                   model::schedule_holds(d->hours, local, policy_.calendar);
        });
    }

    void report(BodyId body, const Need& need, Time from, Time to) {
        const model::Body& b = policy_.bodies[body.value];
        const auto duty = duty_.find(body);
        const std::uint32_t line = duty == duty_.end() ? 1 : duty->second.front()->line;
        findings_.push_back(
            {std::string(file), line, "duty-gap",
             fmt::format("nobody of {} ({}) is reachable from {} to {} ({}), {}; add a duty entry with a channel",
                         b.code, model::to_word(b.role), local_text(policy_.zone, from), local_text(policy_.zone, to),
                         hours_text(to - from), reason(need))});
    }

    [[nodiscard]] std::string reason(const Need& need) const {
        std::string first;
        std::size_t count = 0;
        for (std::size_t i = 0; i < need.kinds.size(); ++i) {
            if (!need.kinds[i]) continue;
            if (count++ == 0) first = policy_.incident_kinds[i].code;
        }
        if (count == 0) return need.supervises ? "when incidents climb to it" : "when it leads";
        if (count == 1) return fmt::format("when it leads {}", first);
        return fmt::format("when it leads {} and {} more {}", first, count - 1, count == 2 ? "kind" : "kinds");
    }

    const model::Policy& policy_;
    Scopes scopes_;
    Month month_;
    std::map<BodyId, std::vector<const model::Duty*>> duty_;
    std::map<BodyId, Need> needs_;
    std::vector<Finding> findings_;
};

// Where days are told apart by the calendar it must speak of the month.
std::optional<Finding> check_calendar(const model::Policy& policy, int year) {
    if (policy.calendar.speaks_of(year)) return std::nullopt;
    const auto tell = [&](std::string_view in, std::uint32_t line) {
        return Finding{"calendar.yaml", 1, "calendar-ends",
                       fmt::format("it says nothing of {}, which {}:{} asks about: add the year once its holidays are "
                                   "known; until then every day is what its weekday says",
                                   year, in, line)};
    };
    for (const model::Duty& duty : policy.duty) {
        if (duty.hours.day_classes != 0) return tell(file, duty.line);
    }
    for (const model::MatrixRow& row : policy.matrix) {
        if (row.hours.day_classes != 0) return tell("matrix.yaml", row.line);
    }
    for (const model::Rule& rule : policy.rules) {
        if (rule.during && rule.during->day_classes != 0) return tell(rule.file, rule.line);
    }
    return std::nullopt;
}

}  // namespace

std::vector<Finding> check_duty(const model::Policy& policy, int year, unsigned month) {
    auto found = DutyCheck(policy, year, month).run();
    if (auto calendar = check_calendar(policy, year)) found.insert(found.begin(), std::move(*calendar));
    return found;
}

}  // namespace shoumen::policy
