// What changes goes to every signed-in page: the hub follows the Desk, writes each push once, and hands it to all
// clients.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ports/desk.hpp"

#include "figures.hpp"
#include "live_queue.hpp"

namespace shoumen::doors::http {

class Door;
class Phrases;

// One page that follows. Neither call below takes it out of the hub before it returns.
class LiveClient {
public:
    virtual ~LiveClient() = default;
    virtual void push(std::uint64_t key, const Frame& frame) = 0;
    virtual void go_away() = 0;  // the program stops
    [[nodiscard]] virtual const ports::Session& session() const = 0;
};

class Hub {
public:
    Hub(boost::asio::io_context& io, Door& door);

    void start();
    void stop();  // tells all clients to go; forgets the Desk
    void add(const std::shared_ptr<LiveClient>& client);
    void remove(const LiveClient* client);

private:
    // Keys of what is no incident; an incident's key is its id, and no id is as small.
    static constexpr std::uint64_t quarantine_key = 1;
    static constexpr std::uint64_t policy_key = 2;

    void on_push(const ports::Push& push);
    void tell_of_incident(Phrases& phrases, const ports::Push& push);
    void send(std::uint64_t key, std::string text);
    void tell_of_quarantine_soon();
    void tell_of_quarantine();

    Door& door_;
    // Their sockets hold them; here they are only known.
    std::vector<std::weak_ptr<LiveClient>> clients_;
    std::uint64_t registration_ = 0;
    bool following_ = false;
    // A broken device fills the quarantine fast: how many there are is looked up and told a few times a second at most.
    boost::asio::steady_timer quarantine_timer_;
    bool quarantine_waits_ = false;
};

}  // namespace shoumen::doors::http
