// Addresses that reach a home: …路…号…小区3栋2单元401室, 12-3-401, …村2组15号. What ends at a building or a stairwell
// is where something happened, and stays.
//
// Found from the room backwards, part by part, and from the first part over the words before it to where the place
// begins.
#include <algorithm>

#include "characters.hpp"
#include "words.hpp"

namespace shoumen::protect {
namespace {

constexpr std::size_t longest_place = 24;  // characters before the first number

bool is_numeral(char32_t c) {
    return is_digit(c) ||
           std::u32string_view(U"一二三四五六七八九十百零〇甲乙丙丁").find(c) != std::u32string_view::npos;
}

// The begin of the number that ends before `end`; `end`: there is none.
std::size_t number_before(const Characters& text, std::size_t end, std::size_t most) {
    std::size_t i = end;
    while (i > 0 && end - i < most && (is_numeral(text.at(i - 1)) || (is_letter(text.at(i - 1)) && end - i < 3))) --i;
    return i;
}

// --- The last part: which home -----------------------------------------------------------------------------------

struct Part {
    std::size_t begin = 0, end = 0;  // end 0: none
    bool alone = false;              // says enough without a building before it
};

bool is_measured(const Characters& text, std::size_t i) {
    static const Words units(
        U"元 块 米 年 月 日 天 人 个 度 万 千 分 点 小时 平 公 吨 升 次 名 户 家 间 位 倍 层 楼 号 栋 幢 % 岁 条 辆 "
        U"周 期 瓦 伏 两 . -");
    return units.at(text, i) > 0 || is_word(text.at(i));
}

std::size_t digits_at(const Characters& text, std::size_t i) {
    std::size_t n = 0;
    while (n < 6 && is_digit(text.at(i + n))) ++n;
    return n;
}

// 401室, 2单元401, 3栋1201
Part room_at(const Characters& text, std::size_t i) {
    static const Words before(U"栋 幢 座 号楼 单元 梯 门 # 弄 号院 号 层 楼");
    static const Words rooms(U"室 户 房 号房 号室");
    const std::size_t n = digits_at(text, i);
    if (n < 1 || n > 4 || (i > 0 && (is_digit(text.at(i - 1)) || text.at(i - 1) == U'.'))) return {};
    if (text.near_before(i, 3, U"中心 会议 办公 教室 诊室")) return {};
    const std::size_t end = i + n + (is_letter(text.at(i + n)) && !is_word(text.at(i + n + 1)) ? 1 : 0);
    const std::size_t word = rooms.at(text, end);
    const bool follows = i > 0 && (before.at(text, i - 1) == 1 || (i > 1 && before.at(text, i - 2) == 2));
    const bool of_something_else =
        text.has(end, U"房间") || text.has(end, U"户主") || text.has(end, U"户人") || text.has(end, U"室内");
    if (word > 0 && (n >= 3 || follows) && (!of_something_else || n >= 3)) {
        if (text.at(end) == U'户' && !follows) return {};
        return {i, end + word, n >= 3 && text.at(end) == U'室'};
    }
    if (follows && n >= 3 && !is_measured(text, end) && text.at(i - 1) != U'号' && text.at(i - 1) != U'层' &&
        text.at(i - 1) != U'楼')
        return {i, end, false};
    if (follows && n >= 3 && !is_measured(text, end) && i > 1 && text.at(i - 2) == U'号' && text.at(i - 1) == U'楼')
        return {i, end, false};
    return {};
}

constexpr std::u32string_view of_homes = U"住 家 业主 地址 住址 房号 户号 房屋 小区 苑 花园 公寓 新村";

// 12-3-401; 12-401 and 3#401 where words say that it is a home
Part dashes_at(const Characters& text, std::size_t i) {
    const auto parts = [](char32_t c) { return c == U'-' || c == U'#' || c == U'/'; };
    if (i > 0 && (is_word(text.at(i - 1)) || parts(text.at(i - 1)) || text.at(i - 1) == U'.' || text.at(i - 1) == U':'))
        return {};
    std::size_t at = i, n = 0;
    std::size_t lengths[3]{};
    while (n < 3) {
        lengths[n] = digits_at(text, at);
        if (lengths[n] == 0) return {};
        at += lengths[n++];
        if (!parts(text.at(at)) || !is_digit(text.at(at + 1))) break;
        if (n < 3) ++at;
    }
    if (is_letter(text.at(at)) && !is_word(text.at(at + 1))) ++at;
    if (parts(text.at(at)) || n < 2 || is_measured(text, at) || lengths[0] > 3 || lengths[n - 1] < 3 ||
        lengths[n - 1] > 4)
        return {};
    if (text.at(at) == U'室' || text.at(at) == U'房') ++at;
    if (n == 3) return lengths[1] <= 2 ? Part{i, at, true} : Part{};
    return text.near_before(i, 8, of_homes) ? Part{i, at, true} : Part{};
}

// …村2组15号, 家住…路15号: a house of its own
Part house_at(const Characters& text, std::size_t i) {
    const std::size_t n = digits_at(text, i);
    if (n < 1 || n > 4 || text.at(i + n) != U'号' || (i > 0 && is_word(text.at(i - 1)))) return {};
    static const Words more(U"号楼 号院 号线 号门 号机 号梯 号房 号室 号码 号文 号库 号地 号井 号桥");
    if (more.at(text, i + n) > 0 || is_numeral(text.at(i + n + 1)) || i == 0) return {};
    static const Words villages(U"村 组 队 屯 庄 胡同 巷");
    const bool village = villages.at(text, i - 1) == 1 || (i > 1 && villages.at(text, i - 2) == 2);
    if (!village && !text.near_before(i, 16, U"家住 住在 住址 家庭地址 我住")) return {};
    return {i, i + n + 1, false};
}

// --- What stands before it ---------------------------------------------------------------------------------------

// One more part to the left: a number with its word, or a number with a dash. Returns the new begin, or `begin`.
std::size_t part_before(const Characters& text, std::size_t begin) {
    static const Words words(U"单元 栋 幢 座 号楼 号院 号 弄 楼 层 期 区 梯 门 组 队 # - 排 院 支弄 巷 甲 附 之 室");
    std::size_t end = begin;
    if (end > 0 && (text.at(end - 1) == U' ' || text.at(end - 1) == U',')) --end;
    for (const std::size_t n : {2U, 1U}) {
        if (end < n || words.at(text, end - n) != n) continue;
        const std::size_t number = number_before(text, end - n, 5);
        if (number < end - n) return number;
    }
    return begin;
}

// Words a place does not begin with: it begins after them.
const Words& before_places() {
    static const Words words(
        U"住在 家住 住 在 是 我家 地址 住址 位于 送到 来到 搬到 搬至 我们 您好 你好 请到 前往 业主 住户 居民 到 的 "
        U"老人 家在 租住 租户 租客 房东 反映 投诉 发现 现居 现住 "
        U"户籍 登记 姓名 电话 手机 去 至 为 有 请 和 与 及 或 我 他 她 们 本人 先生 女士 阿姨 大爷 奶奶 爷爷 师傅 同志 "
        U"接到 走访 上门 查看 因 从 由 对 给 把 将 称 说 了 着 过");
    return words;
}

bool is_place_character(char32_t c) { return is_han(c) || is_word(c) || c == U'·'; }

bool names_a_place(const Characters& text, std::size_t begin, std::size_t end) {
    static const Words ends(
        U"省 市 区 县 镇 乡 村 路 街 道 巷 弄 里 苑 园 城 庭 府 湾 居 阁 庄 屯 院 家园 小区 花园 公寓 新村 大厦 广场 "
        U"胡同 社区 街道 名邸 华庭 楼 寓 坊 舍 组 队 墅 轩 郡 号");
    for (std::size_t i = begin + 1; i < end; ++i)
        if (ends.at(text, i) > 0) return true;
    return false;
}

std::size_t place_before(const Characters& text, std::size_t begin, const Findings& out) {
    std::size_t left = begin;
    while (left > 0 && begin - left < longest_place && is_place_character(text.at(left - 1)) && !out.is_taken(left - 1))
        --left;
    std::size_t from = left;
    static const Words places(U"和平 和谐 和睦 和兴 和顺 和美 为民 至善 至诚 从化 有为 对山 因民 我爱 由义 的士 到岗");
    for (std::size_t i = left; i < begin; ++i)
        if (places.at(text, i) > 0)
            ++i;
        else if (const std::size_t n = before_places().at(text, i); n > 0 && i + n <= begin)
            from = std::max(from, i + n);
    return names_a_place(text, from, begin) ? from : begin;
}

// Building, street and place, as far to the left as they go: parts and places by turns (和平街50号 · 阳光小区 · 27栋).
std::size_t begin_of(const Characters& text, std::size_t begin, const Findings& out, bool* has_more) {
    constexpr int most_parts = 10;
    for (int n = 0; n < most_parts; ++n) {
        std::size_t next = part_before(text, begin);
        if (next == begin) next = place_before(text, begin, out);
        if (next == begin || !out.is_free(next, begin)) return begin;
        begin = next;
        *has_more = true;
    }
    return begin;
}

}  // namespace

void find_addresses(const Characters& text, Findings& out) {
    // Houses last: 12号 may be the middle of an address that goes on to a room.
    for (const auto last : {dashes_at, room_at, house_at}) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!is_digit(text.at(i)) || out.is_taken(i)) continue;
            const Part part = last(text, i);
            if (part.end == 0) continue;
            bool has_more = part.alone;
            const std::size_t begin = begin_of(text, part.begin, out, &has_more);
            if (has_more) out.add(PersonalKind::address, begin, part.end);
        }
    }
}

}  // namespace shoumen::protect
