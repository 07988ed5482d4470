#include "doors/mqtt/listener.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <random>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "doors/listen/accepting.hpp"
#include "doors/listen/listen.hpp"
#include "doors/mqtt/topics.hpp"

#include "connection.hpp"

namespace shoumen::doors::mqtt {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t read_size = 65'536;
constexpr std::size_t most_held = max_whole_packet + read_size;  // of one connection
constexpr std::size_t buffer_size = most_held + read_size + NativeReader::padding;
constexpr std::size_t unsent_pause = 65'536;  // beyond this a connection is not read until its answers are gone
constexpr unsigned log_lines_a_second = 20;
constexpr std::uint32_t token_check_seconds = 30;
constexpr std::uint32_t leaving_seconds = 2;
constexpr std::uint32_t lively = 60;  // seconds since a connection was heard

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io_, ports::Intake& intake, Options with)
        : io(io_),
          options(std::move(with)),
          common(intake),
          acceptor(io_),
          accepting(
              io_, acceptor,
              {[this](tcp::socket socket) { take(std::move(socket)); },
               [this](const std::string& why) { log(LogLevel::warning, "mqtt: cannot accept a connection: " + why); }}),
          second(io_),
          buffer(std::make_unique<char[]>(buffer_size)) {
        common.admit = [this](Session& session) { return admit(session); };
        common.instance = std::random_device{}();
    }

    // --- Life of the listener
    base::Result<void> start();
    void stop();

    // --- New connections
    void take(tcp::socket socket, std::string certificate = {});
    bool admit(Session& session);

    // --- Bytes in and out
    void wait_readable(Connection& c);
    void readable(Connection& c);
    void process(Connection& c, std::size_t size);
    void keep(Connection& c, std::string_view rest);
    void send(Connection& c, std::string_view bytes);
    void wait_writable(Connection& c);
    void writable(Connection& c);

    // --- The shell's pace
    void progress();
    void progress_after();
    void acknowledge_committed();
    void stall(Connection& c, bool first);
    void resume_stalled();

    // --- Commands
    std::vector<Connection*> listening_to(std::string_view device);
    ports::Courier::Delivery command(std::string_view device, std::string_view payload);

    // --- Time
    void wait_a_second();
    void each_second();
    void look_after(Connection& c);

    // --- Ends
    void leave(Connection& c);
    // With a reason other than success, a device of MQTT 5 is told it.
    void close(Connection& c, std::string_view why, bool worth_a_line, Reason reason = Reason::success);
    void say_farewell(Connection& c, std::string_view why, Reason reason);
    void release(Connection& c);
    void release_from_device(Connection& c);
    void log_end(const Connection& c, std::string_view why);
    void log(LogLevel level, std::string_view line);

    asio::io_context& io;
    Options options;
    Common common;
    tcp::acceptor acceptor;
    Accepting accepting;
    asio::steady_timer second;
    std::unique_ptr<char[]> buffer;
    std::string answers;
    std::vector<ConnectionPtr> connections;
    std::unordered_map<std::uint32_t, std::vector<Connection*>> of_device;
    std::vector<ConnectionPtr> unacknowledged;
    std::deque<ConnectionPtr> stalled;
    Connection* signing_in = nullptr;
    std::uint64_t registration = 0;
    std::size_t held_bytes = 0;
    std::uint32_t now = 1;  // seconds since the start
    unsigned lines = 0;     // in this second
    unsigned lines_left_out = 0;
    bool running = false;
    bool busy = false;    // the Intake said so; nothing is read until progress
    bool inside = false;  // a session is being fed: progress waits until it is done
    bool progress_came = false;
};

// --- Life of the listener ------------------------------------------------------------------------------------------

base::Result<void> Listener::Impl::start() {
    if (auto listening = listen_on(acceptor, options.address, options.port, "mqtt"); !listening) return listening;
    error_code ec;
    acceptor.non_blocking(true, ec);
    if (ec) return base::fail("listen-failed", "its socket cannot be set up: " + ec.message(), "mqtt");
    running = true;
    registration = common.intake.on_progress([this] { progress(); });
    accepting.start();
    wait_a_second();
    return {};
}

void Listener::Impl::stop() {
    if (!running) return;
    running = false;
    common.intake.forget(registration);
    error_code ec;
    accepting.stop();
    acceptor.close(ec);
    second.cancel();
    for (const auto& c : connections) {
        say_farewell(*c, "Shoumen stops: connect again later", Reason::server_shutting_down);
        c->closed = true;
        c->socket.close(ec);
    }
    connections.clear();
    of_device.clear();
    unacknowledged.clear();
    stalled.clear();
    common.waiting_wills.clear();
    common.counters.connections = 0;
}

// --- New connections -------------------------------------------------------------------------------------------------

void Listener::Impl::take(tcp::socket socket, std::string certificate) {
    error_code ec;
    if (connections.size() >= options.max_connections) {
        ++common.counters.over_limit;
        log(LogLevel::warning,
            fmt::format("mqtt: a connection was turned away: {} are open, as many as allowed", connections.size()));
        return;
    }
    socket.non_blocking(true, ec);
    if (ec) return;
    error_code ignored;  // there is none where TLS stands before it
    socket.set_option(tcp::no_delay(true), ignored);
    ignored.clear();
    auto c = std::make_shared<Connection>(std::move(socket), common, std::move(certificate));
    if (const auto peer = c->socket.remote_endpoint(ignored); !ignored)
        c->session.comes_from(peer.address().to_string());
    c->position = connections.size();
    c->number = static_cast<std::uint32_t>(common.counters.connections_total);
    c->heard = c->sent = now;
    connections.push_back(c);
    ++common.counters.connections_total;
    common.counters.connections = connections.size();
    wait_readable(*c);
}

// Called from inside the session that signs in.
bool Listener::Impl::admit(Session& session) {
    auto& others = of_device[session.speaker().device.value];
    if (session.client() != 0) {
        const auto same =
            std::ranges::find_if(others, [&](const Connection* c) { return c->session.client() == session.client(); });
        // The same client again: its old connection is dead, or it would not come anew; or they are two.
        if (same != others.end() && options.pushed_out && now - (*same)->heard <= lively)
            options.pushed_out(session.speaker());
        if (same != others.end()) close(**same, "the same client connected anew", false, Reason::session_taken_over);
    }
    // close() may have removed the device's entry.
    auto& list = of_device[session.speaker().device.value];
    if (list.size() >= options.max_connections_of_device) {
        ++common.counters.over_limit;
        return false;
    }
    list.push_back(signing_in);
    if (session.keep_alive() == 0) {
        // Nobody else will notice when this device falls silent.
        error_code ec;
        signing_in->socket.set_option(asio::socket_base::keep_alive(true), ec);
    }
    return true;
}

// --- Bytes in and out ------------------------------------------------------------------------------------------------

void Listener::Impl::wait_readable(Connection& c) {
    if (c.reading || c.closed) return;
    c.reading = true;
    c.socket.async_wait(tcp::socket::wait_read, [this, self = c.shared_from_this()](error_code ec) {
        self->reading = false;
        if (self->closed) return;  // and the listener may be gone
        if (!ec) readable(*self);
    });
}

void Listener::Impl::readable(Connection& c) {
    if (c.leaving) return leave(c);
    if (c.stalled) return;
    if (busy) return stall(c, false);
    error_code ec;
    const auto held = c.held.size();
    const auto n = c.socket.read_some(asio::buffer(buffer.get() + held, read_size), ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) return wait_readable(c);
    if (ec == asio::error::eof) return close(c, "the device closed the connection", false);
    if (ec) return close(c, ec.message(), false);
    c.heard = now;
    common.counters.bytes_in += n;
    if (held + n < c.session.needed()) {
        held_bytes += n;
        c.held.append(buffer.get() + held, n);
        return held_bytes > options.max_held_bytes
                   ? close(c, "too much memory is held by half-sent packets", true, Reason::quota_exceeded)
                   : wait_readable(c);
    }
    process(c, held + n);
}

// Feeds the session with what is held and, behind it in the buffer, what has just been read: `size` bytes together.
void Listener::Impl::process(Connection& c, std::size_t size) {
    std::memcpy(buffer.get(), c.held.data(), c.held.size());
    answers.clear();
    inside = true;
    signing_in = &c;
    const auto consumed = c.session.consume({buffer.get(), size}, answers);
    signing_in = nullptr;
    inside = false;
    if (progress_came) asio::post(io, [self = shared_from_this()] { self->progress_after(); });
    keep(c, {buffer.get() + consumed.bytes, size - consumed.bytes});
    c.session.acknowledge(common.intake.committed(), answers);
    send(c, answers);
    if (c.closed) return;
    if (consumed.verdict == Verdict::close) {
        if (!c.session.signed_in()) {
            log(LogLevel::warning, fmt::format("mqtt: somebody was turned away: {}", c.session.why()));
            return leave(c);
        }
        return close(c, c.session.why(), *c.session.why() != '\0', c.session.fault_code());
    }
    if (held_bytes > options.max_held_bytes)
        return close(c, "too much memory is held by half-sent packets", true, Reason::quota_exceeded);
    if (c.session.waits_for_commit() && !c.waits_for_commit) {
        c.waits_for_commit = true;
        unacknowledged.push_back(c.shared_from_this());
    }
    if (consumed.verdict == Verdict::stalled) {
        busy = true;
        stall(c, true);
    } else if (c.unsent.size() <= unsent_pause) {
        wait_readable(c);
    }
}

void Listener::Impl::keep(Connection& c, std::string_view rest) {
    held_bytes += rest.size();
    held_bytes -= c.held.size();
    if (rest.empty() && c.held.capacity() > 64)
        std::string().swap(c.held);
    else
        c.held.assign(rest);
}

void Listener::Impl::send(Connection& c, std::string_view bytes) {
    if (bytes.empty()) return;
    if (!c.unsent.empty()) {
        c.unsent.append(bytes);
        return;
    }
    error_code ec;
    const auto n = c.socket.write_some(asio::buffer(bytes), ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return close(c, ec.message(), false);
    c.sent = now;
    if (n == bytes.size()) return;
    c.unsent.assign(bytes.substr(n));
    wait_writable(c);
}

void Listener::Impl::wait_writable(Connection& c) {
    if (c.writing || c.closed) return;
    c.writing = true;
    c.socket.async_wait(tcp::socket::wait_write, [this, self = c.shared_from_this()](error_code ec) {
        self->writing = false;
        if (self->closed) return;
        if (!ec) writable(*self);
    });
}

void Listener::Impl::writable(Connection& c) {
    auto bytes = std::move(c.unsent);
    c.unsent.clear();
    send(c, bytes);
    if (c.closed || c.leaving || c.stalled) return;
    if (c.unsent.size() <= unsent_pause) wait_readable(c);
}

// --- The shell's pace ------------------------------------------------------------------------------------------------

void Listener::Impl::progress() {
    if (inside) {
        progress_came = true;
        return;
    }
    busy = false;
    acknowledge_committed();
    common.submit_waiting_wills();
    resume_stalled();
}

void Listener::Impl::progress_after() {
    if (std::exchange(progress_came, false) && running) progress();
}

void Listener::Impl::acknowledge_committed() {
    const auto committed = common.intake.committed();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < unacknowledged.size(); ++i) {
        auto c = std::move(unacknowledged[i]);
        if (c->closed || c->leaving) continue;
        answers.clear();
        c->session.acknowledge(committed, answers);
        send(*c, answers);
        c->waits_for_commit = !c->closed && c->session.waits_for_commit();
        if (c->waits_for_commit) unacknowledged[kept++] = std::move(c);
    }
    unacknowledged.resize(kept);
}

void Listener::Impl::stall(Connection& c, bool first) {
    if (c.stalled) return;
    c.stalled = true;
    // Whoever was stopped in the middle goes on first: so at most one connection holds what it had read.
    if (first)
        stalled.push_front(c.shared_from_this());
    else
        stalled.push_back(c.shared_from_this());
}

void Listener::Impl::resume_stalled() {
    while (!busy && !stalled.empty()) {
        const auto c = std::move(stalled.front());
        stalled.pop_front();
        c->stalled = false;
        if (c->closed || c->leaving) continue;
        c->heard = now;
        process(*c, c->held.size());
    }
}

// --- Commands --------------------------------------------------------------------------------------------------------

// The device's own connections that have subscribed to its commands; where there are none, those of its gateway.
std::vector<Connection*> Listener::Impl::listening_to(std::string_view device) {
    std::vector<Connection*> out;
    const auto id = common.intake.device(device);
    if (!running || !id) return out;
    const auto topic = command_topic(device);
    const auto add = [&](model::DeviceId of) {
        const auto entry = of_device.find(of.value);
        if (entry == of_device.end()) return;
        for (Connection* c : entry->second) {
            if (c->session.has_subscribed(topic) && c->session.token_still_good()) out.push_back(c);
        }
    };
    add(*id);
    const auto policy = common.intake.policy();
    if (out.empty() && policy && policy->devices[id->value].gateway.valid()) add(policy->devices[id->value].gateway);
    return out;
}

ports::Courier::Delivery Listener::Impl::command(std::string_view device, std::string_view payload) {
    const auto topic = command_topic(device);
    auto outcome = ports::Courier::Delivery::not_connected;
    for (Connection* c : listening_to(device)) {
        std::string bytes;
        const auto sending =
            c->unsent.size() > unsent_pause ? Session::Sending::too_many : c->session.send(topic, payload, bytes);
        const auto alive = c->shared_from_this();
        send(*c, bytes);
        if (sending == Session::Sending::sent && !c->closed)
            outcome = ports::Courier::Delivery::sent;
        else if (sending == Session::Sending::too_many && outcome != ports::Courier::Delivery::sent)
            outcome = ports::Courier::Delivery::busy;
    }
    return outcome;
}

// --- Time ------------------------------------------------------------------------------------------------------------

void Listener::Impl::wait_a_second() {
    second.expires_after(std::chrono::milliseconds(options.milliseconds_of_a_second));
    second.async_wait([self = shared_from_this()](error_code ec) {
        if (ec || !self->running) return;
        self->each_second();
        self->wait_a_second();
    });
}

void Listener::Impl::each_second() {
    ++now;
    lines = 0;
    if (const auto left_out = std::exchange(lines_left_out, 0U); left_out > 0)
        log(LogLevel::warning, fmt::format("mqtt: {} more lines in the last second were left out", left_out));
    // From behind: a connection that is closed gives its place to the last.
    for (std::size_t i = connections.size(); i-- > 0;) {
        if (i < connections.size()) look_after(*connections[i]);
    }
    if (busy) progress();  // in case the Intake had room before we could hear of it
}

void Listener::Impl::look_after(Connection& c) {
    const auto silent = now - c.heard;  // up to one second more than it really was
    auto& session = c.session;
    if (c.leaving) {
        if (silent > leaving_seconds) close(c, "", false);
        return;
    }
    if (!c.unsent.empty() && now - c.sent > options.write_timeout) {
        ++common.counters.timeouts;
        return close(c, "the device does not read its answers", true);
    }
    if (c.stalled) return;  // it is we who do not listen
    if (!session.signed_in()) {
        if (silent <= options.connect_timeout) return;
        ++common.counters.timeouts;
        return close(c, "no CONNECT came in time", true);
    }
    if (session.keep_alive() > 0 && silent > 0 && 2 * (silent - 1) >= 3U * session.keep_alive()) {
        ++common.counters.timeouts;
        return close(c, "the device was silent for longer than 1.5 times its keep-alive", true,
                     Reason::keep_alive_timeout);
    }
    if (silent == 2) session.trim();
    if (now % token_check_seconds == c.number % token_check_seconds && !session.token_still_good())
        close(c, "its token was revoked", true, Reason::not_authorised);
}

// --- Ends ------------------------------------------------------------------------------------------------------------

// Says goodbye so that the refusal arrives: a socket closed with unread bytes would take it back.
void Listener::Impl::leave(Connection& c) {
    error_code ec;
    if (!c.leaving) {
        c.leaving = true;
        c.heard = now;
        keep(c, {});
        c.socket.shutdown(tcp::socket::shutdown_send, ec);
        return wait_readable(c);
    }
    c.socket.read_some(asio::buffer(buffer.get(), read_size), ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return close(c, "", false);
    wait_readable(c);
}

void Listener::Impl::close(Connection& c, std::string_view why, bool worth_a_line, Reason reason) {
    if (c.closed) return;
    const auto keep_alive = c.shared_from_this();
    if (worth_a_line) log_end(c, why);
    const bool is_told =
        reason != Reason::success && c.session.signed_in() && c.session.version() == Version::v5 && !c.leaving;
    if (is_told) {
        say_farewell(c, why, reason);
        if (c.closed) return;
        release_from_device(c);
        c.session.lost();
        return leave(c);
    }
    c.closed = true;
    if (c.session.is_fault()) ++common.counters.protocol_faults;
    release(c);
    error_code ec;
    c.socket.close(ec);
    c.session.lost();
}

void Listener::Impl::say_farewell(Connection& c, std::string_view why, Reason reason) {
    std::string bytes;
    c.session.farewell(reason, why, bytes);
    if (!c.leaving) send(c, bytes);
}

void Listener::Impl::log_end(const Connection& c, std::string_view why) {
    error_code ec;
    const auto peer = c.socket.remote_endpoint(ec);
    log(LogLevel::warning, fmt::format("mqtt: closed the connection of {} ({}): {}",
                                       c.session.signed_in() ? c.session.device() : "somebody unknown",
                                       ec ? "?" : peer.address().to_string(), why));
}

void Listener::Impl::release_from_device(Connection& c) {
    if (!c.session.signed_in()) return;
    const auto entry = of_device.find(c.session.speaker().device.value);
    if (entry == of_device.end()) return;
    std::erase(entry->second, &c);
    if (entry->second.empty()) of_device.erase(entry);
}

void Listener::Impl::release(Connection& c) {
    held_bytes -= c.held.size();
    release_from_device(c);
    const auto position = c.position;
    connections[position] = std::move(connections.back());
    connections[position]->position = position;
    connections.pop_back();
    common.counters.connections = connections.size();
}

void Listener::Impl::log(LogLevel level, std::string_view line) {
    if (!options.log) return;
    if (++lines > log_lines_a_second)
        ++lines_left_out;
    else
        options.log(level, line);
}

// --- The public face
// ---------------------------------------------------------------------------------------------------

Listener::Listener(asio::io_context& io, ports::Intake& intake, Options options)
    : impl_(std::make_shared<Impl>(io, intake, std::move(options))) {}
Listener::~Listener() { stop(); }
base::Result<void> Listener::start() { return impl_->start(); }
void Listener::stop() { impl_->stop(); }
void Listener::take(int descriptor, std::string_view certificate_fingerprint) {
    tcp::socket socket(impl_->io);
    error_code ec;
    socket.assign(tcp::v4(), descriptor, ec);  // of another kind in truth: only read, written and closed
    if (ec) return void(::close(descriptor));
    if (!impl_->running) return;
    impl_->take(std::move(socket), certificate_fingerprint.empty()
                                       ? std::string()
                                       : fmt::format("{}{}", ports::certificate_mark, certificate_fingerprint));
}
bool Listener::reaches(std::string_view device) { return !impl_->listening_to(device).empty(); }
ports::Courier::Delivery Listener::command(std::string_view device, std::string_view payload) {
    return impl_->command(device, payload);
}
const Counters& Listener::counters() const { return impl_->common.counters; }
std::uint16_t Listener::port() const {
    error_code ec;
    const auto local = impl_->acceptor.local_endpoint(ec);
    return ec ? std::uint16_t{0} : local.port();
}

}  // namespace shoumen::doors::mqtt
