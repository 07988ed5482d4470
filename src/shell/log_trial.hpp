// A dry run over the log of a node: read as it was written, by a reader of its own, so that the node is not held up.
// Private to room shell.
#pragma once
#include <memory>

#include "base/result.hpp"
#include "model/policy.hpp"
#include "ports/store.hpp"
#include "ports/task.hpp"
#include "shell/tasks.hpp"

namespace shoumen::shell {

// The number of the first batch whose last input was received at or after `at`; next_seq where there is none.
base::Result<std::uint64_t> first_seq_at(ports::StoreReader& reader, std::uint32_t shard, base::Time at);

// The version of the policy that held at `at`; the first one where none did yet.
base::Result<std::shared_ptr<const model::Policy>> policy_at(ports::StoreReader& reader, base::Time at);

// What was in force in [from, to) against `after`, on the signals received then. Both begin with empty windows. Ends
// early when cancelled. `policies`: another reader, for the versions that are met on the way.
base::Result<ports::TrialResult> try_on_log(ports::StoreReader& reader, ports::StoreReader& policies,
                                            std::uint32_t shard, base::Time from, base::Time to,
                                            std::shared_ptr<const model::Policy> after, Progress& progress);

}  // namespace shoumen::shell
