// The live connection: who may follow, what they are told, and what becomes of those who do not keep up.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <support/openapi_check.hpp>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace base = shoumen::base;
namespace model = shoumen::model;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

const shoumen::testing::OpenApi& contract() {
    static const auto api = shoumen::testing::OpenApi::read(SHOUMEN_SOURCE_DIR "/api/openapi.json");
    return api;
}

using Headers = std::vector<std::pair<std::string, std::string>>;
const Headers by_bearer = {{"Sec-WebSocket-Protocol", "shoumen.v1, shoumen.bearer.tok-officer"}};

// A page's WebSocket, blocking.
class Page {
public:
    explicit Page(std::uint16_t port, const Headers& headers = by_bearer, int receive_buffer = 0) : ws_(io_) {
        auto& socket = ws_.next_layer();
        socket.open(asio::ip::tcp::v4());
        if (receive_buffer > 0) socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
        socket.connect({asio::ip::address_v4::loopback(), port});
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ws_.set_option(websocket::stream_base::decorator([headers](websocket::request_type& request) {
            for (const auto& [name, value] : headers) request.set(name, value);
        }));
        ws_.read_message_max(1U << 20U);
        ws_.handshake(response_, fmt::format("127.0.0.1:{}", port), "/api/v1/live", error_);
    }
    // The status of the handshake: 101, or why not.
    [[nodiscard]] unsigned status() const { return response_.result_int(); }
    [[nodiscard]] std::string subprotocol() const { return response_["Sec-WebSocket-Protocol"]; }

    // The next message, which is held against the contract; nullopt: it is over, see closed().
    std::optional<std::string> read() {
        beast::flat_buffer buffer;
        ws_.read(buffer, error_);
        if (error_) return std::nullopt;
        auto text = beast::buffers_to_string(buffer.data());
        for (const auto& finding : contract().check_named("LiveMessage", text)) FAIL_CHECK(finding, " in ", text);
        return text;
    }
    int closed() {
        while (read()) {
        }
        return ws_.reason().code;
    }
    void say(const std::string& text) { ws_.write(asio::buffer(text), error_); }

private:
    asio::io_context io_;
    websocket::stream<asio::ip::tcp::socket> ws_;
    websocket::response_type response_;
    beast::error_code error_;
};

unsigned handshake(const Served& served, const Headers& headers) { return Page(served.port, headers).status(); }

shoumen::ports::Push incident_push(std::uint64_t id, std::uint32_t alerts = 1) {
    shoumen::ports::Push push{
        .what = shoumen::ports::Push::What::incident, .incident = small_incident(id), .committed = fake_now};
    push.incident.alert_count = alerts;
    return push;
}

bool says(const std::optional<std::string>& text, std::string_view what) {
    return text && text->find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("who is not signed in, or comes from another site, may not follow") {
    Served served;
    const auto own = fmt::format("http://127.0.0.1:{}", served.port);
    CHECK(handshake(served, {}) == 401);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=nobody"}}) == 401);
    CHECK(handshake(served, {{"Sec-WebSocket-Protocol", "shoumen.bearer.nobody"}}) == 401);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=tok-officer"}, {"Origin", "http://evil.example"}}) == 403);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=tok-officer"}, {"Origin", "null"}}) == 403);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=tok-new"}, {"Origin", own}}) == 403);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=tok-resident"}, {"Origin", own}}) == 403);
    CHECK(handshake(served, {{"Cookie", "shoumen_session=tok-officer"}, {"Origin", own}}) == 101);
    CHECK(handshake(served, {{"Authorization", "Bearer tok-officer"}}) == 101);
    served.until([&] { return served.desk.followers() == 1; });
}

TEST_CASE("the subprotocol that carries the token is not the one that is answered, where there is another") {
    Served served;
    CHECK(Page(served.port).subprotocol() == "shoumen.v1");
    CHECK(Page(served.port, {{"Sec-WebSocket-Protocol", "shoumen.bearer.tok-officer"}}).subprotocol() ==
          "shoumen.bearer.tok-officer");
}

TEST_CASE("every kind of push reaches every page") {
    Served served;
    Page first(served.port), second(served.port);
    for (Page* page : {&first, &second}) CHECK(page->read() == R"({"type":"hello","now":"2026-03-03T08:00:00+08:00"})");
    served.on_io([&] {
        served.desk.push(incident_push(42ULL << 20U));
        served.desk.push({.what = shoumen::ports::Push::What::policy});
        for (int i = 0; i < 50; ++i) served.desk.push({.what = shoumen::ports::Push::What::quarantine});
    });
    for (Page* page : {&first, &second}) {
        CHECK(says(page->read(), R"("incident":{"id":"44040192")"));
        CHECK(page->read() == R"({"type":"policy","version":7})");
        CHECK(page->read() == R"({"type":"quarantine","kept":12})");
    }
    served.on_io([&] { CHECK(served.desk.quarantine_count_calls == 1); });  // once for all the pages and all the fifty
}

TEST_CASE("what a page says is passed over, unless it is too much") {
    Served served;
    Page page(served.port), loud(served.port);
    CHECK(says(page.read(), "hello"));
    page.say("{\"type\":\"hello\"}");
    served.on_io([&] { served.desk.push(incident_push(42ULL << 20U)); });
    CHECK(says(page.read(), "incident"));
    loud.say(std::string(10'000, 'x'));
    CHECK(loud.closed() == websocket::close_code::too_big);
}

TEST_CASE("a page that does not read is cut off, and those that do are not held up by it") {
    Options options = test_options();
    options.live_queue = 50;
    options.live_send_buffer = 4'096;
    Served served(options);
    Page slow(served.port, by_bearer, 4'096), quick(served.port);
    CHECK(says(slow.read(), "hello"));
    CHECK(says(quick.read(), "hello"));
    std::uint64_t id = 100;
    // The page that reads is given one push at a time; the other's socket fills, then its queue.
    const auto cut_off = [&] {
        return served.ask("GET", "/api/v1/metrics", admin).body.find("shoumen_live_too_slow_total 1") !=
               std::string::npos;
    };
    for (int n = 0; n % 50 != 0 || n == 0 || !cut_off(); ++n) {
        ++id;
        served.on_io([&] { served.desk.push(incident_push(id << 20U)); });
        REQUIRE(says(quick.read(), std::to_string(id << 20U)));
    }
    CHECK(slow.closed() == websocket::close_code::try_again_later);
    served.on_io([&] { served.desk.push(incident_push((id + 1) << 20U)); });
    CHECK(says(quick.read(), std::to_string((id + 1) << 20U)));
}

TEST_CASE("a page that falls behind on one incident gets its newest state, not its whole history") {
    Options options = test_options();
    options.live_queue = 3;
    options.live_send_buffer = 4'096;
    Served served(options);
    Page slow(served.port, by_bearer, 4'096);
    CHECK(says(slow.read(), "hello"));
    constexpr std::uint32_t pushes = 20'000;  // far more than queue and sockets hold
    served.on_io([&] {
        for (std::uint32_t n = 1; n <= pushes; ++n) served.desk.push(incident_push(42ULL << 20U, n));
    });
    std::size_t frames = 0;
    std::optional<std::string> text;
    do {
        text = slow.read();
        ++frames;
    } while (text && !says(text, fmt::format("\"alert_count\":{}", pushes)));
    CHECK(text);
    CHECK(frames < pushes);
}

TEST_CASE("a session that ends, and a program that stops, end the connection with the reason") {
    Options options = test_options();
    options.session_check = base::milliseconds(20);
    Served served(options);
    Page signed_out(served.port), stays(served.port, {{"Authorization", "Bearer tok-admin"}});
    CHECK(says(signed_out.read(), "hello"));
    CHECK(says(stays.read(), "hello"));
    served.on_io([&] { served.desk.sessions.erase("tok-officer"); });
    CHECK(signed_out.closed() == websocket::close_code::policy_error);
    served.on_io([&] { served.stop(); });
    CHECK(stays.closed() == websocket::close_code::going_away);
}

TEST_CASE("a page that vanishes is forgotten") {
    Served served;
    const auto clients = [&] {
        const auto text = served.ask("GET", "/api/v1/metrics", admin).body;
        const auto name = text.find("\nshoumen_live_clients ") + 22;
        return text.substr(name, text.find('\n', name) - name);
    };
    {
        Page page(served.port);
        CHECK(says(page.read(), "hello"));
        CHECK(clients() == "1");
    }
    while (clients() != "0") std::this_thread::yield();
}
