#include "doors/sip/listener.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "doors/listen/accepting.hpp"
#include "doors/listen/listen.hpp"

namespace shoumen::doors::sip {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::size_t most_datagram = 65'535;
constexpr unsigned read_at_once = 256;
constexpr unsigned log_lines_a_second = 20;
constexpr std::size_t most_unsent = 1'048'576;
constexpr int received_kept = 4'194'304;  // bytes the system keeps for us: catalogues come in bursts
constexpr std::int64_t unknown_stream_ms = 60'000;
constexpr std::int64_t quiet_stream_ms = 1'800'000;

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// IPv4 on a socket for both is IPv4.
std::string text_of(const asio::ip::address& a) {
    if (a.is_v6() && a.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6()).to_string();
    return a.to_string();
}

struct Stream : std::enable_shared_from_this<Stream> {
    explicit Stream(tcp::socket from) : socket(std::move(from)) {}
    tcp::socket socket;
    Peer peer;
    std::string held, unsent, sending;
    std::int64_t heard_ms = 0;
    bool spoke = false;
    bool closed = false;
    std::array<char, 16'384> buffer{};
};

}  // namespace

struct Listener::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& io_, ports::Intake& intake_, ports::CameraBook& book, Options with)
        : io(io_),
          intake(intake_),
          options(std::move(with)),
          datagrams(io_),
          acceptor(io_),
          accepting(io_, acceptor,
                    {[this](tcp::socket socket) { take(std::move(socket)); },
                     [this](const std::string& why) { log(true, "a connection cannot be accepted: " + why); }}),
          timer(io_),
          registrar(intake_, book, said(options, this)) {}

    static RegistrarOptions said(const Options& options, Impl* self) {
        auto r = options.registrar;
        r.log = [self](bool warning, std::string_view line) { self->log(warning, line); };
        r.wake = [self] { self->flush(); };
        return r;
    }

    base::Result<void> start();
    void stop();
    void wait_datagram();
    void read_datagrams();
    void take(tcp::socket socket);
    void read(const std::shared_ptr<Stream>& s);
    void feed(Stream& s);
    void write(const std::shared_ptr<Stream>& s);
    void close(Stream& s, std::string_view why);
    void flush();
    void wait_tick();
    void log(bool warning, std::string_view line);

    asio::io_context& io;
    ports::Intake& intake;
    Options options;
    udp::socket datagrams;
    tcp::acceptor acceptor;
    Accepting accepting;
    asio::steady_timer timer;
    Registrar registrar;
    std::unordered_map<std::uint64_t, std::shared_ptr<Stream>> streams;
    std::array<char, most_datagram> buffer{};
    std::uint64_t registration = 0;
    std::uint64_t next_stream = 1;
    std::int64_t second = 0;
    unsigned lines = 0;
    unsigned lines_left_out = 0;
    bool running = false;
};

base::Result<void> Listener::Impl::start() {
    if (auto done = listen_on(acceptor, options.address, options.port, "sip"); !done) return done;
    error_code ec;
    const auto port = acceptor.local_endpoint(ec).port();
    const udp::endpoint at(asio::ip::make_address(options.address, ec), port);
    datagrams.open(at.protocol(), ec);
    if (!ec) datagrams.bind(at, ec);
    if (!ec) datagrams.non_blocking(true, ec);
    if (!ec) acceptor.non_blocking(true, ec);
    if (ec) {
        error_code ignored;
        acceptor.close(ignored);
        datagrams.close(ignored);
        const bool taken = ec == asio::error::address_in_use;
        return base::fail(taken ? "port-in-use" : "listen-failed",
                          fmt::format("It is not possible to listen on {}:{} for datagrams: {}.", options.address, port,
                                      ec.message()),
                          "sip");
    }
    error_code ignored;
    datagrams.set_option(asio::socket_base::receive_buffer_size(received_kept), ignored);
    running = true;
    registrar.at(options.advertised.empty() ? options.address : options.advertised, port);
    registration = intake.on_progress([this] {
        registrar.progress();
        flush();
    });
    registrar.start(steady_ms());
    wait_datagram();
    accepting.start();
    wait_tick();
    flush();
    return {};
}

void Listener::Impl::stop() {
    if (!running) return;
    running = false;
    intake.forget(registration);
    error_code ec;
    datagrams.close(ec);
    accepting.stop();
    acceptor.close(ec);
    timer.cancel();
    for (const auto& [number, s] : streams) {
        s->closed = true;
        s->socket.close(ec);
    }
    streams.clear();
}

// --- Datagrams -----------------------------------------------------------------------------------------------------

void Listener::Impl::wait_datagram() {
    datagrams.async_wait(udp::socket::wait_read, [self = shared_from_this()](error_code ec) {
        if (!self->running) return;
        if (!ec) self->read_datagrams();
        self->wait_datagram();
    });
}

void Listener::Impl::read_datagrams() {
    for (unsigned i = 0; i < read_at_once; ++i) {
        udp::endpoint from;
        error_code ec;
        const auto size = datagrams.receive_from(asio::buffer(buffer), from, 0, ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again) break;
        if (ec) continue;  // of one we sent: nobody listens there
        registrar.receive({buffer.data(), size}, {text_of(from.address()), from.port(), false, 0}, steady_ms());
    }
    flush();
}

void Listener::Impl::flush() {
    if (!running) return;
    for (auto& out : registrar.take()) {
        error_code ec;
        if (!out.to.stream) {
            const auto address = asio::ip::make_address(out.to.address, ec);
            if (!ec) datagrams.send_to(asio::buffer(out.bytes), {address, out.to.port}, 0, ec);
            continue;
        }
        const auto s = streams.find(out.to.connection);
        if (s == streams.end()) continue;
        if (s->second->unsent.size() > most_unsent) {
            close(*s->second, "it does not read its answers");
            continue;
        }
        s->second->unsent += out.bytes;
        write(s->second);
    }
}

// --- Streams ---------------------------------------------------------------------------------------------------------

void Listener::Impl::take(tcp::socket socket) {
    error_code ec;
    const auto from = socket.remote_endpoint(ec);
    if (ec) return;
    auto s = std::make_shared<Stream>(std::move(socket));
    s->peer = {text_of(from.address()), from.port(), true, next_stream++};
    const auto same = std::ranges::count_if(
        streams, [&](const auto& other) { return other.second->peer.address == s->peer.address; });
    if (streams.size() >= options.max_streams || static_cast<std::size_t>(same) >= options.max_streams_of_peer)
        return log(true, fmt::format("a connection of {} was turned away: too many are open", s->peer.address));
    s->heard_ms = steady_ms();
    streams.emplace(s->peer.connection, s);
    read(s);
}

void Listener::Impl::read(const std::shared_ptr<Stream>& s) {
    s->socket.async_read_some(asio::buffer(s->buffer),
                              [this, self = shared_from_this(), s](error_code ec, std::size_t size) {
                                  if (s->closed || !running) return;
                                  if (ec) return close(*s, "");
                                  s->heard_ms = steady_ms();
                                  s->held.append(s->buffer.data(), size);
                                  feed(*s);
                                  flush();
                                  if (!s->closed) read(s);
                              });
}

void Listener::Impl::feed(Stream& s) {
    std::size_t at = 0;
    while (!s.closed) {
        std::string_view rest = std::string_view(s.held).substr(at);
        const auto first = rest.find_first_not_of("\r\n");  // between messages, to keep the path open
        at += first == std::string_view::npos ? rest.size() : first;
        rest = std::string_view(s.held).substr(at);
        if (rest.empty()) break;
        const auto end = message_end(rest);
        if (!end) return close(s, end.error().message);
        if (!*end) break;
        s.spoke = true;
        registrar.receive(rest.substr(0, **end), s.peer, steady_ms());
        at += **end;
    }
    s.held.erase(0, at);
}

void Listener::Impl::write(const std::shared_ptr<Stream>& s) {
    if (!s->sending.empty() || s->unsent.empty() || s->closed) return;
    s->sending = std::exchange(s->unsent, {});
    const auto go_on = [this, self = shared_from_this(), s](error_code ec, std::size_t) {
        if (s->closed || !running) return;
        s->sending.clear();
        if (ec) return close(*s, "");
        write(s);
    };
    asio::async_write(s->socket, asio::buffer(s->sending), go_on);
}

void Listener::Impl::close(Stream& s, std::string_view why) {
    if (s.closed) return;
    if (!why.empty()) log(true, fmt::format("closed the connection of {}: {}", s.peer.address, why));
    s.closed = true;
    error_code ec;
    s.socket.close(ec);
    registrar.gone(s.peer.connection);
    streams.erase(s.peer.connection);
}

// --- Time ------------------------------------------------------------------------------------------------------------

void Listener::Impl::wait_tick() {
    timer.expires_after(std::chrono::milliseconds(250));
    timer.async_wait([self = shared_from_this()](error_code ec) {
        if (ec || !self->running) return;
        const auto now = steady_ms();
        if (now / 1'000 != self->second) {
            self->second = now / 1'000;
            self->lines = 0;
            if (const auto left_out = std::exchange(self->lines_left_out, 0U); left_out > 0)
                self->log(true, fmt::format("{} more lines in the last second were left out", left_out));
            std::vector<std::shared_ptr<Stream>> quiet;
            for (const auto& [number, s] : self->streams) {
                if (now - s->heard_ms > (s->spoke ? quiet_stream_ms : unknown_stream_ms)) quiet.push_back(s);
            }
            for (const auto& s : quiet) self->close(*s, "it was silent for too long");
        }
        self->registrar.tick(now);
        self->flush();
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

// --- The public face -------------------------------------------------------------------------------------------------

Listener::Listener(asio::io_context& io, ports::Intake& intake, ports::CameraBook& book, Options options)
    : impl_(std::make_shared<Impl>(io, intake, book, std::move(options))) {}
Listener::~Listener() { stop(); }
base::Result<void> Listener::start() { return impl_->start(); }
void Listener::stop() { impl_->stop(); }
const Counters& Listener::counters() const { return impl_->registrar.counters(); }
std::uint16_t Listener::port() const {
    error_code ec;
    const auto local = impl_->acceptor.local_endpoint(ec);
    return ec ? std::uint16_t{0} : local.port();
}

}  // namespace shoumen::doors::sip
