// A load of MQTT devices on one thread, for the measurements `ingest` and `latency`: as cheap as it can be, since it
// shares the machine with what it measures. Messages are rendered beforehand; only packet id, message id and time are
// written into them when they are sent. QoS 1; PUBACKs must come in order, each is counted and timed.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::bench {

struct Login {
    std::string device;
    std::string token;
};

struct Target {
    std::string address = "127.0.0.1";
    std::uint16_t port = 1883;
};

// A device that is spoken for: it sends its values in turn, `{"smoke":true}`, `{"smoke":false}` …
struct Voice {
    std::string device;
    std::string kind;
    std::vector<std::string> values;
};

// One connection: a device speaking for itself, or a gateway for the devices registered under it, one after the other.
struct Speaker {
    Login login;
    std::vector<Voice> voices;
};

// Counts of times in microseconds, true to one part in 32.
class Times {
public:
    void add(std::uint64_t us);
    [[nodiscard]] std::uint64_t quantile(double q) const;
    [[nodiscard]] std::uint64_t largest() const { return largest_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    std::array<std::uint64_t, 2'048> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t largest_ = 0;
};

struct Sent {
    std::uint32_t speaker = 0;
    std::uint32_t voice = 0;
    std::uint32_t value = 0;   // which of its values
    std::uint64_t number = 0;  // of all messages, from 0
    std::chrono::steady_clock::time_point at;
};

struct Load {
    Target target;
    std::vector<Speaker> speakers;
    std::uint64_t messages = 0;      // to send, all together
    bool shared_evenly = false;      // each speaker sends as many as the others; else whoever is acknowledged first
    std::uint32_t window = 1'000;    // unacknowledged messages of one connection, at most 32,768
    double per_second = 0;           // 0: as fast as they are acknowledged
    std::uint64_t first_number = 0;  // message ids count up from here: a second load must not repeat those of the first
    std::function<void(const Sent&)> on_sent;               // if set
    std::function<bool(std::uint64_t acknowledged)> go_on;  // if set: asked about a thousand times a second
};

struct Outcome {
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    double seconds = 0;      // from the first message to the last PUBACK
    double own_seconds = 0;  // processor time of the load itself
    Times acknowledgement;   // from send to PUBACK
};

// Connects all speakers, sends everything and waits for the last PUBACK. Codes: load-failed.
base::Result<Outcome> run_load(const Load& load);

// Connections that say nothing. They use the logins in turn, each under a client id of its own.
class Idle {
public:
    static base::Result<Idle> open(const Target& target, const std::vector<Login>& logins, std::size_t count);
    Idle(Idle&& other) noexcept : sockets_(std::move(other.sockets_)) { other.sockets_.clear(); }
    Idle& operator=(Idle&& other) noexcept;
    ~Idle();
    [[nodiscard]] std::size_t size() const { return sockets_.size(); }
    [[nodiscard]] std::size_t still_open() const;

private:
    Idle() = default;
    std::vector<int> sockets_;
};

// As many open files as the system allows this process.
void raise_file_limit();

}  // namespace shoumen::bench
