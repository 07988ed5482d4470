// The act step: the life of an incident. Every change of state happens in one of the functions named in the diagram,
// each of which also writes the timeline and tells people. Nothing else in the program changes an incident.
//
//   open_by_alert, open_by_report ─▶ open ──acknowledge──▶ acknowledged ──depart──▶ en_route ──arrive──▶ on_scene
//   ──resolve──▶ resolved
//                          ▲ ▲                    │      └───────────────arrive──────────────────▲                    │
//                          │ │ └── expire (arrive deadline, nothing after the acknowledgement) ────┘ │ │ ├────────
//                          transfer (any live state but resolved: new lead, new deadlines)                  │ │
//                          ├──────── reject, reporter_unsatisfied, reopen, alert within the hour (reopen_by_alert) ◀──┘
//                          │ │ ▼ └──────── reopen, reopen_by_alert ◀──────────── closed ◀──close── verify /
//                          reporter_satisfied / 72 h
//   open … on_scene ──mark_false_alarm──▶ false_alarm (reopen brings it back)      open … resolved ──merge──▶ merged
//   (for ever) blue: resolve also from acknowledged and en_route (handled from afar)
//
// Second looks and quiet (why: decide/precision.hpp): an alert whose rule and device have been wrong too often opens an
// incident that waits (open_for_look: open, Incident::look wanted, no deadline but look_by): the desk alone is told;
// where nobody is on duty there, the lead. It goes its way (send_on: owner told, deadlines from that moment) by
// `confirm`, when look_by passes unanswered, when something else finds the same, or when its severity rises; if nobody
// could be told, at once. What has gone quiet is kept in an incident that has ended before it begins (open_quiet,
// join_quiet): it tells nobody; reopen brings it to life.
//
// Verdicts, one for each source of the incident: `mistaken` by mark_false_alarm (or as it says: test, unknown), `real`
// once it is closed, for those that have none; reopening takes back what was said of all. `judge` says it by hand of
// one source or all, at any time the incident is held; what was said of one by hand stands. `trust_again`: what the
// sources found before this moment counts no more.
//
// Invariants, true after every call (check() states them; the property tests call it):
//   I1  lead is valid in every state; transfer puts the new lead in place of the old in one step.
//   I2  closed only with verified set, verifier valid and verifier ≠ resolver; time alone never closes.
//   I3  where there is a reporter, closed needs satisfied, or 72 h of silence after the verification.
//   I4  open has acknowledge_by or climb_at or stands on the top rung, or waits for a look that ends by itself;
//       acknowledged has arrive_by.
//   I5  resolved has a resolver and, unless blue, an `after` evidence that is not refused and was added since the
//   arrival. I6  told never shrinks; event_count equals the number of timeline entries emitted.
//
// Deadlines: from the basis time (opened, reopened, rejected): acknowledge, arrive, close as the matrix says. Transfer:
// new ones to acknowledge and to arrive, while the one to close stays, so that handing on gains nobody time. A missed
// deadline stays where it is, with its missed_* set; these flags speak of the present deadline, the timeline of all. An
// acknowledgement after its deadline moves arrive_by so that the planned travel time remains. A missed acknowledgement
// climbs at once to the next rung, and again every Ladder::climb[severity] until acknowledged or at the top. An
// acknowledgement with nothing after it expires at arrive_by: back to open, told anew with a new deadline to
// acknowledge, and climbs one rung. en_route past arrive_by, or open … on_scene past close_by: the miss is noted and
// climbs once. Resolved incidents have no deadline but the reporter's 72 h. A rung once climbed is kept until the end.
// Severity: a graver one (by hand, or of a joining alert) tightens the deadlines from now on, a lighter one relaxes
// them; the lead stays, whom the matrix names for the new severity comes to assist.
//
// Severity and time: an alert whose rule has `rise` or `fall` stands with the incident (Incident::standing). It rises
// step by step, counted from the first of its renewals, until it clears; `fall` comes once, so long after it cleared. A
// rise beyond the incident's severity raises that, until it is resolved, and tells; when one falls, the incident falls
// to the gravest severity that still stands. It never falls below severity_floor: what a person set or reported, what
// stood when somebody arrived, and what was found by alerts that do not fall. Resolving ends all of it: an incident
// that is reopened moves with its new alerts only. The steps are the rule's at the moment of the alert, as the
// deadlines are the matrix's: a new policy does not change them.
//
// Told: lead and assisting bodies when it is opened, reopened, rejected, its acknowledgement expired or its severity
// raised; the new lead of a transfer; lead and supervisor of a missed deadline; the body of a rung when it climbs
// there; who may verify when it is resolved; the reporter (by screen) when it has been verified. Each is a Told row, a
// Notice and a `told` entry of the timeline.
//
// Evidence: an `after` picture used before (for any incident and phase) is refused, so is one by EXIF taken before the
// arrival (or, unless blue, before there was any). Without EXIF, or with a time in the future, it stands as unproven.
// `before` pictures may be shared by incidents, but stand only once in each.
//
// An ended incident is held for 90 days more; later nothing can be done with it (wrong-state).
//
// Who may do what (a refusal's code in brackets; all are in api/errors.json):
//   involved = works for the lead, an assisting or the supervising body; desk = duty_officer. [not-involved]
//   acknowledge, depart, arrive, resolve, mark_false_alarm, transfer, set_severity, escalate, merge: involved or desk.
//   verify, reject: role verifier, committee, street_office or district_office [not-a-verifier], and not the resolver
//   [verifier-is-resolver]. reopen: desk, or one who may verify [not-a-verifier]. add_note, add_evidence: involved,
//   desk, reporter or one who may verify. report: anyone signed in [not-signed-in]. reporter_satisfied,
//   reporter_unsatisfied: the reporter, or the desk on the reporter's behalf. [not-the-reporter] seen: a person who was
//   told [not-told].
// Further refusals: wrong-state (the state has no such arrow), needs-arrival (red is no false alarm before somebody has
// arrived),
//   needs-after-evidence, evidence-used-before, evidence-before-arrival, evidence-unknown,
//   unknown-body, same-body, body-does-not-answer (its scope does not hold the place), nobody-reachable (transfer),
//   unknown-incident, same-incident, merge-target-ended (the target is resolved or ended), top-of-ladder,
//   same-severity, already-verified, already-answered, unknown-kind, unknown-place.
//
//   confirm: involved or desk. judge, trust_again: involved, desk, or one who may verify. Refusals: look-wanted (what
//   waits for a look is confirmed or a false alarm first), verdict-needed, unknown-alert (no source of it), no-sources.
//
// Where: looks and verdicts looks.cpp; arrows by persons life.cpp, by alerts alerts.cpp, by time deadlines.cpp;
// refusal.cpp, evidence.cpp, notices.cpp, severity.cpp, check.cpp.
#pragma once
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/decisions.hpp"
#include "model/effects.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"

namespace shoumen::act {

constexpr base::Duration held_after_end = base::days(90);
constexpr base::Duration reporter_silence = base::hours(72);
constexpr std::size_t alerts_kept = 64;  // ids listed on the incident; the rest are only counted
constexpr std::size_t places_kept = 64;  // of those its alerts came from
constexpr std::size_t sources_kept = 64;

// What every function here is given. One thread. Events and notices go to `effects`; what else stands there is the
// loop's to fill in.
struct Context {
    const model::Policy& policy;
    const model::Decisions& decisions;
    base::Time now;           // time of the input, or the due time of the deadline
    std::uint64_t seq = 0;    // the input that brings it about
    std::uint32_t& next_nth;  // ids given within this input
    model::Effects& effects;
};

// Evidence ever used, by content: which incident and phase it stands for. Kept by the loop, restored from rows at
// start.
using EvidenceBook = std::unordered_map<base::Digest, model::IncidentId, base::DigestHash>;

// By an alert. The incident is complete afterwards: owner, deadlines, people told.
model::Incident open_by_alert(Context& ctx, const model::Alert& alert);
// The same of what is doubted: it waits for a second look, or tells nobody.
model::Incident open_for_look(Context& ctx, const model::Alert& alert, const model::Doubt& doubt,
                              base::Duration within);
model::Incident open_quiet(Context& ctx, const model::Alert& alert, const model::Doubt& doubt);
// By a report (command `report`, already checked by `refusal_of_report`).
model::Incident open_by_report(Context& ctx, const model::Command& command);
std::string_view refusal_of_report(const model::Policy& policy, const model::Command& command);

// `doubted`: it would itself only ask for a look, or be quiet.
void join_alert(Context& ctx, model::Incident& incident, const model::Alert& alert, bool doubted = false);
void join_quiet(Context& ctx, model::Incident& incident, const model::Alert& alert);
void reopen_by_alert(Context& ctx, model::Incident& incident, const model::Alert& alert);
void clear_alert(Context& ctx, model::Incident& incident, const model::AlertCleared& cleared);

// Why this actor may not do this now; empty: allowed. Looks at no payload of the command (body, evidence …).
std::string_view refusal(const model::Policy& policy, const model::Incident& incident, const model::Actor& actor,
                         model::Action action, base::Time now);

// Checks and applies. `other` is the target of a merge, else null. Returns the code of the refusal; empty: done.
std::string_view apply(Context& ctx, model::Incident& incident, const model::Command& command, model::Incident* other,
                       EvidenceBook& book);

// The earliest moment at which on_deadline has something to do; never if none.
base::Time next_deadline(const model::Incident& incident);
// Works off everything due at ctx.now or before.
void on_deadline(Context& ctx, model::Incident& incident);

[[nodiscard]] bool is_live(model::IncidentState s);  // open … resolved
// Not ended, or ended no more than 90 days ago.
[[nodiscard]] bool is_held(const model::Incident& incident, base::Time now);
// The first broken invariant, in words; nullopt: sound.
std::optional<std::string_view> check(const model::Incident& incident);

}  // namespace shoumen::act
