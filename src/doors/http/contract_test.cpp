// Every route's real answers, good and bad, held against api/openapi.json.
#include <set>

#include <doctest/doctest.h>
#include <support/openapi_check.hpp>

#include "testing/served.hpp"

#include "routes.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;
using shoumen::testing::OpenApi;

namespace base = shoumen::base;
namespace model = shoumen::model;

namespace {

const OpenApi& contract() {
    static const OpenApi api = OpenApi::read(SHOUMEN_SOURCE_DIR "/api/openapi.json");
    return api;
}

const std::string the_incident = std::to_string(42ULL << 20U);
const std::string photo = base::to_hex(base::sha256("photo"));

struct Asked {
    Served served;
    std::set<std::string> answered;  // "GET /api/v1/… 200"

    // Asks, and holds the answer against the contract.
    Got operator()(const std::string& method, const std::string& target, const std::string& headers = "",
                   const std::string& body = "", int status = 0) {
        const Got got = served.ask(method, target, headers, body);
        CAPTURE(method);
        CAPTURE(target);
        CAPTURE(got.body);
        for (const auto& finding : contract().check_answer(method, target, static_cast<unsigned>(got.status),
                                                           got.header("content-type"), got.body))
            FAIL_CHECK(finding);
        if (status != 0) CHECK(got.status == status);
        const auto path = target.substr(0, target.find('?'));
        const auto found = match(method, *parse_target(path));
        if (found.route && got.status < 300)
            answered.insert(std::string(found.route->method) + " " + std::string(found.route->pattern));
        return got;
    }
};

}  // namespace

TEST_CASE("the table of routes and the contract name the same operations, with the same need to sign in") {
    std::set<std::string> described, served;
    for (const auto& o : contract().operations()) described.insert(o.method + " " + o.path + (o.open ? " open" : ""));
    for (const auto& r : routes())
        served.insert(std::string(r.method) + " " + std::string(r.pattern) + (r.need == Need::open ? " open" : ""));
    CHECK(described == served);
}

TEST_CASE("every route's good answer is as the contract says") {
    Asked ask;
    const auto incident = "/api/v1/incidents/" + the_incident;
    ask("GET", "/api/v1/health", "", "", 200);
    ask("GET", "/api/v1/health/live", "", "", 200);
    ask("GET", "/api/v1/health/ready", "", "", 200);
    ask("GET", "/api/v1/openapi.json", "", "", 200);
    ask("GET", "/api/v1/errors.json", "", "", 200);
    ask("GET", "/api/v1/metrics", admin, "", 200);
    ask("POST", "/api/v1/session", as_json, R"({"account":"officer","password":"right-password"})", 200);
    ask("GET", "/api/v1/session", officer, "", 200);
    ask("GET", "/api/v1/session", "Authorization: Bearer tok-new\r\n", "", 200);
    ask("POST", "/api/v1/session", as_json, R"({"account":"two-steps","password":"right-password"})", 202);
    ask("POST", "/api/v1/session/second-step", as_json, R"({"half":"half-officer","code":"123456"})", 200);
    ask("GET", "/api/v1/session/ways", "", "", 200);
    ask("POST", "/api/v1/session/code", as_json, R"({"phone":"13800004102"})", 204);
    ask("POST", "/api/v1/session/phone", as_json, R"({"phone":"13800004102","code":"123456"})", 200);
    ask("POST", "/api/v1/session/sign-on", "", "", 200);
    ask("PUT", "/api/v1/session/sign-on", as_json, R"({"code":"c","state":"x","binding":"b1nding"})", 200);
    ask("GET", "/api/v1/second-factor", officer, "", 200);
    ask("POST", "/api/v1/second-factor", officer + as_json, R"({"password":"right"})", 201);
    ask("PUT", "/api/v1/second-factor", officer + as_json, R"({"code":"123456"})", 200);
    ask("POST", "/api/v1/second-factor/removal", officer + as_json, R"({"password":"right","code":"123456"})", 204);
    ask("DELETE", "/api/v1/session", officer, "", 204);
    ask("PUT", "/api/v1/session/password", officer + as_json,
        R"({"old":"right-password","new":"一二三四五六七八九十"})", 204);
    ask("GET", "/api/v1/incidents", officer, "", 200);
    ask("GET", "/api/v1/incidents?live=1&state=open,resolved&severity=red&before=99&limit=1", officer, "", 200);
    ask("POST", "/api/v1/incidents", officer + as_json,
        R"({"kind":"fire","place":"b1-301","severity":"red","text":"烟"})", 201);
    ask("GET", incident, officer, "", 200);
    ask("POST", incident + "/actions/acknowledge", officer, "", 200);
    ask("POST", incident + "/evidence?phase=after", officer + "Content-Type: image/jpeg\r\n", "photo", 200);
    ask("POST", incident + "/show", officer + as_json, R"({"items":["words"],"purpose":"response"})", 200);
    ask("GET", "/api/v1/evidence/" + photo, officer, "", 200);
    ask("GET", "/api/v1/acts?subject=person:p-7&actor=p-101&before=9&limit=2", admin, "", 200);
    ask("GET", "/api/v1/acts/4/receipt", officer, "", 200);
    ask("GET", "/api/v1/ledger", officer, "", 200);
    ask("GET", "/api/v1/retention", officer, "", 200);
    ask("POST", "/api/v1/ledger/cosignatures", as_text, "good", 204);
    ask("POST", "/api/v1/ledger/reports", as_text, "good", 204);
    ask("GET", "/api/v1/quarantine?limit=2&before=9", officer, "", 200);
    ask("GET", "/api/v1/devices", officer, "", 200);
    ask("GET", "/api/v1/precision", officer, "", 200);
    ask("POST", "/api/v1/devices/smoke-301/token", admin, "", 201);
    ask("DELETE", "/api/v1/devices/smoke-301/token", admin, "", 204);
    ask("POST", "/api/v1/devices/smoke-301/certificate", admin + as_json, R"({"request":"-----BEGIN …"})", 201);
    ask("POST", "/api/v1/devices/smoke-301/commands", officer + as_json,
        R"({"command":"open","values":{"seconds":5,"quiet":true,"why":"drill"}})", 202);
    ask("GET", "/api/v1/policy", officer, "", 200);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{"community.yaml":"community: c"}})", 200);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{"community.yaml":"c"},"based_on":7})", 200);
    ask("GET", "/api/v1/policy/files", admin, "", 200);
    ask("GET", "/api/v1/policy/files?version=7", admin, "", 200);
    ask("GET", "/api/v1/policy/versions", admin, "", 200);
    ask("POST", "/api/v1/policy/check", admin + as_json, R"({"files":{}})", 200);
    ask("POST", "/api/v1/policy/tries", admin + as_json,
        R"({"files":{},"from":"2026-03-01T00:00:00+08:00","to":"2026-03-02T00:00:00+08:00"})", 202);
    CHECK(ask.served.desk.last_tried == std::pair{at("2026-03-01T00:00:00+08:00"), at("2026-03-02T00:00:00+08:00")});
    ask("GET", "/api/v1/rules", officer, "", 200);
    ask("GET", "/api/v1/tasks", admin, "", 200);
    ask("GET", "/api/v1/tasks/3", admin, "", 200);
    ask("DELETE", "/api/v1/tasks/3", admin, "", 202);
    ask("POST", "/api/v1/accounts", admin + as_json,
        R"({"name":"li","person":"p-3","roles":["grid_worker"],"bodies":["gw-1"]})", 201);
    const std::string kept = "/api/v1/upkeep/devices";
    ask("GET", kept + "?q=%E7%83%9F%E6%84%9F%20b1&stage=in_service&finding=any&place=b1&after=a-1&limit=1", admin, "",
        200);
    CHECK(ask.served.desk.held_devices.last_query.text == "烟感 b1");
    CHECK(ask.served.desk.held_devices.last_query.limit == 1);
    ask("POST", kept + "/import?check=1", admin + "Content-Type: text/csv\r\n", "编号,类别", 200);
    CHECK(ask.served.desk.held_devices.last_table == "编号,类别");
    ask("GET", kept + "/smoke-301", admin, "", 200);
    ask("PUT", kept + "/smoke-301", admin + as_json,
        R"({"place":"b1-301","bought":"2026-03-01T00:00:00+08:00","cost_fen":8900})", 200);
    CHECK(ask.served.desk.held_devices.last_change.cost_fen == 8'900);
    CHECK_FALSE(ask.served.desk.held_devices.last_change.maker);
    ask("POST", kept + "/smoke-301/move", admin + as_json, R"({"to":"repair","why":"底座松动"})", 200);
    ask("POST", "/api/v1/devices/smoke-301/token/rotate", admin + as_json, "{}", 201);
    CHECK(ask.served.desk.held_devices.last_rotation.grace == base::hours(1));
    ask("POST", "/api/v1/devices/smoke-301/token/rotate", admin + as_json, R"({"grace_minutes":0})", 201);
    CHECK(ask.served.desk.held_devices.last_rotation.grace == base::Duration{});
    ask("GET", "/api/v1/upkeep/tray", admin, "", 200);
    ask("POST", "/api/v1/upkeep/tray/new-1", admin + as_json, R"({"speaker":"gw-1","kind":"smoke","place":"b1-301"})",
        201);
    ask("DELETE", "/api/v1/upkeep/tray/new-1", admin, "", 204);
    ask("GET", "/api/v1/upkeep/work?state=live&place=b1&limit=5", admin, "", 200);
    ask("POST", "/api/v1/upkeep/work/3", admin + as_json, R"({"to":"done","why":"换了电池","cost_fen":1200})", 200);
    ask("GET", "/api/v1/upkeep/rounds", admin, "", 200);
    ask("POST", "/api/v1/upkeep/rounds", admin + as_json,
        R"({"kind":"weekly","place":"b1","due":"2026-03-10T18:00:00+08:00"})", 201);
    ask("GET", "/api/v1/upkeep/rounds/1", admin, "", 200);
    ask("POST", "/api/v1/upkeep/rounds/1/ticks", admin + as_json,
        R"({"device":"smoke-301","code":"smoke-301","latitude":30.5,"longitude":114.3})", 200);
    CHECK(ask.served.desk.held_devices.last_tick.at == model::Coordinates{30.5, 114.3});
    ask("POST", "/api/v1/upkeep/rounds/1/end", admin, "", 200);
    ask("GET", "/api/v1/upkeep/quiet", admin, "", 200);
    ask("POST", "/api/v1/upkeep/quiet", admin + as_json,
        R"({"devices":["smoke-301"],"until":"2026-03-10T18:00:00+08:00","why":"更换底座"})", 201);
    ask("DELETE", "/api/v1/upkeep/quiet/1", admin, "", 204);
    ask("GET", "/api/v1/upkeep/figures", admin, "", 200);
    const std::string person = "/api/v1/persons/p-8";
    ask("GET", "/api/v1/persons?place=b1&after=p-1&limit=1", admin, "", 200);
    CHECK(ask.served.desk.held_persons.last_query.limit == 1);
    ask("POST", "/api/v1/persons/find", admin + as_json, R"({"phone":"160 9998 0901"})", 200);
    ask("POST", "/api/v1/persons/import?check=1", admin + "Content-Type: text/csv; charset=utf-8\r\n", "编号", 200);
    CHECK(ask.served.desk.held_persons.last_table == "编号");
    ask("GET", person, admin, "", 200);
    ask("PUT", person, admin + as_json, R"({"given_name":"试","phone":""})", 200);
    CHECK(ask.served.desk.held_persons.last_asked.phone == "");
    CHECK_FALSE(ask.served.desk.held_persons.last_asked.health);
    ask("PUT", "/api/v1/persons/p-new", admin + as_json, R"({"family_name":"测","given_name":"试"})", 201);
    ask("POST", person + "/show", admin + as_json, R"({"items":["phone"],"purpose":"care"})", 200);
    ask("GET", person + "/kept", officer, "", 200);
    ask("POST", person + "/archive", officer, "", 200);
    ask("POST", person + "/archive", admin + as_json, R"({"reason":"asked_in_person"})", 200);
    ask("POST", person + "/erasure", officer + as_json, R"({"confirm":"p-8"})", 200);
    const std::string account = "/api/v1/accounts/li";
    ask("GET", "/api/v1/accounts", admin, "", 200);
    ask("GET", account, admin, "", 200);
    ask("POST", account + "/roles", admin + as_json,
        R"({"role":"verifier","place":"b1","since":"2026-03-03T08:00:00+08:00","until":"2026-04-03T08:00:00+08:00"})",
        201);
    CHECK(ask.served.desk.held_people.last_grant.place == "b1");
    ask("POST", account + "/roles", admin + as_json, R"({"role":"verifier"})", 201);
    CHECK(ask.served.desk.held_people.last_grant.until == base::Time::never());
    ask("DELETE", account + "/roles/3", admin, "", 204);
    ask("POST", account + "/password", admin, "", 201);
    ask("DELETE", account + "/lock", admin, "", 204);
    ask("DELETE", account + "/second-factor", admin, "", 204);
    ask("GET", account + "/ways-in", admin, "", 200);
    ask("GET", "/api/v1/accounts/bare/ways-in", admin, "", 200);
    ask("PUT", account + "/phone", admin + as_json, R"({"phone":"13800004102"})", 204);
    ask("DELETE", account + "/phone", admin, "", 204);
    ask("PUT", account + "/sign-on", admin + as_json, R"({"subject":"subject-1"})", 204);
    ask("DELETE", account + "/sign-on", admin, "", 204);
    ask("POST", account + "/leave", admin + as_json, R"({"anyway":true})", 200);
    ask("GET", account + "/sessions", admin, "", 200);
    ask("DELETE", account + "/sessions", admin, "", 204);
    ask("DELETE", account + "/sessions/0123456789abcdef", admin, "", 204);
    ask("GET", account + "/tokens", admin, "", 200);
    ask("DELETE", account + "/tokens/7", admin, "", 204);
    ask("GET", "/api/v1/sessions", officer, "", 200);
    ask("DELETE", "/api/v1/sessions", officer, "", 204);
    ask("DELETE", "/api/v1/sessions/0123456789abcdef", officer, "", 204);
    ask("GET", "/api/v1/tokens", officer, "", 200);
    ask("POST", "/api/v1/tokens", officer + as_json,
        R"({"name":"report","roles":["verifier"],"network":"10.0.0.0/8","until":"2026-04-03T08:00:00+08:00"})", 201);
    CHECK(ask.served.desk.held_people.last_token.network == "10.0.0.0/8");
    ask("DELETE", "/api/v1/tokens/7", officer, "", 204);
    ask("GET", "/api/v1/delegations?of=p-7", officer, "", 200);
    ask("POST", "/api/v1/delegations", officer + as_json, R"({"to":"p-8","until":"2026-04-03T08:00:00+08:00"})", 201);
    CHECK_FALSE(ask.served.desk.held_people.last_delegation.from.valid());
    ask("DELETE", "/api/v1/delegations/5", officer, "", 204);
    ask("GET", "/api/v1/roster", officer, "", 200);
    ask("GET", "/api/v1/coverage", officer, "", 200);
    ask("GET", "/api/v1/wider-sights", officer, "", 200);
    ask("POST", "/api/v1/wider-sights", officer + as_json, R"({"reason":"老人失联"})", 201);
    ask("DELETE", "/api/v1/wider-sights/3", officer, "", 204);
    ask("POST", "/api/v1/signals", device + as_json,
        R"([{"device":"smoke-301","kind":"smoke"},{"device":"smoke-301","kind":"gas"},3])", 202);
    ask("POST", "/api/v1/dev-smoke/telemetry", as_json, R"({"smoke":true})", 200);
    ask("POST", "/api/v1/dev-smoke/attributes", as_json, R"({"smoke":true})", 200);
    ask("POST", "/api/v1/push/dev-smoke/hikvision", "Content-Type: application/xml\r\n", "<a><x>1</x></a>", 200);
    ask("POST", "/api/v1/push/dev-smoke/hikvision/channels", "Content-Type: application/xml\r\n", "<a/>", 200);
    ask("POST", "/api/v1/maps/try", admin + as_json, R"({"topic":"push/cam/xml","payload":"<a><x>1</x></a>"})", 200);
    CHECK(ask.answered.size() == routes().size() - 1);  // all but /live, which is no plain GET: see live_test.cpp
}

TEST_CASE("the ledger's files are for anybody, and say how long they may be kept") {
    Served served;
    Client client(served.port);
    const auto checkpoint = client.ask("GET", "/ledger/checkpoint");
    CHECK(checkpoint.status == 200);
    CHECK(checkpoint.body == "log\n");
    CHECK(checkpoint.header("cache-control") == "no-cache");
    const auto tile = client.ask("GET", "/ledger/tile/0/x001/000.p/3");
    CHECK(tile.status == 200);
    CHECK(tile.body == "abc");
    CHECK(tile.header("content-type") == "application/octet-stream");
    CHECK(tile.header("cache-control") == "public, max-age=31536000, immutable");
    for (const char* path :
         {"/ledger", "/ledger/", "/ledger/nothing", "/ledger/tile/0/../../keys", "/ledger/tile/9/000"})
        CHECK(client.ask("GET", path).status == 404);
    CHECK(client.ask("POST", "/ledger/checkpoint", "", "x").status == 405);
}

TEST_CASE("every action of the contract is an action of the API") {
    Asked ask;
    for (unsigned a = 0; a < model::action_count; ++a) {
        const auto action = static_cast<model::Action>(a);
        const bool elsewhere = action == model::Action::report || action == model::Action::add_evidence;
        const auto target = "/api/v1/incidents/" + the_incident + "/actions/" + std::string(to_word(action));
        ask("POST", target, officer + as_json,
            R"({"body":"committee","other":"45088768","severity":"blue","text":"the rack is gone","verdict":"test","alert":"9"})",
            elsewhere ? 404 : 200);
    }
    const auto& commands = ask.served.desk.commands;
    REQUIRE(commands.size() == model::action_count - 2);
    for (const auto& [command, text] : commands) {
        CHECK(command.incident == model::IncidentId{42ULL << 20U});
        CHECK(command.actor.person.code == "p-officer");
        CHECK(text == "the rack is gone");
        if (command.action == model::Action::transfer) CHECK(command.body == model::BodyId{2U});
        if (command.action == model::Action::merge) CHECK(command.other == model::IncidentId{45088768});
        if (command.action == model::Action::set_severity) CHECK(command.severity == model::Severity::blue);
        const bool judges = command.action == model::Action::judge;
        const bool says = judges || command.action == model::Action::mark_false_alarm;
        CHECK(command.verdict == (says ? model::Verdict::test : model::Verdict::none));
        CHECK(command.alert == model::AlertId{judges ? std::uint64_t{9} : 0});
    }
}

TEST_CASE("refusals are as the contract says") {
    Asked ask;
    const auto incident = "/api/v1/incidents/" + the_incident;
    ask("POST", "/api/v1/session", as_json, R"({"account":"officer","password":"wrong"})", 401);
    CHECK(
        ask("POST", "/api/v1/session", as_json, R"({"account":"waiting","password":"x"})", 429).header("retry-after") ==
        "60");
    ask("POST", "/api/v1/session", as_json, R"({"account":"officer"})", 422);
    ask("POST", "/api/v1/session", as_json, R"({"account":7,"password":"x"})", 422);
    ask("POST", "/api/v1/session", as_json, "{", 400);
    ask("POST", "/api/v1/session", "Content-Type: text/plain\r\n", "{}", 415);
    ask("POST", "/api/v1/session/second-step", as_json, R"({"half":"half-officer","code":"000000"})", 422);
    ask("POST", "/api/v1/session/second-step", as_json, R"({"half":"other","code":"123456"})", 401);
    ask("POST", "/api/v1/session/second-step", as_json, R"({"half":"half-officer"})", 422);
    ask("GET", "/api/v1/incidents", "Authorization: Bearer half-officer\r\n", "", 401);
    ask("POST", "/api/v1/session/code", as_json, R"({"phone":"110"})", 422);
    ask("POST", "/api/v1/session/phone", as_json, R"({"phone":"13800004102","code":"1"})", 401);
    ask("PUT", "/api/v1/session/sign-on", as_json, R"({"code":"c","state":"y","binding":"b"})", 401);
    ask("PUT", "/api/v1/session/sign-on", as_json, R"({"code":"stranger","state":"x","binding":"b"})", 403);
    ask("PUT", "/api/v1/accounts/li/phone", admin + as_json, R"({"phone":"1"})", 409);
    ask("PUT", "/api/v1/accounts/li/sign-on", admin + as_json, R"({"subject":"taken"})", 409);
    ask("GET", "/api/v1/accounts/nobody/ways-in", admin, "", 404);
    ask("POST", "/api/v1/second-factor", officer + as_json, R"({"password":"wrong"})", 422);
    ask("POST", "/api/v1/second-factor", officer + as_json, R"({})", 422);
    ask("PUT", "/api/v1/second-factor", officer + as_json, R"({"code":"000000"})", 422);
    ask("POST", "/api/v1/second-factor/removal", officer + as_json, R"({"password":"right","code":"1"})", 409);
    ask("DELETE", "/api/v1/accounts/nobody/second-factor", admin, "", 409);
    ask("PUT", "/api/v1/session/password", officer + as_json, R"({"old":"a","new":"short"})", 422);
    ask("GET", "/api/v1/acts/5/receipt", officer, "", 404);
    ask("GET", "/api/v1/acts/x/receipt", officer, "", 400);
    ask("GET", "/api/v1/acts/4/receipt", "", "", 401);
    ask("GET", "/api/v1/ledger", "", "", 401);
    ask("GET", "/api/v1/retention", "", "", 401);
    ask("POST", "/api/v1/ledger/cosignatures", as_text, "bad", 403);
    ask("POST", "/api/v1/ledger/cosignatures", as_json, "{}", 415);
    ask("POST", "/api/v1/ledger/reports", as_text, "bad", 403);
    ask("POST", "/api/v1/ledger/reports", as_text, std::string(70'000, 'x'), 413);
    ask("GET", "/api/v1/incidents?limit=0", officer, "", 400);
    ask("GET", "/api/v1/incidents?state=burning", officer, "", 400);
    ask("GET", "/api/v1/incidents/7", officer, "", 404);
    ask("GET", "/api/v1/incidents/seven", officer, "", 400);
    ask("GET", "/api/v1/incidents/99999999999999999999", officer, "", 400);
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"nowhere","severity":"red"})", 422);
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"b9","severity":"red"})",
        422);  // pulled down
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"flood","place":"b1","severity":"red"})", 422);
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"b1","severity":"pink"})", 422);
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"b1","severity":"red","more":1})",
        422);
    ask("POST", incident + "/actions/transfer", officer, "", 422);
    ask("POST", incident + "/actions/dance", officer, "", 404);
    ask("POST", incident + "/actions/merge", officer + as_json, R"({"other":"x"})", 400);
    ask("POST", incident + "/actions/trust_again", officer, "", 422);
    ask("POST", incident + "/actions/trust_again", officer + as_json, R"({"text":"好"})", 422);
    ask("POST", incident + "/actions/trust_again", officer + as_json, R"({"text":"　　 \u200b\u200b\n  好　"})", 422);
    ask("POST", incident + "/evidence", officer + "Content-Type: image/png\r\n", "photo", 400);
    ask("POST", incident + "/evidence?phase=after", officer + "Content-Type: image/gif\r\n", "photo", 415);
    ask("GET", "/api/v1/evidence/" + std::string(64, 'a'), officer, "", 404);
    ask("GET", "/api/v1/evidence/" + std::string(64, 'A'), officer, "", 400);
    ask("POST", "/api/v1/devices/nobody/token", admin, "", 422);
    ask("POST", "/api/v1/devices/smoke-301/token", officer, "", 403);
    ask("POST", "/api/v1/devices/smoke-301/certificate", admin + as_json, R"({"request":"no request"})", 422);
    ask("POST", "/api/v1/devices/smoke-301/certificate", admin + as_json, R"({})", 422);
    const auto commands = std::string("/api/v1/devices/smoke-301/commands");
    ask("POST", "/api/v1/devices/nobody/commands", officer + as_json, R"({"command":"open"})", 409);
    ask("POST", commands, officer + as_json, R"({"values":{}})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open the door"})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open","values":[]})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open","values":{"a":{}}})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open","values":{"a b":1}})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open","values":{"a":"x\ny"}})", 422);
    ask("POST", commands, officer + as_json, R"({"command":"open","more":1})", 422);
    ask("POST", commands, "", R"({"command":"open"})", 401);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{}})", 422);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{"a":1}})", 422);
    ask("POST", "/api/v1/policy", admin + as_json, R"({})", 422);
    ask("POST", "/api/v1/policy", officer + as_json, R"({"files":{}})", 403);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{"community.yaml":"c"},"based_on":9})", 409);
    ask("POST", "/api/v1/policy", admin + as_json, R"({"files":{"community.yaml":"c"},"based_on":"x"})", 422);
    ask("GET", "/api/v1/policy/files?version=99", admin, "", 404);
    ask("GET", "/api/v1/policy/files?version=x", admin, "", 400);
    ask("GET", "/api/v1/policy/files", officer, "", 403);
    ask("POST", "/api/v1/policy/tries", admin + as_json, R"({"files":{},"from":"yesterday"})", 422);
    ask("POST", "/api/v1/policy/tries", officer + as_json, R"({"files":{}})", 403);
    ask("GET", "/api/v1/tasks/4", admin, "", 404);
    ask("GET", "/api/v1/tasks/x", admin, "", 400);
    ask("GET", "/api/v1/tasks", officer, "", 403);
    ask("POST", "/api/v1/accounts", admin + as_json, R"({"name":"li","person":"李","roles":["grid_worker"]})", 422);
    ask("POST", "/api/v1/accounts", admin + as_json, R"({"name":"li","person":"p","roles":["king"]})", 422);
    ask("POST", "/api/v1/accounts", admin + as_json,
        R"({"name":"li","person":"p","roles":["verifier"],"bodies":["x"]})", 422);
    ask("GET", "/api/v1/metrics", officer, "", 403);
    const std::string account = "/api/v1/accounts/li";
    ask("GET", "/api/v1/accounts/nobody", admin, "", 404);
    ask("POST", account + "/roles", officer + as_json, R"({"role":"verifier"})", 403);
    ask("POST", account + "/roles", admin + as_json, R"({"role":"king"})", 422);
    ask("POST", account + "/roles", admin + as_json, R"({"role":"verifier","place":"nowhere"})", 422);
    ask("POST", account + "/roles", admin + as_json, R"({"role":"verifier","until":"tomorrow"})", 422);
    ask("DELETE", account + "/roles/99", admin, "", 409);
    ask("DELETE", account + "/roles/x", admin, "", 400);
    ask("POST", account + "/leave", admin, "", 409);
    ask("POST", account + "/leave", admin + as_json, R"({"anyway":"yes"})", 422);
    ask("DELETE", "/api/v1/sessions/other", officer, "", 404);
    ask("POST", "/api/v1/tokens", officer + as_json, R"({"name":"a","roles":["verifier"]})", 422);
    ask("POST", "/api/v1/tokens", officer + as_json,
        R"({"name":"a","roles":["king"],"until":"2026-04-03T08:00:00+08:00"})", 422);
    ask("POST", "/api/v1/delegations", officer + as_json, R"({"to":"张三","until":"2026-04-03T08:00:00+08:00"})", 422);
    ask("POST", "/api/v1/delegations", officer + as_json, R"({"to":"p-8"})", 422);
    ask("POST", "/api/v1/wider-sights", officer + as_json, R"({"reason":"x"})", 422);
    ask("POST", "/api/v1/wider-sights", officer + as_json, R"({})", 422);
    ask("DELETE", "/api/v1/wider-sights/99", officer, "", 404);
    const std::string kept = "/api/v1/upkeep/devices";
    ask("GET", kept + "?limit=0", admin, "", 400);
    ask("GET", kept + "?stage=a%20b", admin, "", 400);
    ask("GET", kept + "?place=nowhere", admin, "", 422);
    ask("GET", kept + "/nothing", admin, "", 422);
    ask("PUT", kept + "/smoke-301", admin + as_json, R"({"colour":"red"})", 422);
    ask("PUT", kept + "/smoke-301", admin + as_json, R"({"cost_fen":-1})", 422);
    ask("POST", kept + "/smoke-301/move", admin + as_json, R"({"to":"installed","why":"重新安装"})", 409);
    ask("POST", kept + "/import", admin + "Content-Type: text/csv\r\n", "broken", 422);
    ask("POST", kept + "/import?check=2", admin + "Content-Type: text/csv\r\n", "x", 400);
    ask("POST", kept + "/import", admin + as_json, "{}", 415);
    ask("POST", "/api/v1/devices/nothing/token/rotate", admin + as_json, "{}", 422);
    ask("POST", "/api/v1/devices/smoke-301/token/rotate", admin + as_json, R"({"grace_minutes":10081})", 422);
    ask("POST", "/api/v1/devices/smoke-301/token/rotate", admin + as_json, R"({"grace_minutes":-1})", 422);
    ask("POST", "/api/v1/upkeep/work/99", admin + as_json, R"({"to":"taken"})", 404);
    ask("POST", "/api/v1/upkeep/work/x", admin + as_json, R"({"to":"taken"})", 400);
    ask("GET", "/api/v1/upkeep/rounds/99", admin, "", 404);
    ask("POST", "/api/v1/upkeep/rounds/1/ticks", admin + as_json, R"({"device":"smoke-301","latitude":30})", 422);
    ask("POST", "/api/v1/upkeep/rounds/1/ticks", admin + as_json,
        R"({"device":"smoke-301","latitude":300,"longitude":0})", 422);
    ask("POST", "/api/v1/upkeep/quiet", admin + as_json, R"({"devices":"smoke-301","until":"2026-03-10"})", 422);
    ask("GET", "/api/v1/persons/nobody", officer, "", 404);
    ask("GET", "/api/v1/persons/a%20b", officer, "", 400);
    ask("GET", "/api/v1/persons", "Authorization: Bearer tok-resident\r\n", "", 403);
    ask("GET", "/api/v1/persons?limit=0", admin, "", 400);
    ask("GET", "/api/v1/persons?place=nowhere", admin, "", 422);
    ask("PUT", "/api/v1/persons/gone", admin + as_json, "{}", 410);
    ask("PUT", "/api/v1/persons/p-8", admin + as_json, R"({"name":"x"})", 422);
    ask("PUT", "/api/v1/persons/p-8", officer + as_json, "{}", 403);
    ask("POST", "/api/v1/persons/find", admin + as_json, "{}", 422);
    ask("POST", "/api/v1/persons/import", admin + as_json, "{}", 415);
    ask("POST", "/api/v1/persons/import?check=2", admin + "Content-Type: text/csv\r\n", "x", 400);
    ask("POST", "/api/v1/persons/import", admin + "Content-Type: text/csv\r\n", "broken", 422);
    ask("GET", "/api/v1/persons/nobody/kept", officer, "", 403);
    ask("POST", "/api/v1/persons/p-8/archive", admin + as_json, R"({"reason":"died"})", 404);
    ask("POST", "/api/v1/persons/p-8/archive", admin + as_json, R"({"reason":"because"})", 422);
    ask("POST", "/api/v1/persons/p-8/erasure", admin + as_json, R"({"confirm":"p-9","reason":"died"})", 422);
    ask("POST", "/api/v1/persons/p-101/erasure", admin + as_json, R"({"confirm":"p-101","reason":"died"})", 409);
    ask("GET", "/api/v1/live", officer, "", 426);
    ask("POST", "/api/v1/signals", "Authorization: Bearer tok-officer\r\n" + as_json, "{}", 401);
    ask("POST", "/api/v1/signals", device + as_json, "{", 400);
    ask("POST", "/api/v1/signals", device + as_json, "\xff", 400);
    ask("POST", "/api/v1/nobody/telemetry", as_json, "{}", 401);
    ask("POST", "/api/v1/push/certificate:00/hikvision", "", "<a/>", 401);
    ask("POST", "/api/v1/maps/try", admin + as_json, "{}", 422);
    ask("POST", "/api/v1/maps/try", "Authorization: Bearer tok-resident\r\n" + as_json, "{}", 403);
}

TEST_CASE("what the desk refuses is told with its code, in both languages") {
    Asked ask;
    const auto target = "/api/v1/incidents/" + the_incident + "/actions/depart";
    for (const auto& [code, status] :
         {std::pair{"wrong-state", 409}, {"not-involved", 403}, {"unknown-body", 422}, {"busy", 429}}) {
        ask.served.on_io(
            [&, c = code] { ask.served.desk.next_result = model::CommandResult{.accepted = false, .code = c}; });
        const Got got = ask("POST", target, officer, "", status);
        const auto error = boost::json::parse(got.body).at("error");
        CHECK(error.at("code").as_string() == code);
        CHECK_FALSE(error.at("message").at("zh").as_string().empty());
        CHECK_FALSE(error.at("message").at("en").as_string().empty());
    }
    ask.served.on_io(
        [&] { ask.served.desk.next_result = base::fail("storing-failed", "The disk is full; make room.", "disk"); });
    const Got got = ask("POST", target, officer, "", 503);
    CHECK(got.header("retry-after") == "5");
    CHECK(boost::json::parse(got.body).at("error").at("detail").as_string() == "The disk is full; make room.");
}

TEST_CASE("without a policy, and in trouble, the answers still are as the contract says") {
    Asked ask;
    ask.served.on_io([&] { ask.served.desk.held_policy = nullptr; });
    for (const char* target :
         {"/api/v1/session", "/api/v1/policy", "/api/v1/incidents", "/api/v1/devices", "/api/v1/quarantine"})
        ask("GET", target, officer, "", 503);
    ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"b1","severity":"red"})", 503);
    ask.served.on_io(
        [&] { ask.served.desk.held_health = {.ready = true, .storing = false, .trouble = "The disk is full."}; });
    ask("GET", "/api/v1/health", "", "", 503);
}

TEST_CASE("a fault in a handler is answered with 500, and the next request goes on") {
    Served served;
    served.on_io([&] { served.desk.throws = true; });
    Client client(served.port);
    CHECK(client.ask("GET", "/api/v1/incidents/" + the_incident, officer).status == 500);
    CHECK(client.ask("GET", "/api/v1/health").status == 200);
}
