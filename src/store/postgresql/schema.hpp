// The schema in a PostgreSQL database: the shared migrations, what PostgreSQL needs beside them, and whether a database
// is fit to hold them at all.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"
#include "store/sql/migrations.hpp"

#include "connection.hpp"

namespace shoumen::store::postgresql {

// Encoding UTF8, fsync on, not a standby: otherwise `database-unfit`, with what to do.
base::Result<void> check_fit(Connection& db);

// Brings the schema up to the last of `known`, each migration in a transaction of its own. Newer than that:
// `schema-newer`; tables of something else: `data-foreign`; in both cases nothing is touched.
base::Result<void> migrate(Connection& db, std::span<const Migration> known);

// The wall behind the gate: row-level security on every table whose rows belong to a shard, for the tables' owner too.
// A session sees and writes the rows of the shard it has named (`SET shoumen.shard`), and none where it has named none:
// a statement that forgets its WHERE gives nothing foreign. Superusers pass it.
base::Result<void> fence(Connection& db);

// Figures for the planner where there are none yet or old ones, as after a dump was restored: without them it takes a
// shard for something rare and reads whole tables (340 ms for a list instead of 0.6). A server's own autovacuum keeps
// them fresh.
base::Result<void> tell_planner(Connection& db);

// For one who only reads: exactly the last of them (`schema-newer`, `schema-older`, `data-foreign`, `data-missing`).
base::Result<void> check_schema(Connection& db, std::span<const Migration> known);

// One row, beside the shared tables.
struct WriterState {
    std::string database_id;  // given when the tables were made; goes with a dump
    std::int64_t mark = 0;    // raised by each unit that adds something without a batch to tell it by
};
base::Result<WriterState> read_writer_state(Connection& db);

}  // namespace shoumen::store::postgresql
