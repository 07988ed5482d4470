// The account the tests keep for themselves of what a store must hold: plain maps, written from the contract in
// ports/store.hpp and not from any store.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "ports/store.hpp"

namespace shoumen::contract {

class Expected {
public:
    explicit Expected(std::uint64_t quarantine_limit = ports::quarantine_limit) : quarantine_limit_(quarantine_limit) {}

    void apply(const ports::CommitUnit& unit);

    // Asks the store everything there is to ask, and what is drawn of `random` on top. The first difference in words;
    // empty: none.
    std::string difference(ports::Store& store, base::SeededRandom& random) const;

    [[nodiscard]] std::uint64_t next_seq() const;

private:
    void apply_record(const ports::RecordWrite& record);
    void compare_incidents(ports::StoreReader& reader, ports::Store& store, base::SeededRandom& random) const;
    void compare_lists(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_alerts(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_quarantine(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_log(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_records(ports::StoreReader& reader, ports::Store& store) const;
    void compare_persons(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_upkeep(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_acts(ports::StoreReader& reader, base::SeededRandom& random) const;
    void compare_policies(ports::StoreReader& reader) const;
    void compare_past(ports::StoreReader& reader, base::SeededRandom& random) const;
    [[nodiscard]] bool is_past(const ports::TextRow& row, base::Time before) const;
    void compare_ledger(ports::StoreReader& reader, base::SeededRandom& random) const;

    std::uint64_t quarantine_limit_;
    std::map<std::uint64_t, ports::EncodedBatch> batches_;
    std::map<std::uint64_t, model::Incident> incidents_;
    std::map<std::pair<std::uint64_t, std::uint32_t>, model::TimelineEvent> events_;
    std::map<std::uint64_t, ports::AlertRow> alerts_;
    std::vector<ports::QuarantineRow> quarantine_;
    std::uint64_t dropped_ = 0;
    std::uint64_t expired_ = 0;
    std::map<std::uint64_t, ports::TextRow> texts_;
    std::map<base::Digest, ports::EvidenceRow> evidence_;
    std::map<std::string, ports::AccountRow> accounts_;
    std::map<base::Digest, ports::SessionRow> sessions_;
    std::map<std::uint64_t, ports::GrantRow> grants_;
    std::map<std::uint64_t, ports::ApiTokenRow> api_tokens_;
    std::map<std::uint64_t, ports::DelegationRow> delegations_;
    std::map<std::string, ports::SecondFactorRow> second_factors_;
    std::map<std::pair<std::string, std::string>, ports::WayInRow> ways_in_;
    std::map<std::uint64_t, ports::WiderSightRow> wider_sights_;
    std::map<std::string, ports::PersonRow> persons_;
    std::map<std::string, ports::DeviceRecordRow> device_records_;
    std::map<std::pair<std::string, std::uint64_t>, ports::DeviceMoveRow> moves_;
    std::map<std::uint64_t, ports::WorkOrderRow> orders_;
    std::map<std::uint64_t, ports::RoundRow> rounds_;
    std::map<std::pair<std::uint64_t, std::string>, ports::TickRow> ticks_;
    std::map<std::uint64_t, ports::QuietWindowRow> quiet_;
    std::map<std::pair<std::string, std::string>, ports::FoundDeviceRow> found_;
    std::map<base::Digest, ports::DeviceTokenRow> tokens_;
    std::map<std::uint64_t, ports::PolicyRow> policies_;
    std::map<std::string, std::string> meta_;
    std::map<std::uint64_t, ports::ActRow> acts_;
    std::map<std::pair<unsigned, std::uint64_t>, ports::TileRow> tiles_;
    std::map<std::uint64_t, ports::CheckpointRow> checkpoints_;
    model::SenseCounts counts_;
};

}  // namespace shoumen::contract
