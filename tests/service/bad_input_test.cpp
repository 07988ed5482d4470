// What must not hurt: every line of bad input, through the real doors.
#include <set>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

std::set<std::string> quarantined_codes(Stage& stage) {
    std::set<std::string> codes;
    const auto answer = stage.ask("duty", "GET", "/api/v1/quarantine?limit=1000");
    REQUIRE(answer.status == 200);
    const json::value body = json::parse(answer.body);
    for (const auto& row : body.at("rows").as_array()) codes.insert(std::string(row.at("code").as_string()));
    return codes;
}

}  // namespace

TEST_CASE("bad payloads are acknowledged, kept with their reason, and hurt nothing") {
    Stage stage;
    const std::string topic = "shoumen/v1/d-1/signal";
    const auto send = [&](const std::string& payload) { CHECK(stage.publish(topic, payload) == 0); };
    send("{broken");
    send(R"({"id":1,"device":"d-1","kind":"smoke","values":{"smoke":true}})");
    send(R"({"id":"n","device":"d-1","kind":"smoke","values":{"smoke":NaN}})");
    send(R"({"id":"n2","device":"d-1","kind":"smoke","values":{"battery":1e999}})");
    send(R"({"id":"k","device":"d-1","kind":"volcano","values":{}})");
    send(R"({"id":"w","device":"d-1","kind":"gas","values":{"lel":3}})");
    send(R"({"id":"t","device":"d-1","kind":"smoke","time":"yesterday","values":{"smoke":true}})");
    send(R"({"id":"d","id":"e","device":"d-1","kind":"smoke","values":{"smoke":true}})");
    send(R"({"id":"o","device":"elsewhere","kind":"smoke","values":{"smoke":true}})");
    const auto codes = quarantined_codes(stage);
    for (const char* code :
         {"bad-json", "wrong-type", "unknown-kind", "wrong-kind", "bad-time", "doubled-key", "device-mismatch"}) {
        CAPTURE(code);
        CHECK(codes.contains(code));
    }
    CHECK(stage.live_incidents().empty());
    CHECK(stage.publish(topic, R"({"device":"d-1","kind":"smoke","values":{"smoke":true}})") == 0);
    CHECK(stage.live_incidents().size() == 1);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE(
    "wrong clocks: 1970 and 2100 count as received now; a day out of order is history, but smoke still alerts, late") {
    Stage stage;
    const auto send = [&](const char* id, const char* time, bool on) {
        const json::object signal{
            {"id", id}, {"device", "d-1"}, {"kind", "smoke"}, {"time", time}, {"values", {{"smoke", on}}}};
        CHECK(stage.signal(json::serialize(signal)).status == 202);
    };
    send("a", "2026-01-01T00:00:00+08:00", true);
    auto live = stage.live_incidents();
    REQUIRE(live.size() == 1);
    CHECK(live[0].at("late") == true);
    send("b", "1970-01-01T00:00:00Z", true);
    send("c", "2100-01-01T00:00:00Z", true);
    live = stage.live_incidents();
    CHECK(live.size() == 1);
    const auto devices = json::parse(stage.ask("duty", "GET", "/api/v1/devices").body).at("devices").as_array();
    bool wrong = false;
    for (const auto& d : devices) wrong = wrong || (d.at("code") == "d-1" && d.at("clock_wrong") == true);
    CHECK(wrong);
}

TEST_CASE("10 MB at once") {
    Stage stage;
    const std::string large = "{\"id\":\"" + std::string(10'000'000, 'x') + "\"}";
    const auto answer = stage.signal(large);
    CHECK(answer.status == 413);
    CHECK(stage.signal(R"({"device":"d-1","kind":"smoke","values":{"smoke":true}})").status == 202);
}

TEST_CASE("100,000 device names from one token stay within the limit and within memory") {
    Stage stage;
    for (int block = 0; block < 100; ++block) {
        json::array list;
        for (int i = 0; i < 1000; ++i) {
            list.push_back(json::object{{"device", "ghost-" + std::to_string(block * 1000 + i)},
                                        {"kind", "smoke"},
                                        {"values", {{"smoke", true}}}});
        }
        const auto answer = stage.signal(json::serialize(list));
        REQUIRE(answer.status == 202);
        CHECK(json::parse(answer.body).at("quarantined") == 1000);
    }
    const auto counts = json::parse(stage.ask("duty", "GET", "/api/v1/quarantine?limit=1").body);
    CHECK(counts.at("kept").to_number<std::int64_t>() + counts.at("dropped").to_number<std::int64_t>() == 100'000);
    CHECK(stage.live_incidents().empty());
    CHECK(stage.server().rss_mb() < 1500);  // the sanitizer build counts too
}

TEST_CASE("nothing answers without signing in, and a device's token opens no page") {
    Stage stage;
    for (const char* target : {"/api/v1/incidents", "/api/v1/quarantine", "/api/v1/devices", "/api/v1/policy",
                               "/api/v1/metrics", "/api/v1/session"}) {
        CAPTURE(target);
        CHECK(stage.ask("", "GET", target).status == 401);
    }
    shoumen::app::HttpClient client("127.0.0.1", stage.server().http_port());
    CHECK(client.ask({"GET", "/api/v1/incidents", stage.device_token(), "", ""})->status == 401);
    CHECK(client.ask({"POST", "/api/v1/signals", "guess", "application/json", "{}"})->status == 401);
    CHECK(stage.publish("shoumen/v1/d-1/signal", "{}", "d-1", "guess") != 0);
    CHECK(stage.publish("shoumen/v1/gas-1/signal", "{}", "gas-1") != 0);  // another device's token
}

TEST_CASE("what begins like a picture and is none is no evidence") {
    Stage stage;
    REQUIRE(stage.signal(R"({"id":"p1","device":"d-1","kind":"smoke","values":{"smoke":true}})").status == 202);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    const std::string id(stage.live_incidents()[0].at("id").as_string());
    const auto add = [&](const std::string& bytes) {
        return stage.send_picture("duty", "/api/v1/incidents/" + id + "/evidence?phase=before", bytes);
    };
    CHECK(code_of(add(std::string("\xff\xd8\xff\xe0") + std::string(30, 'x'))) == "broken-picture");
    const std::string whole = photo("whole");
    CHECK(code_of(add(whole.substr(0, whole.size() - 60))) == "broken-picture");
    CHECK(add(whole).status == 200);
}
