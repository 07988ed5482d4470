// A changed community directory takes force in a running node.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;
namespace support = shoumen::support;

namespace {

constexpr const char* late_rule = R"(rules:
  - id: many-refused
    kind: door_access
    where: "result == denied"
    count: {at_least: 2, within: 10m}
    alert: {incident: hazard, severity: blue}
)";

std::string denied(int n) {
    return R"({"id":"a)" + std::to_string(n) +
           R"(","device":"access-gh-1-u1","kind":"door_access","values":{"result":"denied"}})";
}

std::int64_t version(Stage& stage) {
    return json::parse(stage.ask("duty", "GET", "/api/v1/health").body).as_object().contains("policy_version")
               ? json::parse(stage.ask("duty", "GET", "/api/v1/health").body).at("policy_version").as_int64()
               : json::parse(stage.ask("duty", "GET", "/api/v1/policy").body).at("version").as_int64();
}

}  // namespace

TEST_CASE("activated in the middle of an open window: what did not change goes on, what is new begins") {
    Stage stage;
    own_password(stage);
    const std::string token = new_token(stage, "gw-demo");
    // Four of the five refusals that the demo's own rule waits for.
    for (int n = 0; n < 4; ++n) CHECK(stage.signal(denied(n), token).status == 202);
    CHECK(stage.live_incidents().empty());
    json::object files = files_of(demo);
    files["rules/late.yaml"] = late_rule;
    const auto activated = stage.ask("admin", "POST", "/api/v1/policy", {{"files", files}});
    REQUIRE(activated.status == 200);
    CHECK(json::parse(activated.body).at("version") == 2);
    CHECK(version(stage) == 2);
    CHECK(stage.signal(denied(4), token).status == 202);  // the fifth, over both versions; the first for the new rule
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    CHECK(stage.live_incidents()[0].at("kind") == "intrusion");
    CHECK(stage.signal(denied(5), token).status == 202);
    CHECK(stage.wait_until([](const json::array& live) { return live.size() == 2; }));
    // The same again is no new version; and everything is there after a crash.
    CHECK(json::parse(stage.ask("admin", "POST", "/api/v1/policy", {{"files", files}}).body).at("version") == 2);
    stage.kill();
    CHECK(support::run_to_end({"verify", "--data", stage.data()}).code == 0);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("what is not sound does not take force, and says why") {
    Stage stage;
    own_password(stage);
    json::object files = files_of(demo);
    files["rules/late.yaml"] = "rules:\n  - {id: x, kind: smok}\n";
    const auto refused = stage.ask("admin", "POST", "/api/v1/policy", {{"files", files}});
    CHECK(refused.status == 422);
    CHECK(code_of(refused) == "policy-refused");
    CHECK(refused.body.find("rules/late.yaml:2: unknown-word") != std::string::npos);
    CHECK(stage.ask("duty", "POST", "/api/v1/policy", {{"files", files}}).status == 403);
    CHECK(stage.ask("admin", "POST", "/api/v1/policy", {{"files", json::object{}}}).status == 422);
    CHECK(version(stage) == 1);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("by the command: shoumen policy activate") {
    Stage stage;
    own_password(stage);
    const std::string dir = stage.scratch("community");
    std::filesystem::copy(demo, dir, std::filesystem::copy_options::recursive);
    std::ofstream(dir + "/rules/late.yaml") << late_rule;
    setenv("SHOUMEN_PASSWORD", "a-password-of-the-test", 1);
    const std::string http = "127.0.0.1:" + std::to_string(stage.server().http_port());
    const auto done = support::run_to_end({"policy", "activate", dir, "--http", http});
    CHECK_MESSAGE(done.code == 0, done.err);
    CHECK(done.out == "in force: version 2\n");
    std::ofstream(dir + "/rules/late.yaml") << "rules: [";
    const auto bad = support::run_to_end({"policy", "activate", dir, "--http", http});
    CHECK(bad.code == 1);
    CHECK(bad.out.find("rules/late.yaml:") != std::string::npos);
    setenv("SHOUMEN_PASSWORD", "wrong-password", 1);
    CHECK(support::run_to_end({"policy", "activate", demo, "--http", http}).err.find("sign-in-failed") !=
          std::string::npos);
    CHECK(support::run_to_end({"policy", "activate", demo, "--http", "127.0.0.1:1"}).code == 2);
    CHECK(version(stage) == 2);
}

TEST_CASE(
    "what was switched on while running outlives a restart with the unchanged directory; a changed one takes force") {
    const support::Scratch scratch;
    const std::string dir = scratch.path("community");
    std::filesystem::copy(SHOUMEN_SOURCE_DIR "/community/demo", dir, std::filesystem::copy_options::recursive);
    Stage stage({}, false, dir);
    own_password(stage);
    json::object files = files_of(dir);
    files["rules/late.yaml"] = late_rule;
    REQUIRE(stage.ask("admin", "POST", "/api/v1/policy", {{"files", files}}).status == 200);
    CHECK(version(stage) == 2);
    CHECK(stage.stop() == 0);
    stage.restart();
    CHECK(version(stage) == 2);
    CHECK(stage.server().log().find("policy_kept") != std::string::npos);
    stage.kill();
    stage.restart();
    CHECK(version(stage) == 2);
    CHECK(stage.stop() == 0);
    std::ofstream(dir + "/rules/another.yaml") << late_rule;
    stage.restart();
    CHECK(version(stage) == 3);
    CHECK(stage.stop() == 0);
    stage.restart();
    CHECK(version(stage) == 3);
}
