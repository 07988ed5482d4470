// Merkle hashing as RFC 9162, section 2.1, has it, with SHA-256 or, where the law asks for it, with SM3: a leaf is
// H(0x00 || bytes), a node H(0x01 || left || right). Thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.hpp"

namespace shoumen::prove {

using base::Digest;

enum class Suite : std::uint8_t { sha256, sm3 };

std::string_view to_word(Suite suite);
std::optional<Suite> suite_of(std::string_view word);

Digest hash(Suite suite, std::string_view bytes);
Digest leaf_hash(Suite suite, std::string_view bytes);
Digest node_hash(Suite suite, const Digest& left, const Digest& right);
Digest empty_root(Suite suite);  // of the tree without leaves: H()

}  // namespace shoumen::prove
