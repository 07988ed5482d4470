// How a door takes its place: one way for all of them, with one set of words for what goes wrong. Codes: listen-failed
// (no address of this machine, or not allowed), port-in-use. After an error the acceptor is closed.
#pragma once
#include <cstdint>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <fmt/format.h>

#include "base/result.hpp"

namespace shoumen::doors {

// `door`: which one, for the error's place; empty: the program says it.
template <class Acceptor>
base::Result<void> listen_on(Acceptor& acceptor, const std::string& address, std::uint16_t port,
                             const std::string& door = {}) {
    namespace asio = boost::asio;
    const auto where = fmt::format("{}:{}", address, port);
    boost::system::error_code ec;
    const auto ip = asio::ip::make_address(address, ec);
    if (ec)
        return base::fail("listen-failed",
                          fmt::format("{} is no address of this machine; use one like 127.0.0.1.", where), door);
    const asio::ip::tcp::endpoint endpoint(ip, port);
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) return {};
    boost::system::error_code ignored;
    acceptor.close(ignored);
    if (ec == asio::error::address_in_use)
        return base::fail(
            "port-in-use",
            fmt::format("{} is taken by another program; stop that one, or give this one another port.", where), door);
    return base::fail("listen-failed", fmt::format("It is not possible to listen on {}: {}.", where, ec.message()),
                      door);
}

}  // namespace shoumen::doors
