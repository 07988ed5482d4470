#include "formats.hpp"

#include <algorithm>
#include <array>

#include "characters.hpp"

namespace shoumen::protect {
namespace {

bool all_digits(std::u32string_view text) { return std::ranges::all_of(text, is_digit); }

int number(std::u32string_view digits) {
    int n = 0;
    for (const char32_t c : digits) n = n * 10 + static_cast<int>(c - U'0');
    return n;
}

bool is_date(int year, int month, int day) {
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool is_date_of_birth(std::u32string_view digits) {
    if (digits.size() == 6)
        return is_date(1900 + number(digits.substr(0, 2)), number(digits.substr(2, 2)), number(digits.substr(4)));
    const int year = number(digits.substr(0, 4));
    return year >= 1800 && year < 2200 && is_date(year, number(digits.substr(4, 2)), number(digits.substr(6)));
}

char32_t id_check_digit(std::u32string_view seventeen) {
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * static_cast<int>(seventeen[i] - U'0');
    return U"10X98765432"[sum % 11];
}

}  // namespace

bool is_province(std::u32string_view d) {
    constexpr std::u32string_view last[] = {U"",      U"12345", U"123", U"1234567", U"123456",
                                            U"01234", U"12345", U"1",   U"123",     U""};
    return d.size() == 2 && all_digits(d) && last[d[0] - U'0'].find(d[1]) != std::u32string_view::npos;
}

bool looks_like_id_number(std::u32string_view d) {
    if (d.size() != 15 && d.size() != 18) return false;
    const bool last = is_digit(d.back()) || (d.size() == 18 && d.back() == U'X');
    if (!last || !all_digits(d.substr(0, d.size() - 1))) return false;
    // A leading 9: the permanent residence card of foreigners, which has the same shape and check digit.
    if (!is_province(d.substr(0, 2)) && !(d.size() == 18 && d[0] == U'9')) return false;
    return is_date_of_birth(d.size() == 18 ? d.substr(6, 8) : d.substr(6, 6));
}

bool is_id_number(std::u32string_view d) {
    return looks_like_id_number(d) && (d.size() == 15 || id_check_digit(d) == d.back());
}

bool passes_luhn(std::u32string_view d) {
    int sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        int n = static_cast<int>(d[d.size() - 1 - i] - U'0');
        if (i % 2 == 1) n = n * 2 > 9 ? n * 2 - 9 : n * 2;
        sum += n;
    }
    return sum % 10 == 0;
}

bool is_credit_code(std::u32string_view code) {
    constexpr std::u32string_view letters = U"0123456789ABCDEFGHJKLMNPQRTUWXY";
    constexpr std::array weights{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    if (code.size() != 18 || code[0] == U'0' ||
        std::u32string_view(U"123459").find(code[1]) == std::u32string_view::npos)
        return false;
    if (!all_digits(code.substr(2, 6)) || !is_province(code.substr(2, 2))) return false;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const std::size_t v = letters.find(code[i]);
        if (v == std::u32string_view::npos) return false;
        if (i < weights.size()) sum += v * static_cast<std::size_t>(weights[i]);
    }
    return letters[(31 - sum % 31) % 31] == code.back();
}

bool is_area_code(std::u32string_view d) {
    if (d.size() < 3 || d.size() > 4 || !all_digits(d) || d[0] != U'0') return false;
    if (d.size() == 3) return d[1] == U'2' || (d[1] == U'1' && d[2] == U'0');
    return d[1] >= U'3';
}

}  // namespace shoumen::protect
