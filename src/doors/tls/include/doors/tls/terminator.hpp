// TLS in front of a door: takes connections, does the handshake, and hands the door the plain end of each, with what
// the other side's certificate says of it. The doors themselves know nothing of TLS (docs/decisions/023-tls.md).
//
// TLS 1.2 with forward secrecy and authenticated ciphers, and 1.3; no renegotiation, no compression, no session tickets
// (a stolen ticket key would open the past). Whoever is to show a certificate and shows none, or one that is not of the
// given authority, or is too old, does not get through the handshake. Which device a certificate stands for, and
// whether it is revoked, is asked of its fingerprint where the token would be asked for, so that both end the same way.
//
// A handshake takes at most `handshake_timeout`; so many of them at once as `max_handshakes`, the rest wait in the
// system's queue. A connection costs about 60 KB beside the door's own. Threads: everything on the thread that runs the
// io_context. Errors: port-in-use, listen-failed, bad-certificate.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace shoumen::doors::tls {

enum class ClientCertificate : std::uint8_t {
    none,      // not asked for: browsers would ask their people
    optional,  // asked for; who has none is asked for a token
    required,
};

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        // 0: any free one
    std::string certificate_file;  // PEM, with the chain
    std::string key_file;          // PEM
    std::string authority_file;    // PEM; whose client certificates count. Empty: none are asked for
    ClientCertificate client = ClientCertificate::none;
    std::string protocol;  // ALPN; empty: none is told
    std::size_t max_connections = 20'000;
    std::size_t max_handshakes = 256;
    base::Duration handshake_timeout = base::seconds(10);
};

struct Peer {
    std::string address;      // "192.0.2.7"
    std::string fingerprint;  // SHA-256 of its certificate's DER form, hex; empty: it has shown none
};

struct Counters {
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;  // at the handshake
    std::uint64_t connections = 0;
};

class Terminator {
public:
    // Gets the descriptor of a connected stream socket and owns it from then on.
    using Take = std::function<void(int descriptor, Peer peer)>;

    Terminator(boost::asio::io_context& io, Options options, Take take);
    ~Terminator();  // stop()s
    Terminator(const Terminator&) = delete;
    Terminator& operator=(const Terminator&) = delete;

    base::Result<void> start();
    [[nodiscard]] std::uint16_t port() const;
    // Reads certificate, key and authority anew; connections that there are stay as they are. On failure the old ones
    // go on.
    base::Result<void> reload();
    void stop();
    [[nodiscard]] Counters counters() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shoumen::doors::tls
