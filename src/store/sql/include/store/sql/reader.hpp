// What can be asked, over a connection of its own.
#pragma once
#include <memory>

#include "ports/store.hpp"
#include "store/sql/database.hpp"

namespace shoumen::store {

// What is kept of devices; upkeep.cpp.
class SqlUpkeepReader final : public ports::UpkeepReader {
public:
    SqlUpkeepReader(Database& db, std::uint32_t shard) : db_(db), shard_(shard) {}

    base::Result<std::vector<ports::DeviceRecordRow>> device_records(std::string_view after,
                                                                     std::size_t limit) override;
    base::Result<std::vector<ports::DeviceMoveRow>> device_moves(std::string_view device) override;
    base::Result<std::vector<ports::WorkOrderRow>> work_orders(std::uint64_t after, std::size_t limit) override;
    base::Result<std::vector<ports::RoundRow>> rounds(std::uint64_t after, std::size_t limit) override;
    base::Result<std::vector<ports::TickRow>> ticks(std::uint64_t round) override;
    base::Result<std::vector<ports::QuietWindowRow>> quiet_windows(std::uint64_t after, std::size_t limit) override;
    base::Result<std::vector<ports::FoundDeviceRow>> found_devices() override;

private:
    Database& db_;
    std::uint32_t shard_;
};

class SqlReader final : public ports::StoreReader {
public:
    SqlReader(std::unique_ptr<Database> db, std::uint32_t shard)
        : db_(std::move(db)), shard_(shard), upkeep_(*db_, shard) {}

    base::Result<std::vector<model::Incident>> incidents(const ports::IncidentQuery& query) override;
    base::Result<std::optional<model::Incident>> incident(model::IncidentId id) override;
    base::Result<std::vector<model::TimelineEvent>> timeline(model::IncidentId id) override;
    base::Result<std::vector<ports::AlertRow>> alerts_of(model::IncidentId id) override;
    base::Result<std::vector<ports::AlertRow>> alerts(std::uint64_t after_id, std::size_t limit) override;
    base::Result<std::vector<ports::QuarantineRow>> quarantine(std::optional<std::uint64_t> before,
                                                               std::size_t limit) override;
    base::Result<ports::QuarantineCounts> quarantine_counts() override;
    base::Result<std::optional<std::string>> text(model::Handle handle) override;
    base::Result<std::optional<ports::EvidenceRow>> evidence(const base::Digest& sha256) override;
    base::Result<std::optional<ports::AccountRow>> account(std::string_view name) override;
    base::Result<std::vector<ports::AccountRow>> accounts() override;
    base::Result<std::optional<ports::SessionRow>> session(const base::Digest& token_hash) override;
    base::Result<std::vector<ports::SessionRow>> sessions_of(std::string_view account) override;
    base::Result<std::vector<ports::GrantRow>> grants() override;
    base::Result<std::vector<ports::ApiTokenRow>> api_tokens() override;
    base::Result<std::vector<ports::DelegationRow>> delegations() override;
    base::Result<std::optional<ports::SecondFactorRow>> second_factor(std::string_view account) override;
    base::Result<std::optional<ports::WayInRow>> way_in(std::string_view kind, std::string_view lookup) override;
    base::Result<std::vector<ports::WayInRow>> ways_in_of(std::string_view account) override;
    base::Result<std::vector<ports::WiderSightRow>> wider_sights(std::size_t limit) override;
    base::Result<std::optional<ports::PersonRow>> person(std::string_view code) override;
    base::Result<std::vector<ports::PersonRow>> persons(std::string_view after, std::size_t limit) override;
    base::Result<std::vector<model::TimelineEvent>> events_by(const model::Person& actor) override;
    base::Result<std::vector<ports::DeviceTokenRow>> device_tokens() override;
    ports::UpkeepReader& upkeep() override { return upkeep_; }
    base::Result<std::vector<ports::ActRow>> acts(const ports::ActQuery& query) override;
    base::Result<std::optional<ports::ActRow>> act(std::uint64_t id) override;
    base::Result<std::vector<ports::ActRow>> acts_from(std::uint64_t id, std::size_t limit) override;
    base::Result<std::optional<ports::TileRow>> tile(unsigned level, std::uint64_t n) override;
    base::Result<std::vector<ports::TileRow>> last_tiles() override;
    base::Result<std::optional<ports::CheckpointRow>> newest_checkpoint() override;
    base::Result<std::optional<ports::CheckpointRow>> checkpoint_over(std::uint64_t leaf, bool cosigned) override;
    base::Result<std::vector<ports::CheckpointRow>> checkpoints(std::uint64_t above_size, std::size_t limit) override;
    base::Result<std::optional<std::string>> meta(std::string_view key) override;
    base::Result<model::SenseCounts> counts() override;
    base::Result<ports::LogHead> head(std::uint32_t shard) override;
    base::Result<void> batches(std::uint32_t shard, std::uint64_t from_seq,
                               const std::function<bool(ports::EncodedBatch&&)>& use) override;
    base::Result<std::optional<ports::PolicyRow>> policy(std::uint64_t version) override;
    base::Result<std::optional<ports::PolicyRow>> newest_policy() override;
    base::Result<ports::Oldest> oldest() override;
    base::Result<std::uint64_t> quarantine_before(base::Time at) override;
    base::Result<std::uint64_t> texts_before(base::Time at) override;
    base::Result<std::vector<ports::EvidenceRow>> evidence_before(base::Time at, std::size_t limit) override;

private:
    base::Result<std::size_t> how_many(std::uint32_t shard, std::uint64_t from_seq);
    base::Result<std::vector<ports::EncodedBatch>> next_batches(std::uint32_t shard, std::uint64_t from_seq);

    std::unique_ptr<Database> db_;
    std::uint32_t shard_;
    SqlUpkeepReader upkeep_;
};

}  // namespace shoumen::store
