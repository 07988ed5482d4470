// How far the plan is reached, on the real program with the demo community.
#include <thread>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;

TEST_CASE("coverage against the plan: what hangs there, what of it speaks, and where the next devices help") {
    Stage stage;
    own_password(stage);
    const auto get = [&](const std::string& who) { return stage.ask(who, "GET", "/api/v1/coverage"); };
    const auto before = get("admin");
    REQUIRE_MESSAGE(before.status == 200, before.body);
    const auto first = json::parse(before.body);
    REQUIRE(first.at("targets").as_array().size() == 3);
    const auto& smoke = first.at("targets").as_array()[1];
    CHECK(smoke.at("id") == "smoke");
    const json::value whole = smoke.at("rows").as_array()[0];
    CHECK(whole.at("level") == "community");
    CHECK(whole.at("served").as_int64() == 9);
    CHECK(whole.at("working").as_int64() == 0);  // nothing has spoken yet
    CHECK(first.at("next").as_array().size() == 10);
    CHECK(first.at("recognised").at("judged").as_int64() == 0);
    // One of them speaks.
    REQUIRE(stage.signal(R"({"id":"c1","device":"d-1","kind":"smoke","values":{"smoke":false}})").status == 202);
    const auto working = [&] {
        const auto now = json::parse(get("admin").body);
        return now.at("targets").as_array()[1].at("rows").as_array()[0].at("working").as_int64();
    };
    for (int i = 0; i < 50 && working() == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(working() == 1);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE(
    "the share of recognised alerts that were right follows the verdicts people give, and what is under repair does "
    "not work") {
    Stage stage;
    own_password(stage);
    const std::string gateway = new_token(stage, "gw-demo");
    const auto get = [&] { return json::parse(stage.ask("admin", "GET", "/api/v1/coverage").body).as_object(); };
    const auto figures = [&] {
        const json::object all = get();
        const auto& r = all.at("recognised").as_object();
        return std::pair{r.at("judged").as_int64(), r.at("right").as_int64()};
    };
    const auto soon = [&](const auto& holds) {
        for (int i = 0; i < 100; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    };
    const std::string said =
        R"({"id":"r1","device":"camera-hp-2-roof","kind":"resident_camera","values":{"person":true}})";
    REQUIRE(stage.signal(said, gateway).status == 202);
    json::array live;
    REQUIRE(stage.wait_until([&](const json::array& incidents) {
        live = incidents;
        return incidents.size() == 1;
    }));
    const std::string id(live[0].at("id").as_string());
    const auto act = [&](const std::string& action, const json::value& body) {
        const auto answer = stage.ask("duty", "POST", "/api/v1/incidents/" + id + "/actions/" + action, body);
        CHECK_MESSAGE(answer.status == 200, answer.body);
    };
    CHECK(figures() == std::pair{std::int64_t{0}, std::int64_t{0}});
    act("mark_false_alarm", {{"text", "天台上是晾衣架"}});
    CHECK(soon([&] { return figures() == std::pair{std::int64_t{1}, std::int64_t{0}}; }));
    act("judge", {{"verdict", "true"}, {"text", "看错了，是人"}});
    CHECK(soon([&] { return figures() == std::pair{std::int64_t{1}, std::int64_t{1}}; }));
    act("judge", {{"verdict", "test"}, {"text", "是演练"}});
    CHECK(soon([&] { return figures() == std::pair{std::int64_t{0}, std::int64_t{0}}; }));

    const auto working = [&] {
        const json::object all = get();
        return all.at("targets").as_array()[1].at("rows").as_array()[0].at("working").as_int64();
    };
    REQUIRE(stage.signal(R"({"id":"c1","device":"d-1","kind":"smoke","values":{"smoke":false}})").status == 202);
    CHECK(soon([&] { return working() == 1; }));
    const auto moved =
        stage.ask("admin", "POST", "/api/v1/upkeep/devices/d-1/move", {{"to", "repair"}, {"why", "底座松动"}});
    REQUIRE_MESSAGE(moved.status == 200, moved.body);
    CHECK(working() == 0);
    CHECK(stage.contract_findings().empty());
}
