// The comparisons of a rule, made ready, and the values of the signal in hand, found by their field at once.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "model/rule.hpp"
#include "model/signal.hpp"

namespace shoumen::analyse {

// What a comparison says of a signal. unknown: it lacks the field, or holds what cannot be compared.
enum class Answer : std::uint8_t { unknown, no, yes };

// A comparison, 16 bytes.
struct Test {
    std::uint32_t field = 0;
    model::ValueType type = model::ValueType::text;  // text: compares with nothing, but its own last value
    std::uint8_t accepts = 0;                        // bits of Order
    bool negated = false;
    bool or_next = false;
    union {
        double number = 0;
        std::uint64_t symbol;
    };
};

Test make_test(const model::Condition& condition);

class Reading {
public:
    void resize(std::size_t fields) {
        by_field_.assign(fields, nullptr);
        changed_.assign(fields, 0);
    }
    // Until drop() with the same values.
    void take(std::span<const model::Value> values) {
        for (const model::Value& v : values) {
            if (v.field.value < by_field_.size()) by_field_[v.field.value] = &v;
        }
    }
    void drop(std::span<const model::Value> values) {
        for (const model::Value& v : values) {
            if (v.field.value < by_field_.size()) by_field_[v.field.value] = nullptr;
        }
    }

    [[nodiscard]] const model::Value* value(std::uint32_t field) const { return by_field_[field]; }
    void mark_changed(std::uint32_t field, bool changed) { changed_[field] = changed ? 1 : 0; }

    [[nodiscard]] Answer ask(const Test& test) const;

private:
    std::vector<const model::Value*> by_field_;
    std::vector<std::uint8_t> changed_;  // against the device's last value, where some rule of the device asks
};

// What a comparison with a constant says of a value.
Answer compare(const Test& test, const model::Value& v);

namespace order {
constexpr std::uint8_t below = 1;
constexpr std::uint8_t equal = 2;
constexpr std::uint8_t above = 4;
constexpr std::uint8_t changed = 8;
}  // namespace order

inline std::uint8_t order_of(double a, double b) {
    if (a < b) return order::below;
    return a == b ? order::equal : order::above;
}

// A boolean and the numbers 0 and 1 say the same: many devices send 1 for true. A text that is none of the policy's
// symbols differs from each of them.
inline Answer compare(const Test& test, const model::Value& value) {
    using model::ValueType;
    const model::Value* v = &value;
    std::uint8_t found = 0;
    const bool numeric = v->type == ValueType::number || v->type == ValueType::boolean;
    switch (test.type) {
        case ValueType::boolean:
            if (!numeric || (v->number != 0 && v->number != 1)) return Answer::unknown;
            found = order_of(v->number, test.number);
            break;
        case ValueType::number:
            if (!numeric) return Answer::unknown;
            found = order_of(v->number, test.number);
            break;
        case ValueType::symbol:
            if (numeric) return Answer::unknown;
            found = v->type == ValueType::symbol && v->index == test.symbol ? order::equal : order::below;
            break;
        case ValueType::text:
            return Answer::unknown;
    }
    return (found & test.accepts) != 0 ? Answer::yes : Answer::no;
}

inline Answer Reading::ask(const Test& test) const {
    const model::Value* v = by_field_[test.field];
    if (v == nullptr) return Answer::unknown;
    if (test.accepts == order::changed) return changed_[test.field] != 0 ? Answer::yes : Answer::no;
    return compare(test, *v);
}

}  // namespace shoumen::analyse
