#include "auditor.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/bytes.hpp"

namespace shoumen::twin {
namespace {

using base::Duration;
using base::Time;

constexpr std::size_t page = 10'000;
// News takes its time: lagging messages, and rules that alert only after a while.
constexpr Duration after_the_end = base::minutes(30);
// What begins later than this before the end need not have been found.
constexpr Duration silence_needs = base::hours(16);
constexpr Duration others_need = base::minutes(20);

class Lengths {
public:
    void add(Duration d) { all_.push_back(static_cast<double>(d.us) / 1e6); }
    Spans spans() {
        if (all_.empty()) return {};
        std::ranges::sort(all_);
        const auto at = [&](double q) {
            return all_[static_cast<std::size_t>(q * static_cast<double>(all_.size() - 1))];
        };
        return {all_.size(), at(0.5), at(0.9), all_.back()};
    }

private:
    std::vector<double> all_;
};

struct Judged {
    ports::AlertRow row;
    std::int64_t cause = -1;
};

class Audit {
public:
    Audit(const World& world, Time until, SimulationReport& report) : world_(world), until_(until), report_(report) {}

    base::Result<void> read(ports::StoreReader& reader) {
        for (std::uint64_t after = 0;;) {
            auto rows = reader.alerts(after, page);
            if (!rows) return tl::unexpected(rows.error());
            for (auto& row : *rows) {
                after = row.alert.id.value;
                const std::int64_t cause =
                    world_.cause_of(row.alert.device, row.alert.place, row.alert.at, after_the_end);
                alerts_.push_back({std::move(row), cause});
            }
            if (rows->size() < page) break;
        }
        ports::IncidentQuery query;
        query.limit = page;
        for (;;) {
            auto rows = reader.incidents(query);
            if (!rows) return tl::unexpected(rows.error());
            for (auto& row : *rows) incidents_.push_back(std::move(row));
            if (rows->size() < page) break;
            query.before = incidents_.back().id;
        }
        std::ranges::sort(incidents_, {}, &model::Incident::id);
        for (std::size_t i = 0; i < incidents_.size(); ++i) at_[incidents_[i].id.value] = i;
        return {};
    }

    void judge() {
        join();
        judge_happenings();
        judge_incidents();
        judge_pairs();
        sign();
    }

private:
    // Which incidents a happening led to, and which causes an incident has.
    void join() {
        led_to_.resize(world_.happenings().size());
        causes_.resize(incidents_.size());
        for (const Judged& a : alerts_) {
            ++report_.alerts;
            if (a.cause < 0) {
                ++report_.alerts_without_cause;
                continue;
            }
            led_to_[static_cast<std::size_t>(a.cause)].insert(at_.at(a.row.incident.value));
            causes_[at_.at(a.row.incident.value)].insert(a.cause);
        }
    }

    void judge_happenings() {
        std::map<std::string, Lengths> delays;
        for (std::size_t n = 0; n < led_to_.size(); ++n) {
            const Happening& h = world_.happenings()[n];
            const Duration needs = h.silent ? silence_needs : others_need;
            const Time ended = std::min(h.ends, until_);
            // What ended before it could be found, or began too late, is no test of anything; nor is what should bring
            // no incident.
            const bool too_short = h.silent && led_to_[n].empty() && ended - h.begins < silence_needs;
            if (h.begins + needs > until_ || too_short) continue;
            StoryFigures& f = (h.real ? report_.real : report_.nothing)[std::string(h.what)];
            ++f.happened;
            f.incidents += led_to_[n].size();
            f.outings += static_cast<std::uint64_t>(
                std::ranges::count_if(led_to_[n], [&](std::size_t i) { return incidents_[i].departed.is_set(); }));
            if (led_to_[n].empty()) continue;
            ++f.found;
            const model::Incident& first = incidents_[*led_to_[n].begin()];
            delays[std::string(h.what)].add(first.opened - h.begins);
            f.doubled += doubled(led_to_[n]);
        }
        for (auto& [what, lengths] : delays) {
            auto it = report_.real.find(what);
            if (it == report_.real.end()) it = report_.nothing.find(what);
            it->second.delay = lengths.spans();
        }
    }

    // Another incident of the same happening, of one kind and place, while the first could still take its alerts.
    std::uint64_t doubled(const std::set<std::size_t>& of_one) const {
        std::uint64_t count = 0;
        for (auto second = of_one.begin(); second != of_one.end(); ++second) {
            count += std::any_of(of_one.begin(), second, [&](std::size_t first) {
                const model::Incident& a = incidents_[first];
                const model::Incident& b = incidents_[*second];
                const Time over = a.ended.is_set() ? a.ended : until_;
                return a.cause == b.cause && a.anchor == b.anchor && b.opened <= over &&
                       b.opened - a.latest_alert <= base::minutes(10);
            });
        }
        return count;
    }

    void judge_incidents() {
        Lengths acknowledged;
        Lengths arrived;
        Lengths closed;
        for (std::size_t n = 0; n < incidents_.size(); ++n) {
            const model::Incident& i = incidents_[n];
            ++report_.incidents;
            report_.incidents_real += std::ranges::any_of(
                causes_[n], [&](std::int64_t c) { return world_.happenings()[static_cast<std::size_t>(c)].real; });
            report_.never_answered += !i.acknowledged.is_set() && until_ - i.opened > base::hours(1);
            report_.still_open += !i.ended.is_set();
            report_.reopened += i.reopened_times;
            report_.escalations += static_cast<std::uint64_t>(i.level);
            report_.missed_deadlines += i.missed_acknowledge + i.missed_arrive + i.missed_close;
            report_.told += i.told.size();
            if (i.acknowledged.is_set()) acknowledged.add(i.acknowledged - i.opened);
            if (i.arrived.is_set()) arrived.add(i.arrived - i.opened);
            if (i.ended.is_set()) closed.add(i.ended - i.opened);
        }
        report_.acknowledged = acknowledged.spans();
        report_.arrived = arrived.spans();
        report_.closed = closed.spans();
    }

    void judge_pairs() {
        std::map<std::uint32_t, std::vector<const Judged*>> by_episode;
        std::map<std::uint32_t, std::uint64_t> causes;
        for (std::size_t n = 0; n < world_.happenings().size(); ++n) {
            if (const std::uint32_t e = world_.episode_of(n); e != 0) ++causes[e];
        }
        for (const Judged& a : alerts_) {
            if (a.cause < 0) continue;
            if (const std::uint32_t e = world_.episode_of(static_cast<std::size_t>(a.cause)); e != 0)
                by_episode[e].push_back(&a);
        }
        report_.episodes = causes.size();
        for (const auto& [e, count] : causes) report_.episodes_two += count > 1;
        for (const auto& [e, list] : by_episode) {
            count_pairs(list, report_.pairs);
            std::vector<const Judged*> first;
            std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> known;
            for (const Judged* a : list) {
                const model::Alert& alert = a->row.alert;
                if (known.emplace(alert.rule.value, alert.device.value, alert.place.value).second) first.push_back(a);
            }
            count_pairs(first, report_.sources);
        }
    }

    static void count_pairs(const std::vector<const Judged*>& list, Pairs& pairs) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            for (std::size_t j = i + 1; j < list.size(); ++j) {
                const bool cause = list[i]->cause == list[j]->cause;
                const bool incident = list[i]->row.incident == list[j]->row.incident;
                pairs.same_cause += cause;
                pairs.same_incident += incident;
                pairs.both += cause && incident;
            }
        }
    }

    void sign() {
        base::ByteWriter out;
        for (const model::Incident& i : incidents_) encode(i, out);
        for (const Judged& a : alerts_) {
            out.varint(a.row.alert.id.value);
            out.varint(a.row.incident.value);
            out.varint(static_cast<std::uint64_t>(a.row.alert.at.us));
        }
        report_.decisions = base::sha256(out.view());
    }

    const World& world_;
    Time until_;
    SimulationReport& report_;
    std::vector<Judged> alerts_;
    std::vector<model::Incident> incidents_;  // by id: in order of opening
    std::unordered_map<std::uint64_t, std::size_t> at_;
    std::vector<std::set<std::size_t>> led_to_;
    std::vector<std::set<std::int64_t>> causes_;
};

}  // namespace

base::Result<void> audit(const World& world, ports::StoreReader& reader, Time until, SimulationReport& report) {
    Audit audit(world, until, report);
    if (auto read = audit.read(reader); !read) return read;
    audit.judge();
    return {};
}

}  // namespace shoumen::twin
