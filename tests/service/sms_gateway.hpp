// The city's gateway for short messages, as far as a test needs one.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shoumen::service {

// A small HTTP server: takes each request, answers 200 (or what it is told to), and keeps what came.
class SmsGateway {
public:
    SmsGateway() {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
        REQUIRE(::listen(listener_, 16) == 0);
        socklen_t size = sizeof at;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~SmsGateway() {
        ::shutdown(listener_, SHUT_RDWR);
        ::close(listener_);
        thread_.join();
    }
    [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/send?from=shoumen", port_); }
    [[nodiscard]] std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    // The newest once there are `count`; empty after so long.
    std::string wait_for(std::size_t count, std::chrono::seconds at_most = std::chrono::seconds(5)) {
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, at_most, [&] { return requests_.size() >= count; });
        return requests_.size() >= count ? requests_.back() : std::string();
    }
    void answer_with(std::string text) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(text);
    }
    void answer_after(std::chrono::milliseconds delay) {
        const std::lock_guard lock(mutex_);
        delay_ = delay;
    }
    static constexpr const char* taken = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    static constexpr const char* broken = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

private:
    void serve() {
        for (;;) {
            const int one = ::accept(listener_, nullptr, nullptr);
            if (one < 0) return;
            std::string got;
            char buffer[4096];
            for (;;) {
                const auto n = ::recv(one, buffer, sizeof buffer, 0);
                if (n <= 0) break;
                got.append(buffer, static_cast<std::size_t>(n));
                const auto end = got.find("\r\n\r\n");
                const auto length = got.find("Content-Length: ");
                if (end != std::string::npos && length != std::string::npos &&
                    got.size() >= end + 4 + std::strtoul(got.c_str() + length + 16, nullptr, 10))
                    break;
            }
            std::chrono::milliseconds delay{};
            {
                const std::lock_guard lock(mutex_);
                delay = delay_;
            }
            std::this_thread::sleep_for(delay);
            const std::lock_guard lock(mutex_);
            ::send(one, answer_.data(), answer_.size(), MSG_NOSIGNAL);
            ::close(one);
            requests_.push_back(std::move(got));
            came_.notify_all();
        }
    }
    std::string answer_ = taken;
    std::chrono::milliseconds delay_{};
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace shoumen::service
