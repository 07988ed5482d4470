// Accounts, roles, sessions, tokens and who acts for whom, against the running program; and those who try to get in.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
const std::string firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0";
const std::string chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";

json::value parsed(const app::HttpAnswer& answer) { return json::parse(answer.body); }
std::string text(const json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

app::HttpAnswer sign_in(Stage& stage, const std::string& account, const std::string& password, Headers headers = {}) {
    return stage.ask_with("", "POST", "/api/v1/session", json::object{{"account", account}, {"password", password}},
                          std::move(headers));
}

std::string token_of(Stage& stage, const std::string& account, const std::string& password, Headers headers = {}) {
    const auto answer = sign_in(stage, account, password, std::move(headers));
    REQUIRE(answer.status == 200);
    return text(parsed(answer), "token");
}

// An account with a password of its own; its token.
std::string newcomer(Stage& stage, const std::string& name, const json::array& roles, const json::array& bodies = {}) {
    const auto made =
        stage.ask("admin", "POST", "/api/v1/accounts",
                  json::object{{"name", name}, {"person", "p-" + name}, {"roles", roles}, {"bodies", bodies}});
    REQUIRE(made.status == 201);
    const auto once = text(parsed(made), "one_time_password");
    const auto token = token_of(stage, name, once);
    REQUIRE(stage
                .ask_with(token, "PUT", "/api/v1/session/password",
                          json::object{{"old", once}, {"new", "a password of " + name}})
                .status == 204);
    return token;
}

std::string in_days(int days) {
    const auto t = std::chrono::system_clock::now() + std::chrono::hours(24 * days);
    const std::time_t s = std::chrono::system_clock::to_time_t(t);
    char out[32];
    std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&s));
    return out;
}

}  // namespace

TEST_CASE("a role is given in a place and for a time, and ends at once for a session under way") {
    Stage stage;
    own_password(stage);
    const auto li = newcomer(stage, "li", {"resident"});
    CHECK(stage.ask_with(li, "GET", "/api/v1/quarantine").status == 403);
    const json::object asked{{"role", "technical_team"}, {"until", in_days(1)}, {"why", "替班"}};
    const auto given = stage.ask("admin", "POST", "/api/v1/accounts/li/roles", asked);
    REQUIRE(given.status == 201);
    CHECK(text(parsed(given), "given_by") == "p-admin");
    CHECK(stage.ask_with(li, "GET", "/api/v1/quarantine").status == 200);
    const auto id = text(parsed(given), "id");
    CHECK(stage.ask("admin", "DELETE", "/api/v1/accounts/li/roles/" + id).status == 204);
    CHECK(stage.ask_with(li, "GET", "/api/v1/quarantine").status == 403);
    CHECK(code_of(stage.ask("admin", "DELETE", "/api/v1/accounts/li/roles/" + id)) == "unknown-grant");

    // In one estate: what lies elsewhere is not seen.
    const auto devices = [&] {
        return parsed(stage.ask_with(li, "GET", "/api/v1/devices")).at("devices").as_array().size();
    };
    const auto place = text(parsed(stage.ask("admin", "GET", "/api/v1/policy")).at("places").as_array().back(), "code");
    REQUIRE(stage
                .ask("admin", "POST", "/api/v1/accounts/li/roles",
                     json::object{{"role", "technical_team"}, {"place", place}})
                .status == 201);
    const auto here = devices();
    REQUIRE(stage.ask("admin", "POST", "/api/v1/accounts/li/roles", json::object{{"role", "technical_team"}}).status ==
            201);
    CHECK(here < devices());
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/accounts/li/roles",
                            json::object{{"role", "verifier"}, {"place", "nowhere"}})) == "unknown-place");
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/accounts/li/roles",
                            json::object{{"role", "verifier"}, {"until", "2020-01-01T00:00:00Z"}})) == "bad-span");
    // Nobody gives themselves a role.
    CHECK(stage.ask_with(li, "POST", "/api/v1/accounts/li/roles", json::object{{"role", "administrator"}}).status ==
          403);
    CHECK(stage.ask("duty", "GET", "/api/v1/accounts").status == 403);
    stage.restart();
    CHECK(stage.ask_with(li, "GET", "/api/v1/quarantine").status == 200);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("each change of an account is an act an auditor finds") {
    Stage stage;
    own_password(stage);
    newcomer(stage, "auditor", {"auditor"});
    const auto li = newcomer(stage, "li", {"verifier"});
    const std::string account = "/api/v1/accounts/li";
    const auto given = stage.ask("admin", "POST", account + "/roles", json::object{{"role", "patrol_team"}});
    stage.ask("admin", "DELETE", account + "/roles/" + text(parsed(given), "id"));
    CHECK(stage.ask("admin", "DELETE", account + "/lock").status == 204);
    CHECK(stage.ask("admin", "DELETE", account + "/sessions").status == 204);
    CHECK(stage.ask_with(li, "GET", "/api/v1/session").status == 401);
    REQUIRE(stage.ask("admin", "POST", account + "/password").status == 201);
    CHECK(sign_in(stage, "li", "a password of li").status == 401);
    REQUIRE(stage.ask("admin", "POST", account + "/leave").status == 200);
    const auto token = token_of(stage, "auditor", "a password of auditor");
    std::string kinds;
    const auto acts = parsed(stage.ask_with(token, "GET", "/api/v1/acts?subject=account:li"));
    for (const auto& act : acts.at("acts").as_array()) {
        CHECK(act.at("actor").as_string() == (act.at("kind").as_string() == "password_changed" ? "p-li" : "p-admin"));
        kinds += text(act, "kind") + " ";
    }
    CHECK(kinds ==
          "account_left password_reset session_ended account_unlocked role_ended role_given password_changed "
          "account_added ");
    // What opens a door to a device as well.
    const std::string device = "/api/v1/devices/smoke-gh-4-102/token";
    REQUIRE(stage.ask("admin", "POST", device).status == 201);
    REQUIRE(stage.ask("admin", "DELETE", device).status == 204);
    const auto of_device = parsed(stage.ask_with(token, "GET", "/api/v1/acts?subject=device:smoke-gh-4-102"));
    REQUIRE(of_device.at("acts").as_array().size() == 2);
    CHECK(text(of_device.at("acts").as_array()[0], "kind") == "device_tokens_revoked");
    CHECK(text(of_device.at("acts").as_array()[1], "kind") == "device_token_given");
    CHECK(text(of_device.at("acts").as_array()[1], "actor") == "p-admin");
    // At the machine itself as well, where nobody is signed in.
    REQUIRE(stage.stop() == 0);
    REQUIRE(shoumen::support::run_to_end({"password", "--data", stage.data(), "li"}).code == 0);
    stage.restart();
    const auto newest = parsed(stage.ask_with(token, "GET", "/api/v1/acts?subject=account:li&limit=1")).at("acts");
    CHECK(text(newest.as_array().front(), "kind") == "password_reset");
    CHECK(text(newest.as_array().front(), "detail") == "at the machine");
    CHECK_FALSE(newest.as_array().front().as_object().contains("actor"));
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("whoever leaves holds nothing any more, and what they had in hand is named") {
    Stage stage;
    own_password(stage);
    const auto li = newcomer(stage, "li", {"duty_officer"}, {});
    const auto made =
        stage.ask_with(li, "POST", "/api/v1/tokens",
                       json::object{{"name", "report"}, {"roles", {"duty_officer"}}, {"until", in_days(9)}});
    REQUIRE(made.status == 201);
    const auto program = text(parsed(made), "token");
    CHECK(stage.ask_with(program, "GET", "/api/v1/incidents").status == 200);
    REQUIRE(
        stage.ask_with(li, "POST", "/api/v1/delegations", json::object{{"to", "p-x"}, {"until", in_days(9)}}).status ==
        201);
    const auto left = stage.ask("admin", "POST", "/api/v1/accounts/li/leave");
    REQUIRE(left.status == 200);
    CHECK(parsed(left).at("roles").as_int64() == 1);
    CHECK(parsed(left).at("sessions").as_int64() == 1);
    CHECK(parsed(left).at("tokens").as_int64() == 1);
    CHECK(parsed(left).at("delegations").as_int64() == 1);
    CHECK(stage.ask_with(li, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(program, "GET", "/api/v1/incidents").status == 401);
    CHECK(code_of(sign_in(stage, "li", "a password of li")) == "sign-in-failed");
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/accounts/li/roles", json::object{{"role", "verifier"}})) ==
          "account-disabled");
    // The last who could give roles does not go.
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/accounts/admin/leave")) == "last-administrator");
    const auto admin = parsed(stage.ask("admin", "GET", "/api/v1/accounts/admin"));
    const auto grant = text(admin.at("grants").as_array().front(), "id");
    CHECK(code_of(stage.ask("admin", "DELETE", "/api/v1/accounts/admin/roles/" + grant)) == "last-administrator");
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("sessions are listed, ended one by one or all, and bound to the kind of browser they began in") {
    Stage stage;
    const auto password = stage.passwords().at("duty");
    const auto one = token_of(stage, "duty", password, {{"User-Agent", firefox}});
    const auto two = token_of(stage, "duty", password, {{"User-Agent", chrome}});
    const auto script = token_of(stage, "duty", password);
    CHECK(one != two);
    const auto list = parsed(stage.ask_with(script, "GET", "/api/v1/sessions")).at("sessions").as_array();
    REQUIRE(list.size() == 3);
    std::string agents;
    std::string of_two;
    for (const auto& s : list) {
        CHECK(s.as_object().contains("token") == false);
        const auto agent = s.as_object().contains("agent") ? text(s, "agent") : "";
        if (agent == "Chrome Windows") of_two = text(s, "id");
        CHECK(s.at("own").as_bool() == agent.empty());
    }
    // What stands in the list opens nothing.
    CHECK(stage.ask_with(of_two, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(script, "DELETE", "/api/v1/sessions/" + of_two).status == 204);
    CHECK(stage.ask_with(two, "GET", "/api/v1/session", nullptr, {{"User-Agent", chrome}}).status == 401);
    CHECK(code_of(stage.ask_with(script, "DELETE", "/api/v1/sessions/" + of_two)) == "unknown-session");

    // A stolen token: another browser ends it, for the thief and for the owner, who signs in again.
    CHECK(stage.ask_with(one, "GET", "/api/v1/session", nullptr, {{"User-Agent", firefox}}).status == 200);
    CHECK(stage.ask_with(one, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(one, "GET", "/api/v1/session", nullptr, {{"User-Agent", firefox}}).status == 401);
    CHECK(stage.server().log().find("session_elsewhere") != std::string::npos);

    const auto four = token_of(stage, "duty", password);
    CHECK(stage.ask_with(four, "DELETE", "/api/v1/sessions").status == 204);
    CHECK(stage.ask_with(script, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(four, "GET", "/api/v1/session").status == 200);
    stage.restart();
    CHECK(stage.ask_with(script, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(four, "GET", "/api/v1/session").status == 200);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("signing in begins a new session, whatever was shown before, and changes need our own page's header") {
    Stage stage;
    const auto password = stage.passwords().at("duty");
    const std::string planted(43, 'x');
    const auto answer = sign_in(stage, "duty", password, {{"Cookie", "shoumen_session=" + planted}});
    REQUIRE(answer.status == 200);
    CHECK(text(parsed(answer), "token") != planted);
    CHECK(stage.ask_with("", "GET", "/api/v1/session", nullptr, {{"Cookie", "shoumen_session=" + planted}}).status ==
          401);
    const Headers cookie{{"Cookie", "shoumen_session=" + text(parsed(answer), "token")}};
    CHECK(stage.ask_with("", "GET", "/api/v1/session", nullptr, cookie).status == 200);
    CHECK(code_of(stage.ask_with("", "DELETE", "/api/v1/sessions", nullptr, cookie)) == "csrf");
    auto ours = cookie;
    ours.emplace_back("X-Shoumen", "1");
    CHECK(stage.ask_with("", "DELETE", "/api/v1/sessions", nullptr, ours).status == 204);
}

TEST_CASE("a program's token does part of what its owner may, from where it may, until it is revoked") {
    Stage stage;
    own_password(stage);
    const auto li = newcomer(stage, "li", {"technical_team", "auditor"});
    const auto make = [&](json::object asked) {
        asked["until"] = in_days(30);
        return stage.ask_with(li, "POST", "/api/v1/tokens", asked);
    };
    CHECK(code_of(make({{"name", "x"}, {"roles", {"administrator"}}})) == "role-not-held");
    CHECK(code_of(make({{"name", "x"}, {"roles", {"auditor"}}, {"network", "10.0.0.0/99"}})) == "bad-network");
    CHECK(code_of(stage.ask_with(li, "POST", "/api/v1/tokens",
                                 json::object{{"name", "x"}, {"roles", {"auditor"}}, {"until", in_days(500)}})) ==
          "bad-span");
    const auto made = parsed(make({{"name", "采集"}, {"roles", {"technical_team"}}, {"network", "203.0.113.0/24"}}));
    const auto token = text(made, "token");
    const Headers inside{{"X-Forwarded-For", "203.0.113.7"}};
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine", nullptr, inside).status == 200);
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine").status == 401);
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine", nullptr, {{"X-Forwarded-For", "198.51.100.1"}}).status ==
          401);
    CHECK(stage.ask_with(token, "GET", "/api/v1/accounts", nullptr, inside).status == 403);  // an auditor might
    CHECK(code_of(stage.ask_with(token, "POST", "/api/v1/tokens",
                                 json::object{{"name", "y"}, {"roles", {"technical_team"}}, {"until", in_days(1)}},
                                 inside)) == "by-token");
    CHECK(code_of(stage.ask_with(token, "PUT", "/api/v1/session/password",
                                 json::object{{"old", "a password of li"}, {"new", "another password"}}, inside)) ==
          "by-token");
    CHECK(code_of(stage.ask_with(token, "DELETE", "/api/v1/sessions", nullptr, inside)) == "by-token");
    const auto list = parsed(stage.ask_with(li, "GET", "/api/v1/tokens")).at("tokens").as_array();
    REQUIRE(list.size() == 1);
    CHECK(list.front().as_object().contains("used"));
    CHECK(json::serialize(list).find(token) == std::string::npos);
    stage.restart();
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine", nullptr, inside).status == 200);
    CHECK(stage.ask_with(li, "DELETE", "/api/v1/tokens/" + text(made, "id")).status == 204);
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine", nullptr, inside).status == 401);
    stage.restart();
    CHECK(stage.ask_with(token, "GET", "/api/v1/quarantine", nullptr, inside).status == 401);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("somebody acts for somebody who agreed, and not a moment after it is taken back") {
    Stage stage;
    own_password(stage);
    const auto mother = newcomer(stage, "mother", {"resident"});
    const auto son = newcomer(stage, "son", {"family"});
    const auto other = newcomer(stage, "other", {"family"});
    const std::string about_her = "/api/v1/acts?subject=person:p-mother";
    CHECK(stage.ask_with(son, "GET", about_her).status == 403);
    const auto given =
        stage.ask_with(mother, "POST", "/api/v1/delegations", json::object{{"to", "p-son"}, {"until", in_days(100)}});
    REQUIRE(given.status == 201);
    CHECK(text(parsed(given), "consent") == "own");
    CHECK(stage.ask_with(son, "GET", about_her).status == 200);
    CHECK(stage.ask_with(other, "GET", about_her).status == 403);
    const auto id = text(parsed(given), "id");
    CHECK(code_of(stage.ask_with(other, "DELETE", "/api/v1/delegations/" + id)) == "unknown-delegation");
    CHECK(stage.ask_with(mother, "DELETE", "/api/v1/delegations/" + id).status == 204);
    CHECK(stage.ask_with(son, "GET", about_her).status == 403);

    // Nobody consents for another but a witness, who says how, and is neither of the two.
    const json::object asked{{"from", "p-mother"}, {"to", "p-son"}, {"until", in_days(10)}};
    CHECK(stage.ask_with(son, "POST", "/api/v1/delegations", asked).status == 403);
    const auto grid = newcomer(stage, "grid", {"grid_worker"});
    CHECK(code_of(stage.ask_with(grid, "POST", "/api/v1/delegations", asked)) == "missing-field");
    auto witnessed = asked;
    witnessed["reason"] = "在家中当面同意";
    CHECK(text(parsed(stage.ask_with(grid, "POST", "/api/v1/delegations", witnessed)), "witness") == "p-grid");
    CHECK(stage.ask_with(son, "GET", about_her).status == 200);
    witnessed["to"] = "p-grid";
    CHECK(code_of(stage.ask_with(grid, "POST", "/api/v1/delegations", witnessed)) == "bad-delegation");
    CHECK(code_of(stage.ask_with(mother, "POST", "/api/v1/delegations",
                                 json::object{{"to", "p-son"}, {"until", in_days(400)}})) == "bad-span");
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("a consent is heard where somebody lives, in the role that hears it, and by nobody else") {
    Stage stage;
    own_password(stage);
    newcomer(stage, "son", {"family"});
    const auto keeper = newcomer(stage, "keeper", {"committee"});
    const auto there = newcomer(stage, "there", {"grid_worker"}, {"gw-1"});
    const auto elsewhere = newcomer(stage, "elsewhere", {"grid_worker"}, {"gw-3"});
    const auto auditor = newcomer(stage, "auditor", {"auditor"});
    REQUIRE(stage
                .ask_with(keeper, "PUT", "/api/v1/persons/p-mother",
                          json::object{{"given_name", "样例"}, {"home", "gh-1-203"}})
                .status == 201);
    const json::object asked{
        {"from", "p-mother"}, {"to", "p-son"}, {"until", in_days(10)}, {"reason", "在家中当面同意"}};
    CHECK(code_of(stage.ask_with(elsewhere, "POST", "/api/v1/delegations", asked)) == "forbidden");
    CHECK(code_of(stage.ask_with(elsewhere, "GET", "/api/v1/delegations?of=p-mother")) == "forbidden");
    const auto given = stage.ask_with(there, "POST", "/api/v1/delegations", asked);
    REQUIRE_MESSAGE(given.status == 201, given.body);
    const auto id = text(parsed(given), "id");
    CHECK(code_of(stage.ask_with(elsewhere, "DELETE", "/api/v1/delegations/" + id)) == "unknown-delegation");
    CHECK(stage.ask_with(there, "DELETE", "/api/v1/delegations/" + id).status == 204);
    const auto acts =
        parsed(stage.ask_with(auditor, "GET", "/api/v1/acts?subject=person:p-mother&limit=2")).at("acts").as_array();
    REQUIRE(acts.size() == 2);
    for (const auto& act : acts) CHECK(text(act, "role") == "grid_worker");
    // Of who stands in no register it is heard by who answers for the whole community.
    auto unlisted = asked;
    unlisted["from"] = "p-nobody";
    CHECK(code_of(stage.ask_with(there, "POST", "/api/v1/delegations", unlisted)) == "forbidden");
    CHECK(stage.ask_with(keeper, "POST", "/api/v1/delegations", unlisted).status == 201);
}

TEST_CASE("what is typed beside a role, a consent or a token is read by nobody who takes the database") {
    Stage stage;
    own_password(stage);
    const auto mother = newcomer(stage, "mother", {"resident"});
    const auto keeper = newcomer(stage, "keeper", {"committee"});
    const std::vector<std::string> words{"公孙样例介绍 13900002221", "诸葛样例亲口同意 13900002222", "司徒样例的程序"};
    REQUIRE(stage
                .ask("admin", "POST", "/api/v1/accounts/mother/roles",
                     json::object{{"role", "volunteer"}, {"place", "gh"}, {"why", words[0]}})
                .status == 201);
    const json::object consent{{"from", "p-mother"}, {"to", "p-son"}, {"until", in_days(10)}, {"reason", words[1]}};
    CHECK(text(parsed(stage.ask_with(keeper, "POST", "/api/v1/delegations", consent)), "reason") == words[1]);
    const json::object token{{"name", words[2]}, {"roles", {"resident"}}, {"until", in_days(9)}};
    REQUIRE(stage.ask_with(mother, "POST", "/api/v1/tokens", token).status == 201);
    const auto shown = [&] {
        return stage.ask("admin", "GET", "/api/v1/accounts/mother").body +
               stage.ask_with(mother, "GET", "/api/v1/delegations").body +
               stage.ask_with(mother, "GET", "/api/v1/tokens").body;
    };
    for (const auto& word : words) CHECK_MESSAGE(shown().find(word) != std::string::npos, word);
    stage.restart();
    for (const auto& word : words) CHECK_MESSAGE(shown().find(word) != std::string::npos, word);
    CHECK(stage.stop() == 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stage.data())) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string all{std::istreambuf_iterator<char>(in), {}};
        for (const auto& word : words) CHECK_MESSAGE(all.find(word) == std::string::npos, entry.path().string(), word);
    }
}

TEST_CASE("guessing is slowed, for an account and for an address, and tells nobody which accounts there are") {
    Stage stage;
    const auto right = stage.passwords().at("duty");
    const auto timed = [&](const std::string& account) {
        const auto began = std::chrono::steady_clock::now();
        const auto answer = sign_in(stage, account, "wrong password");
        CHECK(answer.status == 401);
        return std::pair{answer.body, std::chrono::steady_clock::now() - began};
    };
    // The same words, and the same time: both are hashed.
    std::chrono::steady_clock::duration known{}, unknown{};
    for (int i = 0; i < 4; ++i) {
        const auto there = timed("verifier");
        const auto nobody = timed("nobody-at-all");
        CHECK(there.first == nobody.first);
        known += there.second;
        unknown += nobody.second;
    }
    CHECK(known < unknown * 4);
    CHECK(unknown < known * 4);
    for (const std::string account : {"verifier", "nobody-at-all"}) {
        sign_in(stage, account, "wrong password");
        CHECK(code_of(sign_in(stage, account, "wrong password")) == "sign-in-wait");
    }
    // One address, ever new names.
    const Headers there{{"X-Forwarded-For", "203.0.113.66"}};
    int refused = 0;
    for (int i = 0; i < 60; ++i)
        refused += code_of(sign_in(stage, fmt::format("guess-{}", i), "wrong", there)) == "sign-in-wait" ? 1 : 0;
    CHECK(refused >= 9);
    CHECK(code_of(sign_in(stage, "duty", right, there)) == "sign-in-wait");
    CHECK(sign_in(stage, "duty", right, {{"X-Forwarded-For", "203.0.113.67"}}).status == 200);
    CHECK(sign_in(stage, "duty", right).status == 200);
}
