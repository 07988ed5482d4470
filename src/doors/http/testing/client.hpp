// A plain client on a socket, so that tests can send what no library would.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shoumen::doors::http::testing {

struct Got {
    int status = 0;                              // 0: the connection was closed without an answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto it = headers.find(name);
        return it == headers.end() ? std::string() : it->second;
    }
};

class Client {
public:
    explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("no connection");
    }
    ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // False: the other side takes no more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    void end_of_sending() { ::shutdown(fd_, SHUT_WR); }

    Got read_answer(bool head_only = false) {
        const auto end = read_until("\r\n\r\n");
        if (end == std::string::npos) return {};
        Got got = parse_head(buffer_.substr(0, end + 2));
        buffer_.erase(0, end + 4);
        const bool bodyless = head_only || got.status == 204 || got.status == 304 || got.status < 200;
        const auto length = bodyless ? 0 : std::strtoull(got.header("content-length").c_str(), nullptr, 10);
        while (buffer_.size() < length && receive()) {
        }
        got.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return got;
    }

    // One request with what most need.
    Got ask(std::string_view method, std::string_view target, std::string_view headers = "",
            std::string_view body = "") {
        std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}", method, target, headers);
        if (!body.empty()) text += fmt::format("Content-Length: {}\r\n", body.size());
        send(text + "\r\n" + std::string(body));
        return read_answer(method == "HEAD");
    }

    // The other side has closed (or closes within the client's patience), with nothing more to say.
    bool is_closed() { return buffer_.empty() && !receive() && buffer_.empty(); }

private:
    bool receive() {
        char chunk[16'384];
        const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
        if (n <= 0) return false;
        buffer_.append(chunk, static_cast<std::size_t>(n));
        return true;
    }
    std::size_t read_until(std::string_view mark) {
        for (;;) {
            if (const auto at = buffer_.find(mark); at != std::string::npos) return at;
            if (!receive()) return std::string::npos;
        }
    }
    static Got parse_head(std::string_view text) {
        Got got;
        got.status = std::atoi(std::string(text.substr(9, 3)).c_str());
        text.remove_prefix(text.find("\r\n") + 2);
        while (!text.empty()) {
            const auto end = text.find("\r\n");
            const auto line = text.substr(0, end);
            const auto colon = line.find(": ");
            std::string name(line.substr(0, colon));
            std::ranges::transform(name, name.begin(),
                                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
            got.headers[name] = line.substr(colon + 2);
            text.remove_prefix(end + 2);
        }
        return got;
    }

    int fd_;
    std::string buffer_;
};

}  // namespace shoumen::doors::http::testing
