#include "message.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace shoumen::doors::http {

namespace {

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// A header value must not be able to begin another header.
bool fit_for_header(std::string_view value) { return !has_control(value); }

// Pages: scripts, styles and connections from this server alone; pictures also from memory (upload previews, small
// icons).
constexpr std::string_view page_policy =
    "Content-Security-Policy: default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'\r\n";
// What the API answers, pictures too, is no page: opened as one it loads nothing and runs nothing.
constexpr std::string_view answer_policy =
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox\r\n";
constexpr std::string_view tls_from_now_on = "Strict-Transport-Security: max-age=31536000\r\n";
constexpr std::string_view guards =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: geolocation=(), microphone=(), payment=(), usb=()\r\n";

bool has_header(const Answer& answer, std::string_view name) {
    return std::ranges::any_of(answer.headers, [&](const auto& h) { return h.first == name; });
}

template <class... Parts>
void add_line(std::string& out, const Parts&... parts) {
    (out.append(parts), ...);
    out += "\r\n";
}

// Nothing to decode, and no query: as nearly all that is asked for is.
bool is_plain(std::string_view text) {
    return text.starts_with('/') && !text.starts_with("//") && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                      c == '-' || c == '_' || c == '.';
           });
}

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    segments.reserve(static_cast<std::size_t>(std::ranges::count(path, '/')));
    while (path.size() > 1 || (path == "/" && !segments.empty())) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        segments.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

}  // namespace

std::optional<std::string_view> Target::param(std::string_view name) const {
    const auto it = std::ranges::find(params, name, &std::pair<std::string, std::string>::first);
    if (it == params.end()) return std::nullopt;
    return it->second;
}

std::optional<Target> parse_target(std::string_view text) {
    if (is_plain(text)) return Target{split(text), {}};
    const auto url = boost::urls::parse_origin_form(text);
    if (!url) return std::nullopt;
    Target target;
    for (const auto segment : url->segments()) {
        if (has_control(segment)) return std::nullopt;
        target.segments.emplace_back(segment);
    }
    for (const auto param : url->params()) target.params.emplace_back(param.key, param.value);
    return target;
}

void head_of(const Answer& answer, const Framing& framing, std::string& out) {
    out.clear();
    add_line(out, "HTTP/1.1 ", std::to_string(answer.status), " ", reason_phrase(answer.status));
    if (!framing.date.empty()) add_line(out, "Date: ", framing.date);
    if (!answer.content_type.empty()) add_line(out, "Content-Type: ", answer.content_type);
    if (answer.status != 204 && answer.status != 304)
        add_line(out, "Content-Length: ", std::to_string(answer.bytes().size()));
    if (!has_header(answer, "Cache-Control")) add_line(out, "Cache-Control: no-store");
    for (const auto& [name, value] : answer.headers) {
        if (fit_for_header(value)) add_line(out, name, ": ", value);
    }
    if (!framing.keep_alive)
        out += "Connection: close\r\n";
    else if (framing.http_1_0)
        out += "Connection: keep-alive\r\n";
    out += answer.route == page_route ? page_policy : answer_policy;
    if (framing.by_tls) out += tls_from_now_on;
    out += guards;
    out += "\r\n";
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 426:
            return "Upgrade Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Answer";
    }
}

}  // namespace shoumen::doors::http
