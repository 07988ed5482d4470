#include "gate.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

namespace shoumen::doors::http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// The first part between separators for which `find` gives something.
std::string_view part_of(std::string_view text, char separator,
                         const std::function<std::string_view(std::string_view)>& find) {
    while (!text.empty()) {
        const auto end = text.find(separator);
        if (const auto found = find(trimmed(text.substr(0, end))); !found.empty()) return found;
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return {};
}

std::string_view after(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view();
}

// base64url, hex and the like; what is sent as a token goes nowhere but into a hash, and never into a log.
bool is_plain_token(std::string_view token) {
    return !token.empty() && token.size() <= 512 &&
           std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ';' && c != ','; });
}

std::string_view bearer_of(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() < scheme.size() || !same_ignoring_case(authorization.substr(0, scheme.size()), scheme))
        return {};
    return trimmed(authorization.substr(scheme.size()));
}

}  // namespace

Credentials credentials_of(const Head& head) {
    using Source = Credentials::Source;
    const auto made = [](Source source, std::string_view token) {
        return is_plain_token(token) ? Credentials{source, std::string(token)} : Credentials{};
    };
    if (!head.authorization.empty()) return made(Source::bearer, bearer_of(head.authorization));
    if (head.wants_websocket) {
        const auto token = part_of(head.subprotocols, ',', [](auto p) { return after(p, bearer_protocol_prefix); });
        if (!token.empty()) return made(Source::subprotocol, token);
    }
    const auto wanted = head.forwarded_https ? session_cookie_tls : session_cookie;
    return made(Source::cookie, part_of(head.cookie, ';', [wanted](std::string_view pair) {
                    const auto equals = pair.find('=');
                    return pair.substr(0, equals) == wanted && equals != std::string_view::npos
                               ? pair.substr(equals + 1)
                               : std::string_view();
                }));
}

ports::Caller caller_of(const Head& head) {
    ports::Caller out;
    out.address = head.address;
    if (!head.forwarded_for.empty() && (head.address.starts_with("127.") || head.address == "::1")) {
        const auto comma = head.forwarded_for.rfind(',');
        const auto last = std::string_view(head.forwarded_for).substr(comma == std::string::npos ? 0 : comma + 1);
        out.address = trimmed(last).substr(0, 64);
    }
    // The first that is found: others call themselves by the names behind.
    static constexpr std::array families = {"MicroMessenger", "Edg", "OPR", "Firefox", "Chrome", "Safari"};
    static constexpr std::array systems = {"HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"};
    const auto first_in = [&](const auto& words) {
        const auto it = std::ranges::find_if(
            words, [&](const char* word) { return head.user_agent.find(word) != std::string::npos; });
        return it == words.end() ? "" : *it;
    };
    const std::string_view family = first_in(families);
    if (!family.empty()) out.agent = fmt::format("{} {}", family, first_in(systems));
    return out;
}

bool lacks_csrf_header(const Head& head, const Credentials& credentials) {
    const bool changes = head.method != "GET" && head.method != "HEAD";
    return changes && credentials.source == Credentials::Source::cookie && head.csrf != "1";
}

bool is_foreign_origin(const Head& head) {
    if (head.origin.empty()) return false;  // no browser
    const auto scheme_end = head.origin.find("://");
    if (scheme_end == std::string::npos) return true;  // "null" too
    return !same_ignoring_case(std::string_view(head.origin).substr(scheme_end + 3), head.host);
}

std::string chosen_subprotocol(const Head& head) {
    const auto ours = [](std::string_view p) { return p == live_protocol ? p : std::string_view(); };
    if (const auto found = part_of(head.subprotocols, ',', ours); !found.empty()) return std::string(found);
    const auto bearer = [](std::string_view p) {
        return p.starts_with(bearer_protocol_prefix) ? p : std::string_view();
    };
    return std::string(part_of(head.subprotocols, ',', bearer));
}

std::string cookie_of_session(std::string_view token, long max_age_s, bool secure) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}",
                       secure ? session_cookie_tls : session_cookie, token, max_age_s, secure ? "; Secure" : "");
}

}  // namespace shoumen::doors::http
