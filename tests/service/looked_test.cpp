// "Who looked" is complete: what leaves in clear is counted in the answers themselves, and the log says the same
// number.
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

// Values of persons in the story; none is a part of another.
constexpr const char* phones[] = {"13800004102", "13900005203"};
constexpr const char* reporter = "p-reporter-1";

struct Counted {
    std::uint64_t values = 0;
    std::set<std::string> roles;
};

}  // namespace

TEST_CASE("every value of a person that leaves in clear is in the log, and nothing that did not leave") {
    Stage stage;
    own_password(stage);
    const auto add = [&](const std::string& name, const std::string& person, const char* role, const char* body) {
        json::array bodies;
        if (body != nullptr) bodies.emplace_back(body);
        const auto made =
            stage.ask("admin", "POST", "/api/v1/accounts",
                      {{"name", name}, {"person", person}, {"roles", json::array{role}}, {"bodies", bodies}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage.know(name, std::string(json::parse(made.body).at("one_time_password").as_string()));
    };
    add("reporter", reporter, "resident", nullptr);
    add("manager", "p-101", "property_manager", "pm-gh");
    add("beside", "p-111", "property_manager", "pm-jx");
    add("committee", "p-201", "committee", "committee");
    add("street", "p-901", "street_office", nullptr);
    add("auditor", "p-902", "auditor", nullptr);
    add("assessor", "p-903", "assessor", nullptr);
    const auto reported = stage.ask("reporter", "POST", "/api/v1/incidents",
                                    {{"kind", "hazard"},
                                     {"place", "gh-4"},
                                     {"severity", "yellow"},
                                     {"text", fmt::format("楼道有杂物，请联系{}或{}", phones[0], phones[1])}});
    REQUIRE_MESSAGE(reported.status == 201, reported.body);
    const std::string id(json::parse(reported.body).at("id").as_string());
    const std::string incident = "/api/v1/incidents/" + id;
    std::string picture;

    std::uint64_t left = 0;
    std::map<std::string, std::uint64_t> left_to;
    const auto count = [&](const std::string& account, const std::string& target, const shoumen::app::HttpAnswer& got) {
        std::uint64_t values = 0;
        for (const char* phone : phones) values += got.body.find(phone) != std::string::npos ? 1 : 0;
        values += got.body.find(reporter) != std::string::npos && !target.starts_with("/api/v1/acts") ? 1 : 0;
        if (target.starts_with("/api/v1/evidence/") && got.status == 200) values += 1;
        left += values;
        left_to[account] += values;
        return got;
    };
    const auto look = [&](const std::string& account, const std::string& target, const json::value& body = nullptr) {
        return count(account, target, stage.ask(account, body.is_null() ? "GET" : "POST", target, body));
    };
    // The reporter's own: their own data is shown to them, and written down like any other look.
    look("reporter", incident);
    for (const char* action : {"acknowledge", "depart", "arrive"}) {
        const auto done = look("manager", incident + "/actions/" + action, json::object{});
        CHECK_MESSAGE(done.status == 200, done.body);
    }
    const auto upload = incident + "/evidence?phase=before";
    REQUIRE(count("manager", upload, stage.send_picture("manager", upload, photo("looked"))).status == 200);
    const auto shown = look("manager", incident);
    const auto at = shown.body.find("\"sha256\":\"");
    REQUIRE(at != std::string::npos);
    picture = "/api/v1/evidence/" + shown.body.substr(at + 10, 64);
    for (const char* account :
         {"manager", "beside", "committee", "street", "auditor", "assessor", "duty", "admin", "reporter"}) {
        for (const auto& target : {std::string("/api/v1/incidents"), std::string("/api/v1/incidents?live=1"), incident,
                                   picture, std::string("/api/v1/policy"), std::string("/api/v1/devices")})
            look(account, target);
    }
    look("duty", incident + "/show", {{"items", {"words"}}, {"purpose", "response"}});
    look("duty", incident);

    // What the log says, all of it.
    std::uint64_t logged = 0;
    std::map<std::string, std::uint64_t> logged_to;
    std::string before;
    for (;;) {
        const auto page =
            stage.ask("auditor", "GET", "/api/v1/acts?limit=1000" + (before.empty() ? "" : "&before=" + before));
        REQUIRE_MESSAGE(page.status == 200, page.body);
        const auto acts = json::parse(page.body).at("acts").as_array();
        for (const auto& act : acts) {
            before = std::string(act.at("id").as_string());
            if (act.at("kind") != "looked") continue;
            logged += static_cast<std::uint64_t>(act.at("count").as_int64());
            logged_to[std::string(act.at("actor").as_string())] +=
                static_cast<std::uint64_t>(act.at("count").as_int64());
            CHECK(act.at("subject").as_string() == fmt::format("person:{}", reporter));
        }
        if (acts.size() < 1'000) break;
    }
    for (const auto& [actor, values] : logged_to) MESSAGE(actor, " ", values);
    for (const auto& [account, values] : left_to) MESSAGE(account, " ", values);
    CHECK(left > 10);
    CHECK(logged == left);
    // Of those who may not: nothing left, and so nothing is logged.
    for (const char* account : {"beside", "assessor", "admin"}) CHECK(left_to[account] == 0);
    // The resident sees each look, by which role and for which purpose.
    const auto own = json::parse(stage.ask("reporter", "GET", "/api/v1/acts").body).at("acts").as_array();
    std::uint64_t seen = 0;
    for (const auto& act : own) {
        if (act.at("kind") == "looked") seen += static_cast<std::uint64_t>(act.at("count").as_int64());
        CHECK(act.as_object().contains("purpose"));
    }
    CHECK(seen == logged);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}
