// A dry run: two policies judge the same signals, and what they make of them is compared alert by alert.
//
// Each side has a core of its own on its own clock (its timers fire themselves); policies, timers and commands of a
// recording are passed over, but that the side of before may go from version to version as the node did. The two
// policies must stand in one line of versions, so that their numbers mean the same. One thread, memory for the windows
// of two cores and a few examples.
#pragma once
#include <map>
#include <memory>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "loop/core.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "ports/task.hpp"

namespace shoumen::shell {

class Trial {
public:
    Trial(std::shared_ptr<const model::Policy> before, std::shared_ptr<const model::Policy> after);
    ~Trial();

    // A later version that the batches of before will name.
    void know(std::shared_ptr<const model::Policy> policy);
    // The same stretch of time for both sides; the batches are used up. An alert one side alone gave counts as such
    // when the other has not given it by the end of the next step.
    void step(model::Batch& before, model::Batch& after);
    // After the last step.
    ports::TrialResult finish();

private:
    struct Side;
    using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t>;  // rule, device, place, time
    using Alone = std::multimap<Key, model::Alert>;

    void compare();
    void settle(const Alone& alone, bool after);
    ports::TriedRule& rule_of(const model::Alert& alert, const model::Policy& policy);

    std::unique_ptr<Side> before_;
    std::unique_ptr<Side> after_;
    Alone alone_before_;
    Alone alone_after_;
    std::map<std::string, ports::TriedRule> rules_;
};

// Of a batch as it stands in the log: its signals alone, as they would be read by another, later policy. What that one
// would not read (its device has gone or is of another kind) is left out; values whose field it knows now are given to
// it. Text stays what it was: of it the log holds no more than a hash.
void read_anew(const model::Policy& policy, model::Batch& batch);
// Of a batch of the log: what the side of before is stepped over (signals, changes of policy).
void without_deeds(model::Batch& batch);

}  // namespace shoumen::shell
