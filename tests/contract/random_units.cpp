#include "random_units.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace shoumen::contract {

using namespace shoumen::model;

ports::CommitUnit RandomUnits::next() {
    now_ += static_cast<std::int64_t>(random_.below(5'000'000));
    ports::CommitUnit unit;
    if (random_.chance(0.9)) {
        for (auto n = 1 + random_.below(3); n > 0; --n) add_batch(unit);
    }
    add_incidents(unit);
    add_events(unit);
    add_alerts(unit);
    add_notices(unit);
    add_quarantine(unit);
    add_texts(unit);
    add_records(unit);
    add_tiles(unit);
    if (random_.chance(0.8))
        unit.counts = {random_.below(1'000), random_.below(10), random_.below(10), random_.below(10)};
    return unit;
}

// --- Small values ------------------------------------------------------------------------------------------------

std::uint64_t RandomUnits::new_id() { return base::make_id<IncidentId>(next_seq_, nth_++).value; }

std::string RandomUnits::word() {
    static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz-_.0123456789ABC";
    std::string out;
    for (auto n = 1 + random_.below(12); n > 0; --n) out.push_back(letters[random_.below(letters.size())]);
    return out;
}

std::string RandomUnits::bytes(std::size_t most) {
    std::string out(random_.below(most + 1), '\0');
    for (auto& c : out) c = static_cast<char>(random_.next());
    return out;
}

base::Digest RandomUnits::digest() {
    base::Digest out{};
    for (auto& b : out) b = static_cast<std::uint8_t>(random_.next());
    return out;
}

base::Time RandomUnits::time() {
    if (random_.chance(0.1)) return base::Time::none();
    if (random_.chance(0.05)) return base::Time::never();
    return {now_ + static_cast<std::int64_t>(random_.below(1'000'000)) - 500'000};
}

// --- Rows --------------------------------------------------------------------------------------------------------

void RandomUnits::add_batch(ports::CommitUnit& unit) {
    ports::EncodedBatch batch;
    batch.first_seq = next_seq_;
    batch.count = 1 + random_.below(50);
    batch.bytes = bytes(random_.chance(0.1) ? 20'000 : 500);
    batch.hash = base::leaf_hash(batch.bytes);
    batch.prev_hash = head_;
    batch.received = {now_};
    if (random_.chance(0.8)) batch.leaf = static_cast<std::int64_t>(leaves_);
    next_seq_ += batch.count;
    nth_ = 0;
    head_ = batch.hash;
    unit.batches.push_back(std::move(batch));
}

Incident RandomUnits::incident(std::uint64_t id) {
    Incident v;
    v.id = IncidentId(id);
    v.kind = IncidentKindId(index());
    v.cause = CauseId(index());
    v.severity = one_of<Severity>(severity_count);
    v.severity_floor = one_of<Severity>(severity_count);
    for (auto n = random_.below(3); n > 0; --n)
        v.standing.push_back({AlertId(number()),
                              one_of<Severity>(severity_count),
                              {{time(), Severity::red}},
                              base::minutes(3),
                              Severity::blue,
                              time()});
    v.place = PlaceId(index());
    v.anchor = PlaceId(index());
    v.state = one_of<IncidentState>(9);
    v.level = one_of<LadderLevel>(3);
    v.lead = BodyId(index());
    for (auto n = random_.below(4); n > 0; --n) v.assist.emplace_back(index());
    v.supervisor = BodyId(index());
    v.policy_version = random_.below(100);
    v.opened = {now_};
    v.latest_alert = time();
    v.alert_count = static_cast<std::uint32_t>(random_.below(100));
    v.late = random_.chance(0.2);
    v.acknowledge_by = time();
    v.arrive_by = time();
    v.acknowledged = time();
    v.ended = v.state >= IncidentState::closed ? base::Time{now_} : base::Time::none();
    if (random_.chance(0.5)) v.responder = {word()};
    for (auto n = random_.below(3); n > 0; --n)
        v.sources.push_back({{RuleId(index()), DeviceId(index()), number()},
                             AlertId(number()),
                             time(),
                             time(),
                             static_cast<std::uint32_t>(random_.below(100)),
                             one_of<Verdict>(verdict_count),
                             time(),
                             random_.chance(0.5)});
    v.look = one_of<Look>(3);
    v.look_by = time();
    v.doubt = {one_of<Stage>(stage_count), 3, static_cast<std::uint32_t>(random_.below(99)), 200};
    v.trust_again = time();
    v.text = Handle(number());
    v.reopened_times = static_cast<std::uint32_t>(random_.below(5));
    for (auto n = random_.below(3); n > 0; --n)
        v.evidence.push_back(
            {digest(), one_of<EvidencePhase>(2), one_of<EvidenceStanding>(2), time(), time(), {word()}});
    for (auto n = random_.below(4); n > 0; --n)
        v.told.push_back({NoticeId(number()), {word()}, BodyId(index()), one_of<Channel>(5), time(), time()});
    return v;
}

void RandomUnits::add_incidents(ports::CommitUnit& unit) {
    for (auto n = random_.below(4); n > 0; --n) {
        const bool again = !incidents_.empty() && random_.chance(0.5);
        if (!again) incidents_.push_back(new_id());
        unit.incidents.push_back(incident(again ? incidents_[random_.below(incidents_.size())] : incidents_.back()));
    }
}

void RandomUnits::add_events(ports::CommitUnit& unit) {
    for (auto n = incidents_.empty() ? 0 : random_.below(6); n > 0; --n) {
        TimelineEvent v;
        v.incident = IncidentId(incidents_[random_.below(incidents_.size())]);
        v.nth = static_cast<std::uint32_t>(random_.below(12));
        v.cause_seq = next_seq_;
        v.at = time();
        v.type = one_of<EventType>(30);
        v.from = one_of<IncidentState>(9);
        v.to = one_of<IncidentState>(9);
        if (random_.chance(0.5)) v.actor = {word()};
        v.body = BodyId(index());
        v.alert = AlertId(number() >> 1U);
        v.level = one_of<LadderLevel>(3);
        v.severity = one_of<Severity>(severity_count);
        if (random_.chance(0.3)) v.detail = word();
        v.text = Handle(!texts_.empty() && random_.chance(0.4) ? texts_[random_.below(texts_.size())] : number());
        if (random_.chance(0.3)) v.evidence = digest();
        unit.events.push_back(std::move(v));
    }
}

void RandomUnits::add_alerts(ports::CommitUnit& unit) {
    for (auto n = random_.below(4); n > 0; --n) {
        const bool again = !alerts_.empty() && random_.chance(0.2);
        if (!again) alerts_.push_back(new_id());
        AlertRaised v;
        v.alert.id = AlertId(again ? alerts_[random_.below(alerts_.size())] : alerts_.back());
        v.alert.rule = RuleId(index());
        v.alert.kind = IncidentKindId(index());
        v.alert.cause = CauseId(index());
        v.alert.severity = one_of<Severity>(severity_count);
        v.alert.device = DeviceId(index());
        v.alert.place = PlaceId(index());
        v.alert.anchor = PlaceId(index());
        v.alert.at = time();
        v.alert.late = random_.chance(0.3);
        v.incident = IncidentId(incidents_.empty() ? 7 : incidents_[random_.below(incidents_.size())]);
        unit.alerts.push_back(v);
    }
    for (auto n = alerts_.empty() ? 0 : random_.below(3); n > 0; --n)
        unit.cleared.push_back({AlertId(alerts_[random_.below(alerts_.size())]), {now_}});
    if (random_.chance(0.1)) unit.cleared.push_back({AlertId(3), {now_}});  // of an alert nobody knows
}

void RandomUnits::add_notices(ports::CommitUnit& unit) {
    for (auto n = random_.below(4); n > 0; --n) {
        Notice v;
        v.id = NoticeId(new_id());
        v.incident = IncidentId(number() >> 1U);
        v.person = {word()};
        v.body = BodyId(index());
        v.channel = one_of<Channel>(5);
        v.reason = one_of<NoticeReason>(10);
        v.at = time();
        unit.notices.push_back(std::move(v));
    }
}

void RandomUnits::add_quarantine(ports::CommitUnit& unit) {
    for (auto n = random_.chance(0.4) ? random_.below(8) : 0; n > 0; --n) {
        ports::QuarantineRow v;
        v.received = {now_};
        v.door = random_.chance(0.5) ? "mqtt" : "http";
        v.speaker = word();
        v.code = word();
        v.message = word();
        v.field = random_.chance(0.5) ? word() : "";
        v.payload = bytes(random_.chance(0.1) ? 4'096 : 100);
        v.payload_size = v.payload.size() + random_.below(10);
        v.payload_hash = base::sha256(v.payload);
        v.topic = random_.chance(0.5) ? bytes(40) : "";
        unit.quarantine.push_back(std::move(v));
    }
}

void RandomUnits::add_texts(ports::CommitUnit& unit) {
    for (auto n = random_.below(3); n > 0; --n) {
        texts_.push_back(random_.next() | 0x100U);
        unit.texts.push_back({Handle(texts_.back()), digest(), random_.chance(0.1) ? "" : bytes(200), {now_ - past()}});
    }
}

std::int64_t RandomUnits::money() { return static_cast<std::int64_t>(random_.below(1U << 20U)) - 1; }

std::vector<std::string> RandomUnits::codes() {
    std::vector<std::string> list;
    for (auto n = random_.below(4); n > 0; --n) list.push_back(word());
    return list;
}

ports::RecordWrite RandomUnits::record() {
    if (names_.empty() || random_.chance(0.3)) names_.push_back(word());
    if (tokens_.empty() || random_.chance(0.3)) tokens_.push_back(digest());
    const auto& name = names_[random_.below(names_.size())];
    const auto& token = tokens_[random_.below(tokens_.size())];
    switch (random_.below(32)) {
        case 0:
            pictures_.push_back(digest());
            return ports::EvidenceRow{
                pictures_.back(),
                number() >> 1U,
                "image/jpeg",
                time(),
                time(),
                IncidentId(!incidents_.empty() && random_.chance(0.7) ? incidents_[random_.below(incidents_.size())]
                                                                      : number() >> 1U)};
        case 1: {
            ports::AccountRow row{name, word(), random_.chance(0.5), random_.chance(0.1), {word()}, {}, {}, "en"};
            row.roles.bits = static_cast<std::uint32_t>(random_.next());
            for (auto n = random_.below(3); n > 0; --n) row.bodies.push_back(word());
            return row;
        }
        case 2:
            return ports::SessionRow{token, name, time(), time(), time(), word()};
        case 3:
            return ports::SessionDelete{token};
        case 4:
            return ports::SessionsOfAccountDelete{name};
        case 5:
            return ports::DeviceTokenRow{token, name, time(), random_.chance(0.5)};
        case 6: {
            ports::ActRow row{++acts_,
                              {now_},
                              name,
                              word(),
                              word(),
                              word(),
                              "person:" + name,
                              1 + random_.below(9),
                              word(),
                              digest(),
                              random_.chance(0.2) ? -1 : static_cast<std::int64_t>(leaves_)};
            return row;
        }
        case 22:
            return ports::PersonRow{{name}, word(), word(), bytes(300), random_.chance(0.3) ? "" : word(), time()};
        case 23:
            return ports::ActErased{1 + random_.below(acts_ + 2), random_.chance(0.5) ? "" : word(),
                                    random_.chance(0.5) ? "" : word(), random_.below(acts_ + 1)};
        case 25:
            return ports::DeviceRecordRow{name,   word(), word(), word(),  word(), word(), word(),
                                          word(), word(), time(), money(), time(), time(), random_.below(9)};
        case 26:
            return ports::DeviceMoveRow{
                name, 1 + random_.below(4), time(), random_.chance(0.3) ? "" : word(), word(), word(), bytes(80)};
        case 27:
            return ports::WorkOrderRow{1 + random_.below(12),
                                       name,
                                       word(),
                                       word(),
                                       word(),
                                       time(),
                                       time(),
                                       1 + random_.below(9),
                                       word(),
                                       word(),
                                       time(),
                                       time(),
                                       word(),
                                       bytes(80),
                                       money(),
                                       random_.below(5)};
        case 28:
            return ports::RoundRow{
                1 + random_.below(12), word(), word(), time(), time(), word(), word(), codes(), time(), word()};
        case 29:
            return ports::TickRow{1 + random_.below(5),
                                  name,
                                  time(),
                                  word(),
                                  random_.chance(0.5),
                                  random_.chance(0.5) ? "" : word(),
                                  money()};
        case 30:
            return ports::QuietWindowRow{
                1 + random_.below(12), codes(), time(), time(), word(), bytes(80), time(), word()};
        case 31:
            return ports::FoundDeviceRow{
                name,   names_.front(),       word(), random_.chance(0.3) ? "" : word(), time(),
                time(), 1 + random_.below(9), word()};
        case 14:
            return ports::CheckpointRow{1 + leaves_ - random_.below(std::min<std::uint64_t>(leaves_ + 1, 3)),
                                        {now_},
                                        random_.chance(0.3),
                                        bytes(700)};
        case 7:
            return ports::SessionsPastDelete{{now_ - 400'000}};
        case 8:
            return ports::GrantRow{1 + random_.below(9),
                                   name,
                                   one_of<Role>(role_count),
                                   word(),
                                   time(),
                                   time(),
                                   word(),
                                   word(),
                                   time(),
                                   word()};
        case 9:
            return ports::ApiTokenRow{1 + random_.below(9),
                                      token,
                                      name,
                                      word(),
                                      {static_cast<std::uint32_t>(random_.next())},
                                      word(),
                                      word(),
                                      time(),
                                      time(),
                                      time(),
                                      random_.chance(0.5)};
        case 10:
            return ports::DelegationRow{
                1 + random_.below(9), {word()}, {word()}, time(), time(), word(), word(), word(), time(), word()};
        case 11:
            return ports::SecondFactorRow{name, bytes(80), random_.chance(0.5), random_.below(1U << 30U), bytes(320)};
        case 12:
            return ports::SecondFactorDelete{name};
        case 16:
            return ports::WayInRow{random_.chance(0.5) ? "phone" : "sign_on", name, names_.front(), bytes(80), time()};
        case 17:
            return ports::WayInDelete{random_.chance(0.5) ? "phone" : "sign_on", name};
        case 18:
            return ports::WiderSightRow{
                1 + random_.below(12), name, word(), word(), bytes(60), time(), time(), time(), word()};
        case 13:
            return ports::PolicyRow{1 + random_.below(20), digest(), time(), bytes(2'000), bytes(2'000)};
        case 15: {
            const auto from = random_.below(next_seq_ + 1);
            return ports::LogPast{from, from + random_.below(100)};
        }
        case 19:
            return ports::QuarantinePast{{now_ - past()}};
        case 20:
            return ports::TextsPast{{now_ - past()}};
        case 21:
            return ports::EvidenceGone{pictures_.empty() ? digest() : pictures_[random_.below(pictures_.size())],
                                       {now_}};
        default:
            return ports::MetaPut{name, bytes(50)};
    }
}

void RandomUnits::add_records(ports::CommitUnit& unit) {
    for (auto n = random_.below(4); n > 0; --n) unit.records.push_back(record());
}

// As a tree that grows leaves them: the last of a level again and again, and then the next.
void RandomUnits::add_tiles(ports::CommitUnit& unit) {
    if (random_.chance(0.3)) return;
    leaves_ += 1 + random_.below(200);
    for (unsigned level = 0; leaves_ >> (8 * level) > 0; ++level) {
        const auto hashes = leaves_ >> (8 * level);
        const auto in_last = 1 + (hashes - 1) % 256;
        std::string bytes(in_last * 32, '\0');
        for (auto& c : bytes) c = static_cast<char>(random_.next());
        unit.tiles.push_back({level, (hashes - 1) / 256, bytes, in_last == 256 ? bytes.substr(64) : ""});
    }
}

}  // namespace shoumen::contract
