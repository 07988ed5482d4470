// One-time codes to telephones, against the running program and a gateway that the test itself is: what arrives there,
// what it is good for, and that nobody learns which numbers there are.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include "sms_gateway.hpp"
#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
constexpr const char* number = "13800004102";  // nobody's: a made-up one

json::value parsed(const app::HttpAnswer& answer) { return json::parse(answer.body); }
std::string text(const json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

std::string code_in(const std::string& request) {
    const auto at = request.find("验证码 ");
    return at == std::string::npos ? "" : request.substr(at + std::string("验证码 ").size(), 6);
}

app::HttpAnswer ask_code(Stage& stage, const std::string& phone, Headers headers = {}) {
    return stage.ask_with("", "POST", "/api/v1/session/code", json::object{{"phone", phone}}, std::move(headers));
}
app::HttpAnswer show_code(Stage& stage, const std::string& phone, const std::string& code, Headers headers = {}) {
    return stage.ask_with("", "POST", "/api/v1/session/phone", json::object{{"phone", phone}, {"code", code}},
                          std::move(headers));
}

std::string other_than(const std::string& code) { return code == "111111" ? "222222" : "111111"; }

struct Residents {
    SmsGateway gateway;
    std::string secret = "a secret of the gateway";
    std::filesystem::path file;
    std::unique_ptr<Stage> stage;

    Residents() {
        file = std::filesystem::temp_directory_path() / fmt::format("sms-secret-{}", ::getpid());
        std::ofstream(file) << secret << "\n";
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        stage = std::make_unique<Stage>(
            std::vector<std::string>{"--sms-gateway", gateway.url(), "--sms-secret-file", file.string()});
        own_password(*stage);
        for (const auto& [name, role] : {std::pair{"wang", "resident"}, {"li", "grid_worker"}}) {
            const auto made =
                stage->ask("admin", "POST", "/api/v1/accounts",
                           json::object{{"name", name}, {"person", std::string("p-") + name}, {"roles", {role}}});
            REQUIRE(made.status == 201);
        }
    }
    ~Residents() { std::filesystem::remove(file); }
};

}  // namespace

TEST_CASE("a resident signs in by a code that comes to their telephone, once") {
    Residents here;
    Stage& stage = *here.stage;
    CHECK(parsed(stage.ask_with("", "GET", "/api/v1/session/ways")).at("phone").as_bool());
    CHECK(stage.ask("admin", "PUT", "/api/v1/accounts/wang/phone", json::object{{"phone", "138 0000-4102"}}).status ==
          204);
    CHECK(code_of(stage.ask("admin", "PUT", "/api/v1/accounts/li/phone", json::object{{"phone", number}})) ==
          "phone-taken");
    CHECK(code_of(stage.ask("admin", "PUT", "/api/v1/accounts/li/phone", json::object{{"phone", "110"}})) ==
          "bad-phone");
    CHECK(text(parsed(stage.ask("admin", "GET", "/api/v1/accounts/wang/ways-in")), "phone") == "138****4102");

    CHECK(ask_code(stage, "+86 " + std::string(number)).status == 204);
    const auto sent = here.gateway.wait_for(1);
    REQUIRE_MESSAGE(sent.starts_with("POST /send?from=shoumen HTTP/1.1\r\n"), sent);
    CHECK(sent.find("Authorization: Bearer " + here.secret) != std::string::npos);
    CHECK(sent.find(fmt::format("\"to\":\"{}\"", number)) != std::string::npos);
    const auto code = code_in(sent);
    REQUIRE(code.size() == 6);
    CHECK(code_of(show_code(stage, number, other_than(code))) == "code-failed");
    const auto in = show_code(stage, number, code);
    REQUIRE_MESSAGE(in.status == 200, in.body);
    CHECK(text(parsed(in), "account") == "wang");
    // A one-time password that was never used is nobody's business any more.
    CHECK(stage.ask_with(text(parsed(in), "token"), "GET", "/api/v1/incidents").status == 200);
    CHECK_FALSE(parsed(in).at("must_change").as_bool());
    CHECK(code_of(show_code(stage, number, code)) == "code-failed");  // once

    // Nothing of it lies about: not in the log, not in the database, not in the keys.
    REQUIRE(stage.stop() == 0);
    CHECK(stage.server().log().find(number) == std::string::npos);
    CHECK(stage.server().log().find(code) == std::string::npos);
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stage.data())) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in_file(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in_file), {});
    }
    CHECK(all.find(number) == std::string::npos);
    stage.restart();
    CHECK(text(parsed(stage.ask("admin", "GET", "/api/v1/accounts/wang/ways-in")), "phone") == "138****4102");
    CHECK(code_of(show_code(stage, number, code)) == "code-failed");
    CHECK(stage.ask("admin", "DELETE", "/api/v1/accounts/wang/phone").status == 204);
    CHECK_FALSE(parsed(stage.ask("admin", "GET", "/api/v1/accounts/wang/ways-in")).as_object().contains("phone"));
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("nobody learns which numbers there are, and a code is tried five times") {
    Residents here;
    Stage& stage = *here.stage;
    REQUIRE(stage.ask("admin", "PUT", "/api/v1/accounts/wang/phone", json::object{{"phone", number}}).status == 204);
    // A member of staff has a password, and a second step: no code, although the number is known.
    const std::string of_staff = "13800005203";
    REQUIRE(stage.ask("admin", "PUT", "/api/v1/accounts/li/phone", json::object{{"phone", of_staff}}).status == 204);
    const std::string of_nobody = "13800009999";
    const auto timed = [&](const std::string& phone) {
        const auto began = std::chrono::steady_clock::now();
        const auto answer = ask_code(stage, phone);
        return std::tuple{answer.status, answer.body, std::chrono::steady_clock::now() - began};
    };
    for (int n = 0; n < 3; ++n) {  // sent, then waiting, twice: the same words for all three
        const auto [status, body, took] = timed(number);
        const auto [status_of_nobody, body_of_nobody, took_of_nobody] = timed(of_nobody);
        const auto [status_of_staff, body_of_staff, took_of_staff] = timed(of_staff);
        CHECK(status == (n == 0 ? 204 : 429));
        CHECK(status == status_of_nobody);
        CHECK(status == status_of_staff);
        if (n == 0) CHECK(body == body_of_nobody);
        // A gateway takes tens of milliseconds; nobody waits for it.
        for (const auto& one : {took, took_of_nobody, took_of_staff}) CHECK(one < std::chrono::milliseconds(500));
    }
    const auto code = code_in(here.gateway.wait_for(1));
    REQUIRE(code.size() == 6);
    std::string bodies;
    for (int n = 0; n < 5; ++n) {
        const auto known = show_code(stage, number, other_than(code));
        const auto unknown = show_code(stage, of_nobody, other_than(code));
        const auto staff = show_code(stage, of_staff, other_than(code));
        CHECK(known.status == 401);
        CHECK(known.body == unknown.body);
        CHECK(known.body == staff.body);
    }
    CHECK(code_of(show_code(stage, number, code)) == "code-failed");  // the sixth try
    CHECK(here.gateway.requests().size() == 1);                       // neither to nobody nor to staff
    // One address, ever new numbers.
    const Headers there{{"X-Forwarded-For", "203.0.113.66"}};
    int refused = 0;
    for (int n = 0; n < 25; ++n) refused += ask_code(stage, fmt::format("139000{:05}", n), there).status == 429 ? 1 : 0;
    CHECK(refused == 5);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("without a gateway there are no codes, and one that fails is logged without a number") {
    Stage bare;
    CHECK_FALSE(parsed(bare.ask_with("", "GET", "/api/v1/session/ways")).at("phone").as_bool());
    CHECK(code_of(ask_code(bare, number)) == "way-in-off");
    for (const char* url : {"http://203.0.113.5/send", "ftp://127.0.0.1/x", "https://user:word@sms.example/"}) {
        const auto ended = shoumen::support::run_to_end(
            {"serve", "--data", bare.scratch("none"), "--community", demo, "--sms-gateway", url});
        CHECK(ended.code != 0);
        CHECK(ended.err.find("bad-url") != std::string::npos);
    }
    Residents here;
    here.gateway.answer_with("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    Stage& stage = *here.stage;
    REQUIRE(stage.ask("admin", "PUT", "/api/v1/accounts/wang/phone", json::object{{"phone", number}}).status == 204);
    CHECK(ask_code(stage, number).status == 204);
    REQUIRE_FALSE(here.gateway.wait_for(1).empty());
    for (int i = 0; i < 50 && stage.server().log().find("text_not_sent") == std::string::npos; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(stage.server().log().find("text_not_sent") != std::string::npos);
    CHECK(stage.server().log().find(number) == std::string::npos);
}
