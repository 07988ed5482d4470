// Files that hold secrets: for their owner alone, no links, whole or not at all.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shoumen::protect {

// Errors of both: key-file-refused, with what is wrong and how to mend it.
base::Result<std::string> read_secret_file(const std::filesystem::path& path);  // wipe what comes
// Made new (there must be none), or put in the place of the one there is.
base::Result<void> write_secret_file(const std::filesystem::path& path, std::string_view content, bool replace);

}  // namespace shoumen::protect
