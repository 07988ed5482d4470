#include "comparison.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace shoumen::policy {

namespace {

using model::Compare;
using model::Condition;
using model::ValueType;

// In the order of model::Compare.
constexpr auto signs = std::to_array<std::string_view>({"==", "!=", "<", "<=", ">", ">=", "changed"});
constexpr std::string_view changed = " changed";

constexpr std::string_view form = "write it as \"field == value\", with one of == != < <= > >=, or \"field changed\"";

std::string_view trim(std::string_view s) {
    while (s.starts_with(' ') || s.starts_with('\t')) s.remove_prefix(1);
    while (s.ends_with(' ') || s.ends_with('\t')) s.remove_suffix(1);
    return s;
}

struct Parts {
    std::string_view field;
    Compare compare{};
    std::string_view value;
};

std::optional<Parts> split(std::string_view text) {
    const std::size_t at = text.find_first_of("=!<>");
    if (at == text.npos) return std::nullopt;
    const std::size_t end = std::min(text.find_first_not_of("=!<>", at), text.size());
    const auto sign = std::ranges::find(signs, text.substr(at, end - at));
    if (sign == signs.end()) return std::nullopt;
    return Parts{trim(text.substr(0, at)), static_cast<Compare>(sign - signs.begin()), trim(text.substr(end))};
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value == 0 ? 0.0 : value;  // no minus zero
}

// A word as it stands, or between quotes of its own. Empty: none.
std::string_view word(std::string_view text) {
    for (const char mark : {'"', '\''}) {
        if (text.size() >= 2 && text.front() == mark && text.back() == mark) return text.substr(1, text.size() - 2);
    }
    return text.find_first_of(" \t\"'") == text.npos ? text : std::string_view{};
}

// Numbers that satisfy a comparison, != aside: one interval.
struct Span {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_in = false;
    bool high_in = false;
};

Span span_of(const Condition& c) {
    const double n = c.value.number;
    switch (c.compare) {
        case Compare::equal:
            return {n, n, true, true};
        case Compare::below:
            return {.high = n};
        case Compare::at_most:
            return {.high = n, .high_in = true};
        case Compare::above:
            return {.low = n};
        case Compare::at_least:
            return {.low = n, .low_in = true};
        case Compare::not_equal:
        case Compare::changed:  // is of no value
            break;
    }
    return {};
}

bool meet(const Span& a, const Span& b) {
    const double low = std::max(a.low, b.low);
    const double high = std::min(a.high, b.high);
    if (low < high) return true;
    const auto holds = [&](const Span& s) { return (low > s.low || s.low_in) && (low < s.high || s.high_in); };
    return low == high && holds(a) && holds(b);
}

bool numbers_meet(const Condition& a, const Condition& b) {
    if (a.compare == Compare::not_equal && b.compare == Compare::not_equal) return true;
    if (b.compare == Compare::not_equal) return numbers_meet(b, a);
    // "not n" leaves out one point: only "is n" has nothing beside it.
    if (a.compare == Compare::not_equal) return b.compare != Compare::equal || a.value.number != b.value.number;
    return meet(span_of(a), span_of(b));
}

}  // namespace

std::string_view to_sign(Compare compare) { return signs[static_cast<std::size_t>(compare)]; }

std::optional<Condition> read_comparison(Draft& draft, const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    const auto fail = [&](std::string message) {
        source.at(node.line, "bad-comparison", std::move(message));
        return std::nullopt;
    };
    if (const std::string_view said = trim(*text); said.ends_with(changed)) {
        const std::string_view name = trim(said.substr(0, said.size() - changed.size()));
        if (what != "where" && what != "flat")
            return fail(fmt::format("{}: only where asks whether a value changed", quote(*text)));
        if (is_code(name)) return Condition{draft.field(name), Compare::changed, model::Value{}};
    }
    const auto parts = split(*text);
    if (!parts || parts->value.empty()) return fail(fmt::format("{} is no comparison: {}", quote(*text), form));
    if (!is_code(parts->field))
        return fail(
            fmt::format("{} is no field: 1 to 64 letters, digits, '.', '_' and '-'; {}", quote(parts->field), form));
    const model::FieldId field = draft.field(parts->field);
    if (const auto value = number(parts->value))
        return Condition{field, parts->compare, model::Value::real(field, *value)};
    if (parts->compare != Compare::equal && parts->compare != Compare::not_equal)
        return fail(fmt::format("{} compares with {}: only numbers are greater or smaller; use == or !=", quote(*text),
                                quote(parts->value)));
    if (parts->value == "true" || parts->value == "false")
        return Condition{field, parts->compare, model::Value::boolean(field, parts->value == "true")};
    const std::string_view symbol = word(parts->value);
    if (symbol.empty() || symbol.size() > 64)
        return fail(
            fmt::format("{} is no value: true, false, a number or a word of at most 64 bytes", quote(parts->value)));
    return Condition{field, parts->compare, model::Value::symbol(field, draft.symbol(symbol))};
}

bool can_both_hold(const Condition& a, const Condition& b) {
    if (a.field != b.field || a.value.type != b.value.type) return false;
    if (a.value.type == ValueType::number) return numbers_meet(a, b);
    const bool same =
        a.value.type == ValueType::boolean ? a.value.number == b.value.number : a.value.index == b.value.index;
    if (a.compare == b.compare) {
        if (a.compare == Compare::equal) return same;
        // Two words excluded leave others; of two truth values none is left.
        return same || a.value.type != ValueType::boolean;
    }
    return !same;
}

}  // namespace shoumen::policy
