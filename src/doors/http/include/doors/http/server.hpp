// The HTTP door: the API of api/openapi.json for people's pages and for devices, live push by WebSocket, and the
// console's files.
//
// One thread: everything, the handlers and the calls of Desk and Intake, runs on the io_context's one thread; start()
// and stop() are called on it too (or before it runs). Desk and Intake must live until the io_context has run for the
// last time, since answers under way are finished after stop(); the io_context longer than the Server. Answers that
// need the writer come by the callbacks of Desk and Intake; nothing here blocks.
//
// Kept whatever comes in: nothing of /api answers without signing in but what the route table marks open; headers at
// most 16 KB, bodies 1 MB (pictures 20 MB), each read within a time limit; a client that does not read its pushes is
// cut off; all bodies being read at one time together stay under `body_budget`.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/desk.hpp"
#include "ports/intake.hpp"
#include "ports/ledger.hpp"
#include "ports/log.hpp"

namespace boost::asio {
class io_context;
}

namespace shoumen::doors::http {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free one, see Server::port()
    std::string static_dir;     // the console's files, read at start; empty or missing: there is no console
    std::string api_dir;        // holds openapi.json and errors.json
    bool demo = false;          // told to the sign-in page by /api/v1/health
    bool behind_tls = false;    // the cookie is for https alone (also where a proxy sends X-Forwarded-Proto: https)
    ports::Log log;             // may be empty
    ports::Ledger* ledger = nullptr;  // null: there is none; outlives the server
    // SHA-256 of a token that may read the figures and nothing else; none: administrators alone.
    std::optional<base::Digest> metrics_token;
    std::function<std::string()> more_metrics;  // of other doors, in Prometheus' form; may be empty

    std::size_t max_connections = 20'000;
    std::size_t body_budget = 256U << 20U;
    base::Duration idle_timeout = base::seconds(75);    // between two requests
    base::Duration header_timeout = base::seconds(10);  // from the first byte of a request to the end of its headers
    base::Duration body_timeout = base::seconds(30);
    base::Duration picture_timeout = base::seconds(180);  // to receive or send a large body
    base::Duration answer_timeout = base::seconds(10);  // for the commit of what was asked; afterwards `storing-failed`
    base::Duration ping_every = base::seconds(30);      // of a live connection; no answer to the next one: it is closed
    base::Duration session_check = base::seconds(30);   // so often a live connection's session is looked at again
    std::size_t live_queue = 1'000;                     // pushes waiting for one slow client
    int live_send_buffer = 0;                           // of the socket, bytes; 0: the system's
};

class Server {
public:
    Server(boost::asio::io_context& io, ports::Intake& intake, ports::Desk& desk, Options options);
    ~Server();  // stop()s
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Reads the contracts and the console's files, then listens. Codes: port-in-use, listen-failed, contract-missing.
    base::Result<void> start();
    [[nodiscard]] std::uint16_t port() const;
    // A connection that TLS stands before, by its descriptor, which is the server's from then on; with the address
    // it comes from and the fingerprint of the certificate shown there, or none.
    void take(int descriptor, std::string address, std::string_view certificate_fingerprint);
    // Takes no more connections, closes the idle and the live ones (1001); a request being answered is finished first.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shoumen::doors::http
