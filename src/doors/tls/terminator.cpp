#include "doors/tls/terminator.hpp"

#include <array>
#include <chrono>
#include <unordered_set>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "base/hash.hpp"
#include "doors/listen/listen.hpp"

namespace shoumen::doors::tls {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Plain = asio::local::stream_protocol::socket;
using Context = std::shared_ptr<ssl::context>;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece = 16'384;  // a TLS record

std::string fingerprint_of(SSL* session) {
    const std::unique_ptr<X509, decltype(&X509_free)> cert(SSL_get1_peer_certificate(session), &X509_free);
    base::Digest digest{};
    unsigned n = 0;
    if (!cert || X509_digest(cert.get(), EVP_sha256(), digest.data(), &n) != 1 || n != digest.size()) return {};
    return base::to_hex(digest);
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void* wanted) {
    const auto& name = *static_cast<const std::string*>(wanted);
    for (unsigned at = 0; at + 1 < in_size && at + 1 + in[at] <= in_size; at += in[at] + 1U) {
        if (std::string_view(reinterpret_cast<const char*>(in + at + 1), in[at]) != name) continue;
        *out = in + at + 1;
        *out_size = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

// One connection: two streams, and what goes from one into the other.
struct Line : std::enable_shared_from_this<Line> {
    Line(tcp::socket socket, Context with, asio::io_context& io)
        : context(std::move(with)), outside(std::move(socket), *context), inside(io), watch(io) {}

    void drop() {
        error_code ignored;
        watch.cancel();
        outside.lowest_layer().close(ignored);
        inside.close(ignored);
    }

    Context context;  // of when it began
    ssl::stream<tcp::socket> outside;
    Plain inside;
    asio::steady_timer watch;
    bool is_through = false;
};

asio::awaitable<void> bring_in(std::shared_ptr<Line> line) {
    std::array<char, piece> buffer{};
    for (;;) {
        const auto [ec, n] = co_await line->outside.async_read_some(asio::buffer(buffer), as_result);
        if (ec) break;
        const auto [failed, written] =
            co_await asio::async_write(line->inside, asio::buffer(buffer.data(), n), as_result);
        if (failed) break;
    }
    // The door reads to the end of it, and may still answer.
    error_code ignored;
    line->inside.shutdown(Plain::shutdown_send, ignored);
}

asio::awaitable<void> bring_out(std::shared_ptr<Line> line) {
    std::array<char, piece> buffer{};
    for (;;) {
        const auto [ec, n] = co_await line->inside.async_read_some(asio::buffer(buffer), as_result);
        if (ec) break;
        const auto [failed, written] =
            co_await asio::async_write(line->outside, asio::buffer(buffer.data(), n), as_result);
        if (failed) break;
    }
    // Said in TLS's own words, so that what was cut off is told apart from what has ended; nobody waits for the answer
    // for long.
    line->watch.expires_after(std::chrono::seconds(2));
    line->watch.async_wait([line](const error_code& ec) {
        if (!ec) line->drop();
    });
    const auto said = co_await line->outside.async_shutdown(as_result);
    (void)said;
    line->drop();
}

}  // namespace

struct Terminator::Impl : std::enable_shared_from_this<Terminator::Impl> {
    Impl(asio::io_context& io_, Options with, Take taker)
        : io(io_), options(std::move(with)), take(std::move(taker)), acceptor(io_), pause(io_) {}

    base::Result<Context> read_context();
    void accept();
    void accepted(const error_code& ec, tcp::socket socket);
    asio::awaitable<void> open_line(std::shared_ptr<Line> line);
    void over(const std::shared_ptr<Line>& line);

    asio::io_context& io;
    Options options;
    Take take;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    Context context;
    std::unordered_set<std::shared_ptr<Line>> lines;
    std::size_t handshakes = 0;
    Counters counters;
    bool running = false;
    bool accepting = false;
};

base::Result<Context> Terminator::Impl::read_context() {
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* raw = made->native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_options(
        raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(raw, 0);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    const auto failed = [](const std::string& what, const std::string& file, const error_code& ec) {
        return base::fail("bad-certificate", fmt::format("{}: {}", what, ec.message()), file);
    };
    if (SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
        return base::fail("bad-certificate", "OpenSSL offers none of the ciphers that are used here");
    error_code ec;
    made->use_certificate_chain_file(options.certificate_file, ec);
    if (ec) return failed("the certificate cannot be read", options.certificate_file, ec);
    made->use_private_key_file(options.key_file, ssl::context::pem, ec);
    if (ec) return failed("the key cannot be read", options.key_file, ec);
    if (SSL_CTX_check_private_key(raw) != 1)
        return base::fail("bad-certificate", "the key is not the certificate's", options.key_file);
    if (options.client != ClientCertificate::none) {
        made->load_verify_file(options.authority_file, ec);
        if (ec) return failed("the authority's certificate cannot be read", options.authority_file, ec);
        const bool required = options.client == ClientCertificate::required;
        made->set_verify_mode(ssl::verify_peer | (required ? ssl::verify_fail_if_no_peer_cert : 0));
        SSL_CTX_set_purpose(raw, X509_PURPOSE_SSL_CLIENT);
        const std::string name = "shoumen";
        SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>(name.data()),
                                       static_cast<unsigned>(name.size()));
        STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(options.authority_file.c_str());
        if (names != nullptr) SSL_CTX_set_client_CA_list(raw, names);
    }
    if (!options.protocol.empty()) SSL_CTX_set_alpn_select_cb(raw, choose_protocol, &options.protocol);
    return made;
}

void Terminator::Impl::accept() {
    if (accepting || !running || handshakes >= options.max_handshakes) return;
    accepting = true;
    acceptor.async_accept([self = shared_from_this()](const error_code& ec, tcp::socket socket) {
        self->accepting = false;
        self->accepted(ec, std::move(socket));
    });
}

void Terminator::Impl::accepted(const error_code& ec, tcp::socket socket) {
    if (!running) return;
    if (ec) {  // out of file descriptors, as a rule: going on at once would only spin
        pause.expires_after(std::chrono::milliseconds(100));
        pause.async_wait([self = shared_from_this()](const error_code& stopped) {
            if (!stopped) self->accept();
        });
        return;
    }
    if (lines.size() >= options.max_connections) {
        ++counters.refused;
        return accept();
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto line = std::make_shared<Line>(std::move(socket), context, io);
    lines.insert(line);
    counters.connections = lines.size();
    ++handshakes;
    asio::co_spawn(io, open_line(line),
                   [self = shared_from_this(), line](const std::exception_ptr&) { self->over(line); });
    accept();
}

void Terminator::Impl::over(const std::shared_ptr<Line>& line) {
    if (!line->is_through) {
        --handshakes;
        ++counters.refused;
    }
    line->drop();
    lines.erase(line);
    counters.connections = lines.size();
    accept();
}

asio::awaitable<void> Terminator::Impl::open_line(std::shared_ptr<Line> line) {
    line->watch.expires_after(std::chrono::microseconds(options.handshake_timeout.us));
    line->watch.async_wait([line](const error_code& ec) {
        if (!ec && !line->is_through) line->drop();
    });
    const auto [refused] = co_await line->outside.async_handshake(ssl::stream_base::server, as_result);
    if (refused || !running) co_return;
    error_code ec;
    const auto from = line->outside.lowest_layer().remote_endpoint(ec);
    if (ec) co_return;
    Plain door_end(io);
    asio::local::connect_pair(line->inside, door_end, ec);
    if (ec) co_return;
    const int descriptor = door_end.release(ec);
    if (ec) co_return;
    line->watch.cancel();
    line->is_through = true;
    --handshakes;
    ++counters.taken;
    accept();
    Peer peer{from.address().to_string(), fingerprint_of(line->outside.native_handle())};
    take(descriptor, std::move(peer));
    asio::co_spawn(io, bring_in(line), asio::detached);
    co_await bring_out(line);
}

Terminator::Terminator(asio::io_context& io, Options options, Take take)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(take))) {}

Terminator::~Terminator() { stop(); }

base::Result<void> Terminator::start() {
    if (auto done = reload(); !done) return done;
    if (auto done = listen_on(impl_->acceptor, impl_->options.address, impl_->options.port); !done) return done;
    impl_->running = true;
    impl_->accept();
    return {};
}

std::uint16_t Terminator::port() const {
    error_code ec;
    const auto at = impl_->acceptor.local_endpoint(ec);
    return ec ? std::uint16_t{0} : at.port();
}

base::Result<void> Terminator::reload() {
    auto made = impl_->read_context();
    if (!made) return tl::unexpected(made.error());
    impl_->context = std::move(*made);
    return {};
}

// Plain ends are the doors' to close; what is still to go out goes out.
void Terminator::stop() {
    if (!impl_->running) return;
    impl_->running = false;
    error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->pause.cancel();
}

Counters Terminator::counters() const { return impl_->counters; }

}  // namespace shoumen::doors::tls
