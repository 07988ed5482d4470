#include "characters.hpp"

#include <algorithm>

namespace shoumen::protect {
namespace {

constexpr char32_t bad = U'\ufffd';

struct Read {
    char32_t c = bad;
    std::uint32_t bytes = 1;
};

// A byte that begins no character counts as one of its own.
Read read(std::string_view in, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
    const std::uint8_t first = byte(at);
    if (first < 0x80) return {first, 1};
    const std::uint32_t n = first >= 0xf0 && first < 0xf5   ? 4
                            : first >= 0xe0 && first < 0xf0 ? 3
                            : first >= 0xc2                 ? 2
                                                            : 0;
    if (n == 0 || first >= 0xf5 || at + n > in.size()) return {};
    char32_t c = first & (0xffU >> (n + 1));
    for (std::size_t i = 1; i < n; ++i) {
        if ((byte(at + i) & 0xc0U) != 0x80U) return {};
        c = (c << 6U) | (byte(at + i) & 0x3fU);
    }
    const bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
    if (overlong || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return {};
    return {c, n};
}

constexpr bool is_invisible(char32_t c) {
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || c == 0xad;
}

constexpr char32_t plain(char32_t c) {
    if (c >= U'\uff01' && c <= U'\uff5e') c = c - U'\uff01' + U'!';
    if (c >= U'a' && c <= U'z') return c - U'a' + U'A';
    if (c < 0x80) return c == U'\t' ? U' ' : c;
    if (c == U'\u3000' || c == U'\u00a0' || (c >= U'\u2000' && c <= U'\u200a') || c == U'\u202f') return U' ';
    if ((c >= U'\u2010' && c <= U'\u2015') || c == U'\u2212' || c == U'\ufe63') return U'-';
    if (c == U'\u2022' || c == U'\u30fb' || c == U'\u2027' || c == U'\u22c5' || c == U'\uff65') return U'·';
    return c;
}

constexpr std::u32string_view numerals = U"〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖";
constexpr std::u32string_view numeral_digits = U"001234567891123456789";

// A number told in words (一六零…) is a number; fewer than seven of them are a floor or a date.
void read_numerals(std::u32string& text) {
    constexpr std::size_t shortest = 7;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::size_t end = i;
        while (end < text.size() && numerals.find(text[end]) != std::u32string_view::npos) ++end;
        if (end - i >= shortest)
            for (std::size_t k = i; k < end; ++k) text[k] = numeral_digits[numerals.find(text[k])];
        if (end > i) i = end;
    }
}

}  // namespace

Characters::Characters(std::string_view utf8) {
    text.reserve(utf8.size() / 2);
    from.reserve(utf8.size() / 2);
    to.reserve(utf8.size() / 2);
    for (std::size_t i = 0; i < utf8.size();) {
        const Read r = read(utf8, i);
        if (!is_invisible(r.c)) {
            text.push_back(plain(r.c));
            from.push_back(static_cast<std::uint32_t>(i));
            to.push_back(static_cast<std::uint32_t>(i + r.bytes));
        }
        i += r.bytes;
    }
    read_numerals(text);
}

bool Characters::near_before(std::size_t i, std::size_t n, std::u32string_view words_by_space) const {
    const std::size_t begin = i > n ? i - n : 0;
    const std::u32string_view before = std::u32string_view(text).substr(begin, i - begin);
    while (!words_by_space.empty()) {
        const std::size_t end = std::min(words_by_space.find(U' '), words_by_space.size());
        if (before.find(words_by_space.substr(0, end)) != std::u32string_view::npos) return true;
        words_by_space.remove_prefix(std::min(end + 1, words_by_space.size()));
    }
    return false;
}

bool Findings::is_free(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i)
        if (taken_[i]) return false;
    return true;
}

bool Findings::add(PersonalKind kind, std::size_t begin, std::size_t end) {
    if (begin >= end || !is_free(begin, end)) return false;
    std::fill(taken_.begin() + static_cast<std::ptrdiff_t>(begin), taken_.begin() + static_cast<std::ptrdiff_t>(end),
              true);
    starts_[begin] = static_cast<std::uint8_t>(kind);
    spans.push_back({kind, begin, end});
    return true;
}

}  // namespace shoumen::protect
