// One page's WebSocket.
#pragma once
#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "door.hpp"

namespace shoumen::doors::http {

// Takes over a connection whose request asks for a WebSocket and has passed the gate.
void start_live(boost::asio::ip::tcp::socket socket,
                const boost::beast::http::request<boost::beast::http::string_body>& request, const Call& call,
                std::shared_ptr<Door> door);

}  // namespace shoumen::doors::http
