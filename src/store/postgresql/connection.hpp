// A thin layer over libpq: connections, prepared statements, errors. Everything special to PostgreSQL's protocol stands
// in this pair of files; what is asked stands in store/sql/statements.hpp.
//
// Within a transaction statements are pipelined: run() hands one over and goes on, its fault comes with a later result
// or with commit(). Outside of one, each waits for its answer. Parameters and columns travel in binary form. No call
// waits longer than `patience`: then the connection counts as lost, and so it does after a fault that ends a session.
// One thread at a time for a connection and all that comes from it.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "store/postgresql/address.hpp"
#include "store/sql/database.hpp"

struct pg_conn;
struct pg_result;

namespace shoumen::store::postgresql {

struct FreeResult {
    void operator()(pg_result* result) const;
};
using Rows = std::unique_ptr<pg_result, FreeResult>;

// A statement the server knows, and room for its parameters.
struct Prepared {
    std::string name;
    std::vector<unsigned> types;
    std::vector<std::array<char, 8>> numbers;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    bool busy = false;
};

class Connection final : public Database {
public:
    struct How {
        bool writes = false;
        std::chrono::milliseconds patience{60'000};
        std::string name = "shoumen";  // how the server lists it
        std::uint64_t shard = 0;       // whose rows are there for it: schema.hpp, fence()
    };

    static base::Result<std::unique_ptr<Connection>> open(const Address& address, const How& how);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::unique_ptr<Statement> statement(std::string_view sql) override;

    // Statements without parameters, one or many. Not within begin() … commit().
    base::Result<void> run(const std::string& sql);
    // The first row as text; empty if there is none.
    base::Result<std::vector<std::string>> row(const std::string& sql);

    base::Result<void> begin();
    base::Result<void> commit();  // on failure nothing is kept, unless in_doubt()
    void roll_back();

    // Whether there is still somebody at the other end, as far as it has been heard of. Asks nobody.
    bool alive();
    // The connection went while COMMIT was under way: it may have been done or not.
    [[nodiscard]] bool in_doubt() const { return in_doubt_; }
    [[nodiscard]] int server_process() const;
    [[nodiscard]] const Address& address() const { return address_; }

private:
    friend class PostgresqlStatement;
    Connection(Address address, const How& how) : address_(std::move(address)), how_(how) {}

    base::Result<Prepared*> prepared(std::string_view sql);
    base::Result<void> send(int handed_over);  // what the libpq call that hands over answered
    base::Result<Rows> send_and_receive(int handed_over);
    base::Result<void> end_pipeline();
    base::Result<void> settle();   // all that is under way has come to its end
    base::Result<Rows> receive();  // the result of the oldest command under way
    base::Result<pg_result*> next_result();
    base::Result<void> wait(short events);
    base::Result<void> flush();
    base::Error error_of(const pg_result* result);
    base::Error lost(const std::string& why);

    const Address address_;
    const How how_;
    pg_conn* db_ = nullptr;
    bool lost_ = false;
    bool pipelined_ = false;
    bool committing_ = false;
    bool in_doubt_ = false;
    std::size_t under_way_ = 0;  // commands handed over whose results have not been taken
    std::chrono::steady_clock::time_point deadline_;
    std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;
};

class PostgresqlStatement final : public Statement {
public:
    PostgresqlStatement(Connection& db, std::string_view sql);
    ~PostgresqlStatement() override;
    PostgresqlStatement(const PostgresqlStatement&) = delete;
    PostgresqlStatement& operator=(const PostgresqlStatement&) = delete;

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
    void put(int n, const char* value, std::size_t size);
    int hand_over();

    Connection& db_;
    Prepared* prepared_ = nullptr;
    std::optional<base::Error> fault_;
    Rows rows_;
    int row_ = 0;
};

// One that only says why there is none.
class FailedStatement final : public Statement {
public:
    explicit FailedStatement(base::Error why) : why_(std::move(why)) {}
    void number(int, std::int64_t) override {}
    void text(int, std::string_view) override {}
    void blob(int, std::string_view) override {}
    void null(int) override {}
    base::Result<bool> next() override { return tl::unexpected(why_); }
    base::Result<void> run() override { return tl::unexpected(why_); }
    base::Result<std::uint64_t> changed() override { return tl::unexpected(why_); }
    [[nodiscard]] std::int64_t number(int) const override { return 0; }
    [[nodiscard]] std::string_view bytes(int) const override { return {}; }

private:
    base::Error why_;
};

}  // namespace shoumen::store::postgresql
