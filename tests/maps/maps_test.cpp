// The shipped maps on real messages. expected.json holds, by the hash of each line, its topic and the signals that must
// come of it; or why it carries none.
#include <cstdlib>
#include <iostream>

#include <doctest/doctest.h>

#include "doors/payload/trying.hpp"
#include "policy/directory.hpp"

#include "lines.hpp"

using namespace shoumen;
using namespace shoumen::maps;

namespace {

// SHOUMEN_SHOW_MAPS=1 prints what is made of each line, for whoever enters new ones into expected.json.
void check_all(const std::string& file) {
    const bool show = std::getenv("SHOUMEN_SHOW_MAPS") != nullptr;
    for (const Line& line : lines_of(file)) {
        if (show)
            std::cout << line.hash << '\t' << line.topic << '\t' << json::serialize(made_of(line.topic, line.payload))
                      << '\n';
        CAPTURE(line.hash);
        CHECK_MESSAGE(!line.expected.is_null(), "not among the expected lines");
        CHECK(json::serialize(made_of(line.topic, line.payload)) == json::serialize(line.expected));
    }
}

}  // namespace

TEST_CASE("Zigbee2MQTT: messages as users logged them") { check_all("zigbee2mqtt_literal.jsonl"); }
TEST_CASE("Zigbee2MQTT: every model of the list, with all its properties") {
    check_all("zigbee2mqtt_device_exposes.jsonl");
}
TEST_CASE("Frigate") { check_all("frigate_mqtt.jsonl"); }
TEST_CASE("ChirpStack") { check_all("chirpstack_events.jsonl"); }
TEST_CASE("ThingsBoard") { check_all("thingsboard_mqtt.jsonl"); }
TEST_CASE("JetLinks") { check_all("jetlinks_mqtt.jsonl"); }
TEST_CASE("ONVIF") { check_all("onvif_notifications.jsonl"); }

TEST_CASE("a further kind of device needs a file and nothing else") {
    const auto read = policy::read_map("maps/bins.yaml", R"(map: bins
topics:
  - topic: bins/{device}/up
    form: bytes
    bytes: {fields: [{name: full_percent, at: 0}, {name: lid_open, at: 1, bit: 7}, {name: temperature, at: 2, type: i16, times: 0.1}]}
)");
    REQUIRE(read.map.has_value());
    static doors::MappedReader reader;
    const std::vector<model::Map> maps{*read.map};
    const auto out = doors::try_maps(maps, "bins/bin-7/up", "own", std::string("\x5a\x80\xff\xe7", 4), reader);
    CHECK(json::serialize(out.at("signals")) ==
          R"([{"device":"bin-7","values":{"full_percent":90,"lid_open":true,"temperature":-2.5E0}}])");
}
