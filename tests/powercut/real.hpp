// The machine's own clock and chance, for tests with real threads.
#pragma once
#include <algorithm>
#include <chrono>
#include <span>

#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "protect/password.hpp"

namespace shoumen::powercut {

class RealClock final : public ports::Clock {
public:
    [[nodiscard]] base::Time now() const override {
        return {
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
    }
    [[nodiscard]] base::Duration real_until(base::Time t) const override {
        return std::max(t - now(), base::Duration{});
    }
};

class RealRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> out) override { protect::random_bytes(out.data(), out.size()); }
};

}  // namespace shoumen::powercut
