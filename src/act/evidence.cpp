// Pictures as evidence: what may stand for "done".
#include <algorithm>

#include "steps.hpp"

namespace shoumen::act {
namespace {

using model::EvidencePhase;
using model::EvidenceStanding;
using model::Incident;

// A camera whose clock runs ahead by more than this proves nothing.
constexpr base::Duration camera_ahead = base::minutes(2);
// EXIF counts whole seconds.
constexpr base::Duration exif_step = base::seconds(1);

bool taken_before_arrival(const Incident& incident, base::Time taken) {
    if (incident.arrived.is_set()) return taken + exif_step <= incident.arrived;
    // What is handled from afar has no arrival to be earlier than.
    return incident.severity != model::Severity::blue;
}

EvidenceStanding standing_of(const Context& ctx, const Incident& incident, const model::Command& command) {
    const bool has_time = command.taken.is_set() && command.taken <= ctx.now + camera_ahead;
    const bool provable = command.phase == EvidencePhase::before || incident.arrived.is_set();
    return has_time && provable ? EvidenceStanding::proven : EvidenceStanding::unproven;
}

bool stands_here(const Incident& incident, const base::Digest& sha256) {
    return std::ranges::find(incident.evidence, sha256, &model::Evidence::sha256) != incident.evidence.end();
}

}  // namespace

bool has_after_evidence(const Incident& incident) {
    return std::ranges::any_of(incident.evidence, [&](const model::Evidence& e) {
        return e.phase == EvidencePhase::after && incident.arrived.is_set() && e.added >= incident.arrived;
    });
}

std::string_view refusal_of_evidence(const Context&, const Incident& incident, const model::Command& command,
                                     const EvidenceBook& book) {
    if (command.evidence == base::Digest{}) return "evidence-unknown";
    if (stands_here(incident, command.evidence)) return "evidence-used-before";
    if (command.phase != EvidencePhase::after) return {};
    if (book.contains(command.evidence)) return "evidence-used-before";
    if (command.taken.is_set() && taken_before_arrival(incident, command.taken)) return "evidence-before-arrival";
    return {};
}

void add_evidence(Context& ctx, Incident& incident, const model::Command& command, EvidenceBook& book) {
    incident.evidence.push_back({.sha256 = command.evidence,
                                 .phase = command.phase,
                                 .standing = standing_of(ctx, incident, command),
                                 .taken = command.taken,
                                 .added = ctx.now,
                                 .by = command.actor.person});
    book.emplace(command.evidence, incident.id);
    write(ctx, incident,
          {.type = model::EventType::evidence_added,
           .from = incident.state,
           .actor = command.actor.person,
           .detail = std::string(model::to_word(command.phase)),
           .text = command.text,
           .evidence = command.evidence});
}

}  // namespace shoumen::act
