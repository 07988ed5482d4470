#include "doors/payload/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace shoumen::doors {

namespace {

// Where the first byte above 0x7f stands, eight bytes at a time.
std::size_t skip_ascii(std::string_view text, std::size_t i) {
    while (i + 8 <= text.size()) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + i, 8);
        if (eight & 0x8080808080808080ULL) break;
        i += 8;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
    return i;
}

// How many bytes the form at i has; 0: it is none.
std::size_t form_at(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned lead = byte(i);
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(i + 1) < low || byte(i + 1) > high) return 0;
    for (std::size_t k = 2; k <= more; ++k) {
        if (byte(i + k) < 0x80 || byte(i + k) > 0xbf) return 0;
    }
    return more + 1;
}

}  // namespace

std::size_t utf8_fault(std::string_view text) {
    std::size_t i = skip_ascii(text, 0);
    while (i < text.size()) {
        const auto size = form_at(text, i);
        if (size == 0) return i;
        i = skip_ascii(text, i + size);
    }
    return text.size();
}

}  // namespace shoumen::doors
