#include "doors/panel/listener.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "doors/listen/accepting.hpp"
#include "doors/listen/listen.hpp"

namespace shoumen::doors::panel {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr unsigned log_lines_a_second = 20;
constexpr std::size_t most_unsent = 262'144;
constexpr std::size_t most_held = 65'536;

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

asio::ip::address plain(const asio::ip::address& a) {
    if (a.is_v6() && a.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6());
    return a;
}

// Addresses and networks.
class Allowed {
public:
    base::Result<void> add(const std::string& text) {
        error_code ec;
        const bool six = text.find(':') != std::string::npos;
        const bool net = text.find('/') != std::string::npos;
        if (six) {
            const auto n = asio::ip::make_network_v6(net ? text : text + "/128", ec);
            if (!ec) six_.push_back(n.canonical());
        } else {
            const auto n = asio::ip::make_network_v4(net ? text : text + "/32", ec);
            if (!ec) four_.push_back(n.canonical());
        }
        if (ec) return base::fail("bad-address", "write an address or a network, as 192.0.2.7 or 192.0.2.0/24", text);
        return {};
    }
    [[nodiscard]] bool holds(const asio::ip::address& a) const {
        if (a.is_v4())
            return std::ranges::any_of(four_, [&](const asio::ip::network_v4& n) {
                return asio::ip::network_v4(a.to_v4(), n.prefix_length()).canonical() == n;
            });
        return std::ranges::any_of(six_, [&](const asio::ip::network_v6& n) {
            return asio::ip::network_v6(a.to_v6(), n.prefix_length()).canonical() == n;
        });
    }
    [[nodiscard]] bool empty() const { return four_.empty() && six_.empty(); }

private:
    std::vector<asio::ip::network_v4> four_;
    std::vector<asio::ip::network_v6> six_;
};

struct Connection : std::enable_shared_from_this<Connection> {
    Connection(tcp::socket from, Common& common, std::string peer)
        : socket(std::move(from)), session(common, std::move(peer)) {}
    tcp::socket socket;
    Session session;
    std::string held, unsent, sending;
    std::int64_t heard_ms = 0;
    bool stalled = false;
    bool reading = false;
    bool closed = false;
    std::array<char, 8'192> buffer{};
};
using ConnectionPtr = std::shared_ptr<Connection>;

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io_, ports::Intake& intake, Options with)
        : io(io_),
          options(std::move(with)),
          common(intake),
          acceptor(io_),
          accepting(io_, acceptor,
                    {[this](tcp::socket socket) { take(std::move(socket)); },
                     [this](const std::string& why) { log(true, "a connection cannot be accepted: " + why); }}),
          timer(io_) {
        common.now = options.now;
        common.log = [this](bool warning, std::string_view line) { log(warning, line); };
    }

    base::Result<void> start();
    void stop();
    void take(tcp::socket socket);
    void read(const ConnectionPtr& c);
    void feed(const ConnectionPtr& c);
    void send(const ConnectionPtr& c, std::string bytes);
    void write(const ConnectionPtr& c);
    void close(const ConnectionPtr& c, std::string_view why);
    void progress();
    void wait_tick();
    void log(bool warning, std::string_view line);

    asio::io_context& io;
    Options options;
    Common common;
    Allowed allowed;
    tcp::acceptor acceptor;
    Accepting accepting;
    asio::steady_timer timer;
    std::vector<ConnectionPtr> connections;
    std::vector<ConnectionPtr> leaving;  // of which the Intake has still to be told
    std::uint64_t registration = 0;
    unsigned lines = 0;
    unsigned lines_left_out = 0;
    bool running = false;
};

base::Result<void> Listener::Impl::start() {
    for (const auto& text : options.allowed) {
        if (auto done = allowed.add(text); !done) return done;
    }
    if (allowed.empty())
        return base::fail("bad-address",
                          "the standard knows no password: name the addresses that may come, or nobody may", "panel");
    if (auto done = listen_on(acceptor, options.address, options.port, "panel"); !done) return done;
    error_code ec;
    acceptor.non_blocking(true, ec);
    running = true;
    registration = common.intake.on_progress([this] { progress(); });
    accepting.start();
    wait_tick();
    return {};
}

void Listener::Impl::stop() {
    if (!running) return;
    running = false;
    common.intake.forget(registration);
    error_code ec;
    accepting.stop();
    acceptor.close(ec);
    timer.cancel();
    for (const auto& c : connections) {
        c->closed = true;
        c->socket.close(ec);
    }
    connections.clear();
    leaving.clear();
}

void Listener::Impl::take(tcp::socket socket) {
    error_code ec;
    const auto from = plain(socket.remote_endpoint(ec).address());
    if (ec) return;
    if (!allowed.holds(from) || connections.size() >= options.max_connections) {
        ++common.counters.turned_away;
        return log(true, fmt::format("a connection of {} was turned away: {}", from.to_string(),
                                     allowed.holds(from) ? "too many are open" : "its address is not allowed"));
    }
    error_code ignored;
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    auto c = std::make_shared<Connection>(std::move(socket), common, from.to_string());
    c->heard_ms = steady_ms();
    connections.push_back(c);
    ++common.counters.connections_total;
    common.counters.connections = connections.size();
    read(c);
}

void Listener::Impl::read(const ConnectionPtr& c) {
    if (c->reading || c->closed || c->stalled) return;
    c->reading = true;
    c->socket.async_read_some(asio::buffer(c->buffer),
                              [this, self = shared_from_this(), c](error_code ec, std::size_t size) {
                                  c->reading = false;
                                  if (c->closed || !running) return;
                                  if (ec) return close(c, "");
                                  c->heard_ms = steady_ms();
                                  c->held.append(c->buffer.data(), size);
                                  feed(c);
                                  read(c);
                              });
}

void Listener::Impl::feed(const ConnectionPtr& c) {
    std::string out;
    const auto done = c->session.consume(c->held, out);
    c->held.erase(0, done.bytes);
    c->stalled = done.stalled;
    c->session.acknowledge(common.intake.committed(), out);
    send(c, std::move(out));
    if (!c->closed && c->held.size() > most_held) close(c, "what it sends has no end");
}

void Listener::Impl::send(const ConnectionPtr& c, std::string bytes) {
    if (bytes.empty() || c->closed) return;
    c->unsent += bytes;
    if (c->unsent.size() > most_unsent) return close(c, "it does not read its answers");
    write(c);
}

void Listener::Impl::write(const ConnectionPtr& c) {
    if (!c->sending.empty() || c->unsent.empty() || c->closed) return;
    c->sending = std::exchange(c->unsent, {});
    asio::async_write(c->socket, asio::buffer(c->sending),
                      [this, self = shared_from_this(), c](error_code ec, std::size_t) {
                          if (c->closed || !running) return;
                          c->sending.clear();
                          if (ec) return close(c, "");
                          write(c);
                      });
}

void Listener::Impl::close(const ConnectionPtr& c, std::string_view why) {
    if (c->closed) return;
    c->closed = true;
    if (!why.empty()) log(true, fmt::format("a connection was closed: {}", why));
    error_code ec;
    c->socket.close(ec);
    if (!c->session.lost()) leaving.push_back(c);
    std::erase(connections, c);
    common.counters.connections = connections.size();
}

void Listener::Impl::progress() {
    const auto committed = common.intake.committed();
    const auto all = connections;  // a connection may be closed meanwhile
    for (const auto& c : all) {
        if (c->closed) continue;
        std::string out;
        c->session.acknowledge(committed, out);
        send(c, std::move(out));
        if (!c->closed && std::exchange(c->stalled, false)) {
            feed(c);
            read(c);
        }
    }
    std::erase_if(leaving, [](const ConnectionPtr& c) { return c->session.lost(); });
}

void Listener::Impl::wait_tick() {
    timer.expires_after(std::chrono::seconds(1));
    timer.async_wait([self = shared_from_this()](error_code ec) {
        if (ec || !self->running) return;
        const auto now = steady_ms();
        self->lines = 0;
        if (const auto left_out = std::exchange(self->lines_left_out, 0U); left_out > 0)
            self->log(true, fmt::format("{} more lines in the last second were left out", left_out));
        if (const auto minute = static_cast<std::uint64_t>(now / 60'000); minute != self->common.minute) {
            self->common.minute = minute;
            self->common.kept_of_unknown = 0;
        }
        const auto all = self->connections;
        for (const auto& c : all) {
            if (!c->stalled && now - c->heard_ms > self->options.silent_ms)
                self->close(c, "the transmitter was silent for too long");
        }
        std::erase_if(self->leaving, [](const ConnectionPtr& c) { return c->session.lost(); });
        self->wait_tick();
    });
}

void Listener::Impl::log(bool warning, std::string_view line) {
    if (!options.log) return;
    if (++lines > log_lines_a_second)
        ++lines_left_out;
    else
        options.log(warning, line);
}

Listener::Listener(asio::io_context& io, ports::Intake& intake, Options options)
    : impl_(std::make_shared<Impl>(io, intake, std::move(options))) {}
Listener::~Listener() { stop(); }
base::Result<void> Listener::start() { return impl_->start(); }
void Listener::stop() { impl_->stop(); }
const Counters& Listener::counters() const { return impl_->common.counters; }
std::uint16_t Listener::port() const {
    error_code ec;
    const auto local = impl_->acceptor.local_endpoint(ec);
    return ec ? std::uint16_t{0} : local.port();
}

}  // namespace shoumen::doors::panel
