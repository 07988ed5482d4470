// Writes a commit unit into the tables, within a transaction the caller has begun.
#pragma once
#include <cstdint>

#include "base/result.hpp"
#include "ports/store.hpp"
#include "store/sql/database.hpp"

namespace shoumen::store {

struct QuarantineState {
    std::uint64_t last_id = 0;
    std::uint64_t kept = 0;
    std::uint64_t dropped = 0;
};

base::Result<QuarantineState> read_quarantine_state(Database& db);

class UnitWriter {
public:
    UnitWriter(Database& db, std::uint32_t shard, std::uint64_t quarantine_limit)
        : db_(db), shard_(shard), quarantine_limit_(quarantine_limit) {}

    // `state` is moved on; it counts once the transaction has committed. `added`: what is added rather than put stands
    // there already, from a commit whose answer was lost.
    base::Result<void> write(const ports::CommitUnit& unit, QuarantineState& state, bool added = false);

private:
    base::Result<bool> add_batch(const ports::EncodedBatch& batch);  // false: it stood there already
    base::Result<std::size_t> add_batches(const ports::CommitUnit& unit);
    base::Result<void> put_incidents(const ports::CommitUnit& unit);
    base::Result<void> put_events(const ports::CommitUnit& unit);
    base::Result<void> put_alerts(const ports::CommitUnit& unit);
    base::Result<void> put_notices(const ports::CommitUnit& unit);
    base::Result<void> put_texts(const ports::CommitUnit& unit);
    base::Result<void> put_tiles(const ports::CommitUnit& unit);
    base::Result<void> put_records(const ports::CommitUnit& unit);
    base::Result<void> add_counts(const model::SenseCounts& counts);
    base::Result<void> add_quarantine(const std::vector<ports::QuarantineRow>& rows, QuarantineState& state);
    base::Result<void> trim_quarantine(QuarantineState& state);
    base::Result<void> put_state(const QuarantineState& state);

    base::Result<void> put(const ports::EvidenceRow& row);
    base::Result<void> put(const ports::AccountRow& row);
    base::Result<void> put(const ports::SessionRow& row);
    base::Result<void> put(const ports::SessionDelete& row);
    base::Result<void> put(const ports::SessionsOfAccountDelete& row);
    base::Result<void> put(const ports::SessionsPastDelete& row);
    base::Result<void> put(const ports::GrantRow& row);
    base::Result<void> put(const ports::ApiTokenRow& row);
    base::Result<void> put(const ports::DelegationRow& row);
    base::Result<void> put(const ports::SecondFactorRow& row);
    base::Result<void> put(const ports::SecondFactorDelete& row);
    base::Result<void> put(const ports::WayInRow& row);
    base::Result<void> put(const ports::WayInDelete& row);
    base::Result<void> put(const ports::WiderSightRow& row);
    base::Result<void> put(const ports::PersonRow& row);
    base::Result<void> put(const ports::ActErased& row);
    base::Result<void> put(const ports::DeviceRecordRow& row);  // these and the next ones: upkeep.cpp
    base::Result<void> put(const ports::DeviceMoveRow& row);
    base::Result<void> put(const ports::WorkOrderRow& row);
    base::Result<void> put(const ports::RoundRow& row);
    base::Result<void> put(const ports::TickRow& row);
    base::Result<void> put(const ports::QuietWindowRow& row);
    base::Result<void> put(const ports::FoundDeviceRow& row);
    base::Result<void> put(const ports::DeviceTokenRow& row);
    base::Result<void> put(const ports::PolicyRow& row);
    base::Result<void> put(const ports::MetaPut& row);
    base::Result<void> put(const ports::ActRow& row);
    base::Result<void> put(const ports::CheckpointRow& row);
    base::Result<void> put(const ports::LogPast& past);
    base::Result<void> put(const ports::QuarantinePast& past);
    base::Result<void> put(const ports::TextsPast& past);
    base::Result<void> put(const ports::EvidenceGone& gone);

    Database& db_;
    std::uint32_t shard_;
    std::uint64_t quarantine_limit_;
    QuarantineState* state_ = nullptr;  // of the unit that is being written
};

}  // namespace shoumen::store
