// What goes wrong around the program: a second process, a full disk, a taken port, a bad directory; and copies of a
// running node.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_program;
using shoumen::support::run_to_end;

namespace {

constexpr const char* smoke_on = R"({"id":"m1","device":"d-1","kind":"smoke","values":{"smoke":true}})";

void spoil(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("a second process on the same data is refused, and says why") {
    Stage stage;
    const auto ended = run_to_end({"serve", "--data", stage.data(), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("data-in-use") != std::string::npos);
    CHECK(stage.signal(smoke_on).status == 202);
}

TEST_CASE("a port that is taken is named") {
    Stage stage;
    const std::string port = std::to_string(stage.server().http_port());
    const auto ended = run_to_end({"serve", "--community", demo, "--data", stage.scratch("other"), "--http",
                                   "127.0.0.1:" + port, "--mqtt", "127.0.0.1:0"});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("port-in-use") != std::string::npos);
    CHECK(ended.err.find(port) != std::string::npos);
}

TEST_CASE("a data directory that cannot be written") {
    Stage stage;
    std::ofstream(stage.scratch("file")) << "no directory";
    const auto ended = run_to_end({"serve", "--community", demo, "--data", stage.scratch("file"), "--http",
                                   "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("shoumen: ") == 0);
    // A mount that is read-only stops root too.
    const std::string mount_point = stage.scratch("readonly");
    std::filesystem::create_directory(mount_point);
    if (mount("tmpfs", mount_point.c_str(), "tmpfs", MS_RDONLY, "size=1m") != 0) {
        std::cout << "SKIPPED: no right to mount a read-only file system\n";
        return;
    }
    const auto refused = run_to_end(
        {"serve", "--community", demo, "--data", mount_point, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
    umount(mount_point.c_str());
    CHECK(refused.code == 2);
    CHECK(refused.err.find("data-read-only") != std::string::npos);
}

TEST_CASE("a full disk: nothing is acknowledged that is not stored, and all goes on when there is room again") {
    shoumen::support::Scratch place;
    const std::string mount_point = place.path("small");
    std::filesystem::create_directory(mount_point);
    if (mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=6m") != 0) {
        std::cout << "SKIPPED: no right to mount a small file system\n";
        return;
    }
    {
        setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
        shoumen::support::Server server({"--demo", "--no-feed", "--community", demo, "--data", mount_point + "/data"});
        const auto token = shoumen::support::secrets_in(server.output(), "device").at("d-1");
        std::ofstream(mount_point + "/ballast") << std::string(16'000'000, 'x');  // as much as fits
        shoumen::app::HttpClient client("127.0.0.1", server.http_port(), shoumen::base::seconds(15));
        std::string large = "[";
        for (int i = 0; i < 2000; ++i) {
            large += std::string(i > 0 ? "," : "") +
                     R"({"device":"d-1","kind":"smoke","values":{"smoke":false,"note":")" + std::string(200, 'y') +
                     "\"}}";
        }
        large += "]";
        unsigned status = 202;
        for (int i = 0; i < 8 && status == 202; ++i) {
            const auto answer = client.ask({"POST", "/api/v1/signals", token, "application/json", large});
            REQUIRE(answer);
            status = answer->status;
        }
        CHECK((status == 503 || status == 429));
        const auto health = client.ask({"GET", "/api/v1/health", "", "", ""});
        REQUIRE(health);
        CHECK(health->status == 503);
        CHECK(health->body.find("disk") != std::string::npos);
        CHECK(server.running());

        std::filesystem::remove(mount_point + "/ballast");
        unsigned after = 0;
        for (int i = 0; i < 40 && after != 202; ++i) {
            const auto answer = client.ask({"POST", "/api/v1/signals", token, "application/json", smoke_on});
            if (answer) after = answer->status;
            if (after != 202) std::this_thread::sleep_for(std::chrono::milliseconds(250));
        }
        CHECK(after == 202);
        CHECK(client.ask({"GET", "/api/v1/health", "", "", ""})->status == 200);
        CHECK(server.stop() == 0);
        CHECK(run_program({"verify", "--data", mount_point + "/data"}).starts_with("fine"));
    }
    umount(mount_point.c_str());
}

TEST_CASE("a changed community directory enters as a new version; a bad one is refused with file and line") {
    Stage stage;
    REQUIRE(stage.signal(smoke_on).status == 202);
    REQUIRE(stage.stop() == 0);
    const std::string copy = stage.scratch("community");
    std::filesystem::copy(demo, copy, std::filesystem::copy_options::recursive);
    spoil(copy + "/devices.yaml",
          "devices:", "devices:\n  - {id: smoke-new, kind: smoke, place: gh-2-201, gateway: gw-demo}");
    {
        shoumen::support::Server server({"--community", copy, "--data", stage.data()});
        CHECK(server.output().find("policy 2") != std::string::npos);
    }
    const auto decided = json::parse(run_program({"decisions", "--data", stage.data()}));
    CHECK(decided.at("incidents").as_array().size() == 1);
    CHECK(decided.at("alerts").as_array()[0].at("rule") == "smoke-alarm");

    spoil(copy + "/rules/fire.yaml", "rules:", "rules:\nrules:");
    const auto refused = run_to_end(
        {"serve", "--community", copy, "--data", stage.data(), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
    CHECK(refused.code == 2);
    CHECK(refused.err.find("rules/fire.yaml:") != std::string::npos);
    const auto checked = run_to_end({"check", copy});
    CHECK(checked.code == 1);
    CHECK(checked.out.find("rules/fire.yaml:") != std::string::npos);
}

TEST_CASE(
    "check: a lead taken away is a gap at matrix.yaml:1; an overlap stands at its own line; no directory is exit 2") {
    shoumen::support::Scratch place;
    setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
    const std::string copy = place.path("community");
    std::filesystem::copy(demo, copy, std::filesystem::copy_options::recursive);
    CHECK(run_to_end({"check", copy}).code == 0);
    std::ifstream in(copy + "/matrix.yaml");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto lead = text.find("\n    lead:");
    REQUIRE(lead != std::string::npos);
    std::string without = text;
    without.erase(lead, without.find('\n', lead + 1) - lead);
    std::ofstream(copy + "/matrix.yaml") << without;
    const auto gap = run_to_end({"check", copy});
    CHECK(gap.code == 1);
    CHECK(gap.out.find("matrix.yaml:1: matrix-gap: ") != std::string::npos);
    CHECK(run_to_end({"check", place.path("nowhere")}).code == 2);
}

TEST_CASE("a copy of a running node, restored, is the node; a directory with something in it is not overwritten") {
    Stage stage;
    REQUIRE(stage.signal(smoke_on).status == 202);
    const std::string id(stage.live_incidents()[0].at("id").as_string());
    REQUIRE(stage.ask("responder", "POST", "/api/v1/incidents/" + id + "/actions/acknowledge", json::object{}).status ==
            200);
    REQUIRE(
        stage.send_picture("responder", "/api/v1/incidents/" + id + "/evidence?phase=before", photo("before")).status ==
        200);
    run_program({"backup", "--data", stage.data(), "--to", stage.scratch("copy")});
    run_program({"restore", "--from", stage.scratch("copy"), "--data", stage.scratch("again")});
    CHECK(run_program({"decisions", "--data", stage.scratch("again")}) ==
          run_program({"decisions", "--data", stage.data()}));
    CHECK(run_program({"verify", "--data", stage.scratch("again")}).starts_with("fine"));
    CHECK(run_to_end({"restore", "--from", stage.scratch("copy"), "--data", stage.data()}).code == 2);
    // The keys are kept apart from the data, and come from their own place.
    std::filesystem::create_directories(stage.scratch("again"));
    std::filesystem::copy(stage.data() + "/keys", stage.scratch("again") + "/keys");
    shoumen::support::Server restored({"--data", stage.scratch("again")});
    CHECK(restored.running());
}

TEST_CASE("a lost password: a new one-time password while the program is stopped") {
    Stage stage;
    CHECK(stage.ask("duty", "GET", "/api/v1/incidents").status == 200);
    CHECK(stage.stop() == 0);
    const auto made = run_to_end({"password", "--data", stage.data(), "duty"});
    REQUIRE_MESSAGE(made.code == 0, made.err);
    const std::string fresh = shoumen::support::secrets_in(made.out, "account").at("duty");
    CHECK(fresh != stage.passwords().at("duty"));
    CHECK(run_to_end({"password", "--data", stage.data(), "nobody"}).err.find("unknown-account") != std::string::npos);
    CHECK(run_to_end({"password", "--data", stage.data() + "-none", "duty"}).err.find("file-missing") !=
          std::string::npos);
    stage.restart();
    const auto sign_in = [&](const std::string& password) {
        return stage.ask("", "POST", "/api/v1/session", {{"account", "duty"}, {"password", password}}).status;
    };
    CHECK(sign_in(fresh) == 200);
    CHECK(sign_in(stage.passwords().at("duty")) == 401);
    CHECK(stage.ask("duty", "GET", "/api/v1/incidents").status == 401);  // the session of before has ended
}
