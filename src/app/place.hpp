// Which store a command opens: SQLite in the data directory, or the PostgreSQL database that is named on the command
// line or in the environment. Private to room app.
#pragma once
#include <memory>
#include <string>

#include "base/result.hpp"
#include "ports/store.hpp"

#include "commands.hpp"

namespace shoumen::app {

constexpr std::uint32_t shard = 1;

enum class Missing { made, refused };

base::Result<std::unique_ptr<ports::Store>> open_store(const Place& place, Missing missing);
base::Result<std::unique_ptr<ports::StoreReader>> open_reader(const Place& place);
// A line for the log; no password in it.
std::string where(const Place& place);
// Where the pages and contracts lie: as it is wished, or beside the program.
std::string share_directory(const std::string& wanted);
// For what only SQLite's store can do: `use-postgresql`, with what to use `instead`.
base::Result<void> only_sqlite(const Place& place, const std::string& instead);

}  // namespace shoumen::app
