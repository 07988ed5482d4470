// More of what an insider may try, and the ledger's other suite, on the real program.
#include <cstdlib>
#include <regex>
#include <sstream>

#include <sys/wait.h>

#include "ledger_stage.hpp"

using namespace shoumen::service;
using shoumen::support::Ended;
using shoumen::support::run_to_end;

namespace fs = std::filesystem;

namespace {

std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// The small program that an auditor has, which knows nothing of the server.
Ended shoumen_verify(const Stage& stage, const std::vector<std::string>& arguments) {
    const std::string out = stage.scratch("verify-out");
    std::string command =
        (fs::path(shoumen::support::program_path()).parent_path() / "shoumen-verify").string() + " >'" + out + "'";
    for (const auto& a : arguments) command += " '" + a + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), ""};
}

bool is_said(Stage& stage) {
    return stage.wait_until([](const json::array& live) {
        return std::ranges::any_of(live,
                                   [](const json::value& i) { return i.at("kind").as_string() == "platform_ledger"; });
    });
}

json::object state_of(Stage& stage) { return json::parse(stage.ask("duty", "GET", "/api/v1/ledger").body).as_object(); }

// The witness is made known; its public key.
std::string introduce(Stage& stage, const Street& street) {
    const auto unknown = street.look(stage);
    REQUIRE(unknown.out.starts_with("witness street.example+"));
    const std::string vkey = unknown.out.substr(8, unknown.out.find('\n') - 8);
    write(stage.data() + "/keys/witnesses", vkey + "\n");
    CHECK(stage.stop() == 0);
    stage.restart();
    return vkey;
}

// An act in an incident of its own; the act's number.
std::string an_act(Stage& stage, Auditor& auditor, const std::string& incident, const std::string& action) {
    CHECK(act(stage, "responder", incident, action) == "");
    const std::string id = auditor.newest_act(action);
    REQUIRE(!id.empty());
    CHECK(receipt(stage, "responder", id).status == 200);
    return id;
}

}  // namespace

TEST_CASE("a ledger with SM3 from the first act to the auditor's laptop, and its SM2 signatures by themselves") {
    Stage stage({"--ledger-hash", "sm3"});
    own_password(stage);
    const Street street(stage);
    Auditor auditor(stage);
    const std::string vkey = introduce(stage, street);
    const std::string incident = an_incident(stage, "a1");
    const std::string id = an_act(stage, auditor, incident, "acknowledge");
    CHECK(street.look(stage).code == 0);
    CHECK(state_of(stage).at("hash") == "sm3");
    const auto given = json::parse(receipt(stage, "responder", id).body);
    const std::string text(given.at("receipt").as_string());
    CHECK(has(text, "\nhash sm3\n"));
    write(stage.scratch("receipt"), text);
    write(stage.scratch("code"), std::string(given.at("code").as_string()));

    // The log's keys come as two lines: Ed25519 and SM2. Each is enough, and neither is believed of changed text.
    const std::string both = fetch(stage, "/ledger/keys");
    const auto end = both.find('\n') + 1;
    write(stage.scratch("ed25519"), both.substr(0, end));
    write(stage.scratch("sm2"), both.substr(end));
    write(stage.scratch("keys"), both + vkey + "\n");
    for (const char* key : {"ed25519", "sm2"}) {
        const auto proven = shoumen_verify(stage, {"--key", stage.scratch(key), stage.scratch("receipt")});
        CHECK_MESSAGE(proven.code == 0, proven.out);
        CHECK(has(proven.out, "acknowledge of incident:" + incident));
    }
    const auto short_form = shoumen_verify(stage, {"--key", stage.scratch("keys"), stage.scratch("code")});
    CHECK_MESSAGE(short_form.code == 0, short_form.out);
    CHECK(has(short_form.out, "co-signed by street.example"));
    std::string later = text;
    const auto at = later.find("\ntime ") + 6;
    later[at + 9] = later[at + 9] == '9' ? '8' : '9';
    write(stage.scratch("later"), later);
    const auto changed = shoumen_verify(stage, {"--key", stage.scratch("sm2"), stage.scratch("later")});
    CHECK(changed.code == 1);
    CHECK(has(changed.out, "was changed after it was signed"));
    std::string other = text;
    other.replace(other.find("\nkind acknowledge"), 17, "\nkind arrive     ");
    write(stage.scratch("other"), other);
    CHECK(shoumen_verify(stage, {"--key", stage.scratch("keys"), stage.scratch("other")}).code == 1);

    // All of it, from an export.
    CHECK(stage.stop() == 0);
    const std::string to = stage.scratch("export");
    REQUIRE(run_to_end({"ledger", "export", "--data", stage.data(), "--to", to}).code == 0);
    const auto whole = shoumen_verify(stage, {"--key", stage.scratch("keys"), to, street.state});
    CHECK_MESSAGE(whole.code == 0, whole.out);
    CHECK(has(whole.out, "all of it holds"));
    // Another suite under the same data is refused, not mixed in.
    CHECK(has(read(to + "/checkpoint"), "\nhash sm3\n"));
    for (const auto& finding : stage.contract_findings()) FAIL_CHECK(finding);
}

TEST_CASE("a witness that falls silent raises an incident, and is heard of again when it is back") {
    Stage stage({"--watch-every", "0.2", "--witness-silent-after", "2"});
    own_password(stage);
    const Street street(stage);
    (void)introduce(stage, street);
    CHECK(is_said(stage));
    CHECK(state_of(stage).at("witnesses").as_array()[0].at("silent") == true);
    CHECK_FALSE(state_of(stage).contains("fault"));
    (void)stage.signal(R"({"id":"b1","device":"d-1","kind":"smoke","values":{"smoke":false}})");
    CHECK(stage.wait_until([&](const json::array&) { return street.look(stage).code == 0; }));
    CHECK(state_of(stage).at("witnesses").as_array()[0].at("silent") == false);
}

TEST_CASE("history rewritten with keys and database in hand is refused by the witness, and becomes an incident") {
    Stage stage({"--watch-every", "0.2"});
    own_password(stage);
    const Street street(stage);
    Auditor auditor(stage);
    const std::string vkey = introduce(stage, street);
    const std::string incident = an_incident(stage, "a1");
    CHECK(stage.ask("responder", "GET", "/api/v1/session").status == 200);  // signed in before the copy
    CHECK(stage.stop() == 0);
    copy_database(stage.data(), stage.scratch("before"));
    stage.restart();
    an_act(stage, auditor, incident, "acknowledge");
    CHECK(street.look(stage).code == 0);
    CHECK(stage.stop() == 0);
    // Back to before, what was signed forgotten, and another history from there on, longer than the first.
    copy_database(stage.scratch("before"), stage.data());
    fs::remove(stage.data() + "/keys/last-signed");
    stage.restart();
    an_act(stage, auditor, incident, "acknowledge");
    an_act(stage, auditor, incident, "depart");
    CHECK_FALSE(state_of(stage).contains("fault"));  // the server cannot know
    const auto refused = street.look(stage);
    CHECK(refused.code == 1);
    CHECK(has(refused.err, "split-view"));
    CHECK(state_of(stage).at("fault") == "split");
    CHECK(state_of(stage).at("witnesses").as_array()[0].at("reported") == true);
    CHECK(is_said(stage));
    CHECK(fs::exists(stage.data() + "/keys/witness-report"));
    // What the witness keeps proves it to anybody.
    write(stage.scratch("keys"), fetch(stage, "/ledger/keys") + vkey + "\n");
    CHECK(stage.stop() == 0);
    const auto found = audit(stage, "rewritten", stage.scratch("keys"), {street.state});
    CHECK(found.code == 1);
    CHECK(has(found.out, "is not the beginning of this one"));
}

TEST_CASE("a clock set back is noticed at the start, and the fault ends when it is right again") {
    Stage stage({"--watch-every", "0.2"});
    own_password(stage);
    CHECK(stage.stop() == 0);
    const auto ahead = shoumen::base::Time{std::chrono::duration_cast<std::chrono::microseconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()} +
                       shoumen::base::hours(2);
    {
        shoumen::support::Server tomorrow({"--demo", "--no-feed", "--community", demo, "--data", stage.data(),
                                           "--clock-start", shoumen::base::format_utc(ahead)});
        shoumen::app::HttpClient client("127.0.0.1", tomorrow.http_port());
        const auto sent = client.ask({"POST", "/api/v1/signals", stage.device_token(), "application/json",
                                      R"({"id":"c1","device":"d-1","kind":"smoke","values":{"smoke":true}})"});
        REQUIRE(sent);
        CHECK(sent->status == 202);
        bool is_signed = false;
        for (int i = 0; i < 100 && !is_signed; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            const auto note = client.ask({"GET", "/ledger/checkpoint", "", "", ""});
            std::smatch found;
            is_signed = note && std::regex_search(note->body, found, std::regex("\ntime ([0-9]+)\n")) &&
                        std::stoll(found[1]) >= ahead.us / 1'000'000;
        }
        CHECK(is_signed);
        CHECK(tomorrow.stop() == 0);
    }
    stage.restart();
    CHECK(has(stage.server().log(), "ledger_fault"));
    CHECK(state_of(stage).at("fault") == "clock");
    CHECK(is_said(stage));
}

TEST_CASE("the newest hour deleted row by row is found, however it is done") {
    Stage stage;
    own_password(stage);
    const Street street(stage);
    Auditor auditor(stage);
    const std::string vkey = introduce(stage, street);
    const std::string incident = an_incident(stage, "a1");
    an_act(stage, auditor, incident, "acknowledge");
    CHECK(street.look(stage).code == 0);
    const std::string last = an_act(stage, auditor, incident, "depart");
    CHECK(street.look(stage).code == 0);
    write(stage.scratch("keys"), fetch(stage, "/ledger/keys") + vkey + "\n");
    CHECK(stage.stop() == 0);
    change(stage.data(), "DELETE FROM act WHERE id = " + last);
    const auto gone = audit(stage, "gone", stage.scratch("keys"), {street.state});
    CHECK(gone.code == 1);
    CHECK(has(gone.out, "nothing stands for leaf"));
    // The newest checkpoints too, so that the export ends before it: what the witness keeps is larger.
    change(stage.data(),
           "DELETE FROM ledger_checkpoint WHERE size > (SELECT min(size) FROM ledger_checkpoint WHERE cosigned = 1)");
    const auto shorter = audit(stage, "shorter", stage.scratch("keys"), {street.state});
    CHECK(shorter.code == 1);
    CHECK(has(shorter.out, "the newest"));
}

TEST_CASE("a witness looks by TLS, and speaks to nobody who cannot show the right certificate") {
    Stage stage({"--https", "127.0.0.1:0", "--tls-name", "localhost"});
    own_password(stage);
    const auto port_in = [](const std::string& output) {
        std::smatch found;
        REQUIRE(std::regex_search(output, found, std::regex(" https [0-9.]+:([0-9]+)")));
        return found[1].str();
    };
    const std::string authority = stage.data() + "/keys/tls/authority.crt";
    const auto look = [&](const std::string& log, const std::string& ca) {
        std::vector<std::string> arguments{
            "witness", "--log",          log,     "--key", stage.scratch("key"), "--state", stage.scratch("state"),
            "--name",  "street.example", "--once"};
        if (!ca.empty()) arguments.insert(arguments.end(), {"--ca", ca});
        return run_to_end(arguments);
    };
    (void)an_incident(stage, "a1");
    const auto unknown = look("https://localhost:" + port_in(stage.server().output()), authority);
    CHECK(unknown.code == 2);
    CHECK_MESSAGE(has(unknown.err, "add this line to its keys/witnesses"), unknown.err);
    const std::string vkey = unknown.out.substr(8, unknown.out.find('\n') - 8);
    write(stage.data() + "/keys/witnesses", vkey + "\n");
    CHECK(stage.stop() == 0);
    stage.restart();
    const std::string port = port_in(stage.server().output());
    const auto cosigned = look("https://localhost:" + port + "/", authority);
    CHECK_MESSAGE(cosigned.code == 0, cosigned.err);
    CHECK(state_of(stage).at("witnesses").as_array()[0].as_object().contains("last"));

    // Of an authority the system does not know; for another address than was asked; no authority in the file; no TLS.
    const auto stranger = look("https://localhost:" + port, "");
    CHECK(stranger.code == 2);
    CHECK_MESSAGE(has(stranger.err, "its certificate does not do"), stranger.err);
    const auto elsewhere = look("https://127.0.0.1:" + port, authority);
    CHECK(elsewhere.code == 2);
    CHECK_MESSAGE(has(elsewhere.err, "its certificate does not do: IP address mismatch"), elsewhere.err);
    CHECK(has(look("https://localhost:" + port, stage.scratch("state")).err, "bad-certificate"));
    CHECK(look("https://127.0.0.1:" + std::to_string(stage.server().http_port()), authority).code == 2);
    CHECK(has(look("ftp://127.0.0.1:" + port, authority).err, "bad-endpoint"));

    // By an IP address, where the certificate is for it; then a name is refused.
    CHECK(stage.stop() == 0);
    shoumen::support::Server by_address({"--demo", "--no-feed", "--community", demo, "--data", stage.data(), "--https",
                                         "127.0.0.1:0", "--tls-name", "127.0.0.1"});
    const std::string other_port = port_in(by_address.output());
    const auto right = look("https://127.0.0.1:" + other_port, authority);
    CHECK_MESSAGE(right.code == 0, right.err);
    CHECK(has(look("https://localhost:" + other_port, authority).err, "its certificate does not do"));
    CHECK(by_address.stop() == 0);
}
