// The analyse step: rules over signals, with their windows. Operators and their meaning: model/rule.hpp; in detail:
//   threshold  True from the first signal that raises it until one that clears it, or until auto_clear, which also arms
//              it anew. While it is true it alerts once, at the first moment at which it has been true for `hold`, the
//              last alert is `cooldown` ago and the schedule is open; this moment is a deadline, no further signal is
//              needed. (What waits for the cooldown alone lapses after auto_clear.) A repeated alert takes the place
//              of the one before: one AlertCleared, of the latest, ends both.
//   count      Alerts at a signal only. Within the cooldown or outside the schedule the times stay, and the next signal
//              may find them enough.
//   absence    The alert is cleared when activity returns. Of a rule by device, Alert::device is always that device.
//
// Time out of order (±120 s by the clock rule): a slot first works off what it had due by a signal's time. A clearing
// signal older than the moment its threshold became true is passed over. A count puts the time where it belongs among
// the latest `at_least` it remembers. Only activity later than the last counts for an absence. Nothing is cleared
// before it was raised.
//
// State is kept in one block a device, laid out when a policy is adopted, with the places' slots among them, so that a
// signal touches few cache lines; a snapshot is a copy. Deadlines (hold, cooldown, absence, schedule opening,
// auto-clear) wait with one entry a slot; fire_due() works them off in order of (due, rule, subject), each at its own
// due time.
//
// Late signals (TimeVerdict::late): only threshold rules of kinds smoke, gas, one_key, elder_bracelet, child_bracelet
// look at them. They raise (marked late, at the receive time, at most once per rule, subject and minute; the schedule
// is asked about the claimed time; hold and cooldown are not asked) and never clear, reset or change a window.
//
// adopt(): the windows of a rule whose `identity` is in both policies go on, for the subjects it still has; others
// start empty at `now`. Deterministic: same policy and same calls, same alerts with the same ids. One thread. Copyable.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/alert.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::analyse {

// Why a learned absence alerts: what a person is told beside the alert.
struct QuietReason {
    model::AlertId alert;
    base::Time since;                // the last sign of activity, or when counting began
    bool left = false;               // the way out had moved just before it
    bool learned = false;            // false: by the plain rule
    base::Duration usual;            // the longest such quiet that is usual; of a learned one
    std::int32_t up_by_minute = -1;  // of the day; −1: not known
    model::DeviceId spot;            // that gave the last sign
};

// "quiet since=1795892313 left=no learned=yes usual_min=100 up_by_min=450": words, no sentence; what is not known is
// left out.
std::string to_words(const QuietReason& why);

struct Finding {
    std::vector<model::Alert> raised;  // in order; ids are make_id(seq, n) with n counted by `next_nth`
    std::vector<model::AlertCleared> cleared;
    std::vector<QuietReason> reasons;  // of some of the alerts
};

class Windows {
public:
    Windows();
    Windows(const Windows&);
    Windows& operator=(const Windows&);
    Windows(Windows&&) noexcept;
    Windows& operator=(Windows&&) noexcept;
    ~Windows();

    void adopt(std::shared_ptr<const model::Policy> policy, base::Time now);
    // Says whose signal comes in about a dozen signals' time.
    void prefetch(model::DeviceId device) const;

    // `effective`: see sense::Admitted; of a late signal it is the receive time.
    // `seq` is the number of the input; `next_nth` counts ids given within it (shared by all steps of that input).
    void signal(const model::Signal& signal, std::span<const model::Value> values, base::Time effective,
                model::TimeVerdict verdict, std::uint64_t seq, std::uint32_t& next_nth, Finding& out);
    void fire_due(base::Time now, std::uint64_t seq, std::uint32_t& next_nth, Finding& out);
    [[nodiscard]] base::Time next_due() const;  // never: nothing waits
    [[nodiscard]] std::size_t bytes() const;    // memory held

    void encode(base::ByteWriter& out) const;
    // Over the policy adopted before; slots of rules that are not in it are left out. Code: data-damaged; then nothing
    // has changed.
    base::Result<void> decode(base::ByteReader& in);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::analyse
