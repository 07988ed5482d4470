#include "utf8.hpp"

#include <cstddef>

namespace shoumen::policy {

namespace {

// Bytes of the character that begins here; 0: none does. Overlong forms, surrogates and beyond U+10FFFF are none.
std::size_t length_of(std::string_view s) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto within = [&](std::size_t i, unsigned low, unsigned high) {
        return i < s.size() && at(i) >= low && at(i) <= high;
    };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : 0xBF;
        return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
        return within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
}

}  // namespace

std::optional<TextFault> first_fault(std::string_view text) {
    std::uint32_t line = 1;
    while (!text.empty()) {
        const std::size_t n = length_of(text);
        if (n == 0) return TextFault{line, true};
        if (is_control(text.front())) return TextFault{line, false};
        if (text.front() == '\n') ++line;
        text.remove_prefix(n);
    }
    return std::nullopt;
}

}  // namespace shoumen::policy
