// What is made of letters and digits: plates, travel documents, credit codes, e-mail, WeChat and QQ.
#include <algorithm>

#include "characters.hpp"
#include "formats.hpp"

namespace shoumen::protect {
namespace {

bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }

// --- Plates (GA 36) ----------------------------------------------------------------------------------------------

constexpr std::u32string_view plate_provinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领";
constexpr std::u32string_view plate_suffixes = U"挂学警港澳领试超使";

bool is_plate_character(char32_t c) { return is_word(c) && c != U'I' && c != U'O'; }

// The serial after province and letter: five, or six with D or F in front or behind for new energy; its end, or 0.
std::size_t plate_serial(const Characters& text, std::size_t i) {
    std::size_t end = i;
    std::size_t digits = 0;
    while (end < i + 7 && is_plate_character(text.at(end))) digits += is_digit(text.at(end++)) ? 1 : 0;
    const std::size_t n = end - i;
    if (n == 4 && digits >= 2 && is_one_of(text.at(end), plate_suffixes)) return end + 1;
    if (n == 5 && digits >= 2) return is_word(text.at(end)) ? 0 : end;
    const bool green = n == 6 && digits >= 4 && (is_letter(text.at(i)) || is_letter(text.at(end - 1)));
    return green && !is_word(text.at(end)) ? end : 0;
}

std::size_t plate_at(const Characters& text, std::size_t i) {
    if (text.has(i, U"WJ")) {  // armed police
        std::size_t at = i + 2;
        if (is_one_of(text.at(at), U" ·-")) ++at;
        if (!is_one_of(text.at(at), plate_provinces)) return 0;
        return plate_serial(text, at + 1);
    }
    if (!is_one_of(text.at(i), plate_provinces) || !is_letter(text.at(i + 1)) || !is_plate_character(text.at(i + 1)))
        return 0;
    std::size_t at = i + 2;
    if (is_one_of(text.at(at), U" ·-.")) ++at;
    return plate_serial(text, at);
}

// --- Words of letters and digits ---------------------------------------------------------------------------------

constexpr std::u32string_view of_documents = U"护照 通行证 证件 证号 回乡证 台胞 居住证 PASSPORT";

bool are_digits(const Characters& text, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
        if (!is_digit(text.at(i))) return false;
    return from < to;
}

// A letter and eight digits, or two letters and seven; travel permits to ten digits.
bool is_document(const Characters& text, std::size_t i, std::size_t end) {
    const std::size_t n = end - i;
    const std::size_t letters = is_letter(text.at(i + 1)) ? 2 : 1;
    const bool announced = text.near_before(i, 10, of_documents);
    if (!is_letter(text.at(i))) return announced && n == 8 && are_digits(text, i, end);
    if (n < 8 || n > 11 || !are_digits(text, i + letters, end)) return false;
    if (announced) return true;
    // Not announced: today's passports alone, and no work order by its date.
    const bool dated = text.has(i + 1, U"20") || text.has(i + 1, U"19");
    return n == 9 && text.at(i) == U'E' && (letters == 2 || !dated) &&
           !text.near_before(i, 6, U"编号 单号 序列 型号 编码");
}

void find_word(const Characters& text, std::size_t i, std::size_t end, Findings& out) {
    const std::u32string_view word = std::u32string_view(text.text).substr(i, end - i);
    if (word.size() == 18 && is_credit_code(word)) out.add(PersonalKind::organisation, i, end);
    if (word.size() >= 8 && word.size() <= 11 && is_document(text, i, end)) out.add(PersonalKind::document, i, end);
}

// --- E-mail ------------------------------------------------------------------------------------------------------

bool is_local(char32_t c) { return is_word(c) || is_one_of(c, U"._%+-"); }
bool is_domain(char32_t c) { return is_word(c) || c == U'.' || c == U'-'; }

void find_email(const Characters& text, std::size_t at, Findings& out) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && at - begin < 64 && is_local(text.at(begin - 1))) --begin;
    while (end - at < 254 && is_domain(text.at(end))) ++end;
    while (end > at + 1 && !is_word(text.at(end - 1))) --end;
    const std::u32string_view domain = std::u32string_view(text.text).substr(at + 1, end - at - 1);
    const std::size_t dot = domain.rfind(U'.');
    if (begin == at || dot == std::u32string_view::npos || dot == 0 || domain.size() - dot < 3) return;
    out.add(PersonalKind::email, begin, end);
}

// --- WeChat and QQ -----------------------------------------------------------------------------------------------

std::size_t after_announcement(const Characters& text, std::size_t i) {
    for (const std::u32string_view word : {U"号码", U"号", U"ID", U"是", U"为"})
        if (text.has(i, word)) i += word.size();
    for (int n = 0; n < 2; ++n)
        if (is_one_of(text.at(i), U": 是为=")) ++i;
    return i;
}

void find_account(const Characters& text, std::size_t i, Findings& out) {
    const bool before_is_word = i > 0 && is_word(text.at(i - 1));
    const bool qq = !before_is_word && text.has(i, U"QQ");
    const bool wechat =
        text.has(i, U"微信") || text.has(i, U"V信") || (!before_is_word && (text.has(i, U"WX") || text.has(i, U"VX")));
    if (!qq && !wechat) return;
    const std::size_t begin = after_announcement(text, i + 2);
    std::size_t end = begin;
    const auto fits = [&](char32_t c) { return qq ? is_digit(c) : is_word(c) || c == U'_' || c == U'-'; };
    while (end - begin < 21 && fits(text.at(end))) ++end;
    const std::size_t n = end - begin;
    const bool good = qq ? n >= 5 && n <= 11 : n >= 6 && n <= 20 && is_letter(text.at(begin));
    if (good && !is_word(text.at(end))) out.add(PersonalKind::account, begin, end);
}

}  // namespace

void find_codes(const Characters& text, Findings& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.at(i) == U'@') find_email(text, i, out);
        find_account(text, i, out);
        if (const std::size_t end = plate_at(text, i); end > 0) out.add(PersonalKind::plate, i, end);
    }
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (is_word(text.at(end))) ++end;
        if (end > i) find_word(text, i, end, out);
        i = std::max(end, i + 1);
    }
}

}  // namespace shoumen::protect
