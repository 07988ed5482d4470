#include "comparison.hpp"

#include "base/random.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

using model::Compare;
using model::Condition;

bool holds(const Condition& c, double number) {
    switch (c.compare) {
        case Compare::equal:
            return number == c.value.number;
        case Compare::not_equal:
            return number != c.value.number;
        case Compare::below:
            return number < c.value.number;
        case Compare::at_most:
            return number <= c.value.number;
        case Compare::above:
            return number > c.value.number;
        case Compare::at_least:
            return number >= c.value.number;
        case Compare::changed:
            break;
    }
    return false;
}

}  // namespace

TEST_CASE("whether two comparisons can both hold, against trying values") {
    const std::uint64_t seed = 20261101;
    MESSAGE("seed " << seed);
    base::SeededRandom random(seed);
    for (int round = 0; round < 20'000; ++round) {
        const auto any = [&] {
            return Condition{model::FieldId{0U}, static_cast<Compare>(random.below(6)),
                             model::Value::real(model::FieldId{0U}, static_cast<double>(random.below(4)))};
        };
        const Condition a = any();
        const Condition b = any();
        bool found = false;
        for (double value = -1; value <= 5 && !found; value += 0.25) found = holds(a, value) && holds(b, value);
        CAPTURE(round);
        REQUIRE(can_both_hold(a, b) == found);
    }
}

TEST_CASE("truth values and words") {
    const model::FieldId f{0U};
    const auto is = [&](model::Value v) { return Condition{f, Compare::equal, v}; };
    const auto is_not = [&](model::Value v) { return Condition{f, Compare::not_equal, v}; };
    const auto yes = model::Value::boolean(f, true);
    const auto no = model::Value::boolean(f, false);
    const auto x = model::Value::symbol(f, model::SymbolId{1U});
    const auto y = model::Value::symbol(f, model::SymbolId{2U});
    CHECK(can_both_hold(is(yes), is(yes)));
    CHECK_FALSE(can_both_hold(is(yes), is(no)));
    CHECK_FALSE(can_both_hold(is(yes), is_not(yes)));
    CHECK(can_both_hold(is(yes), is_not(no)));
    CHECK_FALSE(can_both_hold(is_not(yes), is_not(no)));
    CHECK_FALSE(can_both_hold(is(x), is(y)));
    CHECK(can_both_hold(is(x), is_not(y)));
    CHECK(can_both_hold(is_not(x), is_not(y)));
    CHECK_FALSE(can_both_hold(is(x), is(yes)));
    CHECK_FALSE(can_both_hold(is(x), Condition{model::FieldId{1U}, Compare::equal, x}));
}

}  // namespace shoumen::policy
