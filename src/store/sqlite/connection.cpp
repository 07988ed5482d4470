#include "connection.hpp"

#include <cassert>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/files/posix.hpp"

namespace shoumen::store {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

bool is_about_the_system(int code) {
    const int kind = code & 0xff;
    return kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
}

struct Said {
    const char* code;
    const char* mend;
};

Said what_to_say(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return {"disk-full", "make room on that disk, then it goes on by itself"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {"data-read-only",
                    "let the user that runs the program write there, or choose another data directory"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {"data-busy", "close the other program that writes to it; it is tried again"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            return {"data-damaged", "restore it from a backup"};
        case SQLITE_NOMEM:
            return {"out-of-memory", "give the program more memory"};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            return {"disk-error", "check the disk and the system's log"};
        default:
            return {"store-error", "this is a mistake in the program; please report it"};
    }
}

int on_commit(void* counter, sqlite3*, const char*, int pages) {
    *static_cast<std::uint64_t*>(counter) = static_cast<std::uint64_t>(pages);
    return SQLITE_OK;
}

// In a pointer of SQLite, null would mean NULL.
const char* never_null(std::string_view v) { return v.empty() ? "" : v.data(); }

}  // namespace

std::string in_sqlite_words(std::string_view portable) {
    std::string text(portable);
    replace_all(text, "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY");
    replace_all(text, "BYTEA", "BLOB");
    replace_all(text, "COLLATE \"C\"", "COLLATE BINARY");
    replace_all(text, "/* clustered */", "WITHOUT ROWID");
    return text;
}

// --- Statements --------------------------------------------------------------------------------------------------

SqliteStatement::SqliteStatement(Connection& db, std::string_view sql) : db_(db) {
    auto found = db.prepared(sql);
    if (!found) {
        fault_ = sqlite3_extended_errcode(db.db_);
        return;
    }
    assert(!(*found)->busy && "one run of a statement at a time");
    prepared_ = *found;
    prepared_->busy = true;
}

SqliteStatement::~SqliteStatement() {
    if (!prepared_) return;
    sqlite3_reset(prepared_->handle);
    sqlite3_clear_bindings(prepared_->handle);
    prepared_->busy = false;
}

void SqliteStatement::keep(int code) {
    if (fault_ == 0) fault_ = code;
}

void SqliteStatement::number(int n, std::int64_t v) {
    if (prepared_) keep(sqlite3_bind_int64(prepared_->handle, prepared_->index[n], v));
}

void SqliteStatement::text(int n, std::string_view v) {
    if (!prepared_) return;
    keep(sqlite3_bind_text64(prepared_->handle, prepared_->index[n], never_null(v), v.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
}

void SqliteStatement::blob(int n, std::string_view v) {
    if (!prepared_) return;
    keep(sqlite3_bind_blob64(prepared_->handle, prepared_->index[n], never_null(v), v.size(), SQLITE_STATIC));
}

void SqliteStatement::null(int n) {
    if (prepared_) keep(sqlite3_bind_null(prepared_->handle, prepared_->index[n]));
}

base::Result<bool> SqliteStatement::next() {
    if (fault_ == 0) {
        errno = 0;  // what the system says from here on is about this step
        const int code = sqlite3_step(prepared_->handle);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        fault_ = code;
    }
    auto error = db_.error(fault_, "use");
    if (prepared_) sqlite3_reset(prepared_->handle);
    return tl::unexpected(std::move(error));
}

base::Result<void> SqliteStatement::run() {
    for (;;) {
        auto row = next();
        if (!row) return tl::unexpected(std::move(row.error()));
        if (!*row) break;
    }
    sqlite3_reset(prepared_->handle);
    return {};
}

base::Result<std::uint64_t> SqliteStatement::changed() {
    if (auto done = run(); !done) return tl::unexpected(std::move(done.error()));
    return static_cast<std::uint64_t>(sqlite3_changes64(db_.handle()));
}

std::int64_t SqliteStatement::number(int column) const { return sqlite3_column_int64(prepared_->handle, column); }

std::string_view SqliteStatement::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_->handle, column));
    const int size = sqlite3_column_bytes(prepared_->handle, column);
    return data ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

// --- Connection --------------------------------------------------------------------------------------------------

base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, const How& how) {
    std::unique_ptr<Connection> made(new Connection);
    made->path_ = path;
    const int flags = (how.writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    errno = 0;
    const int code = sqlite3_open_v2(path.c_str(), &made->db_, flags, how.vfs.empty() ? nullptr : how.vfs.c_str());
    if (code != SQLITE_OK) return tl::unexpected(made->error(code, "open"));
    if (how.writes && sqlite3_db_readonly(made->db_, "main") == 1)
        return tl::unexpected(made->error(SQLITE_READONLY, "write to"));
    sqlite3_busy_timeout(made->db_, how.busy_ms);
    sqlite3_wal_hook(made->db_, on_commit, &made->log_pages_);  // instead of the automatic checkpoint
    // Nothing of a statement may spill into a file elsewhere.
    auto set = made->run(fmt::format("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{};", how.cache_kib));
    if (!set) return tl::unexpected(std::move(set.error()));
    return made;
}

Connection::~Connection() {
    for (auto& [text, statement] : statements_) sqlite3_finalize(statement->handle);
    [[maybe_unused]] const int code = sqlite3_close(db_);
    assert(code == SQLITE_OK && "a query outlived its connection");
}

std::unique_ptr<Statement> Connection::statement(std::string_view sql) {
    return std::make_unique<SqliteStatement>(*this, sql);
}

base::Result<Prepared*> Connection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
    auto made = std::make_unique<Prepared>();
    const auto text = in_sqlite_words(sql);
    const int code = sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                        &made->handle, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error(code, "use"));
    for (int i = 1; i <= sqlite3_bind_parameter_count(made->handle); ++i) {
        const char* name = sqlite3_bind_parameter_name(made->handle, i);
        const int n = name ? std::atoi(name + 1) : 0;
        assert(n > 0 && n < 32 && "parameters are $1 to $31");
        made->index[n] = i;
    }
    return statements_.emplace(sql, std::move(made)).first->second.get();
}

base::Result<void> Connection::run(const std::string& sql) {
    errno = 0;
    const int code = sqlite3_exec(db_, in_sqlite_words(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(error(code, "use"));
    return {};
}

base::Result<std::string> Connection::value(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    errno = 0;
    int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
    if (code == SQLITE_OK) code = sqlite3_step(raw);
    if (code != SQLITE_ROW && code != SQLITE_DONE) return tl::unexpected(error(code, "use"));
    const auto* text = code == SQLITE_ROW ? sqlite3_column_text(raw, 0) : nullptr;
    return std::string(text ? reinterpret_cast<const char*>(text) : "");
}

base::Result<void> Connection::begin() { return Query(*this, "BEGIN IMMEDIATE").run(); }

base::Result<void> Connection::commit() {
    auto done = Query(*this, "COMMIT").run();
    if (!done) roll_back();
    return done;
}

void Connection::roll_back() {
    // After some faults SQLite has already done it.
    if (sqlite3_get_autocommit(db_) == 0) (void)Query(*this, "ROLLBACK").run();
}

base::Result<Connection::Checkpoint> Connection::checkpoint() {
    int log = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, &log, &moved);
    if ((code & 0xff) == SQLITE_BUSY) return Checkpoint{.refused = true};
    if (code != SQLITE_OK) return tl::unexpected(error(code, "move the log into"));
    return Checkpoint{static_cast<std::uint64_t>(log < 0 ? 0 : log), static_cast<std::uint64_t>(moved < 0 ? 0 : moved),
                      false};
}

base::Error Connection::error(int code, std::string_view doing) const {
    const int last = errno;
    const auto what = fmt::format("{} the database {}", doing, path_);
    // Where the system refused, its own words say more than SQLite's, which keeps them only sometimes.
    const int system = is_about_the_system(code) ? last : 0;
    if (system == ENOSPC || system == EDQUOT || system == EFBIG || system == EACCES || system == EPERM ||
        system == EROFS)
        return error_of_system(system, what);
    if (system == ENOENT && (code & 0xff) == SQLITE_CANTOPEN)
        return {
            "data-missing", fmt::format("there is no database {}; name the data directory of a community", path_), {}};
    const auto say = what_to_say(code);
    const char* reason = (code & 0xff) == SQLITE_ERROR && db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    return {say.code, fmt::format("cannot {}: {}; {}", what, reason, say.mend), {}};
}

}  // namespace shoumen::store
