#include "message.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace shoumen::doors::http {

namespace {

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// A header value must not be able to begin another header.
bool fit_for_header(std::string_view value) { return !has_control(value); }

// Scripts, styles and connections from this server alone; pictures also from memory (upload previews, small icons).
constexpr std::string_view guards =
    "Content-Security-Policy: default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: geolocation=(), microphone=(), payment=(), usb=()\r\n";

bool has_header(const Answer& answer, std::string_view name) {
    return std::ranges::any_of(answer.headers, [&](const auto& h) { return h.first == name; });
}

}  // namespace

std::optional<std::string_view> Target::param(std::string_view name) const {
    const auto it = std::ranges::find(params, name, &std::pair<std::string, std::string>::first);
    if (it == params.end()) return std::nullopt;
    return it->second;
}

std::optional<Target> parse_target(std::string_view text) {
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

std::string head_of(const Answer& answer, const Framing& framing) {
    std::string out;
    out.reserve(1'024);
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", answer.status, reason_phrase(answer.status));
    if (!framing.date.empty()) fmt::format_to(std::back_inserter(out), "Date: {}\r\n", framing.date);
    if (!answer.content_type.empty())
        fmt::format_to(std::back_inserter(out), "Content-Type: {}\r\n", answer.content_type);
    if (answer.status != 204 && answer.status != 304)
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", answer.bytes().size());
    if (!has_header(answer, "Cache-Control")) out += "Cache-Control: no-store\r\n";
    for (const auto& [name, value] : answer.headers) {
        if (fit_for_header(value)) fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
    }
    if (!framing.keep_alive)
        out += "Connection: close\r\n";
    else if (framing.http_1_0)
        out += "Connection: keep-alive\r\n";
    out += guards;
    out += "\r\n";
    return out;
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
