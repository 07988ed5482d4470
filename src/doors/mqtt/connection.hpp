// One device's socket and what belongs to it. It decides nothing: the Listener drives it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "doors/mqtt/session.hpp"

namespace shoumen::doors::mqtt {

struct Connection : std::enable_shared_from_this<Connection> {
    Connection(boost::asio::ip::tcp::socket from, Common& common, std::string certificate = {})
        : socket(std::move(from)), session(common, std::move(certificate)) {}

    boost::asio::ip::tcp::socket socket;
    Session session;
    std::string held;               // read, not used up: part of a packet, or what came when the Intake was busy
    std::string unsent;             // answers the socket did not take yet
    std::size_t position = 0;       // in the Listener's list
    std::uint32_t number = 0;       // in order of arrival
    std::uint32_t heard = 0;        // second in which something was read last
    std::uint32_t sent = 0;         // second in which the socket took an answer last
    bool reading = false;           // a wait for bytes is under way
    bool writing = false;           // a wait for room is under way
    bool stalled = false;           // stands in the Listener's queue of stalled ones
    bool waits_for_commit = false;  // stands in the Listener's list of unacknowledged ones
    bool leaving = false;           // refused: nothing is read any more, the answer is on its way
    bool closed = false;
};

using ConnectionPtr = std::shared_ptr<Connection>;

}  // namespace shoumen::doors::mqtt
