// Requests to servers elsewhere: the gateway for short messages, the provider of single sign-on.
//
// Whoever starts the program names each of them on the command line; nothing that anybody sends becomes a target, and
// no redirect is followed. By https the server's name is held against its certificate (the system's authorities, or a
// file); http is for this very machine alone. Ten seconds and 256 KB an answer. One request at a time waits for its
// answer on the thread that asks; never the io thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace shoumen::app {

struct Url {
    bool tls = true;
    std::string host;
    std::uint16_t port = 443;
    std::string path = "/";  // with the query
    [[nodiscard]] std::string origin() const;
};
// Errors: bad-url.
base::Result<Url> parse_url(std::string_view text);

struct Outgoing {
    std::string method = "GET";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};
struct OutgoingAnswer {
    unsigned status = 0;
    std::string body;
};
// authorities: a PEM file in place of the system's; empty: the system's. Errors: no-answer.
base::Result<OutgoingAnswer> call(const Url& url, const Outgoing& request, const std::string& authorities = {});

}  // namespace shoumen::app
