// Names of people: what words announce (联系人…), what a title, a number or a particular follows (…阿姨, …，电话),
// names half hidden already (陈某某), and names of several parts (阿卜杜拉·测试).
//
// Chinese does not part its words, so a name is bounded by what cannot stand in one: `never`, and the words `after`.
// A surname that is also an everyday word (于, 和, 高 …) counts only where the announcement leaves no doubt.
#include "characters.hpp"
#include "name_words.hpp"

namespace shoumen::protect {
namespace {

// --- What names are made of --------------------------------------------------------------------------------------

// Characters that end a name.
constexpr std::u32string_view never =
    U"的在说被将已因从把去也都又没不是叫给跟找就还很了着过吗呢吧啊住打您你我他她它们这那哪与及或等于和要让会能可但而且"
    U"则并向到"
    U"为所此其每各该其些么样怎什谁些再才刚最更较太非常只仅个位名条件次号栋楼层室户单元路街区县市省镇村座幢弄巷里处称电"
    U"话请帮今昨上下前后内外有无来出入做用使起两几多少么者部副缺第元块钱车门岁男女于至对比尽何";

bool is_given(char32_t c) { return is_han(c) && never.find(c) == std::u32string_view::npos; }

// Whether a name may end before i. 家 as a second given character is rarer than 张三家.
bool ends_at(const Characters& text, std::size_t i) {
    return !is_given(text.at(i)) || text.at(i) == U'家' || after().at(text, i) > 0;
}

std::size_t surname_at(const Characters& text, std::size_t i, bool sure) {
    if (const std::size_t n = long_surnames().at(text, i); n > 0) return n;
    return common_surnames().has(text.at(i)) || (sure && doubtful_surnames().has(text.at(i))) ? 1 : 0;
}

// The end of the name that begins at i; 0: none. sure: something says that a name comes here.
std::size_t name_at(const Characters& text, std::size_t i, bool sure) {
    if (no_names().at(text, i) > 0) return 0;
    const std::size_t surname = surname_at(text, i, sure);
    const std::size_t given = i + surname;
    if (surname == 0 || !is_given(text.at(given)) || after().at(text, given) > 0) return 0;
    if (ends_at(text, given + 1)) return given + 1;
    if (sure || ends_at(text, given + 2)) return given + 2;
    return 0;
}

// --- Announced ---------------------------------------------------------------------------------------------------

bool is_colon(char32_t c) { return c == U':' || c == U'='; }

void add_listed(const Characters& text, std::size_t end, Findings& out) {
    constexpr int most = 20;
    for (int n = 0;
         n < most && (text.at(end) == U'、' || text.at(end) == U'和' || text.at(end) == U'及' || text.at(end) == U'与');
         ++n) {
        const std::size_t next = name_at(text, end + 1, false);
        if (next == 0 || !ends_at(text, next)) return;
        out.add(PersonalKind::name, end + 1, next);
        end = next;
    }
}

void find_announced(const Characters& text, std::size_t i, Findings& out) {
    const std::size_t announced = announcements().at(text, i);
    const std::size_t role = roles().at(text, i);
    if (announced == 0 && role == 0) return;
    std::size_t at = i + std::max(announced, role);
    bool sure = announced >= role;
    bool parted = false;
    for (int n = 0; n < 4; ++n) {
        const char32_t c = text.at(at);
        const bool verb = c == U'是' || c == U'为' || c == U'叫';
        if (!is_colon(c) && c != U' ' && c != U'“' && c != U'"' && c != U'「' && c != U'(' && !verb) break;
        parted = parted || is_colon(c) || verb;
        ++at;
    }
    if (role > 0 && announced == 0 && at > i + role && is_colon(text.at(at - 1))) sure = true;
    std::size_t end = name_at(text, at, sure && parted);
    if (end == 0 && sure) end = name_at(text, at, true);
    // Not parted from its announcement by anything, the name must at least end where one may.
    if (end == 0 || (!parted && !ends_at(text, end))) return;
    out.add(PersonalKind::name, at, end);
    add_listed(text, end, out);
}

// --- By what stands beside them ----------------------------------------------------------------------------------

bool is_clause_start(const Characters& text, std::size_t i) {
    return i == 0 || (!is_han(text.at(i - 1)) && !is_word(text.at(i - 1)) && text.at(i - 1) != U'·');
}

// 社区主任, 小区经理 …: the surname is the end of another word.
bool is_end_of_a_word(const Characters& text, std::size_t i) {
    static const Words ends(
        U"语文 班 地方 对方 双方 甲方 乙方 我方 各方 东方 厂方 校方 院方 警方 官方 资方 房 租金 奖金 资金 基金 现金 "
        U"押金 违约金 公积金 附近 提高 增高 过高 "
        U"新闻 论文 中文 原文 下文 上文 发文 公文 行文 年 全 明 表白 明白 空白 宝马 立马 罗马 大牛 蜗牛 吹牛 专管 监管 "
        U"城管 主管 保管 水管 气管 不管 尽管 社 "
        U"丰田 油田 农田 长江 松江 珠江 镇江 浙江 黑龙江 玉林 园林 森林 桂林 恐龙 沙龙 马可 北京 东莞 安康 健康 小康 "
        U"富康 太康 树叶 枯叶 茶叶 历史 保龄 家庄 村庄 "
        U"山庄 钉钉 布丁 园丁 西安 夕阳 太阳 贵阳 洛阳 沈阳 辽宁 南宁 安宁 分钟 几钟 点钟 一段 阶段 路段 地段 时段 "
        U"前段 规章 文章 公章 盖章 印章 违章 勋章 "
        U"房钱 多钱 块钱 花钱 给钱 交钱 要钱 退钱 赚钱 收钱 谷 西兰 荷兰 春季 夏季 秋季 冬季 四季 雨季 旺季 换季 整齐 "
        U"补齐 到齐 交付 支付 应付 对付 垫付 已付 "
        U"未付 拨付 给付 缴付 期间 感谢 多谢 致谢 答谢 准许 允许 也许 或许 多少 其余 剩余 业余 多余 非常 异常 正常 "
        U"经常 日常 平常 通常 家常 反常 照常 失常 时常 往常 "
        U"千万 百万 上万 数万 几万 十万 万 措施 实施 设施 熏陶 儿童 幼儿 从严 庄严 尊严 威严 尚 高尚 时尚 和尚 风尚 "
        U"崇尚 水温 体温 高温 降温 保温 室温 气温");
    for (std::size_t back = 1; back <= 2 && back <= i; ++back)
        if (ends.at(text, i - back) >= back + 1) return true;
    return false;
}

void find_titled(const Characters& text, std::size_t i, Findings& out) {
    if (is_end_of_a_word(text, i)) return;
    const bool start = is_clause_start(text, i);
    if (no_names().at(text, i) > 0) return;
    const std::size_t surname = surname_at(text, i, start);
    if (surname == 0) return;
    // 祝陈书记…: a wish, not a name.
    if (text.at(i) == U'祝' && surname_at(text, i + 1, false) > 0) return;
    std::size_t end = i + surname;
    for (int given = 0; given <= 2; ++given, ++end) {
        const std::size_t title = titles().at(text, text.at(end) == U'副' ? end + 1 : end);
        if (title > 1 || (title == 1 && given == 0 && start)) {
            out.add(PersonalKind::name, i, end);
            return;
        }
        if (!is_given(text.at(end))) return;
    }
}

// 赵六,身份证号 … · 赵六 16012345678 · 赵六，男， · 赵六、张三
void find_with_particulars(const Characters& text, std::size_t i, Findings& out) {
    static const Words particulars(
        U"电话 手机 身份证 证件 联系电话 联系方式 住址 家住 地址 老人 独居老人 现住 手机号 户籍 工号 微信 电话号码 "
        U"联系号码 号码");
    if (!is_clause_start(text, i)) return;
    std::size_t end = name_at(text, i, false);
    if (end == 0) return;
    std::size_t at = end;
    for (int n = 0; n < 3 && std::u32string_view(U" ,、:(/-。;").find(text.at(at)) != std::u32string_view::npos; ++n)
        if (at < text.size()) ++at;
    if (text.has(at, U"+86")) at += text.at(at + 3) == U' ' || text.at(at + 3) == U'-' ? 4 : 3;
    const bool number = out.starts(at, PersonalKind::phone) || out.starts(at, PersonalKind::id_number) ||
                        out.starts(at, PersonalKind::bank_card) || out.starts(at, PersonalKind::document);
    const bool sex = at > end && (text.at(at) == U'男' || text.at(at) == U'女') && !is_han(text.at(at + 1));
    const std::size_t next = text.at(end) == U'、' ? name_at(text, end + 1, false) : 0;
    const bool listed = next > 0 && ends_at(text, next);
    if (number || sex || listed || particulars.at(text, at) > 0) out.add(PersonalKind::name, i, end);
    if (listed) add_listed(text, end, out);
}

// 令狐三在家摔倒, 王小明走失: nothing announces the name, but what follows happens to people.
void find_befallen(const Characters& text, std::size_t i, Findings& out) {
    static const Words befalls(
        U"摔倒 摔伤 跌倒 跌伤 滑倒 晕倒 昏倒 昏迷 走失 失联 失踪 受伤 去世 过世 被困 落水 触电 烫伤 烧伤 中暑 中毒 "
        U"呕吐 抽搐 骨折 "
        U"胸闷 胸痛 头晕 发烧 发病 心慌 独居 独自 一个人 在家 家中 家里 不在 不开门 没开门 没人 无人应 敲门 住院 出院 "
        U"报警 求救 "
        U"呼救 喊救 倒在 躺在 倒地");
    constexpr std::u32string_view beasts = U"狗猫犬毛鸟鸡鸭羊牛马鱼虫鼠蛇";
    if (!is_clause_start(text, i) || no_names().at(text, i) > 0) return;
    const std::size_t surname = surname_at(text, i, false);
    if (surname == 0) return;
    std::size_t end = i + surname;
    if (titles().at(text, end) > 1) return;  // 李大爷: the title is no part of it
    for (int given = 1; given <= 2 && is_given(text.at(end)); ++given) {
        const bool beast = given == 1 && beasts.find(text.at(end)) != std::u32string_view::npos;
        if (befalls.at(text, ++end) == 0 || beast) continue;
        out.add(PersonalKind::name, i, end);
        return;
    }
}

// 陈某某, 胡某
void find_half_hidden(const Characters& text, std::size_t i, Findings& out) {
    if (text.at(i) != U'某' || i == 0) return;
    static const Words things(
        U"某人 某些 某种 某个 某日 某天 某时 某一 某小区 某地 某单位 某处 某方 某次 某年 某月 某公司 某楼 某栋 某户 "
        U"某市 某区 某县 某街 某路 某村 某校 某物 某项 某位 某商");
    const std::size_t surname = i >= 2 && long_surnames().at(text, i - 2) == 2 ? 2
                                : common_surnames().has(text.at(i - 1))        ? 1
                                                                               : 0;
    if (surname == 0 || things.at(text, i) > 0 || is_end_of_a_word(text, i - surname)) return;
    std::size_t end = i + 1;
    if (std::u32string_view(U"某甲乙丙丁").find(text.at(end)) != std::u32string_view::npos)
        ++end;
    else if (is_given(text.at(end)) && !is_han(text.at(end + 1)) && after().at(text, end) == 0 &&
             titles().at(text, end) == 0)
        ++end;  // 张某强
    out.add(PersonalKind::name, i - surname, end);
}

// 我姓张; 老张, 小李
void find_familiar(const Characters& text, std::size_t i, Findings& out) {
    const char32_t c = text.at(i);
    if (c == U'姓') {
        const std::size_t n = surname_at(text, i + 1, true);
        if (n > 0 && no_names().at(text, i + 1) == 0 && ends_at(text, i + 1 + n))
            out.add(PersonalKind::name, i + 1, i + 1 + n);
        return;
    }
    if (c != U'老' && c != U'小') return;
    if (i > 0 && std::u32string_view(U"大古最很太越更较缩窄养变").find(text.at(i - 1)) != std::u32string_view::npos)
        return;
    static const Words doubtful(
        U"钱 高 白 马 牛 孔 石 金 叶 段 龙 田 毛 文 麦 麻 庄 谷 江 方 章 苗 雷 武 季 阳 童 康 桂 兰");
    if (!common_surnames().has(text.at(i + 1)) || doubtful.has(text.at(i + 1))) return;
    if (no_names().at(text, i + 1) > 0 || !ends_at(text, i + 2)) return;
    out.add(PersonalKind::name, i, i + 2);
}

// --- Names of several parts --------------------------------------------------------------------------------------

std::size_t part_before(const Characters& text, std::size_t dot) {
    constexpr std::size_t longest = 6;
    std::size_t begin = dot;
    while (begin > 0 && dot - begin < longest + 4 && is_given(text.at(begin - 1))) --begin;
    // What announces it is no part of it.
    for (std::size_t i = begin; i < dot; ++i)
        if (const std::size_t n = std::max(announcements().at(text, i), roles().at(text, i)); n > 0 && i + n < dot)
            return i + n;
    return dot - begin > longest ? dot : begin;
}

std::size_t part_after(const Characters& text, std::size_t dot) {
    constexpr std::size_t longest = 6;
    std::size_t end = dot + 1;
    while (end - dot <= longest && is_given(text.at(end)) && after().at(text, end) == 0) ++end;
    return end;
}

void find_of_parts(const Characters& text, std::size_t dot, Findings& out) {
    if (text.at(dot) != U'·') return;
    const std::size_t begin = part_before(text, dot);
    std::size_t end = part_after(text, dot);
    if (dot - begin < 1 || end - dot < 2) return;
    if (text.at(end) == U'·' && part_after(text, end) - end > 1) end = part_after(text, end);
    out.add(PersonalKind::name, begin, end);
}

}  // namespace

bool is_long_surname(std::u32string_view name) { return name.size() > 2 && long_surnames().has(name.substr(0, 2)); }

void find_names(const Characters& text, Findings& out) {
    for (std::size_t i = 0; i < text.size(); ++i) find_of_parts(text, i, out);
    for (std::size_t i = 0; i < text.size(); ++i) {
        find_announced(text, i, out);
        find_with_particulars(text, i, out);
        find_befallen(text, i, out);
        find_half_hidden(text, i, out);
        find_titled(text, i, out);
        find_familiar(text, i, out);
    }
}

// 3栋2单元401张三家
void find_names_at_addresses(const Characters& text, Findings& out) {
    std::vector<std::size_t> ends;
    for (const Span& span : out.spans)
        if (span.kind == PersonalKind::address) ends.push_back(span.end);
    for (const std::size_t at : ends) {
        const std::size_t begin = text.at(at) == U' ' ? at + 1 : at;
        const std::size_t end = name_at(text, begin, false);
        if (end > 0 && ends_at(text, end)) out.add(PersonalKind::name, begin, end);
    }
}

}  // namespace shoumen::protect
