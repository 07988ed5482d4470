#include "store/sqlite/store.hpp"

#include <optional>

#include <fmt/format.h>

#include "store/files/evidence.hpp"
#include "store/files/snapshots.hpp"
#include "store/sql/reader.hpp"
#include "store/sql/rows.hpp"
#include "store/sql/statements.hpp"
#include "store/sql/writer.hpp"

#include "checkpointer.hpp"
#include "names.hpp"
#include "schema.hpp"

namespace shoumen::store {
namespace {

using base::Result;

Connection::How how_to_write(const SqliteOptions& options) {
    return {.writes = true, .vfs = options.vfs_name, .busy_ms = options.busy_ms, .cache_kib = options.cache_kib};
}

Connection::How how_to_read(const SqliteOptions& options) {
    return {.vfs = options.vfs_name, .busy_ms = options.busy_ms, .cache_kib = options.reader_cache_kib};
}

Checkpointer::Limits limits_of(const SqliteOptions& options, std::uint64_t page_size) {
    const auto start = options.checkpoint_bytes / page_size;
    return {.start_pages = start, .rest_pages = start / 8, .most_pages = options.log_bytes_limit / page_size};
}

class SqliteStore final : public ports::Store {
public:
    SqliteStore(std::string data_dir, const SqliteOptions& options, ports::Files& files,
                std::unique_ptr<ports::FileLock> lock)
        : data_dir_(std::move(data_dir)), options_(options), lock_(std::move(lock)), snapshots_(data_dir_, files) {}

    // Everything that can fail in making one.
    Result<void> start();

    Result<void> commit(const ports::CommitUnit& unit) override;
    Result<std::unique_ptr<ports::StoreReader>> reader() override;
    Result<std::vector<model::Incident>> incidents_for_core(base::Time since) override;
    Result<std::vector<ports::EvidenceRow>> all_evidence() override;
    Result<void> save_snapshot(const ports::Snapshot& snapshot) override;
    Result<std::optional<ports::Snapshot>> newest_snapshot() override;

private:
    Result<void> set_up();
    Result<void> start_checkpoints();

    const std::string data_dir_;
    const SqliteOptions options_;
    std::unique_ptr<ports::FileLock> lock_;  // let go last
    SnapshotFiles snapshots_;
    std::unique_ptr<Connection> db_;
    QuarantineState quarantine_;
    std::unique_ptr<Checkpointer> checkpointer_;  // ends before the connection
};

Result<void> SqliteStore::start() {
    auto db = Connection::open(database_in(data_dir_), how_to_write(options_));
    if (!db) return tl::unexpected(std::move(db.error()));
    db_ = std::move(*db);
    auto done = set_up();
    if (done) done = migrate(*db_, migrations());
    if (done) done = tell_planner(*db_);
    if (!done) return done;
    const auto state = read_quarantine_state(*db_);
    if (!state) return tl::unexpected(state.error());
    quarantine_ = *state;
    return start_checkpoints();
}

Result<void> SqliteStore::set_up() {
    // The size holds for a database that is still empty; the others for this connection.
    auto done =
        db_->run(fmt::format("PRAGMA page_size = {}; PRAGMA synchronous = {}; PRAGMA journal_size_limit = {}; "
                             "PRAGMA secure_delete = ON;",
                             options_.page_size, options_.sync ? "FULL" : "OFF", options_.log_bytes_limit));
    if (!done) return done;
    const auto mode = db_->value("PRAGMA journal_mode = WAL");
    if (!mode) return tl::unexpected(mode.error());
    if (*mode != "wal")
        return base::fail(
            "disk-error",
            "the data directory lies on a file system without shared memory, as network drives are; choose "
            "a local disk");
    return {};
}

Result<void> SqliteStore::start_checkpoints() {
    const auto text = db_->value("PRAGMA page_size");
    if (!text) return tl::unexpected(text.error());
    const auto page_size = static_cast<std::uint64_t>(std::stoul(*text));
    std::unique_ptr<Connection> own;
    if (options_.checkpoint_thread) {
        auto made = Connection::open(database_in(data_dir_), how_to_write(options_));
        if (!made) return tl::unexpected(std::move(made.error()));
        own = std::move(*made);
        auto set = own->run(fmt::format("PRAGMA synchronous = {}", options_.sync ? "FULL" : "OFF"));
        if (!set) return set;
    }
    checkpointer_ = std::make_unique<Checkpointer>(limits_of(options_, page_size), std::move(own));
    return {};
}

Result<void> SqliteStore::commit(const ports::CommitUnit& unit) {
    if (unit.empty()) return {};
    auto quarantine = quarantine_;
    auto done = db_->begin();
    if (!done) return done;
    done = UnitWriter(*db_, options_.shard, options_.quarantine_limit).write(unit, quarantine);
    if (!done) {
        db_->roll_back();
        return done;
    }
    if (done = db_->commit(); !done) return done;
    quarantine_ = quarantine;
    checkpointer_->committed(*db_);
    return {};
}

Result<std::unique_ptr<ports::StoreReader>> SqliteStore::reader() {
    auto db = Connection::open(database_in(data_dir_), how_to_read(options_));
    if (!db) return tl::unexpected(std::move(db.error()));
    return std::make_unique<SqlReader>(std::move(*db), options_.shard);
}

Result<std::vector<model::Incident>> SqliteStore::incidents_for_core(base::Time since) {
    Query query(*db_, sql::incidents_for_core);
    query.whole(1, options_.shard).time(2, since);
    return all<model::Incident>(query, incident_of);
}

Result<std::vector<ports::EvidenceRow>> SqliteStore::all_evidence() {
    Query query(*db_, sql::all_evidence);
    return all<ports::EvidenceRow>(query, evidence_of);
}

Result<void> SqliteStore::save_snapshot(const ports::Snapshot& snapshot) {
    return options_.snapshots ? snapshots_.save(snapshot) : Result<void>{};
}

Result<std::optional<ports::Snapshot>> SqliteStore::newest_snapshot() {
    return options_.snapshots ? snapshots_.newest() : Result<std::optional<ports::Snapshot>>{};
}

Result<void> refuse_what_is_not_ours(ports::Files& files, const std::string& data_dir) {
    const auto names = files.list(data_dir);
    if (!names) return tl::unexpected(names.error());
    for (const auto& name : *names) {
        if (name == restore_mark)
            return base::fail("restore-unfinished", fmt::format("a restore into {} did not come to its end; empty that "
                                                                "directory and restore again",
                                                                data_dir));
        if (name == folder_beside_postgresql)
            return base::fail("data-elsewhere", fmt::format("the data that goes with {} lies in a PostgreSQL database; "
                                                            "name it (--database), or choose another directory",
                                                            data_dir));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<ports::Store>> open_sqlite(const std::string& data_dir, const SqliteOptions& options) {
    auto& files = options.files ? *options.files : posix_files();
    if (auto made = files.make_folder(data_dir); !made) return tl::unexpected(std::move(made.error()));
    auto lock = files.lock(data_dir + "/" + std::string(lock_name));
    if (!lock) return tl::unexpected(std::move(lock.error()));
    auto done = refuse_what_is_not_ours(files, data_dir);
    // Before SQLite makes it with wider rights; its -wal and -shm take after it.
    if (done) done = files.make_file(database_in(data_dir));
    if (!done) return tl::unexpected(std::move(done.error()));
    EvidenceDirectory(data_dir, files).remove_unfinished();

    auto store = std::make_unique<SqliteStore>(data_dir, options, files, std::move(*lock));
    if (done = store->start(); !done) return tl::unexpected(std::move(done.error()));
    if (done = files.sync_folder(data_dir); !done) return tl::unexpected(std::move(done.error()));
    return store;
}

Result<std::unique_ptr<ports::StoreReader>> open_sqlite_reader(const std::string& data_dir,
                                                               const SqliteOptions& options) {
    auto db = Connection::open(database_in(data_dir), how_to_read(options));
    if (!db) return tl::unexpected(std::move(db.error()));
    if (auto checked = check_schema(**db, migrations()); !checked) return tl::unexpected(std::move(checked.error()));
    return std::make_unique<SqlReader>(std::move(*db), options.shard);
}

}  // namespace shoumen::store
