// The store over PostgreSQL 15: ports/store.hpp over a database of its own, on this machine or another.
//
// Everything but pictures and snapshots stands in the database; those lie in a data directory as beside SQLite:
// DIR/lock, DIR/evidence/, DIR/postgresql/<id of the database>/snapshots/. One connection writes
// (synchronous_commit=on), each reader has one of its own (read-only, repeatable read).
//
// One process a database: the writing connection holds an advisory lock, and after a reconnect takes it again before
// anything else. Where another process took it meanwhile, commits fail with `data-in-use`.
//
// A connection that goes is made anew by the next commit or question. Where it went while a COMMIT was under way, the
// next commit() of the same unit finds out whether it stands there: nothing is added twice, and nothing refused.
//
// Threads: as ports/store.hpp says; reader(), save_snapshot() and newest_snapshot() from any thread. Codes of open:
// those of the data directory; `database-away` (nobody answers there, or not in time), `database-refused` (it lets this
// role not in), `database-unfit` (encoding, version, fsync off, a standby), `data-in-use`, `data-foreign` (it holds
// something else), `data-read-only`, `schema-newer`. Codes of commit: `database-away`, `data-in-use`, `disk-full`,
// `disk-error`, `data-busy` (another program holds a table), `data-damaged`, `log-conflict`. After a failed commit the
// same unit may be given again.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "ports/files.hpp"
#include "ports/store.hpp"
#include "store/postgresql/address.hpp"
#include "store/sql/migrations.hpp"

namespace shoumen::store {

struct PostgresqlOptions {
    std::uint32_t shard = 0;
    bool snapshots = true;  // false: none are written, none are found
    std::uint64_t quarantine_limit = ports::quarantine_limit;
    // How long an answer may take before the connection counts as lost.
    std::chrono::milliseconds patience{60'000};
    std::chrono::milliseconds reader_patience{5'000};
    std::chrono::milliseconds lock_patience{1'000};  // for a process that is just ending
    ports::Files* files = nullptr;                   // null: the real ones
    std::span<const Migration> migrations = store::migrations();
};

// Makes data directory and tables where there are none, and brings an older schema up to date.
base::Result<std::unique_ptr<ports::Store>> open_postgresql(const postgresql::Address& address,
                                                            const std::string& data_dir,
                                                            const PostgresqlOptions& options = {});

// For reading beside a running process, or without one; changes nothing. A schema that is not the program's own is
// refused (`schema-newer`, `schema-older`); none at all: `data-missing`.
base::Result<std::unique_ptr<ports::StoreReader>> open_postgresql_reader(const postgresql::Address& address,
                                                                         const PostgresqlOptions& options = {});

}  // namespace shoumen::store
