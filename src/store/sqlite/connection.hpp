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

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace shoumen::store {

// A text of the catalogue or a migration in SQLite's words: BYTEA, BIGINT PRIMARY KEY, COLLATE "C", /* clustered */.
std::string in_sqlite_words(std::string_view portable);

class Connection;

// One run of a prepared statement; the statement goes back when it ends. The first fault is kept and comes with the
// result.
class Query {
public:
    Query(Connection& db, std::string_view sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    // $n, from 1. Unsigned numbers are kept by their bits.
    template <class Whole>
    Query& whole(int n, Whole v) {
        return number(n, static_cast<std::int64_t>(v));
    }
    Query& time(int n, base::Time t) { return number(n, t.us); }
    Query& text(int n, std::string_view v);
    Query& blob(int n, std::string_view v);
    Query& digest(int n, const base::Digest& d) { return blob(n, base::as_bytes(d)); }
    Query& null(int n);

    // To the next row; false: there is none.
    base::Result<bool> next();
    // To the end; then it may be bound and run again.
    base::Result<void> run();

    // Columns of the row, from 0.
    [[nodiscard]] std::int64_t number(int column) const;
    template <class Whole>
    [[nodiscard]] Whole whole(int column) const {
        return static_cast<Whole>(number(column));
    }
    [[nodiscard]] base::Time time(int column) const { return {number(column)}; }
    [[nodiscard]] std::string_view bytes(int column) const;  // of a text or blob
    [[nodiscard]] std::string string(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] base::Digest digest(int column) const { return base::digest_from_bytes(bytes(column)); }

private:
    Query& number(int n, std::int64_t v);
    Query& keep(int code);

    Connection& db_;
    struct Prepared* prepared_ = nullptr;
    int fault_ = 0;
};

struct Prepared {
    sqlite3_stmt* handle = nullptr;
    int index[32] = {};  // of $n
    bool busy = false;
};

class Connection {
public:
    struct How {
        bool writes = false;  // creates the database where there is none
        std::string vfs;      // empty: the system's files
        int busy_ms = 5'000;  // how long to wait for another program's lock
        int cache_kib = 2'000;
    };

    static base::Result<std::unique_ptr<Connection>> open(const std::string& path, const How& how);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Statements without parameters, one or many.
    base::Result<void> run(const std::string& sql);
    // The first column of the first row; empty if there is none.
    base::Result<std::string> value(const std::string& sql);

    base::Result<void> begin();   // takes the right to write at once
    base::Result<void> commit();  // on failure nothing is kept
    void roll_back();

    // Rows the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] std::uint64_t changed() const;
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
    friend class Query;
    Connection() = default;
    base::Result<Prepared*> prepared(std::string_view sql);

    sqlite3* db_ = nullptr;
    std::string path_;
    std::uint64_t log_pages_ = 0;
    std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;  // keys: texts of the catalogue
};

}  // namespace shoumen::store
