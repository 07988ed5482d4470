// Who has been erased, written down apart from database and keys, so that yesterday's copies of both bring nobody back.
//
// A file for its owner alone, a line an erasure: the vault's id, the owner. Lines are only added, each on the disk
// before the call returns; a last line that is half there is passed over. Names no person: owners are opaque codes. A
// file that is not there is empty. Errors: key-file-refused.
#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shoumen::protect {

using ErasedOwners = std::map<std::string, std::set<std::string>>;  // by the vault's id

base::Result<ErasedOwners> read_erased(const std::filesystem::path& path);
base::Result<void> add_erased(const std::filesystem::path& path, std::string_view vault, std::string_view owner);

}  // namespace shoumen::protect
