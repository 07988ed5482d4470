#include "made_texts.hpp"

#include <array>
#include <fstream>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace shoumen::protect {
namespace {

using base::SeededRandom;
using List = std::span<const std::string_view>;

std::string_view pick(SeededRandom& random, List list) { return list[random.below(list.size())]; }

std::string digits(SeededRandom& random, std::size_t n) {
    std::string out;
    while (out.size() < n) out.push_back(static_cast<char>('0' + random.below(10)));
    return out;
}

std::string wide(const std::string& ascii) {
    std::string out;
    for (const char c : ascii) out += fmt::format("\xef\xbc{}", static_cast<char>(0x90 + (c - '0')));
    return out;
}

// --- What is personal --------------------------------------------------------------------------------------------

std::string mobile(SeededRandom& random) {
    static constexpr std::array<std::string_view, 6> unused{"154", "160", "161", "163", "164", "168"};
    const std::string a(pick(random, unused)), b = digits(random, 4), c = digits(random, 4);
    switch (random.below(6)) {
        case 0:
            return a + " " + b + " " + c;
        case 1:
            return a + "-" + b + "-" + c;
        case 2:
            return wide(a + b + c);
        default:
            return a + b + c;
    }
}

std::string land_line(SeededRandom& random) {
    static constexpr std::array<std::string_view, 5> areas{"0755", "0571", "0931", "0898", "0431"};
    switch (random.below(3)) {
        case 0:
            return "010-0" + digits(random, 7);
        case 1:
            return fmt::format("({})0{}", pick(random, areas), digits(random, 7));
        default:
            return fmt::format("{}-0{}", pick(random, areas), digits(random, 6));
    }
}

std::string id_number(SeededRandom& random) {
    static constexpr std::array<std::string_view, 6> areas{"110105", "320102", "440306", "510104", "650102", "820000"};
    std::string d = fmt::format("{}{:04}{:02}{:02}{}", pick(random, areas), 2101 + random.below(98),
                                1 + random.below(12), 1 + random.below(28), digits(random, 3));
    unsigned sum = 0, weight = 1;  // the weights are 2^i mod 11, from the last digit on
    for (std::size_t i = d.size(); i-- > 0;) {
        weight = weight * 2 % 11;
        sum += weight * static_cast<unsigned>(d[i] - '0');
    }
    d.push_back("10X98765432"[sum % 11]);
    if (d.back() == 'X' && random.chance(0.5)) d.back() = 'x';
    return random.chance(0.2) ? d.substr(0, 6) + " " + d.substr(6, 8) + " " + d.substr(14) : d;
}

std::string bank_card(SeededRandom& random) {
    std::string d = "62000000" + digits(random, 7 + random.below(4));
    unsigned sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        const unsigned v = static_cast<unsigned>(d[d.size() - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += v > 9 ? v - 9 : v;
    }
    return d + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string plate(SeededRandom& random) {
    static constexpr std::array<std::string_view, 5> where{"京A", "粤B", "沪C", "川A", "新A"};
    const std::string begin(pick(random, where));
    switch (random.below(5)) {
        case 0:
            return begin + "D00" + digits(random, 3);
        case 1:
            return begin + "·00" + digits(random, 3);
        case 2:
            return begin + "00" + digits(random, 2) + "学";
        case 3:
            return begin + "00" + digits(random, 1) + "Q" + digits(random, 1);
        default:
            return begin + "00" + digits(random, 3);
    }
}

std::string name(SeededRandom& random) {
    static constexpr std::array<std::string_view, 20> surnames{"王", "李", "张", "刘", "陈",   "杨",  "赵",
                                                               "周", "吴", "徐", "孙", "马",   "朱",  "胡",
                                                               "郭", "林", "郑", "谢", "欧阳", "司马"};
    static constexpr std::array<std::string_view, 20> given{"伟",   "芳芳", "测试", "三",   "建国", "丽",   "秀兰",
                                                            "小明", "甲乙", "强",   "晓东", "桂英", "子涵", "浩然",
                                                            "六",   "文静", "志强", "雪",   "婷婷", "梓轩"};
    return std::string(pick(random, surnames)) + std::string(pick(random, given));
}

std::string address(SeededRandom& random) {
    static constexpr std::array<std::string_view, 5> where{"示例市测试区", "样例县虚拟镇", "测试区", "", ""};
    static constexpr std::array<std::string_view, 6> streets{"幸福路", "人民大道", "东方红街",
                                                             "桃源巷", "中山北路", "学府路"};
    static constexpr std::array<std::string_view, 6> estates{"阳光花园", "翠湖小区", "锦绣家园",
                                                             "紫金苑",   "测试新村", "滨江公寓"};
    static constexpr std::array<std::string_view, 3> building{"栋", "幢", "号楼"};
    std::string out;
    if (random.chance(0.5))
        out += fmt::format("{}{}{}号", pick(random, where), pick(random, streets), 1 + random.below(300));
    if (out.empty() || random.chance(0.5)) out += pick(random, estates);
    const auto room = 100 * (1 + random.below(28)) + 1 + random.below(8);
    if (random.chance(0.15) && !out.ends_with("号"))
        return fmt::format("{}{}-{}-{}", out, 1 + random.below(30), 1 + random.below(6), room);
    out += fmt::format("{}{}", 1 + random.below(60), pick(random, building));
    if (random.chance(0.7)) out += fmt::format("{}单元", 1 + random.below(6));
    return out + fmt::format("{}{}", room, random.chance(0.7) ? "室" : "");
}

std::string email(SeededRandom& random) {
    return fmt::format("test{}.{}@example.{}", random.below(100), digits(random, 3), random.chance(0.5) ? "cn" : "com");
}
std::string account(SeededRandom& random) { return fmt::format("ceshi_{}", digits(random, 4)); }
std::string document(SeededRandom& random) { return std::string(random.chance(0.5) ? "E0" : "H0") + digits(random, 7); }

// --- What looks like it ------------------------------------------------------------------------------------------

std::string look_alike(SeededRandom& random) {
    static constexpr std::array<std::string_view, 16> words{"小区业主反映电梯停运。",
                                                            "住户和物业沟通未果。",
                                                            "楼下堆放杂物，消防通道被堵。",
                                                            "请社区书记和物业经理处理。",
                                                            "老人较多，上下楼不方便。",
                                                            "3号楼2单元门口路灯不亮。",
                                                            "垃圾分类时间段请公示。",
                                                            "高层水压不足，高空抛物严重。",
                                                            "安全出口被锁，应急灯不亮。",
                                                            "12栋和13栋之间积水。",
                                                            "小高层外墙脱落。",
                                                            "许多居民经过时差点滑倒。",
                                                            "车库东侧摄像头损坏。",
                                                            "物业管理处表示马上安排。",
                                                            "请相关单位尽快解决。",
                                                            "周边施工噪音扰民，周末也不停。"};
    switch (random.below(9)) {
        case 0:
            return fmt::format("设备34020000{}离线。", digits(random, 12));
        case 1:
            return fmt::format("工单号GD2024{}已派。", digits(random, 10));
        case 2:
            return fmt::format("时间戳171{}。", digits(random, 10));
        case 3:
            return fmt::format("金额{}.{}元。", digits(random, 5), digits(random, 2));
        case 4:
            return fmt::format("电表读数{}.", digits(random, 6));
        case 5:
            return fmt::format("2026-0{}-1{} 08:{}{}报警。", 1 + random.below(9), random.below(10), random.below(6),
                               random.below(10));
        default:
            return std::string(pick(random, words));
    }
}

// --- Sentences: $ and a letter stands for a value ----------------------------------------------------------------

constexpr std::array<std::string_view, 30> sentences{"我叫$n，住$a，电话$m，楼上漏水。",
                                                     "联系人：$n（$m），备用电话 $l",
                                                     "$n，身份证号$i，手机$m",
                                                     "报修人$n，手机号：$m。",
                                                     "车牌$p占用消防通道，车主电话$m。",
                                                     "业主$n反映$a噪音大。",
                                                     "请联系$n先生，$m。",
                                                     "姓名：$n，身份证：$i",
                                                     "$n阿姨说她忘带钥匙。",
                                                     "邮箱$e，微信号：$w",
                                                     "护照$d，姓名 $n",
                                                     "退款到卡号$b，户名$n",
                                                     "户主是$n，住址：$a。",
                                                     "座机$l无人接听，改打$m",
                                                     "本人$n，现住$a，请上门。",
                                                     "家属：$n、$n",
                                                     "网格员$n走访$a。",
                                                     "收件人：$n，$a，$m",
                                                     "投诉人$n表示车辆$p长期乱停。",
                                                     "紧急联系人$n，$m、$m",
                                                     "微信$w，加我。",
                                                     "租户$n，男，$i",
                                                     "$p未登记。",
                                                     "请把钥匙送到$a。",
                                                     "监护人：$n；电话：$m",
                                                     "患者$n突发胸痛，在$a。",
                                                     "tel:+86$m",
                                                     "登记信息 $m 请核实",
                                                     "$n大爷独自在家，电话$l。",
                                                     "证件号码 $i。"};

struct Value {
    PersonalKind kind;
    std::string (*make)(SeededRandom&);
};

Value value_of(char letter) {
    switch (letter) {
        case 'n':
            return {PersonalKind::name, name};
        case 'm':
            return {PersonalKind::phone, mobile};
        case 'l':
            return {PersonalKind::phone, land_line};
        case 'i':
            return {PersonalKind::id_number, id_number};
        case 'b':
            return {PersonalKind::bank_card, bank_card};
        case 'p':
            return {PersonalKind::plate, plate};
        case 'a':
            return {PersonalKind::address, address};
        case 'e':
            return {PersonalKind::email, email};
        case 'w':
            return {PersonalKind::account, account};
        default:
            return {PersonalKind::document, document};
    }
}

void fill(SeededRandom& random, std::string_view sentence, MadeText& out) {
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        if (sentence[i] != '$') {
            out.text.push_back(sentence[i]);
            continue;
        }
        const Value value = value_of(sentence[++i]);
        const std::size_t begin = out.text.size();
        out.text += value.make(random);
        out.spans.push_back({value.kind, begin, out.text.size()});
    }
}

std::size_t number_after(std::string_view line, std::string_view key, std::size_t from) {
    const std::size_t at = line.find(key, from);
    return at == std::string_view::npos ? 0 : std::stoul(std::string(line.substr(at + key.size(), 12)));
}

PersonalKind kind_of(std::string_view type) {
    for (const auto& [begin, kind] :
         {std::pair{"NAME", PersonalKind::name}, std::pair{"ADDRESS", PersonalKind::address},
          std::pair{"BANK", PersonalKind::bank_card}, std::pair{"USCC", PersonalKind::organisation},
          std::pair{"EMAIL", PersonalKind::email}, std::pair{"PASSPORT", PersonalKind::document},
          std::pair{"HK_MO", PersonalKind::document}, std::pair{"ID_CARD", PersonalKind::id_number},
          std::pair{"PLATE", PersonalKind::plate}})
        if (type.starts_with(begin)) return kind;
    return PersonalKind::phone;
}

}  // namespace

MadeText make_text(SeededRandom& random) {
    MadeText made;
    const std::uint64_t parts = 1 + random.below(3);
    for (std::uint64_t n = 0; n < parts; ++n) {
        if (n > 0) made.text += "\n";
        if (random.chance(0.3))
            made.text += look_alike(random);
        else
            fill(random, pick(random, sentences), made);
    }
    return made;
}

std::vector<MadeText> read_cases(const std::string& path) {
    std::vector<MadeText> out;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        constexpr std::string_view text = "\"text\": \"", type = "\"type\": \"";
        const std::size_t begin = line.find(text) + text.size();
        MadeText c{line.substr(begin, line.find('"', begin) - begin), {}};
        for (std::size_t at = line.find(type); at != std::string::npos; at = line.find(type, at + 1))
            c.spans.push_back({kind_of(std::string_view(line).substr(at + type.size())),
                               number_after(line, "\"byte_start\": ", at), number_after(line, "\"byte_end\": ", at)});
        out.push_back(std::move(c));
    }
    return out;
}

}  // namespace shoumen::protect
