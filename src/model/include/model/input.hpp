// Inputs: everything that can change the world, each with a time and a number. A batch of them is the unit of the log.
//
// Canonical bytes of a batch (version 2): u8 version, varint shard, varint first_seq, varint n, 32 bytes hash of the
// batch before, texts, then each input: u8 type, zigzag receive time as difference to the input before, the body. hash
// = leaf_hash(bytes), so that a batch is at once a link of the chain, a leaf of the ledger and a source for replay.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::model {

// "It is now T": the core fires everything due at or before T, in order of due time.
struct TimerInput {};

// From here on this policy holds. In the log: version and digest; the policy itself stands in its own row.
struct PolicyInput {
    std::uint64_t version = 0;
    base::Digest digest{};
};

// A record the core must know of has changed (people, duty …). Reserved: the policy carries them for now.
struct RecordInput {
    std::string subject;
    std::uint64_t record = 0;
};

enum class InputType : std::uint8_t { signal = 1, command = 2, timer = 3, policy = 4, record = 5 };

// An input's body lies in the vector of its type, at `index`.
struct InputHead {
    InputType type{};
    std::uint32_t index = 0;
    base::Time received;
};

struct Batch {
    std::uint32_t shard = 0;
    std::uint64_t first_seq = 0;  // the i-th input has number first_seq + i; numbers begin at 1 and have no gaps
    base::Digest prev_hash{};
    std::vector<InputHead> inputs;
    std::vector<Signal> signals;
    std::vector<Value> values;
    std::vector<OtherValue> others;
    std::vector<TextMark> texts;
    std::vector<Command> commands;
    std::vector<PolicyInput> policies;
    std::vector<RecordInput> records;

    void clear();
};

void encode(const Batch& batch, base::ByteWriter& out);
base::Result<void> decode_batch(std::string_view bytes, Batch& out);  // out is cleared first; its capacity is reused

}  // namespace shoumen::model
