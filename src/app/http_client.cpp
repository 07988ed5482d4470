#include "app/http_client.hpp"

#include <atomic>
#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace shoumen::app {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;

struct HttpClient::Impl {
    std::string address;
    std::uint16_t port;
    std::chrono::microseconds patience;
    asio::io_context io{1};
    beast::tcp_stream stream{io};
    std::unique_ptr<ssl::context> tls{};                      // none: plain
    std::optional<ssl::stream<beast::tcp_stream&>> secure{};  // of this connection
    std::string why{};
    std::atomic<bool> interrupted{false};
    bool connected = false;

    // Runs what was begun until it is done. False: it failed, took too long, or was interrupted.
    bool finish(const error_code& outcome, const bool& done) {
        io.restart();
        while (!done && !interrupted && io.run_one() > 0) {
        }
        if (!done) close_and_drain();
        if (outcome) why = outcome.message();
        return done && !outcome && !interrupted;
    }
    // Nothing that was begun may outlive the buffers it works on.
    void close_and_drain() {
        drop();
        io.restart();
        io.poll();
    }
    void drop() {
        error_code ignored;
        stream.socket().close(ignored);
        connected = false;
    }

    bool connect() {
        error_code outcome;
        asio::ip::tcp::resolver::results_type to;
        if (const auto ip = asio::ip::make_address(address, outcome); !outcome)
            to = asio::ip::tcp::resolver::results_type::create({ip, port}, address, "");
        else if (tls)
            to = asio::ip::tcp::resolver(io).resolve(address, std::to_string(port), outcome);
        if (outcome) return why = outcome.message(), false;
        bool done = false;
        stream.expires_after(patience);
        stream.async_connect(to, [&](error_code e, const asio::ip::tcp::endpoint&) {
            outcome = e;
            done = true;
        });
        connected = finish(outcome, done) && (!tls || shake_hands());
        if (!connected) drop();
        return connected;
    }

    // Whose certificate does not do is not spoken to.
    bool shake_hands() {
        secure.emplace(stream, *tls);
        SSL* const session = secure->native_handle();
        error_code is_name;
        (void)asio::ip::make_address(address, is_name);
        const bool set = is_name ? SSL_set_tlsext_host_name(session, address.c_str()) == 1 &&
                                       SSL_set1_host(session, address.c_str()) == 1
                                 : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address.c_str()) == 1;
        if (!set) return why = "the address cannot be checked against a certificate", false;
        error_code outcome;
        bool done = false;
        stream.expires_after(patience);
        secure->async_handshake(ssl::stream_base::client, [&](error_code e) {
            outcome = e;
            done = true;
        });
        if (finish(outcome, done)) return true;
        if (const long verdict = SSL_get_verify_result(session); verdict != X509_V_OK)
            why = std::string("its certificate does not do: ") + X509_verify_cert_error_string(verdict);
        return false;
    }

    std::optional<HttpAnswer> exchange(const http::request<http::string_body>& request) {
        return secure ? exchange(*secure, request) : exchange(stream, request);
    }
    template <class Stream>
    std::optional<HttpAnswer> exchange(Stream& through, const http::request<http::string_body>& request) {
        error_code outcome;
        bool done = false;
        beast::flat_buffer buffer;
        http::response<http::string_body> response;
        stream.expires_after(patience);
        http::async_write(through, request, [&](error_code e, std::size_t) {
            outcome = e;
            if (e) return void(done = true);
            http::async_read(through, buffer, response, [&](error_code read, std::size_t) {
                outcome = read;
                done = true;
            });
        });
        if (!finish(outcome, done)) return drop(), std::nullopt;
        if (!response.keep_alive()) drop();
        return HttpAnswer{response.result_int(), std::move(response.body())};
    }
};

HttpClient::HttpClient(std::string address, std::uint16_t port, base::Duration patience)
    : impl_(new Impl{std::move(address), port, std::chrono::microseconds(patience.us)}) {}
HttpClient::~HttpClient() = default;

base::Result<void> HttpClient::use_tls(const std::string& authorities) {
    auto made = std::make_unique<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
    error_code ec;
    if (authorities.empty())
        made->set_default_verify_paths(ec);
    else
        made->load_verify_file(authorities, ec);
    if (ec)
        return base::fail("bad-certificate", "the authorities' certificates cannot be read: " + ec.message(),
                          authorities);
    made->set_verify_mode(ssl::verify_peer);
    impl_->tls = std::move(made);
    return {};
}

const std::string& HttpClient::why() const { return impl_->why; }

std::optional<HttpAnswer> HttpClient::ask(const HttpRequest& asked) {
    http::request<http::string_body> request(http::string_to_verb(asked.method), asked.target, 11);
    request.set(http::field::host, impl_->address);
    if (!asked.bearer.empty()) request.set(http::field::authorization, "Bearer " + asked.bearer);
    if (!asked.content_type.empty()) request.set(http::field::content_type, asked.content_type);
    for (const auto& [name, value] : asked.headers) request.set(name, value);
    request.body() = asked.body;
    request.prepare_payload();

    impl_->why.clear();
    const bool kept = impl_->connected;
    if (!kept && !impl_->connect()) return std::nullopt;
    auto answer = impl_->exchange(request);
    // A connection kept open may have been closed on the other side meanwhile.
    if (!answer && kept && !impl_->interrupted && impl_->connect()) answer = impl_->exchange(request);
    return answer;
}

void HttpClient::interrupt() {
    impl_->interrupted = true;
    impl_->io.stop();
}

}  // namespace shoumen::app
