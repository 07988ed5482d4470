// An MQTT 3.1.1 client (QoS 1, pipelining) on libmosquitto, for what speaks to a node through its own door: the demo
// feed and the tools. One thread works with it; wake() may be called from any other.
//
// Nothing is sent unless serve_until() runs. A lost connection is made anew inside serve_until(), after a pause; what
// was published and not acknowledged is then sent again.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shoumen::app {

struct MqttOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string client_id;
    std::string user;
    std::string password;
    std::chrono::milliseconds pause{1000};  // before another attempt
    std::function<void(std::string)> log;   // connected, lost, refused
};

class MqttClient {
public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit MqttClient(MqttOptions options);
    ~MqttClient();  // hangs up
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    // Keeps the connection going until `end`, or until wake(). Returns false when it was woken.
    bool serve_until(Moment end);
    void wake();  // for good: every later serve_until() returns at once

    [[nodiscard]] bool connected() const;  // and let in
    [[nodiscard]] bool refused() const;    // the token was not accepted; no further attempt is made
    bool publish(const std::string& topic, std::string_view payload);  // false: not connected
    [[nodiscard]] std::uint64_t published() const;
    [[nodiscard]] std::uint64_t acknowledged() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app
