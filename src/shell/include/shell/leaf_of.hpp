// What a row's leaf in the ledger commits to, in the words of room prove.
#pragma once
#include "ports/store.hpp"
#include "prove/leaf.hpp"

namespace shoumen::shell {

prove::Act act_of(std::uint32_t shard, const ports::ActRow& row);
prove::BatchMark mark_of(const ports::EncodedBatch& batch);

// An act at the machine itself, where nobody is signed in.
ports::ActRow act_at_machine(base::Time at, std::string kind, std::string subject);

// For a command on a database that no node runs on: numbers the acts and adds them to the unit, with their leaves and
// the tiles these change where the ledger has begun (which hash a new one has is said to the node that begins it). The
// caller fills the salts. Codes: ledger-damaged, and the store's.
base::Result<void> add_acts(ports::StoreReader& reader, std::uint32_t shard, std::vector<ports::ActRow> acts,
                            ports::CommitUnit& unit);

}  // namespace shoumen::shell
