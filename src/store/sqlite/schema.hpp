// The schema and its numbered migrations (src/store/migrations), each applied in one transaction of its own.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.hpp"

#include "connection.hpp"

namespace shoumen {
std::span<const std::pair<std::string_view, std::string_view>> embedded_migrations();  // file name, text; by name
}

namespace shoumen::store {

struct Migration {
    std::uint64_t version = 0;  // 1, 2, 3 … without gaps
    std::string_view name;
    std::string_view text;
};

// Those of the program.
std::span<const Migration> migrations();

// Brings the database up to the last of them. Newer than that: `schema-newer`; not a database of this program:
// `data-foreign`; in both cases nothing is touched.
base::Result<void> migrate(Connection& db, std::span<const Migration> known);

// Tells SQLite's planner how many rows stand under which keys. It guesses otherwise, and takes a shard for something
// rare: with one shard it would read whole tables. Fixed figures rather than counted ones, so that plans do not change
// under way.
base::Result<void> tell_planner(Connection& db);

// For one who only reads: it must be exactly the last of them (`schema-newer`, `schema-older`, `data-foreign`).
base::Result<void> check_schema(Connection& db, std::span<const Migration> known);

}  // namespace shoumen::store
