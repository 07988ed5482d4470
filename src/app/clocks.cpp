#include "clocks.hpp"

#include <algorithm>
#include <chrono>

#include "protect/password.hpp"

namespace shoumen::app {
namespace {

std::int64_t steady_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

base::Time SystemClock::now() const {
    return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

base::Duration SystemClock::real_until(base::Time t) const { return std::max(t - now(), base::Duration{}); }

ScaledClock::ScaledClock(base::Time start, double rate, std::optional<ClockStep> step)
    : start_(start), rate_(rate), step_(step), began_us_(steady_us()) {}

base::Duration ScaledClock::unstepped() const {
    return {static_cast<std::int64_t>(static_cast<double>(steady_us() - began_us_) * rate_)};
}

base::Time ScaledClock::now() const {
    const base::Duration passed = unstepped();
    return start_ + passed + (step_ && passed >= step_->after ? step_->by : base::Duration{});
}

base::Duration ScaledClock::real_until(base::Time t) const {
    const base::Duration left = std::max(t - now(), base::Duration{});
    return {static_cast<std::int64_t>(static_cast<double>(left.us) / rate_) + 1};
}

void SystemRandom::fill(std::span<std::uint8_t> out) { protect::random_bytes(out.data(), out.size()); }

}  // namespace shoumen::app
