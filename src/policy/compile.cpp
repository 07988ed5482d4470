#include <algorithm>
#include <array>
#include <map>

#include "base/hash.hpp"

#include "draft.hpp"

namespace shoumen::policy {

namespace {

constexpr std::size_t most_bytes = 64UL * 1024 * 1024;

template <class Id, class Map>
Id intern(std::vector<std::string>& list, Map& map, std::string_view text) {
    if (const auto at = map.find(text); at != map.end()) return at->second;
    const Id id{list.size()};
    list.emplace_back(text);
    map.emplace(std::string(text), id);
    return id;
}

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// A file that nobody reads is a rule that never fires: said, not passed over.
void report_strangers(Draft& draft) {
    constexpr auto known = std::to_array<std::string_view>(
        {"community.yaml", "calendar.yaml", "devices.yaml", "devices-added.yaml", "duty.yaml", "matrix.yaml",
         "ladder.yaml", "access.yaml", "accounts.yaml", "retention.yaml", "coverage.yaml"});
    for (const auto& [name, content] : draft.files) {
        const bool in_folder = name.starts_with("rules/") || name.starts_with("maps/");
        if (in_folder ? name.ends_with(".yaml") : std::ranges::find(known, name) != known.end()) continue;
        if (!is_yaml(name)) continue;
        draft.report.add(name, 1, "unknown-file",
                         in_folder ? "the name must end with .yaml to be read: rename it"
                                   : "no file of this name is read" + draft.report.suggest(name, known));
    }
}

bool is_too_large(Draft& draft) {
    std::size_t bytes = 0;
    for (const auto& [name, content] : draft.files) {
        bytes += content.size();
        if (bytes <= most_bytes) continue;
        draft.report.add(name, 1, "directory-too-large",
                         "the files hold more than 64 MB up to here: take out what is not needed");
        return true;
    }
    return false;
}

// A retired place keeps its number, but what was above it may have become something else. A retired grid holds nothing.
void settle_retired(model::Policy& policy) {
    for (model::Grid& grid : policy.grids) {
        if (grid.retired) grid.places.clear();
    }
    for (model::Place& place : policy.places) {
        if (!place.retired || !place.parent.valid()) continue;
        if (policy.places[place.parent.value].level < place.level) continue;
        place.parent = place.level > model::PlaceLevel::community ? policy.root : model::PlaceId{};
    }
}

// A rule that has vanished watches nothing; what it once found still names it.
model::Rule retire(const model::Rule& rule) {
    model::Rule r;
    r.code = rule.code;
    r.name = rule.name;
    r.identity = base::sha256("retired " + rule.code);
    r.incident = rule.incident;
    r.cause = rule.cause;
    r.severity = rule.severity;
    r.retired = true;
    return r;
}

// By code: a rule that is known keeps its number, new ones come at the end.
void keep_rule_numbers(model::Policy& policy, const model::Policy& before) {
    std::map<std::string, model::Rule*, std::less<>> fresh;
    for (model::Rule& rule : policy.rules) fresh[rule.code] = &rule;
    std::vector<model::Rule> all;
    for (const model::Rule& old : before.rules) {
        const auto at = fresh.find(old.code);
        all.push_back(at == fresh.end() ? retire(old) : *at->second);
    }
    for (const model::Rule& rule : policy.rules) {
        const bool known =
            std::ranges::any_of(before.rules, [&](const model::Rule& old) { return old.code == rule.code; });
        if (!known) all.push_back(rule);
    }
    for (std::size_t i = 0; i < all.size(); ++i) all[i].id = model::RuleId{i};
    policy.rules = std::move(all);
}

}  // namespace

Draft::Draft(const Files& all, const model::Policy* before, std::uint64_t version) : files(all) {
    policy.version = version;
    if (!before) return;
    places.keep(before->places);
    grids.keep(before->grids);
    bodies.keep(before->bodies);
    devices.keep(before->devices);
    incidents.keep(before->incident_kinds);
    policy.fields = before->fields;
    policy.symbols = before->symbols;
    policy.causes = before->causes;
    policy.field_by_name = before->field_by_name;
    policy.symbol_by_name = before->symbol_by_name;
    policy.cause_by_name = before->cause_by_name;
    policy.persons = before->persons;
    for (std::size_t i = 0; i < policy.persons.size(); ++i)
        person_by_code_.emplace(policy.persons[i], model::WatchedId{i});
}

std::optional<Node> Draft::tree(const std::string& file) {
    const auto at = files.find(file);
    if (at != files.end()) return parse(file, at->second, report);
    report.add(file, 1, "file-missing", "this file belongs to every community directory: add it");
    return std::nullopt;
}

model::FieldId Draft::field(std::string_view name) {
    return intern<model::FieldId>(policy.fields, policy.field_by_name, name);
}
model::SymbolId Draft::symbol(std::string_view word) {
    return intern<model::SymbolId>(policy.symbols, policy.symbol_by_name, word);
}
model::CauseId Draft::cause(std::string_view name) {
    return intern<model::CauseId>(policy.causes, policy.cause_by_name, name);
}

model::WatchedId Draft::person(std::string_view code) {
    return intern<model::WatchedId>(policy.persons, person_by_code_, code);
}

void Draft::days(const Source& source, const Node& node, model::Schedule& into) {
    read_days(source, node, into);
    if (into.day_classes != 0 && !files.contains("calendar.yaml"))
        source.at(node.line, "calendar-missing",
                  "working days, weekends and holidays stand in calendar.yaml, and there is none: add it, or name "
                  "weekdays");
}

Compiled compile(const Files& files, const model::Policy* before, std::uint64_t version) {
    Draft draft(files, before, version);
    if (!is_too_large(draft)) {
        report_strangers(draft);
        read_community(draft);
        read_calendar(draft);
        read_devices(draft);
        read_duty(draft);
        read_matrix(draft);
        read_ladder(draft);
        read_rules(draft);
        read_maps(draft);
        read_access(draft);
        read_retention(draft);
        read_accounts(draft);
        read_coverage(draft);
    }
    Compiled compiled{nullptr, std::move(draft.coverage), draft.report.take()};
    if (!compiled.findings.empty()) return compiled;
    settle_retired(draft.policy);
    if (before) keep_rule_numbers(draft.policy, *before);
    draft.policy.digest = digest_of(files);
    draft.policy.index();
    compiled.policy = std::make_shared<model::Policy>(std::move(draft.policy));
    return compiled;
}

}  // namespace shoumen::policy
