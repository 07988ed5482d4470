// The family of somebody who lives alone is told beside the officials, against the running program and a gateway for
// short messages that the test itself is. A quiet of seconds stands for one of half a day.
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include "listening.hpp"
#include "sms_gateway.hpp"
#include "stage.hpp"

using namespace shoumen;
using namespace shoumen::service;

namespace {

constexpr const char* number = "13800004177";  // nobody's: a made-up one

std::string in_days(int days) {
    const auto t = std::chrono::system_clock::now() + std::chrono::hours(24 * days);
    const std::time_t s = std::chrono::system_clock::to_time_t(t);
    char out[32];
    std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&s));
    return out;
}

// From now on one home is missed after seconds, and its door opened some seconds later.
void hurry(const std::string& community, const std::string& missed_after) {
    const std::string file = community + "/rules/care.yaml";
    std::ifstream in(file);
    std::string rules((std::istreambuf_iterator<char>(in)), {});
    const auto put = [&](const std::string& was, const std::string& is) {
        const auto at = rules.find(was);
        REQUIRE_MESSAGE(at != std::string::npos, was);
        rules.replace(at, was.size(), is);
    };
    put("within: [gh-1-102, gh-4-201, gh-2-202, hp-2-901]\n    key: home", "within: [gh-1-102]\n    key: home");
    const auto from = rules.find("    learned_absence: {");
    REQUIRE(from != std::string::npos);
    rules.replace(from, rules.find('\n', from) - from, "    absence: {within: " + missed_after + "}");
    put("rise: [{after: 20m, to: orange}, {after: 1h, to: red}]}",
        "rise: [{after: 2s, to: orange}, {after: 4s, to: red}]}");
    std::ofstream(file) << rules;
}

struct Home {
    support::Scratch scratch;
    SmsGateway gateway;
    std::string secret = "a secret of the gateway";
    std::unique_ptr<Stage> stage;
    std::string devices;

    Home() {
        const std::string file = scratch.path("secret");
        std::ofstream(file) << secret << "\n";
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        stage = std::make_unique<Stage>(
            std::vector<std::string>{"--sms-gateway", gateway.url(), "--sms-secret-file", file, "--watch-every", "0.5"},
            false, community());
        own_password(*stage);
        account("keeper", "committee");
        account("son", "family");
        account("audit", "auditor");
        account("there", "grid_worker", {"gw-1"});
        devices = new_token(*stage, "gw-demo");
    }
    [[nodiscard]] std::string community() const {
        std::string to = scratch.path("community");
        if (!std::filesystem::exists(to)) std::filesystem::copy(demo, to, std::filesystem::copy_options::recursive);
        return to;
    }
    // The elder does not stir any more.
    void fall_quiet(const std::string& missed_after = "3s") {
        hurry(community(), missed_after);
        stage->restart();
        const auto said = R"({"id":"m1","device":"motion-gh-1-102","kind":"motion","values":{"occupancy":true}})";
        REQUIRE(stage->signal(said, devices).status == 202);
    }
    void account(const std::string& name, const std::string& role, const json::array& bodies = {}) {
        const auto made =
            stage->ask("admin", "POST", "/api/v1/accounts",
                       json::object{{"name", name}, {"person", "p-" + name}, {"roles", {role}}, {"bodies", bodies}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage->know(name, std::string(json::parse(made.body).at("one_time_password").as_string()));
    }
    void person(const std::string& code, const json::object& what) {
        const auto put = stage->ask("keeper", "PUT", "/api/v1/persons/" + code, what);
        REQUIRE_MESSAGE(put.status == 201, put.body);
    }
    void mother_and_son() {
        person("p-mother", {{"given_name", "样例"}, {"home", "gh-1-102"}});
        person("p-son", {{"given_name", "样例"}, {"phone", number}});
        const json::object consent{
            {"from", "p-mother"}, {"to", "p-son"}, {"until", in_days(10)}, {"reason", "在家中当面同意"}};
        const auto given = stage->ask("there", "POST", "/api/v1/delegations", consent);
        REQUIRE_MESSAGE(given.status == 201, given.body);
    }
    template <class Holds>
    [[nodiscard]] bool soon(const Holds& holds) {
        for (int i = 0; i < 400; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return false;
    }
    [[nodiscard]] json::array acts_on(const std::string& subject, std::string_view kind = "family_told") {
        const auto answer = stage->ask("audit", "GET", "/api/v1/acts?subject=" + subject);
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        json::array told;
        const auto all = json::parse(answer.body);
        for (const auto& act : all.at("acts").as_array()) {
            if (act.at("kind").as_string() == kind) told.push_back(act);
        }
        return told;
    }
};

}  // namespace

TEST_CASE(
    "who was asked to look after somebody is told when the home is quiet, when the door is opened, and of the end") {
    Home home;
    Stage& stage = *home.stage;
    home.mother_and_son();
    home.person("p-other", {{"given_name", "邻居"}, {"home", "gh-1-202"}, {"phone", "13800004178"}});

    home.fall_quiet();
    const std::string first = home.gateway.wait_for(1, std::chrono::seconds(20));
    CHECK(first.find(number) != std::string::npos);
    CHECK(first.find("比平常安静得久") != std::string::npos);
    CHECK(first.find("102室") == std::string::npos);  // no door goes out
    CHECK(first.find("gh-1-102") == std::string::npos);
    const std::string second = home.gateway.wait_for(2, std::chrono::seconds(20));
    CHECK(second.find("按预案开门") != std::string::npos);
    json::array live = stage.live_incidents();
    REQUIRE(live.size() == 1);
    const std::string id(live[0].at("id").as_string());
    CHECK(home.soon([&] { return home.acts_on("person:p-son").size() == 2; }));
    CHECK(home.acts_on("incident:" + id).size() == 2);
    CHECK(home.acts_on("person:p-other").empty());

    // Not again after a restart.
    stage.restart();
    std::this_thread::sleep_for(std::chrono::seconds(2));
    CHECK(home.gateway.requests().size() == 2);

    for (const char* action : {"acknowledge", "depart", "arrive"}) {
        const auto done = stage.ask("duty", "POST", "/api/v1/incidents/" + id + "/actions/" + action, json::object{});
        CHECK_MESSAGE(done.status == 200, action << done.body);
    }
    const auto ended = stage.ask("duty", "POST", "/api/v1/incidents/" + id + "/actions/mark_false_alarm",
                                 {{"text", "睡着了，人没事"}});
    REQUIRE_MESSAGE(ended.status == 200, ended.body);
    CHECK(home.gateway.wait_for(3, std::chrono::seconds(20)).find("已经处理完毕") != std::string::npos);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("without a consent that holds nobody of the family is told") {
    Home home;
    home.person("p-mother", {{"given_name", "样例"}, {"home", "gh-1-102"}});
    home.person("p-son", {{"given_name", "样例"}, {"phone", number}});
    home.fall_quiet();
    REQUIRE(home.stage->wait_until([](const json::array& live) { return live.size() == 1; }));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    CHECK(home.gateway.requests().empty());
    CHECK(home.acts_on("person:p-son").empty());
}

TEST_CASE("a gateway that takes nothing is asked again, after a restart too; what it took is not sent again") {
    Home home;
    home.mother_and_son();
    home.gateway.answer_with(SmsGateway::broken);
    home.fall_quiet();
    REQUIRE(home.soon([&] { return !home.gateway.requests().empty(); }));
    home.stage->restart();
    const auto before = home.gateway.requests().size();
    REQUIRE(home.soon([&] { return home.gateway.requests().size() > before; }));
    CHECK(home.acts_on("person:p-son").empty());
    home.gateway.answer_with(SmsGateway::taken);
    REQUIRE(home.soon([&] { return !home.acts_on("person:p-son").empty(); }));
    REQUIRE(home.soon([&] { return home.stage->live_incidents().at(0).at("severity") == "red"; }));
    std::this_thread::sleep_for(std::chrono::seconds(4));
    const auto sent = home.gateway.requests().size();
    std::this_thread::sleep_for(std::chrono::seconds(4));
    CHECK(home.gateway.requests().size() == sent);
    CHECK(home.acts_on("person:p-son").size() <= 2);
}

TEST_CASE("that it is over is told too where it ended while the first message was still under way") {
    Home home;
    home.mother_and_son();
    home.gateway.answer_after(std::chrono::seconds(3));
    home.fall_quiet();
    REQUIRE(home.stage->wait_until([](const json::array& live) { return live.size() == 1; }));
    const std::string id(home.stage->live_incidents().at(0).at("id").as_string());
    // It may be red by now.
    for (const char* action : {"acknowledge", "depart", "arrive", "mark_false_alarm"}) {
        const auto done =
            home.stage->ask("duty", "POST", "/api/v1/incidents/" + id + "/actions/" + action, json::object{});
        REQUIRE_MESSAGE(done.status == 200, action << done.body);
    }
    home.gateway.answer_after({});
    CHECK(home.soon([&] {
        const auto all = home.gateway.requests();
        return std::ranges::any_of(all, [](const auto& one) { return one.find("已经处理完毕") != std::string::npos; });
    }));
}

TEST_CASE("the bracelet in a home that is quiet is called, once, if it listens") {
    Home home;
    const std::string bracelet = "bracelet-gh-1-102";
    const Listening::Who who{bracelet, new_token(*home.stage, bracelet)};
    home.fall_quiet("10s");  // it has to connect before
    Listening listening(*home.stage, "mqttv5", who, "shoumen/v1/" + bracelet + "/command", 1);
    CHECK(listening.wait() == 0);
    const std::string said = listening.said();
    CHECK_MESSAGE(said.find("shoumen/v1/" + bracelet + "/command 1 {") == 0, said);
    CHECK_MESSAGE(said.find(R"("command":"call","values":{"reason":"quiet"})") != std::string::npos, said);
    CHECK(home.soon([&] { return home.acts_on("device:" + bracelet, "device_called").size() == 1; }));
}
