// A request and its answer as plain data: what handlers work on, without a socket.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shoumen::doors::http {

// The path in decoded segments ("/a/b%20c" → "a", "b c") and the query.
struct Target {
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> params;

    [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const;  // the first of that name
};

// What is known once the headers are read.
struct Head {
    std::string method;  // as sent: "GET"
    Target target;
    std::string authorization;
    std::string cookie;
    std::string csrf;  // X-Shoumen
    std::string content_type;
    std::string content_encoding;
    std::string idempotency_key;
    std::string if_none_match;
    std::string host;
    std::string origin;
    std::string subprotocols;  // Sec-WebSocket-Protocol
    std::string user_agent;
    std::string forwarded_for;  // X-Forwarded-For
    std::string address;        // of the other side of the connection; empty: not known
    bool has_body = false;
    std::string certificate;  // what stands for the client's (ports/intake.hpp); empty: it has shown none
    bool forwarded_https = false;
    bool wants_websocket = false;
};

// What stands for the console's files in place of a route of the API.
constexpr std::string_view page_route = "page";

struct Request {
    Head head;
    std::string body;
};

struct Answer {
    unsigned status = 200;
    std::string content_type;  // empty: no body
    std::string body;
    std::shared_ptr<const std::string> shared_body;  // in place of `body`: files, contracts
    std::vector<std::pair<std::string, std::string>> headers;
    // For the figures: what was asked for, in words of ours.
    std::string_view method = "other";
    std::string_view route = "other";

    [[nodiscard]] std::string_view bytes() const { return shared_body ? std::string_view(*shared_body) : body; }
    Answer& of(std::string_view asked_method, std::string_view asked_route) {
        method = asked_method;
        route = asked_route;
        return *this;
    }
    Answer& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

// Reads an origin-form request target; nullopt: it is none, or not decodable, or has a control character in it.
std::optional<Target> parse_target(std::string_view text);

struct Framing {
    bool http_1_0 = false;
    bool keep_alive = true;
    bool by_tls = false;    // to the client, be it a proxy's
    std::string_view date;  // IMF-fixdate; empty: none
};
// The status line and all headers, those that guard the browser among them; in place of what `out` held.
void head_of(const Answer& answer, const Framing& framing, std::string& out);

std::string_view reason_phrase(unsigned status);

}  // namespace shoumen::doors::http
