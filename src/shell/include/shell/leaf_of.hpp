// What a row's leaf in the ledger commits to, in the words of room prove.
#pragma once
#include "ports/store.hpp"
#include "prove/leaf.hpp"

namespace shoumen::shell {

prove::Act act_of(std::uint32_t shard, const ports::ActRow& row);
prove::BatchMark mark_of(const ports::EncodedBatch& batch);

}  // namespace shoumen::shell
