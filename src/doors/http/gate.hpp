// Who is asking: what a request shows to prove it. Pure.
#pragma once
#include <string>
#include <string_view>

#include "ports/accounts.hpp"

#include "message.hpp"

namespace shoumen::doors::http {

inline constexpr std::string_view session_cookie = "shoumen_session";
// Over TLS: a browser keeps a cookie of this name to the very host that set it.
inline constexpr std::string_view session_cookie_tls = "__Host-shoumen_session";
inline constexpr std::string_view live_protocol = "shoumen.v1";
inline constexpr std::string_view bearer_protocol_prefix = "shoumen.bearer.";

struct Credentials {
    enum class Source { none, bearer, cookie, subprotocol } source = Source::none;
    std::string token;  // plain characters, at most 512 of them; anything else counts as none
};

// Over TLS only the cookie that was set over TLS counts: one without its prefix may come from a neighbour.
// The header Authorization counts before the subprotocol (WebSocket only), and that before the cookie.
Credentials credentials_of(const Head& head);

// Whom the request comes from. A proxy on this machine says whom it speaks for: the last address it adds counts. Of the
// browser only its family and system: what an update changes does not matter. Empty for what is no browser.
ports::Caller caller_of(const Head& head);

// A browser sends the cookie along whoever made the page that asks: a change needs the header only our own pages can
// send.
bool lacks_csrf_header(const Head& head, const Credentials& credentials);

// A page of another site may open a WebSocket here and the browser would send the cookie: its Origin gives it away.
bool is_foreign_origin(const Head& head);

// The subprotocol to answer a WebSocket handshake with; empty: none was offered.
std::string chosen_subprotocol(const Head& head);

std::string cookie_of_session(std::string_view token, long max_age_s, bool secure);

}  // namespace shoumen::doors::http
