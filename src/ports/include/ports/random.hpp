// The seam to chance: handles, salts, tokens, one-time passwords. The live implementation is cryptographic.
#pragma once
#include <cstdint>
#include <span>

namespace shoumen::ports {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;  // thread-safe
    std::uint64_t number() {
        std::uint8_t b[8];
        fill(b);
        std::uint64_t v = 0;
        for (const auto x : b) v = (v << 8U) | x;
        return v;
    }
};

}  // namespace shoumen::ports
