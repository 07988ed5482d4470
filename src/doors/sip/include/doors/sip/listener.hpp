// The SIP door: datagrams and streams on one port, in front of a Registrar. docs/operating/cameras.md says what devices
// may count on.
//
// - Streams carry at most 8 KiB of head and 64 KiB of body a message; one that sends more, or what is no SIP, is
// closed.
// - Nothing listens until it is started, and nothing starts it that was not asked to.
//
// Threads: everything on the thread that runs the io_context. Intake, CameraBook and io_context must outlive it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "doors/sip/registrar.hpp"

namespace boost::asio {
class io_context;
}

namespace shoumen::doors::sip {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 5060;  // 0: any free one
    std::string advertised;     // what devices reach us by; empty: the address
    std::size_t max_streams = 5'000;
    std::size_t max_streams_of_peer = 200;
    RegistrarOptions registrar;
    // At most twenty lines a second.
    std::function<void(bool warning, std::string_view line)> log;
};

class Listener {
public:
    Listener(boost::asio::io_context& io, ports::Intake& intake, ports::CameraBook& book, Options options);
    ~Listener();  // stops
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // Codes: port-in-use, listen-failed.
    base::Result<void> start();
    void stop();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const Counters& counters() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shoumen::doors::sip
