#include "archive.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "render_accounts.hpp"
#include "render_persons.hpp"

namespace shoumen::doors::http {

namespace {

using Words = std::pair<std::string_view, std::string_view>;

// What stands in the archive for words of ours; those that are not here stand as they are.
constexpr auto words = std::to_array<Words>({
    {"looked", "查看"},
    {"looked_opened", "应急授权查看"},
    {"asked_to_see", "申请查看"},
    {"found_by_phone", "按号码查到"},
    {"person_listed", "登记"},
    {"person_changed", "更改登记"},
    {"archive_given", "取走数据副本"},
    {"delegation_given", "授权代管"},
    {"delegation_ended", "结束代管"},
    {"family_told", "告知家属"},
    {"password_changed", "修改密码"},
    {"report", "报事"},
    {"add_note", "备注"},
    {"add_evidence", "上传照片"},
    {"reporter_satisfied", "回访满意"},
    {"reporter_unsatisfied", "回访不满意"},
    {"response", "应急处置"},
    {"verification", "核验"},
    {"care", "照护"},
    {"upkeep", "运维"},
    {"supervision", "督办"},
    {"administration", "系统管理"},
    {"audit", "审计"},
    {"assessment", "考核评估"},
    {"own", "本人"},
    {"property_manager", "物业"},
    {"committee", "社区居委会"},
    {"community_police", "社区民警"},
    {"grid_worker", "网格员"},
    {"duty_officer", "值班员"},
    {"technical_team", "技防队"},
    {"mediation_team", "调解队"},
    {"patrol_team", "巡逻队"},
    {"fire_station", "消防站"},
    {"community_doctor", "社区医生"},
    {"street_office", "街道"},
    {"district_office", "区"},
    {"lift_maintainer", "电梯维保"},
    {"owners_committee", "业委会"},
    {"verifier", "核验员"},
    {"administrator", "管理员"},
    {"resident", "居民"},
    {"family", "家属"},
    {"floor_captain", "楼长"},
    {"unit_captain", "单元长"},
    {"volunteer", "志愿者"},
    {"committee_director", "平安建设委员会主任"},
    {"auditor", "审计员"},
    {"assessor", "第三方评估员"},
    {"name", "姓名"},
    {"first_name", "名"},
    {"phone", "电话"},
    {"id_number", "身份证号"},
    {"home", "住处"},
    {"health", "健康提示"},
    {"words", "文字内容"},
    {"pictures", "照片"},
    {"reporter", "报事人"},
    {"witnessed", "见证"},
});

std::string_view zh(std::string_view word) {
    for (const auto& [ours, theirs] : words) {
        if (ours == word) return theirs;
    }
    return word;
}

void escape(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
}

class Page {
public:
    void heading(std::string_view text) { tag("h2", text); }
    void text(std::string_view text) { tag("p", text); }
    void begin_table(std::initializer_list<std::string_view> columns) {
        out_ += "<table><tr>";
        for (const auto column : columns) tag("th", column);
        out_ += "</tr>\n";
    }
    void row(std::initializer_list<std::string_view> cells) {
        out_ += "<tr>";
        for (const auto cell : cells) tag("td", cell);
        out_ += "</tr>\n";
    }
    void end_table() { out_ += "</table>\n"; }
    void picture(const std::string& name, std::string_view caption) {
        out_ += "<figure><img alt=\"\" src=\"" + name + "\">";
        tag("figcaption", caption);
        out_ += "</figure>\n";
    }
    [[nodiscard]] std::string take() {
        return "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\"><title>我的数据</title><style>"
               "body{font:18px/1.7 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#101828}"
               "table{border-collapse:collapse;width:100%}th,td{border:1px solid #d0d5dd;padding:.4em .6em;"
               "text-align:left;vertical-align:top}th{background:#f2f4f7}img{max-width:100%}</style></head><body>\n" +
               out_ + "</body></html>\n";
    }
    void tag(std::string_view name, std::string_view text) {
        out_ += fmt::format("<{}>", name);
        escape(out_, text);
        out_ += fmt::format("</{}>", name);
    }

private:
    std::string out_;
};

std::string place_name(const model::Policy& policy, model::PlaceId id) {
    std::string out;
    for (auto at = id; at.valid() && at.value < policy.places.size(); at = policy.places[at.value].parent) {
        if (policy.places[at.value].level < model::PlaceLevel::estate) break;
        out = policy.places[at.value].name.zh + out;
    }
    return out;
}

std::string kind_name(const model::Policy& policy, model::IncidentKindId id) {
    return id.value < policy.incident_kinds.size() ? policy.incident_kinds[id.value].name.zh : std::string();
}

std::string items_of(std::string_view detail) {
    std::string out;
    while (!detail.empty()) {
        const auto end = std::min(detail.find(' '), detail.size());
        if (!out.empty()) out += "、";
        out += zh(detail.substr(0, end));
        detail.remove_prefix(std::min(end + 1, detail.size()));
    }
    return out;
}

std::string name_of(const ports::KeptPicture& picture) {
    const auto& type = picture.row.media_type;
    return fmt::format("pictures/{}.{}", base::to_hex(picture.row.sha256).substr(0, 16),
                       type == "image/png"    ? "png"
                       : type == "image/webp" ? "webp"
                                              : "jpg");
}

void write_entry(Page& page, Phrases& phrases, const ports::Kept& kept) {
    page.heading("一、登记信息");
    if (!kept.entry) return page.text("人口登记里没有您的信息。");
    const auto& e = *kept.entry;
    page.begin_table({"项目", "内容"});
    const auto line = [&](std::string_view what, const std::string& value) {
        if (!value.empty()) page.row({what, value});
    };
    line("姓名", e.name);
    line("住处", place_name(phrases.policy(), e.home));
    line("电话", e.phone);
    line("身份证号", e.id_number);
    line("健康提示", e.health);
    line("紧急联系人", e.contact);
    line("紧急联系电话", e.contact_phone);
    line("最后更改", e.changed.is_set() ? phrases.time(e.changed) : "");
    page.end_table();
}

// By a wider sight as well.
bool is_look(const ports::ActRow& act) { return act.kind == "looked" || act.kind == "looked_opened"; }

void write_looks(Page& page, Phrases& phrases, const ports::Kept& kept) {
    page.heading("二、谁看过我的数据");
    if (kept.counts.looked == 0) return page.text("没有人看过。");
    page.begin_table({"时间", "什么人（岗位）", "为什么", "看了什么", "处数"});
    for (const auto& act : kept.on) {
        if (!is_look(act)) continue;
        const auto why = std::string(zh(act.purpose)) + (act.kind == "looked" ? "" : "（应急授权）");
        page.row({phrases.time(act.at), act.role.empty() ? std::string_view("本人或代管人") : zh(act.role), why,
                  items_of(act.detail), std::to_string(act.count)});
    }
    page.end_table();
}

void write_own(Page& page, Phrases& phrases, const ports::Kept& kept) {
    page.heading("三、我报的事和写的话");
    if (kept.reported.empty() && kept.words.empty()) page.text("没有。");
    if (!kept.reported.empty()) {
        page.begin_table({"时间", "什么事", "地点", "事件编号"});
        for (const auto& incident : kept.reported)
            page.row({phrases.time(incident.opened), kind_name(phrases.policy(), incident.kind),
                      place_name(phrases.policy(), incident.place), std::to_string(incident.id.value)});
        page.end_table();
    }
    if (!kept.words.empty()) {
        page.begin_table({"时间", "内容", "事件编号"});
        for (const auto& word : kept.words)
            page.row({phrases.time(word.at), word.text, std::to_string(word.incident.value)});
        page.end_table();
    }
    page.heading("四、我上传的照片");
    if (kept.pictures.empty()) page.text("没有。");
    for (const auto& picture : kept.pictures) {
        if (picture.bytes.empty())
            page.text(fmt::format("{} 上传的一张照片已无法读取，或因过大未放入。", phrases.time(picture.row.added)));
        else
            page.picture(name_of(picture), phrases.time(picture.row.added));
    }
}

void write_consents(Page& page, Phrases& phrases, const ports::Kept& kept) {
    page.heading("五、代管授权");
    if (kept.delegations.empty()) return page.text("没有。");
    page.begin_table({"被代管人", "代管人", "开始", "到期", "结束"});
    for (const auto& d : kept.delegations)
        page.row({d.from.code, d.to.code, phrases.time(d.since), phrases.time(d.until),
                  d.ended == base::Time::never() ? std::string() : phrases.time(d.ended)});
    page.end_table();
}

void write_acts(Page& page, Phrases& phrases, const ports::Kept& kept) {
    page.heading("六、其他与我有关的操作");
    page.begin_table({"时间", "操作", "岗位", "目的", "编号"});
    for (const auto* list : {&kept.on, &kept.by}) {
        for (const auto& act : *list) {
            if (list == &kept.on && is_look(act)) continue;
            page.row({phrases.time(act.at), zh(act.kind), zh(act.role), zh(act.purpose), std::to_string(act.id)});
        }
    }
    page.end_table();
}

std::string index_of(Phrases& phrases, const ports::Kept& kept) {
    Page page;
    page.tag("h1", "我的数据");
    page.text(fmt::format("这里是“守门”平台到 {} 为止保存的、与编号 {} 有关的全部个人数据。", phrases.time(kept.at),
                          kept.counts.person.code));
    page.text("请妥善保管本文件，不要转发给他人。同目录下的 json 文件内容相同，供程序读取。");
    write_entry(page, phrases, kept);
    write_looks(page, phrases, kept);
    write_own(page, phrases, kept);
    write_consents(page, phrases, kept);
    write_acts(page, phrases, kept);
    page.heading("七、登录账号");
    if (kept.accounts.empty()) page.text("没有。");
    for (const auto& name : kept.accounts) page.text(name);
    return page.take();
}

std::string acts_json(Phrases& phrases, const std::vector<ports::ActRow>& acts) {
    JsonWriter out;
    out.begin().key("acts").begin_array();
    for (const auto& act : acts) {
        out.begin().field("id", std::to_string(act.id)).field("at", phrases.time(act.at)).field("kind", act.kind);
        for (const auto& [name, value] :
             {std::pair{"actor", &act.actor}, std::pair{"role", &act.role}, std::pair{"purpose", &act.purpose},
              std::pair{"subject", &act.subject}, std::pair{"detail", &act.detail}}) {
            if (!value->empty()) out.field(name, *value);
        }
        out.field("count", act.count).end();
    }
    out.end_array().end();
    return out.take();
}

std::string own_json(Phrases& phrases, const ports::Kept& kept) {
    JsonWriter out;
    out.begin().key("reported").begin_array();
    for (const auto& incident : kept.reported) {
        out.begin().field("id", std::to_string(incident.id.value)).field("opened", phrases.time(incident.opened));
        out.field("kind", phrases.kind(incident.kind)).key("place").raw(phrases.place_on_path(incident.place)).end();
    }
    out.end_array().key("words").begin_array();
    for (const auto& word : kept.words) {
        out.begin().field("incident", std::to_string(word.incident.value)).field("at", phrases.time(word.at));
        out.field("what", to_word(word.what)).field("text", word.text).end();
    }
    out.end_array().key("pictures").begin_array();
    for (const auto& picture : kept.pictures) {
        out.begin().field("incident", std::to_string(picture.row.incident.value));
        out.field("added", phrases.time(picture.row.added)).field("sha256", base::to_hex(picture.row.sha256));
        if (!picture.bytes.empty()) out.field("file", name_of(picture));
        out.end();
    }
    out.end_array().end();
    return out.take();
}

std::string accounts_json(const ports::Kept& kept) {
    JsonWriter out;
    out.begin().key("accounts").begin_array();
    for (const auto& name : kept.accounts) out.text(name);
    out.end_array().end();
    return out.take();
}

}  // namespace

std::map<std::string, std::string> archive_of(Phrases& phrases, const ports::Kept& kept) {
    std::map<std::string, std::string> files;
    files["index.html"] = index_of(phrases, kept);
    if (kept.entry) files["entry.json"] = render_person(phrases, *kept.entry);
    files["reports.json"] = own_json(phrases, kept);
    files["acts-on-me.json"] = acts_json(phrases, kept.on);
    files["acts-by-me.json"] = acts_json(phrases, kept.by);
    files["delegations.json"] = render_delegations(phrases, kept.delegations);
    files["accounts.json"] = accounts_json(kept);
    for (const auto& picture : kept.pictures) {
        if (!picture.bytes.empty()) files[name_of(picture)] = picture.bytes;
    }
    return files;
}

}  // namespace shoumen::doors::http
