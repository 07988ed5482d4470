#include "live_queue.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace shoumen::doors::http;

namespace {

Frame frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace

TEST_CASE("a newer push about the same thing takes the older one's place") {
    LiveQueue q(3);
    CHECK(q.offer(7, frame("a1")));
    CHECK(q.offer(8, frame("b1")));
    CHECK(q.offer(7, frame("a2")));
    CHECK(q.size() == 2);
    CHECK(*q.take() == "a2");
    CHECK(q.offer(7, frame("a3")));  // the former is gone: at the end again
    CHECK(*q.take() == "b1");
    CHECK(*q.take() == "a3");
    CHECK(q.empty());
}

TEST_CASE("what waits is bounded, and frames without a key are never replaced") {
    LiveQueue q(2);
    CHECK(q.offer(0, frame("x")));
    CHECK(q.offer(0, frame("y")));
    CHECK_FALSE(q.offer(0, frame("z")));
    CHECK_FALSE(q.offer(5, frame("z")));
    CHECK(*q.take() == "x");
    CHECK(q.offer(5, frame("a")));
    CHECK(q.offer(5, frame("b")));  // full, but it takes no room
    q.clear();
    CHECK(q.empty());
    CHECK(q.offer(5, frame("c")));
    CHECK(*q.take() == "c");
}

TEST_CASE("the queue does as a plain list would") {
    constexpr std::uint64_t seed = 4711;
    INFO("seed ", seed);
    shoumen::base::SeededRandom random(seed);
    LiveQueue q(5);
    std::vector<std::pair<std::uint64_t, std::string>> plain;
    for (int step = 0; step < 20'000; ++step) {
        if (random.chance(0.4) && !plain.empty()) {
            REQUIRE(*q.take() == plain.front().second);
            plain.erase(plain.begin());
            continue;
        }
        const auto key = random.below(8);
        const auto text = std::to_string(step);
        const auto same =
            std::find_if(plain.begin(), plain.end(), [&](const auto& p) { return key != 0 && p.first == key; });
        const bool fits = same != plain.end() || plain.size() < 5;
        if (same != plain.end())
            same->second = text;
        else if (fits)
            plain.emplace_back(key, text);
        REQUIRE(q.offer(key, frame(text)) == fits);
        REQUIRE(q.size() == plain.size());
    }
}
