// The part of shell/upkeep that turns what is found of devices into work for the technical team.
#include <algorithm>

#include <fmt/format.h>

#include "protect/gate.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using upkeep::Finding;
using upkeep::Work;

constexpr base::Duration gateway_settles = base::minutes(15);

std::uint32_t bit_of(Finding finding) { return 1U << static_cast<unsigned>(finding); }

std::string detail_of(Finding finding, double figure) {
    switch (finding) {
        case Finding::silent:
        case Finding::idle:
            return fmt::format("{:.0f} min", figure / 60);
        case Finding::low_battery:
            return figure > 0 ? fmt::format("{:.0f} %", figure) : "";
        case Finding::clock_wrong:
        case Finding::replaying:
            return fmt::format("{:.0f} s", figure);
        case Finding::flooding:
            return fmt::format("{:.0f} /s", figure);
        case Finding::shared:
            return figure > 2 ? fmt::format("{:.0f} ×", figure) : "";  // how often one connection pushed out another
        default:
            return {};
    }
}

}  // namespace

// Nobody is sent out for what somebody keeps quiet on purpose, nor for each device behind a gateway that is silent
// itself.
bool Upkeep::is_held_back(model::DeviceId device, Finding finding) const {
    const auto& d = policy_->devices[device.value];
    if (quiet_until(d.code).is_set()) return true;
    return finding == Finding::silent && d.gateway.valid() &&
           (health_.findings(d.gateway.value) & bit_of(Finding::silent)) != 0;
}

void Upkeep::open_work(model::DeviceId device, Finding finding, base::Time at, double figure, std::uint64_t again_of) {
    const auto& d = policy_->devices[device.value];
    const std::string word(to_word(finding));
    if (const auto live = live_.find({d.code, word}); live != live_.end()) {
        auto& row = orders_[live->second];
        ++row.times;
        row.last = at;
        pending_.emplace_back(row);
        return;
    }
    ports::WorkOrderRow row;
    row.id = next_order_++;
    row.device = d.code;
    row.finding = word;
    const auto building = policy_->ancestor(d.place, model::PlaceLevel::building);
    row.place = building.valid() ? policy_->places[building.value].code : "";
    row.state = to_word(Work::open);
    row.found = at;
    row.last = at;
    row.detail = to_text(ports::WorkDetail{again_of, detail_of(finding, figure)});
    for (const auto& [id, round] : rounds_) {
        if (round.state == round_planned && std::ranges::find(round.devices, d.code) != round.devices.end())
            row.round = id;
    }
    live_[{d.code, word}] = row.id;
    ended_.erase({d.code, word});
    ++counted_.opened.at(static_cast<std::size_t>(finding));
    if (again_of != 0) ++counted_.again;
    fresh_work_.push_back(row.id);
    pending_.emplace_back(row);
    orders_[row.id] = std::move(row);
}

// What is over before anybody took it needs nobody.
void Upkeep::pass_work(const std::string& device, Finding finding, base::Time at) {
    const auto live = live_.find({device, std::string(to_word(finding))});
    if (live == live_.end()) return;
    auto& row = orders_[live->second];
    if (work_of(row) != Work::open) return;
    row.state = to_word(Work::passed);
    row.ended = at;
    ++counted_.passed;
    pending_.emplace_back(row);
    live_.erase(live);
}

void Upkeep::apply(const std::vector<upkeep::Change>& changes) {
    for (const auto& change : changes) {
        const model::DeviceId device{change.device};
        if (change.device >= policy_->devices.size()) continue;
        const auto& d = policy_->devices[change.device];
        if (!change.begins) {
            ended_.erase({d.code, std::string(to_word(change.finding))});
            pass_work(d.code, change.finding, change.at);
            if (d.is_gateway && change.finding == Finding::silent) again_.emplace(change.at + gateway_settles, device);
            continue;
        }
        if (is_held_back(device, change.finding)) continue;
        open_work(device, change.finding, change.at, change.figure);
        if (!d.is_gateway || change.finding != Finding::silent) continue;
        for (const auto& other : policy_->devices) {
            if (other.gateway == device) pass_work(other.code, Finding::silent, change.at);
        }
    }
}

// What was held back and still is so.
void Upkeep::catch_up(model::DeviceId device, base::Time now) {
    const auto bits = findings_of(device);
    for (std::size_t f = 0; f < upkeep::finding_count; ++f) {
        const auto finding = static_cast<Finding>(f);
        if ((bits & bit_of(finding)) == 0 || is_held_back(device, finding)) continue;
        const Key key{policy_->devices[device.value].code, std::string(to_word(finding))};
        if (!live_.contains(key) && !ended_.contains(key)) open_work(device, finding, now, 0);
    }
}

// --- Ended, and yet it goes on -----------------------------------------------------------------------------------

// Where the finding is over already there is nothing to look at.
void Upkeep::look_later(const ports::WorkOrderRow& row) {
    const auto finding = upkeep::parse_finding(row.finding);
    const auto entry = entries_.find(row.device);
    if (!finding || entry == entries_.end() || (findings_of(entry->second.device) & bit_of(*finding)) == 0) return;
    const auto silent_after = health_.rhythm(entry->second.device.value).silent_after;
    ended_[{row.device, row.finding}] = {
        row.id, row.ended + upkeep::look_again_after(*finding, silent_after, work_of(row) == Work::dropped)};
}

void Upkeep::check_ended_work(base::Time now) {
    std::vector<std::pair<Key, std::uint64_t>> due;
    for (const auto& [key, ended] : ended_) {
        if (ended.look <= now) due.emplace_back(key, ended.order);
    }
    for (const auto& [key, order] : due) {
        const auto finding = upkeep::parse_finding(key.second);
        const auto entry = entries_.find(key.first);
        const bool goes_on = finding && entry != entries_.end() && entry->second.device.valid() &&
                             (findings_of(entry->second.device) & bit_of(*finding)) != 0;
        if (goes_on && is_held_back(entry->second.device, *finding)) continue;  // looked at when it no longer is
        ended_.erase(key);
        if (goes_on) open_work(entry->second.device, *finding, now, 0, order);
    }
}

void Upkeep::log_work() {
    constexpr std::size_t most_lines = 20;
    const auto fresh = std::exchange(fresh_work_, {});
    if (!log_) return;
    for (std::size_t i = 0; i < std::min(fresh.size(), most_lines); ++i) {
        const auto& row = orders_[fresh[i]];
        const auto again = ports::work_detail_of(row.detail).again_of;
        std::vector<ports::LogField> fields = {
            {"work", static_cast<std::int64_t>(row.id)}, {"device", row.device}, {"finding", row.finding}};
        if (again != 0) fields.push_back({"again_of", static_cast<std::int64_t>(again)});
        const bool warns = again != 0 || row.finding == to_word(Finding::shared);
        log_({warns ? ports::LogLevel::warning : ports::LogLevel::info, "work_opened",
              again == 0 ? "something is wrong with a device: the technical team has work"
                         : "work was ended and what was found goes on: there is new work",
              std::move(fields)});
    }
    if (fresh.size() > most_lines)
        log_({ports::LogLevel::warning,
              "work_opened",
              "more work at once than lines are written: look at what these devices have in common",
              {{"more", static_cast<std::int64_t>(fresh.size() - most_lines)}}});
}

// --- Asking and answering ----------------------------------------------------------------------------------------

ports::WorkView Upkeep::work_view(const ports::Session& session, const ports::WorkOrderRow& row) const {
    ports::WorkView view;
    view.row = row;
    view.row.why = opened(row.why);
    view.place = place_of(row.device);
    const auto entry = entries_.find(row.device);
    const auto finding = upkeep::parse_finding(row.finding);
    const auto bits = entry == entries_.end() ? 0 : findings_of(entry->second.device);
    view.overdue = !is_over(work_of(row)) && clock_.now() - row.found > work_is_due_after;
    view.is_over = !finding || (bits & bit_of(*finding)) == 0;
    if (!may_change(session, view.place)) return view;
    for (const auto to : {Work::taken, Work::done, Work::dropped}) {
        const auto reason = why_not(work_of(row), to);
        view.choices.push_back({std::string(to_word(to)), reason.empty(), std::string(reason)});
    }
    return view;
}

base::Result<std::vector<ports::WorkView>> Upkeep::work(const ports::Session& session, const ports::WorkQuery& query) {
    if (!office_.admit(session, model::Item::devices, model::Sight::clear))
        return base::fail("forbidden", "your roles do not include this");
    if (node_.policy() != policy_) adopt_policy();
    const bool live = query.state == "live";
    const auto state = upkeep::parse_work(query.state);
    if (!live && !state && !query.state.empty())
        return base::fail("bad-request", "one of live, open, taken, done, dropped, passed", "state");
    model::PlaceId within = policy_->root;
    if (!query.place.empty()) {
        const auto it = policy_->place_by_code.find(query.place);
        if (it == policy_->place_by_code.end())
            return base::fail("unknown-place", "no such place in the community directory", "place");
        within = it->second;
    }
    std::vector<ports::WorkView> out;
    const auto add = [&](const ports::WorkOrderRow& row) {
        if (state && work_of(row) != *state) return;
        const auto place = place_of(row.device);
        if (!may_see(session, place)) return;
        if (within != policy_->root && (!place.valid() || !policy_->is_within(place, within))) return;
        out.push_back(work_view(session, row));
    };
    if (live || state == Work::open || state == Work::taken) {
        for (const auto& [key, id] : live_) {
            if (out.size() >= query.limit) break;
            add(orders_[id]);
        }
    } else {
        for (auto it = orders_.rbegin(); it != orders_.rend() && out.size() < query.limit; ++it) add(it->second);
    }
    // By round and building, so that one way does for all that is to be done there; the oldest first.
    std::ranges::sort(out, [](const auto& a, const auto& b) {
        return std::tie(a.row.place, a.row.round, a.row.found, a.row.id) <
               std::tie(b.row.place, b.row.round, b.row.found, b.row.id);
    });
    return out;
}

void Upkeep::work_on(const ports::Session& session, ports::WorkAsked asked,
                     std::function<void(base::Result<ports::WorkView>)> done) {
    if (node_.policy() != policy_) adopt_policy();
    const auto it = orders_.find(asked.id);
    if (it == orders_.end() || !may_see(session, place_of(it->second.device)))
        return done(base::fail("unknown-work", "no such work", "id"));
    if (!may_change(session, place_of(it->second.device)))
        return done(base::fail("forbidden", "your roles do not include this"));
    const auto to = upkeep::parse_work(asked.to);
    if (!to) return done(base::fail("bad-field", "one of taken, done, dropped", "to"));
    if (const auto reason = why_not(work_of(it->second), *to); !reason.empty())
        return done(base::fail(std::string(reason), "", "to"));
    if (asked.cost_fen < 0) return done(base::fail("bad-field", "not below zero", "cost_fen"));
    auto row = it->second;
    const base::Time now = clock_.now();
    if (is_over(*to)) {
        base::Error wrong;
        row.why = sealed(session, asked.why, wrong);
        if (!wrong.code.empty()) return done(tl::unexpected(wrong));
        row.ended = now;
        row.ended_by = session.actor.person.code;
        row.cost_fen = asked.cost_fen;
    } else {
        row.by = session.actor.person.code;
        row.taken = now;
    }
    row.state = to_word(*to);
    orders_[row.id] = row;  // at once: nobody else takes it meanwhile
    if (is_over(*to)) {
        live_.erase({row.device, row.finding});
        look_later(row);
        ++(*to == Work::done ? counted_.done : counted_.dropped);
    }
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    writes.emplace_back(act_of(session, fmt::format("work_{}", row.state), fmt::format("work:{}", row.id),
                               fmt::format("{} {}", row.device, row.finding)));
    node_.write_records(std::move(writes), [this, session, row, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        done(work_view(session, row));
    });
}

}  // namespace shoumen::shell
