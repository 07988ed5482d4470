#include "mini_test.hpp"

using namespace shoumen;
using namespace shoumen::policy;

namespace {

Compiled with(std::string text) {
    Files files = mini();
    files["coverage.yaml"] = std::move(text);
    return compile(files, nullptr, 1);
}

std::vector<std::string> told(std::string text) {
    std::vector<std::string> lines;
    for (const auto& f : with(std::move(text)).findings)
        lines.push_back(f.file + ":" + std::to_string(f.line) + ": " + f.code);
    return lines;
}

constexpr const char* whole = R"(targets:
  - {id: cameras, name: {zh: 摄像机, en: Cameras}, kinds: [camera_fall, camera_fight], per: area, square_metres: 200}
  - {id: smoke, name: {zh: 烟感, en: Smoke alarms}, kinds: smoke, per: home, share: 80}
areas:
  - {place: p, square_metres: 450}
persons:
  - {place: b, number: 3}
confirmed: 85
)";

}  // namespace

TEST_CASE("coverage.yaml says what the plan asks; the policy's row does not hold it") {
    const auto compiled = with(whole);
    REQUIRE(compiled.policy);
    const auto& asked = compiled.coverage;
    REQUIRE(asked.targets.size() == 2);
    CHECK(asked.targets[0].kinds == ((1U << static_cast<unsigned>(model::SignalKind::camera_fall)) |
                                     (1U << static_cast<unsigned>(model::SignalKind::camera_fight))));
    CHECK(asked.targets[0].square_metres == 200);
    CHECK(asked.targets[0].share_percent == 100);
    CHECK(asked.targets[1].per == model::CoveragePer::home);
    CHECK(asked.targets[1].share_percent == 80);
    CHECK(asked.areas == model::AtPlaces{{compiled.policy->place_by_code.at("p"), 450}});
    CHECK(asked.persons == model::AtPlaces{{compiled.policy->place_by_code.at("b"), 3}});
    CHECK(asked.confirmed_percent == 85);
    CHECK(compile(mini(), nullptr, 1).coverage.targets.empty());
}

TEST_CASE("what coverage.yaml cannot mean is told with its line") {
    using Lines = std::vector<std::string>;
    CHECK(told("targets: []\nareas:\n  - {place: nowhere, square_metres: 4}\n") ==
          Lines{"coverage.yaml:3: unknown-place"});
    CHECK(told("targets: []\nareas:\n  - {place: p, square_metres: 4}\n  - {place: p, square_metres: 5}\n") ==
          Lines{"coverage.yaml:4: doubled-item"});
    CHECK(told("targets: []\npersons:\n  - {place: b, number: 0}\n") == Lines{"coverage.yaml:3: out-of-range"});
    CHECK(told("areas: []\n").size() == 1);
    const std::string smoke = "targets:\n  - {id: s, name: {zh: 烟, en: S}, kinds: smoke, ";
    CHECK(told(smoke + "per: home, share: 101}\n") == Lines{"coverage.yaml:2: out-of-range"});
    CHECK(told(smoke + "per: home, square_metres: 9}\n") == Lines{"coverage.yaml:2: coverage-target"});
    CHECK(told(smoke + "per: area}\n") == Lines{"coverage.yaml:2: missing-key"});
    CHECK(told(smoke + "per: house}\n") == Lines{"coverage.yaml:2: unknown-word"});
    CHECK(told("targets:\n  - {id: s, name: {zh: 烟, en: S}, kinds: smoke, per: home}\n"
               "  - {id: s, name: {zh: 烟, en: S}, kinds: smoke, per: home}\n") ==
          Lines{"coverage.yaml:3: doubled-code"});
}
