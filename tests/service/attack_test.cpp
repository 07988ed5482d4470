// What an attacker tries at the doors of the real program: another site's page, paths that lead out, tokens that were
// stolen, addresses that should make the server call somebody. Pictures and bombs: attack_content_test; what is written
// into texts: attack_words_test.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "app/mqtt_client.hpp"

#include "stage.hpp"
#include "wire.hpp"

using namespace shoumen::service;
using namespace std::chrono_literals;

namespace {

constexpr const char* as_json = "Content-Type: application/json\r\n";

std::string token_of(Stage& stage, const std::string& account) {
    const auto answer =
        stage.ask("", "POST", "/api/v1/session", {{"account", account}, {"password", stage.passwords().at(account)}});
    REQUIRE(answer.status == 200);
    return std::string(json::parse(answer.body).at("token").as_string());
}

std::string bearer(const std::string& token) { return fmt::format("Authorization: Bearer {}\r\n", token); }
std::string cookie(const std::string& token) { return fmt::format("Cookie: shoumen_session={}\r\n", token); }

std::string an_incident(Stage& stage) {
    REQUIRE(stage.signal(R"({"id":"a1","device":"d-1","kind":"smoke","values":{"smoke":true}})").status == 202);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    return std::string(stage.live_incidents()[0].at("id").as_string());
}

std::string live_handshake(const std::string& headers) {
    return "GET /api/v1/live HTTP/1.1\r\nHost: shoumen.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" +
           headers + "\r\n";
}

std::string handshake_status(Stage& stage, const std::string& headers) {
    Wire wire(stage.server().http_port());
    wire.send(live_handshake(headers));
    std::string got;
    wire.read_until(got, "\r\n");
    return got.substr(0, got.find("\r\n"));
}

}  // namespace

TEST_CASE("another site's page: its forms, scripts and sockets get nowhere with somebody's cookie") {
    Stage stage;
    const std::string id = an_incident(stage);
    const std::string token = token_of(stage, "duty");
    const auto port = stage.server().http_port();
    const std::string foreign = "Origin: https://evil.example\r\n";
    const std::string report = R"({"kind":"fire","place":"gh","severity":"red","text":"x"})";
    // What a form or a script can send across sites without asking first.
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"}) {
        const std::string headers = cookie(token) + foreign + fmt::format("Content-Type: {}\r\n", type);
        CHECK(say(port, "POST", "/api/v1/incidents", headers, report).status == 403);
        CHECK(say(port, "POST", "/api/v1/session", foreign + fmt::format("Content-Type: {}\r\n", type),
                  R"({"account":"x","password":"y"})")
                  .status == 415);  // nor signs one in as the attacker
    }
    const auto refused = [&](const char* method, const std::string& target, const std::string& body) {
        const auto got = say(port, method, target, cookie(token) + as_json, body);
        CAPTURE(target);
        CHECK(got.status == 403);
        CHECK(got.body.find("\"csrf\"") != std::string::npos);
    };
    refused("POST", "/api/v1/incidents", report);
    refused("POST", "/api/v1/incidents/" + id + "/actions/acknowledge", "{}");
    refused("PUT", "/api/v1/session/password", R"({"old":"x","new":"a-new-password-of-theirs"})");
    refused("DELETE", "/api/v1/session", "");
    refused("POST", "/api/v1/incidents/" + id + "/evidence?phase=before", "x");
    // A script that would ask whether it may is told nothing of the kind.
    const auto asked = say(port, "OPTIONS", "/api/v1/incidents",
                           foreign +
                               "Access-Control-Request-Method: POST\r\n"
                               "Access-Control-Request-Headers: x-shoumen,content-type\r\n");
    CHECK(asked.status >= 400);
    const auto read = say(port, "GET", "/api/v1/incidents", cookie(token) + foreign);
    for (const auto& [name, value] : asked.headers) CHECK_FALSE(name.starts_with("access-control-"));
    for (const auto& [name, value] : read.headers) CHECK_FALSE(name.starts_with("access-control-"));
    CHECK(read.header("cross-origin-resource-policy") == "same-origin");
    // Its sockets.
    for (const char* origin : {"https://evil.example", "http://shoumen.example.evil.example", "null", "file://",
                               "http://shoumen.example:1", "http://shoumen.example@evil.example"}) {
        CAPTURE(origin);
        CHECK(handshake_status(stage, cookie(token) + fmt::format("Origin: {}\r\n", origin)) ==
              "HTTP/1.1 403 Forbidden");
    }
    CHECK(handshake_status(stage, cookie(token) + "Origin: http://shoumen.example\r\n").starts_with("HTTP/1.1 101"));
    // The page itself may: so the refusals above were for what they lacked.
    CHECK(say(port, "POST", "/api/v1/incidents", cookie(token) + as_json + "X-Shoumen: 1\r\n", report).status == 201);
    CHECK(stage.live_incidents().size() == 2);
}

TEST_CASE("paths that lead out: in pages, evidence and the API, plain and encoded") {
    Stage stage;
    const std::string id = an_incident(stage);
    const std::string token = token_of(stage, "duty");
    const auto port = stage.server().http_port();
    const auto index = say(port, "GET", "/").body;
    const std::string secret = "a line that is in no answer";
    std::ofstream(stage.data() + "/outside.txt") << secret;
    const std::string way = stage.data().substr(1) + "/outside.txt";
    std::size_t asked = 0;
    for (const std::string prefix : {"/", "/assets/", "/api/v1/evidence/", "/api/v1/incidents/", "/api/v1/tasks/",
                                     "/api/v1/devices/", "/api/v1/", "/api/"}) {
        for (const std::string up : {"../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..%5c", "..\\", ".../",
                                     "..;/", "%c0%ae%c0%ae/", "%uff0e%uff0e/", "//", "./"}) {
            std::string target = prefix;
            for (int i = 0; i < 12; ++i) target += up;
            for (const std::string& end :
                 {way, way + "%00.png", std::string("etc/passwd"), std::string("shoumen.db")}) {
                const auto got = say(port, "GET", target + end, bearer(token));
                CAPTURE(target + end);
                CHECK((got.status >= 400 || got.body == index));
                CHECK(got.status < 500);
                CHECK(got.body.find(secret) == std::string::npos);
                CHECK(got.body.find("root:") == std::string::npos);
                CHECK(got.body.find("SQLite format") == std::string::npos);
                ++asked;
            }
        }
    }
    MESSAGE(asked, " paths");
    // A name with an upload is not even looked at: what was sent lies under its hash.
    const auto sent =
        say(port, "POST", "/api/v1/incidents/" + id + "/evidence?phase=before&filename=..%2f..%2fshell.php",
            bearer(token) +
                "Content-Type: image/jpeg\r\n"
                "Content-Disposition: attachment; filename=\"../../shell.php\"\r\n",
            photo("named"));
    REQUIRE_MESSAGE(sent.status == 200, sent.body);
    std::set<std::string> named;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stage.data() + "/..")) {
        const std::string name = entry.path().filename().string();
        CHECK(name.find("shell") == std::string::npos);
        if (entry.path().string().find("/evidence/") != std::string::npos && entry.is_regular_file())
            named.insert(entry.path().stem().string());
    }
    CHECK(named.size() == 1);
    for (const auto& name : named) CHECK(name.find_first_not_of("0123456789abcdef") == std::string::npos);
    // In the files of a policy that is sent, too.
    own_password(stage);
    const auto found = stage.ask(
        "admin", "POST", "/api/v1/policy/check",
        {{"files", {{"../../outside.yaml", "x: 1"}, {"/etc/shoumen.yaml", "x: 1"}, {"rules/../../up.yaml", "x: 1"}}}});
    CHECK(found.status == 200);
    CHECK_FALSE(std::filesystem::exists("/etc/shoumen.yaml"));
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("what guards the browser stands on every answer") {
    // With a console of one page.
    const shoumen::support::Scratch share;
    std::filesystem::create_directories(share.path("console"));
    std::filesystem::create_directory_symlink(SHOUMEN_SOURCE_DIR "/api", share.path("api"));
    std::ofstream(share.path("console/index.html")) << "<!doctype html>";
    Stage stage({"--share", share.path("")});
    const auto port = stage.server().http_port();
    const std::string token = token_of(stage, "duty");
    const auto common = [](const Heard& got) {
        CHECK(got.header("x-content-type-options") == "nosniff");
        CHECK(got.header("x-frame-options") == "DENY");
        CHECK(got.header("referrer-policy") == "no-referrer");
        CHECK(got.header("cross-origin-opener-policy") == "same-origin");
        CHECK(got.header("cross-origin-resource-policy") == "same-origin");
        CHECK(got.header("permissions-policy").find("geolocation=()") != std::string::npos);
        CHECK(got.header("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
        CHECK(got.header("content-security-policy").find("unsafe") == std::string::npos);
        CHECK(got.header("server").empty());
        CHECK(got.header("x-powered-by").empty());
    };
    const auto page = say(port, "GET", "/");
    common(page);
    CHECK(page.header("content-security-policy").starts_with("default-src 'self'"));
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    CHECK(page.header("strict-transport-security").empty());
    CHECK(say(port, "GET", "/", "X-Forwarded-Proto: https\r\n").header("strict-transport-security") ==
          "max-age=31536000");
    for (const char* target : {"/api/v1/incidents", "/api/v1/incidents/1", "/api/v1/session", "/api/v1/nothing",
                               "/api/v1/policy", "/api/v1/health", "/api/v1/incidents?limit=x"}) {
        const auto got = say(port, "GET", target, bearer(token));
        CAPTURE(target);
        common(got);
        CHECK(got.header("cache-control") == "no-store");
        CHECK(got.header("content-type") == "application/json");
        CHECK(got.header("content-security-policy").starts_with("default-src 'none'"));
        CHECK(got.header("content-security-policy").ends_with("sandbox"));
    }
    common(say(port, "GET", "/", "Cookie: " + std::string(20'000, 'c') + "\r\n"));
    common(say(port, "BREW", "/"));
}

TEST_CASE("a stolen token is worth nothing once its owner has ended it: at once by HTTP, soon on what stands") {
    Stage stage;
    own_password(stage);
    const auto port = stage.server().http_port();
    const std::string stolen = token_of(stage, "duty");
    const std::string of_device = new_token(stage, "smoke-gh-4-102");
    const std::string signal = R"({"id":"t1","device":"smoke-gh-4-102","kind":"smoke","values":{"smoke":false}})";
    CHECK(say(port, "GET", "/api/v1/incidents", bearer(stolen)).status == 200);
    CHECK(stage.signal(signal, of_device).status == 202);
    // The thief's standing connections: the live push, and a device's.
    Wire follows(port);
    follows.send(live_handshake(bearer(stolen)));
    std::string heard;
    REQUIRE(follows.read_until(heard, "\"hello\""));
    std::string refusal;
    shoumen::app::MqttClient device({.port = stage.server().mqtt_port(),
                                     .client_id = "thief",
                                     .user = "smoke-gh-4-102",
                                     .password = of_device,
                                     .log = [&](const std::string& said) { refusal = said; }});
    const auto begin = std::chrono::steady_clock::now();
    while (!device.connected() && std::chrono::steady_clock::now() < begin + 10s)
        device.serve_until(std::chrono::steady_clock::now() + 50ms);
    REQUIRE(device.connected());
    // Their owners end them.
    CHECK(say(port, "DELETE", "/api/v1/session", bearer(stolen)).status == 204);
    CHECK(stage.ask("admin", "DELETE", "/api/v1/devices/smoke-gh-4-102/token").status == 204);
    const auto ended = std::chrono::steady_clock::now();
    CHECK(say(port, "GET", "/api/v1/incidents", bearer(stolen)).status == 401);
    CHECK(say(port, "GET", "/api/v1/incidents", cookie(stolen)).status == 401);
    CHECK(handshake_status(stage, bearer(stolen)) == "HTTP/1.1 401 Unauthorized");
    CHECK(stage.signal(signal, of_device).status == 401);
    CHECK(stage.publish("shoumen/v1/smoke-gh-4-102/signal", signal, "smoke-gh-4-102", of_device) != 0);
    while (!device.refused() && std::chrono::steady_clock::now() < ended + 35s)
        device.serve_until(std::chrono::steady_clock::now() + 100ms);
    CHECK(device.refused());
    CHECK(follows.read_to_end(heard, 35s));
    CHECK(std::chrono::steady_clock::now() < ended + 35s);
    CHECK(heard.find("not-signed-in") != std::string::npos);
    // After a restart no more than before.
    CHECK(stage.stop() == 0);
    stage.restart();
    CHECK(say(stage.server().http_port(), "GET", "/api/v1/incidents", bearer(stolen)).status == 401);
    CHECK(stage.signal(signal, of_device).status == 401);
}

TEST_CASE("nothing anybody sends makes the server call an address") {
    Stage stage;
    const std::string id = an_incident(stage);
    own_password(stage);
    const Ear ear;
    const std::string url = fmt::format("http://127.0.0.1:{}/hook", ear.port());
    const std::string host = fmt::format("127.0.0.1:{}", ear.port());
    const std::string token = token_of(stage, "duty");
    const auto port = stage.server().http_port();
    CHECK(stage
              .ask("duty", "POST", "/api/v1/incidents",
                   {{"kind", "fire"}, {"place", "gh"}, {"severity", "blue"}, {"text", "see " + url}})
              .status == 201);
    CHECK(stage.ask("duty", "POST", "/api/v1/incidents/" + id + "/actions/add_note", {{"text", url}}).status == 200);
    const std::string svg = fmt::format("<svg xmlns:xlink='x'><image xlink:href='{}'/></svg>", url);
    stage.send_picture("duty", "/api/v1/incidents/" + id + "/evidence?phase=before", svg);
    stage.send_picture("duty", "/api/v1/incidents/" + id + "/evidence?phase=before", photo("<img src='" + url + "'>"));
    stage.signal(
        fmt::format(R"({{"id":"{0}","device":"d-1","kind":"smoke","values":{{"smoke":true,"url":"{0}"}}}})", url));
    json::object files = files_of(demo);
    files["community.yaml"] = std::string(files.at("community.yaml").as_string()) + "\nwebhook: " + url + "\n";
    stage.ask("admin", "POST", "/api/v1/policy/check", {{"files", files}});
    stage.ask("admin", "POST", "/api/v1/devices/d-1/certificate", {{"request", url}});
    stage.ask("admin", "POST", "/api/v1/devices/d-1/commands", {{"command", "ring"}, {"values", {{"url", url}}}});
    // Headers that proxies and the like believe, and a target that is somebody else's.
    say(port, "GET", "/api/v1/incidents", "Host: " + host + "\r\n" + bearer(token));
    for (const char* name : {"X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "X-Original-URL", "X-Rewrite-URL",
                             "Origin", "Referer", "X-Callback-Url", "Link", "SOAPAction"})
        say(port, "GET", "/api/v1/incidents", bearer(token) + fmt::format("{}: {}\r\n", name, url));
    CHECK(say(port, "GET", url, bearer(token)).status == 400);
    CHECK(say(port, "CONNECT", host, bearer(token)).status == 400);
    for (const char* name : {"url", "callback", "redirect", "next", "return", "image"}) {
        const auto got = say(port, "GET", fmt::format("/api/v1/incidents?{}={}", name, url), bearer(token));
        CHECK(got.header("location").empty());
        CHECK(say(port, "GET", fmt::format("/sign-in?{}={}", name, url)).header("location").empty());
    }
    CHECK_FALSE(ear.called(500ms));
}
