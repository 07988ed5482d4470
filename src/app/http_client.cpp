#include "app/http_client.hpp"

#include <atomic>
#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace shoumen::app {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

struct HttpClient::Impl {
    std::string address;
    std::uint16_t port;
    std::chrono::microseconds patience;
    asio::io_context io{1};
    beast::tcp_stream stream{io};
    std::atomic<bool> interrupted{false};
    bool connected = false;

    // Runs what was begun until it is done. False: it failed, took too long, or was interrupted.
    bool finish(const error_code& outcome, const bool& done) {
        io.restart();
        while (!done && !interrupted && io.run_one() > 0) {
        }
        if (!done) close_and_drain();
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
        const auto to = asio::ip::make_address(address, outcome);
        if (outcome) return false;
        bool done = false;
        stream.expires_after(patience);
        stream.async_connect(asio::ip::tcp::endpoint(to, port), [&](error_code e) {
            outcome = e;
            done = true;
        });
        connected = finish(outcome, done);
        if (!connected) drop();
        return connected;
    }

    std::optional<HttpAnswer> exchange(const http::request<http::string_body>& request) {
        error_code outcome;
        bool done = false;
        beast::flat_buffer buffer;
        http::response<http::string_body> response;
        stream.expires_after(patience);
        http::async_write(stream, request, [&](error_code e, std::size_t) {
            outcome = e;
            if (e) return void(done = true);
            http::async_read(stream, buffer, response, [&](error_code read, std::size_t) {
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

std::optional<HttpAnswer> HttpClient::ask(const HttpRequest& asked) {
    http::request<http::string_body> request(http::string_to_verb(asked.method), asked.target, 11);
    request.set(http::field::host, impl_->address);
    if (!asked.bearer.empty()) request.set(http::field::authorization, "Bearer " + asked.bearer);
    if (!asked.content_type.empty()) request.set(http::field::content_type, asked.content_type);
    for (const auto& [name, value] : asked.headers) request.set(name, value);
    request.body() = asked.body;
    request.prepare_payload();

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
