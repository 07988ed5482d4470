// Values of the model as text in which every field stands, for comparing and for showing what differs.
#pragma once
#include <string>

#include "ports/store.hpp"

namespace shoumen::contract {

std::string text_of(const std::string& bytes);
std::string text_of(const ports::EncodedBatch& v);
std::string text_of(const ports::LogHead& v);
std::string text_of(const model::Incident& v);
std::string text_of(const model::TimelineEvent& v);
std::string text_of(const ports::AlertRow& v);
std::string text_of(const ports::QuarantineRow& v);
std::string text_of(const ports::QuarantineCounts& v);
std::string text_of(const ports::EvidenceRow& v);
std::string text_of(const ports::AccountRow& v);
std::string text_of(const ports::SessionRow& v);
std::string text_of(const ports::GrantRow& v);
std::string text_of(const ports::ApiTokenRow& v);
std::string text_of(const ports::DelegationRow& v);
std::string text_of(const ports::SecondFactorRow& v);
std::string text_of(const ports::WayInRow& v);
std::string text_of(const ports::WiderSightRow& v);
std::string text_of(const ports::PersonRow& v);
std::string text_of(const ports::DeviceRecordRow& v);
std::string text_of(const ports::DeviceMoveRow& v);
std::string text_of(const ports::WorkOrderRow& v);
std::string text_of(const ports::RoundRow& v);
std::string text_of(const ports::TickRow& v);
std::string text_of(const ports::QuietWindowRow& v);
std::string text_of(const ports::FoundDeviceRow& v);
std::string text_of(const ports::DeviceTokenRow& v);
std::string text_of(const ports::PolicyRow& v);
std::string text_of(const ports::ActRow& v);
std::string text_of(const ports::TileRow& v);
std::string text_of(const ports::CheckpointRow& v);
std::string text_of(const model::SenseCounts& v);
std::string text_of(std::uint64_t v);

template <class T>
std::string text_of(const std::vector<T>& list) {
    std::string out = std::to_string(list.size()) + ":";
    for (const auto& item : list) out += "\n  " + text_of(item);
    return out;
}

template <class T>
std::string text_of(const std::optional<T>& v) {
    return v ? text_of(*v) : "none";
}

template <class T>
std::string text_of(const base::Result<T>& v) {
    return v ? text_of(*v) : "error " + v.error().code + ": " + v.error().message;
}

}  // namespace shoumen::contract
