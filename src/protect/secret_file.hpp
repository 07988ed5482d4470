// Files that hold secrets: for their owner alone, no links, whole or not at all.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shoumen::protect {

// Errors of all: key-file-refused, with what is wrong and how to mend it.
base::Result<std::string> read_secret_file(const std::filesystem::path& path,
                                           std::size_t longest = 65'536);  // wipe what comes
// Made new (there must be none), or put in the place of the one there is.
base::Result<void> write_secret_file(const std::filesystem::path& path, std::string_view content, bool replace);
// At the end of one that is there; on disk when it returns.
base::Result<void> append_secret_file(const std::filesystem::path& path, std::string_view content);

}  // namespace shoumen::protect
