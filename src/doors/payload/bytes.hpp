// Bytes decoded as a map says: fields at fixed places, or records told by their tag. Every step takes a byte at least,
// so it ends with the bytes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/map.hpp"

namespace shoumen::doors {

struct ByteValue {
    std::string_view name;
    std::int32_t suffix = -1;  // of a record whose tag holds "any byte": that byte; else -1
    double number = 0;
    bool is_truth = false;
};

// Base64 (both alphabets, with padding or without) or hex in text. False: it is neither.
bool decode_text(model::MapEncoding encoding, std::string_view text, std::vector<std::uint8_t>& out);

// How many bytes were left: at a tag that the map does not know, or at a record that is cut short. What came before
// them counts: an alarm is not lost for what was sent behind it.
std::size_t decode_bytes(const model::MapBytes& map, std::span<const std::uint8_t> bytes, std::vector<ByteValue>& out);

}  // namespace shoumen::doors
