// The analyse step: rules over signals, with their windows. Operators and their meaning: model/rule.hpp.
//
// State is kept in one block of bytes a subject (device, home, …), laid out when a policy is adopted, so that a signal touches
// one or two blocks; a snapshot is a copy. Deadlines (hold, absence, schedule opening, auto-clear) stand in a heap with one entry
// a deadline-bearing slot; fire_due() works them off in order of (due, rule, subject), each at its own due time.
// Late signals (TimeVerdict::late): only threshold rules of kinds smoke, gas, one_key, elder_bracelet, child_bracelet look at
// them; they raise (marked late, at the receive time, at most once per rule, subject and minute) and never clear, reset or
// change a window.
// adopt(): the windows of a rule whose `identity` is in both policies go on; others start empty at `now`.
// Deterministic: same policy and same calls, same alerts with the same ids. One thread. Copyable.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/alert.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::analyse {

struct Finding {
    std::vector<model::Alert> raised;  // in order; ids are make_id(seq, n) with n counted by `next_nth`
    std::vector<model::AlertCleared> cleared;
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
    void prefetch(model::DeviceId device) const;

    // `seq` is the number of the input; `next_nth` counts ids given within it (shared by all steps of that input).
    void signal(const model::Signal& signal, std::span<const model::Value> values, base::Time effective, model::TimeVerdict verdict,
                std::uint64_t seq, std::uint32_t& next_nth, Finding& out);
    void fire_due(base::Time now, std::uint64_t seq, std::uint32_t& next_nth, Finding& out);
    [[nodiscard]] base::Time next_due() const;  // never: nothing waits
    [[nodiscard]] std::size_t bytes() const;    // memory held

    void encode(base::ByteWriter& out) const;
    // Over the policy adopted before; slots of rules that are not in it are left out.
    base::Result<void> decode(base::ByteReader& in);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::analyse
