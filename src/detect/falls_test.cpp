#include <algorithm>
#include <optional>
#include <utility>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "detect/models.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::detect;
using testing::start;

namespace {

std::vector<Fall> falls_in(const std::vector<Motion>& motions, std::uint64_t* implausible = nullptr) {
    WristFalls falls(wrist_model());
    std::vector<Fall> out;
    for (const Motion& m : motions) {
        if (const auto fall = falls.push(m)) out.push_back(*fall);
    }
    if (const auto fall = falls.finish()) out.push_back(*fall);
    if (implausible) *implausible = falls.implausible();
    return out;
}

std::vector<Fall> falls_in(const std::vector<ThermalFrame>& frames) {
    ThermalFalls falls(thermal_model());
    std::vector<Fall> out;
    for (const ThermalFrame& f : frames) {
        if (const auto fall = falls.push(f)) out.push_back(*fall);
    }
    return out;
}

}  // namespace

TEST_CASE("a hard fall is told once, at any rate, with the time of the blow") {
    for (const double rate : {25.0, 32.0, 50.0, 100.0}) {
        CAPTURE(rate);
        const auto falls = falls_in(testing::walk_and_fall(rate, 6, true));
        REQUIRE(falls.size() == 1);
        CHECK(falls[0].confidence >= wrist_model().threshold);
        const double s = static_cast<double>((falls[0].time - start).us) / 1e6;
        CHECK(s > 6);
        CHECK(s < 7.5);
    }
}

TEST_CASE("walking on and lying still are no falls") {
    CHECK(falls_in(testing::walk_and_fall(32, 60, false)).empty());
    CHECK(falls_in(std::vector<Motion>(3'000, Motion{start, 0, 0, 1})).empty());
}

TEST_CASE("whoever goes on handling things after the blow has not stayed down") {
    auto motions = testing::walk_and_fall(32, 6, true);
    REQUIRE(falls_in(motions).size() == 1);
    base::SeededRandom random(3);
    for (Motion& m : motions) {
        if (static_cast<double>((m.time - start).us) / 1e6 > 8) m.z += 1.5 * (random.unit() - 0.5);
    }
    CHECK(falls_in(motions).empty());
}

TEST_CASE("a fall is told four seconds after the blow, or when nothing more comes") {
    const auto told_in_time = [](double lie_s) {
        WristFalls falls(wrist_model());
        std::optional<base::Time> at;
        for (const Motion& m : testing::walk_and_fall(32, 6, true, lie_s)) {
            if (falls.push(m)) at = m.time;
        }
        return std::pair(at, falls.finish().has_value());
    };
    const auto [at, more] = told_in_time(8);
    REQUIRE(at);
    CHECK(*at - start >= base::milliseconds(10'000));
    CHECK(*at - start <= base::milliseconds(11'000));
    CHECK_FALSE(more);
    CHECK_FALSE(told_in_time(3).first);
    CHECK(told_in_time(3).second);
}

TEST_CASE("left or right arm does not matter") {
    const auto worn = testing::walk_and_fall(32, 6, true);
    auto turned = worn;
    for (Motion& m : turned) m = {m.time, -m.x, -m.y, m.z};
    const auto a = falls_in(worn), b = falls_in(turned);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].confidence == doctest::Approx(b[i].confidence));
}

TEST_CASE("a wrong unit is noticed, and no fall") {
    auto motions = testing::walk_and_fall(32, 6, true);
    for (Motion& m : motions) m = {m.time, m.x * standard_gravity, m.y * standard_gravity, m.z * standard_gravity};
    std::uint64_t implausible = 0;
    CHECK(falls_in(motions, &implausible).empty());
    CHECK(implausible > 0);
}

TEST_CASE("windows do not depend on where a stream began long ago, and features are numbers") {
    base::SeededRandom random(5);
    WristWindows windows;
    std::size_t seen = 0;
    for (int i = 0; i < 20'000; ++i) {
        const double size = i / 150 % 2 == 0 ? 1 : 0.02;  // the wrist rests now and then
        const auto value = [&] { return size * (random.chance(0.01) ? 1e6 : 1) * (random.unit() - 0.5); };
        const Motion m{start + base::milliseconds(31) * i, value(), value(), value() + 1};
        for (const WristWindow& w : windows.push(m)) {
            ++seen;
            for (double f : w.features) CHECK(std::isfinite(f));
        }
    }
    CHECK(seen > 0);
}

TEST_CASE("who sinks to the floor is told once, who walks on is not, however warm the room") {
    for (const double celsius : {16.0, 22.0, 29.0}) {
        CAPTURE(celsius);
        CHECK(falls_in(testing::walk_in(4, 12, celsius)).size() == 1);
        CHECK(falls_in(testing::walk_in(1e9, 12, celsius)).empty());
    }
    CHECK(falls_in(std::vector<ThermalFrame>(500, ThermalFrame{start, {}})).empty());
}
