#include "detect/steady.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace shoumen;
using base::Time;
using detect::Steady;

namespace {

constexpr Time start{1'772'500'000'000'000};
Time at(double seconds) { return start + base::Duration{static_cast<std::int64_t>(seconds * 1e6)}; }
double wave(double seconds) { return std::sin(2 * seconds); }

// The largest error of the ticks against the wave that was sampled, once the period is known.
double worst(Steady<1>& steady, std::span<const std::pair<Time, double>> samples) {
    double worst = 0;
    for (const auto& [time, value] : samples) {
        for (const auto& tick : steady.push(time, {value})) {
            const double s = static_cast<double>((tick.time - start).us) / 1e6;
            if (s > 2) worst = std::max(worst, std::abs(tick.values[0] - wave(s)));
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("even samples of any rate come out at the rate asked for") {
    for (const double rate : {20.0, 25.0, 34.0, 50.0, 100.0}) {
        CAPTURE(rate);
        Steady<1> steady({.rate = 32, .usual_rate = 32});
        std::size_t ticks = 0;
        double off = 0;
        for (int i = 0; i < static_cast<int>(10 * rate); ++i) {
            for (const auto& tick : steady.push(at(i / rate), {wave(i / rate)})) {
                ++ticks;
                const double s = static_cast<double>((tick.time - start).us) / 1e6;
                if (s > 2) off = std::max(off, std::abs(tick.values[0] - wave(s)));
            }
        }
        CHECK(ticks >= 312);
        CHECK(ticks <= 322);
        CHECK(off < 0.08);
    }
}

TEST_CASE("samples that come in bursts, now and then backwards, lie as evenly as they were measured") {
    std::vector<std::pair<Time, double>> samples;
    base::SeededRandom random(7);
    for (int i = 0; i < 1'000; ++i) {
        const double measured = i / 34.0;
        const double handed_on = std::ceil(measured * 10) / 10 + 0.001 * random.unit();  // ten radio slots a second
        samples.emplace_back(at(handed_on), wave(measured - 0.0));
    }
    Steady<1> steady({.rate = 32, .usual_rate = 32});
    CHECK(worst(steady, samples) < 0.35);  // as late as the radio, and no more uneven than that
}

TEST_CASE("a stall after which the missing samples come at once is no gap; a hole is") {
    Steady<1> steady({.rate = 32, .hole_s = 0.8, .bridge_s = 2, .usual_rate = 32});
    std::size_t firsts = 0, ticks = 0;
    const auto push = [&](double s) {
        for (const auto& tick : steady.push(at(s), {1})) {
            firsts += tick.first;
            ++ticks;
        }
    };
    for (int i = 0; i < 160; ++i) push(i / 32.0);
    for (int i = 160; i < 180; ++i) push(179 / 32.0 + i * 1e-4);
    for (int i = 180; i < 320; ++i) push(i / 32.0);
    CHECK(firsts == 1);
    CHECK(ticks >= 310);
    CHECK(ticks <= 330);
    push(320 / 32.0 + 1.5);  // bridged
    CHECK(firsts == 1);
    push(320 / 32.0 + 60);
    CHECK(firsts == 2);
    push(2);  // a clock set back
    CHECK(firsts == 3);
}

TEST_CASE("no gap, however long, makes more ticks than the bridge holds") {
    Steady<1> steady({.rate = 32, .hole_s = 0.8, .bridge_s = 2, .usual_rate = 32});
    base::SeededRandom random(3);
    Time t = start;
    for (int i = 0; i < 20'000; ++i) {
        t = t + base::Duration{static_cast<std::int64_t>(random.below(4'000'000'000)) - 1'000'000'000};
        CHECK(steady.push(t, {1}).size() <= 80);
    }
}
