// What is said to a door byte by byte, as no client of ours would: headers of one's own choosing, targets as they are.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace shoumen::service {

struct Heard {
    unsigned status = 0;                         // 0: no answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto it = headers.find(name);
        return it == headers.end() ? std::string() : it->second;
    }
};

// One connection of our own to 127.0.0.1.
class Wire {
public:
    explicit Wire(std::uint16_t port);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    bool send(std::string_view bytes);
    // What comes until the other side ends it, or `patience` is over; whether it ended.
    bool read_to_end(std::string& into, std::chrono::milliseconds patience = std::chrono::seconds(20));
    // What comes until a text stands in it; false: it did not.
    bool read_until(std::string& into, std::string_view text,
                    std::chrono::milliseconds patience = std::chrono::seconds(20));

private:
    bool read_some(std::string& into, std::chrono::steady_clock::time_point until);
    int socket_ = -1;
    bool ended_ = false;
};

// One request and its answer. `headers` are whole lines, each with its \r\n.
Heard say(std::uint16_t port, std::string_view method, std::string_view target, std::string_view headers = {},
          std::string_view body = {});

// Waits for connections at a port of its own; none is answered.
class Ear {
public:
    Ear();
    ~Ear();
    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Whether anybody has called, or does within this time.
    [[nodiscard]] bool called(std::chrono::milliseconds within) const;

private:
    int socket_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace shoumen::service
