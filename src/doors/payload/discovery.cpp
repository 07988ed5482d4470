#include "doors/payload/discovery.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "doors/payload/native.hpp"
#include "doors/payload/utf8.hpp"

namespace shoumen::doors {

namespace json = boost::json;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t most_entities = 64;  // of one message
constexpr std::size_t longest_topic = 256;
constexpr std::size_t longest_text = 128;

// Components with a state that is a reading here, and those whose state is passed over.
constexpr auto reading = std::to_array<std::string_view>({"binary_sensor", "sensor"});
constexpr auto others = std::to_array<std::string_view>({"alarm_control_panel",
                                                         "button",
                                                         "camera",
                                                         "climate",
                                                         "cover",
                                                         "device",
                                                         "device_automation",
                                                         "device_tracker",
                                                         "event",
                                                         "fan",
                                                         "humidifier",
                                                         "image",
                                                         "lawn_mower",
                                                         "light",
                                                         "lock",
                                                         "number",
                                                         "scene",
                                                         "select",
                                                         "siren",
                                                         "switch",
                                                         "tag",
                                                         "text",
                                                         "update",
                                                         "vacuum",
                                                         "valve",
                                                         "water_heater"});

bool is_one_of(std::string_view word, auto&& words) { return std::ranges::find(words, word) != std::end(words); }

struct Levels {
    std::string_view component, node, object;
};

std::optional<Levels> levels_of(std::string_view topic) {
    std::vector<std::string_view> levels;
    while (levels.size() < 6) {
        const auto slash = topic.find('/');
        levels.push_back(topic.substr(0, slash));
        if (slash == std::string_view::npos) break;
        topic.remove_prefix(slash + 1);
    }
    if (levels.size() < 4 || levels.size() > 5 || levels.back() != "config") return {};
    if (!is_one_of(levels[1], reading) && !is_one_of(levels[1], others)) return {};
    if (levels.size() == 4) return Levels{levels[1], {}, levels[2]};
    return Levels{levels[1], levels[2], levels[3]};
}

// By its long or its short name.
const json::value* member(const json::object& of, std::string_view name, std::string_view brief) {
    if (const auto* value = of.if_contains(name)) return value;
    return of.if_contains(brief);
}

// Text, or a number or truth as it is written; empty: nothing of that kind.
std::string text(const json::object& of, std::string_view name, std::string_view brief) {
    const auto* value = member(of, name, brief);
    if (value == nullptr) return {};
    if (const auto* t = value->if_string()) return t->size() <= longest_topic ? std::string(*t) : std::string();
    if (value->is_bool() || value->is_number()) return json::serialize(*value);
    return {};
}

std::string bounded(std::string t) {
    std::size_t end = std::min(t.size(), longest_text);
    while (end < t.size() && end > 0 && (static_cast<unsigned char>(t[end]) & 0xc0U) == 0x80) --end;
    t.resize(end);
    return t;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// What may be a code; what may not stand in one becomes '_'.
std::string as_code(std::string_view name) {
    constexpr std::size_t longest = 64;
    std::string out(name.substr(0, longest));
    for (char& c : out) {
        if (!is_letter(c) && c != '.') c = '_';
    }
    return out;
}

std::string with_base(std::string topic, const std::string& base) {
    if (base.empty()) return topic;
    if (topic.starts_with('~')) return base + topic.substr(1);
    if (topic.ends_with('~')) return topic.substr(0, topic.size() - 1) + base;
    return topic;
}

// "{{ value_json.a.b | float }}" → "a.b"; none: it says something else. Also value_json['a'].
std::optional<std::string> path_of(std::string_view written) {
    const auto skip = [&] {
        while (!written.empty() && (written.front() == ' ' || written.front() == '\n')) written.remove_prefix(1);
    };
    const auto eat = [&](std::string_view what) {
        skip();
        if (!written.starts_with(what)) return false;
        written.remove_prefix(what.size());
        return true;
    };
    if (!eat("{{")) return {};
    if (!eat("value_json")) return {};
    std::string path;
    while (!written.empty()) {
        const bool bracket = written.starts_with("['") || written.starts_with("[\"");
        if (!bracket && written.front() != '.') break;
        written.remove_prefix(bracket ? 2 : 1);
        std::size_t end = 0;
        while (end < written.size() && is_letter(written[end])) ++end;
        if (end == 0) return {};
        path += (path.empty() ? "" : ".") + std::string(written.substr(0, end));
        written.remove_prefix(end);
        if (bracket && !eat(written.starts_with('\'') ? "']" : "\"]")) return {};
    }
    if (path.empty()) return {};
    // Filters that leave the value what it is.
    while (eat("|")) {
        skip();
        std::size_t end = 0;
        while (end < written.size() && is_letter(written[end])) ++end;
        constexpr auto harmless = std::to_array<std::string_view>({"float", "int", "round", "is_defined"});
        if (!is_one_of(written.substr(0, end), harmless)) return {};
        written.remove_prefix(end);
        if (written.starts_with('(')) {
            const auto close = written.find(')');
            if (close == std::string_view::npos) return {};
            written.remove_prefix(close + 1);
        }
    }
    if (!eat("}}")) return {};
    skip();
    return written.empty() ? std::optional(path) : std::nullopt;
}

struct Meaning {
    std::string_view device_class;
    std::string_view name;  // of the value
    std::string_view kind;  // of the device; empty: it does not tell
    bool inverted = false;
};
constexpr auto truths = std::to_array<Meaning>({
    {"smoke", "smoke", "smoke"},
    {"gas", "gas", "gas"},
    {"carbon_monoxide", "carbon_monoxide", "gas"},
    {"moisture", "water_leak", "water_level"},
    {"motion", "occupancy", "motion"},
    {"occupancy", "occupancy", "motion"},
    {"presence", "occupancy", "motion"},
    // On is open there; here a contact is true when shut.
    {"door", "contact", "door_contact", true},
    {"window", "contact", "door_contact", true},
    {"opening", "contact", "door_contact", true},
    {"garage_door", "contact", "door_contact", true},
    {"battery", "battery_low", ""},
    {"tamper", "tamper", ""},
    {"problem", "fault", ""},
    {"vibration", "vibration", ""},
    {"connectivity", "online", ""},
});

const Meaning* meaning_of(std::string_view device_class) {
    const auto found = std::ranges::find(truths, device_class, &Meaning::device_class);
    return found == truths.end() ? nullptr : &*found;
}

}  // namespace

// One entity of a message.
struct Discovery::Found {
    std::string state_topic, availability_topic;
    Value value;
    std::string kind;
    bool is_read = false;
};

bool Discovery::is_config(std::string_view topic) { return levels_of(topic).has_value(); }

void Discovery::rebuild(Topic& topic) {
    topic.entry = {};
    auto& of = topic.entry;
    of.reading.ignored = topic.values.empty();
    for (const Value& value : topic.values) {
        if (value.path.empty()) of.plain = value.name;
        if (!value.path.empty()) of.reading.fields.push_back({value.name, value.path});
        if (!value.on.empty()) {
            of.reading.meanings.push_back({value.name, value.on, value.inverted ? "false" : "true"});
            of.reading.meanings.push_back({value.name, value.off, value.inverted ? "true" : "false"});
        }
        // Rules for gas ask for one name.
        if (value.name == "carbon_monoxide") of.reading.any.push_back({"gas", {"gas", "carbon_monoxide"}});
    }
}

void Discovery::forget(model::DeviceId speaker, const std::string& config) {
    const auto known = by_config_.find({speaker.value, config});
    if (known == by_config_.end()) return;
    for (const auto& state : known->second) {
        const auto at = topics_.find({speaker.value, state});
        if (at == topics_.end()) continue;
        Topic& topic = at->second;
        std::erase_if(topic.values, [&](const Value& v) { return v.config == config; });
        std::erase(topic.passed_over, config);
        if (topic.values.empty() && topic.passed_over.empty()) {
            topics_.erase(at);
            --of_one_[speaker.value];
        } else {
            rebuild(topic);
        }
    }
    by_config_.erase(known);
}

Result<std::optional<DiscoveredDevice>> Discovery::take(const model::Policy& policy, const Fitting& passes_over,
                                                        model::DeviceId speaker, std::string_view payload) {
    const auto topic = passes_over.topic_text;
    const auto levels = levels_of(topic);
    if (!levels) return std::optional<DiscoveredDevice>{};
    const std::string config(topic);
    if (payload.empty()) {
        forget(speaker, config);
        return std::optional<DiscoveredDevice>{};
    }
    if (payload.size() > max_signal_bytes) return fail("too-large", "the announcement is too large: at most 64 KiB");
    if (utf8_fault(payload) != payload.size()) return fail("bad-utf8", "the announcement is not UTF-8");
    boost::system::error_code wrong;
    const auto parsed = json::parse(payload, wrong);
    if (wrong) return fail("bad-json", "the announcement is no JSON");
    const auto* top = parsed.if_object();
    if (top == nullptr) return fail("wrong-type", "the announcement is no JSON object");

    // Who it is.
    DiscoveredDevice device;
    const auto* about = member(*top, "device", "dev");
    std::string identifier;
    if (const auto* of = about != nullptr ? about->if_object() : nullptr) {
        device.name = text(*of, "name", "name");
        device.maker = bounded(text(*of, "manufacturer", "mf"));
        device.product = bounded(text(*of, "model", "mdl"));
        device.parent = bounded(text(*of, "via_device", "via_device"));
        const auto* ids = member(*of, "identifiers", "ids");
        if (const auto* list = ids != nullptr ? ids->if_array() : nullptr; list != nullptr && !list->empty())
            ids = &list->front();
        if (ids != nullptr && ids->is_string()) identifier = std::string(ids->as_string());
    }
    if (device.name.empty()) device.name = text(*top, "name", "name");
    device.name = bounded(device.name);
    device.code = as_code(!identifier.empty()     ? std::string_view(identifier)
                          : !levels->node.empty() ? levels->node
                                                  : levels->object);

    // What it says, and where.
    const auto base = text(*top, "~", "~");
    const auto state_of_all = with_base(text(*top, "state_topic", "stat_t"), base);
    std::vector<Found> found;
    const auto take_entity = [&](const json::object& of, std::string_view component, std::string_view object) {
        if (found.size() == most_entities) return;
        Found one;
        one.state_topic = with_base(text(of, "state_topic", "stat_t"), base);
        if (one.state_topic.empty()) one.state_topic = state_of_all;
        one.availability_topic = with_base(text(of, "availability_topic", "avty_t"), base);
        const auto device_class = text(of, "device_class", "dev_cla");
        const auto written = text(of, "value_template", "val_tpl");
        const auto path = written.empty() ? std::optional<std::string>("") : path_of(written);
        one.is_read = is_one_of(component, reading) && path.has_value();
        if (one.is_read) {
            one.value.config = config;
            one.value.path = *path;
            const auto* meaning = component == "binary_sensor" ? meaning_of(device_class) : nullptr;
            if (component == "binary_sensor") {
                one.value.on = text(of, "payload_on", "pl_on");
                one.value.off = text(of, "payload_off", "pl_off");
                if (one.value.on.empty()) one.value.on = "ON";
                if (one.value.off.empty()) one.value.off = "OFF";
            }
            if (meaning != nullptr) {
                one.value.name = meaning->name;
                one.value.inverted = meaning->inverted;
                one.kind = meaning->kind;
            } else {
                constexpr auto help = std::to_array<std::string_view>({"sos", "panic", "emergency"});
                const auto name = as_code(device_class.empty() ? object : std::string_view(device_class));
                const bool calls = component == "binary_sensor" && is_one_of(std::string_view(name), help);
                one.value.name = calls ? "pressed" : name;
                if (calls) one.kind = "one_key";
                std::ranges::replace(one.value.name, '.', '_');
                std::ranges::replace(one.value.name, '-', '_');
            }
        }
        found.push_back(std::move(one));
    };
    const auto* parts = member(*top, "components", "cmps");
    if (levels->component == "device") {
        if (const auto* all = parts != nullptr ? parts->if_object() : nullptr) {
            for (const auto& [id, part] : *all) {
                if (const auto* of = part.if_object())
                    take_entity(*of, text(*of, "platform", "p"), std::string_view(id));
            }
        }
    } else {
        take_entity(*top, levels->component, levels->object);
    }

    // A map of the community counts before this, and so does the code it gives.
    std::size_t states = 0;
    for (const Found& one : found) {
        if (device.kind.empty()) device.kind = one.kind;
        if (one.state_topic.empty()) continue;
        ++states;
        const auto mapped = doors::fitting(policy.maps, one.state_topic);
        if (mapped && !mapped->topic->reading.ignored && !mapped->device.empty()) device.code = code_of(*mapped);
    }
    forget(speaker, config);
    bool full = false;
    const auto topic_at = [&](const std::string& at) -> Topic* {
        if (at.empty() || at.size() > longest_topic || is_config(at)) return nullptr;
        if (const auto mapped = doors::fitting(policy.maps, at); mapped && mapped->map != passes_over.map)
            return nullptr;
        const auto known = topics_.find({speaker.value, at});
        if (known == topics_.end() && (topics_.size() >= most_topics || of_one_[speaker.value] >= most_topics_of_one)) {
            full = true;
            return nullptr;
        }
        auto& of = topics_[{speaker.value, at}];
        if (known == topics_.end()) ++of_one_[speaker.value];
        auto& states_of = by_config_[{speaker.value, config}];
        if (std::ranges::find(states_of, at) == states_of.end()) states_of.push_back(at);
        of.code = device.code;
        of.map = passes_over.map->code;
        return &of;
    };
    for (const Found& one : found) {
        if (Topic* of = topic_at(one.availability_topic)) {
            of->passed_over.push_back(config);
            rebuild(*of);
        }
        Topic* of = topic_at(one.state_topic);
        if (of == nullptr) continue;
        const bool named_already =
            std::ranges::any_of(of->values, [&](const Value& v) { return v.name == one.value.name; });
        if (one.is_read && !named_already)
            of->values.push_back(one.value);
        else
            of->passed_over.push_back(config);
        rebuild(*of);
    }
    if (full) return fail("too-many-topics", "more topics are announced than are remembered of one gateway (2,000)");
    if (states == 0) return std::optional<DiscoveredDevice>{};
    return std::optional(std::move(device));
}

std::optional<Fitting> Discovery::or_announced(const std::optional<Fitting>& mapped, model::DeviceId speaker,
                                               std::string_view topic) const {
    if (topics_.empty()) return mapped;
    const auto known = topics_.find({speaker.value, std::string(topic)});
    if (known == topics_.end() || (mapped && mapped->map->code != known->second.map)) return mapped;
    return Fitting{&map_, &known->second.entry, known->second.code, topic};
}

}  // namespace shoumen::doors
