#include "json_writer.hpp"

#include <array>

namespace shoumen::doors::http {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool continues(std::string_view text, std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80;
}

// Length of the UTF-8 sequence that begins at i, or 0: there is none (overlong, surrogate, beyond U+10FFFF, cut off).
std::size_t sequence_at(std::string_view text, std::size_t i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (first >= 0xC2 && first <= 0xDF) return continues(text, i + 1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && second < 0xA0;
        const bool surrogate = first == 0xED && second > 0x9F;
        return !overlong && !surrogate && continues(text, i + 1) && continues(text, i + 2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && second < 0x90;
        const bool beyond = first == 0xF4 && second > 0x8F;
        const bool whole = continues(text, i + 1) && continues(text, i + 2) && continues(text, i + 3);
        return !overlong && !beyond && whole ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, unsigned char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += digits[c >> 4U];
            out += digits[c & 0xFU];
    }
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain = 0;  // where the stretch begins that can be copied as it is
    const auto copy_until = [&](std::size_t i) { out.append(text.substr(plain, i - plain)); };
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80) {
            if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F) {
                copy_until(i);
                append_escaped(out, c);
                plain = i + 1;
            }
            ++i;
        } else if (const std::size_t length = sequence_at(text, i); length != 0) {
            i += length;
        } else {
            copy_until(i);
            out += replacement;
            plain = ++i;
        }
    }
    copy_until(text.size());
    out += '"';
}

}  // namespace shoumen::doors::http
