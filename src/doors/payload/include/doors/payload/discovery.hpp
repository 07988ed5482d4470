// What announces itself by Home Assistant's MQTT discovery: …/COMPONENT/[NODE/]OBJECT/config, with one entity or, for
// the component "device", a device with several. Says what the device is, and remembers on which topic its values come
// and how, so that no map is needed for them.
//
// - Read of it are names, long and abbreviated, and "~"; of templates those that name a member of the payload
//   ({{ value_json.a.b }}, with filters or without). What another template would make is passed over, not guessed.
// - A device is called by the code that a map of the community gives it on its state topic; else by its first
// identifier,
//   else by the topic's node or object.
// - Whoever announced a topic alone is read so on it, and only where no other map of the community fits than the one
// that
//   passes the announcement over. Bounded: topics of one speaker and of all; a payload as large as any signal. In
//   memory: discovery messages are retained, and come again when whoever sends them connects.
// - An empty payload takes back what its topic announced.
// Error codes: too-large, bad-utf8, bad-json, wrong-type, too-many-topics. One thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "doors/payload/mapped.hpp"
#include "model/policy.hpp"

namespace shoumen::doors {

struct DiscoveredDevice {
    std::string code;
    std::string kind;  // word; empty: not told
    std::string name;
    std::string maker;
    std::string product;
    std::string parent;
};

class Discovery {
public:
    static constexpr std::size_t most_topics = 20'000;
    static constexpr std::size_t most_topics_of_one = 2'000;

    // Is this a topic of discovery?
    static bool is_config(std::string_view topic);

    // `config`: the entry that passes the announcement over. None: it announces nothing that has a state (or takes back
    // what it announced).
    base::Result<std::optional<DiscoveredDevice>> take(const model::Policy& policy, const Fitting& config,
                                                       model::DeviceId speaker, std::string_view payload);
    // How what this speaker says on the topic is read, where `mapped` is what the maps say. Valid until the next
    // take().
    [[nodiscard]] std::optional<Fitting> or_announced(const std::optional<Fitting>& mapped, model::DeviceId speaker,
                                                      std::string_view topic) const;
    [[nodiscard]] std::size_t topics() const { return topics_.size(); }

private:
    using Key = std::pair<std::uint32_t, std::string>;  // speaker, topic
    struct Value {
        std::string config;   // the topic that announced it
        std::string name;     // of the value here
        std::string path;     // in JSON; empty: the payload is the value
        std::string on, off;  // of a truth; empty: it is none
        bool inverted = false;
    };
    struct Topic {
        std::string code;
        std::string map;                       // code of the map that passes its announcement over
        std::vector<Value> values;             // none: what comes there is passed over
        std::vector<std::string> passed_over;  // by which configs
        model::MapTopic entry;
    };
    struct Found;

    void forget(model::DeviceId speaker, const std::string& config);
    static void rebuild(Topic& topic);

    model::Map map_{.code = "discovery"};
    std::map<Key, Topic> topics_;
    std::map<Key, std::vector<std::string>> by_config_;  // state topics
    std::map<std::uint32_t, std::size_t> of_one_;
};

}  // namespace shoumen::doors
