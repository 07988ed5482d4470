// A thin layer over SQLite: connections, prepared statements, errors. Everything special to SQLite stands in this pair
// of files; what is asked stands in statements.hpp.
//
// One thread at a time for a connection and all that comes from it. Texts and blobs that are bound must live until the
// query ends or is bound anew; columns read are valid until the next step.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "store/sql/database.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace shoumen::store {

// A text of the catalogue or a migration in SQLite's words: BYTEA, BIGINT PRIMARY KEY, COLLATE "C", /* clustered */.
std::string in_sqlite_words(std::string_view portable);

class Connection;

// One run of a prepared statement; the statement goes back when it ends. The first fault is kept and comes with the
// result.
class SqliteStatement final : public Statement {
public:
    SqliteStatement(Connection& db, std::string_view sql);
    ~SqliteStatement() override;
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    void number(int n, std::int64_t v) override;
    void text(int n, std::string_view v) override;
    void blob(int n, std::string_view v) override;
    void null(int n) override;
    base::Result<bool> next() override;
    base::Result<void> run() override;
    base::Result<std::uint64_t> changed() override;
    [[nodiscard]] std::int64_t number(int column) const override;
    [[nodiscard]] std::string_view bytes(int column) const override;

private:
    void keep(int code);

    Connection& db_;
    struct Prepared* prepared_ = nullptr;
    int fault_ = 0;
};

struct Prepared {
    sqlite3_stmt* handle = nullptr;
    int index[32] = {};  // of $n
    bool busy = false;
};

class Connection final : public Database {
public:
    struct How {
        bool writes = false;  // creates the database where there is none
        std::string vfs;      // empty: the system's files
        int busy_ms = 5'000;  // how long to wait for another program's lock
        int cache_kib = 2'000;
    };

    static base::Result<std::unique_ptr<Connection>> open(const std::string& path, const How& how);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::unique_ptr<Statement> statement(std::string_view sql) override;

    // Statements without parameters, one or many.
    base::Result<void> run(const std::string& sql);
    // The first column of the first row; empty if there is none.
    base::Result<std::string> value(const std::string& sql);

    base::Result<void> begin();   // takes the right to write at once
    base::Result<void> commit();  // on failure nothing is kept
    void roll_back();

    // Pages in the write-ahead log after the last commit of this connection.
    [[nodiscard]] std::uint64_t log_pages() const { return log_pages_; }

    struct Checkpoint {
        std::uint64_t log_pages = 0;
        std::uint64_t moved_pages = 0;  // of these: into the database file
        bool refused = false;           // another one is under way
    };
    // Moves what no reader needs in the log into the database file. Waits for nobody.
    base::Result<Checkpoint> checkpoint();

    [[nodiscard]] base::Error error(int code, std::string_view doing) const;
    [[nodiscard]] sqlite3* handle() const { return db_; }

private:
    friend class SqliteStatement;
    Connection() = default;
    base::Result<Prepared*> prepared(std::string_view sql);

    sqlite3* db_ = nullptr;
    std::string path_;
    std::uint64_t log_pages_ = 0;
    std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;  // keys: texts of the catalogue
};

}  // namespace shoumen::store
