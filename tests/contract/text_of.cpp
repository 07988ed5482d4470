#include "text_of.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shoumen::contract {

using base::to_hex;

// Short ones as they are, long ones by their hash.
std::string text_of(const std::string& bytes) {
    if (bytes.size() <= 64) return fmt::format("{:?}", bytes);
    return fmt::format("{} bytes {}", bytes.size(), to_hex(base::sha256(bytes)));
}

std::string text_of(const ports::EncodedBatch& v) {
    return fmt::format("batch {} {} {} {} {} {} {}", v.shard, v.first_seq, v.count, text_of(v.bytes), to_hex(v.hash),
                       to_hex(v.prev_hash), v.received.us);
}

std::string text_of(const ports::LogHead& v) {
    return fmt::format("head {} {} {}", v.next_seq, to_hex(v.hash), v.last_received.us);
}

std::string text_of(const model::Incident& v) {
    base::ByteWriter out;
    model::encode(v, out);
    return fmt::format("incident {} {} {} {}", v.id.value, to_word(v.state), to_word(v.severity), text_of(out.take()));
}

std::string text_of(const model::TimelineEvent& v) {
    return fmt::format("event {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", v.incident.value, v.nth, v.cause_seq,
                       v.at.us, to_word(v.type), to_word(v.from), to_word(v.to), v.actor.code, v.body.value,
                       v.alert.value, to_word(v.level), to_word(v.severity), v.detail, v.text.value,
                       to_hex(v.evidence));
}

std::string text_of(const ports::AlertRow& v) {
    const auto& a = v.alert;
    return fmt::format("alert {} {} {} {} {} {} {} {} {} {} {} {}", a.id.value, a.rule.value, a.kind.value,
                       a.cause.value, to_word(a.severity), a.device.value, a.place.value, a.anchor.value, a.at.us,
                       a.late, v.incident.value, v.cleared.us);
}

std::string text_of(const ports::QuarantineRow& v) {
    return fmt::format("quarantine {} {} {} {} {} {} {} {} {} {} {}", v.id, v.received.us, v.door, v.speaker, v.code,
                       v.message, text_of(v.field), text_of(v.payload), v.payload_size, to_hex(v.payload_hash),
                       text_of(v.topic));
}

std::string text_of(const ports::QuarantineCounts& v) { return fmt::format("kept {} dropped {}", v.kept, v.dropped); }

std::string text_of(const ports::EvidenceRow& v) {
    return fmt::format("evidence {} {} {} {} {} {} {}", to_hex(v.sha256), v.size, v.media_type, v.added.us, v.taken.us,
                       v.incident.value, v.removed.us);
}

std::string text_of(const ports::AccountRow& v) {
    return fmt::format("account {} {} {} {} {} {} {} {}", v.name, v.password_hash, v.must_change, v.disabled,
                       v.person.code, v.roles.bits, v.bodies, v.language);
}

std::string text_of(const ports::SessionRow& v) {
    return fmt::format("session {} {} {} {} {} {}", to_hex(v.token_hash), v.account, v.created.us, v.expires.us,
                       v.seen.us, v.agent);
}

std::string text_of(const ports::GrantRow& v) {
    return fmt::format("grant {} {} {} {} {} {} {} {:?} {} {}", v.id, v.account, to_word(v.role), v.place, v.since.us,
                       v.until.us, v.given_by, v.why, v.ended.us, v.ended_by);
}

std::string text_of(const ports::ApiTokenRow& v) {
    return fmt::format("api token {} {} {} {} {} {} {} {} {} {} {}", v.id, to_hex(v.token_hash), v.account, v.name,
                       v.roles.bits, v.place, v.network, v.created.us, v.until.us, v.used.us, v.revoked);
}

std::string text_of(const ports::DelegationRow& v) {
    return fmt::format("delegation {} {} {} {} {} {} {} {:?} {} {}", v.id, v.from.code, v.to.code, v.since.us,
                       v.until.us, v.consent, v.witness, v.reason, v.ended.us, v.ended_by);
}

std::string text_of(const ports::SecondFactorRow& v) {
    return fmt::format("second factor {} {} {} {} {}", v.account, text_of(v.secret), v.confirmed, v.last_step,
                       text_of(v.recovery));
}

std::string text_of(const ports::WayInRow& v) {
    return fmt::format("way in {} {} {} {} {}", v.kind, v.lookup, v.account, text_of(v.sealed), v.since.us);
}

std::string text_of(const ports::WiderSightRow& v) {
    return fmt::format("wider sight {} {} {} {} {} {} {} {} {}", v.id, v.account, v.person, v.role, text_of(v.reason),
                       v.since.us, v.until.us, v.ended.us, v.ended_by);
}

std::string text_of(const ports::PersonRow& v) {
    return fmt::format("person {} {} {} {} {} {}", v.person.code, v.home, v.status, text_of(v.fields), v.phone_index,
                       v.changed.us);
}

std::string text_of(const ports::DeviceRecordRow& v) {
    return fmt::format("device record {} {} {} {} {} {} {} {} {} {} {} {} {} {}", v.device, v.stage, v.kind, v.place,
                       v.name, v.gateway, v.maker, v.product, v.serial, v.bought.us, v.cost_fen, v.installed.us,
                       v.since.us, v.moves);
}

std::string text_of(const ports::DeviceMoveRow& v) {
    return fmt::format("move {} {} {} {} {} {} {}", v.device, v.nth, v.at.us, v.from, v.to, v.by, text_of(v.why));
}

std::string text_of(const ports::WorkOrderRow& v) {
    return fmt::format("order {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", v.id, v.device, v.finding, v.place,
                       v.state, v.found.us, v.last.us, v.times, v.detail, v.by, v.taken.us, v.ended.us, v.ended_by,
                       text_of(v.why), v.cost_fen, v.round);
}

std::string text_of(const ports::RoundRow& v) {
    return fmt::format("round {} {} {} {} {} {} {} {} {} {}", v.id, v.kind, v.place, v.from.us, v.due.us, v.state, v.by,
                       fmt::join(v.devices, ","), v.ended.us, v.ended_by);
}

std::string text_of(const ports::TickRow& v) {
    return fmt::format("tick {} {} {} {} {} {} {}", v.round, v.device, v.at.us, v.by, v.proven, v.why, v.distance_m);
}

std::string text_of(const ports::QuietWindowRow& v) {
    return fmt::format("quiet {} {} {} {} {} {} {} {}", v.id, fmt::join(v.devices, ","), v.from.us, v.until.us, v.by,
                       text_of(v.why), v.ended.us, v.ended_by);
}

std::string text_of(const ports::FoundDeviceRow& v) {
    return fmt::format("found {} {} {} {} {} {} {} {}", v.device, v.speaker, v.door, v.kind, v.first.us, v.last.us,
                       v.times, v.state);
}

std::string text_of(const ports::DeviceTokenRow& v) {
    return fmt::format("token {} {} {} {}", to_hex(v.token_hash), v.device, v.created.us, v.revoked);
}

std::string text_of(const ports::PolicyRow& v) {
    return fmt::format("policy {} {} {} {} {}", v.version, to_hex(v.digest), v.activated.us, text_of(v.files),
                       text_of(v.compiled));
}

std::string text_of(const ports::ActRow& v) {
    return fmt::format("act {} {} {} {} {} {} {} {} {} {} {}", v.id, v.at.us, v.actor, v.role, v.kind, v.purpose,
                       v.subject, v.count, v.detail, to_hex(v.salt), v.leaf);
}

std::string text_of(const ports::TileRow& v) {
    return fmt::format("tile {} {} {} {}", v.level, v.n, text_of(v.hashes), text_of(v.inner));
}

std::string text_of(const ports::CheckpointRow& v) {
    return fmt::format("checkpoint {} {} {} {}", v.size, v.at.us, v.cosigned, text_of(v.note));
}

std::string text_of(std::uint64_t v) { return std::to_string(v); }

std::string text_of(const model::SenseCounts& v) {
    return fmt::format("counts {} {} {} {}", v.signals, v.repeats, v.late, v.clock_wrong);
}

}  // namespace shoumen::contract
