#include "detect/study.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"

using namespace shoumen;
using namespace shoumen::detect;

namespace {

// Ten windows a trial, of noise; a fall's holds one in which the first feature is high and the second low. Where that
// window is, is not told: `likely` names it in half of the trials only.
std::vector<Trial> made_up(std::size_t n, std::uint64_t seed) {
    base::SeededRandom random(seed);
    std::vector<Trial> out;
    for (std::size_t i = 0; i < n; ++i) {
        Trial t{fmt::format("p{}", i % 5), i % 3 == 0, {}, {}};
        for (std::size_t w = 0; w < 10; ++w) t.windows.push_back({random.unit(), random.unit(), random.unit()});
        if (t.fall) {
            const std::size_t where = random.below(10);
            t.windows[where] = {1.2 + random.unit(), -0.2 - random.unit(), random.unit()};
            t.likely = {random.chance(0.5) ? where : random.below(10)};
        }
        out.push_back(std::move(t));
    }
    return out;
}

std::vector<const Trial*> all_of(const std::vector<Trial>& trials) {
    std::vector<const Trial*> out;
    for (const Trial& t : trials) out.push_back(&t);
    return out;
}

}  // namespace

TEST_CASE("what falls have in common is found, though the windows are not labelled") {
    const auto trials = made_up(120, 1), others = made_up(90, 2);
    const Trees model = study_with_threshold(all_of(trials), {}, "made-up");
    Tally t;
    for (const Trial& o : others) {
        const bool alarm = surest(model, o) >= model.threshold;
        t.found += o.fall && alarm;
        t.missed += o.fall && !alarm;
        t.false_alarms += !o.fall && alarm;
    }
    CHECK(t.f1() > 0.95);
}

TEST_CASE("the same trials and the same seed make the same model, another seed another") {
    const auto trials = made_up(60, 1);
    StudyOptions options;
    options.course.trees = 20;
    const Trees a = study(all_of(trials), options, "x"), b = study(all_of(trials), options, "x");
    CHECK(a == b);
    options.course.seed += 1;
    CHECK(study(all_of(trials), options, "x").trees != a.trees);
}

TEST_CASE("labels without a cause teach nothing that holds for others") {
    auto trials = made_up(120, 1);
    base::SeededRandom random(9);
    for (Trial& t : trials) {
        for (auto& w : t.windows) w = {random.unit(), random.unit(), random.unit()};
        t.likely = t.fall ? std::vector<std::size_t>{0} : std::vector<std::size_t>{};
    }
    std::vector<Judged> judged;
    for (const char* group : {"p0", "p1", "p2", "p3", "p4"}) {
        std::vector<const Trial*> rest;
        for (const Trial& t : trials) {
            if (t.group != group) rest.push_back(&t);
        }
        const Trees model = study(rest, {}, "noise");
        for (const Trial& t : trials) {
            if (t.group == group) judged.push_back({t.fall, surest(model, t)});
        }
    }
    CHECK(tally(judged, best_threshold(judged)).f1() < 0.65);  // 0.5 by always saying yes
}

TEST_CASE("the threshold is the middle of the best range") {
    const std::vector<Judged> judged{{false, 0.1}, {false, 0.3}, {true, 0.7}, {true, 0.9}};
    CHECK(best_threshold(judged) == doctest::Approx(0.5));
    CHECK(tally(judged, 0.5).f1() == 1);
    CHECK(tally(judged, 0.8).recall() == 0.5);
    CHECK(tally(judged, 0.2).precision() == doctest::Approx(2.0 / 3));
}
