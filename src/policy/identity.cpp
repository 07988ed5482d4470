#include <algorithm>
#include <set>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

class Writer {
public:
    explicit Writer(const model::Policy& policy) : policy_(policy) { out_.text("rule-2"); }

    // A set: the order in the file says nothing.
    template <class Ids, class Text>
    void codes(const Ids& ids, Text text) {
        std::set<std::string> sorted;
        for (const auto id : ids) sorted.insert(text(id));
        set(sorted);
    }
    void set(const std::set<std::string>& sorted) {
        out_.varint(sorted.size());
        for (const std::string& code : sorted) out_.text(code);
    }
    void span(base::Duration d) { out_.zigzag(d.us); }
    void number(std::uint64_t n) { out_.varint(n); }
    void text(std::string_view t) { out_.text(t); }
    // All must hold, in whatever order they stand; alternatives belong together.
    void all_of(const std::vector<model::Condition>& list) {
        std::set<std::string> clauses;
        std::set<std::string> clause;
        for (const model::Condition& c : list) {
            clause.insert(of(c));
            if (c.or_next) continue;
            base::ByteWriter out;
            out.varint(clause.size());
            for (const std::string& part : clause) out.text(part);
            clauses.insert(out.take());
            clause.clear();
        }
        set(clauses);
    }
    void condition(const model::Condition& c) { out_.text(of(c)); }
    [[nodiscard]] std::string of(const model::Condition& c) const {
        base::ByteWriter out;
        out.boolean(c.negated);
        out.text(policy_.fields[c.field.value]);
        out.u8(static_cast<std::uint8_t>(c.compare));
        out.u8(static_cast<std::uint8_t>(c.value.type));
        if (c.value.type == model::ValueType::symbol)
            out.text(policy_.symbols[static_cast<std::size_t>(c.value.index)]);
        else
            out.real(c.value.number);
        return out.take();
    }
    [[nodiscard]] base::Digest digest() const { return base::sha256(out_.view()); }

private:
    const model::Policy& policy_;
    base::ByteWriter out_;
};

void write_kinds(std::uint32_t bits, Writer& out) {
    std::set<std::string> kinds;
    for (std::size_t i = 0; i < model::signal_kind_count; ++i) {
        if ((bits >> i) & 1U) kinds.emplace(model::to_word(static_cast<model::SignalKind>(i)));
    }
    out.set(kinds);
}

void write_event(const model::Event& event, Writer& out) {
    write_kinds(event.kinds, out);
    out.all_of(event.where);
    out.number(event.at_least);
    out.number(event.absent ? 1 : 0);
}

void write_watched(const model::Policy& policy, const model::Rule& rule, Writer& out) {
    write_kinds(rule.kinds, out);
    out.codes(rule.within_places, [&](model::PlaceId p) { return policy.places[p.value].code; });
    out.codes(rule.only_devices, [&](model::DeviceId d) { return policy.devices[d.value].code; });
    out.number(static_cast<std::uint64_t>(rule.key));
    out.all_of(rule.where);
}

void write_operator(const model::Rule& rule, Writer& out) {
    out.number(static_cast<std::uint64_t>(rule.op));
    if (rule.op == model::Operator::threshold) out.condition(rule.raise);
    out.number(rule.clear ? 1 : 0);
    if (rule.clear) out.condition(*rule.clear);
    out.span(rule.hold);
    out.span(rule.repeat);
    out.number(rule.at_least);
    out.span(rule.within);
    out.span(rule.link);
    out.number(rule.events.size());
    for (const model::Event& event : rule.events) write_event(event, out);
    out.number(rule.unless ? 1 : 0);
    if (rule.unless) write_event(*rule.unless, out);
    out.number(rule.during ? 1 : 0);
    if (rule.during) {
        out.number(rule.during->from_minute);
        out.number(rule.during->to_minute);
        out.number(rule.during->weekdays);
    }
    out.span(rule.cooldown);
    out.span(rule.auto_clear);
}

void write_alert(const model::Policy& policy, const model::Rule& rule, Writer& out) {
    out.text(policy.incident_kinds[rule.incident.value].code);
    out.text(policy.causes[rule.cause.value]);
    out.text(model::to_word(rule.severity));
    out.text(model::to_word(rule.join));
}

// What rules may say since: written only where it is said, so that all others go on with their windows.
void write_flat(const model::Rule& rule, Writer& out) {
    if (rule.flat.empty()) return;
    out.text("flat");
    out.all_of(rule.flat);
}

void write_day_classes(const model::Rule& rule, Writer& out) {
    if (!rule.during || rule.during->day_classes == 0) return;
    out.text("days");
    out.number(rule.during->day_classes);
}

void write_severity(const model::Rule& rule, Writer& out) {
    if (rule.rise.empty() && !rule.fall) return;
    out.text("severity");
    out.number(rule.rise.size());
    const auto step = [&](const model::SeverityStep& s) {
        out.span(s.after);
        out.text(model::to_word(s.to));
    };
    for (const model::SeverityStep& s : rule.rise) step(s);
    if (rule.fall) step(*rule.fall);
}

void write_parting(const model::Rule& rule, Writer& out) {
    if (rule.parted_by_silent_floor) out.text("silent_floor");
}

}  // namespace

base::Digest identity_of(const model::Policy& policy, const model::Rule& rule) {
    Writer out(policy);
    write_watched(policy, rule, out);
    write_operator(rule, out);
    write_alert(policy, rule, out);
    write_severity(rule, out);
    write_day_classes(rule, out);
    write_flat(rule, out);
    write_parting(rule, out);
    return out.digest();
}

}  // namespace shoumen::policy
