// A client for tests: a plain socket on loopback that knows the codec.
#pragma once
#include <cerrno>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doors/mqtt/codec.hpp"

namespace shoumen::doors::mqtt::testing {

// Runs the io_context on this thread until `done`; gives up, and fails the test, after a time no machine needs.
inline void run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
        io.restart();
        if (io.poll() == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
        REQUIRE(std::chrono::steady_clock::now() < give_up);
    }
}

// Lets everything happen that can happen now.
inline void settle(boost::asio::io_context& io) {
    for (int quiet = 0; quiet < 5;) {
        io.restart();
        quiet = io.poll() == 0 ? quiet + 1 : 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

class Client {
public:
    Client(boost::asio::io_context& io, std::uint16_t port)
        : io_(io), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int one = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        const int connected = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
        REQUIRE((connected == 0 || errno == EINPROGRESS));
    }
    ~Client() { hang_up(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void hang_up() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    // Sends all of it, letting the listener read meanwhile.
    void send(std::string_view bytes) {
        run_until(io_, [&] {
            const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
            return bytes.empty() || (n < 0 && errno != EAGAIN && errno != ENOTCONN);
        });
    }
    // What the socket takes now, without letting the listener run.
    std::size_t push(std::string_view bytes) {
        const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    // Everything received so far and not yet taken.
    const std::string& peek() {
        char buffer[65'536];
        for (;;) {
            const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
            if (n == 0 || (n < 0 && errno != EAGAIN && errno != ENOTCONN)) closed_ = true;
            if (n < 0 && errno == ECONNRESET) reset_ = true;
            if (n <= 0) return received_;
            received_.append(buffer, static_cast<std::size_t>(n));
        }
    }
    // The next `size` bytes.
    std::string receive(std::size_t size) {
        run_until(io_, [&] { return peek().size() >= size || closed_; });
        auto bytes = received_.substr(0, size);
        received_.erase(0, size);
        return bytes;
    }
    void expect_closed() {
        run_until(io_, [&] { return peek(), closed_; });
    }
    [[nodiscard]] bool is_closed() { return peek(), closed_; }

    [[nodiscard]] bool was_reset() const { return reset_; }

    void sign_in(std::string_view device, std::string_view client = "", std::uint16_t keep_alive = 0) {
        std::string packet;
        const auto token = "token-" + std::string(device);
        write_connect(packet, {.level = 4,
                               .clean_session = true,
                               .keep_alive = keep_alive,
                               .client_id = client,
                               .user = device,
                               .password = token});
        send(packet);
        REQUIRE(receive(4) == std::string("\x20\2\0\0", 4));
    }

    // The next whole packet.
    std::string receive_packet() {
        run_until(io_, [&] {
            const auto frame = read_frame(peek());
            return closed_ || (frame && *frame && (*frame)->size() <= received_.size());
        });
        const auto frame = read_frame(received_);
        return frame && *frame ? receive((*frame)->size()) : std::string();
    }
    // With MQTT 5.
    void sign_in5(std::string_view device, std::string_view client = "", std::uint16_t keep_alive = 0,
                  std::optional<Will> will = {}) {
        std::string packet;
        const auto token = "token-" + std::string(device);
        write_connect(packet, {.level = 5,
                               .clean_session = true,
                               .keep_alive = keep_alive,
                               .client_id = client,
                               .will = will,
                               .user = device,
                               .password = token});
        send(packet);
        REQUIRE(receive_packet().substr(2, 2) == std::string(2, '\0'));
    }

private:
    boost::asio::io_context& io_;
    int fd_;
    bool closed_ = false;
    bool reset_ = false;
    std::string received_;
};

}  // namespace shoumen::doors::mqtt::testing
