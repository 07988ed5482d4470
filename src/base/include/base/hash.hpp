// Hashes. SHA-256 for everything that must be provable (RFC 9162 leaf and node hashing); a fast 64-bit hash (XXH3) only
// for telling a device's own message ids apart. Thread-safe.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shoumen::base {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
// SHA-256(0x00 || bytes): a Merkle leaf.
Digest leaf_hash(std::string_view bytes);
std::uint64_t fast_hash(std::string_view bytes);

// SHA-256 of what comes in parts.
class RunningSha256 {
public:
    RunningSha256();
    ~RunningSha256();
    RunningSha256(const RunningSha256&) = delete;
    RunningSha256& operator=(const RunningSha256&) = delete;
    void add(std::string_view bytes);
    Digest finish();  // once, and nothing after it

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string to_hex(const Digest& d);  // 64 lower-case digits
std::string to_hex(std::uint64_t v);  // 16 lower-case digits
Result<Digest> digest_from_hex(std::string_view hex);
std::string_view as_bytes(const Digest& d);
Digest digest_from_bytes(std::string_view bytes);  // exactly 32 bytes, else all zero

struct DigestHash {
    std::size_t operator()(const Digest& d) const noexcept {
        std::size_t h = 0;
        for (std::size_t i = 0; i < sizeof h; ++i) h = (h << 8U) | d[i];
        return h;
    }
};

}  // namespace shoumen::base
