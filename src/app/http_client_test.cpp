#include "app/http_client.hpp"

#include <atomic>
#include <functional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::app;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Takes connections one after another on a thread of its own and does with each what the test says.
class Server {
public:
    explicit Server(std::function<void(tcp::socket&, int nth)> each)
        : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}), thread_([this, each] {
              for (int n = 0;; ++n) {
                  tcp::socket socket(io_);
                  boost::system::error_code ec;
                  acceptor_.accept(socket, ec);
                  if (ec || over_) return;
                  each(socket, n);
              }
          }) {}
    ~Server() {
        over_ = true;
        boost::system::error_code ignored;
        tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);  // wakes accept()
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

bool read_head(tcp::socket& socket) {
    std::string text;
    boost::system::error_code ec;
    asio::read_until(socket, asio::dynamic_buffer(text), "\r\n\r\n", ec);
    return !ec;
}

void answer(tcp::socket& socket, const std::string& body) {
    boost::system::error_code ignored;
    asio::write(socket,
                asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body),
                ignored);
}

}  // namespace

TEST_CASE("one connection serves many requests") {
    Server server([](tcp::socket& socket, int nth) {
        while (read_head(socket)) answer(socket, std::to_string(nth));
    });
    HttpClient client("127.0.0.1", server.port());
    for (int i = 0; i < 3; ++i) {
        const auto got = client.ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}});
        REQUIRE(got);
        CHECK(got->status == 200);
        CHECK(got->body == "0");
    }
}

TEST_CASE("a connection that was closed meanwhile is made anew") {
    Server server([](tcp::socket& socket, int nth) {
        if (read_head(socket)) answer(socket, std::to_string(nth));
    });
    HttpClient client("127.0.0.1", server.port());
    CHECK(client.ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}})->body == "0");
    CHECK(client.ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}})->body == "1");
}

TEST_CASE("where nobody listens, and where nobody answers, there is no answer") {
    std::uint16_t port = 0;
    {
        Server server([](tcp::socket&, int) {});
        port = server.port();
    }
    CHECK_FALSE(HttpClient("127.0.0.1", port).ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}}));
    Server silent([](tcp::socket& socket, int) {
        while (read_head(socket)) {
        }
    });
    CHECK_FALSE(HttpClient("127.0.0.1", silent.port(), base::milliseconds(50))
                    .ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}}));
}

TEST_CASE("an interrupted client stops waiting, and asks nothing more") {
    std::atomic<bool> asked{false};
    Server silent([&](tcp::socket& socket, int) {
        while (read_head(socket)) asked = true;
    });
    HttpClient client("127.0.0.1", silent.port(), base::hours(1));
    std::thread other([&] {
        while (!asked) std::this_thread::yield();
        client.interrupt();
    });
    CHECK_FALSE(client.ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}}));
    other.join();
    CHECK_FALSE(client.ask({.target = "/", .bearer = {}, .content_type = {}, .body = {}}));
}
