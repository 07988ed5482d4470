// The store of one machine: ports/store.hpp over SQLite, in a data directory of its own.
//
// DIR/shoumen.db (with -wal and -shm beside it while open), DIR/lock, DIR/snapshots/, DIR/evidence/: all for their
// owner alone. Readers must end before the store does. save_snapshot() and newest_snapshot() may be called from any
// thread, also while commit() runs; everything else as ports/store.hpp says.
//
// Codes of open: `data-in-use` (another process holds DIR), `data-read-only`, `disk-full`, `disk-error`,
// `data-damaged`, `data-foreign` (a database of something else), `schema-newer`, `restore-unfinished`. Codes of commit:
// `disk-full`, `disk-error`, `data-busy` (another program writes to the file), `data-damaged`, `log-conflict` (another
// batch stands under this number). After a failed commit the store is as before and the same unit may be given again.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "ports/files.hpp"
#include "ports/store.hpp"

namespace shoumen::store {

struct SqliteOptions {
    std::uint32_t shard = 0;
    bool snapshots = true;  // false: none are written, none are found

    // Moving the log into the database file is work for a thread of its own; false: commit() does it, at the same
    // places each time.
    bool checkpoint_thread = true;
    std::uint64_t checkpoint_bytes = 8U << 20U;   // of log, then it is moved
    std::uint64_t log_bytes_limit = 256U << 20U;  // beyond it commit() helps, whatever that costs

    std::uint64_t quarantine_limit = ports::quarantine_limit;
    int page_size = 8'192;   // of a new database
    int cache_kib = 16'000;  // the writer's
    int reader_cache_kib = 4'000;
    int busy_ms = 5'000;  // how long to wait for another program's lock

    // The seams to the disk, for tests: the name of a registered SQLite VFS, and the file system for everything else.
    // Empty and null: the real ones.
    std::string vfs_name;
    ports::Files* files = nullptr;
    bool sync = true;  // false loses acknowledged commits when the power goes; a test shows it
};

// Makes the directory and the database where there are none, brings an older schema up to date, and holds the
// directory.
base::Result<std::unique_ptr<ports::Store>> open_sqlite(const std::string& data_dir, const SqliteOptions& options = {});

// For reading beside a running process that holds the directory, or without one; takes no lock and changes nothing. A
// schema that is not the program's own is refused (`schema-newer`, `schema-older`), no database: `data-missing`.
base::Result<std::unique_ptr<ports::StoreReader>> open_sqlite_reader(const std::string& data_dir,
                                                                     const SqliteOptions& options = {});

}  // namespace shoumen::store
