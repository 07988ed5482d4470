#include "outgoing.hpp"

#include <charconv>
#include <chrono>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/core.h>

namespace shoumen::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto patience = std::chrono::seconds(10);
constexpr std::uint64_t longest_answer = 256U << 10U;

bool is_this_machine(const std::string& host) {
    if (host == "localhost") return true;
    error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    return !ec && address.is_loopback();
}

tl::unexpected<base::Error> no_answer(const Url& url, const char* at, const error_code& e) {
    return base::fail("no-answer", fmt::format("{} at {}: {}", at, url.origin(), e.message()));
}

class Exchange {
public:
    Exchange(const Url& url, const Outgoing& request) : url_(url) {
        message_.method_string(request.method);
        message_.target(url.path);
        message_.version(11);
        message_.set(http::field::host,
                     url.port == 443 || url.port == 80 ? url.host : fmt::format("{}:{}", url.host, url.port));
        message_.set(http::field::connection, "close");
        message_.set(http::field::user_agent, "shoumen");
        for (const auto& [name, value] : request.headers) message_.set(name, value);
        message_.body() = request.body;
        message_.prepare_payload();
        answer_.body_limit(longest_answer);
    }

    base::Result<OutgoingAnswer> over(beast::tcp_stream& stream) {
        if (auto done = connect(stream); !done) return tl::unexpected(done.error());
        return talk(stream);
    }

    base::Result<OutgoingAnswer> over(beast::ssl_stream<beast::tcp_stream>& stream) {
        auto& below = beast::get_lowest_layer(stream);
        if (auto done = connect(below); !done) return tl::unexpected(done.error());
        stream.set_verify_callback(asio::ssl::host_name_verification(url_.host));
        if (SSL_set_tlsext_host_name(stream.native_handle(), url_.host.c_str()) != 1)
            return base::fail("no-answer", "the name of the server cannot be said by TLS");
        error_code outcome;
        stream.async_handshake(asio::ssl::stream_base::client, [&](error_code e) { outcome = e; });
        run();
        if (outcome) return no_answer(url_, "no TLS", outcome);
        return talk(stream);
    }

    asio::io_context io{1};

private:
    void run() {
        io.restart();
        io.run();
    }

    base::Result<void> connect(beast::tcp_stream& stream) {
        error_code outcome;
        asio::ip::tcp::resolver resolver(io);
        const auto found = resolver.resolve(url_.host, std::to_string(url_.port), outcome);
        if (outcome) return no_answer(url_, "the name is not known", outcome);
        stream.expires_after(patience);  // for all that follows
        stream.async_connect(found, [&](error_code e, const auto&) { outcome = e; });
        run();
        if (outcome) return no_answer(url_, "no connection", outcome);
        return {};
    }

    template <class Stream>
    base::Result<OutgoingAnswer> talk(Stream& stream) {
        error_code outcome;
        beast::flat_buffer buffer;
        http::async_write(stream, message_, [&](error_code e, std::size_t) {
            outcome = e;
            if (e) return;
            http::async_read(stream, buffer, answer_, [&](error_code read, std::size_t) { outcome = read; });
        });
        run();
        if (outcome) return no_answer(url_, "no answer", outcome);
        return OutgoingAnswer{answer_.get().result_int(), std::move(answer_.get().body())};
    }

    const Url& url_;
    http::request<http::string_body> message_;
    http::response_parser<http::string_body> answer_;
};

}  // namespace

std::string Url::origin() const {
    const bool usual = port == (tls ? 443 : 80);
    return fmt::format("{}://{}{}", tls ? "https" : "http", host, usual ? "" : fmt::format(":{}", port));
}

base::Result<Url> parse_url(std::string_view text) {
    const auto bad = [](const char* why) { return base::fail("bad-url", why); };
    Url url;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
        url.tls = false;
        url.port = 80;
    } else {
        return bad("write it as https://name/path");
    }
    for (const char c : text) {
        if (c <= ' ' || c == 0x7F || c == '\\' || c == '#') return bad("it holds a letter that stands in no address");
    }
    const auto slash = std::min(text.find('/'), text.size());
    std::string_view place = text.substr(0, slash);
    if (slash < text.size()) url.path = std::string(text.substr(slash));
    if (place.find('@') != std::string_view::npos) return bad("names and passwords do not stand in an address");
    if (const auto colon = place.rfind(':'); colon != std::string_view::npos) {
        const auto digits = place.substr(colon + 1);
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (fault != std::errc{} || end != digits.data() + digits.size() || url.port == 0) return bad("no such port");
        place = place.substr(0, colon);
    }
    url.host = std::string(place);
    if (url.host.empty() || url.host.size() > 253) return bad("no server is named");
    if (!url.tls && !is_this_machine(url.host))
        return bad("http is for this very machine alone; use https, or a tunnel that ends here");
    return url;
}

base::Result<OutgoingAnswer> call(const Url& url, const Outgoing& request, const std::string& authorities) {
    Exchange exchange(url, request);
    if (!url.tls) {
        beast::tcp_stream stream(exchange.io);
        return exchange.over(stream);
    }
    asio::ssl::context context(asio::ssl::context::tls_client);
    error_code ec;
    if (authorities.empty())
        context.set_default_verify_paths(ec);
    else
        context.load_verify_file(authorities, ec);
    if (ec) return base::fail("no-answer", "the certificates of authorities cannot be read: " + ec.message());
    context.set_verify_mode(asio::ssl::verify_peer);
    context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    beast::ssl_stream<beast::tcp_stream> stream(exchange.io, context);
    return exchange.over(stream);
}

}  // namespace shoumen::app
