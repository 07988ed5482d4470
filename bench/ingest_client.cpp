#include "ingest_client.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doors/mqtt/codec.hpp"
#include "doors/mqtt/topics.hpp"

namespace shoumen::bench {

namespace mqtt = doors::mqtt;
using Clock = std::chrono::steady_clock;

// --- Times -------------------------------------------------------------------------------------------------------

namespace {

// The first 32 values have a bucket each; from there each doubling has 32.
std::size_t bucket_of(std::uint64_t us) {
    if (us < 32) return us;
    const auto width = static_cast<std::size_t>(std::bit_width(us)) - 6;
    return 32 * width + static_cast<std::size_t>(us >> width);
}

std::uint64_t top_of(std::size_t bucket) {
    if (bucket < 32) return bucket;
    const auto width = bucket / 32 - 1;
    return ((bucket % 32 + 33) << width) - 1;
}

}  // namespace

void Times::add(std::uint64_t us) {
    ++buckets_[std::min(bucket_of(us), buckets_.size() - 1)];
    ++count_;
    largest_ = std::max(largest_, us);
}

std::uint64_t Times::quantile(double q) const {
    const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(count_));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        below += buckets_[i];
        if (below > wanted) return std::min(top_of(i), largest_);
    }
    return largest_;
}

// --- Sockets -----------------------------------------------------------------------------------------------------

void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

namespace {

base::Error failure(const std::string& what) {
    return {"load-failed", fmt::format("{}: {}", what, std::strerror(errno)), ""};
}

base::Result<int> connect_to(const Target& target) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(target.port);
    if (::inet_pton(AF_INET, target.address.c_str(), &to.sin_addr) != 1)
        return tl::unexpected(failure("no IPv4 address: " + target.address));
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return tl::unexpected(failure("socket"));
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        ::close(fd);
        return tl::unexpected(failure("connect"));
    }
    return fd;
}

bool send_connect(int fd, const Login& login, std::string_view client) {
    std::string packet;
    mqtt::write_connect(
        packet,
        {.level = 4, .clean_session = true, .client_id = client, .user = login.device, .password = login.token});
    return ::send(fd, packet.data(), packet.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(packet.size());
}

base::Result<void> expect_connack(int fd, const Login& login) {
    char answer[4] = {};
    if (::recv(fd, answer, sizeof answer, MSG_WAITALL) != sizeof answer)
        return tl::unexpected(failure("no CONNACK for " + login.device));
    if (answer[0] != 0x20 || answer[3] != 0)
        return base::fail("load-failed", fmt::format("CONNACK {} for {}", static_cast<int>(answer[3]), login.device));
    return {};
}

base::Result<int> sign_in(const Target& target, const Login& login, std::string_view client) {
    auto fd = connect_to(target);
    if (!fd) return fd;
    if (!send_connect(*fd, login, client)) {
        ::close(*fd);
        return tl::unexpected(failure("send"));
    }
    if (auto connected = expect_connack(*fd, login); !connected) {
        ::close(*fd);
        return tl::unexpected(connected.error());
    }
    return fd;
}

}  // namespace

// --- Idle connections --------------------------------------------------------------------------------------------

base::Result<Idle> Idle::open(const Target& target, const std::vector<Login>& logins, std::size_t count) {
    raise_file_limit();
    constexpr std::size_t at_once = 256;  // CONNECTs sent before their answers are read
    Idle idle;
    idle.sockets_.reserve(count);
    std::size_t answered = 0;
    while (answered < count) {
        while (idle.size() < count && idle.size() < answered + at_once) {
            auto fd = connect_to(target);
            if (!fd) return tl::unexpected(fd.error());
            idle.sockets_.push_back(*fd);
            const auto& login = logins[(idle.size() - 1) % logins.size()];
            if (!send_connect(*fd, login, fmt::format("idle-{}", idle.size()))) return tl::unexpected(failure("send"));
        }
        for (; answered < idle.size(); ++answered) {
            if (auto connected = expect_connack(idle.sockets_[answered], logins[answered % logins.size()]); !connected)
                return tl::unexpected(connected.error());
        }
    }
    return idle;
}

Idle& Idle::operator=(Idle&& other) noexcept {
    std::swap(sockets_, other.sockets_);
    return *this;
}

Idle::~Idle() {
    for (const int fd : sockets_) ::close(fd);
}

std::size_t Idle::still_open() const {
    std::size_t open = 0;
    for (const int fd : sockets_) {
        char byte = 0;
        const auto n = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (n > 0 || (n < 0 && errno == EAGAIN)) ++open;
    }
    return open;
}

// --- The load ----------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t id_digits = 16;
constexpr std::string_view time_form = "2026-01-01T00:00:00.000000Z";
constexpr std::size_t burst_bytes = 65'536;

// A PUBLISH packet with places to write into.
struct Template {
    std::string packet;
    std::size_t packet_id = 0;
    std::size_t id = 0;
    std::size_t time = 0;
};

Template render(const Voice& voice, std::string_view values) {
    const auto topic = mqtt::signal_topic(voice.device);
    const auto payload =
        fmt::format(R"({{"id":"{}","device":"{}","kind":"{}","time":"{}","values":{},"evidence":null}})",
                    std::string(id_digits, '0'), voice.device, voice.kind, time_form, values);
    Template made;
    mqtt::write_publish(made.packet, {.topic = topic, .payload = payload, .id = 1, .qos = 1});
    const auto begin = made.packet.size() - payload.size();
    made.packet_id = begin - 2;
    made.id = begin + payload.find(R"("id":")") + 6;
    made.time = begin + payload.find(R"("time":")") + 8;
    return made;
}

struct Connection {
    int fd = -1;
    std::vector<std::vector<Template>> voices;  // of each voice, its values
    std::size_t voice = 0;
    std::size_t round = 0;
    std::string unsent;
    std::vector<std::uint32_t> sent_at;  // microseconds since the start, by packet id modulo the window's size
    std::uint32_t next_id = 0;           // packets sent; its packet id is (n % 65,535) + 1
    std::uint32_t acked = 0;
    std::string acks;         // part of a PUBACK
    bool wants_room = false;  // waits for the socket to take more

    [[nodiscard]] std::uint32_t in_flight() const { return next_id - acked; }
};

std::uint16_t packet_id(std::uint32_t n) { return static_cast<std::uint16_t>(n % 65'535 + 1); }

double processor_seconds() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

class Generator {
public:
    explicit Generator(const Load& load) : load_(load) {}
    ~Generator() {
        for (const auto& c : connections_) {
            if (c->fd >= 0) ::close(c->fd);
        }
        if (epoll_ >= 0) ::close(epoll_);
    }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    base::Result<Outcome> run() {
        raise_file_limit();
        if (auto opened = open(); !opened) return tl::unexpected(opened.error());
        start_ = Clock::now();
        const auto own = processor_seconds();
        while (outcome_.acknowledged < load_.messages && !stopped_) {
            if (auto went = turn(); !went) return tl::unexpected(went.error());
        }
        outcome_.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        outcome_.own_seconds = processor_seconds() - own;
        return outcome_;
    }

private:
    base::Result<void> open() {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        ring_ = std::bit_ceil(std::max<std::uint32_t>(load_.window, 1));
        for (std::size_t i = 0; i < load_.speakers.size(); ++i) {
            const auto& speaker = load_.speakers[i];
            auto fd = sign_in(load_.target, speaker.login, fmt::format("load-{}", i));
            if (!fd) return tl::unexpected(fd.error());
            auto c = std::make_unique<Connection>();
            c->fd = *fd;
            ::fcntl(*fd, F_SETFL, O_NONBLOCK);
            c->sent_at.resize(ring_);
            for (const auto& voice : speaker.voices) {
                auto& values = c->voices.emplace_back();
                for (const auto& one : voice.values) values.push_back(render(voice, one));
            }
            watch(*c, i, EPOLL_CTL_ADD);
            connections_.push_back(std::move(c));
        }
        return {};
    }

    void watch(const Connection& c, std::size_t i, int how) const {
        epoll_event event{};
        event.events = c.wants_room ? EPOLLIN | EPOLLOUT : EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(epoll_, how, c.fd, &event);
    }

    // One round: send what may be sent, then take what has come.
    base::Result<void> turn() {
        read_clocks();
        if (now_us_ - asked_us_ >= 1'000) {
            asked_us_ = now_us_;
            if (load_.go_on && !load_.go_on(outcome_.acknowledged)) stopped_ = true;
        }
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            // Beginning with another one each time, so that a slow pace is shared by all.
            const auto at = (first_ + i) % connections_.size();
            if (auto sent = fill(*connections_[at], at); !sent) return sent;
        }
        first_ = (first_ + 1) % std::max<std::size_t>(connections_.size(), 1);
        epoll_event events[256];
        const int ready = ::epoll_wait(epoll_, events, 256, 1);
        read_clocks();
        for (int k = 0; k < ready; ++k) {
            const auto i = static_cast<std::size_t>(events[k].data.u64);
            if (events[k].events & EPOLLOUT) {
                if (auto flushed = flush(*connections_[i], i); !flushed) return flushed;
            }
            if (events[k].events & ~static_cast<std::uint32_t>(EPOLLOUT)) {
                if (auto received = receive(*connections_[i]); !received) return received;
            }
        }
        return {};
    }

    void read_clocks() {
        now_ = Clock::now();
        now_us_ =
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now_ - start_).count());
    }

    // The time of day in the messages, written anew for each burst.
    void write_time() {
        timespec t{};
        ::clock_gettime(CLOCK_REALTIME, &t);
        std::tm day{};
        ::gmtime_r(&t.tv_sec, &day);
        char text[40];
        const auto n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &day);
        time_ = fmt::format("{}.{:06}Z", std::string_view(text, n), t.tv_nsec / 1'000);
    }

    [[nodiscard]] std::uint64_t allowed() const {
        if (load_.per_second <= 0) return load_.messages;
        return std::min(load_.messages,
                        static_cast<std::uint64_t>(static_cast<double>(now_us_) * 1e-6 * load_.per_second));
    }

    base::Result<void> fill(Connection& c, std::size_t i) {
        if (!c.unsent.empty()) return {};
        const auto most = allowed();
        // A few at a time would cost a system call each.
        if (load_.per_second <= 0 && c.in_flight() > load_.window - std::max(load_.window / 4, 1U)) return {};
        auto room = load_.window - c.in_flight();
        if (load_.shared_evenly) {
            const auto share =
                load_.messages / connections_.size() + (i < load_.messages % connections_.size() ? 1 : 0);
            room = static_cast<std::uint32_t>(std::min<std::uint64_t>(room, share - c.next_id));
        }
        if (load_.per_second > 0)
            room = std::min<std::uint32_t>(
                room, static_cast<std::uint32_t>(1 + (most - std::min(most, outcome_.sent)) / connections_.size()));
        burst_.clear();
        while (room > 0 && outcome_.sent < most && burst_.size() < burst_bytes) {
            if (burst_.empty()) write_time();
            append_message(c, i);
            --room;
        }
        return burst_.empty() ? base::Result<void>{} : push(c, i, burst_);
    }

    void append_message(Connection& c, std::size_t i) {
        static constexpr char hex[] = "0123456789abcdef";
        auto& values = c.voices[c.voice];
        const auto value = c.round % values.size();
        const auto& made = values[value];
        const auto begin = burst_.size();
        burst_ += made.packet;
        char* packet = burst_.data() + begin;
        const auto id = packet_id(c.next_id);
        packet[made.packet_id] = static_cast<char>(id >> 8U);
        packet[made.packet_id + 1] = static_cast<char>(id & 0xffU);
        auto number = load_.first_number + outcome_.sent;
        for (std::size_t k = id_digits; k-- > 0; number >>= 4U) packet[made.id + k] = hex[number & 15U];
        std::memcpy(packet + made.time, time_.data(), time_form.size());
        c.sent_at[c.next_id % ring_] = static_cast<std::uint32_t>(now_us_);
        ++c.next_id;
        if (load_.on_sent)
            load_.on_sent({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(c.voice),
                           static_cast<std::uint32_t>(value), outcome_.sent, now_});
        ++outcome_.sent;
        if (++c.voice == c.voices.size()) {
            c.voice = 0;
            ++c.round;
        }
    }

    base::Result<void> push(Connection& c, std::size_t i, std::string_view bytes) {
        const auto n = ::send(c.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) return tl::unexpected(failure("send"));
        const auto taken = n < 0 ? 0 : static_cast<std::size_t>(n);
        if (taken == bytes.size()) return {};
        c.unsent = bytes.substr(taken);
        if (!std::exchange(c.wants_room, true)) watch(c, i, EPOLL_CTL_MOD);
        return {};
    }

    base::Result<void> flush(Connection& c, std::size_t i) {
        const auto bytes = std::move(c.unsent);
        c.unsent.clear();
        if (auto pushed = push(c, i, bytes); !pushed) return pushed;
        if (c.unsent.empty() && std::exchange(c.wants_room, false)) watch(c, i, EPOLL_CTL_MOD);
        return {};
    }

    base::Result<void> receive(Connection& c) {
        char buffer[65'536];
        std::ranges::copy(c.acks, buffer);
        const auto n = ::recv(c.fd, buffer + c.acks.size(), sizeof buffer - c.acks.size(), 0);
        if (n < 0 && errno == EAGAIN) return {};
        if (n <= 0) return tl::unexpected(failure(n == 0 ? "the server closed a connection" : "recv"));
        const std::string_view bytes(buffer, c.acks.size() + static_cast<std::size_t>(n));
        std::size_t at = 0;
        for (; at + 4 <= bytes.size(); at += 4) {
            const auto id = static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at + 2]) << 8U |
                                                       static_cast<unsigned char>(bytes[at + 3]));
            if (bytes[at] != 0x40 || c.in_flight() == 0 || id != packet_id(c.acked))
                return base::fail("load-failed", "a PUBACK came out of order");
            outcome_.acknowledgement.add(static_cast<std::uint32_t>(now_us_) - c.sent_at[c.acked % ring_]);
            ++c.acked;
            ++outcome_.acknowledged;
        }
        c.acks = bytes.substr(at);
        return {};
    }

    const Load& load_;
    Outcome outcome_;
    std::vector<std::unique_ptr<Connection>> connections_;
    int epoll_ = -1;
    std::uint32_t ring_ = 1;
    std::size_t first_ = 0;
    Clock::time_point start_;
    Clock::time_point now_;
    std::uint64_t now_us_ = 0;
    std::uint64_t asked_us_ = 0;
    std::string time_{time_form};
    std::string burst_;
    bool stopped_ = false;
};

}  // namespace

base::Result<Outcome> run_load(const Load& load) { return Generator(load).run(); }

}  // namespace shoumen::bench
