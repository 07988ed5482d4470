#include "connection.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "faults.hpp"

namespace shoumen::store::postgresql {
namespace {

using base::Result;
using Clock = std::chrono::steady_clock;

// Object ids of the server's own types; they are the same in every PostgreSQL.
constexpr unsigned type_int8 = 20;
constexpr unsigned type_int2 = 21;
constexpr unsigned type_int4 = 23;

constexpr std::size_t most_under_way = 1'000;  // then their results are taken before more is handed over
constexpr int binary = 1;
constexpr int oldest_version = 150'000;

std::size_t width_of(unsigned type) {
    switch (type) {
        case type_int8:
            return 8;
        case type_int4:
            return 4;
        case type_int2:
            return 2;
        default:
            return 0;
    }
}

// Network order, sign extended.
std::int64_t number_from(std::string_view bytes) {
    if (bytes.empty()) return 0;
    std::uint64_t v = static_cast<std::int8_t>(bytes[0]) < 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) v = v << 8U | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(v);
}

// libpq's messages end in a newline and may have several lines.
std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '\n' || c == '\t' ? ' ' : c;
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

std::string_view state_of(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state ? state : "";
}

// What libpq was given stands; these are ours.
struct Words {
    std::vector<const char*> keys;
    std::vector<const char*> values;
    void add(const char* key, const char* value) {
        keys.push_back(key);
        values.push_back(value);
    }
};

Words words_of(const Address& address, const std::string& name) {
    Words words;
    words.add("connect_timeout", "2");
    words.add("dbname", address.conninfo.c_str());
    words.add("application_name", name.c_str());
    words.add("client_encoding", "UTF8");
    words.add("tcp_user_timeout", "20000");
    words.add("keepalives_idle", "10");
    words.add("keepalives_interval", "5");
    words.add("keepalives_count", "3");
    words.add(nullptr, nullptr);
    return words;
}

// Whether there is a server that would speak with somebody else: no language of messages to be read for it.
base::Error why_not_connected(PGconn* db, const Address& address, const Words& words, Clock::duration took) {
    const auto said = one_line(PQerrorMessage(db));
    const bool answers =
        took < std::chrono::seconds(1) && PQpingParams(words.keys.data(), words.values.data(), 1) == PQPING_OK;
    if (answers)
        return {"database-refused",
                fmt::format("the database {} does not let us in: {}; check that database and role exist (createdb, "
                            "createuser) and that pg_hba.conf admits it; a password belongs into ~/.pgpass",
                            address.shown, said),
                {}};
    return {"database-away",
            fmt::format("the database {} cannot be reached: {}; check that it runs and that the address is right",
                        address.shown, said),
            {}};
}

// For as long as the session lasts. The server must notice a machine that vanished, or its lock would stay for hours.
std::string settings(const Connection::How& how) {
    std::string sql =
        "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
        "SET client_connection_check_interval = '5s'; SET idle_in_transaction_session_timeout = 0; "
        "SET idle_session_timeout = 0; SET lock_timeout = '5s'; SET jit = off; ";
    sql += fmt::format("SET shoumen.shard = '{}'; ", how.shard);
    if (how.writes)
        sql +=
            "SET statement_timeout = 0; SET default_transaction_isolation = 'read committed'; "
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> "
            "'remote_apply'";
    else
        // A list of 200 is planned as one: a plan for any length would read the whole table. Every statement has a key
        // to find its rows by.
        sql += fmt::format(
            "SET plan_cache_mode = force_custom_plan; SET enable_seqscan = off; SET random_page_cost = 1.1; SET "
            "statement_timeout = {}; SET default_transaction_isolation = "
            "'repeatable read'; "
            "SET default_transaction_read_only = on",
            how.patience.count());
    return sql;
}

}  // namespace

void FreeResult::operator()(pg_result* result) const { PQclear(result); }

// --- Statements --------------------------------------------------------------------------------------------------

PostgresqlStatement::PostgresqlStatement(Connection& db, std::string_view sql) : db_(db) {
    auto found = db.prepared(sql);
    if (!found) {
        fault_ = std::move(found.error());
        return;
    }
    assert(!(*found)->busy && "one run of a statement at a time");
    prepared_ = *found;
    prepared_->busy = true;
}

PostgresqlStatement::~PostgresqlStatement() {
    if (!prepared_) return;
    std::ranges::fill(prepared_->values, nullptr);
    prepared_->busy = false;
}

void PostgresqlStatement::put(int n, const char* value, std::size_t size) {
    const auto at = static_cast<std::size_t>(n - 1);
    assert(at < prepared_->values.size() && "a parameter the statement has");
    prepared_->values[at] = value ? value : "";  // null would mean NULL
    prepared_->lengths[at] = static_cast<int>(size);
}

void PostgresqlStatement::number(int n, std::int64_t v) {
    if (!prepared_) return;
    const auto at = static_cast<std::size_t>(n - 1);
    const auto width = width_of(prepared_->types.at(at));
    assert(width > 0 && "a number where the statement wants one");
    auto& out = prepared_->numbers[at];
    for (std::size_t i = 0; i < width; ++i)
        out[i] = static_cast<char>(static_cast<std::uint64_t>(v) >> (8 * (width - 1 - i)));
    put(n, out.data(), width);
}

void PostgresqlStatement::text(int n, std::string_view v) {
    if (prepared_) put(n, v.data(), v.size());
}

void PostgresqlStatement::blob(int n, std::string_view v) {
    if (prepared_) put(n, v.data(), v.size());
}

void PostgresqlStatement::null(int n) {
    if (prepared_) prepared_->values[static_cast<std::size_t>(n - 1)] = nullptr;
}

int PostgresqlStatement::hand_over() {
    rows_.reset();
    row_ = 0;
    return PQsendQueryPrepared(db_.db_, prepared_->name.c_str(), static_cast<int>(prepared_->values.size()),
                               prepared_->values.data(), prepared_->lengths.data(), prepared_->formats.data(), binary);
}

Result<bool> PostgresqlStatement::next() {
    if (fault_) return tl::unexpected(*fault_);
    if (rows_) {
        ++row_;
    } else {
        auto rows = db_.send_and_receive(hand_over());
        if (!rows) return tl::unexpected(std::move(rows.error()));
        rows_ = std::move(*rows);
    }
    return row_ < PQntuples(rows_.get());
}

Result<void> PostgresqlStatement::run() {
    if (fault_) return tl::unexpected(*fault_);
    if (db_.pipelined_) return db_.send(hand_over());
    auto rows = db_.send_and_receive(hand_over());
    if (!rows) return tl::unexpected(std::move(rows.error()));
    return {};
}

Result<std::uint64_t> PostgresqlStatement::changed() {
    if (fault_) return tl::unexpected(*fault_);
    const auto rows = db_.send_and_receive(hand_over());
    if (!rows) return tl::unexpected(rows.error());
    const std::string_view text = PQcmdTuples(rows->get());
    std::uint64_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

std::int64_t PostgresqlStatement::number(int column) const { return number_from(bytes(column)); }

std::string_view PostgresqlStatement::bytes(int column) const {
    return {PQgetvalue(rows_.get(), row_, column), static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
}

// --- Connection --------------------------------------------------------------------------------------------------

Result<std::unique_ptr<Connection>> Connection::open(const Address& address, const How& how) {
    std::unique_ptr<Connection> made(new Connection(address, how));
    const auto words = words_of(address, made->how_.name);
    const auto begun = Clock::now();
    made->db_ = PQconnectdbParams(words.keys.data(), words.values.data(), 1);
    if (PQstatus(made->db_) != CONNECTION_OK)
        return tl::unexpected(why_not_connected(made->db_, address, words, Clock::now() - begun));
    // What the server has to remark does not belong on our stderr.
    PQsetNoticeReceiver(made->db_, [](void*, const PGresult*) {}, nullptr);
    PQsetnonblocking(made->db_, 1);
    if (PQserverVersion(made->db_) < oldest_version)
        return base::fail("database-unfit", fmt::format("the server of {} is older than PostgreSQL 15; bring it up to "
                                                        "date, or choose another one",
                                                        address.shown));
    if (auto set = made->run(settings(how)); !set) return tl::unexpected(std::move(set.error()));
    return made;
}

Connection::~Connection() { PQfinish(db_); }

std::unique_ptr<Statement> Connection::statement(std::string_view sql) {
    return std::make_unique<PostgresqlStatement>(*this, sql);
}

Result<Prepared*> Connection::prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
    auto made = std::make_unique<Prepared>();
    made->name = fmt::format("s{}", statements_.size());
    auto known = send_and_receive(PQsendPrepare(db_, made->name.c_str(), std::string(sql).c_str(), 0, nullptr));
    if (known) known = send_and_receive(PQsendDescribePrepared(db_, made->name.c_str()));
    if (!known) return tl::unexpected(std::move(known.error()));
    const auto n = static_cast<std::size_t>(PQnparams(known->get()));
    for (std::size_t i = 0; i < n; ++i) made->types.push_back(PQparamtype(known->get(), static_cast<int>(i)));
    made->numbers.resize(n);
    made->values.resize(n, nullptr);
    made->lengths.resize(n, 0);
    made->formats.resize(n, binary);
    return statements_.emplace(sql, std::move(made)).first->second.get();
}

Result<void> Connection::run(const std::string& sql) {
    assert(!pipelined_ && "several statements at once cannot be pipelined");
    auto done = send_and_receive(PQsendQuery(db_, sql.c_str()));
    if (!done) return tl::unexpected(std::move(done.error()));
    return {};
}

Result<std::vector<std::string>> Connection::row(const std::string& sql) {
    const auto rows = send_and_receive(PQsendQuery(db_, sql.c_str()));
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::string> out;
    for (int i = 0; PQntuples(rows->get()) > 0 && i < PQnfields(rows->get()); ++i)
        out.emplace_back(PQgetvalue(rows->get(), 0, i));
    return out;
}

Result<void> Connection::begin() {
    if (lost_ || PQenterPipelineMode(db_) != 1) return tl::unexpected(lost("the connection is gone"));
    pipelined_ = true;
    in_doubt_ = false;
    return send(PQsendQueryParams(db_, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, binary));
}

Result<void> Connection::commit() {
    committing_ = true;
    auto done = send(PQsendQueryParams(db_, "COMMIT", 0, nullptr, nullptr, nullptr, nullptr, binary));
    if (done) done = end_pipeline();
    committing_ = false;
    if (!done) roll_back();
    return done;
}

void Connection::roll_back() {
    if (pipelined_) (void)end_pipeline();
    if (!lost_ && PQtransactionStatus(db_) != PQTRANS_IDLE) (void)run("ROLLBACK");
}

// Takes all results; after a fault nothing that was handed over behind it has been done.
Result<void> Connection::end_pipeline() {
    pipelined_ = false;
    deadline_ = Clock::now() + how_.patience;
    if (lost_ || PQpipelineSync(db_) != 1) return tl::unexpected(lost("the connection is gone"));
    Result<void> done;
    while (under_way_ > 0 && !lost_) {
        const auto rows = receive();
        if (!rows && done) done = tl::unexpected(rows.error());
    }
    if (lost_) return done;
    const auto sync = next_result();
    if (!sync) return tl::unexpected(sync.error());
    const Rows held(*sync);
    if (!held || PQresultStatus(held.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(db_) != 1)
        return tl::unexpected(lost("its answers are out of step"));
    return done;
}

bool Connection::alive() {
    // A server that goes says so first, and closes then.
    pollfd one{PQsocket(db_), POLLIN, 0};
    while (!lost_ && ::poll(&one, 1, 0) > 0) {
        if (PQconsumeInput(db_) != 1) (void)lost("the server has closed it");
    }
    if (PQstatus(db_) != CONNECTION_OK) lost_ = true;
    return !lost_;
}

int Connection::server_process() const { return PQbackendPID(db_); }

// --- Handing over, taking results --------------------------------------------------------------------------------

Result<void> Connection::send(int handed_over) {
    if (lost_ || handed_over != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    ++under_way_;
    return under_way_ < most_under_way ? Result<void>{} : settle();
}

Result<void> Connection::settle() {
    if (under_way_ == 0) return {};
    if (pipelined_ && PQsendFlushRequest(db_) != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    Result<void> done;
    while (under_way_ > 0) {
        const auto rows = receive();
        if (!rows && done) done = tl::unexpected(rows.error());
        if (lost_) break;
    }
    return done;
}

Result<Rows> Connection::send_and_receive(int handed_over) {
    if (lost_ || handed_over != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    ++under_way_;
    if (pipelined_ && PQsendFlushRequest(db_) != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    base::Result<Rows> last;
    std::optional<base::Error> first_fault;
    while (under_way_ > 0) {
        last = receive();
        if (!last && !first_fault) first_fault = last.error();
        if (lost_) break;
    }
    if (first_fault) return tl::unexpected(std::move(*first_fault));
    return last;
}

Result<Rows> Connection::receive() {
    deadline_ = Clock::now() + how_.patience;
    Rows last;
    std::optional<base::Error> fault;
    for (;;) {
        const auto result = next_result();
        if (!result) return tl::unexpected(result.error());
        if (!*result) break;
        Rows rows(*result);
        switch (PQresultStatus(rows.get())) {
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK:
            case PGRES_EMPTY_QUERY:
                last = std::move(rows);
                break;
            case PGRES_PIPELINE_ABORTED:
                if (!fault) fault = base::Error{"store-error", "an earlier statement of the transaction failed", {}};
                break;
            default:
                if (!fault) fault = error_of(rows.get());
                if (lost_) return tl::unexpected(std::move(*fault));
        }
    }
    --under_way_;
    if (fault) return tl::unexpected(std::move(*fault));
    return last;
}

Result<pg_result*> Connection::next_result() {
    if (auto done = flush(); !done) return tl::unexpected(std::move(done.error()));
    while (PQisBusy(db_) == 1) {
        if (auto done = wait(POLLIN); !done) return tl::unexpected(std::move(done.error()));
        if (PQconsumeInput(db_) != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    }
    return PQgetResult(db_);
}

Result<void> Connection::flush() {
    for (;;) {
        const int rest = PQflush(db_);
        if (rest == 0) return {};
        if (rest < 0) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
        if (auto done = wait(POLLIN | POLLOUT); !done) return done;
        if (PQconsumeInput(db_) != 1) return tl::unexpected(lost(one_line(PQerrorMessage(db_))));
    }
}

Result<void> Connection::wait(short events) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
        if (left.count() <= 0)
            return tl::unexpected(lost(fmt::format("no answer within {} s", how_.patience.count() / 1'000)));
        pollfd one{PQsocket(db_), events, 0};
        const int ready = ::poll(&one, 1, static_cast<int>(left.count()) + 1);
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return tl::unexpected(lost("the connection is gone"));
    }
}

// --- Faults ------------------------------------------------------------------------------------------------------

base::Error Connection::error_of(const pg_result* result) {
    const auto state = state_of(result);
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state.empty() || ends_session(state) || PQstatus(db_) != CONNECTION_OK)
        return lost(primary ? primary : one_line(PQresultErrorMessage(result)));
    // The detail and its values are left out: they may be somebody's.
    const auto say = what_to_say(state);
    return {
        std::string(say.code),
        fmt::format("cannot use the database {}: {} ({}); {}", address_.shown, primary ? primary : "", state, say.mend),
        {}};
}

base::Error Connection::lost(const std::string& why) {
    lost_ = true;
    if (committing_) in_doubt_ = true;
    const auto say = what_to_say("08");
    return {std::string(say.code),
            fmt::format("the connection to the database {} was lost: {}; {}", address_.shown, why, say.mend),
            {}};
}

}  // namespace shoumen::store::postgresql
