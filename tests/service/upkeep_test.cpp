// Devices through the doors of the real program: a table comes in, what nobody knows waits in the tray and is taken in,
// each step of a device's life is on record, what is found becomes work, a tick needs proof, and quiet on purpose holds
// alerts back.
#include <algorithm>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::app::HttpAnswer;

namespace {

const std::string devices = "/api/v1/upkeep/devices";

class Workshop {
public:
    explicit Workshop(std::vector<std::string> more = {}) : stage(std::move(more)) {
        stage.know("admin", std::string(stage.passwords().at("admin")));
        const auto made = stage.ask("admin", "POST", "/api/v1/accounts",
                                    {{"name", "tech"},
                                     {"person", "p-501"},
                                     {"roles", json::array{"technical_team"}},
                                     {"bodies", json::array{"tech"}}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage.know("tech", std::string(json::parse(made.body).at("one_time_password").as_string()));
        const auto auditor = stage.ask("admin", "POST", "/api/v1/accounts",
                                       {{"name", "audit"}, {"person", "p-502"}, {"roles", json::array{"auditor"}}});
        REQUIRE_MESSAGE(auditor.status == 201, auditor.body);
        stage.know("audit", std::string(json::parse(auditor.body).at("one_time_password").as_string()));
        gateway = new_token(stage, "gw-demo");
    }
    ~Workshop() {
        for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    json::object get(const std::string& path, const std::string& who = "admin") {
        const auto answer = stage.ask(who, "GET", path);
        REQUIRE_MESSAGE(answer.status == 200, path, " ", answer.body);
        return json::parse(answer.body).as_object();
    }
    HttpAnswer post(const std::string& path, const json::value& body, const std::string& who = "admin") {
        return stage.ask(who, "POST", path, body);
    }
    // Known as "aside": of one estate alone.
    void technician_of(const std::string& estate) {
        const auto made = stage.ask("admin", "POST", "/api/v1/accounts",
                                    {{"name", "aside"}, {"person", "p-503"}, {"roles", json::array{"resident"}}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage.know("aside", std::string(json::parse(made.body).at("one_time_password").as_string()));
        REQUIRE(post("/api/v1/accounts/aside/roles", {{"role", "technical_team"}, {"place", estate}}).status == 201);
    }
    // What the gateway says for a device; whether it was taken in, else it is in the quarantine.
    bool says(const std::string& device, const std::string& values) {
        const auto answer =
            stage.signal(fmt::format(R"({{"device":"{}","kind":"smoke","values":{}}})", device, values), gateway);
        REQUIRE_MESSAGE(answer.status == 202, answer.body);
        return json::parse(answer.body).at("accepted").as_int64() == 1;
    }
    template <class Holds>
    bool soon(const Holds& holds) {
        for (int i = 0; i < 100; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return false;
    }

    Stage stage;
    std::string gateway;
};

std::string in_hours(int hours) {
    using namespace std::chrono;
    const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    return shoumen::base::format_utc({now + shoumen::base::hours(hours).us});
}

std::string allowed(const json::object& whole, const std::string& to) {
    for (const auto& choice : whole.at("choices").as_array()) {
        if (choice.at("to").as_string() != to) continue;
        return choice.at("allowed").as_bool() ? "yes" : std::string(choice.at("reason").at("code").as_string());
    }
    return "no such choice";
}

}  // namespace

TEST_CASE("a table of devices comes in line by line, and what hangs may speak at once") {
    Workshop w;
    const std::string table =
        "编号,类别,位置编号,名称,网关编号,厂家,型号,购置日期,价格,状态\r\n"
        "new-1,smoke,gh-1-101,\"门厅 \"\"东\"\"\",gw-demo,甲厂,Y-1,2026-01-02,89.5,\r\n"
        "spare-1,smoke,,,,甲厂,Y-1,2026/1/2,89,已采购\r\n"
        "new-1,smoke,gh-1-101,,,,,,,\r\n"
        "new-2,toaster,gh-1-101,,,,,,,\r\n"
        "new-3,smoke,nowhere,,,,,,,\r\n"
        "new-4,smoke,gh-1-101,,no-gateway,,,,,\r\n"
        "坏,smoke,gh-1-101,,,,,,,\r\n"
        "smoke-gh-1-203,smoke,gh-1-101,,,,,,,\r\n";
    CHECK_FALSE(w.says("new-1", R"({"smoke":false})"));
    auto checked = w.stage.send_table("admin", devices + "/import?check=1", table);
    REQUIRE_MESSAGE(checked.status == 200, checked.body);
    CHECK(json::parse(checked.body).at("added").as_int64() == 2);
    CHECK(w.get(devices + "?q=new-1").at("found").as_int64() == 0);
    auto taken = w.stage.send_table("admin", devices + "/import", table);
    REQUIRE_MESSAGE(taken.status == 200, taken.body);
    const auto report = json::parse(taken.body).as_object();
    CHECK(report.at("added").as_int64() == 2);
    std::string refused;
    for (const auto& line : report.at("refused").as_array())
        refused += fmt::format("{} {};", line.at("line").as_int64(), std::string(line.at("code").as_string()));
    CHECK(refused == "4 doubled-code;5 unknown-kind;6 unknown-place;7 unknown-gateway;8 bad-code;9 device-by-hand;");
    CHECK(w.says("new-1", R"({"smoke":false})"));
    const auto found = w.get(devices + "?q=y-1%20gh-1-101");
    REQUIRE(found.at("found").as_int64() == 1);
    CHECK(found.at("devices").at(0).at("stage").as_string() == "installed");
    CHECK(found.at("devices").at(0).at("name").at("zh").as_string() == "门厅 \"东\"");
    CHECK(found.at("devices").at(0).at("cost_fen").as_int64() == 8'950);
    taken = w.stage.send_table("admin", devices + "/import", table);
    CHECK(json::parse(taken.body).at("unchanged").as_int64() == 2);
    // A directory handed in without them keeps them, and so does a restart.
    const auto activated = w.post("/api/v1/policy", {{"files", files_of(demo)}});
    CHECK_MESSAGE(activated.status == 200, activated.body);
    w.stage.restart();
    CHECK(w.says("new-1", R"({"smoke":false})"));
    CHECK(w.get(devices + "?stage=bought").at("found").as_int64() == 1);
}

TEST_CASE("what is wrong in a line of a table is told as its column wants it written") {
    Workshop w;
    const std::string table =
        "编号,类别,名称,购置日期,价格,状态\n"
        "n-1,smoke,,01/03/2026,,\n"
        "n-2,smoke,,,89元,\n"
        "n-3,smoke,,,,在用\n"
        "n-4,smoke," +
        std::string(121, 'x') + ",,,\n";
    const auto taken = w.stage.send_table("admin", devices + "/import?check=1", table);
    REQUIRE_MESSAGE(taken.status == 200, taken.body);
    std::string refused;
    const auto told = json::parse(taken.body);
    for (const auto& line : told.at("refused").as_array())
        refused += fmt::format("{} {};", line.at("line").as_int64(), std::string(line.at("code").as_string()));
    CHECK(refused == "2 bad-day;3 bad-price;4 bad-stage;5 cell-too-long;");
    const auto lists = w.stage.ask("admin", "GET", devices + "?finding=none-such");
    CHECK(std::string(json::parse(lists.body).at("error").at("where").as_string()) == "finding");
    CHECK(code_of(w.post("/api/v1/upkeep/quiet",
                         {{"devices", json::array{"smoke-gh-1-203"}}, {"until", in_hours(-1)}, {"why", "更换底座"}})) ==
          "bad-span");
    CHECK(code_of(w.post("/api/v1/upkeep/rounds", {{"kind", "weekly"}, {"place", "gh-1"}, {"due", in_hours(-1)}})) ==
          "bad-due");
}

TEST_CASE("each step of a device's life is allowed or says why not, and is on record with who and why") {
    Workshop w;
    REQUIRE(w.stage.send_table("admin", devices + "/import", "编号,类别\nspare-1,smoke\n").status == 200);
    auto whole = w.get(devices + "/spare-1");
    CHECK(allowed(whole, "installed") == "place-missing");
    CHECK(allowed(whole, "in_service") == "put-up-first");
    CHECK(w.post(devices + "/spare-1/move", {{"to", "installed"}, {"why", "装到一层"}}).status == 422);
    REQUIRE(w.stage.ask("admin", "PUT", devices + "/spare-1", {{"place", "gh-1-101"}}).status == 200);
    CHECK(code_of(w.post(devices + "/spare-1/move", {{"to", "installed"}, {"why", ""}})) == "reason-needed");
    REQUIRE(w.post(devices + "/spare-1/move", {{"to", "installed"}, {"why", "装到一层"}}, "tech").status == 200);
    whole = w.get(devices + "/spare-1");
    CHECK(allowed(whole, "in_service") == "not-heard-yet");
    const auto token = new_token(w.stage, "spare-1");
    const std::string signal = R"({"device":"spare-1","kind":"smoke","values":{"smoke":false}})";
    REQUIRE(w.stage.signal(signal, token).status == 202);
    whole = w.get(devices + "/spare-1");
    CHECK(allowed(whole, "in_service") == "yes");
    // What hangs is looked after, called in service or not; what is under repair is not.
    const auto finds = [&](const char* finding) {
        const auto all = w.get("/api/v1/upkeep/work?state=open").at("work").as_array();
        return std::ranges::any_of(all, [&](const auto& one) { return one.at("finding") == finding; });
    };
    REQUIRE(w.stage.signal(R"({"device":"spare-1","kind":"smoke","values":{"battery":9}})", token).status == 202);
    CHECK(w.soon([&] { return finds("low_battery"); }));
    REQUIRE(w.stage.signal(R"({"device":"spare-1","kind":"smoke","values":{"battery":95}})", token).status == 202);
    CHECK(w.soon([&] { return !finds("low_battery"); }));
    REQUIRE(w.post(devices + "/spare-1/move", {{"to", "in_service"}, {"why", "测试正常"}}, "tech").status == 200);
    REQUIRE(w.post(devices + "/spare-1/move", {{"to", "repair"}, {"why", "底座松动"}}, "tech").status == 200);
    REQUIRE(w.post(devices + "/spare-1/move", {{"to", "retired"}, {"why", "无法修复"}}, "tech").status == 200);
    CHECK(w.stage.signal(signal, token).status == 401);
    whole = w.get(devices + "/spare-1");
    std::string moves;
    for (const auto& move : whole.at("moves").as_array())
        moves +=
            std::string(move.at("to").as_string()) + (move.at("by").as_string() == "p-501" ? " by the team;" : ";");
    CHECK(moves == "bought;installed by the team;in_service by the team;repair by the team;retired by the team;");
    CHECK(whole.at("moves").at(3).at("why").as_string() == "底座松动");
    CHECK(allowed(whole, "in_service") == "device-retired");
    const auto acts = w.get("/api/v1/acts?subject=device:spare-1", "audit");
    CHECK(std::ranges::count_if(acts.at("acts").as_array(),
                                [](const auto& act) { return act.at("kind").as_string() == "device_moved"; }) == 4);
}

TEST_CASE("a device of devices.yaml goes through its life like others; what needs it says so") {
    Workshop w;
    const auto at = [&](const std::string& to, const std::string& device = "smoke-gh-1-203") {
        return w.post(devices + "/" + device + "/move", {{"to", to}, {"why", "按计划更换"}}, "tech");
    };
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false})"));
    CHECK(w.get(devices + "/smoke-gh-1-203").at("device").at("by_hand").as_bool());
    REQUIRE(at("repair").status == 200);
    REQUIRE(at("installed").status == 200);
    CHECK(allowed(w.get(devices + "/smoke-gh-1-203"), "in_service") == "not-heard-yet");
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false})"));
    REQUIRE(w.soon([&] { return allowed(w.get(devices + "/smoke-gh-1-203"), "in_service") == "yes"; }));
    REQUIRE(at("in_service").status == 200);
    // What it is and where it hangs is said in devices.yaml.
    CHECK(code_of(w.stage.ask("admin", "PUT", devices + "/smoke-gh-1-203", {{"place", "gh-1-101"}})) ==
          "device-by-hand");
    const auto retired = at("retired");
    REQUIRE_MESSAGE(retired.status == 200, retired.body);
    CHECK_FALSE(w.says("smoke-gh-1-203", R"({"smoke":false})"));
    const auto whole = w.get(devices + "/smoke-gh-1-203");
    CHECK(whole.at("device").at("stage").as_string() == "retired");
    CHECK_FALSE(whole.at("device").at("in_directory").as_bool());
    CHECK(whole.at("device").at("place").at("code").as_string() == "gh-1-203");
    CHECK(whole.at("moves").as_array().size() == 4);
    // The file is people's and still names it; that changes nothing, nor does a restart.
    const auto files = w.get("/api/v1/policy/files").at("files").as_object();
    CHECK(files.at("devices.yaml").as_string().find("smoke-gh-1-203") != std::string::npos);
    CHECK(files.at("devices-added.yaml").as_string().find("retired:\n  - \"smoke-gh-1-203\"") != std::string::npos);
    REQUIRE(w.post("/api/v1/policy", {{"files", files_of(demo)}}).status == 200);
    w.stage.restart();
    CHECK_FALSE(w.says("smoke-gh-1-203", R"({"smoke":false})"));
    CHECK(w.says("smoke-gh-3-301", R"({"smoke":false})"));
    // Devices hang behind the gateway.
    const auto refused = at("retired", "gw-demo");
    CHECK(code_of(refused) == "policy-refused");
    CHECK_MESSAGE(refused.body.find("devices.yaml:") != std::string::npos, refused.body);
    CHECK(w.get(devices + "/gw-demo").at("device").at("stage").as_string() == "in_service");
    CHECK(w.says("smoke-gh-3-301", R"({"smoke":false})"));
}

TEST_CASE("what nobody knows waits in the tray and is taken in with one call") {
    Workshop w;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(w.says("zb-0x01", R"({"smoke":false})"));
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 1; }));
    const auto waiting = w.get("/api/v1/upkeep/tray").at("waiting").at(0).as_object();
    CHECK(waiting.at("device").as_string() == "zb-0x01");
    CHECK(waiting.at("speaker").as_string() == "gw-demo");
    CHECK(waiting.at("kind").as_string() == "smoke");
    CHECK(waiting.at("times").as_int64() == 3);
    const json::value asked{{"speaker", "gw-demo"}, {"kind", "smoke"}, {"place", "gh-1-101"}, {"name", "门厅烟感"}};
    CHECK(code_of(w.post("/api/v1/upkeep/tray/other", asked)) == "unknown-device");
    const auto taken = w.post("/api/v1/upkeep/tray/zb-0x01", asked, "tech");
    REQUIRE_MESSAGE(taken.status == 201, taken.body);
    CHECK(w.says("zb-0x01", R"({"smoke":false})"));
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").as_array().empty());
    CHECK(code_of(w.post("/api/v1/upkeep/tray/zb-0x01", asked)) == "device-known");
    CHECK_FALSE(w.says("zb-0x02", R"({"smoke":false})"));
    // The gateway is the whole community's: who looks after one estate decides nothing of what it speaks for.
    const json::value aside{{"speaker", "gw-demo"}, {"kind", "smoke"}, {"place", "hp-1-301"}};
    w.technician_of("hp");
    CHECK(json::parse(w.stage.ask("aside", "GET", "/api/v1/upkeep/tray").body).at("waiting").as_array().empty());
    CHECK(code_of(w.post("/api/v1/upkeep/tray/zb-0x02", aside, "aside")) == "unknown-device");
    CHECK(code_of(w.stage.ask("aside", "DELETE", "/api/v1/upkeep/tray/zb-0x02")) == "unknown-device");
    for (const char* line :
         {"zb-0x02,烟感,hp-1-301,gw-demo", "zb-0x02,烟感,hp-1-301,", "new-9,烟感,hp-1-301,gw-demo"}) {
        const auto table =
            w.stage.send_table("aside", devices + "/import", std::string("编号,类别,位置编号,网关编号\n") + line);
        REQUIRE_MESSAGE(table.status == 200, table.body);
        CHECK(json::parse(table.body).at("refused").at(0).at("code") == "forbidden");
    }
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 1);
    CHECK(w.stage.ask("admin", "DELETE", "/api/v1/upkeep/tray/zb-0x02").status == 204);
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").as_array().empty());
}

TEST_CASE(
    "a device that announces itself for Home Assistant waits with name and maker, is taken in, and is understood") {
    Workshop w;
    const auto say = [&](const std::string& topic, const std::string& payload) {
        return w.stage.publish(topic, payload, "gw-demo", w.gateway);
    };
    const std::string config = "homeassistant/binary_sensor/esp-hall/smoke/config";
    CHECK(say(config,
              R"({"state_topic":"esp-hall/smoke","device_class":"smoke","device":{"identifiers":["esp-hall-1"],)"
              R"("name":"门厅烟感","manufacturer":"甲厂","model":"Y-1"}})") == 0);
    CHECK(
        say("homeassistant/sensor/esp-hall/battery/config",
            R"({"state_topic":"esp-hall/battery","device_class":"battery","device":{"identifiers":["esp-hall-1"]}})") ==
        0);
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 1; }));
    const auto waiting = w.get("/api/v1/upkeep/tray").at("waiting").at(0).as_object();
    const json::object expected{{"device", "esp-hall-1"}, {"speaker", "gw-demo"}, {"door", "mqtt"},   {"kind", "smoke"},
                                {"name", "门厅烟感"},     {"maker", "甲厂"},      {"product", "Y-1"}, {"times", 0}};
    for (const auto& [key, value] : expected) CHECK_MESSAGE(waiting.at(key) == value, std::string(key));
    const auto taken =
        w.post("/api/v1/upkeep/tray/esp-hall-1", {{"speaker", "gw-demo"}, {"kind", "smoke"}, {"place", "gh-1-101"}});
    REQUIRE_MESSAGE(taken.status == 201, taken.body);
    const auto device = json::parse(taken.body).at("device").as_object();
    CHECK(device.at("name").at("zh") == "门厅烟感");
    CHECK(device.at("maker") == "甲厂");
    CHECK(say("esp-hall/battery", "8") == 0);
    CHECK(say("esp-hall/smoke", "ON") == 0);
    const auto is_live = [&](const char* kind) {
        return w.stage.wait_until([&](const json::array& live) {
            return std::ranges::any_of(live, [&](const json::value& one) { return one.at("kind") == kind; });
        });
    };
    CHECK(is_live("fire"));
    CHECK(is_live("device_fault"));  // its battery is low
    CHECK(w.get("/api/v1/quarantine", "duty").at("rows").as_array().empty());
}

TEST_CASE("a gateway's own name that is no code is seen in the tray, and told what to do about") {
    Workshop w;
    CHECK_FALSE(w.says("客厅 烟感", R"({"smoke":false})"));
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 1; }));
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").at(0).at("device").as_string() == "客厅 烟感");
    const std::string path = "/api/v1/upkeep/tray/%E5%AE%A2%E5%8E%85%20%E7%83%9F%E6%84%9F";
    CHECK(code_of(w.post(path, {{"speaker", "gw-demo"}, {"kind", "smoke"}, {"place", "gh-1-101"}})) == "name-no-code");
    CHECK(w.stage.ask("admin", "DELETE", path).status == 204);
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").as_array().empty());
}

TEST_CASE("what was found waits in the tray over kill -9, though it does not speak again") {
    Workshop w;
    CHECK_FALSE(w.says("zb-0x03", R"({"smoke":false})"));
    CHECK_FALSE(w.says("zb-0x04", R"({"smoke":false})"));
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 2; }));
    std::this_thread::sleep_for(std::chrono::seconds(3));
    CHECK_FALSE(w.says("zb-0x05", R"({"smoke":false})"));
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 3; }));
    std::this_thread::sleep_for(std::chrono::seconds(3));
    w.stage.kill();
    w.stage.restart();
    CHECK(w.get("/api/v1/upkeep/tray").at("waiting").as_array().size() == 3);
}

TEST_CASE("a low battery becomes work, is taken and done, and counts in the figures") {
    Workshop w;
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"battery":9})"));
    REQUIRE(w.soon([&] { return w.get("/api/v1/upkeep/work").at("work").as_array().size() == 1; }));
    auto work = w.get("/api/v1/upkeep/work").at("work").at(0).as_object();
    CHECK(work.at("finding").as_string() == "low_battery");
    CHECK(work.at("building").as_string() == "gh-1");
    const auto path = "/api/v1/upkeep/work/" + std::string(work.at("id").as_string());
    CHECK(code_of(w.post(path, {{"to", "done"}, {"why", "换了电池"}})) == "take-work-first");
    REQUIRE(w.post(path, {{"to", "taken"}}, "tech").status == 200);
    CHECK(code_of(w.post(path, {{"to", "taken"}})) == "work-taken");
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"battery":95})"));
    const auto done = w.post(path, {{"to", "done"}, {"why", "换了电池"}, {"cost_fen", 1'200}}, "tech");
    REQUIRE_MESSAGE(done.status == 200, done.body);
    CHECK(json::parse(done.body).at("is_over").as_bool());
    CHECK(w.get("/api/v1/upkeep/work").at("work").as_array().empty());
    const auto figures = w.get("/api/v1/upkeep/figures");
    CHECK(figures.at("upkeep_fen").as_int64() == 1'200);
    CHECK(figures.at("idle_share_planned").as_double() == 0.32);
    w.stage.restart();
    const auto whole = w.get(devices + "/smoke-gh-1-203");
    CHECK(whole.at("work").at(0).at("state").as_string() == "done");
    CHECK(whole.at("work").at(0).at("why").as_string() == "换了电池");
}

TEST_CASE("two gateways that speak under one device's name are seen") {
    Workshop w;
    const auto own = new_token(w.stage, "smoke-gh-1-203");
    const std::string signal = R"({"device":"smoke-gh-1-203","kind":"smoke","values":{"smoke":false}})";
    for (int i = 0; i < 2; ++i) {
        CHECK(w.stage.signal(signal, own).status == 202);
        CHECK(w.stage.signal(signal, w.gateway).status == 202);
    }
    REQUIRE(w.soon([&] { return w.get(devices + "?finding=shared").at("found").as_int64() == 1; }));
}

TEST_CASE("a tick stands as unproven until code, position and a signal are there") {
    Workshop w;
    const auto planned =
        w.post("/api/v1/upkeep/rounds", {{"kind", "weekly"}, {"place", "gh-1"}, {"due", in_hours(24 * 6)}}, "tech");
    REQUIRE_MESSAGE(planned.status == 201, planned.body);
    const auto path = "/api/v1/upkeep/rounds/" + std::string(json::parse(planned.body).at("id").as_string());
    const auto tick = [&](json::object more) {
        more["device"] = "smoke-gh-1-203";
        const auto answer = w.post(path + "/ticks", more, "tech");
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        const auto said = json::parse(answer.body).as_object();
        return said.at("proven").as_bool() ? std::string("proven") : std::string(said.at("missing").as_string());
    };
    CHECK(tick({}) == "no-code");
    CHECK(tick({{"code", "smoke-gh-1-101"}}) == "no-code");
    CHECK(tick({{"code", "shoumen:device:smoke-gh-1-203"}}) == "no-position");
    CHECK(tick({{"code", "smoke-gh-1-203"}, {"latitude", 0}, {"longitude", 0}}) == "too-far");
    // Where the estate is; of its buildings nothing is said.
    CHECK(tick({{"code", "smoke-gh-1-203"}, {"latitude", 39.9053}, {"longitude", 116.3532}}) == "no-test-signal");
    // Its usual report, which comes whether somebody stands there or not, proves nothing.
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"battery":90})"));
    CHECK(tick({{"code", "smoke-gh-1-203"}, {"latitude", 39.9053}, {"longitude", 116.3532}}) == "no-test-signal");
    CHECK(w.get(path).at("proven").as_int64() == 0);
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"test":true})"));
    REQUIRE(w.soon([&] { return w.get(path).at("proven").as_int64() == 1; }));
    CHECK(w.post(path + "/end", nullptr, "tech").status == 200);
    const auto rounds = w.get("/api/v1/upkeep/rounds");
    CHECK(rounds.at("rounds").as_array().size() == 2);
    CHECK(code_of(w.post(path + "/ticks", {{"device", "smoke-gh-1-203"}})) == "round-over");
}

TEST_CASE("quiet on purpose holds alerts back, and raises them when it ends") {
    Workshop w;
    const auto begun =
        w.post("/api/v1/upkeep/quiet",
               {{"devices", json::array{"smoke-gh-1-203"}}, {"until", in_hours(1)}, {"why", "更换底座"}}, "tech");
    REQUIRE_MESSAGE(begun.status == 201, begun.body);
    REQUIRE(
        w.soon([&] { return w.get(devices + "/smoke-gh-1-203").at("device").as_object().contains("quiet_until"); }));
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":true})"));
    CHECK(w.says("smoke-gh-3-301", R"({"smoke":true})"));
    REQUIRE(w.stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    w.stage.restart();
    CHECK(w.stage.live_incidents().size() == 1);
    const auto id = std::string(json::parse(begun.body).at("id").as_string());
    CHECK(w.stage.ask("tech", "DELETE", "/api/v1/upkeep/quiet/" + id).status == 204);
    CHECK(w.stage.wait_until([](const json::array& live) { return live.size() == 2; }));
}

namespace {

int signals_as(Workshop& w, const std::string& token) {
    return w.stage.signal(R"({"device":"smoke-gh-1-203","kind":"smoke","values":{"smoke":false}})", token).status;
}

json::object rotate(Workshop& w, const json::object& how = {}, const std::string& who = "admin") {
    const auto answer = w.stage.ask(who, "POST", "/api/v1/devices/smoke-gh-1-203/token/rotate", how);
    REQUIRE_MESSAGE(answer.status == 201, answer.body);
    return json::parse(answer.body).as_object();
}

std::string token_of(const json::object& rotated) { return std::string(rotated.at("token").as_string()); }

std::string acts_of(Workshop& w, const std::string& device) {
    std::string said;
    const auto acts = w.get("/api/v1/acts?subject=device:" + device, "audit");
    for (const auto& act : acts.at("acts").as_array()) {
        const auto kind = std::string(act.at("kind").as_string());
        if (!kind.starts_with("device_token")) continue;
        said = fmt::format("{} {};", kind, act.at("count").as_int64()) + said;
    }
    return said;
}

}  // namespace

TEST_CASE("a token is changed in one call: the old one is good until the new one is used, or its time is over") {
    Workshop w;
    const auto old = new_token(w.stage, "smoke-gh-1-203");
    const auto first = rotate(w);
    const auto fresh = token_of(first);
    CHECK(fresh != old);
    CHECK(signals_as(w, old) == 202);
    CHECK(w.get(devices + "/smoke-gh-1-203").at("old_tokens_until").as_string() == first.at("old_until").as_string());
    // A restart ends nothing early.
    w.stage.restart();
    CHECK(signals_as(w, old) == 202);
    CHECK(signals_as(w, fresh) == 202);
    REQUIRE(w.soon([&] { return signals_as(w, old) == 401; }));
    CHECK(signals_as(w, fresh) == 202);
    CHECK_FALSE(w.get(devices + "/smoke-gh-1-203").contains("old_tokens_until"));
    w.stage.restart();
    CHECK(signals_as(w, old) == 401);
    CHECK(signals_as(w, fresh) == 202);
    CHECK(acts_of(w, "smoke-gh-1-203") == "device_token_given 1;device_token_rotated 1;device_tokens_ended 1;");
    // Never used, its time ends the old one all the same, also where it ended while the program was down.
    const auto third = token_of(rotate(w, {{"grace_minutes", 60}}));
    w.stage.restart({"--clock-start", in_hours(2)});
    REQUIRE(w.soon([&] { return signals_as(w, fresh) == 401; }));
    CHECK(signals_as(w, third) == 202);
    // Without grace it is over at once, and a revocation takes the new one and those that are ending.
    const auto fourth = rotate(w, {{"grace_minutes", 0}});
    CHECK_FALSE(fourth.contains("old_until"));
    CHECK(signals_as(w, third) == 401);
    const auto fifth = token_of(rotate(w));
    REQUIRE(w.stage.ask("admin", "DELETE", "/api/v1/devices/smoke-gh-1-203/token").status == 204);
    CHECK(signals_as(w, token_of(fourth)) == 401);
    CHECK(signals_as(w, fifth) == 401);
    CHECK_FALSE(w.get(devices + "/smoke-gh-1-203").contains("old_tokens_until"));
    CHECK(code_of(w.post("/api/v1/devices/nothing/token/rotate", json::object{})) == "unknown-device");
}

TEST_CASE("two with one token, one address and one name push each other out, and that is seen") {
    Workshop w;
    const auto listens = [&] {
        return std::thread(
            [command = fmt::format("timeout 20 mosquitto_sub -h 127.0.0.1 -p {} -i twin -u gw-demo -P '{}' "
                                   "-t shoumen/v1/gw-demo/command >/dev/null 2>&1",
                                   w.stage.server().mqtt_port(), w.gateway)] {
                CHECK(std::system(command.c_str()) != 0);
            });
    };
    auto one = listens();
    auto other = listens();
    const bool seen = w.soon([&] { return w.get(devices + "?finding=shared").at("found").as_int64() == 1; });
    one.join();
    other.join();
    REQUIRE(seen);
    const auto work = w.get("/api/v1/upkeep/work").at("work").as_array();
    CHECK(std::ranges::any_of(work, [](const auto& order) {
        return order.at("finding").as_string() == "shared" && order.at("device").as_string() == "gw-demo";
    }));
}

TEST_CASE("work that was ended while the finding goes on comes back, and says so") {
    Workshop w;
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"battery":9})"));
    const auto work = [&] { return w.get("/api/v1/upkeep/work").at("work").as_array(); };
    const auto of_battery = [&] {
        json::array out;
        for (const auto& order : work()) {
            if (order.at("finding").as_string() == "low_battery") out.push_back(order);
        }
        return out;
    };
    REQUIRE(w.soon([&] { return of_battery().size() == 1; }));
    const auto first = std::string(of_battery().at(0).at("id").as_string());
    CHECK_FALSE(of_battery().at(0).at("overdue").as_bool());
    REQUIRE(w.post("/api/v1/upkeep/work/" + first, {{"to", "taken"}}, "tech").status == 200);
    REQUIRE(w.post("/api/v1/upkeep/work/" + first, {{"to", "done"}, {"why", "换了电池"}}, "tech").status == 200);
    w.stage.restart({"--clock-start", in_hours(2)});
    std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    CHECK(of_battery().empty());  // it need not have spoken yet
    w.stage.restart({"--clock-start", in_hours(26)});
    REQUIRE(w.soon([&] { return of_battery().size() == 1; }));
    const auto second = of_battery().at(0).as_object();
    CHECK(second.at("again_of").as_string() == first);
    CHECK(w.stage.server().log().find("\"again_of\":" + first) != std::string::npos);
    const auto metrics = w.stage.metrics();
    CHECK(metrics.find("shoumen_work_orders_again_total 1\n") != std::string::npos);
    CHECK(metrics.find("shoumen_device_findings{finding=\"low_battery\"} 1\n") != std::string::npos);
    CHECK(metrics.find("shoumen_work_orders_overdue 0\n") != std::string::npos);
    w.stage.restart({"--clock-start", in_hours(26 + 73)});
    CHECK(of_battery().at(0).at("overdue").as_bool());
    CHECK(w.stage.metrics().find("shoumen_work_orders_overdue 0\n") == std::string::npos);
    // What nobody needs to do anything about is asked again after a week; what is over is over.
    const auto id = std::string(second.at("id").as_string());
    REQUIRE(w.post("/api/v1/upkeep/work/" + id, {{"to", "dropped"}, {"why", "明天统一更换"}}, "tech").status == 200);
    w.stage.restart({"--clock-start", in_hours(26 + 73 + 24 * 6)});
    std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    CHECK(of_battery().empty());
    w.stage.restart({"--clock-start", in_hours(26 + 73 + 24 * 8)});
    REQUIRE(w.soon([&] { return of_battery().size() == 1; }));
    CHECK(w.says("smoke-gh-1-203", R"({"smoke":false,"battery":95})"));
    REQUIRE(w.soon([&] { return of_battery().empty(); }));
}
