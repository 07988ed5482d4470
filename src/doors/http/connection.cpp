#include "connection.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

#include "live_socket.hpp"

namespace shoumen::doors::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

using Clock = std::chrono::steady_clock;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> turn;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable_t<Executor>());
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

constexpr std::uint32_t header_limit = 16U * 1024U;
constexpr std::size_t drain_limit = 64U << 10U;   // an unwanted body so small is read, so that the connection can go on
constexpr std::size_t linger_limit = 64U << 20U;  // a larger one is thrown away while the client takes our answer
constexpr std::size_t idle_buffer = 4'096;        // what a waiting connection may keep
constexpr std::size_t head_piece = 2'048;         // read at once
constexpr std::size_t body_piece = 65'536;
constexpr unsigned most_at_once = 16;
constexpr auto linger_time = base::seconds(5);
constexpr auto table_timeout = base::minutes(10);  // a table of 250,000 lines is read and checked before it is written

std::chrono::microseconds chrono_of(base::Duration d) { return std::chrono::microseconds(d.us); }

bool is_last(const bhttp::request<bhttp::string_body>& request) { return !request.keep_alive(); }

void set_other(Head& head, std::string_view name, std::string_view value) {
    if (beast::iequals(name, "X-Shoumen")) head.csrf = value;
    if (beast::iequals(name, "Idempotency-Key")) head.idempotency_key = value;
    if (beast::iequals(name, "X-Forwarded-Proto")) head.forwarded_https = value == "https";
    if (beast::iequals(name, "X-Forwarded-For")) head.forwarded_for = value;
}

void set_field(Head& head, bhttp::field field, std::string_view name, std::string_view value) {
    switch (field) {
        case bhttp::field::authorization:
            head.authorization = value;
            break;
        case bhttp::field::cookie:
            head.cookie = value;
            break;
        case bhttp::field::content_type:
            head.content_type = value;
            break;
        case bhttp::field::content_encoding:
            head.content_encoding = value;
            break;
        case bhttp::field::if_none_match:
            head.if_none_match = value;
            break;
        case bhttp::field::host:
            head.host = value;
            break;
        case bhttp::field::origin:
            head.origin = value;
            break;
        case bhttp::field::user_agent:
            head.user_agent = value;
            break;
        case bhttp::field::sec_websocket_protocol:
            head.subprotocols = value;
            break;
        default:
            set_other(head, name, value);
    }
}

std::optional<Head> head_from(const bhttp::request<bhttp::string_body>& request) {
    auto target = parse_target(request.target());
    if (!target) return std::nullopt;
    Head head;
    head.method = request.method_string();
    head.target = std::move(*target);
    // From the last to the first: of several of one name the first counts, empty or not.
    for (auto f = request.end(); f != request.begin();) {
        --f;
        set_field(head, f->name(), f->name_string(), f->value());
    }
    head.wants_websocket = beast::websocket::is_upgrade(request);
    return head;
}

// Grants room for one body; gives it back at the end of the request.
class BodyRoom {
public:
    explicit BodyRoom(Door& door) : door_(door) {}
    BodyRoom(const BodyRoom&) = delete;
    BodyRoom& operator=(const BodyRoom&) = delete;
    ~BodyRoom() { door_.release_body(bytes_); }
    bool take(std::size_t bytes) {
        if (!door_.reserve_body(bytes)) return false;
        bytes_ = bytes;
        return true;
    }

private:
    Door& door_;
    std::size_t bytes_ = 0;
};

class Connection : public std::enable_shared_from_this<Connection>, public Closable {
public:
    Connection(Socket socket, std::shared_ptr<Door> door, std::shared_ptr<Registry> registry, Peer peer)
        : socket_(std::move(socket)),
          peer_(std::move(peer)),
          door_(std::move(door)),
          registry_(std::move(registry)),
          watch_(socket_.get_executor()) {
        boost::system::error_code ec;
        address_ = peer_.address;
        if (address_.empty()) {
            if (const auto other = socket_.remote_endpoint(ec); !ec) address_ = other.address().to_string();
        }
        registry_->add(this);
        door_->figures().connections = registry_->size();
    }
    ~Connection() override {
        registry_->remove(this);
        door_->figures().connections = registry_->size();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // g++ 12 miscompiles `while (co_await …) {}` and destroys some temporaries of a co_await expression twice: what is
    // awaited here is given locals.
    static Awaitable<void> run(std::shared_ptr<Connection> self) {
        for (bool more = true; more;) more = co_await self->next_request();
        self->disarm();
    }

    void abandon() override {
        // The frame that is asleep holds the connection: with it both go.
        const auto dying = std::move(asleep_);
        asleep_ = nullptr;
    }

    void finish() override {
        finishing_ = true;
        boost::system::error_code ec;
        if (idle_) socket_.cancel(ec);
    }

private:
    enum class Next { go_on, close, linger };

    // False: the connection is over.
    Awaitable<bool> next_request();
    Awaitable<bool> wait_for_bytes();
    enum class Part { header, whole };
    Awaitable<beast::error_code> read(Part part);
    std::size_t piece_of(Part part);
    bool parse(Part part, beast::error_code& ec);  // whether the part is there
    Awaitable<Next> answer_request();
    Awaitable<Next> refuse_early(Answer answer);
    Awaitable<Next> answer_call(std::shared_ptr<Call> call);
    Awaitable<std::optional<Answer>> read_body(const Call& call, BodyRoom& room);
    Awaitable<Answer> ask(const std::shared_ptr<Call>& call);
    Awaitable<Next> broken_header(beast::error_code ec);
    Awaitable<bool> write(const Answer& answer, bool keep_alive);
    template <class Buffers>
    std::size_t write_at_once(const Buffers& buffers, beast::error_code& ec);
    Awaitable<void> linger();

    // --- Time: one timer for all phases; a later deadline costs an assignment, and the timer finds it when it fires.
    void arm(base::Duration d) {
        timed_out_ = false;
        deadline_ = Clock::now() + chrono_of(d);
        if (!ticking_ || deadline_ < watch_.expiry()) tick();
    }
    void disarm() { deadline_ = Clock::time_point::max(); }
    // Not at once: whoever answers is in the middle of something.
    void wake() {
        if (asleep_) asio::post(socket_.get_executor(), std::exchange(asleep_, nullptr));
    }
    void tick() {
        ticking_ = true;
        watch_.expires_at(deadline_);
        watch_.async_wait([weak = weak_from_this()](beast::error_code ec) {
            const auto self = weak.lock();
            if (!ec && self) self->on_tick();
        });
    }
    void on_tick() {
        ticking_ = false;
        if (deadline_ == Clock::time_point::max()) return;
        if (Clock::now() < deadline_) return tick();
        timed_out_ = true;
        if (asleep_) return wake();
        boost::system::error_code ec;
        socket_.cancel(ec);
        // The operation may just have been between two reads, where a cancel finds nothing: once more, until it is
        // over.
        deadline_ = Clock::now() + std::chrono::seconds(1);
        tick();
    }

    Socket socket_;
    Peer peer_;
    std::string address_;
    std::shared_ptr<Door> door_;
    std::shared_ptr<Registry> registry_;
    Timer watch_;
    std::move_only_function<void()> asleep_;  // goes on where an answer is awaited that is made elsewhere
    Clock::time_point deadline_ = Clock::time_point::max();
    beast::flat_buffer buffer_;
    std::optional<bhttp::request_parser<bhttp::string_body>> parser_;
    bool ticking_ = false;
    bool timed_out_ = false;
    unsigned at_once_ = 0;  // requests that had come with the one before
    bool idle_ = false;
    bool finishing_ = false;
    bool handed_over_ = false;
    bool head_only_ = false;
    bool by_tls_ = false;  // as far as the client is concerned
};

Awaitable<bool> Connection::wait_for_bytes() {
    if (buffer_.size() > 0) {
        // More than one in a packet: after some the others get their turn.
        if (++at_once_ % most_at_once == 0) co_await asio::post(socket_.get_executor(), turn);
        co_return true;
    }
    if (finishing_) co_return false;
    if (buffer_.capacity() > idle_buffer) buffer_ = {};
    idle_ = true;
    arm(door_->options().idle_timeout);
    if (buffer_.capacity() == 0) {  // one that has never spoken holds no memory
        const auto [ec] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
        idle_ = false;
        co_return !ec;
    }
    const auto [ec, n] = co_await socket_.async_read_some(buffer_.prepare(head_piece), as_result);
    buffer_.commit(n);
    idle_ = false;
    co_return !ec;
}

Awaitable<bool> Connection::next_request() {
    if (!co_await wait_for_bytes()) co_return false;
    const Next next = co_await answer_request();
    if (next == Next::linger) co_await linger();
    parser_.reset();
    co_return next == Next::go_on && !finishing_;
}

// What the buffer holds, as far as it is needed.
bool Connection::parse(Part part, beast::error_code& ec) {
    const auto there = [&] { return part == Part::header ? parser_->is_header_done() : parser_->is_done(); };
    while (!there() && buffer_.size() > 0) {
        buffer_.consume(parser_->put(buffer_.data(), ec));
        if (ec == bhttp::error::need_more) {
            ec = {};
            return false;
        }
        if (ec) return false;
    }
    return there();
}

// No more than the body: what comes after it waits its turn in the socket.
std::size_t Connection::piece_of(Part part) {
    if (part == Part::header) return head_piece;
    const auto rest = parser_->content_length_remaining();
    return rest ? static_cast<std::size_t>(std::min<std::uint64_t>(body_piece, *rest)) : body_piece;
}

Awaitable<beast::error_code> Connection::read(Part part) {
    parser_->eager(part == Part::whole);
    beast::error_code ec;
    while (!ec && !parse(part, ec) && !ec) {
        // What is left unread of a body is a piece of a chunk's head, or of a trailer: the parser sets it no limit.
        if (part == Part::whole && buffer_.size() > header_limit) co_return bhttp::error::body_limit;
        const auto [failed, n] = co_await socket_.async_read_some(buffer_.prepare(piece_of(part)), as_result);
        buffer_.commit(n);
        if (failed == asio::error::eof && parser_->got_some()) {
            parser_->put_eof(ec);
            if (!ec && !parser_->is_done()) ec = bhttp::error::partial_message;
            break;
        }
        ec = failed == asio::error::eof ? bhttp::error::end_of_stream : failed;
    }
    co_return ec;
}

Awaitable<Connection::Next> Connection::answer_request() {
    parser_.emplace();
    parser_->header_limit(header_limit);
    parser_->body_limit(boost::none);  // set once the route is known
    head_only_ = false;
    by_tls_ = peer_.by_tls;
    arm(door_->options().header_timeout);
    const beast::error_code ec = co_await read(Part::header);
    if (ec) co_return co_await broken_header(ec);
    head_only_ = parser_->get().method() == bhttp::verb::head;
    auto head = head_from(parser_->get());
    const bool endless = parser_->get().count(bhttp::field::transfer_encoding) > 0 && !parser_->chunked();
    if (endless) {
        const Answer unknown = door_->error({"bad-request", "Of transfer encodings only chunked is known.", {}});
        const bool written = co_await write(unknown, false);
        co_return written ? Next::linger : Next::close;
    }
    if (!head) {
        Answer unread = door_->error({"bad-request", "The request target cannot be read.", {}});
        co_return co_await refuse_early(std::move(unread));
    }
    head->address = address_;
    head->has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
    head->forwarded_https = head->forwarded_https || peer_.by_tls || door_->options().behind_tls;
    by_tls_ = head->forwarded_https;
    head->certificate = peer_.certificate;
    auto admission = door_->admit(std::move(*head));
    if (auto* refused = std::get_if<Answer>(&admission)) co_return co_await refuse_early(std::move(*refused));
    co_return co_await answer_call(std::get<std::shared_ptr<Call>>(std::move(admission)));
}

// What stands in the way of reading headers: the client has gone, or is slow, or speaks something else.
Awaitable<Connection::Next> Connection::broken_header(beast::error_code ec) {
    const bool gone =
        ec == bhttp::error::end_of_stream || ec == asio::error::eof || ec == asio::error::connection_reset;
    if (gone || (ec == asio::error::operation_aborted && !timed_out_)) co_return Next::close;
    base::Error why{"bad-request", "This is not HTTP/1.1.", {}};
    if (timed_out_) why = {"request-timeout", "", {}};
    if (ec == bhttp::error::header_limit) why = {"headers-too-large", "", {}};
    const Answer answer = door_->error(why);
    const bool written = co_await write(answer, false);
    co_return written ? Next::linger : Next::close;
}

// A refusal on the headers alone (or a file): a small body is read and passed over, a large one ends the connection.
Awaitable<Connection::Next> Connection::refuse_early(Answer answer) {
    const bool small = !parser_->chunked() && parser_->content_length().value_or(0) <= drain_limit;
    const bool asks_first =
        beast::iequals(parser_->get()[bhttp::field::expect], "100-continue");  // and sends nothing before it is told to
    bool keep = small && !asks_first && !is_last(parser_->get());
    if (keep && !parser_->is_done()) {
        arm(door_->options().body_timeout);
        const beast::error_code ec = co_await read(Part::whole);
        if (ec) keep = false;
    }
    const bool written = co_await write(answer, keep);
    if (!written) co_return Next::close;
    co_return keep ? Next::go_on : Next::linger;
}

Awaitable<Connection::Next> Connection::answer_call(std::shared_ptr<Call> call) {
    if (call->request.head.wants_websocket && call->route->pattern == "/api/v1/live") {
        disarm();
        handed_over_ = true;
        start_live(std::move(socket_), parser_->get(), *call, door_);
        co_return Next::close;
    }
    BodyRoom room(*door_);
    if (auto refused = co_await read_body(*call, room)) {
        refused->of(call->route->method, call->route->pattern);
        const bool written = co_await write(*refused, false);
        co_return written ? Next::linger : Next::close;
    }
    const bool keep = !is_last(parser_->get()) && !finishing_;
    call->request.body = std::move(parser_->get().body());
    Answer answer = co_await ask(call);
    answer.of(call->route->method, call->route->pattern);
    const bool written = co_await write(answer, keep && !finishing_);
    if (!written) co_return Next::close;
    co_return keep ? Next::go_on : Next::linger;
}

// Nothing: the body is there. Else why not.
Awaitable<std::optional<Answer>> Connection::read_body(const Call& call, BodyRoom& room) {
    if (parser_->is_done()) co_return std::nullopt;
    const std::size_t limit = body_limit(call.route->media);
    const std::uint64_t length = parser_->content_length().value_or(parser_->chunked() ? limit : 0);
    const base::Error too_large{"too-large", fmt::format("At most {} bytes are taken here.", limit), {}};
    if (length > limit) co_return door_->error(too_large);
    if (!room.take(length)) co_return door_->error({"busy", "Too many large requests at once.", {}});
    parser_->body_limit(limit);
    const bool large = call.route->media == Media::picture || call.route->media == Media::large_table;
    arm(large ? door_->options().picture_timeout : door_->options().body_timeout);
    if (beast::iequals(parser_->get()[bhttp::field::expect], "100-continue")) {
        const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(socket_, asio::buffer(go_on), as_result);
    }
    const beast::error_code ec = co_await read(Part::whole);
    if (!ec) co_return std::nullopt;
    if (timed_out_) co_return door_->error({"request-timeout", "", {}});
    if (ec == bhttp::error::body_limit) co_return door_->error(too_large);
    co_return door_->error({"bad-request", "The body ends too early, or its chunks are broken.", {}});
}

Awaitable<Answer> Connection::ask(const std::shared_ptr<Call>& call) {
    disarm();  // as long as a handler works nobody is late
    const auto pending = std::make_shared<Pending>();
    call->reply = Reply(pending);
    door_->handle(call);
    if (!pending->answer) {
        pending->wake = [this] { wake(); };
        const bool table = call->route != nullptr && call->route->media == Media::large_table;
        arm(table ? table_timeout : door_->options().answer_timeout);
        const auto sleep = [this](auto go_on) { asleep_ = std::move(go_on); };
        const asio::use_awaitable_t<Executor> here;
        co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(sleep, here);
        disarm();
    }
    if (pending->answer) co_return std::move(*pending->answer);
    co_return door_->error(
        {"storing-failed", "It is not yet on disk; send it again, with the same id or Idempotency-Key.", {}});
}

template <class Buffers>
std::size_t Connection::write_at_once(const Buffers& buffers, beast::error_code& ec) {
    const std::size_t sent = socket_.write_some(buffers, ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) ec = {};
    return sent;
}

Awaitable<bool> Connection::write(const Answer& answer, bool keep_alive) {
    ++door_->figures().answers[{answer.method, answer.route, answer.status}];
    const auto version = parser_ ? parser_->get().version() : 11U;
    std::string& head = door_->head_room();
    head_of(answer, {.http_1_0 = version < 11, .keep_alive = keep_alive, .by_tls = by_tls_, .date = door_->http_date()},
            head);
    const auto body = head_only_ || answer.status == 204 || answer.status == 304 ? std::string_view() : answer.bytes();
    arm(body.size() > json_limit ? door_->options().picture_timeout : door_->options().body_timeout);
    const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(body)};
    beast::error_code ec;
    const std::size_t sent = write_at_once(parts, ec);
    if (!ec && sent < head.size() + body.size()) {
        const std::string own_head = head;  // the next answer is made in the same room
        const std::array<asio::const_buffer, 2> kept = {asio::buffer(own_head), asio::buffer(body)};
        beast::buffers_suffix<std::array<asio::const_buffer, 2>> rest(kept);
        rest.consume(sent);
        const auto [failed, n] = co_await asio::async_write(socket_, rest, as_result);
        ec = failed;
    }
    disarm();
    co_return !ec;
}

// A client that is still sending would be cut off before it has read our answer: what it sends is thrown away for a
// while.
Awaitable<void> Connection::linger() {
    beast::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    if (finishing_) co_return;
    arm(linger_time);
    buffer_.clear();
    idle_ = true;
    for (std::size_t thrown = 0; thrown < linger_limit;) {
        const auto [ec, n] = co_await socket_.async_read_some(buffer_.prepare(65'536), as_result);
        if (ec) co_return;
        thrown += n;
    }
}

}  // namespace

void serve(Socket socket, std::shared_ptr<Door> door, std::shared_ptr<Registry> registry, Peer peer) {
    boost::system::error_code ec;
    socket.set_option(tcp::no_delay(true), ec);
    socket.non_blocking(true, ec);  // an answer is written at once where there is room
    const auto executor = socket.get_executor();
    auto connection =
        std::make_shared<Connection>(std::move(socket), std::move(door), std::move(registry), std::move(peer));
    asio::co_spawn(executor, Connection::run(std::move(connection)), asio::detached);
}

}  // namespace shoumen::doors::http
