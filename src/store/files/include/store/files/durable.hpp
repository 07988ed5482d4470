// Files that are there whole or not at all, whatever happens to the power.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/files.hpp"

namespace shoumen::store {

// The ending of files that were not finished; whoever lists a folder passes over these, or removes them.
inline constexpr std::string_view unfinished = ".tmp";

// Writes folder/name at one stroke: a temporary file beside it, made durable, then renamed, and the name made durable.
// The folder must exist. On failure the temporary file is removed where that is still possible.
base::Result<void> write_durably(ports::Files& files, const std::string& folder, const std::string& name,
                                 std::string_view bytes);

}  // namespace shoumen::store
