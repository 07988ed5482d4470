#include "expected.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "text_of.hpp"

namespace shoumen::contract {
namespace {

bool is_live(const model::Incident& incident) {
    using enum model::IncidentState;
    return incident.state != closed && incident.state != false_alarm && incident.state != merged &&
           incident.state != quiet;
}

struct Difference {
    std::string text;
};

template <class Found, class Wanted>
void same(const std::string& asked, const Found& found, const Wanted& wanted) {
    const auto is = text_of(found);
    const auto should = text_of(wanted);
    if (is != should) throw Difference{fmt::format("{}\n  is     {}\n  should {}", asked, is, should)};
}

template <class Map>
auto value_or_none(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::optional<typename Map::mapped_type>{} : std::optional(found->second);
}

template <class Map>
auto values_of(const Map& map) {
    std::vector<typename Map::mapped_type> list;
    for (const auto& [key, value] : map) list.push_back(value);
    return list;
}

template <class Enum>
std::vector<Enum> some_of(std::size_t all, base::SeededRandom& random) {
    std::vector<Enum> list;
    if (random.chance(0.5)) return list;
    for (auto n = 1 + random.below(3); n > 0; --n) list.push_back(static_cast<Enum>(random.below(all)));
    return list;
}

template <class T>
bool is_in(const std::vector<T>& list, const T& value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
}

}  // namespace

// --- What a unit brings ------------------------------------------------------------------------------------------

void Expected::apply(const ports::CommitUnit& unit) {
    const bool again = !unit.batches.empty() && std::ranges::all_of(unit.batches, [this](const auto& batch) {
        return batches_.contains(batch.first_seq);
    });
    for (const auto& batch : unit.batches) batches_[batch.first_seq] = batch;
    for (const auto& incident : unit.incidents) incidents_[incident.id.value] = incident;
    for (const auto& event : unit.events) events_[{event.incident.value, event.nth}] = event;
    for (const auto& [alert, incident] : unit.alerts) {
        auto& row = alerts_[alert.id.value];
        row.alert = alert;
        row.incident = incident;
    }
    for (const auto& cleared : unit.cleared) {
        if (const auto found = alerts_.find(cleared.id.value); found != alerts_.end())
            found->second.cleared = cleared.at;
    }
    for (const auto& text : unit.texts) texts_[text.handle.value] = text;
    for (const auto& record : unit.records) apply_record(record);
    for (const auto& tile : unit.tiles) tiles_[{tile.level, tile.n}] = tile;
    if (again) return;
    counts_.signals += unit.counts.signals;
    counts_.repeats += unit.counts.repeats;
    counts_.late += unit.counts.late;
    counts_.clock_wrong += unit.counts.clock_wrong;
    for (const auto& row : unit.quarantine) {
        quarantine_.push_back(row);
        quarantine_.back().id = dropped_ + expired_ + quarantine_.size();
        if (quarantine_.size() > quarantine_limit_) {
            quarantine_.erase(quarantine_.begin());
            ++dropped_;
        }
    }
}

void Expected::apply_record(const ports::RecordWrite& record) {
    struct Apply {
        Expected& to;
        void operator()(const ports::EvidenceRow& row) const {
            const auto removed = to.evidence_.contains(row.sha256) ? to.evidence_[row.sha256].removed : row.removed;
            to.evidence_[row.sha256] = row;
            to.evidence_[row.sha256].removed = removed;
        }
        void operator()(const ports::AccountRow& row) const { to.accounts_[row.name] = row; }
        void operator()(const ports::SessionRow& row) const { to.sessions_[row.token_hash] = row; }
        void operator()(const ports::SessionDelete& row) const { to.sessions_.erase(row.token_hash); }
        void operator()(const ports::SessionsOfAccountDelete& row) const {
            std::erase_if(to.sessions_, [&](const auto& entry) { return entry.second.account == row.account; });
        }
        void operator()(const ports::SessionsPastDelete& row) const {
            std::erase_if(to.sessions_, [&](const auto& entry) { return entry.second.expires <= row.at; });
        }
        void operator()(const ports::GrantRow& row) const { to.grants_[row.id] = row; }
        void operator()(const ports::ApiTokenRow& row) const { to.api_tokens_[row.id] = row; }
        void operator()(const ports::DelegationRow& row) const { to.delegations_[row.id] = row; }
        void operator()(const ports::SecondFactorRow& row) const { to.second_factors_[row.account] = row; }
        void operator()(const ports::SecondFactorDelete& row) const { to.second_factors_.erase(row.account); }
        void operator()(const ports::WayInRow& row) const { to.ways_in_[{row.kind, row.lookup}] = row; }
        void operator()(const ports::WayInDelete& row) const { to.ways_in_.erase({row.kind, row.lookup}); }
        void operator()(const ports::WiderSightRow& row) const { to.wider_sights_[row.id] = row; }
        void operator()(const ports::PersonRow& row) const { to.persons_[row.person.code] = row; }
        void operator()(const ports::ActErased& row) const {
            const auto it = to.acts_.find(row.id);
            if (it == to.acts_.end()) return;
            it->second.actor = row.actor;
            it->second.subject = row.subject;
            it->second.detail = fmt::format("by {}", row.by);
            it->second.salt = {};
        }
        void operator()(const ports::DeviceRecordRow& row) const { to.device_records_[row.device] = row; }
        void operator()(const ports::DeviceMoveRow& row) const { to.moves_[{row.device, row.nth}] = row; }
        void operator()(const ports::WorkOrderRow& row) const { to.orders_[row.id] = row; }
        void operator()(const ports::RoundRow& row) const { to.rounds_[row.id] = row; }
        void operator()(const ports::TickRow& row) const { to.ticks_[{row.round, row.device}] = row; }
        void operator()(const ports::QuietWindowRow& row) const { to.quiet_[row.id] = row; }
        void operator()(const ports::FoundDeviceRow& row) const { to.found_[{row.device, row.speaker}] = row; }
        void operator()(const ports::DeviceTokenRow& row) const { to.tokens_[row.token_hash] = row; }
        void operator()(const ports::PolicyRow& row) const { to.policies_[row.version] = row; }
        void operator()(const ports::MetaPut& row) const { to.meta_[row.key] = row.value; }
        void operator()(const ports::ActRow& row) const { to.acts_[row.id] = row; }
        void operator()(const ports::CheckpointRow& row) const {
            const auto minute = [](base::Time t) { return t.us / base::minutes(1).us; };
            std::erase_if(to.checkpoints_, [&](const auto& entry) {
                const auto& kept = entry.second;
                return !kept.cosigned && kept.size < row.size && minute(kept.at) == minute(row.at);
            });
            to.checkpoints_[row.size] = row;
        }
        void operator()(const ports::LogPast& past) const {
            for (auto& [first, batch] : to.batches_) {
                if (first >= past.from && first <= past.to) batch.bytes.clear();
            }
        }
        void operator()(const ports::QuarantinePast& past) const {
            const auto gone =
                std::erase_if(to.quarantine_, [&](const auto& row) { return row.received < past.before; });
            to.expired_ += gone;
        }
        void operator()(const ports::TextsPast& past) const {
            std::erase_if(to.texts_, [&](const auto& entry) { return to.is_past(entry.second, past.before); });
        }
        void operator()(const ports::EvidenceGone& gone) const {
            if (const auto it = to.evidence_.find(gone.sha256); it != to.evidence_.end())
                it->second.removed = gone.removed;
        }
    };
    std::visit(Apply{*this}, record);
}

bool Expected::is_past(const ports::TextRow& row, base::Time before) const {
    if (row.added >= before) return false;
    return std::ranges::none_of(events_, [&](const auto& entry) {
        const auto incident = incidents_.find(entry.first.first);
        return entry.second.text == row.handle && incident != incidents_.end() && is_live(incident->second);
    });
}

std::uint64_t Expected::next_seq() const {
    return batches_.empty() ? 1 : batches_.rbegin()->second.first_seq + batches_.rbegin()->second.count;
}

// --- What a store must answer ------------------------------------------------------------------------------------

std::string Expected::difference(ports::Store& store, base::SeededRandom& random) const {
    auto reader = store.reader();
    if (!reader) return "reader(): " + reader.error().code + ": " + reader.error().message;
    try {
        compare_incidents(**reader, store, random);
        compare_lists(**reader, random);
        compare_alerts(**reader, random);
        compare_quarantine(**reader, random);
        compare_log(**reader, random);
        compare_records(**reader, store);
        compare_persons(**reader, random);
        compare_upkeep(**reader, random);
        compare_acts(**reader, random);
        compare_policies(**reader);
        compare_past(**reader, random);
        compare_ledger(**reader, random);
    } catch (const Difference& difference) {
        return difference.text;
    }
    return {};
}

void Expected::compare_incidents(ports::StoreReader& reader, ports::Store& store, base::SeededRandom& random) const {
    for (const auto& [id, incident] : incidents_) {
        same("incident()", reader.incident(model::IncidentId(id)), std::optional(incident));
        std::vector<model::TimelineEvent> timeline;
        for (auto it = events_.lower_bound({id, 0}); it != events_.end() && it->first.first == id; ++it)
            timeline.push_back(it->second);
        same("timeline()", reader.timeline(model::IncidentId(id)), timeline);
    }
    same("incident() of none", reader.incident(model::IncidentId(1)), std::optional<model::Incident>{});

    auto since = base::Time::none();
    if (!incidents_.empty() && random.chance(0.8)) {
        auto it = incidents_.begin();
        std::advance(it, static_cast<std::ptrdiff_t>(random.below(incidents_.size())));
        since = it->second.ended;
    }
    std::vector<model::Incident> core;
    for (const auto& [id, incident] : incidents_) {
        if (is_live(incident) || incident.ended >= since) core.push_back(incident);
    }
    same("incidents_for_core()", store.incidents_for_core(since), core);
}

void Expected::compare_lists(ports::StoreReader& reader, base::SeededRandom& random) const {
    for (int round = 0; round < 6; ++round) {
        ports::IncidentQuery query;
        if (round > 0) {
            query.live_only = random.chance(0.5);
            query.states = some_of<model::IncidentState>(9, random);
            query.severities = some_of<model::Severity>(model::severity_count, random);
            if (random.chance(0.3)) query.before = model::IncidentId(random.below(next_seq() + 1) << base::id_shift);
            query.limit = 1 + random.below(30);
        } else {
            query.limit = 20'000;
        }
        std::vector<model::Incident> wanted;
        for (auto it = incidents_.rbegin(); it != incidents_.rend() && wanted.size() < query.limit; ++it) {
            const auto& incident = it->second;
            if (query.live_only && !is_live(incident)) continue;
            if (query.before && incident.id >= *query.before) continue;
            if (is_in(query.states, incident.state) && is_in(query.severities, incident.severity))
                wanted.push_back(incident);
        }
        same(fmt::format("incidents() live {} before {} limit {}", query.live_only,
                         query.before ? query.before->value : 0, query.limit),
             reader.incidents(query), wanted);
    }
}

void Expected::compare_alerts(ports::StoreReader& reader, base::SeededRandom& random) const {
    same("alerts()", reader.alerts(0, 20'000), values_of(alerts_));
    const auto after = random.below(next_seq() + 1) << base::id_shift;
    const auto limit = 1 + random.below(10);
    std::vector<ports::AlertRow> page;
    for (auto it = alerts_.upper_bound(after); it != alerts_.end() && page.size() < limit; ++it)
        page.push_back(it->second);
    same("alerts() page", reader.alerts(after, limit), page);

    std::map<std::uint64_t, std::vector<ports::AlertRow>> of_incident;
    for (const auto& [id, row] : alerts_) of_incident[row.incident.value].push_back(row);
    for (const auto& [id, rows] : of_incident) same("alerts_of()", reader.alerts_of(model::IncidentId(id)), rows);
}

void Expected::compare_quarantine(ports::StoreReader& reader, base::SeededRandom& random) const {
    same("quarantine_counts()", reader.quarantine_counts(), ports::QuarantineCounts{quarantine_.size(), dropped_});
    for (int round = 0; round < 2; ++round) {
        std::optional<std::uint64_t> before;
        std::size_t limit = 20'000;
        if (round > 0) {
            before = random.below(dropped_ + expired_ + quarantine_.size() + 2);
            limit = 1 + random.below(10);
        }
        std::vector<ports::QuarantineRow> wanted;
        for (auto it = quarantine_.rbegin(); it != quarantine_.rend() && wanted.size() < limit; ++it) {
            if (!before || it->id < *before) wanted.push_back(*it);
        }
        same("quarantine()", reader.quarantine(before, limit), wanted);
    }
}

void Expected::compare_log(ports::StoreReader& reader, base::SeededRandom& random) const {
    ports::LogHead head;
    if (!batches_.empty()) {
        const auto& last = batches_.rbegin()->second;
        head = {last.first_seq + last.count, last.hash, last.received};
    }
    same("head()", reader.head(0), head);
    same("head() of another shard", reader.head(99), ports::LogHead{});
    for (const auto from : {std::uint64_t{0}, random.below(next_seq() + 2)}) {
        const auto at_most = random.chance(0.3) ? 1 + random.below(3) : batches_.size() + 1;
        std::vector<ports::EncodedBatch> wanted;
        for (const auto& [first, batch] : batches_) {
            if (first + batch.count > from && wanted.size() < at_most) wanted.push_back(batch);
        }
        std::vector<ports::EncodedBatch> found;
        const auto read = reader.batches(0, from, [&](ports::EncodedBatch&& batch) {
            found.push_back(std::move(batch));
            return found.size() < at_most;
        });
        if (!read) throw Difference{"batches(): " + read.error().code};
        same(fmt::format("batches() from {}", from), found, wanted);
    }
}

void Expected::compare_records(ports::StoreReader& reader, ports::Store& store) const {
    for (const auto& [handle, row] : texts_)
        same("text()", reader.text(model::Handle(handle)), std::optional(row.text));
    same("text() of none", reader.text(model::Handle(2)), std::optional<std::string>{});
    for (const auto& [hash, row] : evidence_) same("evidence()", reader.evidence(hash), std::optional(row));
    same("evidence() of none", reader.evidence({}), std::optional<ports::EvidenceRow>{});
    auto all = store.all_evidence();
    if (!all) throw Difference{"all_evidence(): " + all.error().code};
    std::ranges::sort(*all, {}, &ports::EvidenceRow::sha256);
    same("all_evidence()", *all, values_of(evidence_));

    for (const auto& [name, row] : accounts_) same("account()", reader.account(name), std::optional(row));
    same("account() of none", reader.account("nobody at all"), std::optional<ports::AccountRow>{});
    same("accounts()", reader.accounts(), values_of(accounts_));
    for (const auto& [hash, row] : sessions_) same("session()", reader.session(hash), std::optional(row));
    same("session() of none", reader.session({}), std::optional<ports::SessionRow>{});
    for (const auto& [name, row] : accounts_) {
        std::vector<ports::SessionRow> of_account;
        for (const auto& [hash, session] : sessions_) {
            if (session.account == name) of_account.push_back(session);
        }
        same("sessions_of()", reader.sessions_of(name), of_account);
        std::vector<ports::WayInRow> ways;
        for (const auto& [key, way] : ways_in_) {
            if (way.account == name) ways.push_back(way);
        }
        same("ways_in_of()", reader.ways_in_of(name), ways);
        same("second_factor()", reader.second_factor(name), value_or_none(second_factors_, name));
    }
    for (const auto& [key, row] : ways_in_) same("way_in()", reader.way_in(key.first, key.second), std::optional(row));
    same("way_in() of none", reader.way_in("phone", "nobody at all"), std::optional<ports::WayInRow>{});
    auto sights = values_of(wider_sights_);
    std::ranges::reverse(sights);
    sights.resize(std::min<std::size_t>(sights.size(), 5));
    same("wider_sights()", reader.wider_sights(5), sights);
    same("grants()", reader.grants(), values_of(grants_));
    same("api_tokens()", reader.api_tokens(), values_of(api_tokens_));
    same("delegations()", reader.delegations(), values_of(delegations_));
    auto tokens = values_of(tokens_);
    std::ranges::sort(tokens, [](const auto& a, const auto& b) {
        return std::tie(a.device, a.created, a.token_hash) < std::tie(b.device, b.created, b.token_hash);
    });
    same("device_tokens()", reader.device_tokens(), tokens);
    same("counts()", reader.counts(), counts_);
}

void Expected::compare_persons(ports::StoreReader& reader, base::SeededRandom& random) const {
    for (const auto& [code, row] : persons_) same("person()", reader.person(code), std::optional(row));
    same("person() of none", reader.person("nobody at all"), std::optional<ports::PersonRow>{});
    same("persons()", reader.persons("", 20'000), values_of(persons_));
    if (!persons_.empty()) {
        auto from = persons_.begin();
        std::advance(from, static_cast<std::ptrdiff_t>(random.below(persons_.size())));
        const auto limit = 1 + random.below(5);
        std::vector<ports::PersonRow> page;
        for (auto it = std::next(from); it != persons_.end() && page.size() < limit; ++it) page.push_back(it->second);
        same("persons() page", reader.persons(from->first, limit), page);
    }
    std::map<std::string, std::vector<model::TimelineEvent>> by;
    for (const auto& [key, event] : events_) {
        if (event.actor.valid()) by[event.actor.code].push_back(event);
    }
    for (const auto& [code, events] : by) same("events_by()", reader.events_by({code}), events);
    same("events_by() nobody", reader.events_by({}), std::vector<model::TimelineEvent>{});
}

void Expected::compare_upkeep(ports::StoreReader& reader, base::SeededRandom& random) const {
    auto& upkeep = reader.upkeep();
    const auto limit = 1 + random.below(5);
    const auto page = [&](const auto& rows, const auto& after) {
        auto list = values_of(rows);
        list.erase(list.begin(), list.begin() + std::distance(rows.begin(), rows.upper_bound(after)));
        list.resize(std::min<std::size_t>(list.size(), limit));
        return list;
    };
    same("device_records()", upkeep.device_records("", 20'000), values_of(device_records_));
    same("work_orders()", upkeep.work_orders(0, 20'000), values_of(orders_));
    same("rounds()", upkeep.rounds(0, 20'000), values_of(rounds_));
    same("quiet_windows()", upkeep.quiet_windows(0, 20'000), values_of(quiet_));
    same("found_devices()", upkeep.found_devices(), values_of(found_));
    if (!device_records_.empty()) {
        auto from = device_records_.begin();
        std::advance(from, static_cast<std::ptrdiff_t>(random.below(device_records_.size())));
        same("device_records() page", upkeep.device_records(from->first, limit), page(device_records_, from->first));
    }
    const auto after = random.below(12);
    same("work_orders() page", upkeep.work_orders(after, limit), page(orders_, after));
    same("rounds() page", upkeep.rounds(after, limit), page(rounds_, after));
    same("quiet_windows() page", upkeep.quiet_windows(after, limit), page(quiet_, after));
    std::map<std::string, std::vector<ports::DeviceMoveRow>> moves;
    for (const auto& [key, row] : moves_) moves[key.first].push_back(row);
    for (const auto& [device, list] : moves) same("device_moves()", upkeep.device_moves(device), list);
    same("device_moves() of none", upkeep.device_moves("nothing at all"), std::vector<ports::DeviceMoveRow>{});
    std::map<std::uint64_t, std::vector<ports::TickRow>> ticks;
    for (const auto& [key, row] : ticks_) ticks[key.first].push_back(row);
    for (const auto& [round, list] : ticks) same("ticks()", upkeep.ticks(round), list);
    same("ticks() of none", upkeep.ticks(99), std::vector<ports::TickRow>{});
}

void Expected::compare_acts(ports::StoreReader& reader, base::SeededRandom& random) const {
    const auto wanted = [&](const ports::ActQuery& query) {
        std::vector<ports::ActRow> list;
        for (auto it = acts_.rbegin(); it != acts_.rend() && list.size() < query.limit; ++it) {
            const auto& row = it->second;
            if (query.before && row.id >= *query.before) continue;
            if (query.subject && row.subject != *query.subject) continue;
            if (query.actor && row.actor != *query.actor) continue;
            list.push_back(row);
        }
        return list;
    };
    ports::ActQuery query;
    query.limit = 20'000;
    same("acts()", reader.acts(query), wanted(query));
    same("acts_from()", reader.acts_from(0, 20'000), values_of(acts_));
    for (const auto& [id, row] : acts_) same("act()", reader.act(id), std::optional(row));
    same("act() of none", reader.act(1'000'000), std::optional<ports::ActRow>{});
    if (acts_.empty()) return;
    auto any = acts_.begin();
    std::advance(any, static_cast<std::ptrdiff_t>(random.below(acts_.size())));
    query.subject = any->second.subject;
    same("acts() on one", reader.acts(query), wanted(query));
    query.actor = any->second.actor;
    same("acts() by one on one", reader.acts(query), wanted(query));
    query.subject.reset();
    query.limit = 1 + random.below(3);
    query.before = any->first + random.below(2);
    same("acts() by one", reader.acts(query), wanted(query));
}

void Expected::compare_policies(ports::StoreReader& reader) const {
    for (const auto& [version, row] : policies_) same("policy()", reader.policy(version), std::optional(row));
    same("policy() of none", reader.policy(1'000'000), std::optional<ports::PolicyRow>{});
    std::optional<ports::PolicyRow> newest;
    if (!policies_.empty()) newest = policies_.rbegin()->second;
    same("newest_policy()", reader.newest_policy(), newest);
    for (const auto& [key, value] : meta_) same("meta()", reader.meta(key), std::optional(value));
    same("meta() of none", reader.meta("no such key"), std::optional<std::string>{});
}

void Expected::compare_past(ports::StoreReader& reader, base::SeededRandom& random) const {
    ports::Oldest oldest;
    for (const auto& row : quarantine_) oldest.refused = std::min(oldest.refused, row.received);
    for (const auto& [handle, row] : texts_) oldest.words = std::min(oldest.words, row.added);
    std::vector<ports::EvidenceRow> there;
    for (const auto& [hash, row] : evidence_) {
        if (row.removed.is_set()) continue;
        oldest.pictures = std::min(oldest.pictures, row.added);
        const auto incident = incidents_.find(row.incident.value);
        if (incident != incidents_.end() && !is_live(incident->second)) there.push_back(row);
    }
    const auto found = reader.oldest();
    if (!found) throw Difference{"oldest(): " + found.error().code};
    const auto shown = [](const ports::Oldest& o) {
        return fmt::format("{} {} {}", o.refused.us, o.words.us, o.pictures.us);
    };
    same("oldest()", shown(*found), shown(oldest));

    base::Time at = base::Time::never();
    if (!quarantine_.empty() && random.chance(0.7)) at = quarantine_[random.below(quarantine_.size())].received;
    same("quarantine_before()", reader.quarantine_before(at),
         static_cast<std::uint64_t>(std::ranges::count_if(quarantine_, [&](auto& row) { return row.received < at; })));
    same("texts_before()", reader.texts_before(at),
         static_cast<std::uint64_t>(
             std::ranges::count_if(texts_, [&](auto& entry) { return is_past(entry.second, at); })));
    std::erase_if(there, [&](const auto& row) { return row.added >= at; });
    std::ranges::sort(
        there, [](const auto& a, const auto& b) { return std::tie(a.added, a.sha256) < std::tie(b.added, b.sha256); });
    auto past = reader.evidence_before(at, 20'000);
    if (past) {
        std::ranges::sort(*past, [](const auto& a, const auto& b) {
            return std::tie(a.added, a.sha256) < std::tie(b.added, b.sha256);
        });
    }
    same("evidence_before()", past, there);
}

void Expected::compare_ledger(ports::StoreReader& reader, base::SeededRandom& random) const {
    std::vector<ports::TileRow> last;
    for (const auto& [at, row] : tiles_) {
        same("tile()", reader.tile(at.first, at.second), std::optional(row));
        if (at.first == last.size()) last.emplace_back();
        if (at.first + 1 == last.size()) last.back() = row;
    }
    same("tile() of none", reader.tile(7, 1), std::optional<ports::TileRow>{});
    same("last_tiles()", reader.last_tiles(), last);

    same("checkpoints()", reader.checkpoints(0, 20'000), values_of(checkpoints_));
    std::optional<ports::CheckpointRow> newest;
    if (!checkpoints_.empty()) newest = checkpoints_.rbegin()->second;
    same("newest_checkpoint()", reader.newest_checkpoint(), newest);
    const auto over = random.below(newest ? newest->size + 2 : 2);
    for (const bool cosigned : {false, true}) {
        std::optional<ports::CheckpointRow> wanted;
        for (auto it = checkpoints_.upper_bound(over); it != checkpoints_.end() && !wanted; ++it) {
            if (it->second.cosigned || !cosigned) wanted = it->second;
        }
        same("checkpoint_over()", reader.checkpoint_over(over, cosigned), wanted);
    }
}

}  // namespace shoumen::contract
