#include "support/line.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace shoumen::support {
namespace {

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// Empty: the end.
std::string read_some(int from) {
    std::string bytes(65'536, '\0');
    const auto n = ::recv(from, bytes.data(), bytes.size(), 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

int connect_to(const std::string& path) {
    const int s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, path.c_str(), sizeof to.sun_path - 1);
    if (::connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return s;
    ::close(s);
    return -1;
}

}  // namespace

Line::Line(std::string server_socket) : server_socket_(std::move(server_socket)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        throw std::runtime_error("no port for a line");
    port_ = ::ntohs(at.sin_port);
    thread_ = std::thread([this] { run(); });
}

Line::~Line() {
    ending_ = true;
    thread_.join();
    for (auto& pair : pairs_) close_pair(pair);
    ::close(listener_);
}

std::string Line::address(const std::string& database) const {
    return fmt::format("host=127.0.0.1 port={} user=shoumen dbname={} sslmode=disable gssencmode=disable", port_,
                       database);
}

void Line::run() {
    while (!ending_) {
        if (vanish_.exchange(false)) {
            for (auto& pair : pairs_) {
                if (pair.client >= 0) ::close(pair.client);
                pair.client = -1;
            }
        }
        std::vector<pollfd> ends{{listener_, POLLIN, 0}};
        for (const auto& pair : pairs_) {
            ends.push_back({pair.client, POLLIN, 0});
            ends.push_back({pair.server, POLLIN, 0});
        }
        if (::poll(ends.data(), ends.size(), 5) <= 0) continue;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            auto& pair = pairs_[i];
            bool open = true;
            if (ends[1 + 2 * i].revents != 0) open = pass_on(pair);
            if (open && ends[2 + 2 * i].revents != 0) open = pass_back(pair);
            if (!open) close_pair(pair);
        }
        std::erase_if(pairs_, [](const Pair& p) { return p.client < 0 && p.server < 0; });
        if (ends[0].revents != 0) accept_one();
    }
}

void Line::accept_one() {
    Pair pair{.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), .server = connect_to(server_socket_)};
    if (pair.client >= 0 && pair.server >= 0)
        pairs_.push_back(pair);
    else
        close_pair(pair);
}

bool Line::pass_on(Pair& pair) {
    const auto bytes = read_some(pair.client);
    if (bytes.empty()) return false;
    if (at_commit_ != AtCommit::pass && bytes.find("COMMIT") != std::string::npos) {
        ++cuts_;
        if (at_commit_.exchange(AtCommit::pass) == AtCommit::lose_request) return false;
        pair.answer_is_lost = true;
    }
    return write_all(pair.server, bytes);
}

bool Line::pass_back(Pair& pair) {
    const auto bytes = read_some(pair.server);
    if (bytes.empty() || pair.client < 0) return !bytes.empty();
    // The server answers a COMMIT once it is done; what comes before it may come apart.
    if (pair.answer_is_lost) return bytes.find("COMMIT") == std::string::npos;
    return write_all(pair.client, bytes);
}

void Line::close_pair(Pair& pair) {
    for (int* end : {&pair.client, &pair.server}) {
        if (*end >= 0) ::close(*end);
        *end = -1;
    }
}

}  // namespace shoumen::support
