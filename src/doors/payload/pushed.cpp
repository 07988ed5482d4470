#include "doors/payload/pushed.hpp"

#include <algorithm>
#include <string>

namespace shoumen::doors {

using base::fail;
using base::Result;

namespace {

constexpr std::size_t most_parts = 16;
constexpr std::size_t longest_boundary = 70;  // RFC 2046
constexpr std::size_t longest_head = 4'096;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::size_t find_ignoring_case(std::string_view text, std::string_view what) {
    const auto at = std::ranges::search(text, what, {}, lower, lower);
    return at.empty() && !what.empty() ? std::string_view::npos : static_cast<std::size_t>(at.begin() - text.begin());
}

// What the first character says; cameras name their types as they like.
std::string_view form_of(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos) return "text";
    if (text[at] == '<') return "xml";
    return text[at] == '{' || text[at] == '[' ? "json" : "text";
}

std::string_view without_mark(std::string_view text) {
    return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

std::string_view boundary_of(std::string_view content_type) {
    constexpr std::string_view key = "boundary=";
    const std::size_t at = find_ignoring_case(content_type, key);
    if (at == std::string_view::npos) return {};
    std::string_view value = content_type.substr(at + key.size());
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        return value.substr(0, value.find('"'));
    }
    return value.substr(0, value.find_first_of("; \t"));
}

struct Piece {
    std::string_view head;
    std::string_view body;
};

// A part's head ends with an empty line; some write lines with a line feed alone.
Piece taken_apart(std::string_view part) {
    if (part.starts_with("\r\n")) return {{}, part.substr(2)};
    if (part.starts_with('\n')) return {{}, part.substr(1)};
    const std::string_view start = part.substr(0, longest_head);
    const std::size_t crlf = start.find("\r\n\r\n");
    const std::size_t lf = start.find("\n\n");
    if (crlf != std::string_view::npos && (lf == std::string_view::npos || crlf < lf))
        return {part.substr(0, crlf), part.substr(crlf + 4)};
    if (lf != std::string_view::npos) return {part.substr(0, lf), part.substr(lf + 2)};
    return {{}, part};
}

bool is_picture(std::string_view head) { return find_ignoring_case(head, "image/") != std::string_view::npos; }

// Where the mark begins a line: in a picture it may stand anywhere.
std::size_t find_mark(std::string_view body, std::string_view mark) {
    for (std::size_t at = body.find(mark); at != std::string_view::npos; at = body.find(mark, at + 1)) {
        if (at == 0 || body[at - 1] == '\n') return at;
    }
    return std::string_view::npos;
}

tl::unexpected<base::Error> bad(const char* why) { return fail("bad-multipart", why); }

}  // namespace

Result<Pushed> pushed_in(std::string_view content_type, std::string_view body) {
    if (find_ignoring_case(content_type, "multipart/") != 0) {
        body = without_mark(body);
        return Pushed{form_of(body), body, {}};
    }
    const std::string_view boundary = boundary_of(content_type);
    if (boundary.empty() || boundary.size() > longest_boundary)
        return bad("the multipart's Content-Type names no boundary of 1 to 70 characters");
    const std::string mark = "--" + std::string(boundary);
    Pushed out;
    std::size_t parts = 0;
    std::size_t at = find_mark(body, mark);
    while (at != std::string_view::npos) {
        body.remove_prefix(at + mark.size());
        if (body.starts_with("--")) break;  // the last
        const std::size_t line = body.find('\n');
        if (line == std::string_view::npos) break;
        body.remove_prefix(line + 1);
        if (++parts > most_parts) return bad("the multipart has more than 16 parts: send fewer pictures");
        at = find_mark(body, mark);
        std::string_view part = body.substr(0, at);
        if (part.ends_with("\r\n"))
            part.remove_suffix(2);
        else if (part.ends_with('\n'))
            part.remove_suffix(1);
        const Piece piece = taken_apart(part);
        const std::string_view text = without_mark(piece.body);
        if (is_picture(piece.head)) {
            if (!piece.body.empty()) out.pictures.push_back(piece.body);
        } else if (const auto form = form_of(text); form != "text" && out.payload.empty()) {
            out.form = form;
            out.payload = text;
        }
    }
    if (out.payload.empty()) return bad("the multipart has no part in XML or JSON");
    return out;
}

}  // namespace shoumen::doors
