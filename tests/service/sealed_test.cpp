// What somebody who takes the data directory, and not the keys, can read: no words, no picture, no payload.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv
#include <sys/stat.h>

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_program;
using shoumen::support::run_to_end;
namespace fs = std::filesystem;

namespace {

// Names of files, but those of the keys, in which the bytes stand.
std::string found_in(const std::string& folder, const std::string& bytes) {
    std::string out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().string().find("/keys/") != std::string::npos) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string all{std::istreambuf_iterator<char>(in), {}};
        if (all.find(bytes) != std::string::npos) out += entry.path().string() + "\n";
    }
    return out;
}

constexpr const char* words = "业主欧阳测试住2号楼202室，电话16099980901";
constexpr const char* note = "已联系家属司马样例，身份证110105294912310022";

}  // namespace

TEST_CASE(
    "without the keys nobody reads what people wrote, their pictures, or refused payloads; with them all is there") {
    Stage stage;
    const auto made = stage.ask("duty", "POST", "/api/v1/incidents",
                                {{"kind", "noise"}, {"place", "gh"}, {"severity", "blue"}, {"text", words}});
    REQUIRE(made.status == 201);
    const std::string id(json::parse(made.body).at("id").as_string());
    const auto act = [&](const std::string& action, const json::object& body = {}) {
        return stage.ask("responder", "POST", "/api/v1/incidents/" + id + "/actions/" + action, body).status;
    };
    CHECK(act("acknowledge") == 200);
    CHECK(act("depart") == 200);
    CHECK(act("arrive") == 200);
    const std::string picture = photo("欧阳测试的房门");
    REQUIRE(stage.send_picture("responder", "/api/v1/incidents/" + id + "/evidence?phase=after", picture).status ==
            200);
    CHECK(act("resolve", {{"text", note}}) == 200);
    stage.signal(R"({"device":"d-1","kind":"欧阳测试的坏消息"})");
    const std::string shown = json::serialize(stage.incident(id, "responder"));
    CHECK(shown.find("欧阳测试") != std::string::npos);
    CHECK(shown.find("司马样例") != std::string::npos);
    REQUIRE(stage.stop() == 0);

    for (const char* value : {"欧阳测试", "司马样例", "16099980901", "110105294912310022"})
        CHECK_MESSAGE(found_in(stage.data(), value).empty(), value, " is in ", found_in(stage.data(), value));
    struct stat s{};
    for (const char* name : {"master.key", "data.keys"}) {
        REQUIRE(::stat((stage.data() + "/keys/" + name).c_str(), &s) == 0);
        CHECK((s.st_mode & 0777) == 0600);
    }

    // The same after a restart, a new master key included.
    CHECK(run_program({"keys", "rotate", "--data", stage.data()}).find("number 2") != std::string::npos);
    stage.restart();
    const auto again = stage.incident(id, "responder");
    CHECK(json::serialize(again).find("司马样例") != std::string::npos);
    const std::string url(again.at("evidence").as_array()[0].at("url").as_string());
    // Without the words beside it: those stay in the sealed original.
    const auto left = stage.ask("duty", "GET", url);
    CHECK(left.status == 200);
    CHECK(left.body.starts_with("\xff\xd8\xff"));
    CHECK(left.body.find("欧阳测试") == std::string::npos);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("a copy of the data starts with its keys alone; they come back from a file under a passphrase") {
    ::setenv("SHOUMEN_PASSPHRASE", "twelve letters and more", 1);
    Stage stage;
    const auto made = stage.ask("duty", "POST", "/api/v1/incidents",
                                {{"kind", "noise"}, {"place", "gh"}, {"severity", "blue"}, {"text", words}});
    REQUIRE(made.status == 201);
    run_program({"backup", "--data", stage.data(), "--to", stage.scratch("copy")});
    CHECK(found_in(stage.scratch("copy"), "欧阳测试").empty());
    CHECK_FALSE(fs::exists(stage.scratch("copy") + "/keys"));
    run_program({"keys", "backup", "--data", stage.data(), "--to", stage.scratch("keys.sealed")});
    CHECK(run_to_end({"keys", "rotate", "--data", stage.data()}).err.find("keys-in-use") != std::string::npos);

    const std::string other = stage.scratch("restored");
    run_program({"restore", "--from", stage.scratch("copy"), "--data", other});
    const std::vector<std::string> serve{"serve",  "--data",      other,          "--http", "127.0.0.1:0",
                                         "--mqtt", "127.0.0.1:0", "--stop-after", "1"};
    auto ended = run_to_end(serve);
    CHECK(ended.code == 2);
    CHECK(ended.err.find("keys-missing") != std::string::npos);
    ::setenv("SHOUMEN_PASSPHRASE", "twelve letters and less", 1);
    ended = run_to_end({"keys", "restore", "--data", other, "--from", stage.scratch("keys.sealed")});
    CHECK(ended.err.find("wrong-passphrase") != std::string::npos);
    ::setenv("SHOUMEN_PASSPHRASE", "twelve letters and more", 1);
    run_program({"keys", "restore", "--data", other, "--from", stage.scratch("keys.sealed")});
    CHECK(run_to_end(serve).code == 0);

    // Another node's keys are told apart.
    Stage stranger;
    REQUIRE(stranger.stop() == 0);
    auto with_other_keys = serve;
    with_other_keys.insert(with_other_keys.end(), {"--keys", stranger.data() + "/keys"});
    ended = run_to_end(with_other_keys);
    CHECK(ended.code == 2);
    CHECK(ended.err.find("keys-other") != std::string::npos);
    ::unsetenv("SHOUMEN_PASSPHRASE");
}
