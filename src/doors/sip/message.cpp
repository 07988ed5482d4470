#include "doors/sip/message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <osipparser2/osip_parser.h>

namespace shoumen::doors::sip {

namespace {

constexpr std::size_t most_vias = 16;
constexpr std::string_view line_end = "\r\n";

struct Free {
    void operator()(osip_message_t* m) const { ::osip_message_free(m); }
    void operator()(char* text) const { osip_free(text); }
};
using MessagePtr = std::unique_ptr<osip_message_t, Free>;
using TextPtr = std::unique_ptr<char, Free>;

tl::unexpected<base::Error> bad(const char* why) { return base::fail("bad-sip", why); }

std::string text_of(const char* text) { return text != nullptr ? std::string(text) : std::string(); }

std::string unquoted(const char* text) {
    std::string_view t = text != nullptr ? std::string_view(text) : std::string_view();
    if (t.size() >= 2 && t.front() == '"' && t.back() == '"') t = t.substr(1, t.size() - 2);
    return std::string(t);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    return out;
}

std::optional<std::uint32_t> number_of(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    std::uint32_t value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

template <class Write, class Of>
std::string written(Write write, const Of* of) {
    char* text = nullptr;
    if (write(of, &text) != 0 || text == nullptr) return {};
    const TextPtr owned(text);
    return std::string(text);
}

std::string param_of(const osip_list_t& list, const char* name, bool* is_there = nullptr) {
    osip_generic_param_t* param = nullptr;
    // The library takes its list unconst and leaves it as it is.
    const bool found = ::osip_generic_param_get_byname(const_cast<osip_list_t*>(&list),        // NOLINT(*-const-cast)
                                                       const_cast<char*>(name), &param) == 0;  // NOLINT(*-const-cast)
    if (is_there != nullptr) *is_there = found && param != nullptr;
    return found && param != nullptr ? text_of(param->gvalue) : std::string();
}

void take_vias(const osip_message_t& m, Message& out) {
    for (int i = 0; i < ::osip_list_size(&m.vias) && out.vias.size() < most_vias; ++i) {
        const auto* via = static_cast<const osip_via_t*>(::osip_list_get(&m.vias, i));
        if (via == nullptr) break;
        if (i == 0) {
            out.branch = param_of(via->via_params, "branch");
            param_of(via->via_params, "rport", &out.wants_port);
        }
        out.vias.push_back(written(&::osip_via_to_str, via));
    }
}

void take_party(const osip_from_t* party, std::string& whole, std::string& user, std::string& tag) {
    if (party == nullptr) return;
    whole = written(&::osip_from_to_str, party);
    if (party->url != nullptr) user = text_of(party->url->username);
    tag = param_of(party->gen_params, "tag");
}

void take_contact(osip_message_t* m, Message& out) {
    osip_contact_t* contact = nullptr;
    if (::osip_message_get_contact(m, 0, &contact) < 0 || contact == nullptr) return;
    out.has_contact = true;
    if (contact->url != nullptr) out.contact = written(&::osip_uri_to_str, contact->url);
    out.expires = number_of(param_of(contact->gen_params, "expires"));
}

std::string header_of(const osip_message_t* m, const char* name) {
    osip_header_t* header = nullptr;
    if (::osip_message_header_get_byname(m, name, 0, &header) < 0 || header == nullptr) return {};
    return text_of(header->hvalue);
}

void take_credentials(const osip_message_t* m, Message& out) {
    osip_authorization_t* a = nullptr;
    if (::osip_message_get_authorization(m, 0, &a) < 0 || a == nullptr) return;
    if (lower(text_of(a->auth_type)) != "digest") return;
    out.credentials = Authorization{unquoted(a->username), unquoted(a->realm),       unquoted(a->nonce),
                                    unquoted(a->uri),      unquoted(a->response),    unquoted(a->algorithm),
                                    unquoted(a->cnonce),   unquoted(a->message_qop), unquoted(a->nonce_count)};
}

// Where the head ends and the body begins; none: nowhere yet.
std::optional<std::size_t> body_begin(std::string_view bytes) {
    const auto at = bytes.substr(0, most_head_bytes + 4).find("\r\n\r\n");
    if (at == std::string_view::npos) return {};
    return at + 4;
}

// Of the head alone: Content-Length, or its short form.
base::Result<std::optional<std::size_t>> length_said(std::string_view head) {
    std::optional<std::size_t> length;
    std::size_t at = head.find(line_end);
    while (at != std::string_view::npos && at + 2 < head.size()) {
        const auto next = head.find(line_end, at + 2);
        const auto line = head.substr(at + 2, next == std::string_view::npos ? next : next - at - 2);
        at = next;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        auto name = lower(line.substr(0, colon));
        while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.pop_back();
        if (name != "content-length" && name != "l") continue;
        const auto value = number_of(line.substr(colon + 1));
        if (!value) return bad("Content-Length is no number");
        if (length && *length != *value) return bad("Content-Length stands there twice, and differently");
        length = *value;
    }
    return length;
}

tl::unexpected<base::Error> too_large(std::size_t size) {
    return base::fail("too-large", fmt::format("the message has {} bytes; at most {} of head and {} of body are read",
                                               size, most_head_bytes, most_body_bytes));
}

void start_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        // It would write to stderr what it could not read.
        ::osip_trace_initialize_func(TRACE_LEVEL0, [](const char*, int, osip_trace_level_t, const char*, va_list) {});
        ::parser_init();
    });
}

base::Result<MessagePtr> parsed(const std::string& head) {
    start_library();
    osip_message_t* raw = nullptr;
    if (::osip_message_init(&raw) != 0 || raw == nullptr) return bad("there is no memory to read it");
    MessagePtr m(raw);
    if (::osip_message_parse(m.get(), head.c_str(), head.size()) != 0)
        return bad("it is no SIP message: send RFC 3261");
    return m;
}

// A head alone, as the library reads it: what it says of the body is said by the head that came.
std::string without_length(std::string_view head) {
    std::string out;
    std::size_t at = 0;
    while (at < head.size()) {
        const auto next = head.find(line_end, at);
        const auto line = head.substr(at, next == std::string_view::npos ? next : next - at + 2);
        at += line.size();
        const auto name = lower(line.substr(0, line.find_first_of(": \t")));
        if (name != "content-length" && name != "l") out += line;
    }
    return out;
}

}  // namespace

base::Result<std::optional<std::size_t>> message_end(std::string_view stream) {
    const auto begin = body_begin(stream);
    if (!begin) {
        if (stream.size() > most_head_bytes) return too_large(stream.size());
        return std::optional<std::size_t>{};
    }
    const auto length = length_said(stream.substr(0, *begin));
    if (!length) return tl::unexpected(length.error());
    if (!*length) return bad("Content-Length is missing, which a stream needs");
    if (**length > most_body_bytes) return too_large(*begin + **length);
    if (*begin + **length > stream.size()) return std::optional<std::size_t>{};
    return std::optional(*begin + **length);
}

base::Result<Message> read_message(std::string_view bytes) {
    const auto begin = body_begin(bytes);
    if (!begin) {
        if (bytes.size() > most_head_bytes) return too_large(bytes.size());
        return bad("its head has no end: an empty line");
    }
    const auto head = bytes.substr(0, *begin);
    if (head.find('\0') != std::string_view::npos) return bad("there is NUL in its head");
    const auto length = length_said(head);
    if (!length) return tl::unexpected(length.error());
    const std::size_t there = bytes.size() - *begin;
    if (*length && **length > there) return bad("its body is shorter than Content-Length says");
    const auto body = bytes.substr(*begin, length->value_or(there));
    if (body.size() > most_body_bytes) return too_large(bytes.size());

    const auto m = parsed(without_length(head));
    if (!m) return tl::unexpected(m.error());
    osip_message_t* sip = m->get();
    Message out;
    take_vias(*sip, out);
    take_party(sip->from, out.from, out.from_user, out.from_tag);
    take_party(sip->to, out.to, out.to_user, out.to_tag);
    if (sip->call_id != nullptr) out.call_id = written(&::osip_call_id_to_str, sip->call_id);
    if (sip->cseq != nullptr) {
        out.sequence = number_of(text_of(sip->cseq->number)).value_or(0);
        out.sequence_method = text_of(sip->cseq->method);
    }
    if (out.vias.empty() || out.vias.front().empty() || out.from.empty() || out.to.empty() || out.call_id.empty() ||
        out.sequence_method.empty())
        return bad("Via, From, To, Call-ID or CSeq is missing");
    if (MSG_IS_REQUEST(sip)) {
        out.method = text_of(sip->sip_method);
        if (out.method.empty() || sip->req_uri == nullptr) return bad("it has no first line");
        out.target = text_of(sip->req_uri->username);
    } else {
        out.status = sip->status_code;
    }
    take_contact(sip, out);
    if (!out.expires) out.expires = number_of(header_of(sip, "expires"));
    take_credentials(sip, out);
    if (sip->content_type != nullptr)
        out.content_type = lower(text_of(sip->content_type->type) + "/" + text_of(sip->content_type->subtype));
    out.event = header_of(sip, "event");
    out.subscription_state = lower(header_of(sip, "subscription-state"));
    out.body = body;
    return out;
}

std::string write_answer(const Message& request, const SentFrom& peer, int status, std::string_view reason,
                         std::string_view to_tag, const Headers& more) {
    std::string out = fmt::format("SIP/2.0 {} {}\r\n", status, reason);
    bool top = true;
    for (const auto& via : request.vias) {
        std::string line = via;
        if (std::exchange(top, false)) {
            if (request.wants_port) {
                const auto at = lower(line).find(";rport");
                constexpr std::size_t size = 6;
                if (at != std::string::npos && (at + size == line.size() || line[at + size] == ';'))
                    line.insert(at + size, fmt::format("={}", peer.port));
            }
            line += fmt::format(";received={}", peer.address);
        }
        out += fmt::format("Via: {}\r\n", line);
    }
    out += fmt::format("From: {}\r\nTo: {}", request.from, request.to);
    if (request.to_tag.empty() && !to_tag.empty()) out += fmt::format(";tag={}", to_tag);
    out +=
        fmt::format("\r\nCall-ID: {}\r\nCSeq: {} {}\r\n", request.call_id, request.sequence, request.sequence_method);
    for (const auto& [name, value] : more) out += fmt::format("{}: {}\r\n", name, value);
    out += "Content-Length: 0\r\n\r\n";
    return out;
}

std::string write_request(const Request& r) {
    std::string out = fmt::format(
        "{0} {1} SIP/2.0\r\nVia: {2}\r\nFrom: {3}\r\nTo: {4}\r\nCall-ID: {5}\r\nCSeq: {6} {0}\r\nMax-Forwards: 70\r\n",
        r.method, r.target, r.via, r.from, r.to, r.call_id, r.sequence);
    for (const auto& [name, value] : r.more) out += fmt::format("{}: {}\r\n", name, value);
    if (!r.content_type.empty()) out += fmt::format("Content-Type: {}\r\n", r.content_type);
    out += fmt::format("Content-Length: {}\r\n\r\n{}", r.body.size(), r.body);
    return out;
}

}  // namespace shoumen::doors::sip
