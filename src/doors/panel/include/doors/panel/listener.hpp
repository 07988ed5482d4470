// The door for fire panels: connections from addresses that were allowed, a Session each. docs/operating/panels.md says
// what a transmitter may count on.
//
// - The standard has no password, so whoever opens this door says which addresses may come: without one it does not
// open.
// - A transmitter that says nothing for `silent_ms` is taken for gone, and its connection is closed.
// - Nothing listens until it is started, and nothing starts it that was not asked to.
//
// Threads: everything on the thread that runs the io_context. Intake and io_context must outlive it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "doors/panel/session.hpp"

namespace boost::asio {
class io_context;
}

namespace shoumen::doors::panel {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;            // 0: any free one
    std::vector<std::string> allowed;  // "192.0.2.7", "192.0.2.0/24"
    std::int64_t silent_ms = 300'000;
    std::size_t max_connections = 2'000;
    std::function<base::Time()> now = [] { return base::Time{}; };
    // At most twenty lines a second.
    std::function<void(bool warning, std::string_view line)> log;
};

class Listener {
public:
    Listener(boost::asio::io_context& io, ports::Intake& intake, Options options);
    ~Listener();  // stops
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    // Codes: port-in-use, listen-failed, bad-address (of those allowed, or there is none).
    base::Result<void> start();
    void stop();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const Counters& counters() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shoumen::doors::panel
