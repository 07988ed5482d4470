// Rules, the files of the policy and the long tasks as JSON.
#include <array>

#include "render.hpp"
#include "render_names.hpp"

namespace shoumen::doors::http {

namespace {

void write_finding(JsonWriter& out, const ports::Finding& f) {
    out.begin().field("file", f.file).field("line", std::uint64_t{f.line}).field("code", f.code);
    out.field("message", f.message).end();
}

void write_findings(JsonWriter& out, const std::vector<ports::Finding>& findings) {
    out.key("findings").begin_array();
    for (const auto& f : findings) write_finding(out, f);
    out.end_array();
}

void write_version(JsonWriter& out, const Phrases& phrases, const ports::PolicyVersion& version) {
    out.field("version", version.version).field("digest", base::to_hex(version.digest));
    out.field("activated", phrases.time(version.activated));
}

void write_tried_alerts(JsonWriter& out, const Phrases& phrases, std::string_view key,
                        const std::vector<ports::TriedAlert>& alerts) {
    out.key(key).begin_array();
    for (const auto& a : alerts) {
        out.begin().field("at", phrases.time(a.at)).key("place").begin().field("code", a.place).key("name");
        write_names(out, a.place_name, a.place);
        out.end();
        if (!a.device.empty()) out.field("device", a.device);
        out.end();
    }
    out.end_array();
}

void write_tried_rule(JsonWriter& out, const Phrases& phrases, const ports::TriedRule& rule) {
    out.begin();
    write_code_and_name(out, rule);
    out.field("before", rule.before).field("after", rule.after).field("added", rule.added).field("gone", rule.gone);
    write_tried_alerts(out, phrases, "added_examples", rule.added_examples);
    write_tried_alerts(out, phrases, "gone_examples", rule.gone_examples);
    out.end();
}

void write_result(JsonWriter& out, const Phrases& phrases, const ports::TrialResult& r) {
    out.key("result").begin().field("signals", r.signals);
    out.field("alerts_before", r.alerts_before).field("alerts_after", r.alerts_after);
    out.field("incidents_before", r.incidents_before).field("incidents_after", r.incidents_after);
    out.key("rules").begin_array();
    for (const auto& rule : r.rules) write_tried_rule(out, phrases, rule);
    out.end_array().end();
}

void write_task(JsonWriter& out, const Phrases& phrases, const ports::Task& t) {
    out.begin().field("id", std::to_string(t.id)).field("kind", t.kind).field("state", to_word(t.state));
    out.field("done", t.done).field("total", t.total).field("by", t.by);
    out.field("started", phrases.time(t.started)).field("from", phrases.time(t.from)).field("to", phrases.time(t.to));
    if (t.ended.is_set()) out.field("ended", phrases.time(t.ended));
    out.field("based_on", t.based_on);
    if (t.digest != base::Digest{}) out.field("digest", base::to_hex(t.digest));
    if (!t.error.empty()) out.field("error", t.error);
    if (!t.findings.empty()) write_findings(out, t.findings);
    if (t.result) write_result(out, phrases, *t.result);
    out.end();
}

std::string_view word_of(model::Operator op) {
    switch (op) {
        case model::Operator::threshold:
            return "threshold";
        case model::Operator::count:
            return "count";
        case model::Operator::absence:
            return "absence";
        case model::Operator::sequence:
            return "sequence";
        case model::Operator::together:
            return "together";
    }
    return "";
}

std::string_view word_of(model::KeyLevel key) {
    static constexpr auto words = std::to_array<std::string_view>(
        {"device", "room", "home", "floor", "unit", "building", "estate", "community", "person", "gateway"});
    static_assert(words.size() == static_cast<std::size_t>(model::KeyLevel::gateway) + 1);
    return words.at(static_cast<std::size_t>(key));
}

void write_span(JsonWriter& out, std::string_view key, base::Duration span) {
    if (span.us > 0) out.field(key, static_cast<std::uint64_t>(span.us / 1'000'000));
}

// What a page needs to say the rule in words; its conditions stand in the file.
void write_behaviour(JsonWriter& out, const model::Rule& rule) {
    out.field("operator", word_of(rule.op)).field("key", word_of(rule.key)).field("join", to_word(rule.join));
    if (rule.at_least > 0) out.field("at_least", std::uint64_t{rule.at_least});
    if (!rule.events.empty()) out.field("events", std::uint64_t{rule.events.size()});
    write_span(out, "within_s", rule.within);
    write_span(out, "hold_s", rule.hold);
    write_span(out, "link_s", rule.link);
    write_span(out, "cooldown_s", rule.cooldown);
    if (rule.parted_by_silent_floor) out.field("parted_by", "silent_floor");
    if (!rule.during) return;
    out.key("during").begin().field("from_minute", std::uint64_t{rule.during->from_minute});
    out.field("to_minute", std::uint64_t{rule.during->to_minute});
    out.field("weekdays", std::uint64_t{rule.during->weekdays}).key("day_classes").begin_array();
    static constexpr std::string_view words[] = {"workdays", "weekends",
                                                 "holidays"};  // in the order of model::DayClass
    for (std::size_t c = 0; c < std::size(words); ++c) {
        if (((rule.during->day_classes >> c) & 1U) != 0) out.text(words[c]);
    }
    out.end_array().end();
}

}  // namespace

std::string render_findings(const std::vector<ports::Finding>& findings) {
    JsonWriter out;
    out.begin();
    write_findings(out, findings);
    out.end();
    return out.take();
}

std::string render_policy_files(Phrases& phrases, const ports::PolicyFiles& files) {
    JsonWriter out;
    out.begin();
    write_version(out, phrases, files.version);
    out.key("files").begin();
    // Names of files are what people wrote: escaped, unlike the keys of ours.
    std::string text;
    for (const auto& [name, content] : files.files) {
        text += text.empty() ? "" : ",";
        append_json_text(text, name);
        text += ':';
        append_json_text(text, content);
    }
    std::string whole = out.take() + text;
    return whole + "}}";
}

std::string render_policy_versions(Phrases& phrases, const std::vector<ports::PolicyVersion>& versions) {
    JsonWriter out;
    out.begin().key("versions").begin_array();
    for (const auto& version : versions) {
        out.begin();
        write_version(out, phrases, version);
        out.end();
    }
    out.end_array().end();
    return out.take();
}

std::string render_rules(Phrases& phrases, const std::vector<ports::RuleView>& rules) {
    const model::Policy& policy = phrases.policy();
    JsonWriter out;
    out.begin().field("version", policy.version).key("rules").begin_array();
    for (const auto& view : rules) {
        if (view.rule.value >= policy.rules.size()) continue;
        const model::Rule& rule = policy.rules[view.rule.value];
        out.begin();
        write_code_and_name(out, rule);
        out.field("kind", phrases.kind(rule.incident)).key("kind_name").raw(phrases.kind_name(rule.incident));
        out.field("severity", to_word(rule.severity));
        out.key("signals").begin_array();
        for (unsigned k = 0; k < model::signal_kind_count; ++k) {
            if ((rule.kinds >> k & 1U) != 0) out.text(to_word(static_cast<model::SignalKind>(k)));
        }
        out.end_array();
        write_behaviour(out, rule);
        out.field("file", rule.file).field("line", std::uint64_t{rule.line}).field("alerts", view.alerts);
        if (view.last.is_set()) out.field("last", phrases.time(view.last));
        out.end();
    }
    out.end_array().end();
    return out.take();
}

std::string render_task(Phrases& phrases, const ports::Task& task) {
    JsonWriter out;
    write_task(out, phrases, task);
    return out.take();
}

std::string render_tasks(Phrases& phrases, const std::vector<ports::Task>& tasks) {
    JsonWriter out;
    out.begin().key("tasks").begin_array();
    for (const auto& task : tasks) write_task(out, phrases, task);
    out.end_array().end();
    return out.take();
}

}  // namespace shoumen::doors::http
