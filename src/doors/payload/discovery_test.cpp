#include "doors/payload/discovery.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "model/policy.hpp"

using namespace shoumen;
using namespace shoumen::doors;

namespace {

// The map that passes announcements over and reads the default topics, and one of another kind of gateway.
struct Estate {
    model::Policy policy;
    Discovery discovery;
    MappedReader reader;

    Estate() {
        const auto topic = [](std::vector<std::string> levels, bool ignored) {
            model::MapTopic entry;
            entry.levels = std::move(levels);
            entry.reading.ignored = ignored;
            entry.plain = "state";
            entry.values = {""};
            return entry;
        };
        policy.maps.push_back({.code = "home-assistant",
                               .topics = {topic({"homeassistant", "+", "+", "config"}, true),
                                          topic({"homeassistant", "+", "+", "+", "config"}, true),
                                          topic({"homeassistant", "binary_sensor", "{device}", "state"}, false)}});
        policy.maps.push_back({.code = "zigbee", .topics = {topic({"zigbee2mqtt", "{device}"}, false)}});
    }
    // "code kind name maker product parent", or the error's code, or "nothing".
    std::string announce(const std::string& topic, const std::string& payload, std::uint32_t speaker = 1) {
        const auto config = fitting(policy.maps, topic);
        REQUIRE(config);
        const auto found = discovery.take(policy, *config, model::DeviceId{speaker}, payload);
        if (!found) return found.error().code;
        if (!*found) return "nothing";
        const auto& d = **found;
        return fmt::format("{} {} {} {} {} {}", d.code, d.kind, d.name, d.maker, d.product, d.parent);
    }
    // "device: name=value …"; "passed over"; "unknown"; or the error's code.
    std::string say(const std::string& topic, const std::string& payload, std::uint32_t speaker = 1) {
        const auto fit = discovery.or_announced(fitting(policy.maps, topic), model::DeviceId{speaker}, topic);
        if (!fit) return "unknown";
        const auto count = reader.read(*fit, "own", payload);
        if (!count) return count.error().code;
        if (*count == 0) return "passed over";
        const auto signal = reader.signal(0);
        if (!signal) return signal.error().code;
        std::string out = std::string(signal->device) + ":";
        for (const auto& v : signal->values) {
            out += fmt::format(" {}=", v.name);
            if (const auto* b = std::get_if<bool>(&v.value)) out += *b ? "true" : "false";
            if (const auto* d = std::get_if<double>(&v.value)) out += fmt::format("{}", *d);
            if (const auto* t = std::get_if<std::string_view>(&v.value)) out += *t;
        }
        return out;
    }
};

}  // namespace

TEST_CASE("an entity on the default topic: its class says what its state means") {
    Estate e;
    CHECK(
        e.announce(
            "homeassistant/binary_sensor/garden/config",
            R"({"name":"garden","device_class":"motion","state_topic":"homeassistant/binary_sensor/garden/state"})") ==
        "garden motion garden   ");
    CHECK(e.say("homeassistant/binary_sensor/garden/state", "ON") == "garden: occupancy=true");
    CHECK(e.say("homeassistant/binary_sensor/garden/state", "OFF") == "garden: occupancy=false");
    // Another gateway has announced nothing: for it the map alone counts.
    CHECK(e.say("homeassistant/binary_sensor/garden/state", "ON", 2) == "garden: state=ON");
}

TEST_CASE("a device with abbreviations, a base and templates, in one message") {
    Estate e;
    CHECK(e.announce("homeassistant/device/kitchen/config",
                     R"({"~":"esp/kitchen","dev":{"ids":["ea334450945afc"],"name":"Kitchen","mf":"Maker","mdl":"xya"},
                        "o":{"name":"esp"},"stat_t":"~/state","avty_t":"~/alive",
                        "cmps":{"a":{"p":"sensor","dev_cla":"temperature","val_tpl":"{{ value_json.air.temperature | float | round(1) }}"},
                                "b":{"p":"binary_sensor","dev_cla":"door","val_tpl":"{{value_json['contact']}}","pl_on":"open","pl_off":"shut"},
                                "c":{"p":"binary_sensor","dev_cla":"carbon_monoxide","stat_t":"~/co"},
                                "d":{"p":"switch","stat_t":"~/switch"},
                                "e":{"p":"sensor","name":"odd","stat_t":"~/odd","val_tpl":"{{ value | int * 3 }}"}}})") ==
          "ea334450945afc door_contact Kitchen Maker xya ");
    CHECK(e.say("esp/kitchen/state", R"({"air":{"temperature":21.5},"contact":"open","x":1})") ==
          "ea334450945afc: temperature=21.5 contact=false");
    CHECK(e.say("esp/kitchen/co", "ON") == "ea334450945afc: carbon_monoxide=true gas=true");
    // What it says otherwise is no reading, and no fault.
    CHECK(e.say("esp/kitchen/switch", "ON") == "passed over");
    CHECK(e.say("esp/kitchen/odd", "7") == "passed over");
    CHECK(e.say("esp/kitchen/other", "7") == "unknown");
    CHECK(e.say("esp/kitchen/state", "{}") == "no-reading");
}

TEST_CASE("entities of one device announced one by one share its topic; taken back, they are gone") {
    Estate e;
    const auto entity = [](const char* component, const char* what, const char* more) {
        return std::pair{fmt::format("homeassistant/{}/0x01/{}/config", component, what),
                         fmt::format(R"({{"state_topic":"t/0x01","value_template":"{{{{ value_json.{0} }}}}",{1}
                             "device":{{"identifiers":"0x01","name":"Hall","via_device":"bridge-1"}}}})",
                                     what, more)};
    };
    const auto smoke =
        entity("binary_sensor", "smoke", R"("device_class":"smoke","payload_on":true,"payload_off":false,)");
    const auto battery = entity("sensor", "battery", R"("device_class":"battery",)");
    CHECK(e.announce(smoke.first, smoke.second) == "0x01 smoke Hall   bridge-1");
    CHECK(e.announce(battery.first, battery.second) == "0x01  Hall   bridge-1");
    CHECK(e.announce(battery.first, battery.second) == "0x01  Hall   bridge-1");
    CHECK(e.say("t/0x01", R"({"smoke":true,"battery":90})") == "0x01: smoke=true battery=90");
    CHECK(e.announce(smoke.first, "") == "nothing");
    CHECK(e.say("t/0x01", R"({"smoke":true,"battery":90})") == "0x01: battery=90");
    CHECK(e.announce(battery.first, "") == "nothing");
    CHECK(e.discovery.topics() == 0);
    CHECK(e.say("t/0x01", R"({"smoke":true})") == "unknown");
}

TEST_CASE("where another map reads the state topic, that map and its code count") {
    Estate e;
    CHECK(e.announce(
              "homeassistant/binary_sensor/0x02/smoke/config",
              R"({"state_topic":"zigbee2mqtt/Stove","device_class":"smoke","value_template":"{{ value_json.smoke }}",
                        "device":{"identifiers":["zigbee2mqtt_0x02"],"name":"Stove"}})") == "Stove smoke Stove   ");
    CHECK(e.discovery.topics() == 0);
    CHECK(e.say("zigbee2mqtt/Stove", R"({"smoke":true,"linkquality":3})") == "Stove: smoke=true linkquality=3");
}

TEST_CASE("what is no announcement, or has no end, is refused or passed over") {
    Estate e;
    CHECK_FALSE(Discovery::is_config("homeassistant/status"));
    CHECK_FALSE(Discovery::is_config("homeassistant/nothing/x/config"));
    CHECK(Discovery::is_config("ha/sensor/x/y/config"));
    const std::string topic = "homeassistant/sensor/x/config";
    CHECK(e.announce(topic, "{") == "bad-json");
    CHECK(e.announce(topic, "[]") == "wrong-type");
    CHECK(e.announce(topic, "\xff") == "bad-utf8");
    CHECK(e.announce(topic, std::string(70'000, ' ')) == "too-large");
    CHECK(e.announce(topic, "{}") == "nothing");
    CHECK(e.announce(topic, R"({"name":"x","state_topic":7,"device":[],"value_template":{}})") == "x  x   ");
    CHECK(e.announce(topic, R"({"state_topic":"homeassistant/sensor/x/config"})") == "x     ");
    CHECK(e.announce("homeassistant/sensor/a b/config", R"({"state_topic":"q"})") == "a_b     ");
    e.announce("homeassistant/sensor/a b/config", "");
    e.announce(topic, "");
    REQUIRE(e.discovery.topics() == 0);
    std::string last;
    for (int i = 0; i < 2'001; ++i)
        last = e.announce(fmt::format("homeassistant/sensor/n{}/config", i),
                          fmt::format(R"({{"state_topic":"s/{}"}})", i));
    CHECK(last == "too-many-topics");
    CHECK(e.discovery.topics() == Discovery::most_topics_of_one);
    // Another gateway has room still.
    CHECK(e.announce(topic, R"({"state_topic":"s/1"})", 2) == "x     ");
}
