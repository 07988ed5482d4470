#include "store/sql/rows.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace shoumen::store {
namespace {

using base::Result;

// The list of events is short and closed; there is no parse function for it.
std::optional<model::EventType> event_type(std::string_view word) {
    for (unsigned i = 0; i <= static_cast<unsigned>(model::EventType::trusted_again); ++i) {
        const auto type = static_cast<model::EventType>(i);
        if (model::to_word(type) == word) return type;
    }
    return {};
}

}  // namespace

tl::unexpected<base::Error> damaged_row(std::string_view table) {
    return base::fail("data-damaged",
                      fmt::format("a row of the table {} cannot be read; restore the database from a backup", table));
}

std::string bytes_of_codes(const std::vector<std::string>& codes) {
    base::ByteWriter out;
    out.varint(codes.size());
    for (const auto& code : codes) out.text(code);
    return out.take();
}

Result<std::vector<std::string>> codes_of_bytes(std::string_view bytes, std::string_view table) {
    base::ByteReader in(bytes);
    std::vector<std::string> codes;
    for (auto n = in.count(); n > 0; --n) codes.emplace_back(in.text());
    if (!in.ok() || !in.at_end()) return damaged_row(table);
    return codes;
}

Result<model::Incident> incident_of(const Query& row) {
    auto incident = model::decode_incident(row.bytes(0));
    if (!incident) return damaged_row("incident");
    return incident;
}

Result<model::TimelineEvent> event_of(const Query& row, model::IncidentId incident) {
    const auto type = event_type(row.bytes(3));
    const auto from = model::parse_IncidentState(row.bytes(4));
    const auto to = model::parse_IncidentState(row.bytes(5));
    const auto level = model::parse_LadderLevel(row.bytes(9));
    const auto severity = model::parse_Severity(row.bytes(10));
    if (!type || !from || !to || !level || !severity) return damaged_row("incident_event");
    model::TimelineEvent event;
    event.incident = incident;
    event.nth = row.whole<std::uint32_t>(0);
    event.cause_seq = row.whole<std::uint64_t>(1);
    event.at = row.time(2);
    event.type = *type;
    event.from = *from;
    event.to = *to;
    event.actor.code = row.string(6);
    event.body = model::BodyId(row.whole<std::uint32_t>(7));
    event.alert = model::AlertId(row.whole<std::uint64_t>(8));
    event.level = *level;
    event.severity = *severity;
    event.detail = row.string(11);
    event.text = model::Handle(row.whole<std::uint64_t>(12));
    event.evidence = row.digest(13);
    return event;
}

Result<ports::AlertRow> alert_of(const Query& row) {
    const auto severity = model::parse_Severity(row.bytes(5));
    if (!severity) return damaged_row("alert");
    ports::AlertRow out;
    out.alert.id = model::AlertId(row.whole<std::uint64_t>(0));
    out.incident = model::IncidentId(row.whole<std::uint64_t>(1));
    out.alert.rule = model::RuleId(row.whole<std::uint32_t>(2));
    out.alert.kind = model::IncidentKindId(row.whole<std::uint32_t>(3));
    out.alert.cause = model::CauseId(row.whole<std::uint32_t>(4));
    out.alert.severity = *severity;
    out.alert.device = model::DeviceId(row.whole<std::uint32_t>(6));
    out.alert.place = model::PlaceId(row.whole<std::uint32_t>(7));
    out.alert.anchor = model::PlaceId(row.whole<std::uint32_t>(8));
    out.alert.at = row.time(9);
    out.alert.late = row.number(10) != 0;
    out.cleared = row.time(11);
    return out;
}

Result<ports::QuarantineRow> quarantine_of(const Query& row) {
    ports::QuarantineRow out;
    out.id = row.whole<std::uint64_t>(0);
    out.received = row.time(1);
    out.door = row.string(2);
    out.speaker = row.string(3);
    out.code = row.string(4);
    out.message = row.string(5);
    out.field = row.string(6);
    out.payload_size = row.whole<std::uint64_t>(7);
    out.payload_hash = row.digest(8);
    out.payload = row.string(9);
    out.topic = row.string(10);
    return out;
}

Result<ports::EvidenceRow> evidence_of(const Query& row) {
    ports::EvidenceRow out;
    out.sha256 = row.digest(0);
    out.size = row.whole<std::uint64_t>(1);
    out.media_type = row.string(2);
    out.added = row.time(3);
    out.taken = row.time(4);
    out.incident = model::IncidentId(row.whole<std::uint64_t>(5));
    out.removed = row.time(6);
    return out;
}

Result<ports::AccountRow> account_of(const Query& row) {
    auto bodies = codes_of_bytes(row.bytes(6), "account");
    if (!bodies) return tl::unexpected(std::move(bodies.error()));
    ports::AccountRow out;
    out.name = row.string(0);
    out.password_hash = row.string(1);
    out.must_change = row.number(2) != 0;
    out.disabled = row.number(3) != 0;
    out.person.code = row.string(4);
    out.roles.bits = row.whole<std::uint32_t>(5);
    out.bodies = std::move(*bodies);
    out.language = row.string(7);
    return out;
}

Result<ports::SessionRow> session_of(const Query& row) {
    return ports::SessionRow{row.digest(0), row.string(1), row.time(2), row.time(3), row.time(4), row.string(5)};
}

Result<ports::GrantRow> grant_of(const Query& row) {
    const auto role = model::parse_Role(row.bytes(2));
    if (!role) return damaged_row("role_grant");
    return ports::GrantRow{row.whole<std::uint64_t>(0),
                           row.string(1),
                           *role,
                           row.string(3),
                           row.time(4),
                           row.time(5),
                           row.string(6),
                           row.string(7),
                           row.time(8),
                           row.string(9)};
}

Result<ports::ApiTokenRow> api_token_of(const Query& row) {
    return ports::ApiTokenRow{row.whole<std::uint64_t>(0),
                              row.digest(1),
                              row.string(2),
                              row.string(3),
                              {row.whole<std::uint32_t>(4)},
                              row.string(5),
                              row.string(6),
                              row.time(7),
                              row.time(8),
                              row.time(9),
                              row.number(10) != 0};
}

Result<ports::DelegationRow> delegation_of(const Query& row) {
    return ports::DelegationRow{row.whole<std::uint64_t>(0),
                                {row.string(1)},
                                {row.string(2)},
                                row.time(3),
                                row.time(4),
                                row.string(5),
                                row.string(6),
                                row.string(7),
                                row.time(8),
                                row.string(9)};
}

Result<ports::SecondFactorRow> second_factor_of(const Query& row) {
    return ports::SecondFactorRow{row.string(0), row.string(1), row.number(2) != 0, row.whole<std::uint64_t>(3),
                                  row.string(4)};
}

Result<ports::WayInRow> way_in_of(const Query& row) {
    return ports::WayInRow{row.string(0), row.string(1), row.string(2), row.string(3), row.time(4)};
}

Result<ports::WiderSightRow> wider_sight_of(const Query& row) {
    return ports::WiderSightRow{row.whole<std::uint64_t>(0),
                                row.string(1),
                                row.string(2),
                                row.string(3),
                                row.string(4),
                                row.time(5),
                                row.time(6),
                                row.time(7),
                                row.string(8)};
}

Result<ports::PersonRow> person_of(const Query& row) {
    return ports::PersonRow{{row.string(0)}, row.string(1), row.string(2), row.string(3), row.string(4), row.time(5)};
}

Result<ports::DeviceTokenRow> device_token_of(const Query& row) {
    return ports::DeviceTokenRow{row.digest(0), row.string(1), row.time(2), row.number(3) != 0};
}

Result<ports::PolicyRow> policy_of(const Query& row) {
    return ports::PolicyRow{row.whole<std::uint64_t>(0), row.digest(1), row.time(2), row.string(3), row.string(4)};
}

Result<ports::ActRow> act_of(const Query& row) {
    ports::ActRow out;
    out.id = row.whole<std::uint64_t>(0);
    out.at = row.time(1);
    out.actor = row.string(2);
    out.role = row.string(3);
    out.kind = row.string(4);
    out.purpose = row.string(5);
    out.subject = row.string(6);
    out.count = row.whole<std::uint64_t>(7);
    out.detail = row.string(8);
    out.salt = row.digest(9);
    out.leaf = row.number(10);
    return out;
}

Result<ports::TileRow> tile_of(const Query& row) {
    return ports::TileRow{row.whole<unsigned>(0), row.whole<std::uint64_t>(1), row.string(2), row.string(3)};
}

Result<ports::CheckpointRow> checkpoint_of(const Query& row) {
    return ports::CheckpointRow{row.whole<std::uint64_t>(0), row.time(1), row.number(2) != 0, row.string(3)};
}

}  // namespace shoumen::store
