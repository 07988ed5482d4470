#include "wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shoumen::service {
namespace {

sockaddr_in here(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

Heard taken_apart(const std::string& bytes) {
    Heard out;
    const auto end = bytes.find("\r\n\r\n");
    if (!bytes.starts_with("HTTP/1.1 ") || end == std::string::npos) return out;
    std::from_chars(bytes.data() + 9, bytes.data() + 12, out.status);
    for (auto at = bytes.find("\r\n"); at < end; at = bytes.find("\r\n", at + 2)) {
        const auto colon = bytes.find(": ", at);
        if (colon == std::string::npos || colon > end) break;
        std::string name = bytes.substr(at + 2, colon - at - 2);
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        out.headers[name] = bytes.substr(colon + 2, bytes.find("\r\n", colon) - colon - 2);
    }
    out.body = bytes.substr(end + 4);
    return out;
}

}  // namespace

Wire::Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const auto to = here(port);
    ended_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0;
}

Wire::~Wire() { ::close(socket_); }

bool Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool Wire::read_some(std::string& into, std::chrono::steady_clock::time_point until) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    if (ended_ || left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) return false;
    std::array<char, 65'536> room{};
    const auto n = ::recv(socket_, room.data(), room.size(), 0);
    ended_ = n <= 0;
    if (n > 0) into.append(room.data(), static_cast<std::size_t>(n));
    return n > 0;
}

bool Wire::read_to_end(std::string& into, std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (bool more = true; more;) more = read_some(into, until);
    return ended_;
}

bool Wire::read_until(std::string& into, std::string_view text, std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (bool more = true; more && into.find(text) == std::string::npos;) more = read_some(into, until);
    return into.find(text) != std::string::npos;
}

Heard say(std::uint16_t port, std::string_view method, std::string_view target, std::string_view headers,
          std::string_view body) {
    Wire wire(port);
    const std::string length = body.empty() ? std::string() : fmt::format("Content-Length: {}\r\n", body.size());
    const std::string host =
        headers.starts_with("Host: ") ? std::string() : fmt::format("Host: 127.0.0.1:{}\r\n", port);
    wire.send(fmt::format("{} {} HTTP/1.1\r\n{}Connection: close\r\n{}{}\r\n", method, target, host, length, headers));
    wire.send(body);
    std::string bytes;
    wire.read_to_end(bytes);
    return taken_apart(bytes);
}

Ear::Ear() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    auto at = here(0);
    socklen_t size = sizeof at;
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    ::listen(socket_, 16);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
}

Ear::~Ear() { ::close(socket_); }

bool Ear::called(std::chrono::milliseconds within) const {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, static_cast<int>(within.count())) > 0;
}

}  // namespace shoumen::service
