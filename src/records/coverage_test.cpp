#include "records/coverage.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace shoumen;
using namespace shoumen::records;
using model::CoverageRow;
using model::PlaceId;
using model::PlaceLevel;
using model::Served;
using model::SignalKind;

namespace {

constexpr std::uint32_t bit(SignalKind kind) { return 1U << static_cast<unsigned>(kind); }

struct Town {
    model::Policy policy;
    model::Coverage asked;

    PlaceId place(std::string code, PlaceId parent, PlaceLevel level) {
        policy.places.push_back({.code = std::move(code), .name = {}, .parent = parent, .level = level});
        return PlaceId{policy.places.size() - 1};
    }
    void device(SignalKind kind, PlaceId at) {
        model::Device d;
        d.code = "d" + std::to_string(policy.devices.size());
        d.kind = kind;
        d.place = at;
        policy.devices.push_back(std::move(d));
    }
};

// A community of one estate: a yard, two buildings of `homes` homes each.
struct Estate : Town {
    PlaceId community, estate, yard, one, two;
    std::vector<PlaceId> homes;

    explicit Estate(int each) {
        community = place("c", {}, PlaceLevel::community);
        policy.root = community;
        estate = place("e", community, PlaceLevel::estate);
        yard = place("y", estate, PlaceLevel::point);
        one = place("b1", estate, PlaceLevel::building);
        two = place("b2", estate, PlaceLevel::building);
        for (int i = 0; i < 2 * each; ++i)
            homes.push_back(place("h" + std::to_string(i), i < each ? one : two, PlaceLevel::home));
        asked.targets = {{"cameras",
                          {},
                          bit(SignalKind::camera_fall) | bit(SignalKind::camera_fight),
                          model::CoveragePer::area,
                          200},
                         {"smoke", {}, bit(SignalKind::smoke), model::CoveragePer::home, 0, 100},
                         {"bracelets", {}, bit(SignalKind::elder_bracelet), model::CoveragePer::person, 0, 80}};
    }
};

const CoverageRow& row(const std::vector<CoverageRow>& rows, std::size_t target, PlaceId place) {
    for (const auto& r : rows) {
        if (r.target == target && r.place == place) return r;
    }
    throw std::runtime_error("no such row");
}

// How far the plan is reached: each target at most all of it.
double reached(const model::Policy& policy, const model::Coverage& asked) {
    double sum = 0;
    for (const auto& r : coverage(policy, asked, {})) {
        if (r.place != policy.root || r.served.base == 0) continue;
        const auto& target = asked.targets[r.target];
        const auto wanted = (r.served.base * target.share_percent + 99) / 100;
        sum += static_cast<double>(std::min(r.served.served, wanted)) / static_cast<double>(wanted);
    }
    return sum;
}

// The best that any choice of n devices reaches, all of them tried.
double best(Town& town, const std::vector<std::pair<SignalKind, PlaceId>>& choices, std::size_t from, std::size_t n) {
    double most = reached(town.policy, town.asked);
    if (n == 0) return most;
    for (std::size_t i = from; i < choices.size(); ++i) {
        town.device(choices[i].first, choices[i].second);
        most = std::max(most, best(town, choices, i, n - 1));
        town.policy.devices.pop_back();
    }
    return most;
}

}  // namespace

TEST_CASE("coverage counts what a device can serve, once, and tells what works from what merely hangs there") {
    Estate e(3);
    e.asked.areas = {{e.yard, 450}, {e.one, 100}};
    e.asked.persons = {{e.one, 2}};
    e.device(SignalKind::camera_fall, e.yard);
    e.device(SignalKind::camera_fight, e.yard);
    e.device(SignalKind::camera_fight, e.yard);     // the third sees the last 50 m² only
    e.device(SignalKind::camera_fall, e.homes[0]);  // the building's own 100
    e.device(SignalKind::camera_fall, e.estate);    // nothing public is known there
    e.device(SignalKind::smoke, e.homes[0]);
    e.device(SignalKind::smoke, e.homes[0]);  // a second one serves nobody more
    e.device(SignalKind::smoke, e.homes[4]);
    e.device(SignalKind::elder_bracelet, e.homes[1]);
    e.policy.devices.back().retired = false;
    e.device(SignalKind::elder_bracelet, e.homes[1]);
    e.policy.devices.back().retired = true;
    Works works(e.policy.devices.size(), true);
    works[1] = works[2] = works[7] = false;
    const auto rows = coverage(e.policy, e.asked, works);
    CHECK(row(rows, 0, e.community).served == Served{550, 550, 300, 5, 1});
    CHECK(row(rows, 0, e.one).served == Served{100, 100, 100, 1, 0});
    CHECK_THROWS(row(rows, 0, e.two));  // nothing to see there
    CHECK(row(rows, 1, e.community).served == Served{6, 2, 1, 3, 0});
    CHECK(row(rows, 1, e.one).served == Served{3, 1, 1, 2, 0});
    CHECK(row(rows, 1, e.two).served == Served{3, 1, 0, 1, 0});
    CHECK(row(rows, 2, e.estate).served == Served{2, 1, 1, 1, 0});
}

TEST_CASE("the next devices go where the plan is furthest from reached, and stop when it is") {
    Estate e(2);
    e.asked.areas = {{e.yard, 500}};
    e.asked.persons = {{e.one, 1}};
    e.device(SignalKind::smoke, e.homes[0]);
    const auto next = next_devices(e.policy, e.asked, 100);
    // One bracelet is the whole of its target; then 200 of 500 m² twice, a quarter of the homes three times, the rest.
    REQUIRE(next.size() == 7);
    CHECK(next[0].target == 2);
    CHECK(next[0].per_mille_of_plan == 1000);
    CHECK(next[1].place == e.yard);
    CHECK(next[1].gains == 200);
    CHECK(next[1].per_mille_of_plan == 400);
    CHECK(next[2].gains == 200);
    CHECK(next[3].place == e.homes[2]);  // the building that has none yet comes first
    CHECK(next[6].gains == 100);
    CHECK(next_devices(e.policy, e.asked, 0).empty());
    CHECK(next_devices(e.policy, {}, 10).empty());
}

TEST_CASE("no other choice of devices reaches more of the plan") {
    rc::check("greedy equals the best found by trying all", [] {
        Estate e(*rc::gen::inRange(1, 3));
        e.asked.areas = {{e.yard, *rc::gen::inRange(1U, 700U)}, {e.one, *rc::gen::inRange(1U, 500U)}};
        e.asked.persons = {{e.one, *rc::gen::inRange(1U, 4U)}, {e.two, *rc::gen::inRange(1U, 4U)}};
        e.asked.targets[0].square_metres = *rc::gen::inRange(50U, 300U);
        for (auto& target : e.asked.targets) target.share_percent = *rc::gen::inRange(1U, 101U);
        std::vector<std::pair<SignalKind, PlaceId>> choices{{SignalKind::camera_fall, e.yard},
                                                            {SignalKind::camera_fall, e.one},
                                                            {SignalKind::elder_bracelet, e.one},
                                                            {SignalKind::elder_bracelet, e.two}};
        for (const auto home : e.homes) choices.emplace_back(SignalKind::smoke, home);
        const int there = *rc::gen::inRange(0, 5);
        for (int i = 0; i < there; ++i) {
            const auto& choice = choices[*rc::gen::inRange<std::size_t>(0, choices.size())];
            e.device(choice.first, choice.second);
        }
        const std::size_t n = *rc::gen::inRange<std::size_t>(0, 5);
        const double most = best(e, choices, 0, n);
        const auto proposed = next_devices(e.policy, e.asked, n);
        for (const auto& p : proposed) {
            e.device(p.target == 0 ? SignalKind::camera_fall
                                   : (p.target == 1 ? SignalKind::smoke : SignalKind::elder_bracelet),
                     p.place);
        }
        RC_ASSERT(std::abs(reached(e.policy, e.asked) - most) < 1e-9);
    });
}
