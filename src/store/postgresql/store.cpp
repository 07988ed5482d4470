#include "store/postgresql/store.hpp"

#include <optional>
#include <random>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "store/files/evidence.hpp"
#include "store/files/snapshots.hpp"
#include "store/sql/reader.hpp"
#include "store/sql/rows.hpp"
#include "store/sql/statements.hpp"
#include "store/sql/writer.hpp"

#include "connection.hpp"
#include "hold.hpp"
#include "schema.hpp"

namespace shoumen::store {
namespace postgresql {
namespace {

using base::Result;

constexpr std::string_view put_mark = "UPDATE writer_state SET mark = $1 WHERE one = 1";

// What is added rather than put and has no batch to be told by.
bool needs_mark(const ports::CommitUnit& unit) {
    return unit.batches.empty() && !(unit.quarantine.empty() && unit.counts == model::SenseCounts{});
}

base::Digest added_part(const ports::CommitUnit& unit) {
    base::ByteWriter out;
    for (const auto& row : unit.quarantine) {
        out.u64(static_cast<std::uint64_t>(row.received.us));
        out.text(row.door);
        out.text(row.speaker);
        out.text(row.code);
        out.text(row.message);
        out.raw(base::as_bytes(row.payload_hash));
        out.text(row.payload);
        out.text(row.topic);
    }
    for (const auto n : {unit.counts.signals, unit.counts.repeats, unit.counts.late, unit.counts.clock_wrong})
        out.u64(n);
    return base::sha256(out.view());
}

// Told apart from other processes by the server's list of sessions: a random number, no name of a machine.
std::string name_of_session() {
    std::random_device random;
    return fmt::format("shoumen {:08x}{:08x}", random(), random());
}

std::string snapshot_folder(const std::string& data_dir, const std::string& database_id) {
    return fmt::format("{}/{}/{}", data_dir, folder_beside_postgresql, database_id);
}

// A connection for questions that is made anew when it has gone, but not at every question while nobody answers.
class ReaderDatabase final : public Database {
public:
    ReaderDatabase(Address address, Connection::How how, std::unique_ptr<Connection> db)
        : address_(std::move(address)), how_(std::move(how)), db_(std::move(db)) {}

    std::unique_ptr<Statement> statement(std::string_view sql) override {
        if (!db_ || !db_->alive()) {
            if (auto done = connect(); !done) return std::make_unique<FailedStatement>(std::move(done.error()));
        }
        return db_->statement(sql);
    }

private:
    using Clock = std::chrono::steady_clock;

    Result<void> connect() {
        const auto begun = Clock::now();
        if (failed_ && begun < next_try_) return tl::unexpected(*failed_);
        db_.reset();
        auto made = Connection::open(address_, how_);
        if (!made) {
            // Where trying takes its time, it takes a fifth of whoever asks, not all.
            const auto took = Clock::now() - begun;
            next_try_ = Clock::now() + std::chrono::seconds(1) + 4 * took;
            failed_ = made.error();
            return tl::unexpected(std::move(made.error()));
        }
        failed_.reset();
        db_ = std::move(*made);
        return {};
    }

    const Address address_;
    const Connection::How how_;
    std::unique_ptr<Connection> db_;
    std::optional<base::Error> failed_;
    Clock::time_point next_try_;
};

class PostgresqlStore final : public ports::Store {
public:
    PostgresqlStore(Address address, std::string data_dir, const PostgresqlOptions& options, ports::Files& files,
                    std::unique_ptr<ports::FileLock> lock)
        : address_(std::move(address)),
          data_dir_(std::move(data_dir)),
          options_(options),
          files_(files),
          lock_(std::move(lock)),
          session_(name_of_session()) {}

    // Everything that can fail in making one.
    Result<void> start();

    Result<void> commit(const ports::CommitUnit& unit) override;
    Result<std::unique_ptr<ports::StoreReader>> reader() override;
    Result<std::vector<model::Incident>> incidents_for_core(base::Time since) override;
    Result<std::vector<ports::EvidenceRow>> all_evidence() override;
    Result<void> save_snapshot(const ports::Snapshot& snapshot) override;
    Result<std::optional<ports::Snapshot>> newest_snapshot() override;

private:
    // A commit whose answer was lost.
    struct Doubt {
        std::int64_t mark = 0;
        base::Digest added{};
    };

    Result<void> connect();
    Result<void> connected();
    Result<void> same_database(const std::string& id);
    [[nodiscard]] bool stands_already(const ports::CommitUnit& unit) const;
    Result<void> start_snapshots();

    const Address address_;
    const std::string data_dir_;
    const PostgresqlOptions options_;
    ports::Files& files_;
    std::unique_ptr<ports::FileLock> lock_;  // let go last
    const std::string session_;
    std::unique_ptr<SnapshotFiles> snapshots_;
    std::unique_ptr<Connection> db_;
    std::string database_id_;
    std::int64_t mark_ = 0;
    QuarantineState quarantine_;
    std::optional<Doubt> doubt_;
};

Result<void> PostgresqlStore::start() {
    if (auto done = connect(); !done) return done;
    if (auto done = tell_planner(*db_); !done) return done;
    // Also the mark by which SQLite's store knows that this directory is not its own.
    if (auto made = files_.make_folder(snapshot_folder(data_dir_, database_id_)); !made) return made;
    return options_.snapshots ? start_snapshots() : Result<void>{};
}

// The lock before anything is read: once we hold it, no session of ours or another's is still committing.
Result<void> PostgresqlStore::connect() {
    db_.reset();
    auto made = Connection::open(
        address_, {.writes = true, .patience = options_.patience, .name = session_, .shard = options_.shard});
    if (!made) return tl::unexpected(std::move(made.error()));
    auto& db = **made;
    auto done = check_fit(db);
    if (done) done = take_hold(db, session_, options_.lock_patience);
    if (done) done = database_id_.empty() ? migrate(db, options_.migrations) : check_schema(db, options_.migrations);
    if (done && database_id_.empty()) done = fence(db);
    if (!done) return done;
    const auto state = read_writer_state(db);
    if (!state) return tl::unexpected(state.error());
    if (done = same_database(state->database_id); !done) return done;
    const auto quarantine = read_quarantine_state(db);
    if (!quarantine) return tl::unexpected(quarantine.error());
    database_id_ = state->database_id;
    mark_ = state->mark;
    quarantine_ = *quarantine;
    db_ = std::move(*made);
    return {};
}

Result<void> PostgresqlStore::connected() { return db_ && db_->alive() ? Result<void>{} : connect(); }

// What the core holds in memory belongs to one log; another one must not get its continuation.
Result<void> PostgresqlStore::same_database(const std::string& id) {
    if (database_id_.empty() || database_id_ == id) return {};
    return base::fail("data-foreign",
                      fmt::format("another database answers as {} than the one this process began with; bring the old "
                                  "one back, or start the program again",
                                  address_.shown));
}

// Those of another log, or of what a restored dump no longer holds, must not be taken for this one's.
Result<void> PostgresqlStore::start_snapshots() {
    snapshots_ = std::make_unique<SnapshotFiles>(snapshot_folder(data_dir_, database_id_), files_);
    Query query(*db_, sql::last_batch);
    query.whole(1, options_.shard);
    const auto row = query.next();
    if (!row) return tl::unexpected(row.error());
    if (*row) snapshots_->remove_above(query.whole<std::uint64_t>(0) + query.whole<std::uint64_t>(1));
    return {};
}

Result<void> PostgresqlStore::commit(const ports::CommitUnit& unit) {
    if (unit.empty()) return {};
    if (auto done = connected(); !done) return done;
    const bool again = stands_already(unit);
    const bool marked = needs_mark(unit) && !again;
    auto quarantine = quarantine_;
    auto done = db_->begin();
    if (done) done = UnitWriter(*db_, options_.shard, options_.quarantine_limit).write(unit, quarantine, again);
    if (done && marked) done = Query(*db_, put_mark).whole(1, mark_ + 1).run();
    if (!done) {
        db_->roll_back();
        return done;
    }
    if (done = db_->commit(); !done) {
        if (db_->in_doubt() && marked) doubt_ = Doubt{mark_ + 1, added_part(unit)};
        return done;
    }
    quarantine_ = quarantine;
    if (marked) ++mark_;
    doubt_.reset();
    return {};
}

// The mark read at the reconnect tells whether the commit in doubt was done; the content, whether this unit is the one.
bool PostgresqlStore::stands_already(const ports::CommitUnit& unit) const {
    return doubt_ && needs_mark(unit) && mark_ == doubt_->mark && added_part(unit) == doubt_->added;
}

Result<std::unique_ptr<ports::StoreReader>> PostgresqlStore::reader() {
    const Connection::How how{
        .patience = options_.reader_patience, .name = session_ + " reader", .shard = options_.shard};
    auto db = Connection::open(address_, how);
    if (!db) return tl::unexpected(std::move(db.error()));
    return std::make_unique<SqlReader>(std::make_unique<ReaderDatabase>(address_, how, std::move(*db)), options_.shard);
}

Result<std::vector<model::Incident>> PostgresqlStore::incidents_for_core(base::Time since) {
    if (auto done = connected(); !done) return tl::unexpected(std::move(done.error()));
    Query query(*db_, sql::incidents_for_core);
    query.whole(1, options_.shard).time(2, since);
    return all<model::Incident>(query, incident_of);
}

Result<std::vector<ports::EvidenceRow>> PostgresqlStore::all_evidence() {
    if (auto done = connected(); !done) return tl::unexpected(std::move(done.error()));
    Query query(*db_, sql::all_evidence);
    return all<ports::EvidenceRow>(query, evidence_of);
}

Result<void> PostgresqlStore::save_snapshot(const ports::Snapshot& snapshot) {
    return snapshots_ ? snapshots_->save(snapshot) : Result<void>{};
}

Result<std::optional<ports::Snapshot>> PostgresqlStore::newest_snapshot() {
    return snapshots_ ? snapshots_->newest() : Result<std::optional<ports::Snapshot>>{};
}

Result<void> refuse_other_store(ports::Files& files, const std::string& data_dir) {
    const auto names = files.list(data_dir);
    if (!names) return tl::unexpected(names.error());
    for (const auto& name : *names) {
        if (name == "shoumen.db")
            return base::fail("data-elsewhere",
                              fmt::format("{} holds a database of SQLite; choose another data directory to go with a "
                                          "PostgreSQL database, or leave --database out",
                                          data_dir));
    }
    return {};
}

}  // namespace
}  // namespace postgresql

base::Result<std::unique_ptr<ports::Store>> open_postgresql(const postgresql::Address& address,
                                                            const std::string& data_dir,
                                                            const PostgresqlOptions& options) {
    auto& files = options.files ? *options.files : posix_files();
    if (auto made = files.make_folder(data_dir); !made) return tl::unexpected(std::move(made.error()));
    auto lock = files.lock(data_dir + "/lock");
    if (!lock) return tl::unexpected(std::move(lock.error()));
    if (auto done = postgresql::refuse_other_store(files, data_dir); !done)
        return tl::unexpected(std::move(done.error()));
    EvidenceDirectory(data_dir, files).remove_unfinished();
    auto store = std::make_unique<postgresql::PostgresqlStore>(address, data_dir, options, files, std::move(*lock));
    if (auto done = store->start(); !done) return tl::unexpected(std::move(done.error()));
    if (auto done = files.sync_folder(data_dir); !done) return tl::unexpected(std::move(done.error()));
    return store;
}

base::Result<std::unique_ptr<ports::StoreReader>> open_postgresql_reader(const postgresql::Address& address,
                                                                         const PostgresqlOptions& options) {
    const postgresql::Connection::How how{
        .patience = options.patience, .name = "shoumen reader", .shard = options.shard};
    auto db = postgresql::Connection::open(address, how);
    if (!db) return tl::unexpected(std::move(db.error()));
    if (auto checked = postgresql::check_schema(**db, options.migrations); !checked)
        return tl::unexpected(std::move(checked.error()));
    return std::make_unique<SqlReader>(std::make_unique<postgresql::ReaderDatabase>(address, how, std::move(*db)),
                                       options.shard);
}

}  // namespace shoumen::store
