// From values of the model to the JSON of api/openapi.json. Pure; nothing here decides anything.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/incident.hpp"
#include "model/policy.hpp"
#include "ports/desk.hpp"

#include "catalogue.hpp"
#include "json_writer.hpp"

namespace shoumen::doors::http {

// The texts of one policy that are needed again and again, written once.
class Phrases {
public:
    explicit Phrases(std::shared_ptr<const model::Policy> policy);

    [[nodiscard]] const model::Policy& policy() const { return *policy_; }
    [[nodiscard]] const std::shared_ptr<const model::Policy>& shared_policy() const { return policy_; }
    [[nodiscard]] std::string time(base::Time t) const { return policy_->zone.format(t); }

    // For an id the policy does not know: "?" in the same form.
    std::string_view place_on_path(model::PlaceId id);
    std::string_view place(model::PlaceId id);
    std::string_view body(model::BodyId id);
    std::string_view kind_name(model::IncidentKindId id);
    [[nodiscard]] std::string_view kind(model::IncidentKindId id) const;
    [[nodiscard]] std::string_view cause(model::CauseId id) const;

private:
    std::string_view kept(std::vector<std::string>& texts, std::size_t size, std::uint32_t index,
                          const std::function<void(JsonWriter&)>& write);

    std::shared_ptr<const model::Policy> policy_;
    std::vector<std::string> paths_, places_, bodies_, kinds_;
};

// What the detail of an incident needs beyond the view.
struct DetailParts {
    const Catalogue& catalogue;
    // The incidents it may be merged into, as far as they are known.
    std::vector<model::Incident> merge_targets;
};

std::string render_summary(Phrases& phrases, const model::Incident& incident, base::Time now);
std::string render_list(Phrases& phrases, const std::vector<model::Incident>& incidents, bool more, base::Time now);
std::string render_detail(Phrases& phrases, const ports::IncidentView& view, base::Time now, const DetailParts& parts);
// What a session may see in clear somewhere, and what it may change somewhere.
struct ItemsOf {
    std::vector<model::Item> sees;
    std::vector<model::Item> changes;
};
std::string render_session(Phrases& phrases, const ports::Session& session, const ItemsOf& items,
                           std::string_view token);
std::string render_quarantine(Phrases& phrases, const std::vector<ports::QuarantineRow>& rows,
                              const ports::QuarantineCounts& counts);
std::string render_devices(Phrases& phrases, const std::vector<ports::DeviceView>& devices);
std::string render_precision(Phrases& phrases, const std::vector<model::TrackView>& tracks);
std::string render_retention(Phrases& phrases, const ports::RetentionState& state);
std::string render_ledger(Phrases& phrases, const ports::LedgerState& state);
std::string render_receipt(const ports::ActReceipt& receipt);
std::string render_acts(Phrases& phrases, const std::vector<ports::ActRow>& acts);
std::string render_policy(Phrases& phrases);
std::string render_findings(const std::vector<ports::Finding>& findings);
std::string render_policy_files(Phrases& phrases, const ports::PolicyFiles& files);
std::string render_policy_versions(Phrases& phrases, const std::vector<ports::PolicyVersion>& versions);
std::string render_rules(Phrases& phrases, const std::vector<ports::RuleView>& rules);
std::string render_task(Phrases& phrases, const ports::Task& task);
std::string render_tasks(Phrases& phrases, const std::vector<ports::Task>& tasks);
std::string render_health(const ports::Health& health, bool demo);

std::string render_live_hello(Phrases& phrases, base::Time now);
std::string render_live_incident(Phrases& phrases, const model::Incident& incident, base::Time now);
std::string render_live_quarantine(std::uint64_t kept);
std::string render_live_policy(std::uint64_t version);

}  // namespace shoumen::doors::http
