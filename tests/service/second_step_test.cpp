// Signing in by two steps, against the running program: an authenticator is set up, asked for, lost and taken off.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "protect/totp.hpp"

#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;
namespace protect = shoumen::protect;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
constexpr const char* own = "a-password-of-the-test";

json::value parsed(const app::HttpAnswer& answer) { return json::parse(answer.body); }
std::string text(const json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

std::string bytes_of(std::string_view base32) {
    std::string out;
    unsigned held = 0;
    unsigned bits = 0;
    for (const char c : base32) {
        held = (held << 5U) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>((held >> bits) & 0xFFU);
    }
    return out;
}

// An authenticator app, as far as this test needs one.
struct Authenticator {
    std::string secret;
    std::uint64_t shown = 0;

    // A code that has not been shown yet; where the step is used up, the next one's, which counts already.
    std::string code() {
        const auto s = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(30);
        shown = std::max(static_cast<std::uint64_t>(s) - 1, shown + 1);
        while (
            static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(30)) +
                1 <
            shown)
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        return protect::totp_code(secret, shown);
    }
};

app::HttpAnswer sign_in(Stage& stage, const std::string& account, const std::string& password, Headers headers = {}) {
    return stage.ask_with("", "POST", "/api/v1/session", json::object{{"account", account}, {"password", password}},
                          std::move(headers));
}
app::HttpAnswer step(Stage& stage, const std::string& half, const std::string& code, Headers headers = {}) {
    return stage.ask_with("", "POST", "/api/v1/session/second-step", json::object{{"half", half}, {"code", code}},
                          std::move(headers));
}
std::string half_of(Stage& stage, const std::string& account, const std::string& password) {
    const auto answer = sign_in(stage, account, password);
    REQUIRE_MESSAGE(answer.status == 202, answer.body);
    return text(parsed(answer), "half");
}

struct Enrolled {
    Authenticator app;
    std::vector<std::string> recovery;
};
Enrolled enrol(Stage& stage, const std::string& token, const std::string& password) {
    const auto begun = stage.ask_with(token, "POST", "/api/v1/second-factor", json::object{{"password", password}});
    REQUIRE_MESSAGE(begun.status == 201, begun.body);
    Enrolled out{{bytes_of(text(parsed(begun), "secret"))}, {}};
    CHECK(text(parsed(begun), "uri").starts_with("otpauth://totp/"));
    const auto done = stage.ask_with(token, "PUT", "/api/v1/second-factor", json::object{{"code", out.app.code()}});
    REQUIRE_MESSAGE(done.status == 200, done.body);
    const auto given = parsed(done);
    for (const auto& code : given.at("recovery_codes").as_array()) out.recovery.emplace_back(code.as_string());
    return out;
}

std::string token_of(Stage& stage, const std::string& account, const std::string& password) {
    const auto answer = sign_in(stage, account, password);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return text(parsed(answer), "token");
}

std::string kinds(Stage& stage, const std::string& token, const std::string& account) {
    std::string out;
    const auto acts = parsed(stage.ask_with(token, "GET", "/api/v1/acts?subject=account:" + account)).at("acts");
    for (const auto& act : acts.as_array()) out += text(act, "kind") + " ";
    return out;
}

}  // namespace

TEST_CASE("an authenticator is set up, asked for at the next sign-in, and taken off with password and code") {
    Stage stage;
    const auto password = stage.passwords().at("duty");
    const auto token = token_of(stage, "duty", password);
    const auto other = token_of(stage, "duty", password);
    CHECK(parsed(stage.ask_with(token, "GET", "/api/v1/second-factor")).at("on").as_bool() == false);
    CHECK(code_of(stage.ask_with(token, "POST", "/api/v1/second-factor", json::object{{"password", "wrong one"}})) ==
          "old-password-wrong");
    CHECK(code_of(stage.ask_with(token, "PUT", "/api/v1/second-factor", json::object{{"code", "123456"}})) ==
          "second-factor-off");
    auto mine = enrol(stage, token, password);
    REQUIRE(mine.recovery.size() == 10);
    const auto state = parsed(stage.ask_with(token, "GET", "/api/v1/second-factor"));
    CHECK(state.at("on").as_bool());
    CHECK(state.at("recovery_codes").as_int64() == 10);
    CHECK(stage.ask_with(other, "GET", "/api/v1/session").status == 401);  // had come by the password alone
    CHECK(stage.ask_with(token, "GET", "/api/v1/session").status == 200);
    CHECK(code_of(stage.ask_with(token, "POST", "/api/v1/second-factor", json::object{{"password", password}})) ==
          "second-factor-there");

    // Half a session opens nothing, in no way it may be shown.
    const auto half = half_of(stage, "duty", password);
    CHECK(stage.ask_with(half, "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask_with(half, "GET", "/api/v1/second-factor").status == 401);
    CHECK(stage.ask_with("", "GET", "/api/v1/incidents", nullptr, {{"Cookie", "shoumen_session=" + half}}).status ==
          401);
    CHECK(code_of(step(stage, half, "000000", {{"User-Agent", "Firefox Linux"}})) == "sign-in-again");  // elsewhere
    CHECK(code_of(step(stage, "x", "000000")) == "sign-in-again");
    const auto code = mine.app.code();
    const auto in = step(stage, half, code);
    REQUIRE_MESSAGE(in.status == 200, in.body);
    CHECK(stage.ask_with(text(parsed(in), "token"), "GET", "/api/v1/incidents").status == 200);
    CHECK(code_of(step(stage, half, "000000")) == "sign-in-again");  // that half is used up
    // Neither the code nor one before it counts again.
    CHECK(code_of(step(stage, half_of(stage, "duty", password), code)) == "second-step-failed");

    // Over a restart, and then by a recovery code, once.
    stage.restart();
    CHECK(step(stage, half_of(stage, "duty", password), mine.recovery[3]).status == 200);
    CHECK(code_of(step(stage, half_of(stage, "duty", password), mine.recovery[3])) == "second-step-failed");
    CHECK(parsed(stage.ask_with(token, "GET", "/api/v1/second-factor")).at("recovery_codes").as_int64() == 9);

    const auto remove = [&](const std::string& with, const std::string& shown) {
        return stage.ask_with(token, "POST", "/api/v1/second-factor/removal",
                              json::object{{"password", with}, {"code", shown}});
    };
    CHECK(code_of(remove("wrong one", "000000")) == "old-password-wrong");
    CHECK(code_of(remove(password, "000000")) == "second-step-failed");
    CHECK(remove(password, mine.app.code()).status == 204);
    CHECK(sign_in(stage, "duty", password).status == 200);
    own_password(stage);
    REQUIRE(stage.ask("admin", "POST", "/api/v1/accounts/duty/roles", json::object{{"role", "auditor"}}).status == 201);
    CHECK(kinds(stage, token, "duty") == "role_given second_factor_removed second_factor_set account_added ");
    CHECK(stage.contract_findings().empty());
}

TEST_CASE(
    "codes are tried a few times only, however often the password is right, and nobody learns who has two steps") {
    Stage stage;
    const auto password = stage.passwords().at("duty");
    const auto mine = enrol(stage, token_of(stage, "duty", password), password);
    // A wrong password says the same of an account with two steps, one without, and one that is not there.
    const auto with = sign_in(stage, "duty", "wrong password");
    CHECK(with.status == 401);
    CHECK(with.body == sign_in(stage, "verifier", "wrong password").body);
    CHECK(with.body == sign_in(stage, "nobody-at-all", "wrong password").body);
    const auto half = half_of(stage, "duty", password);
    for (int i = 0; i < 3; ++i) CHECK(code_of(step(stage, half, "000000")) == "second-step-failed");
    const auto again = half_of(stage, "duty", password);  // forgets nothing of it
    for (int i = 0; i < 2; ++i) CHECK(code_of(step(stage, again, "000000")) == "second-step-failed");
    for (const auto& shown : {std::string("000000"), mine.recovery[0]}) {
        const auto waiting = step(stage, half_of(stage, "duty", password), shown);
        CHECK(code_of(waiting) == "sign-in-wait");
        CHECK(waiting.status == 429);
    }
    // Somebody else is not kept out.
    CHECK(sign_in(stage, "verifier", stage.passwords().at("verifier")).status == 200);
    // The administrator sees that it waits, and lets it go on.
    own_password(stage);
    CHECK(parsed(stage.ask("admin", "GET", "/api/v1/accounts/duty")).as_object().contains("locked_until"));
    CHECK(stage.ask("admin", "DELETE", "/api/v1/accounts/duty/lock").status == 204);
    CHECK(step(stage, half_of(stage, "duty", password), mine.recovery[0]).status == 200);
    // No code, secret or name in the log.
    for (const auto& kept : {mine.recovery[0], std::string("000000"), protect::base32(mine.app.secret)})
        CHECK(stage.server().log().find(kept) == std::string::npos);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("whose role asks for two steps sets them up first, and can do nothing else before") {
    const auto copy = std::filesystem::temp_directory_path() / fmt::format("two-steps-{}", ::getpid());
    std::filesystem::copy(demo, copy, std::filesystem::copy_options::recursive);
    std::ofstream(copy / "accounts.yaml") << "second_step: [administrator, auditor]\n";
    Stage stage({}, false, copy.string());
    own_password(stage);
    const auto token = token_of(stage, "admin", own);
    CHECK(parsed(stage.ask_with(token, "GET", "/api/v1/session")).at("must_enrol").as_bool());
    for (const char* path : {"/api/v1/accounts", "/api/v1/incidents", "/api/v1/policy", "/api/v1/sessions"})
        CHECK(code_of(stage.ask_with(token, "GET", path)) == "must-set-second-step");
    CHECK(parsed(stage.ask("duty", "GET", "/api/v1/session")).at("must_enrol").as_bool() == false);
    enrol(stage, token, own);
    CHECK_FALSE(parsed(stage.ask_with(token, "GET", "/api/v1/session")).at("must_enrol").as_bool());
    CHECK(stage.ask_with(token, "GET", "/api/v1/accounts").status == 200);
    CHECK(parsed(stage.ask_with(token, "GET", "/api/v1/second-factor")).at("required").as_bool());

    // A role given later asks for it from that moment on.
    const auto duty = token_of(stage, "duty", stage.passwords().at("duty"));
    CHECK(stage.ask_with(duty, "GET", "/api/v1/incidents").status == 200);
    REQUIRE(stage.ask_with(token, "POST", "/api/v1/accounts/duty/roles", json::object{{"role", "auditor"}}).status ==
            201);
    CHECK(code_of(stage.ask_with(duty, "GET", "/api/v1/incidents")) == "must-set-second-step");
    enrol(stage, duty, stage.passwords().at("duty"));
    CHECK(stage.ask_with(duty, "GET", "/api/v1/incidents").status == 200);

    // A lost telephone: the administrator takes it off, which signs the person out and stands in the records.
    CHECK(stage.ask_with(duty, "DELETE", "/api/v1/accounts/admin/second-factor").status == 403);
    CHECK(code_of(stage.ask_with(token, "DELETE", "/api/v1/accounts/verifier/second-factor")) == "second-factor-off");
    CHECK(stage.ask_with(token, "DELETE", "/api/v1/accounts/duty/second-factor").status == 204);
    CHECK(stage.ask_with(duty, "GET", "/api/v1/session").status == 401);
    const auto fresh = token_of(stage, "duty", stage.passwords().at("duty"));
    CHECK(parsed(stage.ask_with(fresh, "GET", "/api/v1/session")).at("must_enrol").as_bool());
    enrol(stage, fresh, stage.passwords().at("duty"));
    CHECK(kinds(stage, fresh, "duty") ==
          "second_factor_set second_factor_reset second_factor_set role_given account_added ");
    CHECK(kinds(stage, fresh, "admin").starts_with("second_factor_set "));

    // The administrator's own is lost with the telephone and the codes: at the machine.
    CHECK(sign_in(stage, "admin", own).status == 202);
    REQUIRE(stage.stop() == 0);
    const auto reset = shoumen::support::run_to_end({"password", "--data", stage.data(), "admin"});
    REQUIRE(reset.code == 0);
    stage.restart();
    CHECK(sign_in(stage, "admin", own).status == 401);
    const auto& said = reset.out;
    const auto at = said.rfind("password ");
    REQUIRE(at != std::string::npos);
    const auto once = said.substr(at + 9, said.find_first_of(" \n", at + 9) - at - 9);
    CHECK_MESSAGE(sign_in(stage, "admin", once).status == 200, said);
    CHECK(stage.contract_findings().empty());
    std::filesystem::remove_all(copy);
}

TEST_CASE("what the database keeps of an authenticator is sealed") {
    Stage stage;
    const auto password = stage.passwords().at("duty");
    const auto mine = enrol(stage, token_of(stage, "duty", password), password);
    REQUIRE(stage.stop() == 0);
    std::string all;
    for (const auto& file : std::filesystem::recursive_directory_iterator(stage.data())) {
        if (!file.is_regular_file()) continue;
        std::ifstream in(file.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in), {});
    }
    CHECK(all.find(mine.app.secret) == std::string::npos);
    const auto hashes = protect::hashes_of(mine.recovery);
    for (std::size_t at = 0; at < hashes.size(); at += 32) CHECK(all.find(hashes.substr(at, 32)) == std::string::npos);
}
