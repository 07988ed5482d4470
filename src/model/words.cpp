#include "model/words.hpp"

#include <algorithm>
#include <array>

#include "model/access.hpp"
#include "model/coverage.hpp"
#include "model/incident.hpp"
#include "model/retention.hpp"

namespace shoumen::model {
namespace {

template <class T, std::size_t N>
std::optional<T> find(const std::array<std::string_view, N>& words, std::string_view word) {
    const auto it = std::find(words.begin(), words.end(), word);
    if (it == words.end()) return std::nullopt;
    return static_cast<T>(it - words.begin());
}

template <class T, std::size_t N>
std::string_view word_of(const std::array<std::string_view, N>& words, T value) {
    const auto i = static_cast<std::size_t>(value);
    return i < N ? words[i] : std::string_view("unknown");
}

}  // namespace

// In the order of the enumerators.
#define SHOUMEN_WORD_LIST(Type, ...)                                              \
    namespace {                                                                   \
    constexpr auto words_##Type = std::to_array<std::string_view>({__VA_ARGS__}); \
    }                                                                             \
    std::string_view to_word(Type value) { return word_of(words_##Type, value); } \
    std::optional<Type> parse_##Type(std::string_view word) { return find<Type>(words_##Type, word); }

#define SHOUMEN_WORD_LIST_AND_SPAN(Type, ...) \
    SHOUMEN_WORD_LIST(Type, __VA_ARGS__)      \
    std::span<const std::string_view> words_of_##Type() { return words_##Type; }

SHOUMEN_WORD_LIST_AND_SPAN(PlaceLevel, "district", "street", "community", "estate", "building", "unit", "floor", "home",
                           "room", "point")
SHOUMEN_WORD_LIST_AND_SPAN(PlaceUse, "home", "stairwell", "lift", "parking", "fire_lane", "charging", "gate",
                           "public_area", "facility")
SHOUMEN_WORD_LIST_AND_SPAN(EstateType, "old", "new", "mixed")
SHOUMEN_WORD_LIST_AND_SPAN(SignalKind, "door_access", "door_contact", "smoke", "falling_object", "camera_fight",
                           "camera_fall", "resident_camera", "ebike_overload", "ebike_power_cut", "one_key",
                           "elder_bracelet", "child_bracelet", "water_level", "gas", "gathering", "motion", "platform",
                           "link")
SHOUMEN_WORD_LIST_AND_SPAN(Severity, "red", "orange", "yellow", "blue")
SHOUMEN_WORD_LIST_AND_SPAN(IncidentState, "open", "acknowledged", "en_route", "on_scene", "resolved", "closed",
                           "false_alarm", "merged", "quiet")
SHOUMEN_WORD_LIST_AND_SPAN(LadderLevel, "community", "street", "district")
SHOUMEN_WORD_LIST_AND_SPAN(Role, "property_manager", "committee", "community_police", "grid_worker", "duty_officer",
                           "technical_team", "mediation_team", "patrol_team", "fire_station", "community_doctor",
                           "street_office", "district_office", "lift_maintainer", "owners_committee", "verifier",
                           "administrator", "resident", "family", "floor_captain", "unit_captain", "volunteer",
                           "committee_director", "auditor", "assessor")
SHOUMEN_WORD_LIST_AND_SPAN(Channel, "screen", "push", "sms", "voice", "robot")
SHOUMEN_WORD_LIST_AND_SPAN(Item, "incidents", "door", "actors", "words", "reporter", "pictures", "concerned",
                           "first_name", "name", "phone", "id_number", "home", "health", "people", "devices",
                           "quarantine", "rules", "policy", "accounts", "tokens", "commands", "tasks", "figures",
                           "acts", "roster", "archive", "erasure")
SHOUMEN_WORD_LIST_AND_SPAN(Purpose, "response", "verification", "care", "upkeep", "supervision", "administration",
                           "audit", "assessment", "own")
SHOUMEN_WORD_LIST_AND_SPAN(Reach, "own", "involved", "place", "beyond")
SHOUMEN_WORD_LIST_AND_SPAN(Sight, "masked", "ask", "clear", "change")
SHOUMEN_WORD_LIST(Kept, "signals", "refused", "words", "pictures")
SHOUMEN_WORD_LIST_AND_SPAN(CoveragePer, "area", "home", "person")
SHOUMEN_WORD_LIST(Action, "report", "acknowledge", "depart", "arrive", "resolve", "verify", "reject",
                  "mark_false_alarm", "transfer", "merge", "reopen", "escalate", "set_severity", "add_note",
                  "add_evidence", "reporter_satisfied", "reporter_unsatisfied", "seen", "confirm", "judge",
                  "trust_again")
SHOUMEN_WORD_LIST(EvidencePhase, "before", "after")
SHOUMEN_WORD_LIST(Verdict, "none", "true", "false", "test", "unknown")

namespace {
constexpr auto words_standing = std::to_array<std::string_view>({"proven", "unproven"});
constexpr auto words_event = std::to_array<std::string_view>({"opened",
                                                              "alert_joined",
                                                              "alert_cleared",
                                                              "acknowledged",
                                                              "acknowledgement_expired",
                                                              "departed",
                                                              "arrived",
                                                              "resolved",
                                                              "verified",
                                                              "rejected",
                                                              "closed",
                                                              "false_alarm",
                                                              "transferred",
                                                              "merged",
                                                              "absorbed",
                                                              "reopened",
                                                              "escalated",
                                                              "deadline_missed",
                                                              "severity_changed",
                                                              "note",
                                                              "evidence_added",
                                                              "reporter_satisfied",
                                                              "reporter_unsatisfied",
                                                              "told",
                                                              "seen",
                                                              "look_wanted",
                                                              "look_confirmed",
                                                              "quietened",
                                                              "judged",
                                                              "trusted_again"});
constexpr auto words_reason = std::to_array<std::string_view>(
    {"opened", "escalated", "acknowledgement_expired", "transferred", "reopened", "verify_wanted", "reporter_wanted",
     "severity_raised", "deadline_missed", "look_wanted"});
constexpr auto words_stage = std::to_array<std::string_view>({"trusted", "second_look", "quiet"});
constexpr auto words_look = std::to_array<std::string_view>({"none", "wanted", "confirmed"});
static_assert(words_SignalKind.size() == signal_kind_count && words_Role.size() == role_count);
static_assert(words_Item.size() == item_count && words_Purpose.size() == purpose_count);
static_assert(words_Kept.size() == kept_count);
static_assert(words_Verdict.size() == verdict_count && words_stage.size() == stage_count);
static_assert(words_Action.size() == action_count && words_Severity.size() == severity_count);
}  // namespace

std::string_view to_word(EvidenceStanding s) { return word_of(words_standing, s); }
std::string_view to_word(EventType t) { return word_of(words_event, t); }
std::string_view to_word(NoticeReason r) { return word_of(words_reason, r); }
std::string_view to_word(Stage s) { return word_of(words_stage, s); }
std::string_view to_word(Look l) { return word_of(words_look, l); }

}  // namespace shoumen::model
