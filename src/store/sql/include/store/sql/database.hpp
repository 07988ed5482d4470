// What the statements need of a database: the narrow seam under everything both databases share. A database behind it
// prepares a text of the catalogue, binds $1…$n, steps through rows and counts what it changed; how it begins and ends
// a transaction is its own affair.
//
// One thread at a time for a database and all that comes from it. Bytes that are bound must live until the query ends
// or is bound anew; columns read are valid until the next step. Texts are UTF-8 without zero bytes, which is what every
// database can keep: what is not is replaced by U+FFFD when it is bound, so that no payload from outside can stop a
// commit.
#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::store {

// One run of a prepared statement. A fault in binding is kept and comes with the result.
class Statement {
public:
    virtual ~Statement() = default;
    virtual void number(int n, std::int64_t v) = 0;
    virtual void text(int n, std::string_view v) = 0;
    virtual void blob(int n, std::string_view v) = 0;
    virtual void null(int n) = 0;

    virtual base::Result<bool> next() = 0;              // to the next row; false: there is none
    virtual base::Result<void> run() = 0;               // to the end; within a transaction a fault may come only later
    virtual base::Result<std::uint64_t> changed() = 0;  // to the end; the rows it changed

    [[nodiscard]] virtual std::int64_t number(int column) const = 0;
    [[nodiscard]] virtual std::string_view bytes(int column) const = 0;
};

class Database {
public:
    virtual ~Database() = default;
    // `sql`: a text that outlives the database, as those of the catalogue do.
    virtual std::unique_ptr<Statement> statement(std::string_view sql) = 0;
};

// The text itself where it can be kept as it is; otherwise what is kept of it, put into `room`.
std::string_view storable(std::string_view text, std::list<std::string>& room);

// A statement in the words of our values.
class Query {
public:
    Query(Database& db, std::string_view sql) : statement_(db.statement(sql)) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    // $n, from 1. Unsigned numbers are kept by their bits.
    template <class Whole>
    Query& whole(int n, Whole v) {
        statement_->number(n, static_cast<std::int64_t>(v));
        return *this;
    }
    Query& time(int n, base::Time t) { return whole(n, t.us); }
    Query& text(int n, std::string_view v) {
        statement_->text(n, storable(v, replaced_));
        return *this;
    }
    Query& blob(int n, std::string_view v) {
        statement_->blob(n, v);
        return *this;
    }
    Query& digest(int n, const base::Digest& d) { return blob(n, base::as_bytes(d)); }
    Query& null(int n) {
        statement_->null(n);
        return *this;
    }

    base::Result<bool> next() { return statement_->next(); }
    // Then it may be bound and run again.
    base::Result<void> run() {
        auto done = statement_->run();
        replaced_.clear();
        return done;
    }
    base::Result<std::uint64_t> changed() { return statement_->changed(); }

    // Columns of the row, from 0.
    [[nodiscard]] std::int64_t number(int column) const { return statement_->number(column); }
    template <class Whole>
    [[nodiscard]] Whole whole(int column) const {
        return static_cast<Whole>(number(column));
    }
    [[nodiscard]] base::Time time(int column) const { return {number(column)}; }
    [[nodiscard]] std::string_view bytes(int column) const { return statement_->bytes(column); }  // of a text or blob
    [[nodiscard]] std::string string(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] base::Digest digest(int column) const { return base::digest_from_bytes(bytes(column)); }

private:
    std::list<std::string> replaced_;  // before the statement that reads from it
    std::unique_ptr<Statement> statement_;
};

}  // namespace shoumen::store
