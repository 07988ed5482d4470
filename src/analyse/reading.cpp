#include "reading.hpp"

namespace shoumen::analyse {

namespace {

std::uint8_t accepted(model::Compare compare) {
    switch (compare) {
        case model::Compare::equal:
            return order::equal;
        case model::Compare::not_equal:
            return order::below | order::above;
        case model::Compare::below:
            return order::below;
        case model::Compare::at_most:
            return order::below | order::equal;
        case model::Compare::above:
            return order::above;
        case model::Compare::at_least:
            return order::above | order::equal;
        case model::Compare::changed:
            return order::changed;
    }
    return 0;
}

}  // namespace

Test make_test(const model::Condition& condition) {
    using model::ValueType;
    Test test;
    test.negated = condition.negated;
    test.or_next = condition.or_next;
    if (!condition.field.valid()) return test;
    test.field = condition.field.value;
    test.accepts = accepted(condition.compare);
    if (condition.compare == model::Compare::changed) return test;
    const bool equality = condition.compare == model::Compare::equal || condition.compare == model::Compare::not_equal;
    const ValueType type = condition.value.type;
    if (type == ValueType::number || (type == ValueType::boolean && equality)) {
        test.type = type;
        test.number = condition.value.number;
    } else if (type == ValueType::symbol && equality) {
        test.type = type;
        test.symbol = condition.value.index;
    }
    return test;
}

}  // namespace shoumen::analyse
