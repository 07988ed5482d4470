// The MQTT door: listens for devices that speak MQTT 3.1.1 or 5 and hands what they say to the shell; brings commands
// to those that have subscribed to theirs. It is no broker: nothing is passed on from one client to another, and no
// session outlives its connection. docs/devices/mqtt.md says what devices
// may count on.
//
// - What comes is read into one buffer shared by all connections; a connection itself holds only the part of a packet
// that is
//   still incomplete, so that thousands of idle devices cost little.
// - PUBACKs leave when Intake::committed() has reached them, many in one write.
// - While the Intake is busy no socket is read: devices are slowed by TCP, and memory stays bounded.
// - A token is asked for again while its connection stands, so that a revoked one loses its connection within half a
// minute.
//
// Threads: everything on the thread that runs the io_context. The Intake and the io_context must outlive the Listener.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "doors/mqtt/session.hpp"
#include "ports/courier.hpp"
#include "ports/intake.hpp"

namespace boost::asio {
class io_context;
}

namespace shoumen::doors::mqtt {

enum class LogLevel : std::uint8_t { info, warning };

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 1883;  // 0: any free one
    std::size_t max_connections = 20'000;
    std::size_t max_connections_of_device = 100;
    std::size_t max_held_bytes = 67'108'864;         // parts of packets, of all connections together
    std::uint32_t connect_timeout = 10;              // seconds until CONNECT must have come
    std::uint32_t write_timeout = 60;                // seconds a device may leave its answers unread
    std::uint32_t milliseconds_of_a_second = 1'000;  // tests let time pass faster
    // A client took the place of its own connection, from which something had come within the last minute.
    std::function<void(const ports::Speaker&)> pushed_out;
    // At most twenty lines a second; names devices by code and peers by address, never what they sent.
    std::function<void(LogLevel, std::string_view)> log;
};

class Listener final : public ports::Courier {
public:
    Listener(boost::asio::io_context& io, ports::Intake& intake, Options options);
    ~Listener() override;  // stops
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // Codes: port-in-use, listen-failed.
    base::Result<void> start();
    [[nodiscard]] std::uint16_t port() const;
    // A connection that was taken elsewhere, by its descriptor, which is the listener's from then on; with the
    // fingerprint of the certificate shown there, or none.
    void take(int descriptor, std::string_view certificate_fingerprint);
    // Closes every connection. Wills are not submitted: it was not the devices that went away.
    void stop();
    [[nodiscard]] const Counters& counters() const;

    bool reaches(std::string_view device) override;
    Delivery command(std::string_view device, std::string_view payload) override;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shoumen::doors::mqtt
