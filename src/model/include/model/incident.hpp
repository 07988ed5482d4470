// An incident (事件) and what may be done with it. The life cycle itself, with its diagram, stands in act/life.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/precision.hpp"
#include "model/words.hpp"

namespace shoumen::model {

// Who acts, as the gate found it: the person, the roles of the account, and the bodies the person works for.
struct Actor {
    Person person;
    RoleSet roles;
    std::vector<BodyId> bodies;
};

enum class EvidencePhase : std::uint8_t { before, after };  // words: before after
enum class EvidenceStanding : std::uint8_t {
    proven,    // taken (by its EXIF time) after arrival
    unproven,  // no EXIF time
};

struct Evidence {
    base::Digest sha256{};
    EvidencePhase phase{};
    EvidenceStanding standing = EvidenceStanding::unproven;
    base::Time taken = base::Time::none();  // by EXIF
    base::Time added;
    Person by;
};

// One person told of the incident: who, by what, when, seen or not.
struct Told {
    NoticeId notice;
    Person person;
    BodyId body;
    Channel channel{};
    base::Time at;
    base::Time seen = base::Time::none();
};

// An alert whose rule lets its severity rise or fall with time, as the rule said when it was raised.
struct SeverityTimer {
    struct Step {
        base::Time at;
        Severity to{};
    };
    AlertId alert;  // the latest, where it was renewed
    Severity severity{};
    std::vector<Step> rises{};              // still to come, in order
    base::Duration fall_after{};            // 0: it does not fall
    Severity fall_to{};                     // with fall_after
    base::Time falls = base::Time::none();  // once it has cleared
};

enum class ReporterAnswer : std::uint8_t { none, satisfied, unsatisfied };

struct Incident {
    IncidentId id;
    IncidentKindId kind;
    CauseId cause;
    Severity severity{};
    Severity severity_floor = Severity::blue;  // no timer makes it lighter than this
    std::vector<SeverityTimer> standing;       // in the order they came; empty once it is resolved or ended
    PlaceId place;
    PlaceId anchor;
    IncidentState state = IncidentState::open;
    LadderLevel level = LadderLevel::community;

    BodyId lead;  // never invalid
    std::vector<BodyId> assist;
    BodyId supervisor;  // the body of the rung it has climbed to; invalid on the community's own rung
    std::uint32_t matrix_line = 0;
    std::uint64_t policy_version = 0;

    base::Time opened;
    base::Time latest_alert = base::Time::none();
    std::uint32_t alert_count = 0;
    std::vector<AlertId> alerts;   // the first 64
    std::vector<PlaceId> reached;  // where its alerts came from, each place once, the first 64
    std::vector<Source> sources;   // what raised them, each once, the first 64; a merged one's are its target's
    bool late = false;

    Look look = Look::none;
    base::Time look_by = base::Time::none();      // while a look is wanted: then it goes its way all the same
    Doubt doubt;                                  // why it waits or is quiet
    base::Time trust_again = base::Time::none();  // what its sources found before counts no more

    // Deadlines; none where there is none in this state. `missed_*`: passed and acted upon.
    base::Time acknowledge_by = base::Time::none();
    base::Time arrive_by = base::Time::none();
    base::Time close_by = base::Time::none();
    base::Time climb_at = base::Time::none();  // next rung of the ladder
    bool missed_acknowledge = false;
    bool missed_arrive = false;
    bool missed_close = false;
    base::Duration acknowledge_within, arrive_within, close_within;  // as the matrix gave them

    base::Time acknowledged = base::Time::none();
    base::Time departed = base::Time::none();
    base::Time arrived = base::Time::none();
    base::Time resolved = base::Time::none();
    base::Time verified = base::Time::none();
    base::Time ended = base::Time::none();  // closed, false_alarm, merged
    Person responder;
    Person resolver;
    Person verifier;

    Person reporter;  // empty: found by devices
    ReporterAnswer reporter_answer = ReporterAnswer::none;
    base::Time reporter_due = base::Time::none();  // after verification: 72 h
    std::uint64_t request = 0;                     // idempotency key of the report that opened it
    Handle text;                                   // the reporter's words
    std::uint32_t reopened_times = 0;
    IncidentId merged_into;

    std::vector<Evidence> evidence;
    std::vector<Told> told;
    std::uint32_t event_count = 0;  // entries of the timeline so far
    std::uint32_t notice_count = 0;
};

enum class Action : std::uint8_t {
    report,            // opens an incident by hand
    acknowledge,       // 接单
    depart,            // 出发
    arrive,            // 到场
    resolve,           // 处置完成
    verify,            // 核验通过
    reject,            // 核验不通过: back to work
    mark_false_alarm,  // 误报
    transfer,          // 移交
    merge,             // 并入
    reopen,            // 重新打开
    escalate,          // 上报
    set_severity,      // 调整等级
    add_note,          // 备注
    add_evidence,      // 上传证据
    reporter_satisfied,
    reporter_unsatisfied,  // 报事人回访
    seen,                  // a told person has opened it
    confirm,               // 复核属实: the second look found it real
    judge,                 // 判定
    trust_again,           // 恢复信任
};
constexpr std::size_t action_count = 21;
std::string_view to_word(Action a);
std::optional<Action> parse_Action(std::string_view word);
std::string_view to_word(EvidencePhase p);
std::optional<EvidencePhase> parse_EvidencePhase(std::string_view word);
std::string_view to_word(EvidenceStanding s);

struct Command {
    Action action{};
    IncidentId incident;  // invalid for report
    Actor actor;
    std::uint64_t request = 0;  // idempotency key, 0: none
    BodyId body;                // transfer
    IncidentId other;           // merge: the incident that goes on
    IncidentKindId kind;        // report
    PlaceId place;              // report
    Severity severity{};        // report, set_severity
    Handle text;                // free text outside, 0: none
    base::Digest text_hash{};   // salted
    base::Digest evidence{};    // add_evidence
    EvidencePhase phase{};
    base::Time taken = base::Time::none();  // by EXIF
    Verdict verdict = Verdict::none;        // judge; mark_false_alarm: none is mistaken
    AlertId alert;                          // judge: of the source meant; invalid: all
};

struct CommandResult {
    std::uint64_t seq = 0;
    bool accepted = false;
    std::string code;     // why not: a word of api/errors.json; empty when accepted
    IncidentId incident;  // the one opened or changed
};

// An entry of the incident's timeline.
enum class EventType : std::uint8_t {
    opened,
    alert_joined,
    alert_cleared,
    acknowledged,
    acknowledgement_expired,
    departed,
    arrived,
    resolved,
    verified,
    rejected,
    closed,
    false_alarm,
    transferred,
    merged,
    absorbed,
    reopened,
    escalated,
    deadline_missed,
    severity_changed,
    note,
    evidence_added,
    reporter_satisfied,
    reporter_unsatisfied,
    told,
    seen,
    look_wanted,     // the desk is asked before anybody is sent
    look_confirmed,  // it goes its way; detail: by-desk, unanswered, another-source, severity
    quietened,       // nobody is told
    judged,          // detail: the verdict
    trusted_again,
};
std::string_view to_word(EventType t);

struct TimelineEvent {
    IncidentId incident;
    std::uint32_t nth = 0;        // 0, 1, 2 … within the incident
    std::uint64_t cause_seq = 0;  // the input that brought it about
    base::Time at;
    EventType type{};
    IncidentState from{};
    IncidentState to{};
    Person actor;  // empty: the system
    BodyId body;   // new lead, or who was told
    AlertId alert;
    LadderLevel level{};
    Severity severity{};
    std::string detail;  // a code word: which deadline, which channel; never free text
    Handle text;
    base::Digest evidence{};
};

enum class NoticeReason : std::uint8_t {
    opened,
    escalated,
    acknowledgement_expired,
    transferred,
    reopened,
    verify_wanted,
    reporter_wanted,
    severity_raised,
    deadline_missed,
    look_wanted,
};
std::string_view to_word(NoticeReason r);

struct Notice {
    NoticeId id;
    IncidentId incident;
    Person person;
    BodyId body;
    Channel channel{};
    NoticeReason reason{};
    base::Time at;
};

// Canonical bytes of one incident (for the authoritative row).
void encode(const Incident& incident, base::ByteWriter& out);
base::Result<Incident> decode_incident(std::string_view bytes);

}  // namespace shoumen::model
