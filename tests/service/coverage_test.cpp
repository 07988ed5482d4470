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
