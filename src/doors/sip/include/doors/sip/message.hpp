// Messages of SIP (RFC 3261) from bytes and to bytes. The reading is libosip2's; what it makes is copied out into plain
// data, so that nothing else knows the library. Pure: no socket, no state.
//
// Errors of reading: bad-sip, too-large. A message that was read has Via, From, To, Call-ID and CSeq, and a body as
// long as Content-Length says (or, without one, all that came).
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace shoumen::doors::sip {

constexpr std::size_t most_head_bytes = 8'192;
constexpr std::size_t most_body_bytes = 65'536;

// Digest credentials (RFC 2617, RFC 7616); without their quotes.
struct Authorization {
    std::string user, realm, nonce, uri, response, algorithm, cnonce, qop, nonce_count;
};

struct Message {
    std::string method;  // of a request; empty: an answer
    std::string target;  // user part of the request's address
    int status = 0;      // of an answer

    std::vector<std::string> vias;  // as they came, the top one first
    std::string branch;             // of the top one
    bool wants_port = false;        // the top one has `rport`
    std::string from, to;           // as they came
    std::string from_user, from_tag, to_user, to_tag;
    std::string call_id;
    std::uint32_t sequence = 0;
    std::string sequence_method;
    bool has_contact = false;
    std::string contact;                   // as it came, without what follows the address
    std::optional<std::uint32_t> expires;  // of the contact, else of the message
    std::optional<Authorization> credentials;
    std::string content_type;  // in small letters, without parameters
    std::string event, subscription_state;
    std::string body;

    [[nodiscard]] bool is_request() const { return !method.empty(); }
};

base::Result<Message> read_message(std::string_view bytes);

// Where in a stream the first message ends (RFC 3261, 18.3); none: it is not whole yet. Errors: bad-sip, too-large.
base::Result<std::optional<std::size_t>> message_end(std::string_view stream);

using Headers = std::vector<std::pair<std::string_view, std::string>>;

// Where an answer goes, as the top Via is told it.
struct SentFrom {
    std::string_view address;
    std::uint16_t port = 0;
};

std::string write_answer(const Message& request, const SentFrom& peer, int status, std::string_view reason,
                         std::string_view to_tag, const Headers& more = {});

struct Request {
    std::string_view method;
    std::string target;  // "sip:34020000001320000001@192.0.2.7:5060"
    std::string via;     // the whole of it
    std::string from, to, call_id;
    std::uint32_t sequence = 1;
    std::string_view content_type;
    std::string_view body;
    Headers more;
};
std::string write_request(const Request& request);

}  // namespace shoumen::doors::sip
