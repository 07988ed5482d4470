// A wider sight for a short time (应急授权), and the acts that a first run, a lost administrator and a leaver leave;
// against the running program.
#include <chrono>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;

namespace {

json::value parsed(const app::HttpAnswer& answer) { return json::parse(answer.body); }
std::string text(const json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

// An account whose own bodies are none: its role reaches the whole community.
void newcomer(Stage& stage, const std::string& name, const char* role) {
    const auto made = stage.ask("admin", "POST", "/api/v1/accounts",
                                json::object{{"name", name}, {"person", "p-" + name}, {"roles", {role}}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    stage.know(name, text(parsed(made), "one_time_password"));
}

std::string kinds(Stage& stage, const std::string& subject) {
    std::string out;
    const auto acts = parsed(stage.ask("auditor", "GET", "/api/v1/acts?subject=" + subject)).at("acts");
    for (const auto& act : acts.as_array()) out += text(act, "kind") + " ";
    return out;
}

}  // namespace

TEST_CASE("a wider sight is opened with a reason, told to the administrators, and each look by it is on record") {
    constexpr const char* phone = "13800004102";  // nobody's
    Stage stage({"--watch-every", "0.2"});
    own_password(stage);
    newcomer(stage, "auditor", "auditor");
    newcomer(stage, "reporter", "resident");
    newcomer(stage, "officer", "community_police");
    newcomer(stage, "patrol", "patrol_team");
    // Words of a resident: covered for the desk until they are asked for, or a wider sight is open.
    const auto reported = stage.ask(
        "reporter", "POST", "/api/v1/incidents",
        json::object{{"kind", "fire"}, {"place", "gh"}, {"severity", "red"}, {"text", std::string("我电话") + phone}});
    REQUIRE_MESSAGE(reported.status == 201, reported.body);
    const std::string incident = "/api/v1/incidents/" + text(parsed(reported), "id");
    CHECK(stage.ask("officer", "GET", incident).body.find(phone) == std::string::npos);

    const auto open = [&](const char* account, const char* reason) {
        return stage.ask(account, "POST", "/api/v1/wider-sights", json::object{{"reason", reason}});
    };
    CHECK(code_of(open("patrol", "想看看大家的信息")) == "forbidden");
    CHECK(code_of(open("officer", "x")) == "reason-needed");
    CHECK(parsed(stage.ask("officer", "GET", "/api/v1/wider-sights")).at("may").as_bool());
    CHECK_FALSE(parsed(stage.ask("patrol", "GET", "/api/v1/wider-sights")).at("may").as_bool());
    const auto opened = open("officer", "老人失联，家属13900001111打不通");
    REQUIRE_MESSAGE(opened.status == 201, opened.body);
    CHECK(code_of(open("officer", "还要再看一会儿")) == "wider-open");

    CHECK(stage.ask("officer", "GET", incident).body.find(phone) != std::string::npos);
    CHECK(stage.ask("patrol", "GET", incident).body.find(phone) == std::string::npos);
    // The person concerned reads that it was done so; the auditor reads the reason, numbers covered.
    const auto looks = stage.ask("reporter", "GET", "/api/v1/acts?subject=person:p-reporter").body;
    CHECK_MESSAGE(looks.find("looked_opened") != std::string::npos, looks);
    CHECK(kinds(stage, "account:officer") == "wider_opened password_changed account_added ");
    const auto act = stage.ask("auditor", "GET", "/api/v1/acts?subject=account:officer&limit=1").body;
    CHECK(act.find("老人失联") != std::string::npos);
    CHECK(act.find("13900001111") == std::string::npos);
    // Who runs the platform learns it by an incident of its own, and sees who, until when and why.
    CHECK(stage.wait_until([](const json::array& live) {
        return std::ranges::any_of(live,
                                   [](const json::value& i) { return i.at("kind").as_string() == "platform_access"; });
    }));
    const auto list = parsed(stage.ask("admin", "GET", "/api/v1/wider-sights")).at("wider_sights").as_array();
    REQUIRE(list.size() == 1);
    CHECK(text(list.front(), "account") == "officer");
    CHECK(text(list.front(), "reason").starts_with("老人失联"));
    CHECK(parsed(stage.ask("patrol", "GET", "/api/v1/wider-sights")).at("wider_sights").as_array().empty());

    // It goes on over a restart, ends when it is ended, and then shows nothing.
    stage.restart();
    CHECK(stage.ask("officer", "GET", incident).body.find(phone) != std::string::npos);
    const auto id = text(parsed(opened), "id");
    CHECK(code_of(stage.ask("patrol", "DELETE", "/api/v1/wider-sights/" + id)) == "unknown-wider-sight");
    CHECK(stage.ask("admin", "DELETE", "/api/v1/wider-sights/" + id).status == 204);
    CHECK(stage.ask("officer", "GET", incident).body.find(phone) == std::string::npos);
    CHECK(code_of(stage.ask("officer", "DELETE", "/api/v1/wider-sights/" + id)) == "unknown-wider-sight");
    CHECK(kinds(stage, "account:officer").starts_with("wider_closed wider_opened "));
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("a wider sight ends by itself, and a program's token never has one") {
    // A minute of the clock is a tenth of a second.
    Stage stage({"--clock-rate", "600"});
    own_password(stage);
    newcomer(stage, "officer", "community_police");
    REQUIRE(stage.ask("officer", "POST", "/api/v1/wider-sights", json::object{{"reason", "老人失联"}}).status == 201);
    const auto ended = [&] {
        const auto one = parsed(stage.ask("officer", "GET", "/api/v1/wider-sights")).at("wider_sights").as_array();
        const auto until = text(one.front(), "until");
        const auto now = text(parsed(stage.ask("officer", "GET", "/api/v1/incidents")), "now");
        return now >= until;
    };
    for (int i = 0; i < 100 && !ended(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    REQUIRE(ended());
    CHECK(stage.ask("officer", "POST", "/api/v1/wider-sights", json::object{{"reason", "再次需要"}}).status == 201);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("the first run, a lost administrator and a leaver each leave an act") {
    Stage stage;
    own_password(stage);
    newcomer(stage, "auditor", "auditor");
    newcomer(stage, "li", "verifier");
    CHECK(kinds(stage, "account:admin") == "password_changed account_added ");
    const auto first = parsed(stage.ask("auditor", "GET", "/api/v1/acts?subject=account:admin")).at("acts").as_array();
    CHECK(text(first.back(), "detail") == "at the machine grants 1:administrator");
    CHECK_FALSE(first.back().as_object().contains("actor"));
    REQUIRE(stage.ask("admin", "POST", "/api/v1/accounts/li/leave").status == 200);
    CHECK(kinds(stage, "account:li").starts_with("account_left "));
    // In the ledger, both of them.
    for (const char* account : {"li", "admin"}) {
        const auto newest =
            parsed(stage.ask("auditor", "GET", fmt::format("/api/v1/acts?subject=account:{}", account))).at("acts");
        const auto id = text(newest.as_array().back(), "id");
        const auto receipt = stage.ask("auditor", "GET", "/api/v1/acts/" + id + "/receipt");
        CHECK_MESSAGE((receipt.status == 200 || code_of(receipt) == "receipt-not-yet"), receipt.body);
    }
    REQUIRE(stage.stop() == 0);
    REQUIRE(shoumen::support::run_to_end({"password", "--data", stage.data(), "admin"}).code == 0);
    stage.restart();
    CHECK(kinds(stage, "account:admin").starts_with("password_reset "));
}
