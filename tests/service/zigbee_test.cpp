// Smoke alarms and SOS buttons as Zigbee2MQTT publishes them, their fields put into native signals by hand here, in
// through mosquitto_pub. The real lines lie outside this repository (SHOUMEN_DATA_DIR, or ../shared/data beside it).
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

std::string data_file() {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    return std::string(named != nullptr ? named : SHOUMEN_SOURCE_DIR "/../shared/data") +
           "/device_payloads/zigbee2mqtt_literal.jsonl";
}

constexpr const char* button = "key-gh-1-102";

}  // namespace

TEST_CASE("Zigbee2MQTT's smoke and SOS lines come in as native signals") {
    std::ifstream in(data_file());
    if (!in) {
        std::cout << "SKIPPED: the Zigbee2MQTT lines are not here (" << data_file() << ")\n";
        return;
    }
    Stage stage;
    REQUIRE(stage
                .ask("admin", "PUT", "/api/v1/session/password",
                     {{"old", stage.passwords().at("admin")}, {"new", "a-password-of-the-test"}})
                .status == 204);
    const auto made = stage.ask("admin", "POST", std::string("/api/v1/devices/") + button + "/token");
    REQUIRE(made.status == 201);
    const std::string token(json::parse(made.body).at("token").as_string());

    int smoke = 0;
    int sos = 0;
    int pressed = 0;
    for (std::string line; std::getline(in, line);) {
        const auto sample = json::parse(line).as_object();
        const auto& payload = sample.at("payload").as_object();
        json::object values;
        if (const auto* battery = payload.if_contains("battery")) values["battery"] = *battery;
        json::object signal{{"id", "z" + std::to_string(smoke + sos)}};
        if (payload.contains("smoke")) {
            values["smoke"] = payload.at("smoke");
            signal["device"] = "d-1";
            signal["kind"] = "smoke";
            signal["values"] = values;
            CHECK(stage.publish("shoumen/v1/d-1/signal", json::serialize(signal)) == 0);
            ++smoke;
        } else if (sample.at("device_model").is_string() &&
                   sample.at("device_model").as_string().find("_sos") != json::string::npos &&
                   payload.contains("action")) {
            const bool on = payload.at("action") == "emergency";  // null: the button has been let go
            values["pressed"] = on;
            signal["device"] = button;
            signal["kind"] = "one_key";
            if (payload.contains("last_seen")) signal["time"] = payload.at("last_seen");
            signal["values"] = values;
            CHECK(stage.publish(std::string("shoumen/v1/") + button + "/signal", json::serialize(signal), button,
                                token) == 0);
            ++sos;
            pressed += on ? 1 : 0;
        }
    }
    CHECK(smoke == 3);
    CHECK(sos == 5);
    CHECK(pressed == 3);
    const auto live = stage.live_incidents();
    REQUIRE(live.size() == 1);  // no smoke in any of the lines; the presses are one call for help
    CHECK(live[0].at("kind") == "sos");
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/quarantine").body).at("rows").as_array().empty());
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}
