// The schema and its numbered migrations (src/store/migrations), each applied in one transaction of its own.
#pragma once
#include <span>

#include "base/result.hpp"
#include "store/sql/migrations.hpp"

#include "connection.hpp"

namespace shoumen::store {

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
