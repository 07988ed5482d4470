#include "store/sql/writer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "store/sql/rows.hpp"
#include "store/sql/statements.hpp"

namespace shoumen::store {
namespace {

using base::Result;

constexpr std::size_t payload_kept = 4'096;

bool is_live(model::IncidentState state) { return state <= model::IncidentState::resolved; }

bool is_zero(const base::Digest& digest) {
    return std::ranges::all_of(digest, [](std::uint8_t b) { return b == 0; });
}

}  // namespace

Result<QuarantineState> read_quarantine_state(Database& db) {
    Query query(db, sql::quarantine_state);
    auto row = query.next();
    if (!row) return tl::unexpected(std::move(row.error()));
    if (!*row) return damaged_row("quarantine_state");
    return QuarantineState{query.whole<std::uint64_t>(0), query.whole<std::uint64_t>(1), query.whole<std::uint64_t>(2)};
}

Result<void> UnitWriter::write(const ports::CommitUnit& unit, QuarantineState& state, bool added) {
    state_ = &state;
    auto batches = add_batches(unit);
    if (!batches) return tl::unexpected(std::move(batches.error()));
    auto done = put_incidents(unit);
    if (done) done = put_events(unit);
    if (done) done = put_alerts(unit);
    if (done) done = put_notices(unit);
    if (done) done = put_texts(unit);
    if (done) done = put_records(unit);
    if (done) done = put_tiles(unit);
    // What is added rather than put goes with the log: a unit whose batches stand there already has been counted.
    const bool again = added || (!unit.batches.empty() && *batches == 0);
    if (done && !again) done = add_counts(unit.counts);
    if (done && !again) done = add_quarantine(unit.quarantine, state);
    return done;
}

// --- The log -----------------------------------------------------------------------------------------------------

Result<std::size_t> UnitWriter::add_batches(const ports::CommitUnit& unit) {
    std::size_t added = 0;
    for (const auto& batch : unit.batches) {
        const auto is_new = add_batch(batch);
        if (!is_new) return tl::unexpected(is_new.error());
        added += *is_new ? 1 : 0;
    }
    return added;
}

Result<bool> UnitWriter::add_batch(const ports::EncodedBatch& batch) {
    Query add(db_, sql::add_batch);
    add.whole(1, batch.shard).whole(2, batch.first_seq).whole(3, batch.count).time(4, batch.received);
    add.digest(5, batch.hash).digest(6, batch.prev_hash).blob(7, batch.bytes).whole(8, batch.leaf);
    auto added = add.next();
    if (!added || *added) return added;

    Query stored(db_, sql::batch_hash);
    stored.whole(1, batch.shard).whole(2, batch.first_seq);
    auto found = stored.next();
    if (!found) return found;
    if (!*found || stored.digest(0) != batch.hash)
        return base::fail(
            "log-conflict",
            fmt::format("another batch already stands at number {} of the log; two programs have written it, "
                        "or the data is from another time: restore it from a backup",
                        batch.first_seq));
    return false;
}

// --- Incidents ---------------------------------------------------------------------------------------------------

Result<void> UnitWriter::put_incidents(const ports::CommitUnit& unit) {
    if (unit.incidents.empty()) return {};
    Query query(db_, sql::put_incident);
    base::ByteWriter body;
    for (const auto& incident : unit.incidents) {
        body.clear();
        model::encode(incident, body);
        query.whole(1, shard_).whole(2, incident.id.value).whole(3, incident.kind.value);
        query.text(4, to_word(incident.severity))
            .text(5, to_word(incident.state))
            .whole(6, is_live(incident.state) ? 1 : 0);
        query.text(7, to_word(incident.level)).whole(8, incident.place.value).whole(9, incident.lead.value);
        query.time(10, incident.opened)
            .time(11, incident.ended)
            .whole(12, incident.policy_version)
            .blob(13, body.view());
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

Result<void> UnitWriter::put_events(const ports::CommitUnit& unit) {
    if (unit.events.empty()) return {};
    Query query(db_, sql::put_event);
    for (const auto& event : unit.events) {
        query.whole(1, shard_).whole(2, event.incident.value).whole(3, event.nth).whole(4, event.cause_seq);
        query.time(5, event.at).text(6, to_word(event.type)).text(7, to_word(event.from)).text(8, to_word(event.to));
        query.text(9, event.actor.code).whole(10, event.body.value).whole(11, event.alert.value);
        query.text(12, to_word(event.level)).text(13, to_word(event.severity)).text(14, event.detail);
        query.whole(15, event.text.value);
        if (is_zero(event.evidence))
            query.null(16);
        else
            query.digest(16, event.evidence);
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

// --- Alerts, notices, texts --------------------------------------------------------------------------------------

Result<void> UnitWriter::put_alerts(const ports::CommitUnit& unit) {
    if (!unit.alerts.empty()) {
        Query query(db_, sql::put_alert);
        for (const auto& [alert, incident] : unit.alerts) {
            query.whole(1, shard_).whole(2, alert.id.value).whole(3, incident.value).whole(4, alert.rule.value);
            query.whole(5, alert.kind.value).whole(6, alert.cause.value).text(7, to_word(alert.severity));
            query.whole(8, alert.device.value).whole(9, alert.place.value).whole(10, alert.anchor.value);
            query.time(11, alert.at).whole(12, alert.late ? 1 : 0).time(13, base::Time::none());
            if (auto done = query.run(); !done) return done;
        }
    }
    if (unit.cleared.empty()) return {};
    Query query(db_, sql::clear_alert);
    for (const auto& cleared : unit.cleared) {
        query.whole(1, shard_).whole(2, cleared.id.value).time(3, cleared.at);
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

Result<void> UnitWriter::put_notices(const ports::CommitUnit& unit) {
    if (unit.notices.empty()) return {};
    Query query(db_, sql::put_notice);
    for (const auto& notice : unit.notices) {
        query.whole(1, shard_).whole(2, notice.id.value).whole(3, notice.incident.value).text(4, notice.person.code);
        query.whole(5, notice.body.value)
            .text(6, to_word(notice.channel))
            .text(7, to_word(notice.reason))
            .time(8, notice.at);
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

Result<void> UnitWriter::put_texts(const ports::CommitUnit& unit) {
    if (unit.texts.empty()) return {};
    Query query(db_, sql::put_text);
    for (const auto& row : unit.texts) {
        query.whole(1, row.handle.value).digest(2, row.salt).blob(3, row.text).whole(4, shard_).time(5, row.added);
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

// --- Counts, quarantine ------------------------------------------------------------------------------------------

Result<void> UnitWriter::add_counts(const model::SenseCounts& counts) {
    if (counts == model::SenseCounts{}) return {};
    Query query(db_, sql::add_counts);
    query.whole(1, shard_)
        .whole(2, counts.signals)
        .whole(3, counts.repeats)
        .whole(4, counts.late)
        .whole(5, counts.clock_wrong);
    return query.run();
}

Result<void> UnitWriter::add_quarantine(const std::vector<ports::QuarantineRow>& rows, QuarantineState& state) {
    if (rows.empty()) return {};
    Query query(db_, sql::add_quarantine);
    for (const auto& row : rows) {
        query.whole(1, ++state.last_id).time(2, row.received).text(3, row.door).text(4, row.speaker).text(5, row.code);
        query.text(6, row.message).text(7, row.field).whole(8, row.payload_size).digest(9, row.payload_hash);
        query.blob(10, std::string_view(row.payload).substr(0, payload_kept)).blob(11, row.topic);
        if (auto done = query.run(); !done) return done;
    }
    state.kept += rows.size();
    if (auto done = trim_quarantine(state); !done) return done;
    return put_state(state);
}

Result<void> UnitWriter::put_state(const QuarantineState& state) {
    Query put(db_, sql::put_quarantine_state);
    put.whole(1, state.last_id).whole(2, state.kept).whole(3, state.dropped);
    return put.run();
}

// Ids have no gaps, so that the oldest are found by their number: no commit pays for more rows than it adds.
Result<void> UnitWriter::trim_quarantine(QuarantineState& state) {
    if (state.kept <= quarantine_limit_) return {};
    Query query(db_, sql::drop_quarantine);
    query.whole(1, state.last_id - quarantine_limit_);
    const auto gone = query.changed();
    if (!gone) return tl::unexpected(gone.error());
    state.kept -= *gone;
    state.dropped += *gone;
    return {};
}

// --- Records -----------------------------------------------------------------------------------------------------

Result<void> UnitWriter::put_records(const ports::CommitUnit& unit) {
    for (const auto& record : unit.records) {
        if (auto done = std::visit([this](const auto& row) { return put(row); }, record); !done) return done;
    }
    return {};
}

Result<void> UnitWriter::put(const ports::EvidenceRow& row) {
    Query query(db_, sql::put_evidence);
    query.digest(1, row.sha256).whole(2, row.size).text(3, row.media_type).time(4, row.added).time(5, row.taken);
    query.whole(6, row.incident.value);
    return query.run();
}

Result<void> UnitWriter::put(const ports::AccountRow& row) {
    Query query(db_, sql::put_account);
    const auto bodies = bytes_of_codes(row.bodies);
    query.text(1, row.name).text(2, row.password_hash).whole(3, row.must_change ? 1 : 0).whole(4, row.disabled ? 1 : 0);
    query.text(5, row.person.code).whole(6, row.roles.bits).blob(7, bodies).text(8, row.language);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SessionRow& row) {
    Query query(db_, sql::put_session);
    query.digest(1, row.token_hash).text(2, row.account).time(3, row.created).time(4, row.expires);
    query.time(5, row.seen).text(6, row.agent);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SessionDelete& row) {
    Query query(db_, sql::delete_session);
    query.digest(1, row.token_hash);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SessionsOfAccountDelete& row) {
    Query query(db_, sql::delete_sessions_of);
    query.text(1, row.account);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SessionsPastDelete& row) {
    Query query(db_, sql::delete_sessions_past);
    query.time(1, row.at);
    return query.run();
}

Result<void> UnitWriter::put(const ports::GrantRow& row) {
    Query query(db_, sql::put_grant);
    query.whole(1, row.id).text(2, row.account).text(3, to_word(row.role)).text(4, row.place).time(5, row.since);
    query.time(6, row.until).text(7, row.given_by).text(8, row.why).time(9, row.ended).text(10, row.ended_by);
    return query.run();
}

Result<void> UnitWriter::put(const ports::ApiTokenRow& row) {
    Query query(db_, sql::put_api_token);
    query.whole(1, row.id).digest(2, row.token_hash).text(3, row.account).text(4, row.name).whole(5, row.roles.bits);
    query.text(6, row.place).text(7, row.network).time(8, row.created).time(9, row.until).time(10, row.used);
    query.whole(11, row.revoked ? 1 : 0);
    return query.run();
}

Result<void> UnitWriter::put(const ports::DelegationRow& row) {
    Query query(db_, sql::put_delegation);
    query.whole(1, row.id).text(2, row.from.code).text(3, row.to.code).time(4, row.since).time(5, row.until);
    query.text(6, row.consent).text(7, row.witness).text(8, row.reason).time(9, row.ended).text(10, row.ended_by);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SecondFactorRow& row) {
    Query query(db_, sql::put_second_factor);
    query.text(1, row.account).blob(2, row.secret).whole(3, row.confirmed ? 1 : 0).whole(4, row.last_step);
    query.blob(5, row.recovery);
    return query.run();
}

Result<void> UnitWriter::put(const ports::SecondFactorDelete& row) {
    Query query(db_, sql::delete_second_factor);
    query.text(1, row.account);
    return query.run();
}

Result<void> UnitWriter::put(const ports::WayInRow& row) {
    Query query(db_, sql::put_way_in);
    query.text(1, row.kind).text(2, row.lookup).text(3, row.account).blob(4, row.sealed).time(5, row.since);
    return query.run();
}

Result<void> UnitWriter::put(const ports::WayInDelete& row) {
    Query query(db_, sql::delete_way_in);
    query.text(1, row.kind).text(2, row.lookup);
    return query.run();
}

Result<void> UnitWriter::put(const ports::WiderSightRow& row) {
    Query query(db_, sql::put_wider_sight);
    query.whole(1, row.id).text(2, row.account).text(3, row.person).text(4, row.role).blob(5, row.reason);
    query.time(6, row.since).time(7, row.until).time(8, row.ended).text(9, row.ended_by);
    return query.run();
}

Result<void> UnitWriter::put(const ports::PersonRow& row) {
    Query query(db_, sql::put_person);
    query.whole(1, shard_).text(2, row.person.code).text(3, row.home).text(4, row.status).blob(5, row.fields);
    query.text(6, row.phone_index).time(7, row.changed);
    return query.run();
}

Result<void> UnitWriter::put(const ports::ActErased& row) {
    static constexpr base::Digest none{};  // outlives the query, which keeps no copy
    Query query(db_, sql::erase_act);
    const auto detail = fmt::format("by {}", row.by);
    query.whole(1, shard_).whole(2, row.id).text(3, row.actor).text(4, row.subject).text(5, detail);
    query.digest(6, none);
    return query.run();
}

Result<void> UnitWriter::put(const ports::DeviceTokenRow& row) {
    Query query(db_, sql::put_device_token);
    query.digest(1, row.token_hash).text(2, row.device).time(3, row.created).whole(4, row.revoked ? 1 : 0);
    return query.run();
}

Result<void> UnitWriter::put(const ports::PolicyRow& row) {
    Query query(db_, sql::put_policy);
    query.whole(1, row.version).digest(2, row.digest).time(3, row.activated).blob(4, row.files).blob(5, row.compiled);
    return query.run();
}

Result<void> UnitWriter::put(const ports::MetaPut& row) {
    Query query(db_, sql::put_meta);
    query.text(1, row.key).blob(2, row.value);
    return query.run();
}

Result<void> UnitWriter::put(const ports::ActRow& row) {
    Query query(db_, sql::put_act);
    query.whole(1, shard_).whole(2, row.id).time(3, row.at).text(4, row.actor).text(5, row.role).text(6, row.kind);
    query.text(7, row.purpose).text(8, row.subject).whole(9, row.count).text(10, row.detail).digest(11, row.salt);
    query.whole(12, row.leaf);
    return query.run();
}

Result<void> UnitWriter::put(const ports::CheckpointRow& row) {
    const std::int64_t minute = row.at.us / base::minutes(1).us;
    Query thin(db_, sql::thin_checkpoints);
    thin.whole(1, shard_).whole(2, minute).whole(3, row.size);
    if (auto done = thin.run(); !done) return done;
    Query query(db_, sql::put_checkpoint);
    query.whole(1, shard_).whole(2, row.size).time(3, row.at).whole(4, minute).whole(5, row.cosigned ? 1 : 0);
    query.blob(6, row.note);
    return query.run();
}

// --- What time takes away ----------------------------------------------------------------------------------------

Result<void> UnitWriter::put(const ports::LogPast& past) {
    Query query(db_, sql::empty_batches);
    query.whole(1, shard_).whole(2, past.from).whole(3, past.to).blob(4, {});
    return query.run();
}

Result<void> UnitWriter::put(const ports::QuarantinePast& past) {
    Query query(db_, sql::drop_quarantine_before);
    query.time(1, past.before);
    const auto gone = query.changed();
    if (!gone) return tl::unexpected(gone.error());
    state_->kept -= *gone;
    return put_state(*state_);
}

Result<void> UnitWriter::put(const ports::TextsPast& past) {
    Query query(db_, sql::drop_texts_before);
    query.whole(1, shard_).time(2, past.before);
    return query.run();
}

Result<void> UnitWriter::put(const ports::EvidenceGone& gone) {
    Query query(db_, sql::mark_evidence);
    query.digest(1, gone.sha256).time(2, gone.removed);
    return query.run();
}

Result<void> UnitWriter::put_tiles(const ports::CommitUnit& unit) {
    if (unit.tiles.empty()) return {};
    Query query(db_, sql::put_tile);
    for (const auto& tile : unit.tiles) {
        query.whole(1, shard_).whole(2, tile.level).whole(3, tile.n).blob(4, tile.hashes).blob(5, tile.inner);
        if (auto done = query.run(); !done) return done;
    }
    return {};
}

}  // namespace shoumen::store
