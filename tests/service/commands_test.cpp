// Commands to devices: over HTTP in, over MQTT out to mosquitto_sub.
#include <chrono>
#include <cstdlib>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "listening.hpp"
#include "stage.hpp"

using namespace shoumen::service;

namespace {

shoumen::app::HttpAnswer command(Stage& stage, const std::string& account, const json::value& body,
                                 const std::string& device = "d-1") {
    return stage.ask(account, "POST", "/api/v1/devices/" + device + "/commands", body);
}

// The first command may be asked before the device has subscribed.
shoumen::app::HttpAnswer command_when_there(Stage& stage, const json::value& body) {
    auto answer = command(stage, "duty", body);
    for (int i = 0; i < 100 && answer.status == 409; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        answer = command(stage, "duty", body);
    }
    return answer;
}

std::string recorded(Stage& stage) {
    const std::string out = stage.scratch("recorded");
    const std::string ask = fmt::format(
        "sqlite3 -readonly '{}/shoumen.db' \"select key, value from meta where key like 'device-command/%' "
        "union all select kind, detail from act where kind = 'device_commanded'\" >'{}'",
        stage.data(), out);
    CHECK(std::system(ask.c_str()) == 0);
    return content_of(out);
}

}  // namespace

TEST_CASE("a command reaches the device that listens, and is recorded") {
    Stage stage;
    own_password(stage);
    const json::value body = {{"command", "open"}, {"values", {{"seconds", 5}, {"why", "drill"}}}};
    const auto away = command(stage, "duty", body);
    CHECK(away.status == 409);
    CHECK(code_of(away) == "device-not-connected");
    CHECK(recorded(stage).empty());
    for (const char* version : {"mqttv311", "mqttv5"}) {
        CAPTURE(version);
        Listening device(stage, version, {"d-1", stage.device_token()}, "shoumen/v1/d-1/command", 2);
        const auto first = command_when_there(stage, body);
        REQUIRE(first.status == 202);
        const auto second = command(stage, "admin", {{"command", "close"}});
        REQUIRE(second.status == 202);
        CHECK(device.wait() == 0);
        const std::string said = device.said();
        const std::string id(json::parse(first.body).at("id").as_string());
        CHECK(said.find(R"(shoumen/v1/d-1/command 1 {"id":")" + id +
                        R"(","command":"open","values":{"seconds":5,"why":"drill"},"time":")") != std::string::npos);
        CHECK(said.find(R"("command":"close","values":{},)") != std::string::npos);
        const std::string rows = recorded(stage);
        CHECK(rows.find("device-command/d-1/") != std::string::npos);
        CHECK(rows.find(id) != std::string::npos);
        CHECK(rows.find("drill") == std::string::npos);  // what is said lies sealed
        CHECK(rows.find("device_commanded|open " + id) != std::string::npos);
    }
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("commands: who may, to whom, and what for") {
    Stage stage;
    own_password(stage);
    CHECK(code_of(command(stage, "admin", {{"command", "open"}}, "no-such-device")) == "unknown-device");
    CHECK(code_of(command(stage, "admin", {{"command", "open it"}})) == "bad-value");
    CHECK(command(stage, "", {{"command", "open"}}).status == 401);
    std::string neither;
    for (const auto& [account, password] : stage.passwords()) {
        if (account != "admin" && account != "duty") neither = account;
    }
    REQUIRE_FALSE(neither.empty());
    CHECK(code_of(command(stage, neither, {{"command", "open"}})) == "forbidden");
    // Another device's topic is not granted, so nothing can be overheard.
    Listening eavesdropper(stage, "mqttv5", {"d-1", stage.device_token()}, "shoumen/v1/gw-demo/command", 1);
    eavesdropper.wait();
    CHECK(eavesdropper.said().find("denied") != std::string::npos);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}
