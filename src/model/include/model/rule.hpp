// A rule of the analyse step as plain data, checked and compiled from YAML by room `policy`.
//
// Every rule watches the signals of some kinds, from devices of some places, that match all of `where`, and keeps its
// state for each subject (a device, a home, another level of place). One of five operators:
//   threshold  raise is true for at least `hold` → alert; cleared when `clear` is true (default: raise is false).
//              While it stays true, a further true signal `repeat` or more after the last alert alerts again (0:
//              never).
//   count      at least `at_least` (2–1,000) matching signals whose times span at most `within` → alert; the window
//              then starts anew.
//   absence    no matching signal for `within` → one alert at last + within; armed again by the next signal. A subject
//              never heard is counted from when the rule was first loaded. With `link` the subject's signals that do
//              not match (routine reports: battery, temperature …) show that it could have been heard: it alerts only
//              when the link spoke within a fifth of `link` before the moment, else as soon as the link is heard again.
//              A link that says nothing for `link` is taken for dead: no alert, and once it returns the absence counts
//              anew. So a dead gateway is not a silent person. With `flat` there is no alert while the device heard
//              last had, by its last report, a flat battery; once it says otherwise the absence counts anew. So a flat
//              battery is none either.
//   sequence   all of `events` in their order, each `at_least` times, their times spanning at most `within` → alert;
//              the window then starts anew. A last event that is `absent` must not come within `hold` after the others.
//   together   at least `at_least` of `events` whose times span at most `within`, in any order → alert; likewise.
// A sequence or together begins anew with each signal that matches `unless`.
// `during` limits when alerts may rise (local time of the community); a threshold or absence true outside alerts when
// the schedule opens. `cooldown`: no second alert of the same rule and subject so soon after one (absence ignores it).
// `auto_clear`: the alert counts as over when no signal raised it again for so long (0: only by the condition).
// The time of a signal is the one the clock rule says counts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/precision.hpp"
#include "model/signal.hpp"
#include "model/words.hpp"

namespace shoumen::model {

// changed: the device's value differs from its last; of the first nobody knows. Only in `where`, of a rule or an event.
enum class Compare : std::uint8_t { equal, not_equal, below, at_most, above, at_least, changed };

// A signal that lacks the field does not satisfy any comparison, and neither raises nor clears. In a list of
// conditions all must hold; those joined by or_next are one of them, which holds when any of its parts does.
struct Condition {
    FieldId field;
    Compare compare = Compare::equal;
    Value value;
    bool negated = false;  // holds when the comparison is not satisfied, so also when the field is lacking
    bool or_next = false;  // the next in the list is another way to satisfy the same
};

enum class Operator : std::uint8_t { threshold, count, absence, sequence, together };

// A kind of signal that a sequence or a together waits for.
struct Event {
    std::uint32_t kinds = 0;  // bit per SignalKind, of those the rule watches; 0: all of them
    std::vector<Condition> where;
    std::uint32_t at_least = 1;
    bool absent = false;
};

constexpr std::size_t most_events = 8;    // of a rule
constexpr std::uint32_t most_times = 16;  // at_least of an event

// How grave an alert is with time: `to`, so long after it was raised (or, when it falls, cleared).
struct SeverityStep {
    base::Duration after;
    Severity to{};
    bool operator==(const SeverityStep&) const = default;
};

// The subject a rule keeps state for.
// person: whose device it is, wherever it stands; gateway: behind which it is. Devices without are not watched. Of a
// rule by gateway an alert's device and place are the gateway's.
enum class KeyLevel : std::uint8_t { device, room, home, floor, unit, building, estate, community, person, gateway };

// from == to means the whole day; from > to runs over midnight (and belongs to the day it starts on). A day counts if
// its weekday or its class is among those named.
struct Schedule {
    std::uint16_t from_minute = 0;  // 0 … 1439
    std::uint16_t to_minute = 0;    // exclusive, 1 … 1440
    std::uint8_t weekdays = 0x7f;   // bit 0 Monday … bit 6 Sunday, by date
    std::uint8_t day_classes = 0;   // bit per DayClass, by calendar
    bool operator==(const Schedule&) const = default;
};

struct Rule {
    RuleId id;
    std::string code;
    Names name;
    std::uint32_t line = 0;  // where it stands in its file, for messages
    std::string file;
    base::Digest
        identity{};  // hash of what the rule does (not of its names): equal → its windows survive a new policy version

    std::uint32_t kinds = 0;             // bit per SignalKind
    std::vector<PlaceId> within_places;  // devices at or below one of these; empty: everywhere
    std::vector<DeviceId> only_devices;  // empty: all
    KeyLevel key = KeyLevel::device;
    std::vector<Condition> where;

    Operator op = Operator::threshold;
    Condition raise;                 // threshold
    std::optional<Condition> clear;  // threshold
    base::Duration hold;
    base::Duration repeat;
    std::uint32_t at_least = 0;   // count, together; a learned absence: false alarms in 90 days
    base::Duration within;        // count, absence, sequence, together
    base::Duration link;          // absence; 0: every silence counts
    std::vector<Condition> flat;  // absence; empty: nobody knows
    std::vector<Event> events;    // sequence, together
    std::optional<Event> unless;

    std::optional<Schedule> during;
    base::Duration cooldown;
    base::Duration auto_clear;

    IncidentKindId incident;
    CauseId cause;
    Severity severity = Severity::yellow;
    std::vector<SeverityStep> rise;      // while it has not cleared: later and graver from step to step
    std::optional<SeverityStep> fall;    // after it has cleared: lighter than `severity`
    PlaceLevel join = PlaceLevel::unit;  // alerts of one cause under one place of this level are one incident
    // An alert is another cause where a floor that this rule watches, and that has stayed silent, lies between it and
    // all that the incident has reached. Counted where storeys are said.
    bool parted_by_silent_floor = false;
    std::optional<Precision> precision;  // none: its alerts always go their way, whatever was said of them
    bool retired = false;  // no longer in the directory: watches nothing, keeps number and names for what it once found
};

}  // namespace shoumen::model
