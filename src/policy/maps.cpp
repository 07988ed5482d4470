// maps/*.yaml.
#include <algorithm>
#include <set>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

using model::MapDevice;
using model::MapPair;
using model::MapTopic;

constexpr std::size_t longest_text = 256;

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
    std::string text_of(const Node& node, std::string_view what) {
        const auto text = read_text(source_, node, what);
        if (!text) return {};
        if (!text->empty() && text->size() <= longest_text) return std::string(*text);
        source_.at(node.line, "out-of-range", fmt::format("{}: 1 to {} bytes", what, longest_text));
        return {};
    }

    std::string path_of(const Node& node, std::string_view what) {
        std::string text = text_of(node, what);
        if (text == ".") return {};
        const bool bad = text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos;
        if (bad && !text.empty())
            source_.at(
                node.line, "map-path",
                fmt::format("{} is no path: names joined by dots, such as a.b; \".\" is the whole", quote(text)));
        return text;
    }

    std::string path_at(const Fields& fields, std::string_view key) {
        const Node* node = fields.find(key);
        return node ? path_of(*node, key) : std::string();
    }

    // {from: to, …}
    std::vector<std::pair<const Node*, const Node*>> pairs_of(const Node& node, std::string_view what) {
        std::vector<std::pair<const Node*, const Node*>> pairs;
        if (!node.is(Node::Type::map)) {
            wrong_type(source_, node, what, "a map");
            return pairs;
        }
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2)
            pairs.emplace_back(&node.items[i], &node.items[i + 1]);
        return pairs;
    }

    void read_sign_in(const Fields& fields) {
        const Node* node = fields.find("sign_in");
        if (!node) return;
        const std::string word = text_of(*node, "sign_in");
        map_.token_as_user = word == "token_as_user";
        if (!map_.token_as_user && !word.empty())
            source_.at(node->line, "unknown-word", fmt::format("{} is no way to sign in: token_as_user", quote(word)));
    }

    void read_devices(const Node& node) {
        for (const auto& [name, code] : pairs_of(node, "devices")) {
            if (!devices_known_) {
                map_.devices.push_back({name->text, text_of(*code, "device")});
                continue;
            }
            const auto device = draft_.devices.resolve(source_, "device", *code);
            if (device) map_.devices.push_back({name->text, draft_.devices[*device].code});
        }
    }

    void read_topic(const Node& node) {
        const Fields fields(source_, node, "topic",
                            {"topic", "ignore", "device", "id", "time", "time_unit", "values", "fields", "rename",
                             "leave", "meanings", "kind", "kinds", "plain"});
        if (!fields.is_map()) return;
        MapTopic topic;
        topic.line = fields.line();
        if (const Node* text = fields.need("topic")) read_levels(*text, topic);
        if (const Node* ignore = fields.find("ignore"))
            topic.ignored = read_bool(source_, *ignore, "ignore").value_or(false);
        read_device(fields, topic);
        topic.id = path_at(fields, "id");
        topic.time = path_at(fields, "time");
        if (const Node* unit = fields.find("time_unit")) {
            const std::string word = text_of(*unit, "time_unit");
            topic.time_in_seconds = word == "s";
            if (word != "s" && word != "ms" && !word.empty())
                source_.at(unit->line, "unknown-word", fmt::format("{} is no unit of time: ms or s", quote(word)));
        }
        topic.values = {""};
        if (const Node* values = fields.find("values")) {
            topic.values.clear();
            const bool none = values->is(Node::Type::text) && values->text == "none";
            if (!none) {
                for (const Node* item : values_of(source_, *values, "values"))
                    topic.values.push_back(path_of(*item, "values"));
            }
        }
        if (const Node* further = fields.find("fields")) {
            for (const auto& [name, path] : pairs_of(*further, "fields"))
                topic.fields.push_back({name->text, path_of(*path, "fields")});
        }
        if (const Node* rename = fields.find("rename")) {
            for (const auto& [from, to] : pairs_of(*rename, "rename"))
                topic.rename.push_back({from->text, read_code(source_, *to, "value").value_or("")});
        }
        if (const Node* leave = fields.find("leave")) {
            for (const Node* item : values_of(source_, *leave, "leave")) topic.leave.push_back(text_of(*item, "leave"));
        }
        if (const Node* meanings = fields.find("meanings")) read_meanings(*meanings, topic);
        read_kinds(fields, topic);
        if (const Node* plain = fields.find("plain")) topic.plain = read_code(source_, *plain, "value").value_or("");
        refuse_shadowed(topic, fields);
        map_.topics.push_back(std::move(topic));
    }

    void read_levels(const Node& node, MapTopic& topic) {
        const std::string text = text_of(node, "topic");
        if (text.empty()) return;
        std::size_t from = 0;
        for (std::size_t at = 0; at <= text.size(); ++at) {
            if (at < text.size() && text[at] != '/') continue;
            topic.levels.push_back(text.substr(from, at - from));
            from = at + 1;
        }
        std::size_t devices = 0;
        for (std::size_t i = 0; i < topic.levels.size(); ++i) {
            const std::string& level = topic.levels[i];
            devices += level == "{device}" ? 1 : 0;
            const bool odd = level != "{device}" && level.find_first_of("{}") != level.npos;
            const bool wild = (level.find('+') != level.npos && level != "+") ||
                              (level.find('#') != level.npos && (level != "#" || i + 1 != topic.levels.size()));
            if (odd || wild || level.empty())
                source_.at(
                    node.line, "map-topic",
                    fmt::format("{} is no topic: levels parted by /, each a word, + (any one), {{device}}, or, last, #",
                                quote(text)));
        }
        if (devices > 1) source_.at(node.line, "map-topic", "{device} may stand in a topic once");
        if (topic.levels.front() == "#" || topic.levels.front() == "+" || topic.levels.front() == "{device}")
            source_.at(node.line, "map-everything",
                       "this topic would fit what other devices send: begin it with a word of its own");
        if (text.starts_with("shoumen/"))
            source_.at(node.line, "map-topic", "topics below shoumen/ are ours and need no map");
    }

    void read_device(const Fields& fields, MapTopic& topic) {
        const bool in_topic = std::ranges::find(topic.levels, "{device}") != topic.levels.end();
        const Node* node = fields.find("device");
        if (!node) {
            if (!in_topic && !topic.ignored)
                source_.at(fields.line(), "missing-key",
                           "say whose reading it is: {device} in the topic, or the key 'device' (own, members, or "
                           "{field: path})");
            return;
        }
        if (in_topic) source_.at(node->line, "map-device", "the topic names the device already: keep one of the two");
        if (node->is(Node::Type::map)) {
            const Fields inner(source_, *node, "device", {"field"});
            topic.device = MapDevice::field;
            if (const Node* path = inner.need("field")) topic.device_path = path_of(*path, "field");
            return;
        }
        const std::string word = text_of(*node, "device");
        topic.device = word == "members" ? MapDevice::members : MapDevice::own;
        if (word != "own" && word != "members" && !word.empty())
            source_.at(
                node->line, "unknown-word",
                fmt::format("{} does not say whose reading it is: own, members or {{field: path}}", quote(word)));
    }

    void read_meanings(const Node& node, MapTopic& topic) {
        for (const auto& [field, texts] : pairs_of(node, "meanings")) {
            for (const auto& [text, value] : pairs_of(*texts, "meanings"))
                topic.meanings.push_back({field->text, text->text, text_of(*value, "meaning")});
        }
    }

    void read_kinds(const Fields& fields, MapTopic& topic) {
        const Node* kind = fields.find("kind");
        const Node* kinds = fields.find("kinds");
        if (kind && kinds) source_.at(kind->line, "doubled-key", "give kind or kinds, not both");
        const auto word = [&](const Node& node) {
            const auto k = read_word<model::SignalKind>(source_, node, "kind of device", SHOUMEN_READ(SignalKind));
            return k ? std::string(model::to_word(*k)) : std::string();
        };
        if (kind) topic.kinds.push_back({"", word(*kind)});
        if (!kinds) return;
        for (const auto& [has, of] : pairs_of(*kinds, "kinds")) topic.kinds.push_back({has->text, word(*of)});
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
            const bool any = wide[i] == "+" || wide[i] == "{device}";
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
