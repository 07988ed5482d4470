// Falls from the acceleration of a wrist.
//
// Samples in g, gravity included, at 20 to 100 a second, as they come: uneven, in bursts, with gaps (steady.hpp). x
// lies along the forearm, z out of the display, as in a watch; left or right arm is the same. Each blow (the hardest
// moment of two thirds of a second) is looked at with the second that follows: how hard it was, what came before it,
// how the wrist lies and rests after it. It counts only once the wrist has been at rest from two to four seconds after
// it: whoever goes on handling things has not stayed down. A fall is told once, then none for `quiet_s` seconds. Where
// the mean acceleration is no wrist's (the unit is wrong, or the sensor broken) windows are passed over and counted.
// Pure: no clock; same samples, same falls.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "detect/steady.hpp"
#include "detect/trees.hpp"

namespace shoumen::detect {

inline constexpr double standard_gravity = 9.80665;  // m/s² in a g

struct Motion {
    base::Time time;
    double x = 0, y = 0, z = 0;  // g
};

struct Fall {
    base::Time time;  // of the blow
    double confidence = 0;
};

inline constexpr std::size_t wrist_features = 104;

struct WristWindow {
    base::Time end;
    base::Time blow;  // `after` ticks before its end
    std::array<double, wrist_features> features{};
};

// How much a window looks like a fall before anything is learned: a hard blow, then rest.
double like_a_fall(const WristWindow& window);

class WristWindows {
public:
    WristWindows();
    // The windows whose rest is known with this sample; valid until the next call.
    std::span<const WristWindow> push(const Motion& motion);
    // There is no more: those of whose rest little or nothing will be known count as at rest.
    std::span<const WristWindow> finish();
    [[nodiscard]] std::uint64_t implausible() const { return implausible_; }  // windows passed over

    static constexpr std::size_t rate = 32;
    static constexpr std::size_t length = 144;
    static constexpr std::size_t after = 32;  // ticks of a window that lie after its blow

private:
    using Vector = std::array<double, 3>;
    struct Waiting {
        WristWindow window;
        std::size_t since = after;  // ticks since its blow
        std::size_t rested = 0;     // of them looked at
        double unrest = 0;          // g, summed over those
    };
    void take(const Steady<3>::Tick& tick);
    void look_at_rest(const Vector& values);
    void release(const Waiting& waiting);

    std::vector<Waiting> waiting_;
    Steady<3> steady_;
    std::array<Vector, length> ring_{};
    std::size_t next_ = 0;
    std::uint64_t implausible_ = 0;
    std::vector<WristWindow> out_;
};

class WristFalls {
public:
    explicit WristFalls(const Trees& model) : model_(model) {}  // the model must outlive this
    std::optional<Fall> push(const Motion& motion);
    std::optional<Fall> finish();  // no more samples come
    [[nodiscard]] std::uint64_t implausible() const { return windows_.implausible(); }

    static constexpr std::int64_t quiet_s = 20;

private:
    std::optional<Fall> judge(std::span<const WristWindow> windows);

    const Trees& model_;
    WristWindows windows_;
    base::Time quiet_until_ = base::Time::none();
};

}  // namespace shoumen::detect
