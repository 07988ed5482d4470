#include "http_load.hpp"

#include <charconv>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shoumen::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
    int fd = -1;
    std::string answer;
};

// The bytes of the first whole answer in `text`; none: it is not whole.
std::optional<std::size_t> whole_answer(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    std::size_t body = 0;
    for (const char* name : {"Content-Length: ", "content-length: "}) {
        const auto at = text.substr(0, end + 2).find(name);
        if (at == std::string_view::npos) continue;
        const char* from = text.data() + at + std::strlen(name);
        std::from_chars(from, text.data() + end, body);
    }
    const auto size = end + 4 + body;
    return size <= text.size() ? std::optional(size) : std::nullopt;
}

class Generator {
public:
    explicit Generator(const HttpLoad& load) : load_(load) {}
    ~Generator() {
        for (const auto& c : connections_) ::close(c->fd);
        if (epoll_ >= 0) ::close(epoll_);
    }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    base::Result<HttpOutcome> run() {
        raise_file_limit();
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        for (std::size_t i = 0; i < load_.connections; ++i) {
            if (!open()) return base::fail("load-failed", "a connection could not be opened", "http");
        }
        const auto start = Clock::now();
        for (const auto& c : connections_) {
            if (!send_next(*c, load_.pipeline)) return lost();
        }
        epoll_event events[256];
        while (outcome_.answered + outcome_.refused < load_.messages) {
            const int ready = ::epoll_wait(epoll_, events, 256, 20'000);
            if (ready == 0) return base::fail("load-failed", "no answer came for twenty seconds", "http");
            for (int k = 0; k < ready; ++k) {
                if (!receive(*connections_[events[k].data.u64])) return lost();
            }
        }
        outcome_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        return outcome_;
    }

private:
    static tl::unexpected<base::Error> lost() { return base::fail("load-failed", "a connection was lost", "http"); }

    bool open() {
        auto c = std::make_unique<Connection>();
        c->fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(load_.target.port);
        ::inet_pton(AF_INET, load_.target.address.c_str(), &to.sin_addr);
        const int one = 1;
        ::setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        const bool fine = ::connect(c->fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = connections_.size();
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c->fd, &event);
        connections_.push_back(std::move(c));
        return fine;
    }

    // Small enough to go into a socket whole.
    bool send_next(const Connection& c, std::size_t count) {
        burst_.clear();
        for (; count > 0 && sent_ < load_.messages; --count) append_request();
        return burst_.empty() ||
               ::send(c.fd, burst_.data(), burst_.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(burst_.size());
    }

    void append_request() {
        const auto& voice = load_.voices[sent_ % load_.voices.size()];
        const auto round = sent_ / load_.voices.size();
        const auto body = fmt::format(R"({{"id":"{:016}","device":"{}","kind":"{}","values":{},"evidence":null}})",
                                      load_.first_number + sent_, voice.device, voice.kind,
                                      voice.values[round % voice.values.size()]);
        fmt::format_to(std::back_inserter(burst_),
                       "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: "
                       "application/json\r\nContent-Length: {}\r\n\r\n{}",
                       load_.path, load_.token, body.size(), body);
        ++sent_;
    }

    bool receive(Connection& c) {
        char buffer[16'384];
        const auto n = ::recv(c.fd, buffer, sizeof buffer, 0);
        if (n <= 0) return false;
        c.answer.append(buffer, static_cast<std::size_t>(n));
        std::size_t answers = 0;
        std::string_view rest = c.answer;
        for (auto size = whole_answer(rest); size; size = whole_answer(rest), ++answers) {
            ++(rest.starts_with("HTTP/1.1 202") ? outcome_.answered : outcome_.refused);
            rest.remove_prefix(*size);
        }
        c.answer.erase(0, c.answer.size() - rest.size());
        return send_next(c, answers);
    }

    const HttpLoad& load_;
    int epoll_ = -1;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::uint64_t sent_ = 0;
    std::string burst_;
    HttpOutcome outcome_;
};

}  // namespace

base::Result<HttpOutcome> run_http_load(const HttpLoad& load) { return Generator(load).run(); }

}  // namespace shoumen::bench
