// "field op value" of a rule.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/rule.hpp"

#include "draft.hpp"

namespace shoumen::policy {

std::optional<model::Condition> read_comparison(Draft& draft, const Source& source, const Node& node,
                                                std::string_view what);

// A number that satisfies both; nothing when none does, or when they are not about the same field's numbers. For truth
// values and words: whether one satisfies both.
bool can_both_hold(const model::Condition& a, const model::Condition& b);

std::string_view to_sign(model::Compare compare);  // "==" …

}  // namespace shoumen::policy
