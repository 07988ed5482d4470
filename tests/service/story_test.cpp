// The story of a day at the desk, through the doors of the real program.
#include <thread>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

std::string id_of(const json::value& incident) { return std::string(incident.at("id").as_string()); }

std::string act(Stage& stage, const std::string& who, const std::string& id, const std::string& action,
                const json::object& body = {}) {
    const auto answer = stage.ask(who, "POST", "/api/v1/incidents/" + id + "/actions/" + action, body);
    return answer.status == 200 ? std::string{} : code_of(answer);
}

constexpr const char* smoke_on = R"({"id":"m1","device":"d-1","kind":"smoke","values":{"smoke":true}})";

}  // namespace

TEST_CASE("a smoke alarm becomes an incident with one owner, is worked on, proved, verified and closed") {
    Stage stage;
    REQUIRE(stage.publish("shoumen/v1/d-1/signal", smoke_on) == 0);
    const auto live = stage.live_incidents();
    REQUIRE(live.size() == 1);
    CHECK(live[0].at("severity") == "red");
    CHECK(live[0].at("lead").at("code").as_string() != "");
    CHECK(live[0].at("deadline").at("kind") == "acknowledge");
    const std::string id = id_of(live[0]);

    CHECK(stage.publish("shoumen/v1/d-1/signal", smoke_on) ==
          0);  // the same message again is acknowledged, and is no second alert
    CHECK(stage.live_incidents()[0].at("alert_count") == 1);

    CHECK(act(stage, "verifier", id, "verify") == "wrong-state");
    CHECK(act(stage, "responder", id, "mark_false_alarm") == "needs-arrival");
    CHECK(act(stage, "responder", id, "acknowledge") == "");
    CHECK(act(stage, "responder", id, "acknowledge") == "wrong-state");
    CHECK(act(stage, "responder", id, "depart") == "");
    CHECK(act(stage, "responder", id, "arrive") == "");
    CHECK(act(stage, "responder", id, "resolve") == "needs-after-evidence");
    const std::string pictures = "/api/v1/incidents/" + id + "/evidence?phase=after";
    CHECK(code_of(stage.send_picture("responder", pictures, photo("old", "2020:01:01 08:00:00"))) ==
          "evidence-before-arrival");
    CHECK(stage.send_picture("responder", pictures, photo("after")).status == 200);
    CHECK(code_of(stage.send_picture("responder", pictures, photo("after"))) == "evidence-used-before");
    CHECK(code_of(stage.send_picture("responder", pictures, "<svg/>")) == "unsupported-media");
    CHECK(act(stage, "responder", id, "resolve", {{"text", "阀门已关，明火已灭"}}) == "");
    CHECK(act(stage, "responder", id, "verify") == "not-a-verifier");
    CHECK(act(stage, "verifier", id, "verify") == "");

    const auto done = stage.incident(id);
    CHECK(done.at("state") == "closed");
    CHECK(done.at("verifier") != done.at("resolver"));
    CHECK(done.at("evidence").as_array().size() == 1);
    CHECK(done.at("evidence").as_array()[0].at("standing") == "unproven");
    const std::string url(done.at("evidence").as_array()[0].at("url").as_string());
    CHECK(stage.ask("duty", "GET", url).body.starts_with("\xff\xd8\xff"));
    CHECK(stage.ask("", "GET", url).status == 401);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("nobody answers: the incident climbs to the street and the district, and a kill -9 changes nothing of it") {
    Stage stage({"--clock-rate", "60"});
    REQUIRE(stage.signal(smoke_on).status == 202);
    const std::string id = id_of(stage.live_incidents()[0]);
    CHECK(stage.wait_until([](const json::array& live) { return live[0].at("level") == "street"; }));
    stage.kill();
    stage.restart();
    CHECK(stage.live_incidents().size() == 1);
    CHECK(stage.wait_until([](const json::array& live) { return live[0].at("level") == "district"; }));
    const auto incident = stage.incident(id);
    CHECK(incident.at("lead").at("code").as_string() != "");
    CHECK(incident.at("supervisor").at("role") == "district_office");
    CHECK(incident.at("told").as_array().size() > 3);
}

TEST_CASE("a report by hand, twice with one key, is one incident") {
    Stage stage;
    const json::object report{{"kind", "noise"}, {"place", "gh"}, {"severity", "blue"}, {"text", "夜间施工噪声"}};
    const auto first = stage.ask("duty", "POST", "/api/v1/incidents", report);
    REQUIRE(first.status == 201);
    const std::string id(json::parse(first.body).at("id").as_string());
    const auto incident = stage.incident(id);
    CHECK(incident.at("state") == "open");
    bool found = false;
    for (const auto& e : incident.at("timeline").as_array())
        found = found || (e.as_object().contains("text") && e.at("text") == "夜间施工噪声");
    CHECK(found);
    CHECK(stage.ask("duty", "POST", "/api/v1/incidents", {{"kind", "nonsense"}, {"place", "gh"}, {"severity", "blue"}})
              .status >= 400);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("free text is not in the log") {
    Stage stage;
    const auto answer =
        stage.ask("duty", "POST", "/api/v1/incidents",
                  {{"kind", "noise"}, {"place", "gh"}, {"severity", "blue"}, {"text", "very private words"}});
    REQUIRE(answer.status == 201);
    REQUIRE(stage.stop() == 0);
    const auto log = shoumen::support::run_program({"export", "--data", stage.data()});
    CHECK(log.find("private words") == std::string::npos);
    CHECK(log.find("\"action\":\"report\"") != std::string::npos);
}
