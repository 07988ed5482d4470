// What the files of this room share. Each changes an incident in one small way; life.hpp says what they add up to.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "act/life.hpp"

namespace shoumen::act {

// --- Timeline and notices (notices.cpp) ----------------------------------------------------------

struct Happening {
    model::EventType type{};
    model::IncidentState from{};
    model::Person actor{};
    model::BodyId body{};
    model::AlertId alert{};
    std::string detail{};
    model::Handle text{};
    base::Digest evidence{};
};
// Writes the entry; state, level and severity are the incident's present ones, so it comes after the change.
void write(Context& ctx, model::Incident& incident, const Happening& happening);

// Tells the persons on duty for these bodies, but for `except`. Returns how many that were.
std::size_t tell(Context& ctx, model::Incident& incident, model::NoticeReason reason,
                 std::span<const model::BodyId> bodies, const model::Person& except = {});
void tell_person(Context& ctx, model::Incident& incident, model::NoticeReason reason,
                 const model::Recipient& recipient);
void tell_team(Context& ctx, model::Incident& incident, model::NoticeReason reason);  // lead and assisting bodies

// --- Deadlines (deadlines.cpp) -------------------------------------------------------------------

// Acknowledge, arrive and close from the basis `ctx.now`; what was missed before is over.
void set_deadlines(Context& ctx, model::Incident& incident);
// The same for acknowledge and arrive alone.
void set_response_deadlines(Context& ctx, model::Incident& incident);
void plan_arrival(Context& ctx, model::Incident& incident);  // at the acknowledgement
void drop_deadlines(model::Incident& incident);              // where a state has none
// Deadlines of another severity: a graver one tightens them from now on, a lighter one relaxes them, never the other
// way.
void adjust_deadlines(Context& ctx, model::Incident& incident, const model::Assignment& by_matrix, bool graver);
// One rung up; the body there is told and supervises. Nullopt on the top rung: nothing has changed.
std::optional<model::Climb> climb(Context& ctx, model::Incident& incident, const model::Person& actor = {});

// --- Severity and time (severity.cpp) ------------------------------------------------------------

void stand(Context& ctx, model::Incident& incident, const model::Alert& alert);  // one that joins has been raised to
void hold_severity(model::Incident& incident, model::Severity severity);         // it falls no lower than this
void let_fall(const Context& ctx, model::Incident& incident, model::AlertId cleared);
void take_over_severity(model::Incident& target, const model::Incident& source);

// Once each, the first 64.
void note_reached(model::Incident& incident, model::PlaceId place);
[[nodiscard]] base::Time next_severity(const model::Incident& incident);  // never: it stays
void move_severity(Context& ctx, model::Incident& incident);              // the first step that is due

// --- Second looks and verdicts (looks.cpp) -------------------------------------------------------

void note_source(model::Incident& incident, const model::Alert& alert);
// Its normal way: the owner is told, deadlines from now. `why`: see EventType::look_confirmed.
void send_on(Context& ctx, model::Incident& incident, std::string_view why, const model::Command* by = nullptr);
void give_verdict(const Context& ctx, model::Incident& incident, model::Verdict verdict, bool to_all);
void take_back_verdicts(model::Incident& incident);
void judge(Context& ctx, model::Incident& incident, const model::Command& command);
void trust_again(Context& ctx, model::Incident& incident, const model::Command& command);
void take_over_sources(model::Incident& target, model::Incident& source);

// --- Evidence (evidence.cpp) ---------------------------------------------------------------------

[[nodiscard]] bool has_after_evidence(const model::Incident& incident);  // of this arrival
std::string_view refusal_of_evidence(const Context& ctx, const model::Incident& incident, const model::Command& command,
                                     const EvidenceBook& book);
void add_evidence(Context& ctx, model::Incident& incident, const model::Command& command, EvidenceBook& book);

// --- Refusals (refusal.cpp) ----------------------------------------------------------------------

// Of what the command carries; refusal() has let it pass.
std::string_view refusal_of_payload(const Context& ctx, const model::Incident& incident, const model::Command& command,
                                    const model::Incident* other, const EvidenceBook& book);

// --- Changes (life.cpp, alerts.cpp) --------------------------------------------------------------

// Back to open, as if nobody had done anything yet; owner, evidence and who was told stay.
void back_to_open(model::Incident& incident);
void close(Context& ctx, model::Incident& incident, const model::Person& actor, std::string_view why);
void change_severity(Context& ctx, model::Incident& incident, model::Severity severity, const Happening& cause);

}  // namespace shoumen::act
