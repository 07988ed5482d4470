#include "decide/precision.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "model/track.hpp"

using namespace shoumen;
using namespace shoumen::model;
using namespace shoumen::decide;

namespace {

Record record(std::uint32_t real, std::uint32_t mistaken, base::Duration age = {}) {
    Record r;
    for (std::uint32_t n = 0; n < real; ++n) add(r, Verdict::real, age);
    for (std::uint32_t n = 0; n < mistaken; ++n) add(r, Verdict::mistaken, age);
    return r;
}

// The textbook's form of the interval, by floating point.
double wilson_upper(double k, double n) {
    const double z = 1.28;
    const double p = k / n;
    const double z2n = z * z / n;
    return (p + z2n / 2 + z * std::sqrt(p * (1 - p) / n + z2n / (4 * n))) / (1 + z2n);
}

constexpr Precision usual{.target = 500, .quiet_below = 100};

}  // namespace

TEST_CASE("the bounds are Wilson's, to the thousandth") {
    base::SeededRandom random(7);
    for (int n = 0; n < 3000; ++n) {
        const Record r = record(static_cast<std::uint32_t>(random.below(120)),
                                static_cast<std::uint32_t>(1 + random.below(120)), base::days(0));
        const double k = r.real_weight / 1000.0;
        const double all = k + r.mistaken_weight / 1000.0;
        CAPTURE(k);
        CAPTURE(all);
        CHECK(std::abs(at_most(r) / 1000.0 - wilson_upper(k, all)) <= 0.0011);
        CHECK(std::abs(at_least(r) / 1000.0 - (1 - wilson_upper(all - k, all))) <= 0.0011);
        CHECK(at_least(r) <= mean(r));
        CHECK(mean(r) <= at_most(r));
    }
    CHECK(at_most({}) == 1000);
    CHECK(at_least({}) == 0);
    CHECK(mean({}) == 0);
    CHECK(at_most(record(5, 0)) == 1000);
    CHECK(at_least(record(0, 5)) == 0);
}

TEST_CASE("two wrong alerts ask for a look, one does not; fifteen make quiet, fourteen do not") {
    CHECK(stage_of(usual, record(0, 0)) == Stage::trusted);
    CHECK(stage_of(usual, record(0, 1)) == Stage::trusted);
    CHECK(stage_of(usual, record(0, 2)) == Stage::second_look);
    CHECK(stage_of(usual, record(1, 1)) == Stage::trusted);
    CHECK(stage_of(usual, record(0, 14)) == Stage::second_look);
    CHECK(stage_of(usual, record(0, 15)) == Stage::quiet);
    CHECK(stage_of(usual, record(1, 15)) == Stage::second_look);  // one that was real, and somebody looks again
    CHECK(stage_of({.target = 500}, record(0, 200)) == Stage::second_look);  // never quiet unless the rule says so
    CHECK(stage_of(usual, record(40, 20)) == Stage::trusted);
}

TEST_CASE("a target of 90 % asks for a look as soon as it is surely missed") {
    const Precision strict{.target = 900};
    CHECK(stage_of(strict, record(1, 1)) == Stage::second_look);
    CHECK(stage_of(strict, record(9, 1)) == Stage::trusted);
    CHECK(stage_of(strict, record(70, 30)) == Stage::second_look);
}

TEST_CASE("an old verdict counts for half every thirty days, and in the end for nothing") {
    CHECK(weight_of(base::days(0)) == 1000);
    CHECK(weight_of(base::days(0) - base::hours(3)) == 1000);  // a clock that was set back
    CHECK(weight_of(base::days(15)) == 707);
    CHECK(weight_of(base::days(30)) == 500);
    CHECK(weight_of(base::days(90)) == 125);
    CHECK(weight_of(base::days(100'000)) == 0);
    for (int day = 1; day < 400; ++day) CHECK(weight_of(base::days(day)) <= weight_of(base::days(day - 1)));
    CHECK(stage_of(usual, record(0, 2, base::days(5))) == Stage::second_look);
    CHECK(stage_of(usual, record(0, 2, base::days(20))) == Stage::trusted);
    CHECK(stage_of(usual, record(0, 15, base::days(1))) == Stage::second_look);
}

TEST_CASE("test and unknown count neither way, and are counted") {
    Record r = record(0, 2);
    const std::uint32_t bound = at_most(r);
    for (int n = 0; n < 50; ++n) {
        add(r, Verdict::test, {});
        add(r, Verdict::unknown, {});
        add(r, Verdict::none, {});
    }
    CHECK(at_most(r) == bound);
    CHECK(r.test == 50);
    CHECK(r.unknown == 50);
}

TEST_CASE("more verdicts than are weighed: the newest weigh, all are counted, nothing overflows") {
    Record r;
    for (int n = 0; n < 100'000; ++n) add(r, n < 256 ? Verdict::real : Verdict::mistaken, {});
    CHECK(r.real_weight == 256'000);
    CHECK(r.mistaken_weight == 0);
    CHECK(r.mistaken == 99'744);
    CHECK(at_most(r) == 1000);
    CHECK(at_most(record(0, 100'000)) == 7);
}

TEST_CASE("more wrong alerts never make anything more trusted, more real ones never less") {
    for (std::uint32_t real = 0; real < 40; ++real) {
        for (std::uint32_t wrong = 0; wrong < 40; ++wrong) {
            const auto now = stage_of(usual, record(real, wrong));
            CHECK(stage_of(usual, record(real, wrong + 1)) >= (real + wrong >= 2 ? now : Stage::trusted));
            if (real + wrong >= 2) CHECK(stage_of(usual, record(real + 1, wrong)) <= now);
        }
    }
}

TEST_CASE("what is quiet asks for a look first thing, at other hours, and when something else finds it too") {
    Policy policy;
    policy.zone = base::Zone("Asia/Shanghai", {{base::Time::none(), 8 * 3600}});
    const base::Time noon{1'772'510'400'000'000};  // 12:00 there
    Past past{.record = record(0, 20), .mistaken_hours = 1U << 12U, .today = true};
    const auto stage = [&](base::Duration later) { return doubt_of(policy, usual, past, noon + later).stage; };
    CHECK(stage({}) == Stage::quiet);
    CHECK(stage(base::hours(1)) == Stage::quiet);  // one hour more or less
    CHECK(stage(base::hours(-1)) == Stage::quiet);
    CHECK(stage(base::hours(2)) == Stage::second_look);
    CHECK(stage(base::hours(14)) == Stage::second_look);
    past.mistaken_hours = 1U << 23U;
    CHECK(stage(base::hours(12)) == Stage::quiet);  // over midnight
    CHECK(stage(base::hours(13)) == Stage::second_look);
    past.mistaken_hours = 1U << 12U;
    past.beside = true;
    CHECK(stage({}) == Stage::second_look);
    past.beside = false;
    past.today = false;
    CHECK(stage({}) == Stage::second_look);
    past.today = true;
    past.record = record(0, 3);
    const Doubt doubt = doubt_of(policy, usual, past, noon);
    CHECK(doubt == Doubt{Stage::second_look, 0, 3, at_most(past.record)});
}

TEST_CASE("the scene is what the rule's field says") {
    Rule rule;
    const FieldId zone{3U};
    const std::vector<Value> symbol{Value::real(FieldId{1U}, 5), Value::symbol(zone, SymbolId{1U})};
    CHECK(scene_of(rule, symbol) == 0);
    rule.precision = Precision{};
    CHECK(scene_of(rule, symbol) == 0);
    rule.precision->scene = zone;
    Policy policy;
    policy.symbols = {"path", "rack"};
    const auto text = [&](const Value& v) { return scene_text(policy, scene_of(rule, std::vector{v})); };
    CHECK(scene_text(policy, scene_of(rule, symbol)) == "rack");
    CHECK(text(Value::symbol(zone, SymbolId{9U})).empty());
    CHECK(text(Value::real(zone, -3)) == "-3");
    CHECK(text(Value::real(zone, 0.5)).empty());
    CHECK(text(Value::real(zone, 1e300)).empty());
    CHECK(text(Value::real(zone, std::nan(""))).empty());
    CHECK(text(Value::boolean(zone, true)) == "true");
    CHECK(text(Value::boolean(zone, false)) == "false");
    CHECK(text(Value::text(zone, 0)).empty());
    CHECK(scene_of(rule, std::vector{Value::text(zone, 0)}) == scene_untold);
    CHECK(scene_of(rule, std::vector{Value::real(zone, 0.5)}) == scene_untold);
    CHECK(scene_of(rule, std::vector{Value::real(FieldId{1U}, 7)}) == 0);
    CHECK(text(Value::real(FieldId{1U}, 7)).empty());
    // Numbers, words and truths never meet.
    CHECK(scene_of(rule, std::vector{Value::real(zone, 1)}) != scene_of(rule, std::vector{Value::boolean(zone, true)}));
    CHECK(scene_of(rule, std::vector{Value::real(zone, 1)}) != scene_of(rule, symbol));
}
