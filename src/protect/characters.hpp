// A text as characters to search in: full-width forms, dashes and dots made one, letters upper case, invisible
// characters left out; and for each where it stands in the bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protect/free_text.hpp"

namespace shoumen::protect {

struct Characters {
    explicit Characters(std::string_view utf8);

    std::u32string text;
    std::vector<std::uint32_t> from, to;  // bytes of each character

    [[nodiscard]] std::size_t size() const { return text.size(); }
    [[nodiscard]] char32_t at(std::size_t i) const { return i < text.size() ? text[i] : U'\0'; }
    [[nodiscard]] bool has(std::size_t i, std::u32string_view word) const {
        return i <= text.size() && std::u32string_view(text).substr(i).starts_with(word);
    }
    // One of the words stands in the n characters before i.
    [[nodiscard]] bool near_before(std::size_t i, std::size_t n, std::u32string_view words_by_space) const;
};

constexpr bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
constexpr bool is_letter(char32_t c) { return c >= U'A' && c <= U'Z'; }
constexpr bool is_word(char32_t c) { return is_digit(c) || is_letter(c); }
constexpr bool is_han(char32_t c) {
    return (c >= U'\u4e00' && c <= U'\u9fff') || (c >= U'\u3400' && c <= U'\u4dbf') ||
           (c >= U'\U00020000' && c <= U'\U0003134f');
}

// What was found, by characters. A later finding gives way to an earlier one.
class Findings {
public:
    explicit Findings(std::size_t size) : taken_(size, false), starts_(size, no_kind) {}
    bool add(PersonalKind kind, std::size_t begin, std::size_t end);
    [[nodiscard]] bool is_free(std::size_t begin, std::size_t end) const;
    [[nodiscard]] bool starts(std::size_t i, PersonalKind kind) const {
        return i < starts_.size() && starts_[i] == static_cast<std::uint8_t>(kind);
    }
    [[nodiscard]] bool is_taken(std::size_t i) const { return i < taken_.size() && taken_[i]; }
    std::vector<Span> spans;  // by characters

private:
    static constexpr std::uint8_t no_kind = 255;
    std::vector<bool> taken_;
    std::vector<std::uint8_t> starts_;
};

void find_numbers(const Characters& text, Findings& out);
void find_codes(const Characters& text, Findings& out);  // plates, permits, credit codes, e-mail, accounts
void find_names(const Characters& text, Findings& out);
void find_addresses(const Characters& text, Findings& out);
void find_names_at_addresses(const Characters& text, Findings& out);  // after find_addresses
bool is_long_surname(std::u32string_view name);                       // begins with a surname of two characters

}  // namespace shoumen::protect
