// rules/*.yaml.
#include <algorithm>
#include <array>

#include "comparison.hpp"
#include "draft.hpp"

namespace shoumen::policy {

namespace {

using model::KeyLevel;
using model::Operator;
using model::Rule;

// In the order of model::KeyLevel.
constexpr auto key_words = std::to_array<std::string_view>(
    {"device", "room", "home", "floor", "unit", "building", "estate", "community", "person", "gateway"});
constexpr auto join_words =
    std::to_array<std::string_view>({"community", "estate", "building", "unit", "floor", "home", "room", "point"});

constexpr base::Duration longest = base::days(30);

std::optional<KeyLevel> parse_key(std::string_view word) {
    const auto at = std::ranges::find(key_words, word);
    if (at == key_words.end()) return std::nullopt;
    return static_cast<KeyLevel>(at - key_words.begin());
}

std::optional<model::PlaceLevel> parse_join(std::string_view word) {
    if (std::ranges::find(join_words, word) == join_words.end()) return std::nullopt;
    return model::parse_PlaceLevel(word);
}

class RuleReader {
public:
    RuleReader(Draft& draft, const Source& source, const Node& node)
        : draft_(draft),
          source_(source),
          fields_(source, node, "rule",
                  {"id",       "name",   "kind",      "kinds",      "within",  "estates",         "devices",
                   "key",      "where",  "threshold", "count",      "absence", "learned_absence", "sequence",
                   "together", "during", "cooldown",  "auto_clear", "alert",   "precision"}) {}

    // Nothing when it is no rule at all; else what could be read of it.
    std::optional<Rule> read() {
        if (!fields_.is_map()) return std::nullopt;
        rule_.line = fields_.line();
        rule_.file = source_.file;
        read_names_of_rule();
        read_watched();
        read_operator();
        read_during();
        read_span(fields_, "cooldown", rule_.cooldown, base::Duration{}, longest);
        read_span(fields_, "auto_clear", rule_.auto_clear, base::Duration{}, longest);
        read_alert();
        if (const Node* node = fields_.find("precision"))
            rule_.precision = read_precision(draft_, source_, *node, rule_);
        check_key();
        return std::move(rule_);
    }

private:
    void read_span(const Fields& fields, std::string_view key, base::Duration& into, base::Duration least,
                   base::Duration most) {
        if (const Node* node = fields.find(key)) into = read_duration(source_, *node, key, least, most).value_or(into);
    }

    void read_names_of_rule() {
        if (const Node* id = fields_.need("id")) rule_.code = read_code(source_, *id, "rule").value_or("");
        const Node* name = fields_.find("name");
        rule_.name = (name ? read_names(source_, *name) : std::nullopt).value_or(model::Names{rule_.code, rule_.code});
    }

    void read_watched() {
        const bool has_events = fields_.find("sequence") != nullptr || fields_.find("together") != nullptr;
        rule_.kinds = read_kinds(fields_, !has_events);
        if (const Node* within = fields_.find("within"))
            rule_.within_places = draft_.places.resolve_all(source_, "place", *within);
        read_estates();
        if (const Node* devices = fields_.find("devices")) read_only_devices(*devices);
        if (const Node* key = fields_.find("key"))
            rule_.key = read_word<KeyLevel>(source_, *key, "key of a rule", parse_key, key_words).value_or(rule_.key);
        if (const Node* where = fields_.find("where")) read_where(*where, rule_.where);
    }

    // A rule by person or gateway hears only devices that have one.
    void check_key() {
        const bool person = rule_.key == KeyLevel::person;
        if (!person && rule_.key != KeyLevel::gateway) return;
        const auto& devices = draft_.devices.all();
        for (std::size_t i = 0; i < devices.size(); ++i) {
            const model::Device& d = devices[i];
            if ((person ? d.person.valid() : d.gateway.valid()) && watches(model::DeviceId{i}, d)) return;
        }
        source_.at(fields_.find("key")->line, "rule-key",
                   person ? "none of the devices it watches is anybody's: give them 'person: CODE' in devices.yaml"
                          : "none of the devices it watches is behind a gateway: give them 'gateway: CODE'");
    }

    bool watches(model::DeviceId id, const model::Device& d) const {
        if (d.retired || d.is_gateway || ((rule_.kinds >> static_cast<unsigned>(d.kind)) & 1U) == 0) return false;
        const bool here =
            rule_.within_places.empty() ||
            std::ranges::any_of(rule_.within_places, [&](model::PlaceId p) { return lies_in(d.place, p); });
        return here &&
               (rule_.only_devices.empty() || std::ranges::find(rule_.only_devices, id) != rule_.only_devices.end());
    }

    // Every estate of these types; with within as well, those of them that lie there.
    void read_estates() {
        const Node* node = fields_.find("estates");
        if (!node) return;
        const auto types = read_words<model::EstateType>(source_, *node, "type of estate", SHOUMEN_READ(EstateType));
        std::vector<model::PlaceId> found;
        for (std::size_t i = 0; i < draft_.places.size(); ++i) {
            const model::PlaceId id{static_cast<std::uint32_t>(i)};
            const model::Place& place = draft_.places[id];
            if (place.retired || place.level != model::PlaceLevel::estate) continue;
            if (std::ranges::find(types, place.estate_type) == types.end()) continue;
            const bool here =
                rule_.within_places.empty() ||
                std::ranges::any_of(rule_.within_places, [&](model::PlaceId p) { return lies_in(id, p); });
            if (here) found.push_back(id);
        }
        if (found.empty() && !types.empty())
            source_.at(node->line, "rule-estates", "there is no estate of these types: the rule would hear nothing");
        rule_.within_places = std::move(found);
    }

    bool lies_in(model::PlaceId place, model::PlaceId in) const {
        while (place.valid() && place != in) place = draft_.places[place].parent;
        return place == in;
    }

    // A comparison, or {any: […]}, {none: […]} of comparisons; all that stand in the list must hold.
    void read_where(const Node& where, std::vector<model::Condition>& into) {
        if (where.is(Node::Type::map)) return read_clause(where, into);
        for (const Node* item : values_of(source_, where, "where")) {
            if (item->type == Node::Type::map) {
                read_clause(*item, into);
            } else if (const auto condition = read_comparison(draft_, source_, *item, "where")) {
                into.push_back(*condition);
            }
        }
    }

    void read_clause(const Node& node, std::vector<model::Condition>& into) {
        const Fields fields(source_, node, "where", {"any", "none"});
        const Node* any = fields.find("any");
        const Node* none = fields.find("none");
        if ((any != nullptr) == (none != nullptr))
            return source_.at(fields.line(), "rule-where", "write {any: [comparisons]} or {none: [comparisons]}");
        for (const Node* item : values_of(source_, any ? *any : *none, "where")) {
            auto condition = read_comparison(draft_, source_, *item, "where");
            if (!condition) continue;
            condition->or_next = any != nullptr;
            condition->negated = none != nullptr;
            into.push_back(*condition);
        }
        if (!into.empty()) into.back().or_next = false;
    }

    std::uint32_t read_kinds(const Fields& fields, bool needed) {
        const Node* kinds = fields.find("kinds");
        const Node* kind = fields.find("kind");
        if (kinds && kind)
            source_.at(kind->line, "doubled-key", "kind and kinds are the same key: keep one of the two");
        if (!kinds) kinds = kind ? kind : needed ? fields.need("kinds") : nullptr;
        std::uint32_t bits = 0;
        if (!kinds) return bits;
        for (const auto k : read_words<model::SignalKind>(source_, *kinds, "kind of device", SHOUMEN_READ(SignalKind)))
            bits |= 1U << static_cast<unsigned>(k);
        return bits;
    }

    void read_only_devices(const Node& list) {
        for (const Node* item : values_of(source_, list, "device")) {
            const auto device = draft_.devices.resolve(source_, "device", *item);
            if (!device) continue;
            const model::Device& d = draft_.devices[*device];
            if (std::ranges::find(rule_.only_devices, *device) != rule_.only_devices.end())
                source_.at(item->line, "doubled-item", fmt::format("{} stands twice in this list", quote(item->text)));
            else if (rule_.kinds != 0 && (d.is_gateway || ((rule_.kinds >> static_cast<unsigned>(d.kind)) & 1U) == 0))
                source_.at(item->line, "rule-device",
                           fmt::format("{} is not of a kind that this rule watches, so it would never hear it",
                                       quote(d.code)));
            else
                rule_.only_devices.push_back(*device);
        }
    }

    void read_operator() {
        const Node* threshold = fields_.find("threshold");
        const Node* count = fields_.find("count");
        const Node* absence = fields_.find("absence");
        const Node* learned = fields_.find("learned_absence");
        const Node* sequence = fields_.find("sequence");
        const Node* together = fields_.find("together");
        const Node* const all[] = {threshold, count, absence, learned, sequence, together};
        if (std::ranges::count_if(all, [](const Node* n) { return n != nullptr; }) != 1)
            source_.at(fields_.line(), "rule-operator",
                       "a rule has one of threshold, count, absence, learned_absence, sequence and together");
        if (sequence) read_sequence(*sequence);
        if (together) read_together(*together);
        if (threshold) read_threshold(*threshold);
        if (count) read_count(*count);
        if (absence) read_absence(*absence);
        if (learned) read_learned_absence(*learned);
    }

    void read_threshold(const Node& node) {
        const Fields fields(source_, node, "threshold", {"raise", "clear", "hold", "repeat"});
        rule_.op = Operator::threshold;
        const Node* raise = fields.need("raise");
        const Node* clear = fields.find("clear");
        const auto raises = raise ? read_comparison(draft_, source_, *raise, "raise") : std::nullopt;
        if (clear) rule_.clear = read_comparison(draft_, source_, *clear, "clear");
        if (raises) rule_.raise = *raises;
        read_span(fields, "hold", rule_.hold, base::Duration{}, longest);
        read_span(fields, "repeat", rule_.repeat, base::Duration{}, longest);
        if (!raises || !rule_.clear) return;
        if (raises->field == rule_.clear->field && raises->value.type != rule_.clear->value.type)
            source_.at(clear->line, "rule-clear",
                       "clear compares with another type of value than raise, so it never clears");
        else if (can_both_hold(*raises, *rule_.clear))
            source_.at(clear->line, "rule-clear", "one value would both raise and clear: set the two apart");
        check_spelling(*raises, *rule_.clear, raise->line);
    }

    // Fields are what devices say, so any name may be meant; but of two that are nearly one, one is hardly ever.
    void check_spelling(const model::Condition& raise, const model::Condition& clear, std::uint32_t line) {
        const std::string& one = draft_.policy.fields[raise.field.value];
        const std::string& other = draft_.policy.fields[clear.field.value];
        if (one == other || one.size() < 4 || other.size() < 4 || edit_distance(one, other, 1) > 1) return;
        source_.at(line, "rule-field",
                   fmt::format("raise goes by {} and clear by {}: one of them is misspelled, or the two fields want "
                               "names that differ in more than a letter",
                               quote(one), quote(other)));
    }

    void read_count(const Node& node) {
        const Fields fields(source_, node, "count", {"at_least", "within"});
        rule_.op = Operator::count;
        if (const Node* least = fields.need("at_least"))
            rule_.at_least = read_whole(source_, *least, "at_least", 2, 1000).value_or(2);
        if (fields.need("within")) read_span(fields, "within", rule_.within, base::milliseconds(1), longest);
    }

    void read_absence(const Node& node) { read_silence(Fields(source_, node, "absence", {"within", "link", "flat"})); }

    // The plain absence until the home is learned; see docs/decisions/027-learned-absence.md.
    void read_learned_absence(const Node& node) {
        const Fields fields(source_, node, "learned_absence",
                            {"within", "link", "flat", "least", "away", "false_alarms", "way_out"});
        read_silence(fields);
        constexpr std::int64_t most_false_alarms = 7;
        rule_.at_least = 1;
        if (const Node* alarms = fields.find("false_alarms"))
            rule_.at_least = read_whole(source_, *alarms, "false_alarms", 1, most_false_alarms).value_or(1);
        rule_.hold = base::hours(1);
        read_span(fields, "least", rule_.hold, base::minutes(10), longest);
        read_span(fields, "away", rule_.repeat, base::minutes(10), longest);
        if (rule_.within.us > 0 && rule_.hold > rule_.within)
            source_.at(fields.line(), "rule-learned",
                       "least is longer than within, which always alerts: make it shorter");
        if (rule_.within.us > 0 && rule_.repeat.us > 0 && rule_.repeat < rule_.within)
            source_.at(fields.line(), "rule-learned",
                       "away is shorter than within: whoever has left the home may be silent longer than who is in it");
        if (const Node* way_out = fields.find("way_out")) rule_.unless = read_event(*way_out, rule_.kinds, "");
        if (rule_.key == KeyLevel::device)
            source_.at(
                fields.line(), "rule-learned",
                "a habit is a home's or a person's, not one device's: give the rule 'key: home' or 'key: person'");
    }

    void read_silence(const Fields& fields) {
        rule_.op = Operator::absence;
        if (fields.need("within")) read_span(fields, "within", rule_.within, base::seconds(1), longest);
        read_span(fields, "link", rule_.link, base::seconds(1), longest);
        read_flat(fields);
        if (fields.find("link") && rule_.where.empty())
            source_.at(
                fields.line(), "rule-link",
                "with link, where must say which signals are activity: any other only shows that the link lives");
    }

    // Which report says that a battery is flat: asked of what the device said last.
    void read_flat(const Fields& fields) {
        const Node* flat = fields.find("flat");
        if (!flat) return;
        read_where(*flat, rule_.flat);
        const auto by_change = [](const model::Condition& c) { return c.compare == model::Compare::changed; };
        if (std::ranges::any_of(rule_.flat, by_change))
            source_.at(flat->line, "bad-comparison", "a battery is flat by what it says, not because that changed");
    }

    void read_sequence(const Node& node) {
        const Fields fields(source_, node, "sequence", {"within", "events", "unless"});
        rule_.op = Operator::sequence;
        if (fields.need("within")) read_span(fields, "within", rule_.within, base::milliseconds(1), longest);
        read_events(fields, "absent");
    }

    void read_together(const Node& node) {
        const Fields fields(source_, node, "together", {"within", "events", "unless", "at_least"});
        rule_.op = Operator::together;
        if (fields.need("within")) read_span(fields, "within", rule_.within, base::milliseconds(1), longest);
        read_events(fields, "");
        const auto all = static_cast<std::uint32_t>(rule_.events.size());
        rule_.at_least = all;
        const Node* least = fields.find("at_least");
        if (least && all > 0) rule_.at_least = read_whole(source_, *least, "at_least", 1, all).value_or(all);
    }

    // What a rule as a whole watches is what its events watch.
    void read_events(const Fields& fields, std::string_view absent) {
        const std::uint32_t of_rule = rule_.kinds;
        std::uint32_t heard = of_rule;
        if (const Node* list = fields.need("events")) {
            const auto items = items_of(source_, *list, "events");
            for (const Node* item : items) {
                auto event = read_event(*item, of_rule, item == items.back() && items.size() > 1 ? absent : "");
                heard |= event.kinds;
                rule_.events.push_back(std::move(event));
            }
            if (items.empty() || items.size() > model::most_events)
                source_.at(list->line, "rule-events", fmt::format("a rule has 1 to {} events", model::most_events));
        }
        if (const Node* node = fields.find("unless")) {
            rule_.unless = read_event(*node, of_rule, "");
            heard |= rule_.unless->kinds;
        }
        rule_.kinds = heard;
    }

    model::Event read_event(const Node& node, std::uint32_t of_rule, std::string_view absent) {
        model::Event event;
        const Fields fields(
            source_, node, "event",
            absent.empty()
                ? std::initializer_list<std::string_view>{"kind", "kinds", "where", "at_least", "rule"}
                : std::initializer_list<std::string_view>{"kind", "kinds", "where", "at_least", "absent", "rule"});
        if (!fields.is_map()) return event;
        if (const Node* rule = fields.find("rule")) {
            source_.at(rule->line, "rule-rule",
                       fmt::format("{} is a rule: a rule hears signals, never what rules found, itself least of all; "
                                   "name the kind of device and its values",
                                   quote(rule->text)));
            return event;
        }
        event.kinds = read_kinds(fields, of_rule == 0);
        if (of_rule != 0 && (event.kinds & ~of_rule) != 0)
            source_.at(fields.line(), "rule-events", "the rule's own kinds leave out a kind of this event");
        if (const Node* where = fields.find("where")) read_where(*where, event.where);
        if (const Node* least = fields.find("at_least"))
            event.at_least = read_whole(source_, *least, "at_least", 1, model::most_times).value_or(1);
        if (absent.empty() || !fields.find("absent")) return event;
        event.absent = true;
        read_span(fields, "absent", rule_.hold, base::seconds(1), longest);
        return event;
    }

    void read_during() {
        const Node* node = fields_.find("during");
        if (!node) return;
        const Fields fields(source_, *node, "during", {"hours", "days"});
        if (!fields.is_map()) return;
        const Node* hours = fields.find("hours");
        const Node* days = fields.find("days");
        if (!hours && !days) source_.at(fields.line(), "missing-key", "during needs the key 'hours' or 'days'");
        model::Schedule during{.from_minute = 0, .to_minute = 24 * 60};
        if (hours) during = read_hours(source_, *hours).value_or(during);
        if (days) draft_.days(source_, *days, during);
        rule_.during = during;
    }

    void read_alert() {
        const Node* node = fields_.need("alert");
        if (!node) return;
        const Fields fields(source_, *node, "alert",
                            {"incident", "cause", "severity", "join", "parted_by", "rise", "fall"});
        const Node* incident = fields.need("incident");
        const auto kind = incident ? draft_.incidents.resolve(source_, "incident", *incident) : std::nullopt;
        if (kind) rule_.incident = *kind;
        const Node* cause = fields.find("cause");
        const auto named = cause ? read_code(source_, *cause, "cause") : std::nullopt;
        if (named)
            rule_.cause = draft_.cause(*named);
        else if (kind)
            rule_.cause = draft_.cause(draft_.incidents[*kind].code);
        if (const Node* severity = fields.need("severity"))
            rule_.severity = read_word<model::Severity>(source_, *severity, "severity", SHOUMEN_READ(Severity))
                                 .value_or(rule_.severity);
        if (const Node* join = fields.find("join"))
            rule_.join = read_word<model::PlaceLevel>(source_, *join, "level to join at", parse_join, join_words)
                             .value_or(rule_.join);
        read_parting(fields);
        read_rise(fields);
        read_fall(fields);
    }

    void read_parting(const Fields& alert) {
        const Node* node = alert.find("parted_by");
        if (!node) return;
        const auto word = read_text(source_, *node, "parted_by");
        if (!word) return;
        const auto has_storey = [](const model::Place& p) { return p.storey.has_value(); };
        if (*word != "silent_floor")
            source_.at(node->line, "unknown-word",
                       fmt::format("parted_by {} is not known; known is: silent_floor", quote(*word)));
        else if (rule_.join > model::PlaceLevel::unit)
            source_.at(node->line, "rule-parted",
                       fmt::format("alerts joined by {} never lie on two floors: join by unit, or leave parted_by out",
                                   model::to_word(rule_.join)));
        else if (std::ranges::none_of(draft_.places.all(), has_storey))
            source_.at(node->line, "rule-parted",
                       "no floor in community.yaml says its storey, so none can lie between two: give them theirs, "
                       "such as {id: f3, parent: u1, level: floor, storey: 3}");
        rule_.parted_by_silent_floor = true;
    }

    std::optional<model::SeverityStep> read_step(const Node& node, std::string_view what) {
        const Fields fields(source_, node, what, {"after", "to"});
        const Node* after = fields.need("after");
        const Node* to = fields.need("to");
        const auto span = after ? read_duration(source_, *after, "after", base::seconds(1), longest) : std::nullopt;
        const auto severity =
            to ? read_word<model::Severity>(source_, *to, "severity", SHOUMEN_READ(Severity)) : std::nullopt;
        if (!span || !severity) return std::nullopt;
        return model::SeverityStep{*span, *severity};
    }

    void read_rise(const Fields& fields) {
        const Node* list = fields.find("rise");
        if (!list) return;
        model::SeverityStep before{base::Duration{}, rule_.severity};
        const bool one = list->is(Node::Type::map);
        if (list->is(Node::Type::list) && list->items.empty())
            source_.at(list->line, "rule-rise",
                       "rise is an empty list: leave it out, or say when it rises and to what");
        for (const Node* node : one ? std::vector{list} : items_of(source_, *list, "rise")) {
            const auto step = read_step(*node, "rise");
            if (!step) continue;
            if (step->to >= before.to || step->after <= before.after)
                source_.at(node->line, "rule-rise",
                           fmt::format("each step comes later and is graver than the one before it, the first graver "
                                       "than the alert's severity: {} is not graver than {}, or {} not later",
                                       model::to_word(step->to), model::to_word(before.to),
                                       base::format_duration(step->after)));
            else
                rule_.rise.push_back(*step);
            before = *step;
        }
    }

    void read_fall(const Fields& fields) {
        const Node* node = fields.find("fall");
        const auto step = node ? read_step(*node, "fall") : std::nullopt;
        if (!step) return;
        const bool clears = rule_.op == Operator::threshold || rule_.op == Operator::absence || rule_.auto_clear.us > 0;
        if (step->to <= rule_.severity)
            source_.at(node->line, "rule-fall",
                       fmt::format("it falls to {}, which is not lighter than the alert's severity {}",
                                   model::to_word(step->to), model::to_word(rule_.severity)));
        else if (!clears)
            source_.at(node->line, "rule-fall",
                       "it falls after its alert has cleared, and an alert of this rule never clears: give the rule "
                       "auto_clear");
        rule_.fall = *step;
    }

    Draft& draft_;
    const Source& source_;
    Fields fields_;
    Rule rule_;
};

class RuleBook {
public:
    explicit RuleBook(Draft& draft) : draft_(draft) {}

    void add(const Source& source, Rule rule) {
        if (!rule.code.empty() && is_taken(source, rule)) return;
        rule.id = model::RuleId{draft_.policy.rules.size()};
        draft_.policy.rules.push_back(std::move(rule));
    }

    // Two rules that do the same would answer every signal twice, and their windows could not be told apart.
    void identify() {
        if (!draft_.report.empty()) return;
        std::unordered_map<base::Digest, std::size_t, base::DigestHash> known;
        for (Rule& rule : draft_.policy.rules) {
            rule.identity = identity_of(draft_.policy, rule);
            const auto [at, is_new] = known.emplace(rule.identity, rule.id.value);
            if (is_new) continue;
            const Rule& other = draft_.policy.rules[at->second];
            draft_.report.add(rule.file, rule.line, "rule-same",
                              fmt::format("does exactly what rule {} at {}:{} does: keep one of the two",
                                          quote(other.code), other.file, other.line));
        }
    }

private:
    bool is_taken(const Source& source, const Rule& rule) {
        const auto [at, is_new] = codes_.emplace(rule.code, draft_.policy.rules.size());
        if (is_new) return false;
        const Rule& other = draft_.policy.rules[at->second];
        source.at(rule.line, "doubled-code",
                  fmt::format("the rule {} is already declared at {}:{}: give each its own code", quote(rule.code),
                              other.file, other.line));
        return true;
    }

    Draft& draft_;
    std::unordered_map<std::string, std::size_t> codes_;
};

}  // namespace

void read_rules(Draft& draft) {
    RuleBook book(draft);
    for (const auto& [name, content] : draft.files) {
        if (!name.starts_with("rules/") || !name.ends_with(".yaml")) continue;
        const auto tree = draft.tree(name);
        if (!tree) continue;
        const Source source = draft.source(name);
        const Fields fields(source, *tree, "a rule file", {"rules"});
        const Node* list = fields.need("rules");
        if (!list) continue;
        for (const Node* node : items_of(source, *list, "rules")) {
            if (auto rule = RuleReader(draft, source, *node).read()) book.add(source, std::move(*rule));
        }
    }
    book.identify();
}

}  // namespace shoumen::policy
