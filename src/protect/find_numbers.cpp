// Numbers by their plans: what stands apart as a row of digits, whole or in groups, and of which plan it is.
#include <algorithm>
#include <array>

#include "characters.hpp"
#include "formats.hpp"

namespace shoumen::protect {
namespace {

constexpr std::u32string_view of_bank =
    U"卡号 银行卡 储蓄卡 信用卡 账号 账户 帐号 帐户 打到 打款 转账 汇款 汇到 工行 农行 中行 建行 交行 邮储 社保卡";
constexpr std::u32string_view of_id = U"身份证 证件 身份号 公民 户口 居住证";
constexpr std::u32string_view of_phone = U"电话 座机 固话 TEL 传真 联系方式 PHONE";
constexpr std::u32string_view of_things =
    U"编号 编码 单号 流水 序列 订单 工单 设备 国标 时间戳 MAC SN 票号 案号 文号 条码 版本 批次 型号 ID:";

// Digits, each group parted from the next by one space or hyphen.
struct Row {
    std::size_t begin = 0;  // characters
    std::u32string digits;
    std::vector<std::uint8_t> groups;  // how many digits each has
    std::vector<std::size_t> ends;     // where each group ends
};

constexpr std::size_t most_digits = 24;

bool is_part(char32_t c) { return c == U' ' || c == U'-'; }

Row row_at(const Characters& text, std::size_t i) {
    Row row{i, {}, {}, {}};
    while (row.digits.size() < most_digits) {
        const std::size_t group = i;
        while (is_digit(text.at(i)) && row.digits.size() < most_digits) row.digits.push_back(text.at(i++));
        row.groups.push_back(static_cast<std::uint8_t>(i - group));
        row.ends.push_back(i);
        if (!is_part(text.at(i)) || !is_digit(text.at(i + 1))) break;
        ++i;
    }
    return row;
}

// The number is no part of a longer word, and no amount with a fraction.
bool ends_well(const Characters& text, std::size_t end) {
    if (is_word(text.at(end))) return false;
    return !(text.at(end) == U'.' && is_digit(text.at(end + 1)));
}

bool begins_well(const Characters& text, std::size_t i) {
    if (i == 0) return true;
    const char32_t before = text.at(i - 1);
    if (is_letter(before)) return text.near_before(i, 5, U"TEL PHONE MOB");
    return before != U'_' && !(before == U'.' && i >= 2 && is_digit(text.at(i - 2)));
}

// Where the first n digits end, if a group ends there; 0: not there.
std::size_t end_of(const Row& row, std::size_t n, std::size_t* groups) {
    std::size_t digits = 0;
    for (std::size_t g = 0; g < row.groups.size(); ++g) {
        digits += row.groups[g];
        if (digits == n) return *groups = g + 1, row.ends[g];
        if (digits > n) return 0;
    }
    return 0;
}

bool is_grouping(const Row& row, std::size_t groups, std::initializer_list<std::initializer_list<int>> allowed) {
    return std::ranges::any_of(allowed, [&](const auto& form) {
        return form.size() == groups && std::equal(form.begin(), form.end(), row.groups.begin());
    });
}

struct Found {
    PersonalKind kind = PersonalKind::phone;
    std::size_t begin = 0, end = 0;  // end 0: nothing
};

Found mobile(const Characters& text, const Row& row) {
    std::size_t skip = 0, from = row.begin;  // the country's code before it
    const std::u32string_view all = row.digits;
    for (const std::u32string_view code : {U"0086", U"86", U"0"})
        if (skip == 0 && all.size() >= code.size() + 11 && all.starts_with(code) && all[code.size()] == U'1')
            skip = code.size();
    Row rest = row;
    if (skip > 0) {
        if (row.groups[0] < skip) return {};
        const bool parted = row.groups[0] == skip;
        from = parted ? row.ends[0] + 1 : row.begin + skip;
        rest = row_at(text, from);
    }
    const std::u32string_view d = rest.digits;
    if (d.size() < 11 || d[0] != U'1' || d[1] < U'3') return {};
    std::size_t groups = 0;
    const std::size_t end = end_of(rest, 11, &groups);
    const bool one_by_one = groups == 11;
    if (end == 0 || !ends_well(text, end)) return {};
    if (!one_by_one &&
        !is_grouping(rest, groups, {{11}, {3, 4, 4}, {3, 8}, {7, 4}, {4, 3, 4}, {4, 4, 3}, {3, 3, 5}, {5, 6}, {6, 5}}))
        return {};
    return {PersonalKind::phone, from, end};
}

Found id_number(const Characters& text, const Row& row) {
    for (const std::size_t n : {18U, 17U, 15U}) {
        std::size_t groups = 0;
        std::size_t end = end_of(row, n, &groups);
        if (end == 0) continue;
        std::u32string number = row.digits.substr(0, n);
        if (n == 17) {
            if (is_part(text.at(end)) && text.at(end + 1) == U'X') ++end;
            if (text.at(end++) != U'X') continue;
            number.push_back(U'X');
        }
        if (!ends_well(text, end)) continue;
        const bool announced = text.near_before(row.begin, 12, of_id);
        const bool of_a_thing = !announced && n == 15 && text.near_before(row.begin, 8, of_things);
        // A mistyped number still says who is meant, where the words say that it is one.
        if (announced ? number.size() != 15 || looks_like_id_number(number) : is_id_number(number) && !of_a_thing)
            return {PersonalKind::id_number, row.begin, end};
    }
    return {};
}

bool is_issued_to_a_card(std::u32string_view d) {
    if (d.size() < 16) return d.size() == 15 && (d.starts_with(U"34") || d.starts_with(U"37"));
    return d.starts_with(U"62") || d.starts_with(U"60") || d.starts_with(U"35") || d[0] == U'4' ||
           (d[0] == U'5' && d[1] >= U'1' && d[1] <= U'6');
}

Found bank_card(const Characters& text, const Row& row) {
    const std::size_t n = row.digits.size();
    const std::size_t end = row.ends.back();
    if (n < 12 || n > 21 || !ends_well(text, end)) return {};
    const bool announced = text.near_before(row.begin, 8, of_bank);
    const bool by_form = n >= 15 && n <= 19 && is_issued_to_a_card(row.digits) && passes_luhn(row.digits);
    if (!announced && (!by_form || text.near_before(row.begin, 8, of_things))) return {};
    return {PersonalKind::bank_card, row.begin, end};
}

Found land_line(const Characters& text, const Row& row) {
    const std::u32string_view d = row.digits;
    if (d.size() < 10 || d[0] != U'0') return {};
    const std::size_t area = is_area_code(d.substr(0, 3)) ? 3 : is_area_code(d.substr(0, 4)) ? 4 : 0;
    if (area == 0 || row.groups[0] < area) return {};
    const bool whole = row.groups[0] > area;
    for (const std::size_t local : {8U, 7U}) {
        std::size_t groups = 0;
        const std::size_t end = end_of(row, area + local, &groups);
        if (end == 0 || !ends_well(text, end) || (area == 3 && local == 7)) continue;
        if (whole ? groups != 1 || text.near_before(row.begin, 8, of_things) : groups > 3) continue;
        return {PersonalKind::phone, row.begin, end};
    }
    return {};
}

// (0755)12345678: the bracket parts the groups.
Found land_line_in_brackets(const Characters& text, const Row& row) {
    if (row.begin == 0 || text.at(row.begin - 1) != U'(' || row.groups.size() != 1 || !is_area_code(row.digits))
        return {};
    std::size_t i = row.ends[0];
    if (text.at(i) != U')') return {};
    i += is_part(text.at(i + 1)) ? 2 : 1;
    if (!is_digit(text.at(i))) return {};
    const Row local = row_at(text, i);
    const std::size_t n = local.digits.size();
    if ((n != 7 && n != 8) || local.groups.size() > 2 || !ends_well(text, local.ends.back())) return {};
    return {PersonalKind::phone, row.begin - 1, local.ends.back()};
}

Found local_number(const Characters& text, const Row& row) {
    const std::size_t n = row.digits.size();
    const char32_t first = row.digits[0];
    if (n < 7 || n > 8 || first < U'2' || row.groups.size() > 2 || (row.groups.size() == 2 && row.groups[1] != 4))
        return {};
    if (!ends_well(text, row.ends.back()) || !text.near_before(row.begin, 5, of_phone)) return {};
    return {PersonalKind::phone, row.begin, row.ends.back()};
}

}  // namespace

void find_numbers(const Characters& text, Findings& out) {
    constexpr std::array plans{id_number, mobile, bank_card, land_line, land_line_in_brackets, local_number};
    for (std::size_t i = 0; i < text.size();) {
        if (!is_digit(text.at(i))) {
            ++i;
            continue;
        }
        std::size_t run = i;
        while (is_digit(text.at(run))) ++run;
        const Row row = row_at(text, i);
        std::size_t next = run;
        const bool area_in_brackets = i > 0 && text.at(i - 1) == U'(' && row.digits.size() >= 3;
        if ((row.digits.size() >= 7 || area_in_brackets) && begins_well(text, i)) {
            for (const auto plan : plans) {
                const Found found = plan(text, row);
                if (found.end == 0) continue;
                out.add(found.kind, found.begin, found.end);
                next = std::max(next, found.end);
                break;
            }
        }
        i = next;
    }
}

}  // namespace shoumen::protect
