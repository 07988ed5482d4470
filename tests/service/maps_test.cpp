// Foreign payloads through the maps that the demo ships, as published by mosquitto_pub, and `shoumen map try`. The real
// lines lie outside this repository (SHOUMEN_DATA_DIR, or ../shared/data beside it); what each becomes is checked by
// tests/maps.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;
namespace support = shoumen::support;

namespace {

std::string data_file(const std::string& name) {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    return std::string(named != nullptr ? named : SHOUMEN_SOURCE_DIR "/../shared/data") + "/device_payloads/" + name;
}

struct Line {
    std::string topic;
    std::string payload;
};

// None, said loudly, where the file is not here.
std::vector<Line> lines_of(const std::string& name) {
    std::vector<Line> lines;
    std::ifstream in(data_file(name));
    if (!in) std::cout << "SKIPPED: " << name << " is not here (" << data_file(name) << ")\n";
    for (std::string text; std::getline(in, text);) {
        const auto sample = json::parse(text).as_object();
        if (sample.contains("topic"))
            lines.push_back({std::string(sample.at("topic").as_string()), json::serialize(sample.at("payload"))});
    }
    return lines;
}

// The demo with more devices.
std::string community_with(const support::Scratch& scratch, const std::string& devices) {
    const std::string dir = scratch.path("community");
    std::filesystem::copy(demo, dir, std::filesystem::copy_options::recursive);
    std::ofstream(dir + "/devices.yaml", std::ios::app) << devices;
    return dir;
}

json::array quarantine(Stage& stage) {
    return json::parse(stage.ask("duty", "GET", "/api/v1/quarantine").body).at("rows").as_array();
}

}  // namespace

TEST_CASE("Zigbee2MQTT's real lines come in as published, and nothing that carries a reading is quarantined") {
    const auto lines = lines_of("zigbee2mqtt_literal.jsonl");
    if (lines.empty()) return;
    const support::Scratch scratch;
    std::string devices;
    for (const auto& [name, kind] :
         std::initializer_list<std::pair<const char*, const char*>>{{"Smoke", "smoke"},
                                                                    {"'0x00124b0000000002'", "smoke"},
                                                                    {"Capt_Inondation2", "water_level"},
                                                                    {"'0x00124b0000000003'", "one_key"},
                                                                    {"SOS", "one_key"},
                                                                    {"button", "one_key"},
                                                                    {"weather_sensor", "motion"},
                                                                    {"'0x00124b0000000006'", "motion"}})
        devices += "  - {id: " + std::string(name) + ", kind: " + kind + ", place: gh-1-101, gateway: gw-demo}\n";
    Stage stage({}, false, community_with(scratch, devices));
    own_password(stage);
    const std::string token = new_token(stage, "gw-demo");
    for (const Line& line : lines) CHECK(stage.publish(line.topic, line.payload, "gw-demo", token) == 0);
    CHECK(quarantine(stage).empty());
    const auto live = stage.live_incidents();
    REQUIRE(live.size() == 1);  // the button pressed for help; no smoke in any of the lines
    CHECK(live[0].at("kind") == "sos");
    CHECK(stage.publish("zigbee2mqtt/Smoke/availability", "offline", "gw-demo", token) == 0);
    CHECK(stage.publish("zigbee2mqtt/nobody", R"({"smoke":true})", "gw-demo", token) == 0);
    CHECK(stage.publish("zigbee2mqtt/Smoke", R"({"smoke":true,"smoke":false})", "gw-demo", token) == 0);
    const auto rows = quarantine(stage);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("code") == "doubled-key");
    CHECK(rows[1].at("code") == "unknown-device");
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("a device made for ThingsBoard signs in with its token as user name, and is only itself") {
    Stage stage;
    const std::string token = stage.device_token();
    CHECK(stage.publish_as_user("v1/devices/me/telemetry", R"({"smoke":true,"battery":97})", token) == 0);
    CHECK(stage.wait_until([](const json::array& live) { return live.size() == 1 && live[0].at("kind") == "fire"; }));
    CHECK(stage.publish_as_user("v1/devices/me/telemetry", R"({"smoke":true})", "d-1") != 0);
    CHECK(stage.publish_as_user("v1/devices/me/telemetry", R"({"smoke":true})", "no-such-token") != 0);
    CHECK(stage.publish_as_user("v1/gateway/telemetry", R"({"smoke-gh-1-101":[{"smoke":true}]})", token) == 0);
    CHECK(stage.publish_as_user("v1/devices/me/telemetry", "{}", token) == 0);
    const auto rows = quarantine(stage);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("code") == "no-reading");
    CHECK(rows[1].at("code") == "not-your-device");
}

TEST_CASE("a push without an event says so, instead of blaming the address") {
    Stage stage;
    own_password(stage);
    const std::string path = "/api/v1/push/" + new_token(stage, "camera-hp-2-roof") + "/hikvision";
    for (const char* body : {"", "alarm=1&channel=2"}) {
        const auto answer = stage.send_table("admin", path, body);
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK(json::parse(answer.body).at("results").at(0).at("code") == "unknown-form");
    }
    CHECK(quarantine(stage).size() == 2);
}

TEST_CASE("map try: findings of the map, bad lines, missing files") {
    const support::Scratch scratch;
    std::ofstream(scratch.path("event"))
        << R"(<NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message><Message><Data><SimpleItem Value="1" Name="State"/></Data></Message></Message></NotificationMessage>)";
    std::ofstream(scratch.path("m.yaml")) << "map: a\ntopics:\n  - {topic: a/b}\n";
    const auto good =
        support::run_to_end({"map", "try", demo, "--topic", "push/onvif/xml", "--own", "cam-1", scratch.path("event")});
    CHECK(good.code == 0);
    CHECK(json::parse(good.out).at("signals").at(0).at("values").at("motion") == true);
    CHECK(good.out.find("maps/onvif.yaml:") != std::string::npos);
    const auto bad = support::run_to_end({"map", "try", scratch.path("m.yaml"), "--topic", "a/b", "/dev/null"});
    CHECK(bad.code == 1);
    CHECK(bad.out.find("m.yaml:3: missing-key") != std::string::npos);
    CHECK(support::run_to_end({"map", "try", scratch.path("none.yaml"), "/dev/null"}).code == 2);
    std::ofstream(scratch.path("lines")) << "{}\n";
    const auto line = support::run_to_end({"map", "try", demo, scratch.path("lines")});
    CHECK(line.code == 2);
    CHECK(line.err.find("lines:1: bad-line") != std::string::npos);
}
