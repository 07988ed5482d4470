// One process a database: an advisory lock of the writing connection. It goes with the connection, so that nobody has
// to clean up after a crash.
#pragma once
#include <chrono>

#include "base/result.hpp"

#include "connection.hpp"

namespace shoumen::store::postgresql {

// Waits up to `patience` for a process that is just ending. A session of our own that the server has not let go of yet
// (the line was cut, it was not told) is ended: `own_name` is what it called itself. When it has ended, what it was
// committing is done or undone. Held by another: `data-in-use`, naming it.
base::Result<void> take_hold(Connection& db, const std::string& own_name, std::chrono::milliseconds patience);

}  // namespace shoumen::store::postgresql
