// Plays a scenario: a text of one statement a line, whose form is described in README.md.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/policy.hpp"

namespace shoumen::scenarios {

// A community directory by its name, compiled as `version` on top of `before`. Throws Failure when there is none or it
// does not compile.
using Communities = std::function<std::shared_ptr<const model::Policy>(
    const std::string& name, const model::Policy* before, std::uint64_t version)>;

struct Broken {
    std::size_t line = 0;  // 1 …
    std::string message;
};

// Nullopt: everything was as the scenario says.
std::optional<Broken> play(std::string_view text, const Communities& communities);

std::string title_of(std::string_view text);  // what stands after "scenario:", or empty

}  // namespace shoumen::scenarios
