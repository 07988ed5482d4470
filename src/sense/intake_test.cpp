#include "sense/intake.hpp"

#include <deque>
#include <map>

#include <doctest/doctest.h>

#include "base/random.hpp"

#include "ring.hpp"

using namespace shoumen;
using base::minutes;
using base::seconds;
using base::Time;
using model::DeviceId;
using model::TimeVerdict;

namespace {

const Time start{1'772'500'000'000'000};

model::Policy devices(std::size_t n) {
    model::Policy policy;
    policy.devices.resize(n);
    return policy;
}

sense::Intake intake_for(std::size_t n) {
    sense::Intake intake;
    intake.adopt(devices(n));
    return intake;
}

model::Signal message(std::uint32_t device, std::uint64_t id) {
    model::Signal s;
    s.device = DeviceId{device};
    s.message = id;
    return s;
}

sense::Intake reborn(const sense::Intake& intake, std::size_t n) {
    base::ByteWriter out;
    intake.encode(out);
    sense::Intake again = intake_for(n);
    base::ByteReader in(out.view());
    REQUIRE(again.decode(in));
    CHECK(in.at_end());
    return again;
}

std::string bytes_of(const sense::Intake& intake) {
    base::ByteWriter out;
    intake.encode(out);
    return out.take();
}

}  // namespace

TEST_CASE("the clock rule, at its edges") {
    CHECK(sense::judge_time(Time::none(), start) == TimeVerdict::receipt);
    CHECK(sense::judge_time(start, start) == TimeVerdict::event);
    CHECK(sense::judge_time(start + seconds(120), start) == TimeVerdict::event);
    CHECK(sense::judge_time(start + seconds(120) + base::Duration{1}, start) == TimeVerdict::clock_wrong);
    CHECK(sense::judge_time(start - seconds(120), start) == TimeVerdict::event);
    CHECK(sense::judge_time(start - seconds(120) - base::Duration{1}, start) == TimeVerdict::late);
    CHECK(sense::judge_time(Time{0}, start) == TimeVerdict::clock_wrong);
    CHECK(sense::judge_time(Time{946'684'799'999'999}, start) == TimeVerdict::clock_wrong);
    CHECK(sense::judge_time(Time{946'684'800'000'000}, start) == TimeVerdict::late);
    CHECK(sense::judge_time(start + base::days(36'500), start) == TimeVerdict::clock_wrong);
}

TEST_CASE("which time counts") {
    auto intake = intake_for(1);
    model::Signal s = message(0, 0);
    CHECK(intake.admit(s, start).effective == start);
    s.claimed = start - seconds(90);
    CHECK(intake.admit(s, start).effective == s.claimed);
    CHECK_FALSE(intake.clock_wrong(DeviceId{0U}));
    s.claimed = start + minutes(3);
    CHECK(intake.admit(s, start).effective == start);
    CHECK(intake.clock_wrong(DeviceId{0U}));
    s.claimed = start - minutes(3);
    const auto late = intake.admit(s, start);
    CHECK(late.verdict == TimeVerdict::late);
    CHECK(late.effective == start);
    CHECK_FALSE(intake.clock_wrong(DeviceId{0U}));
}

TEST_CASE("last heard") {
    auto intake = intake_for(2);
    CHECK(intake.last_heard(DeviceId{0U}) == Time::none());
    intake.admit(message(0, 5), start);
    intake.admit(message(0, 5), start + seconds(9));  // a repeat shows that the device lives
    CHECK(intake.last_heard(DeviceId{0U}) == start + seconds(9));
    CHECK(intake.last_heard(DeviceId{1U}) == Time::none());
    CHECK(intake.last_heard(DeviceId{7U}) == Time::none());
}

TEST_CASE("a repeat is dropped, whatever else differs") {
    auto intake = intake_for(2);
    model::Signal s = message(0, 42);
    CHECK_FALSE(intake.admit(s, start).repeat);
    s.claimed = start;
    CHECK(intake.admit(s, start + base::days(3)).repeat);
    CHECK_FALSE(intake.admit(message(1, 42), start).repeat);  // another device's id
}

TEST_CASE("without an id nothing is a repeat") {
    auto intake = intake_for(1);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(intake.admit(message(0, 0), start).repeat);
}

TEST_CASE("ids that differ in one bit are two") {
    for (unsigned bit = 0; bit < 64; ++bit) {
        auto intake = intake_for(1);
        const std::uint64_t id = 0x8000000000000001ULL;
        CHECK_FALSE(intake.admit(message(0, id), start).repeat);
        if ((id ^ (1ULL << bit)) != 0) CHECK_FALSE(intake.admit(message(0, id ^ (1ULL << bit)), start).repeat);
        CHECK(intake.admit(message(0, id), start).repeat);
    }
}

TEST_CASE("an id is known until 32 newer ones came, and no unknown one ever is") {
    auto intake = intake_for(1);
    // A message an hour: the ring has no reason to grow.
    Time t = start;
    for (std::uint64_t id = 1; id <= 200; ++id, t = t + base::hours(1)) {
        CAPTURE(id);
        CHECK_FALSE(intake.admit(message(0, id), t).repeat);
        for (std::uint64_t back = 0; back < 32 && back < id; ++back)
            CHECK(intake.admit(message(0, id - back), t).repeat);
    }
    CHECK_FALSE(intake.admit(message(0, 200 - 32), t).repeat);
}

TEST_CASE("a device that sends fast is remembered for ten minutes") {
    auto intake = intake_for(1);
    Time t = start;
    for (std::uint64_t id = 1; id <= 3'000; ++id, t = t + base::milliseconds(200))
        REQUIRE_FALSE(intake.admit(message(0, id), t).repeat);
    for (std::uint64_t id = 1; id <= 3'000; ++id) REQUIRE(intake.admit(message(0, id), t).repeat);
}

TEST_CASE("the ring grows no further than 4,096") {
    auto intake = intake_for(1);
    const std::size_t quiet = intake.bytes();
    for (std::uint64_t id = 1; id <= 20'000; ++id) REQUIRE_FALSE(intake.admit(message(0, id), start).repeat);
    CHECK(intake.bytes() < quiet + 16 * 4'096 + 1'000);
    for (std::uint64_t id = 20'000 - 4'095; id <= 20'000; ++id) REQUIRE(intake.admit(message(0, id), start).repeat);
    CHECK_FALSE(intake.admit(message(0, 20'000 - 4'096), start).repeat);
}

TEST_CASE("a device that has become quiet gives its large ring back") {
    auto intake = intake_for(1);
    const std::size_t quiet = intake.bytes();
    std::uint64_t id = 1;
    for (; id <= 1'000; ++id) intake.admit(message(0, id), start);
    CHECK(intake.bytes() > quiet + 10'000);
    Time t = start;
    for (; id <= 5'000; ++id) {
        t = t + minutes(2);
        REQUIRE_FALSE(intake.admit(message(0, id), t).repeat);
        for (std::uint64_t back = 0; back < 32; ++back) REQUIRE(intake.admit(message(0, id - back), t).repeat);
    }
    CHECK(intake.bytes() < quiet + 200);
}

TEST_CASE("devices no policy knows are judged by the clock alone") {
    sense::Intake intake;
    CHECK_FALSE(intake.admit(message(9, 1), start).repeat);
    CHECK_FALSE(intake.admit(message(9, 1), start).repeat);
    intake.prefetch(DeviceId{9U});
}

TEST_CASE("new devices find room, old ones are remembered") {
    auto intake = intake_for(1);
    intake.admit(message(0, 1), start);
    intake.adopt(devices(3));
    CHECK(intake.admit(message(0, 1), start).repeat);
    CHECK_FALSE(intake.admit(message(2, 1), start).repeat);
    intake.adopt(devices(1));
    CHECK(intake.admit(message(2, 1), start).repeat);
}

TEST_CASE("a copy goes its own way") {
    auto intake = intake_for(1);
    intake.admit(message(0, 1), start);
    sense::Intake copy = intake;
    intake.admit(message(0, 2), start);
    CHECK(copy.admit(message(0, 1), start).repeat);
    CHECK_FALSE(copy.admit(message(0, 2), start).repeat);
    CHECK(intake.admit(message(0, 2), start).repeat);
}

TEST_CASE("damaged bytes are refused") {
    auto intake = intake_for(2);
    for (std::uint64_t id = 1; id < 100; ++id) intake.admit(message(0, id), start);
    const std::string good = bytes_of(intake);
    for (std::size_t n = 0; n < good.size(); ++n) {
        base::ByteReader in(std::string_view(good).substr(0, n));
        CHECK_FALSE(intake_for(2).decode(in));
    }
    std::string other = good;
    other[0] = 9;
    base::ByteReader in(other);
    const auto result = intake_for(2).decode(in);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "data-damaged");
    base::SeededRandom random(1);
    for (int i = 0; i < 3'000; ++i) {  // whatever the bytes: no crash
        std::string bent = good;
        bent[random.below(bent.size())] = static_cast<char>(random.next());
        base::ByteReader reader(bent);
        auto again = intake_for(2);
        if (again.decode(reader)) again.admit(message(0, 7), start);
    }
}

// The reference: every id ever sent. One among the last 32, or younger than ten minutes and among the last 4,096, must
// be known; one never sent must not be; of others the ring may know or not, but the same before and after a restart.
TEST_CASE("random streams against a list of all ids; a restart changes nothing") {
    struct Sent {
        std::uint64_t id;
        Time at;
    };
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        base::SeededRandom random(seed);
        constexpr std::uint32_t count = 3;
        auto intake = intake_for(count);
        auto restarted = intake_for(count);
        std::map<std::uint32_t, std::vector<Sent>> sent;
        Time t = start;
        std::int64_t pace = 1'000'000;
        for (int i = 0; i < 4'000; ++i) {
            if (random.chance(0.005)) pace = static_cast<std::int64_t>(random.below(60'000'000));
            t = t + base::Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(pace) + 1))};
            const auto device = static_cast<std::uint32_t>(random.below(count));
            auto& before = sent[device];
            const bool again = !before.empty() && random.chance(0.3);
            const std::size_t back = std::min<std::size_t>(random.below(random.chance(0.5) ? 32 : 600),
                                                           before.empty() ? 0 : before.size() - 1);
            const Sent chosen = again ? before[before.size() - 1 - back] : Sent{random.next() | 1U, t};
            const bool repeat = intake.admit(message(device, chosen.id), t).repeat;
            REQUIRE(restarted.admit(message(device, chosen.id), t).repeat == repeat);
            if (again && (back < 32 || t - chosen.at < seconds(599))) REQUIRE(repeat);
            if (!again) REQUIRE_FALSE(repeat);
            if (!repeat) before.push_back({chosen.id, t});
            if (random.chance(0.01)) {
                restarted = reborn(restarted, count);
                REQUIRE(bytes_of(restarted) == bytes_of(intake));
            }
        }
    }
}
