// Large tables of devices through the door of the real program: what comes in, what is told line by line, and whether
// others are answered meanwhile.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;

namespace {

const std::string import_path = "/api/v1/upkeep/devices/import";
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point from) {
    return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

std::string in_gb18030(const Stage& stage, const std::string& text) {
    const auto from = stage.scratch("utf8.csv");
    const auto to = stage.scratch("gb.csv");
    std::ofstream(from) << text;
    REQUIRE(std::system(fmt::format("iconv -f UTF-8 -t GB18030 '{}' >'{}'", from, to).c_str()) == 0);
    std::ostringstream out;
    out << std::ifstream(to, std::ios::binary).rdbuf();
    return out.str();
}

std::string refusals(const json::object& report, std::size_t most) {
    std::string out;
    for (const auto& line : report.at("refused").as_array()) {
        if (most-- == 0) break;
        out += fmt::format("{} {} {};", line.at("line").as_int64(),
                           line.as_object().contains("field") ? std::string(line.at("field").as_string()) : "",
                           std::string(line.at("code").as_string()));
    }
    return out;
}

double peak_mb(Stage& stage) {
    std::ifstream in(fmt::format("/proc/{}/status", stage.server().pid()));
    for (std::string word; in >> word;) {
        double kb = 0;
        if (word == "VmHWM:" && in >> kb) return kb / 1024;
    }
    return 0;
}

// Asks for something small, over and over, from a connection of its own.
class Bystander {
public:
    explicit Bystander(Stage& stage)
        : thread_([this, port = stage.server().http_port()] {
              shoumen::app::HttpClient client("127.0.0.1", port);
              while (!done_) {
                  const auto from = Clock::now();
                  const auto answer = client.ask({"GET", "/api/v1/health/live", "", "", ""});
                  if (!answer || answer->status != 200) ++failed_;
                  worst_ms_ = std::max(worst_ms_, ms_since(from));
                  ++asked_;
                  std::this_thread::sleep_for(std::chrono::milliseconds(5));
              }
          }) {}
    ~Bystander() { end(); }
    Bystander(const Bystander&) = delete;
    Bystander& operator=(const Bystander&) = delete;
    void end() {
        done_ = true;
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] double worst_ms() const { return worst_ms_; }
    [[nodiscard]] int failed() const { return failed_; }
    [[nodiscard]] int asked() const { return asked_; }

private:
    std::atomic<bool> done_{false};
    double worst_ms_ = 0;
    int failed_ = 0;
    int asked_ = 0;
    std::thread thread_;
};

// Every hundredth line says the code of the one before it again, every thousandth a place nobody knows.
std::string table_of(std::size_t rows, std::size_t& good, std::size_t& bad) {
    const char* places[] = {"gh-1-101", "gh-1-203", "gh-3-301", "gh-2-202"};
    std::string out = "编号,类别,位置编号,名称,网关编号,厂家,型号,序列号,购置日期,价格,状态\n";
    good = bad = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool doubled = i % 100 == 99;
        const bool nowhere = i % 1'000 == 500;
        ++(doubled || nowhere ? bad : good);
        out += fmt::format("bulk-{:06},smoke,{},门厅烟感,gw-demo,甲厂,Y-1,SN{:06},2026-03-01,89.00,\n",
                           doubled ? i - 1 : i, nowhere ? "nowhere" : places[i % 4], i);
    }
    return out;
}

// Everybody else is answered meanwhile, each within the ten seconds that a client has patience.
void take_many(std::size_t rows) {
    Stage stage;
    own_password(stage);
    std::size_t good = 0;
    std::size_t bad = 0;
    const auto table = table_of(rows, good, bad);
    const auto before_mb = peak_mb(stage);
    // A connection that waits as long as it takes; it is asked once.
    const auto session =
        stage.ask("", "POST", "/api/v1/session", {{"account", "admin"}, {"password", "a-password-of-the-test"}});
    REQUIRE(session.status == 200);
    const auto own = std::string(json::parse(session.body).at("token").as_string());
    const auto send = [&](const std::string& how) {
        shoumen::app::HttpClient client("127.0.0.1", stage.server().http_port(), shoumen::base::minutes(10));
        auto answer = client.ask({"POST", import_path + how, own, "text/csv", table});
        REQUIRE(answer);
        return *answer;
    };
    Bystander bystander(stage);
    auto from = Clock::now();
    const auto checked = send("?check=1");
    const auto check_ms = ms_since(from);
    REQUIRE_MESSAGE(checked.status == 200, checked.body);
    from = Clock::now();
    const auto taken = send("");
    const auto take_ms = ms_since(from);
    REQUIRE_MESSAGE(taken.status == 200, taken.body);
    from = Clock::now();
    const auto again = send("");
    const auto again_ms = ms_since(from);
    REQUIRE(again.status == 200);
    bystander.end();
    MESSAGE(
        fmt::format("{} rows ({:.1f} MB): checked in {:.0f} ms, taken in in {:.0f} ms, again in {:.0f} ms; peak "
                    "memory {:.0f} MB, {:.0f} before; others waited {:.0f} ms at most ({} asked)",
                    rows, static_cast<double>(table.size()) / 1e6, check_ms, take_ms, again_ms, peak_mb(stage),
                    before_mb, bystander.worst_ms(), bystander.asked()));
    const auto report = json::parse(taken.body).as_object();
    CHECK(report.at("added").as_int64() == static_cast<std::int64_t>(good));
    CHECK(report.at("refused_count").as_int64() == static_cast<std::int64_t>(bad));
    CHECK(report.at("refused").as_array().size() == std::min<std::size_t>(bad, 1'000));
    CHECK(refusals(report, 3) == "101 编号 doubled-code;201 编号 doubled-code;301 编号 doubled-code;");
    CHECK(json::parse(checked.body).at("added") == report.at("added"));
    CHECK(json::parse(checked.body).at("refused") == report.at("refused"));
    CHECK(json::parse(again.body).at("unchanged").as_int64() == static_cast<std::int64_t>(good));
    CHECK(json::parse(again.body).at("added").as_int64() == 0);
    CHECK(bystander.failed() == 0);
    CHECK(bystander.asked() > 10);
    const auto last = fmt::format("bulk-{:06}", rows - 2);
    const auto found = stage.ask("admin", "GET", "/api/v1/upkeep/devices?q=" + last);
    REQUIRE(found.status == 200);
    CHECK(json::parse(found.body).at("found").as_int64() == 1);
    // They may speak, now and after a restart.
    const auto token = new_token(stage, last);
    const auto signal = fmt::format(R"({{"device":"{}","kind":"smoke","values":{{"smoke":false}}}})", last);
    CHECK(stage.signal(signal, token).status == 202);
    stage.restart();
    CHECK(stage.signal(signal, token).status == 202);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

}  // namespace

TEST_CASE("a table of twenty thousand devices comes in while others are answered") { take_many(20'000); }

TEST_CASE("two devices with the serial of one are seen, in one table and in the next") {
    Stage stage;
    own_password(stage);
    const auto take = [&](const std::string& lines) {
        const auto taken = stage.send_table("admin", import_path, "编号,类别,厂家,序列号\n" + lines);
        REQUIRE_MESSAGE(taken.status == 200, taken.body);
        return refusals(json::parse(taken.body).as_object(), 9);
    };
    CHECK(take("s-1,烟感,海湾,A7\ns-2,烟感,海湾,A7\ns-3,烟感,青鸟,A7\ns-4,烟感,海湾,\ns-5,烟感,海湾,\n") ==
          "3 序列号 serial-taken;");
    CHECK(take("s-2,烟感,海湾,A8\ns-1,烟感,海湾,A7\n").empty());  // another one's, and its own
    CHECK(take("s-6,烟感,海湾,A8\ns-2,烟感,海湾,A7\n") == "2 序列号 serial-taken;3 序列号 serial-taken;");
    // One may be handed on within a table, and two may change places.
    CHECK(take("s-1,烟感,海湾,A8\ns-2,烟感,海湾,A7\n").empty());
    CHECK(take("s-1,烟感,海湾,A8\ns-2,烟感,海湾,A7\n").empty());
    CHECK(code_of(stage.ask("admin", "PUT", "/api/v1/upkeep/devices/s-4", {{"serial", "A7"}})) == "serial-taken");
    CHECK(stage.ask("admin", "PUT", "/api/v1/upkeep/devices/s-4", {{"serial", "A9"}}).status == 200);
    // What is thrown away gives its serial back.
    REQUIRE(
        stage.ask("admin", "POST", "/api/v1/upkeep/devices/s-1/move", {{"to", "retired"}, {"why", "烧坏了"}}).status ==
        200);
    CHECK(take("s-6,烟感,海湾,A8\n").empty());
}

TEST_CASE("a table in GB 18030 is read; one in no encoding, with no columns, or too large is refused whole") {
    Stage stage;
    own_password(stage);
    const std::string table =
        "编号,类别,位置编号,名称\nold-1,烟感,gh-1-101,门厅“东”侧烟感㐂\nold-1,smoke,gh-1-101,\nold-2,烤箱,gh-1-101,\n";
    const auto taken = stage.send_table("admin", import_path, in_gb18030(stage, table));
    REQUIRE_MESSAGE(taken.status == 200, taken.body);
    CHECK(refusals(json::parse(taken.body).as_object(), 9) == "3 编号 doubled-code;4 类别 unknown-kind;");
    const auto found = json::parse(stage.ask("admin", "GET", "/api/v1/upkeep/devices?q=old-1").body);
    REQUIRE(found.at("found").as_int64() == 1);
    CHECK(found.at("devices").at(0).at("name").at("zh").as_string() == "门厅“东”侧烟感㐂");
    // UTF-16, as some programs save it, and bytes of neither.
    std::string utf16 = "\xff\xfe";
    for (const char c : std::string("code,kind\na-1,smoke\n")) utf16 += {c, '\0'};
    CHECK(code_of(stage.send_table("admin", import_path, utf16)) == "bad-encoding");
    CHECK(code_of(stage.send_table("admin", import_path, "code,kind\n\xff\xfe\x81,smoke\n")) == "bad-encoding");
    CHECK(code_of(stage.send_table("admin", import_path, "")) == "missing-column");
    CHECK(code_of(stage.send_table("admin", import_path, "位置编号\ngh-1-101\n")) == "missing-column");
    CHECK(code_of(stage.send_table("admin", import_path, "编号,类别\n\"open,smoke\n")) == "bad-csv");
    std::string many = "code,kind\n";
    for (int i = 0; i < 250'001; ++i) many += fmt::format("m{},smoke\n", i);
    CHECK(code_of(stage.send_table("admin", import_path, many)) == "too-large");
    CHECK(stage.send_table("admin", import_path, std::string(33U << 20U, 'x')).status == 413);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_SUITE("full") {
    TEST_CASE("a table of two hundred thousand devices comes in while others are answered") { take_many(200'000); }
}
