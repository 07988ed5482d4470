// The file system of this machine behind ports/files.hpp.
#pragma once
#include <string>

#include "base/result.hpp"
#include "ports/files.hpp"

namespace shoumen::store {

// One for the whole program; it has no state.
ports::Files& posix_files();

// What the system said (errno) as an error people can act on; `doing` completes "cannot …", as in "write
// /var/lib/shoumen/lock".
base::Error error_of_system(int code, const std::string& doing);

}  // namespace shoumen::store
