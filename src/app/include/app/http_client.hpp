// An HTTP client over one connection that is kept open, for what speaks to a node through its own door: the demo feed,
// the tools, and a witness, which may do so by TLS. One request at a time. No redirect is followed.
//
// ask() waits for its answer, at most `patience`; a connection that has gone is made anew once. interrupt() may be
// called from any thread, also while ask() waits: it returns at once, and gives no answer from then on. This matters
// where the caller's own server stops: an answer may never come.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::app {

struct HttpRequest {
    std::string_view method = "GET";
    std::string target;
    std::string bearer;        // for Authorization; empty: none
    std::string content_type;  // with a body
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // more of them
};

struct HttpAnswer {
    unsigned status = 0;
    std::string body;
};

class HttpClient {
public:
    HttpClient(std::string address, std::uint16_t port, base::Duration patience = base::seconds(10));
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // From now on by TLS: the other side shows a certificate of an authority in this file (empty: of the system's), for
    // the address that is asked, a host's name or an IP address. Code bad-certificate: the file cannot be read.
    base::Result<void> use_tls(const std::string& authorities);

    // nullopt: no answer (nobody listens, too late, interrupted, a certificate that does not do); why() says it.
    std::optional<HttpAnswer> ask(const HttpRequest& request);
    [[nodiscard]] const std::string& why() const;
    void interrupt();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app
