// The version of the program, as `--version`, the package and the metrics say it.
#pragma once
#include <string_view>

namespace shoumen::shell {

constexpr std::string_view version = "0.1.0";

}  // namespace shoumen::shell
