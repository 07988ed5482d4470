// A changed community directory is tried on what the node has recorded, while it runs; and of two that are switched on
// at once one wins.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;
namespace support = shoumen::support;

namespace {

json::object with_rule(const std::string& rule) {
    json::object files = files_of(demo);
    files["rules/late.yaml"] = rule;
    return files;
}

constexpr const char* late_rule = R"(rules:
  - id: many-refused
    name: {zh: 多次被拒, en: Refused again and again}
    kind: door_access
    where: "result == denied"
    count: {at_least: 2, within: 10m}
    alert: {incident: hazard, severity: blue}
  - id: field-of-its-own
    kind: door_access
    threshold: {raise: "tamper == true", clear: "tamper == false"}
    alert: {incident: hazard, severity: blue}
)";

std::string denied(int n, const std::string& more = {}) {
    return R"({"id":"a)" + std::to_string(n) +
           R"(","device":"access-gh-1-u1","kind":"door_access","values":{"result":"denied")" + more + "}}";
}

// As many signals of a home where nothing happens.
void send_quiet(Stage& stage, const std::string& token, int count) {
    constexpr int at_once = 5'000;
    for (int from = 0; from < count; from += at_once) {
        std::string body = "[";
        for (int n = from; n < from + at_once; ++n) {
            if (n > from) body += ',';
            body += R"({"id":"q)" + std::to_string(n) +
                    R"(","device":"access-gh-1-u1","kind":"door_access","values":{"result":"granted"}})";
        }
        REQUIRE(stage.signal(body + "]", token).status == 202);
    }
}

json::object task(Stage& stage, const std::string& id) {
    const auto answer = stage.ask("admin", "GET", "/api/v1/tasks/" + id);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body).as_object();
}

std::string begin(Stage& stage, const json::object& files) {
    const auto begun = stage.ask("admin", "POST", "/api/v1/policy/tries", {{"files", files}});
    REQUIRE(begun.status == 202);
    const auto t = json::parse(begun.body).as_object();
    CHECK(t.at("state") == "running");
    CHECK(t.at("by") == "p-admin");
    return std::string(t.at("id").as_string());
}

json::object ended(Stage& stage, const std::string& id) {
    for (int i = 0; i < 600; ++i) {
        auto t = task(stage, id);
        if (t.at("state") != "running") return t;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL("the task does not end");
    return {};
}

const json::object& rule_in(const json::object& result, std::string_view code, const char* key = "code") {
    for (const auto& rule : result.at("rules").as_array()) {
        if (rule.at(key).as_string() == code) return rule.as_object();
    }
    FAIL("no rule " << code);
    return result;
}

}  // namespace

TEST_CASE("a changed directory is tried on the recorded log, and says what the command says of its recording") {
    Stage stage;
    own_password(stage);
    const std::string token = new_token(stage, "gw-demo");
    for (int n = 0; n < 7; ++n) REQUIRE(stage.signal(denied(n, R"(,"tamper":true)"), token).status == 202);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    const auto files = with_rule(late_rule);
    const auto done = ended(stage, begin(stage, files));
    INFO(json::serialize(done));
    REQUIRE(done.at("state") == "done");
    CHECK(done.at("done") == done.at("total"));
    CHECK(done.at("based_on") == 1);
    const auto& result = done.at("result").as_object();
    CHECK(result.at("signals") == 7);
    const auto& fresh = rule_in(result, "many-refused");
    CHECK(fresh.at("name").at("zh") == "多次被拒");
    CHECK(fresh.at("before") == 0);
    CHECK(fresh.at("after") == 3);
    CHECK(fresh.at("added") == 3);
    CHECK(fresh.at("added_examples").as_array().size() == 3);
    CHECK(fresh.at("added_examples").as_array()[0].at("device") == "access-gh-1-u1");
    // A value that no rule looked at when it was recorded.
    CHECK(rule_in(result, "field-of-its-own").at("after") == 1);
    const auto& old = rule_in(result, "access-denied-often");
    CHECK(old.at("before") == old.at("after"));
    CHECK(old.at("gone") == 0);
    CHECK(stage.live_incidents().size() == 1);  // nothing was brought about
    // A rule taken away: its alerts are gone.
    auto without = files_of(demo);
    without.erase("rules/doors.yaml");
    const auto less = ended(stage, begin(stage, without));
    CHECK(rule_in(less.at("result").as_object(), "access-denied-often").at("gone") == 1);

    // What the rules in force did is told as well.
    const auto rules = json::parse(stage.ask("duty", "GET", "/api/v1/rules").body).as_object();
    const auto& burst = rule_in(rules, "access-denied-often");
    CHECK(burst.at("alerts") == 1);
    CHECK(burst.at("file") == "rules/doors.yaml");
    CHECK(burst.at("line").as_int64() > 1);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);

    // The same by the command, over the exported recording.
    REQUIRE(stage.stop() == 0);
    const auto exported = support::run_to_end({"export", "--data", stage.data()});
    std::ofstream(stage.scratch("log.jsonl")) << exported.out;
    const std::string dir = stage.scratch("community");
    std::filesystem::copy(demo, dir, std::filesystem::copy_options::recursive);
    std::ofstream(dir + "/rules/late.yaml") << late_rule;
    const auto tried =
        json::parse(support::run_to_end({"policy", "try", dir, stage.scratch("log.jsonl"), "--community", demo}).out)
            .as_object();
    CHECK(tried.at("before").at("alerts") == result.at("alerts_before"));
    CHECK(tried.at("after").at("alerts") == result.at("alerts_after"));
    for (const auto* key : {"before", "after", "added", "gone"})
        CHECK(rule_in(tried, "many-refused", "rule").at(key) == fresh.at(key));
    // Results are there after a restart.
    stage.restart();
    CHECK(task(stage, "1").at("result") == done.at("result"));
    CHECK(json::parse(stage.ask("admin", "GET", "/api/v1/tasks").body).at("tasks").as_array().size() == 2);
}

TEST_CASE("a try follows the versions that were in force, and looks at its span of time alone") {
    Stage stage;
    own_password(stage);
    const std::string token = new_token(stage, "gw-demo");
    for (int n = 0; n < 2; ++n) REQUIRE(stage.signal(denied(n), token).status == 202);
    REQUIRE(stage.ask("admin", "POST", "/api/v1/policy", {{"files", with_rule(late_rule)}}).status == 200);
    for (int n = 2; n < 4; ++n) REQUIRE(stage.signal(denied(n), token).status == 202);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    const auto done = ended(stage, begin(stage, with_rule(late_rule)));
    INFO(json::serialize(done));
    // Of then: two refusals before the rule was there, two after.
    const auto& rule = rule_in(done.at("result").as_object(), "many-refused");
    CHECK(rule.at("before") == 1);
    CHECK(rule.at("after") == 2);
    CHECK(rule.at("added") == 1);
    CHECK(rule.at("gone") == 0);
    const auto past = stage.ask(
        "admin", "POST", "/api/v1/policy/tries",
        {{"files", with_rule(late_rule)}, {"from", "2020-01-01T00:00:00+08:00"}, {"to", "2020-01-02T00:00:00+08:00"}});
    REQUIRE(past.status == 202);
    const auto nothing = ended(stage, std::string(json::parse(past.body).at("id").as_string()));
    CHECK(nothing.at("state") == "done");
    CHECK(nothing.at("result").at("signals") == 0);
    CHECK(stage
              .ask("admin", "POST", "/api/v1/policy/tries",
                   {{"files", with_rule(late_rule)}, {"from", "2030-01-01T00:00:00+08:00"}})
              .status == 422);
    // The files of both versions, as they came.
    const auto versions = json::parse(stage.ask("admin", "GET", "/api/v1/policy/versions").body).at("versions");
    REQUIRE(versions.as_array().size() == 2);
    CHECK(versions.as_array()[0].at("version") == 2);
    CHECK(json::parse(stage.ask("admin", "GET", "/api/v1/policy/files").body).at("files").at("rules/late.yaml") ==
          late_rule);
    CHECK(json::parse(stage.ask("admin", "GET", "/api/v1/policy/files?version=1").body).at("files") == files_of(demo));
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("a try begins and ends at its moments, in the middle of a batch too") {
    Stage stage;
    own_password(stage);
    send_quiet(stage, new_token(stage, "gw-demo"), 5'000);
    REQUIRE(stage.stop() == 0);
    std::istringstream lines(support::run_to_end({"export", "--data", stage.data()}).out);
    std::vector<std::string> received;
    for (std::string line; std::getline(lines, line);) {
        const auto input = json::parse(line).as_object();
        if (input.at("input") == "signal") received.emplace_back(input.at("received").as_string());
    }
    REQUIRE(received.size() == 5'000);
    const std::string from = received[1'234];
    const std::string to = received[3'456];
    const auto at = [](const std::string& text) { return shoumen::base::parse_rfc3339(text).value(); };
    const auto within = std::count_if(received.begin(), received.end(), [&](const std::string& text) {
        return at(from) <= at(text) && at(text) < at(to);
    });
    REQUIRE(within > 1'000);
    stage.restart();
    const auto begun =
        stage.ask("admin", "POST", "/api/v1/policy/tries", {{"files", files_of(demo)}, {"from", from}, {"to", to}});
    REQUIRE(begun.status == 202);
    const auto done = ended(stage, std::string(json::parse(begun.body).at("id").as_string()));
    CHECK(done.at("result").at("signals") == within);
}

TEST_CASE("a try can be cancelled, is one at a time, and is interrupted by the end of the program") {
    Stage stage;
    own_password(stage);
    send_quiet(stage, new_token(stage, "gw-demo"), 60'000);
    const auto files = with_rule(late_rule);
    const auto first = begin(stage, files);
    const auto second = stage.ask("admin", "POST", "/api/v1/policy/tries", {{"files", files}});
    CHECK(second.status == 429);
    CHECK(code_of(second) == "busy");
    CHECK(stage.ask("admin", "DELETE", "/api/v1/tasks/" + first).status == 202);
    const auto cancelled = ended(stage, first);
    CHECK(cancelled.at("state") == "cancelled");
    CHECK_FALSE(cancelled.contains("result"));
    CHECK(cancelled.at("done").as_int64() < 60'000);
    // There is room again, and signals are taken while it runs.
    const auto whole = begin(stage, files);
    CHECK(stage.signal(denied(1), stage.device_token()).status == 202);
    CHECK(ended(stage, whole).at("result").at("signals").as_int64() >= 60'000);
    CHECK(json::parse(stage.ask("admin", "DELETE", "/api/v1/tasks/" + whole).body).at("state") == "done");
    CHECK(stage.ask("duty", "GET", "/api/v1/tasks").status == 403);
    CHECK(stage.ask("admin", "GET", "/api/v1/tasks/77").status == 404);
    const auto killed = begin(stage, files);
    stage.kill();
    stage.restart();
    CHECK(task(stage, killed).at("state") == "interrupted");
    CHECK(task(stage, whole).at("state") == "done");
    CHECK(ended(stage, begin(stage, files)).at("state") == "done");
    CHECK(stage.stop() == 0);
    CHECK(support::run_to_end({"verify", "--data", stage.data()}).code == 0);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("files that are not sound: the check says where, and a try fails with the same") {
    Stage stage;
    own_password(stage);
    const auto files = with_rule("rules:\n  - {id: x, kind: smok}\n");
    const auto checked = json::parse(stage.ask("admin", "POST", "/api/v1/policy/check", {{"files", files}}).body);
    const auto& findings = checked.at("findings").as_array();
    REQUIRE_FALSE(findings.empty());
    CHECK(findings[0].at("file") == "rules/late.yaml");
    CHECK(findings[0].at("line") == 2);
    CHECK(findings[0].at("code") == "unknown-word");
    const auto failed = ended(stage, begin(stage, files));
    CHECK(failed.at("state") == "failed");
    CHECK(failed.at("error") == "policy-refused");
    CHECK(failed.at("findings") == findings);
    CHECK(json::parse(stage.ask("admin", "POST", "/api/v1/policy/check", {{"files", files_of(demo)}}).body)
              .at("findings")
              .as_array()
              .empty());
    CHECK(stage.ask("duty", "POST", "/api/v1/policy/check", {{"files", files}}).status == 403);
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/policy").body).at("version") == 1);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("of two activations at once exactly one wins, and the other is told") {
    Stage stage;
    own_password(stage);
    const auto signed_in =
        stage.ask("admin", "POST", "/api/v1/session", {{"account", "admin"}, {"password", "a-password-of-the-test"}});
    const std::string token(json::parse(signed_in.body).at("token").as_string());
    for (std::int64_t version = 1; version <= 5; ++version) {
        std::vector<app::HttpAnswer> answers(2);
        std::vector<std::thread> both;
        for (int i = 0; i < 2; ++i) {
            both.emplace_back([&, i] {
                auto files = with_rule(late_rule);
                files["rules/late.yaml"].as_string() +=
                    "# " + std::to_string(version) + " by " + std::to_string(i) + "\n";
                app::HttpClient client("127.0.0.1", stage.server().http_port());
                const auto answer =
                    client.ask({"POST", "/api/v1/policy", token, "application/json",
                                json::serialize(json::object{{"files", files}, {"based_on", version}})});
                if (answer) answers[static_cast<std::size_t>(i)] = *answer;
            });
        }
        for (auto& thread : both) thread.join();
        const std::size_t winner = answers[0].status == 200 ? 0 : 1;
        INFO(answers[0].body << answers[1].body);
        REQUIRE(answers[winner].status == 200);
        CHECK(json::parse(answers[winner].body).at("version") == version + 1);
        CHECK(answers[1 - winner].status == 409);
        CHECK(code_of(answers[1 - winner]) == "policy-changed");
    }
    const auto versions = json::parse(stage.ask("admin", "GET", "/api/v1/policy/versions").body).at("versions");
    CHECK(versions.as_array().size() == 6);
    // Nor much later: whoever wrote over an old version is told, and nothing changes.
    const auto stale = stage.ask("admin", "POST", "/api/v1/policy", {{"files", with_rule(late_rule)}, {"based_on", 2}});
    CHECK(stale.status == 409);
    CHECK(code_of(stale) == "policy-changed");
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/policy").body).at("version") == 6);
}
