#include "upkeep/test_signal.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <variant>

namespace shoumen::upkeep {
namespace {

using model::SignalKind;

// What may be true all day long.
constexpr auto always = std::to_array<std::string_view>(
    {"online", "battery_low", "charging", "worn", "supervised", "power", "contact", "disabled", "muted"});

bool can_be_set_off(SignalKind kind) {
    switch (kind) {
        case SignalKind::door_access:
        case SignalKind::door_contact:
        case SignalKind::smoke:
        case SignalKind::one_key:
        case SignalKind::elder_bracelet:
        case SignalKind::child_bracelet:
        case SignalKind::gas:
        case SignalKind::motion:
            return true;
        default:
            return false;
    }
}

bool shows_a_test(const model::FlatValue& value) {
    if (const auto* said = std::get_if<bool>(&value.value))
        return value.name == "contact" ? !*said : *said && std::ranges::find(always, value.name) == always.end();
    const auto* word = std::get_if<std::string_view>(&value.value);
    return word != nullptr && !word->empty() &&
           (value.name == "pressed" || value.name == "action" || value.name == "result");
}

}  // namespace

bool shows_a_test(SignalKind kind, std::span<const model::FlatValue> values) {
    return !can_be_set_off(kind) || std::ranges::any_of(values, [](const auto& v) { return shows_a_test(v); });
}

}  // namespace shoumen::upkeep
