// Things are kept for as long as retention.yaml says and no longer: on the real program, with its clock set ahead.
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;
using namespace shoumen;
using support::run_program;
using support::run_to_end;
namespace fs = std::filesystem;

namespace {

// The clock set so many days ahead, and looking after the platform twenty times a second.
std::vector<std::string> at(int days_ahead) {
    const base::Time now{
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count()};
    return {"--clock-start", base::format_utc(now + base::days(days_ahead)), "--watch-every", "0.05"};
}

json::object retention(Stage& stage) {
    const auto answer = stage.ask("duty", "GET", "/api/v1/retention");
    REQUIRE(answer.status == 200);
    return json::parse(answer.body).as_object();
}

// What the sweep that is under way takes, by kind.
std::map<std::string, std::int64_t> swept(Stage& stage, const std::string& not_before) {
    for (int i = 0; i < 200; ++i) {
        const auto state = retention(stage);
        if (const auto* when = state.if_contains("swept"); when && when->as_string() >= not_before) {
            std::map<std::string, std::int64_t> gone;
            for (const auto& kind : state.at("kinds").as_array())
                gone[std::string(kind.at("kind").as_string())] = kind.at("gone").to_number<std::int64_t>();
            return gone;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL("nothing was swept");
    return {};
}

std::string report(Stage& stage, const std::string& text) {
    const auto made = stage.ask("duty", "POST", "/api/v1/incidents",
                                {{"kind", "noise"}, {"place", "gh"}, {"severity", "blue"}, {"text", text}});
    REQUIRE(made.status == 201);
    return std::string(json::parse(made.body).at("id").as_string());
}

int act(Stage& stage, const std::string& account, const std::string& id, const std::string& action,
        const json::object& body = {}) {
    return stage.ask(account, "POST", "/api/v1/incidents/" + id + "/actions/" + action, body).status;
}

std::string words_of(Stage& stage, const std::string& id) { return json::serialize(stage.incident(id, "responder")); }

void change(const std::string& data, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((data + "/shoumen.db").c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(sqlite3_changes(db) > 0);
    sqlite3_close(db);
}

std::size_t files_in(const std::string& folder) {
    std::size_t n = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) n += entry.is_regular_file() ? 1 : 0;
    return n;
}

std::string lines_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("signals and refused payloads go after 30 days, words and pictures of what has ended later; proofs hold") {
    Stage stage;
    own_password(stage);
    const auto auditor = stage.ask(
        "admin", "POST", "/api/v1/accounts",
        json::object{
            {"name", "auditor"}, {"person", "p-902"}, {"roles", json::array{"auditor"}}, {"bodies", json::array{}}});
    REQUIRE(auditor.status == 201);
    stage.know("auditor", std::string(json::parse(auditor.body).at("one_time_password").as_string()));
    const std::string lasting = report(stage, "一直在响的噪声");
    const std::string ended = report(stage, "已经结束的噪声");
    CHECK(act(stage, "responder", ended, "acknowledge") == 200);
    CHECK(act(stage, "responder", ended, "depart") == 200);
    CHECK(act(stage, "responder", ended, "arrive") == 200);
    REQUIRE(
        stage.send_picture("responder", "/api/v1/incidents/" + ended + "/evidence?phase=after", photo("x")).status ==
        200);
    CHECK(act(stage, "duty", ended, "mark_false_alarm", {{"text", "误报的说明"}}) == 200);
    stage.signal(R"({"device":"d-1","kind":"no such kind"})");
    const std::string words_before = words_of(stage, ended);
    CHECK(words_before.find("误报的说明") != std::string::npos);
    const std::string url(stage.incident(ended, "responder").at("evidence").as_array()[0].at("url").as_string());
    CHECK(stage.raw("duty", "GET", url).status == 200);
    REQUIRE(stage.stop() == 0);
    const std::string before = run_program({"verify", "--data", stage.data()});
    CHECK(before.find("only numbers") == before.npos);
    const auto pictures = files_in(stage.data() + "/evidence");
    CHECK(pictures > 0);

    // Nothing is old enough on the 29th day.
    stage.restart(at(29));
    auto gone = swept(stage, "2000");
    for (const auto& [kind, n] : gone) CHECK_MESSAGE(n == 0, kind, " ", n);
    REQUIRE(stage.stop() == 0);

    const auto later = at(31);
    stage.restart(later);
    gone = swept(stage, later[1].substr(0, 10));
    CHECK(gone["signals"] > 0);
    CHECK(gone["refused"] == 1);
    CHECK(gone["words"] == 0);
    CHECK(gone["pictures"] == 0);
    CHECK(words_of(stage, lasting).find("一直在响") != std::string::npos);
    CHECK(words_of(stage, ended).find("误报的说明") != std::string::npos);
    CHECK(stage.raw("duty", "GET", url).status == 200);
    // It is an act of the system, and stands in the ledger.
    const auto acts = stage.ask("auditor", "GET", "/api/v1/acts?subject=shard:1");
    REQUIRE(acts.status == 200);
    CHECK_MESSAGE(acts.body.find("\"swept\"") != std::string::npos, acts.body);
    CHECK(acts.body.find("refused=1 words=0 pictures=0") != std::string::npos);
    REQUIRE(stage.stop() == 0);

    // The chain is whole as far back as it goes, and so is every proof.
    const std::string after = run_program({"verify", "--data", stage.data()});
    CHECK_MESSAGE(after.find("fine: ") == 0, after);
    CHECK(after.find("only numbers and hashes are kept") != std::string::npos);
    run_program({"ledger", "export", "--data", stage.data(), "--to", stage.scratch("ledger")});
    const auto proof =
        run_to_end({"ledger", "verify", "--key", stage.scratch("ledger") + "/keys", stage.scratch("ledger")});
    CHECK_MESSAGE(proof.code == 0, proof.out, proof.err);
    CHECK(run_program({"export", "--data", stage.data()}).find("一直在响") == std::string::npos);

    // Without a snapshot it begins with what there is of the log.
    for (const auto& entry : fs::directory_iterator(stage.data() + "/snapshots")) fs::remove(entry.path());
    const auto years = at(800);
    stage.restart(years);
    gone = swept(stage, years[1].substr(0, 10));
    CHECK(gone["words"] == 2);
    CHECK(gone["pictures"] == 1);
    CHECK(words_of(stage, lasting).find("一直在响") != std::string::npos);  // it goes on still
    CHECK(words_of(stage, ended).find("已经结束") == std::string::npos);
    CHECK(words_of(stage, ended).find("误报的说明") == std::string::npos);
    const auto picture = stage.ask("duty", "GET", url);
    CHECK(picture.status == 410);
    CHECK(code_of(picture) == "evidence-removed");
    CHECK(files_in(stage.data() + "/evidence") == pictures - 1);
    const std::string keys = lines_of(stage.data() + "/keys/data.keys");
    CHECK(keys.find("erased") != std::string::npos);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
    REQUIRE(stage.stop() == 0);
    CHECK(run_program({"verify", "--data", stage.data()}).find("fine: ") == 0);
    run_program({"backup", "--data", stage.data(), "--to", stage.scratch("copy")});
}

TEST_CASE("whoever empties a batch himself cannot say that its time was over") {
    Stage stage;
    report(stage, "噪声");
    REQUIRE(stage.stop() == 0);
    change(stage.data(), "UPDATE input_batch SET bytes = x'' WHERE first_seq = 1");
    const auto found = run_to_end({"verify", "--data", stage.data()});
    CHECK(found.code == 1);
    CHECK(found.out.find("log-damaged") != std::string::npos);
    run_program({"ledger", "export", "--data", stage.data(), "--to", stage.scratch("ledger")});
    CHECK(run_to_end({"ledger", "verify", "--key", stage.scratch("ledger") + "/keys", stage.scratch("ledger")}).code !=
          0);
}
