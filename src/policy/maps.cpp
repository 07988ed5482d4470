// maps/*.yaml.
#include <algorithm>
#include <set>

#include "draft.hpp"
#include "maps_reading.hpp"

namespace shoumen::policy {

namespace {

using model::MapDevice;
using model::MapPair;
using model::MapTopic;

constexpr std::size_t most_topics = 1'000;

class MapReader {
public:
    MapReader(Draft& draft, const Source& source, bool devices_known)
        : draft_(draft), source_(source), devices_known_(devices_known) {}

    void read(const Node& tree) {
        const Fields fields(source_, tree, "a map file", {"map", "sign_in", "devices", "topics"});
        if (!fields.is_map()) return;
        map_.file = source_.file;
        if (const Node* code = fields.need("map")) map_.code = read_code(source_, *code, "map").value_or("");
        read_sign_in(fields);
        if (const Node* devices = fields.find("devices")) read_devices(*devices);
        if (const Node* topics = fields.need("topics")) {
            const auto items = items_of(source_, *topics, "topics");
            if (items.empty()) source_.at(topics->line, "map-topics", "a map without topics reads nothing: give one");
            if (items.size() > most_topics)
                return source_.at(topics->line, "map-topics", fmt::format("at most {} topics", most_topics));
            for (const Node* item : items) read_topic(*item);
        }
        for (const model::Map& other : draft_.policy.maps) {
            if (other.code == map_.code)
                source_.at(fields.line(), "doubled-code",
                           fmt::format("the map {} is already declared in {}", quote(map_.code), other.file));
        }
        draft_.policy.maps.push_back(std::move(map_));
    }

private:
    void read_sign_in(const Fields& fields) {
        const Node* node = fields.find("sign_in");
        if (!node) return;
        const std::string word = map_text(source_, *node, "sign_in");
        map_.token_as_user = word == "token_as_user";
        if (!map_.token_as_user && !word.empty())
            source_.at(node->line, "unknown-word", fmt::format("{} is no way to sign in: token_as_user", quote(word)));
    }

    void read_devices(const Node& node) {
        for (const auto& [name, code] : map_pairs(source_, node, "devices")) {
            if (!devices_known_) {
                map_.devices.push_back({name->text, map_text(source_, *code, "device")});
                continue;
            }
            const auto device = draft_.devices.resolve(source_, "device", *code);
            if (device) map_.devices.push_back({name->text, draft_.devices[*device].code});
        }
        std::ranges::sort(map_.devices, {}, &MapPair::from);
    }

    void read_topic(const Node& node) {
        const Fields fields(source_, node, "topic",
                            {"topic", "form", "inner", "each", "device", "same", "id", "time", "time_unit", "time_zone",
                             "evidence", "values", "nested", "plain", "cases", SHOUMEN_MAP_READING_KEYS});
        if (!fields.is_map()) return;
        MapTopic topic;
        topic.line = fields.line();
        if (const Node* text = fields.need("topic")) read_levels(*text, topic);
        topic.reading = read_map_reading(source_, fields);
        read_form(fields, topic);
        read_device(fields, topic);
        topic.same = map_path_at(source_, fields, "same");
        topic.id = map_path_at(source_, fields, "id");
        topic.evidence = map_path_at(source_, fields, "evidence");
        read_time(fields, topic);
        topic.values = {""};
        if (const Node* values = fields.find("values")) {
            topic.values.clear();
            const bool none = values->is(Node::Type::text) && values->text == "none";
            if (!none) {
                for (const Node* item : values_of(source_, *values, "values"))
                    topic.values.push_back(map_path(source_, *item, "values"));
            }
        }
        if (const Node* nested = fields.find("nested"))
            topic.nested = read_bool(source_, *nested, "nested").value_or(false);
        if (const Node* plain = fields.find("plain")) topic.plain = read_code(source_, *plain, "value").value_or("");
        read_cases(fields, topic);
        refuse_shadowed(topic, fields);
        map_.topics.push_back(std::move(topic));
    }

    void read_form(const Fields& fields, MapTopic& topic) {
        if (const Node* form = fields.find("form")) {
            const std::string word = map_text(source_, *form, "form");
            if (word == "xml") topic.form = model::MapForm::xml;
            if (word == "bytes") topic.form = model::MapForm::bytes;
            if (word != "json" && word != "xml" && word != "bytes" && !word.empty())
                source_.at(form->line, "unknown-word",
                           fmt::format("{} is no form of a payload: json, xml or bytes", quote(word)));
        }
        topic.inner = map_path_at(source_, fields, "inner");
        if (const Node* each = fields.find("each")) {
            for (const Node* item : values_of(source_, *each, "each"))
                topic.each.push_back(map_path(source_, *item, "each"));
        }
    }

    void read_time(const Fields& fields, MapTopic& topic) {
        topic.time = map_path_at(source_, fields, "time");
        if (const Node* unit = fields.find("time_unit")) {
            const std::string word = map_text(source_, *unit, "time_unit");
            topic.time_in_seconds = word == "s";
            if (word != "s" && word != "ms" && !word.empty())
                source_.at(unit->line, "unknown-word", fmt::format("{} is no unit of time: ms or s", quote(word)));
        }
        const Node* zone = fields.find("time_zone");
        if (!zone) return;
        const std::string text = map_text(source_, *zone, "time_zone");
        unsigned hours = 0;
        unsigned minutes = 0;
        const bool form = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
                          two_digits(text, 1, hours) && two_digits(text, 4, minutes) && hours <= 14 && minutes < 60;
        if (!form && !text.empty())
            source_.at(zone->line, "out-of-range",
                       fmt::format("{} is no offset from UTC: write it like \"+08:00\"", quote(text)));
        const int offset = static_cast<int>(hours * 60 + minutes);
        if (form) topic.offset_min = static_cast<std::int16_t>(text[0] == '-' ? -offset : offset);
    }

    static bool two_digits(std::string_view text, std::size_t at, unsigned& out) {
        if (text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9') return false;
        out = static_cast<unsigned>(text[at] - '0') * 10 + static_cast<unsigned>(text[at + 1] - '0');
        return true;
    }

    void read_cases(const Fields& fields, MapTopic& topic) {
        const Node* cases = fields.find("cases");
        if (!cases) return;
        for (const Node* item : items_of(source_, *cases, "cases")) {
            const Fields inner(source_, *item, "case", {"when", SHOUMEN_MAP_READING_KEYS});
            if (!inner.is_map()) continue;
            model::MapCase one;
            one.line = inner.line();
            if (const Node* when = inner.find("when")) one.when = map_conditions(source_, *when);
            one.reading = read_map_reading(source_, inner);
            for (const model::MapCondition& condition : one.when) refuse_unknown_word(topic, condition, inner.line());
            if (!topic.cases.empty() && topic.cases.back().when.empty())
                source_.at(one.line, "map-unreachable",
                           fmt::format("the case of line {} has no 'when' and takes all: put this one before it",
                                       topic.cases.back().line));
            topic.cases.push_back(std::move(one));
        }
    }

    void refuse_unknown_word(const MapTopic& topic, const model::MapCondition& condition, std::uint32_t line) {
        if (!condition.path.starts_with('{') || std::ranges::find(topic.levels, condition.path) != topic.levels.end())
            return;
        source_.at(line, "map-topic", fmt::format("{} is no level of this topic", quote(condition.path)));
    }

    void read_levels(const Node& node, MapTopic& topic) {
        const std::string text = map_text(source_, node, "topic");
        if (text.empty()) return;
        std::size_t from = 0;
        for (std::size_t at = 0; at <= text.size(); ++at) {
            if (at < text.size() && text[at] != '/') continue;
            topic.levels.push_back(text.substr(from, at - from));
            from = at + 1;
        }
        std::size_t devices = 0;
        bool told = false;  // a word stands at a place of its own
        for (std::size_t i = 0; i < topic.levels.size(); ++i) {
            const std::string& level = topic.levels[i];
            devices += level == "{device}" ? 1 : 0;
            const bool word = level.size() > 2 && level.front() == '{' && level.back() == '}' &&
                              is_code(std::string_view(level).substr(1, level.size() - 2));
            const bool odd = !word && level.find_first_of("{}") != level.npos;
            const bool wild = (level.find('+') != level.npos && level != "+") ||
                              (level.find('#') != level.npos && (level != "#" || i + 1 != topic.levels.size()));
            told = told || (!level.empty() && !word && level != "+" && level != "#");
            if (odd || wild || (level.empty() && i > 0))
                source_.at(node.line, "map-topic",
                           fmt::format("{} is no topic: levels parted by /, each a word, + (any one), {{device}} or "
                                       "{{name}} (any one), or, last, #",
                                       quote(text)));
        }
        if (devices > 1) source_.at(node.line, "map-topic", "{device} may stand in a topic once");
        const std::string& first = topic.levels.front();
        if (!told || first == "#" || first == "+" || first.starts_with('{'))
            source_.at(node.line, "map-everything",
                       "this topic would fit what other devices send: begin it with a word of its own");
        if (text.starts_with("shoumen/"))
            source_.at(node.line, "map-topic", "topics below shoumen/ are ours and need no map");
    }

    void read_device(const Fields& fields, MapTopic& topic) {
        const bool in_topic = std::ranges::find(topic.levels, "{device}") != topic.levels.end();
        const Node* node = fields.find("device");
        if (!node) {
            if (!in_topic && !topic.reading.ignored)
                source_.at(fields.line(), "missing-key",
                           "say whose reading it is: {device} in the topic, or the key 'device' (own, members, or "
                           "{field: path})");
            return;
        }
        if (in_topic) source_.at(node->line, "map-device", "the topic names the device already: keep one of the two");
        if (node->is(Node::Type::map)) {
            const Fields inner(source_, *node, "device", {"field"});
            topic.device = MapDevice::field;
            if (const Node* path = inner.need("field")) topic.device_path = map_path(source_, *path, "field");
            return;
        }
        const std::string word = map_text(source_, *node, "device");
        topic.device = word == "members" ? MapDevice::members : MapDevice::own;
        if (word != "own" && word != "members" && !word.empty())
            source_.at(
                node->line, "unknown-word",
                fmt::format("{} does not say whose reading it is: own, members or {{field: path}}", quote(word)));
    }

    // A topic behind one that fits all it fits is never reached.
    void refuse_shadowed(const MapTopic& topic, const Fields& fields) {
        for (const MapTopic& earlier : map_.topics) {
            if (!covers(earlier.levels, topic.levels)) continue;
            source_.at(
                fields.line(), "map-unreachable",
                fmt::format("the topic of line {} fits all that this one fits: put this one before it", earlier.line));
            return;
        }
    }

    static bool covers(const std::vector<std::string>& wide, const std::vector<std::string>& narrow) {
        for (std::size_t i = 0;; ++i) {
            if (i < wide.size() && wide[i] == "#") return true;
            if (i == wide.size() || i == narrow.size()) return i == wide.size() && i == narrow.size();
            const bool any = wide[i] == "+" || wide[i].starts_with('{');
            if (any ? narrow[i] == "#" : wide[i] != narrow[i]) return false;
        }
    }

    Draft& draft_;
    const Source& source_;
    bool devices_known_;
    model::Map map_;
};

}  // namespace

void read_maps(Draft& draft) {
    for (const auto& [name, content] : draft.files) {
        if (!name.starts_with("maps/") || !name.ends_with(".yaml")) continue;
        const auto tree = draft.tree(name);
        if (!tree) continue;
        const Source source = draft.source(name);
        MapReader(draft, source, true).read(*tree);
    }
}

ReadMap read_map(const std::string& file, const std::string& content) {
    const Files files{{file, content}};
    Draft draft(files, nullptr, 1);
    if (const auto tree = draft.tree(file)) {
        const Source source = draft.source(file);
        MapReader(draft, source, false).read(*tree);
    }
    ReadMap out;
    out.findings = draft.report.take();
    if (out.findings.empty() && !draft.policy.maps.empty()) out.map = std::move(draft.policy.maps.front());
    return out;
}

}  // namespace shoumen::policy
