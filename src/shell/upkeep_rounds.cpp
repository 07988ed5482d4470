// The part of shell/upkeep that plans rounds, proves that somebody stood before a device, keeps devices quiet while
// they are worked on, and reckons up what it all costs.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "loop/quiet.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"
#include "upkeep/test_signal.hpp"

#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using upkeep::Finding;
using upkeep::Stage;
using upkeep::Work;

constexpr std::size_t most_in_round = 500;
constexpr std::size_t most_quiet = 500;
constexpr base::Duration longest_quiet = base::days(30);
constexpr base::Duration signal_before = base::minutes(2);  // the button may be pressed before the page is
constexpr base::Duration signal_after = base::minutes(10);
constexpr std::int64_t near_m = 150;  // what a telephone is off by between houses
constexpr base::Duration year = base::days(365);
constexpr int oldest = 10;

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }
tl::unexpected<base::Error> unknown_round() { return base::fail("unknown-round", "no such round", "id"); }

// A printed code may say more than the code itself: "shoumen:device:smoke-1".
std::string_view scanned(std::string_view text) {
    constexpr std::string_view mark = "shoumen:device:";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

upkeep::Presence presence_of(const ports::TickAsked& asked, std::int64_t distance) {
    return {.code_fits = scanned(asked.code) == asked.device,
            .has_position = asked.at.has_value(),
            .near = distance <= near_m,
            .heard = false};
}

}  // namespace

// --- Rounds ------------------------------------------------------------------------------------------------------

std::int64_t Upkeep::meters_from(model::PlaceId place, const model::Coordinates& at) const {
    for (; place.valid(); place = policy_->places[place.value].parent) {
        const auto& p = policy_->places[place.value];
        if (p.level < model::PlaceLevel::estate) return -1;  // the middle of a community is not where something hangs
        if (!p.at) continue;
        const auto rad = [](double deg) { return deg * std::numbers::pi / 180; };
        const double x = rad(at.longitude_deg - p.at->longitude_deg) * std::cos(rad(p.at->latitude_deg));
        const double y = rad(at.latitude_deg - p.at->latitude_deg);
        return std::llround(6'371'000 * std::hypot(x, y));
    }
    return -1;
}

base::Result<ports::RoundView> Upkeep::round_view(const ports::RoundRow& row, bool whole) {
    ports::RoundView view;
    view.row = row;
    const auto place = policy_->place_by_code.find(row.place);
    if (place != policy_->place_by_code.end()) view.place = place->second;
    view.overdue = row.state == round_planned && clock_.now() > row.due;
    auto ticks = reader_->upkeep().ticks(row.id);
    if (!ticks) return tl::unexpected(ticks.error());
    for (const auto& tick : *ticks) ++(tick.proven ? view.proven : view.unproven);
    if (!whole) return view;
    view.ticks = std::move(*ticks);
    for (const auto& code : row.devices) {
        const auto entry = entries_.find(code);
        if (entry != entries_.end()) view.devices.push_back(view_of(code, entry->second));
    }
    return view;
}

base::Result<std::vector<ports::RoundView>> Upkeep::rounds(const ports::Session& session) {
    if (!office_.admit(session, model::Item::devices, model::Sight::clear)) return forbidden();
    if (node_.policy() != policy_) adopt_policy();
    std::vector<ports::RoundView> out;
    std::size_t over = 0;
    for (auto it = rounds_.rbegin(); it != rounds_.rend(); ++it) {
        const auto place = policy_->place_by_code.find(it->second.place);
        if (place == policy_->place_by_code.end() || !may_see(session, place->second)) continue;
        if (it->second.state != round_planned && ++over > 50) continue;
        auto view = round_view(it->second, false);
        if (!view) return tl::unexpected(view.error());
        out.push_back(std::move(*view));
    }
    // The next one first; then what is over, the newest first.
    std::ranges::sort(out, [](const auto& a, const auto& b) {
        const bool a_over = a.row.state != round_planned;
        const bool b_over = b.row.state != round_planned;
        if (a_over != b_over) return b_over;
        if (!a_over && a.row.due != b.row.due) return a.row.due < b.row.due;
        return a.row.id > b.row.id;
    });
    return out;
}

base::Result<ports::RoundView> Upkeep::round(const ports::Session& session, std::uint64_t id) {
    if (node_.policy() != policy_) adopt_policy();
    const auto it = rounds_.find(id);
    if (it == rounds_.end()) return unknown_round();
    const auto place = policy_->place_by_code.find(it->second.place);
    if (place == policy_->place_by_code.end() || !may_see(session, place->second)) return unknown_round();
    return round_view(it->second, true);
}

void Upkeep::plan(const ports::Session& session, ports::RoundAsked asked,
                  std::function<void(base::Result<ports::RoundView>)> done) {
    if (!may_change_anywhere(session)) return done(forbidden());
    if (node_.policy() != policy_) adopt_policy();
    const auto place = policy_->place_by_code.find(asked.place);
    if (place == policy_->place_by_code.end() || !may_change(session, place->second))
        return done(base::fail("unknown-place", "no such place in the community directory", "place"));
    if (asked.kind != weekly && asked.kind != monthly)
        return done(base::fail("bad-field", "weekly or monthly", "kind"));
    const base::Time now = clock_.now();
    if (!asked.due.is_set() || asked.due <= now || asked.due - now > year)
        return done(base::fail("bad-due", "a time to come, within a year", "due"));
    ports::RoundRow row;
    row.kind = asked.kind;
    row.place = asked.place;
    row.from = now;
    row.due = asked.due;
    row.state = round_planned;
    row.by = session.actor.person.code;
    for (const auto& [code, entry] : entries_) {
        if (!entry.device.valid() || entry.stage == Stage::repair || entry.stage == Stage::retired) continue;
        const auto& device = policy_->devices[entry.device.value];
        if (!device.is_gateway && device.kind == model::SignalKind::platform) continue;
        if (policy_->is_within(device.place, place->second)) row.devices.push_back(code);
    }
    if (row.devices.empty()) return done(base::fail("round-empty", "nothing hangs there", "place"));
    if (row.devices.size() > most_in_round)
        return done(base::fail("round-too-large",
                               fmt::format("{} devices; at most {}", row.devices.size(), most_in_round), "place"));
    row.id = next_round_++;
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    writes.emplace_back(act_of(session, "round_planned", fmt::format("round:{}", row.id),
                               fmt::format("{} {} {}", row.kind, row.place, row.devices.size())));
    node_.write_records(std::move(writes), [this, row, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        rounds_[row.id] = row;
        done(round_view(row, true));
    });
}

void Upkeep::tick(const ports::Session& session, ports::TickAsked asked,
                  std::function<void(base::Result<ports::TickRow>)> done) {
    if (node_.policy() != policy_) adopt_policy();
    const auto it = rounds_.find(asked.round);
    const auto entry = entries_.find(asked.device);
    if (it == rounds_.end() || !may_see(session, place_of(asked.device))) return done(unknown_round());
    if (entry == entries_.end() || !entry->second.device.valid() ||
        std::ranges::find(it->second.devices, asked.device) == it->second.devices.end())
        return done(base::fail("unknown-device", "it is not on this round", "device"));
    if (!may_change(session, place_of(asked.device))) return done(forbidden());
    if (it->second.state != round_planned) return done(base::fail("round-over", "this round is over", "id"));
    const base::Time now = clock_.now();
    ports::TickRow row;
    row.round = asked.round;
    row.device = asked.device;
    row.at = now;
    row.by = session.actor.person.code;
    row.distance_m = asked.at ? meters_from(place_of(asked.device), *asked.at) : -1;
    auto presence = presence_of(asked, row.distance_m);
    const auto tried = tried_.find(entry->second.device.value);
    presence.heard = tried != tried_.end() && now - tried->second <= signal_before;
    row.why = what_is_missing(presence);
    row.proven = row.why.empty();
    // All else is there: a signal from the device within the next minutes proves it.
    auto& waiting = ticks_[entry->second.device.value];
    std::erase_if(waiting, [&](const auto& w) { return w.row.round == row.round; });
    if (row.why == "no-test-signal") waiting.push_back({row, now + signal_after});
    if (waiting.empty()) ticks_.erase(entry->second.device.value);
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    writes.emplace_back(act_of(session, "device_ticked", "device:" + row.device,
                               fmt::format("round:{} {}", row.round, row.proven ? "proven" : row.why)));
    node_.write_records(std::move(writes), [row, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        done(row);
    });
}

// A report that comes every minute by itself proves nobody's presence.
void Upkeep::note_tried(const Said& said, base::Time received) {
    const auto policy = node_.policy();
    const auto& device = policy->devices[said.device.value];
    if (!device.is_gateway && !upkeep::shows_a_test(device.kind, said.flat.values)) return;
    tried_[said.device.value] = received;
    if (!ticks_.empty()) check_ticks(said.device, received);
}

void Upkeep::check_ticks(model::DeviceId device, base::Time received) {
    const auto it = ticks_.find(device.value);
    if (it == ticks_.end()) return;
    for (auto& waiting : it->second) {
        if (received > waiting.until) continue;
        waiting.row.proven = true;
        waiting.row.why.clear();
        pending_.emplace_back(waiting.row);
        ports::ActRow act;
        act.at = received;
        act.actor = waiting.row.by;
        act.kind = "device_ticked";
        act.purpose = std::string(model::to_word(model::Purpose::upkeep));
        act.subject = "device:" + waiting.row.device;
        act.detail = fmt::format("round:{} proven", waiting.row.round);
        pending_.emplace_back(std::move(act));
    }
    ticks_.erase(it);
}

void Upkeep::end_round(const ports::Session& session, std::uint64_t id,
                       std::function<void(base::Result<ports::RoundView>)> done) {
    if (node_.policy() != policy_) adopt_policy();
    const auto it = rounds_.find(id);
    if (it == rounds_.end()) return done(unknown_round());
    const auto place = policy_->place_by_code.find(it->second.place);
    if (place == policy_->place_by_code.end() || !may_see(session, place->second)) return done(unknown_round());
    if (!may_change(session, place->second)) return done(forbidden());
    if (it->second.state != round_planned) return done(base::fail("round-over", "this round is over", "id"));
    const base::Time now = clock_.now();
    auto row = it->second;
    row.state = round_done;
    row.ended = now;
    row.ended_by = session.actor.person.code;
    // The one after it keeps to the day of the week, or of the month; what hangs there now is on it.
    auto next = row;
    next.id = next_round_++;
    next.state = round_planned;
    next.by = {};
    next.from = now;
    next.ended = base::Time::never();
    next.ended_by = {};
    const auto step = base::days(row.kind == weekly ? 7 : 30);
    do {
        next.due = next.due + step;
    } while (next.due <= now);
    next.devices.clear();
    for (const auto& [code, entry] : entries_) {
        if (!entry.device.valid() || entry.stage == Stage::repair || entry.stage == Stage::retired) continue;
        const auto& device = policy_->devices[entry.device.value];
        if (!device.is_gateway && device.kind == model::SignalKind::platform) continue;
        if (next.devices.size() < most_in_round && policy_->is_within(device.place, place->second))
            next.devices.push_back(code);
    }
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    writes.emplace_back(next);
    writes.emplace_back(act_of(session, "round_ended", fmt::format("round:{}", row.id), {}));
    rounds_[row.id] = row;
    rounds_[next.id] = next;
    node_.write_records(std::move(writes), [this, row, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        done(round_view(row, true));
    });
}

// --- Quiet on purpose --------------------------------------------------------------------------------------------

base::Time Upkeep::quiet_until(const std::string& device) const {
    base::Time until = base::Time::none();
    if (quiet_.empty()) return until;
    const base::Time now = clock_.now();
    for (const auto& [id, row] : quiet_) {
        if (row.from > now || std::min(row.until, row.ended) <= now) continue;
        if (std::ranges::find(row.devices, device) != row.devices.end()) until = std::max(until, row.until);
    }
    return until;
}

// The core is told when one begins; it ends by itself, or when it is told so.
void Upkeep::check_quiet(base::Time now) {
    for (auto it = quiet_.begin(); it != quiet_.end();) {
        auto& row = it->second;
        const bool over = std::min(row.until, row.ended) <= now;
        if (!over && row.from <= now && quiet_told_.insert(row.id).second) {
            for (const auto& device : row.devices)
                node_.tell({fmt::format("{}{}", loop::Quiet::subject, device),
                            static_cast<std::uint64_t>(quiet_until(device).us)});
        }
        if (!over) {
            ++it;
            continue;
        }
        const auto devices = row.devices;
        quiet_told_.erase(row.id);
        it = quiet_.erase(it);
        for (const auto& device : devices) {
            if (const auto id = node_.device(device); id && id->value < policy_->devices.size()) catch_up(*id, now);
        }
    }
}

base::Result<std::vector<ports::QuietWindowRow>> Upkeep::quiet(const ports::Session& session) {
    if (!office_.admit(session, model::Item::devices, model::Sight::clear)) return forbidden();
    if (node_.policy() != policy_) adopt_policy();
    std::vector<ports::QuietWindowRow> out;
    for (auto it = quiet_.rbegin(); it != quiet_.rend(); ++it) {
        auto row = it->second;
        std::erase_if(row.devices, [&](const auto& code) { return !may_see(session, place_of(code)); });
        if (row.devices.empty() || row.ended.is_set()) continue;
        row.why = opened(row.why);
        out.push_back(std::move(row));
    }
    return out;
}

void Upkeep::begin_quiet(const ports::Session& session, ports::QuietAsked asked,
                         std::function<void(base::Result<ports::QuietWindowRow>)> done) {
    if (!may_change_anywhere(session)) return done(forbidden());
    if (node_.policy() != policy_) adopt_policy();
    const base::Time now = clock_.now();
    if (!asked.from.is_set() || asked.from < now) asked.from = now;
    if (!asked.until.is_set() || asked.until <= asked.from || asked.until - asked.from > longest_quiet)
        return done(base::fail("bad-span", "it ends after it begins, within 30 days", "until"));
    if (asked.devices.empty() || asked.devices.size() > most_quiet)
        return done(base::fail("bad-field", "name 1 to 500 devices", "devices"));
    for (const auto& code : asked.devices) {
        const auto entry = entries_.find(code);
        if (entry == entries_.end() || !entry->second.device.valid() || !may_change(session, place_of(code)))
            return done(base::fail("unknown-device", "no such device in the community directory", "devices"));
    }
    base::Error wrong;
    ports::QuietWindowRow row;
    row.why = sealed(session, asked.why, wrong);
    if (!wrong.code.empty()) return done(tl::unexpected(wrong));
    row.id = next_quiet_++;
    row.devices = std::move(asked.devices);
    row.from = asked.from;
    row.until = asked.until;
    row.by = session.actor.person.code;
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    for (const auto& device : row.devices)
        writes.emplace_back(act_of(session, "quiet_begun", "device:" + device,
                                   fmt::format("{} - {}", base::format_utc(row.from), base::format_utc(row.until))));
    node_.write_records(std::move(writes), [this, row, why = asked.why, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        quiet_[row.id] = row;
        check_quiet(clock_.now());
        auto shown = row;
        shown.why = why;
        done(std::move(shown));
    });
}

void Upkeep::end_quiet(const ports::Session& session, std::uint64_t id, std::function<void(base::Result<void>)> done) {
    const auto it = quiet_.find(id);
    if (it == quiet_.end()) return done(base::fail("unknown-window", "no such window", "id"));
    for (const auto& code : it->second.devices) {
        if (!may_change(session, place_of(code))) return done(base::fail("unknown-window", "no such window", "id"));
    }
    auto row = it->second;
    row.ended = clock_.now();
    row.ended_by = session.actor.person.code;
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(row);
    for (const auto& device : row.devices) writes.emplace_back(act_of(session, "quiet_ended", "device:" + device, {}));
    it->second = row;
    // Where another window still holds, that one's end counts.
    for (const auto& device : row.devices) {
        const auto until = quiet_until(device);
        node_.tell({fmt::format("{}{}", loop::Quiet::subject, device),
                    until.is_set() ? static_cast<std::uint64_t>(until.us) : 0});
    }
    node_.write_records(std::move(writes), std::move(done));
}

// --- Figures -----------------------------------------------------------------------------------------------------

base::Result<ports::UpkeepFigures> Upkeep::figures(const ports::Session& session) {
    if (!office_.admit(session, model::Item::devices, model::Sight::clear)) return forbidden();
    if (node_.policy() != policy_) adopt_policy();
    const base::Time now = clock_.now();
    std::map<std::string, ports::UpkeepGroup> kinds;
    std::map<std::string, ports::UpkeepGroup> makers;
    std::map<int, ports::UpkeepGroup> ages;
    std::unordered_map<std::string, std::array<ports::UpkeepGroup*, 3>> groups;
    ports::UpkeepGroup all;
    for (const auto& [code, entry] : entries_) {
        if (!entry.device.valid() || (entry.stage != Stage::in_service && entry.stage != Stage::repair)) continue;
        const auto& device = policy_->devices[entry.device.value];
        if (!device.is_gateway && device.kind == model::SignalKind::platform) continue;
        if (!may_see(session, device.place)) continue;
        const auto record = record_of(code);
        const auto put_up = record.installed.is_set() ? record.installed : record.bought;
        const int age = put_up.is_set() ? std::min<int>(oldest, static_cast<int>((now - put_up).us / year.us)) : -1;
        const std::string kind = device.is_gateway ? "gateway" : std::string(to_word(device.kind));
        const std::array of{&kinds[kind], &makers[record.maker], &ages[age]};
        groups[code] = of;
        const bool idle = (findings_of(entry.device) >> static_cast<unsigned>(Finding::idle) & 1U) != 0;
        for (auto* group : {of[0], of[1], of[2], &all}) {
            ++group->devices;
            group->idle += idle ? 1 : 0;
            group->bought_fen += record.cost_fen;
        }
    }
    for (const auto& [id, row] : orders_) {
        const auto of = groups.find(row.device);
        const auto state = work_of(row);
        // What passed by itself, or was none, is no fault.
        if (of == groups.end() || state == Work::passed || state == Work::dropped) continue;
        for (auto* group : {of->second[0], of->second[1], of->second[2], &all}) {
            if (now - row.found <= year) ++group->faults;
            if (state != Work::done || now - row.ended > year) continue;
            ++group->repaired;
            group->repair_hours += static_cast<double>((row.ended - row.found).us) / 3.6e9;
            group->upkeep_fen += row.cost_fen;
        }
    }
    ports::UpkeepFigures out;
    out.at = now;
    out.devices = all.devices;
    out.idle = all.idle;
    out.upkeep_fen = all.upkeep_fen;
    // Of the time that is known: a register that is a month old has seen a month.
    const auto seen = std::min(now - began_, year);
    if (all.devices > 0 && seen >= base::days(30))
        out.fault_rate = static_cast<double>(all.faults) / static_cast<double>(all.devices) *
                         static_cast<double>(year.us) / static_cast<double>(seen.us);
    if (all.repaired > 0) out.repair_hours_mean = all.repair_hours / static_cast<double>(all.repaired);
    const auto put = [](auto& into, std::string key, const ports::UpkeepGroup& group) {
        into.push_back(group);
        into.back().key = std::move(key);
    };
    for (const auto& [key, group] : kinds) put(out.by_kind, key, group);
    for (const auto& [key, group] : makers) put(out.by_maker, key, group);
    for (const auto& [age, group] : ages) put(out.by_age, age < 0 ? "" : std::to_string(age), group);
    return out;
}

}  // namespace shoumen::shell
