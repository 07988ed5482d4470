// SQL and script in every text that can be sent: it comes back as the text it was, and does nothing else. On SQLite and
// on PostgreSQL.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "support/postgres.hpp"

#include "stage.hpp"
#include "wire.hpp"

using namespace shoumen::service;

namespace {

const std::vector<std::string> statements{
    "'; DROP TABLE incidents; --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "1; DELETE FROM sessions",
    "x' UNION SELECT name, password_hash FROM accounts --",
    "\\'; SELECT pg_sleep(5); --",
    "Robert'); UPDATE accounts SET roles=4095; --",
    "$1 ?1 :name @p %s {0}",
    "%' ESCAPE '%",
    "$$; COPY accounts TO PROGRAM 'id'; $$",
    "'||(SELECT password_hash FROM accounts LIMIT 1)||'",
    "/*!50000 UNION*/ SELECT 1 --\t\n#",
};

const std::vector<std::string> scripts{
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "&lt;b&gt; &amp;",
};

std::string encoded(const std::string& text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    return out;
}

bool holds(const json::value& value, const std::string& text) {
    if (const auto* found = value.if_string()) return std::string_view(*found) == text;
    if (const auto* list = value.if_array())
        return std::ranges::any_of(*list, [&](const auto& v) { return holds(v, text); });
    if (const auto* object = value.if_object())
        return std::ranges::any_of(*object, [&](const auto& member) { return holds(member.value(), text); });
    return false;
}

void refused(const shoumen::app::HttpAnswer& got) {
    CHECK(got.status >= 400);
    CHECK(got.status < 500);
    CHECK(got.body.find("password_hash") == std::string::npos);
    CHECK(got.body.find("syntax error") == std::string::npos);
}

// Where words may be anything: they come back letter for letter.
void in_free_text(Stage& stage, const std::string& text) {
    const auto made = stage.ask("duty", "POST", "/api/v1/incidents",
                                {{"kind", "fire"}, {"place", "gh"}, {"severity", "blue"}, {"text", text}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    const std::string incident = "/api/v1/incidents/" + std::string(json::parse(made.body).at("id").as_string());
    CHECK(holds(json::parse(stage.ask("duty", "GET", incident).body), text));
    const std::string note = text + " (noted)";
    const auto noted = stage.ask("duty", "POST", incident + "/actions/add_note", {{"text", note}});
    REQUIRE_MESSAGE(noted.status == 200, noted.body);
    CHECK(holds(json::parse(noted.body), note));
    CHECK(holds(json::parse(stage.ask("duty", "GET", incident).body), note));
}

// Where something is named: there is no such thing.
void as_names(Stage& stage, const std::string& text) {
    refused(stage.ask("", "POST", "/api/v1/session", {{"account", text}, {"password", "x"}}));
    const auto account = [&](const char* field) {
        json::object body{{"name", "new"}, {"person", "p-new"}, {"roles", {"duty_officer"}}, {"bodies", json::array{}}};
        if (body.at(field).is_array())
            body[field] = json::array{text};
        else
            body[field] = text;
        refused(stage.ask("admin", "POST", "/api/v1/accounts", body));
    };
    for (const char* field : {"name", "person", "roles", "bodies"}) account(field);
    const std::string word = encoded(text);
    for (const char* more : {"/token", "/certificate", "/commands"}) {
        const json::value body = std::string_view(more) == "/certificate" ? json::value{{"request", text}}
                                 : std::string_view(more) == "/commands"  ? json::value{{"command", "ring"}}
                                                                          : json::value(nullptr);
        refused(stage.ask("admin", "POST", "/api/v1/devices/" + word + more, body));
    }
    refused(stage.ask("admin", "POST", "/api/v1/devices/d-1/commands", {{"command", text}}));
    refused(stage.ask("admin", "DELETE", "/api/v1/tasks/" + word));
    for (const std::string target :
         {"/api/v1/incidents/" + word, "/api/v1/evidence/" + word, "/api/v1/tasks/" + word,
          "/api/v1/incidents?before=" + word, "/api/v1/incidents?limit=" + word, "/api/v1/incidents?state=" + word,
          "/api/v1/incidents?severity=" + word, "/api/v1/incidents?live=" + word, "/api/v1/quarantine?before=" + word,
          "/api/v1/policy/files?version=" + word, "/api/v1/acts?before=" + word})
        refused(stage.ask("admin", "GET", target));
    for (const char* name : {"subject", "actor"}) {
        const auto acts = stage.ask("admin", "GET", fmt::format("/api/v1/acts?{}={}", name, word));
        CHECK(acts.status < 500);
        if (acts.status == 200) CHECK(json::parse(acts.body).at("acts").as_array().empty());
    }
    for (const char* field : {"kind", "place", "severity"}) {
        json::object body{{"kind", "fire"}, {"place", "gh"}, {"severity", "blue"}};
        body[field] = text;
        refused(stage.ask("duty", "POST", "/api/v1/incidents", body));
    }
}

// Of devices: into the quarantine, and shown there as they were.
void in_signals(Stage& stage, const std::string& text) {
    for (const char* field : {"id", "device", "kind", "time"}) {
        json::object signal{{"id", text}, {"device", "d-1"}, {"kind", "smoke"}, {"values", {{"smoke", false}}}};
        signal[field] = text;
        const auto got = stage.signal(json::serialize(signal));
        CHECK(got.status == 202);
    }
    CHECK(stage
              .signal(json::serialize(
                  json::object{{"device", "d-1"}, {"kind", "smoke"}, {"values", {{"smoke", false}, {text, text}}}}))
              .status == 202);
    if (text.find_first_of("\t\n#+$") == std::string::npos) {
        CHECK(stage.publish("shoumen/v1/" + text + "/signal", "{}") == 0);
        CHECK(stage.publish("shoumen/v1/d-1/signal", "{}", text) != 0);
        CHECK(stage.publish("shoumen/v1/d-1/signal", "{}", "d-1", text) != 0);
    }
}

void words_do_nothing(Stage& stage) {
    own_password(stage);
    const auto acts_of = [&] { return json::parse(stage.ask("admin", "GET", "/api/v1/policy").body); };
    const auto policy = acts_of();
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& text : statements) {
        CAPTURE(text);
        in_free_text(stage, text);
        as_names(stage, text);
        in_signals(stage, text);
    }
    // None of them slept in the database.
    MESSAGE(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), " s");
    for (const auto& text : scripts) {
        CAPTURE(text);
        in_free_text(stage, text);
    }
    // Everything is where it was.
    const auto list = json::parse(stage.ask("duty", "GET", "/api/v1/incidents?limit=500").body);
    CHECK(list.at("incidents").as_array().size() == statements.size() + scripts.size());
    CHECK(acts_of() == policy);
    const auto quarantine = stage.ask("duty", "GET", "/api/v1/quarantine?limit=1000");
    CHECK(quarantine.status == 200);
    CHECK(quarantine.body.find("DROP TABLE") != std::string::npos);
    CHECK(stage.ask("duty", "POST", "/api/v1/accounts", json::object{}).status ==
          403);  // no more of a role than before
    CHECK(stage.ask("responder", "GET", "/api/v1/session").status == 200);
    CHECK(stage.signal(R"({"id":"after","device":"d-1","kind":"smoke","values":{"smoke":true}})").status == 202);
    CHECK(stage.wait_until([](const json::array& live) {
        return std::ranges::any_of(live, [](const auto& i) { return i.at("severity") == "red"; });
    }));
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
    CHECK(stage.stop() == 0);
}

}  // namespace

TEST_CASE("SQL and script in every text come back as the text they are, and change nothing") {
    Stage stage;
    words_do_nothing(stage);
    const auto verified = shoumen::support::run_to_end({"verify", "--data", stage.data()});
    CHECK_MESSAGE(verified.code == 0, verified.err);
}

TEST_CASE("the same on PostgreSQL") {
    const shoumen::support::PostgresDatabase database;
    Stage stage({"--database", database.address()});
    words_do_nothing(stage);
}

TEST_CASE("what looks like a page in an answer is JSON to every browser") {
    Stage stage;
    const std::string text = "<script>alert(document.domain)</script>";
    const auto made = stage.ask("duty", "POST", "/api/v1/incidents",
                                {{"kind", "fire"}, {"place", "gh"}, {"severity", "blue"}, {"text", text}});
    REQUIRE(made.status == 201);
    const auto in =
        stage.ask("", "POST", "/api/v1/session", {{"account", "duty"}, {"password", stage.passwords().at("duty")}});
    const std::string token(json::parse(in.body).at("token").as_string());
    const auto port = stage.server().http_port();
    const std::string bearer = fmt::format("Authorization: Bearer {}\r\nAccept: text/html\r\n", token);
    const std::string id(json::parse(made.body).at("id").as_string());
    const auto got = say(port, "GET", "/api/v1/incidents/" + id, bearer);
    CHECK(got.status == 200);
    CHECK(got.header("content-type") == "application/json");
    CHECK(got.header("x-content-type-options") == "nosniff");
    CHECK(got.header("content-security-policy").ends_with("sandbox"));
    CHECK(holds(json::parse(got.body), text));
    // What is asked for is never said back: no error repeats it, no page holds it.
    const std::string asked = "%3Cscript%3Ealert(1)%3C/script%3E";
    for (const std::string target :
         {"/api/v1/" + asked, "/api/v1/incidents/" + asked, "/api/v1/incidents?limit=" + asked, "/" + asked,
          "/incidents/" + asked, "/x." + asked, "/sign-in?next=" + asked}) {
        CAPTURE(target);
        const auto answer = say(port, "GET", target, bearer);
        CHECK(answer.body.find("alert(1)") == std::string::npos);
    }
}
