// The live implementations of the Clock and Random ports.
#pragma once
#include <optional>

#include "ports/clock.hpp"
#include "ports/random.hpp"

namespace shoumen::app {

class SystemClock final : public ports::Clock {
public:
    [[nodiscard]] base::Time now() const override;
    [[nodiscard]] base::Duration real_until(base::Time t) const override;
};

// A jump of the clock once so much of its own time has passed: for trying out.
struct ClockStep {
    base::Duration after;
    base::Duration by;
};

// Begins at `start` when it is made and runs `rate` times as fast as the system's steady clock: for trying out and for
// tests.
class ScaledClock final : public ports::Clock {
public:
    ScaledClock(base::Time start, double rate, std::optional<ClockStep> step = std::nullopt);
    [[nodiscard]] base::Duration unstepped() const;  // since it was made
    [[nodiscard]] base::Time now() const override;
    [[nodiscard]] base::Duration real_until(base::Time t) const override;

private:
    base::Time start_;
    double rate_;
    std::optional<ClockStep> step_;
    std::int64_t began_us_;
};

class SystemRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace shoumen::app
