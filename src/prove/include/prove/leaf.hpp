// What a leaf of the ledger commits to. A leaf holds no data: of an act, where it stands and a salted hash of its
// fields; of a batch of inputs, its place in the log and the hash that chains it. Where a person is erased, an act's
// fields and salt go, and nothing can be guessed from the leaf that stays.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "prove/hashing.hpp"

namespace shoumen::prove {

struct Act {
    std::uint32_t shard = 0;
    std::uint64_t id = 0;
    base::Time at;
    std::string actor;
    std::string role;
    std::string kind;
    std::string purpose;
    std::string subject;
    std::uint64_t count = 1;
    std::string detail;
    Digest salt{};
    bool operator==(const Act&) const = default;

    [[nodiscard]] bool erased() const { return salt == Digest{}; }  // no salt is all zero
};

struct BatchMark {
    std::uint32_t shard = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t count = 0;
    Digest hash{};  // SHA-256 leaf hash of the batch's bytes, the hash of the batch before it among them
};

// What an act of erasing (kind person_erased) begins its detail with: how many acts it has emptied, and a hash of their
// ids, ascending. An emptied act says in its own detail "by <id>" which act it was.
constexpr std::string_view erasing_kind = "person_erased";
std::string emptied_detail(const std::vector<std::uint64_t>& ids);

Digest commitment_of(Suite suite, const Act& act);
std::string leaf_bytes(const Act& act, const Digest& commitment);
std::string leaf_bytes(const BatchMark& batch);
Digest leaf_of(Suite suite, const Act& act);
Digest leaf_of(Suite suite, const BatchMark& batch);

}  // namespace shoumen::prove
