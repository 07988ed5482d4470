#include "report.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace shoumen::app {
namespace {

namespace json = boost::json;

class Writer {
public:
    explicit Writer(const model::Policy& policy) : policy_(policy) {}

    [[nodiscard]] json::value time(base::Time t) const {
        return t.is_set() ? json::value(policy_.zone.format(t)) : json::value();
    }
    [[nodiscard]] json::value place(model::PlaceId id) const {
        return id.valid() ? json::value(policy_.places[id.value].code) : json::value();
    }
    [[nodiscard]] json::value body(model::BodyId id) const {
        return id.valid() ? json::value(policy_.bodies[id.value].code) : json::value();
    }
    [[nodiscard]] json::value kind(model::IncidentKindId id) const {
        return json::value(policy_.incident_kinds[id.value].code);
    }
    [[nodiscard]] json::value rule(model::RuleId id) const {
        return id.valid() && id.value < policy_.rules.size() ? json::value(policy_.rules[id.value].code)
                                                             : json::value();
    }
    [[nodiscard]] json::value device(model::DeviceId id) const {
        return id.valid() ? json::value(policy_.devices[id.value].code) : json::value();
    }

    [[nodiscard]] json::object alert(const ports::AlertRow& row) const {
        const model::Alert& a = row.alert;
        return {{"id", std::to_string(a.id.value)},
                {"rule", rule(a.rule)},
                {"kind", kind(a.kind)},
                {"cause", policy_.causes[a.cause.value]},
                {"severity", model::to_word(a.severity)},
                {"device", device(a.device)},
                {"place", place(a.place)},
                {"at", time(a.at)},
                {"late", a.late},
                {"cleared", time(row.cleared)},
                {"incident", std::to_string(row.incident.value)}};
    }

    [[nodiscard]] json::object incident(const model::Incident& i) const {
        json::array assist;
        for (const auto b : i.assist) assist.push_back(body(b));
        return {
            {"id", std::to_string(i.id.value)},
            {"kind", kind(i.kind)},
            {"severity", model::to_word(i.severity)},
            {"place", place(i.place)},
            {"state", model::to_word(i.state)},
            {"level", model::to_word(i.level)},
            {"lead", body(i.lead)},
            {"assist", assist},
            {"opened", time(i.opened)},
            {"latest_alert", time(i.latest_alert)},
            {"alert_count", i.alert_count},
            {"acknowledged", time(i.acknowledged)},
            {"arrived", time(i.arrived)},
            {"resolved", time(i.resolved)},
            {"ended", time(i.ended)},
            {"missed_acknowledge", i.missed_acknowledge},
            {"missed_arrive", i.missed_arrive},
            {"missed_close", i.missed_close},
            {"reopened_times", i.reopened_times},
            {"merged_into", i.merged_into.valid() ? json::value(std::to_string(i.merged_into.value)) : json::value()},
            {"told", i.told.size()}};
    }

    [[nodiscard]] json::object event(const model::TimelineEvent& e) const {
        return {{"n", e.nth},
                {"at", time(e.at)},
                {"type", model::to_word(e.type)},
                {"from", model::to_word(e.from)},
                {"to", model::to_word(e.to)},
                {"actor", e.actor.code},
                {"body", body(e.body)},
                {"level", model::to_word(e.level)},
                {"detail", e.detail}};
    }

private:
    const model::Policy& policy_;
};

// Nearest-rank quantile in seconds; null where there is nothing.
json::value quantile(std::vector<std::int64_t> us, double q) {
    if (us.empty()) return nullptr;
    std::sort(us.begin(), us.end());
    const auto rank = static_cast<std::size_t>(q * static_cast<double>(us.size() - 1) + 0.5);
    return static_cast<double>(us[rank]) / 1e6;
}

json::object span_figures(const Decisions& d, base::Time model::Incident::* until) {
    std::vector<std::int64_t> spans;
    for (const auto& [id, i] : d.incidents) {
        if ((i.*until).is_set()) spans.push_back(((i.*until) - i.opened).us);
    }
    return {{"count", spans.size()}, {"median_s", quantile(spans, 0.5)}, {"p90_s", quantile(spans, 0.9)}};
}

json::object figures(const Writer& w, const Decisions& d) {
    std::map<std::string, std::size_t> by_kind;
    std::map<std::string, std::size_t> by_rule;
    std::map<std::string, std::size_t> by_state;
    for (const auto& [id, i] : d.incidents) {
        ++by_kind[std::string(w.kind(i.kind).as_string())];
        ++by_state[std::string(model::to_word(i.state))];
    }
    for (const auto& [id, a] : d.alerts) {
        if (const auto rule = w.rule(a.alert.rule); rule.is_string()) ++by_rule[std::string(rule.as_string())];
    }
    const auto counts = [](const std::map<std::string, std::size_t>& m) {
        json::object o;
        for (const auto& [k, v] : m) o[k] = v;
        return o;
    };
    return {{"alerts", d.alerts.size()},
            {"incidents", d.incidents.size()},
            {"alerts_by_rule", counts(by_rule)},
            {"incidents_by_kind", counts(by_kind)},
            {"incidents_by_state", counts(by_state)},
            {"to_acknowledge", span_figures(d, &model::Incident::acknowledged)},
            {"to_arrive", span_figures(d, &model::Incident::arrived)},
            {"to_resolve", span_figures(d, &model::Incident::resolved)},
            {"to_end", span_figures(d, &model::Incident::ended)}};
}

template <class Map, class One>
void write_list(std::ostream& out, const Map& map, One one) {
    const char* before = "";
    for (const auto& [id, x] : map) {
        out << before << '\n' << one(x);
        before = ",";
    }
}

}  // namespace

void write_report(std::ostream& out, const model::Policy& policy, const Decisions& decisions, bool timeline,
                  const std::string& extra) {
    const Writer w(policy);
    out << "{";
    if (!extra.empty()) out << extra << ",\n";
    out << "\"alerts\":[";
    write_list(out, decisions.alerts, [&](const auto& a) { return json::serialize(w.alert(a)); });
    out << "],\n\"incidents\":[";
    write_list(out, decisions.incidents, [&](const auto& i) {
        json::object o = w.incident(i);
        if (timeline) {
            json::array events;
            if (const auto it = decisions.timeline.find(i.id); it != decisions.timeline.end()) {
                for (const auto& e : it->second) events.push_back(w.event(e));
            }
            o["timeline"] = std::move(events);
        }
        return json::serialize(o);
    });
    out << "],\n\"figures\":" << json::serialize(figures(w, decisions)) << "}\n";
}

}  // namespace shoumen::app
