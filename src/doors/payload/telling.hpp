// What the readers of this room share: telling what is wrong with a payload, never repeating it, and taking a plain
// value.
#pragma once
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/result.hpp"
#include "model/signal.hpp"

#include "diagnose.hpp"

namespace shoumen::doors {

constexpr std::size_t deepest = 32;  // brackets within brackets

bool is_plain_word(std::string_view name);
// A name from the payload, if it is fit to print: anything may stand in a name.
std::string printable(std::string_view name, std::string_view otherwise = {});

tl::unexpected<base::Error> too_large(std::size_t size, std::size_t most);
tl::unexpected<base::Error> too_deep();
tl::unexpected<base::Error> wrong_type(std::string_view field, const char* wanted);
tl::unexpected<base::Error> missing(const char* field, const char* mend);
tl::unexpected<base::Error> doubled(std::string_view name, std::string_view otherwise);
tl::unexpected<base::Error> told(const Diagnosis& diagnosis, std::size_t shift);

// False: an object or an array.
bool take_value(simdjson::dom::element value, model::FlatValue& out);

}  // namespace shoumen::doors
