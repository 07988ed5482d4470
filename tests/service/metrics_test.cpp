// What a monitoring system and an operator read of the real program: figures that add up, and a log that tells nothing
// of anybody.
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "exposition.hpp"
#include "stage.hpp"

using namespace shoumen::service;

namespace {

const std::string metrics_token = "scrape-me-and-nothing-else";

std::string smoke(const std::string& id, bool on) {
    return R"({"id":")" + id + R"(","device":"d-1","kind":"smoke","values":{"smoke":)" + (on ? "true" : "false") + "}}";
}

struct TokenFile {
    TokenFile() { std::ofstream(path()) << metrics_token << '\n'; }
    [[nodiscard]] std::string path() const { return place.path("metrics-token"); }
    shoumen::support::Scratch place;
};

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("figures are well formed, documented, and add up after known traffic") {
    const TokenFile file;
    Stage stage({"--metrics-token-file", file.path(), "--watch-every", "0.2"});
    shoumen::app::HttpClient client("127.0.0.1", stage.server().http_port());
    const auto scrape = [&](const std::string& token) {
        return *client.ask({"GET", "/api/v1/metrics", token, "", ""});
    };
    CHECK(scrape("scrape-me-and-nothing-els").status == 401);
    CHECK(client.ask({"GET", "/api/v1/incidents", metrics_token, "", ""})->status == 401);
    CHECK(stage.ask("duty", "GET", "/api/v1/metrics").status == 403);

    for (int i = 0; i < 7; ++i) REQUIRE(stage.signal(smoke("m" + std::to_string(i), i == 0)).status == 202);
    for (int i = 0; i < 2; ++i) REQUIRE(stage.signal(smoke("m3", false)).status == 202);  // repeats
    REQUIRE(
        stage.signal(R"({"id":"l","device":"d-1","kind":"smoke","time":"2026-01-01T00:00:00Z","values":{}})").status ==
        202);
    REQUIRE(
        stage.signal(R"({"id":"w","device":"d-1","kind":"smoke","time":"1970-01-01T00:00:00Z","values":{}})").status ==
        202);
    CHECK(stage.signal(R"({"device":"d-1","kind":"banana"})").status >= 202);
    for (int i = 0; i < 3; ++i)
        REQUIRE(stage.publish("shoumen/v1/d-1/signal", smoke("q" + std::to_string(i), false)) == 0);
    CHECK(stage.ask("", "POST", "/api/v1/session", {{"account", "nobody"}, {"password", "wrong-wrong-wrong"}}).status ==
          401);
    const auto id = std::string(stage.live_incidents()[0].at("id").as_string());
    REQUIRE(stage.ask("responder", "POST", "/api/v1/incidents/" + id + "/actions/acknowledge", json::object{}).status ==
            200);
    std::this_thread::sleep_for(std::chrono::milliseconds(600));

    const auto answer = scrape(metrics_token);
    REQUIRE(answer.status == 200);
    const Metrics m = read_metrics(answer.body);
    for (const auto& finding : m.findings) FAIL_CHECK(finding);
    CHECK(m.of(R"(shoumen_signals_taken_total{kind="smoke",outcome="accepted"})") == 7 + 2 + 2 + 3);
    CHECK(m.of("shoumen_platform_signals_total") >= 1);
    CHECK(m.sum(R"(shoumen_signals_taken_total{)") == m.of("shoumen_signals_total"));
    CHECK(m.of(R"(shoumen_signals_taken_total{kind="platform",outcome="accepted"})") ==
          m.of("shoumen_platform_signals_total"));
    CHECK(m.of("shoumen_signals_repeated_total") == 2);
    CHECK(m.of("shoumen_signals_late_total") == 1);
    CHECK(m.of("shoumen_signals_clock_wrong_total") == 1);
    CHECK(m.of(R"(shoumen_quarantined_total{door="http",code="unknown-kind"})") == 1);
    CHECK(m.sum("shoumen_quarantined_total") == 1);
    CHECK(m.of(R"(shoumen_alerts_total{kind="fire",severity="red"})") == 1);
    CHECK(m.of(R"(shoumen_incidents_opened_total{kind="fire",severity="red"})") == 1);
    CHECK(m.of(R"(shoumen_incidents_standing{state="acknowledged",kind="fire",severity="red"})") == 1);
    CHECK(m.sum("shoumen_incidents_standing") == m.of("shoumen_incidents_live"));
    CHECK(m.sum("shoumen_notices_total") >= 1);
    CHECK(m.of("shoumen_mqtt_publishes_total") == 3);
    CHECK(m.of("shoumen_mqtt_pubacks_total") == 3);
    CHECK(m.of("shoumen_mqtt_signals_total") == 3);
    CHECK(m.of("shoumen_sign_ins_failed_total") == 1);
    CHECK(m.of(R"(shoumen_http_requests_total{method="POST",route="/api/v1/session",status="401"})") == 1);
    CHECK(m.of(R"(shoumen_http_requests_total{method="GET",route="/api/v1/metrics",status="401"})") == 1);
    CHECK(m.of(R"(shoumen_http_requests_total{method="GET",route="/api/v1/metrics",status="403"})") == 1);
    CHECK(m.of(R"(shoumen_http_requests_total{method="POST",route="/api/v1/signals",status="202"})") >= 11);
    CHECK(m.of("shoumen_commit_seconds_count") == m.of("shoumen_commits_total"));
    CHECK(m.of("shoumen_batch_inputs_count") <= m.of("shoumen_commits_total"));
    CHECK(m.of("shoumen_inputs_queued") == 0);
    CHECK(m.of("shoumen_storing") == 1);
    CHECK(m.of("shoumen_policy_version") == 1);
    CHECK(m.sum("shoumen_build_info{version=") == 1);
    CHECK(m.of("shoumen_store_bytes") > 10'000);
    CHECK(m.of("shoumen_disk_free_bytes") > 0);
    CHECK(m.of("process_resident_memory_bytes") > 1'000'000);

    // Nobody's device, account, person or password stands in a label.
    for (const char* hidden : {"d-1", "duty", "nobody", "p-", "responder", "gh-2-201"})
        CHECK_MESSAGE(answer.body.find(hidden) == std::string::npos, hidden);
    // Labels are few whatever is asked for.
    for (int i = 0; i < 30; ++i) {
        client.ask({"GET", "/api/v1/nothing-" + std::to_string(i), "", "", ""});
        client.ask({"GET", "/page-" + std::to_string(i), "", "", ""});
    }
    CHECK(read_metrics(scrape(metrics_token).body).samples.size() <= m.samples.size() + 4);

    const std::string page = text_of(SHOUMEN_SOURCE_DIR "/docs/operating/metrics.md");
    for (const auto& [name, type] : m.types) CHECK_MESSAGE(page.find("`" + name + "`") != std::string::npos, name);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("a metrics token too short to keep is refused at the start") {
    shoumen::support::Scratch place;
    setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
    std::ofstream(place.path("short")) << "short";
    for (const std::string& file : {place.path("short"), place.path("none")}) {
        const auto ended = shoumen::support::run_to_end(
            {"serve", "--community", demo, "--data", place.path("data"), "--metrics-token-file", file});
        CHECK(ended.code == 2);
        CHECK(ended.err.find("bad-metrics-token") != std::string::npos);
    }
}

TEST_CASE("the log is one JSON object a line, and tells nothing of anybody") {
    Stage stage({"--watch-every", "0.2"});
    const std::string name = "张三丰";
    const std::string phone = "13912345678";
    const std::string words = "三楼漏水很严重";
    REQUIRE(stage
                .ask("responder", "POST", "/api/v1/incidents",
                     {{"kind", "hazard"},
                      {"place", "gh-2-201"},
                      {"severity", "yellow"},
                      {"text", name + " " + phone + " " + words}})
                .status < 300);
    REQUIRE(stage.signal(smoke("secret-message-id", true)).status == 202);
    REQUIRE(stage.signal(R"({"device":"d-1","kind":"smoke","values":{"note":"payload-marker-4711"}})").status == 202);
    CHECK(stage.signal(R"({"device":"d-1","kind":"payload-marker-4712","values":)").status >= 202);
    CHECK(stage.publish("shoumen/v1/d-1/signal", "{broken payload-marker-4713", "d-1") == 0);
    CHECK(stage.publish("shoumen/v1/d-1/signal", smoke("x", false), "d-1", "wrong-token-4714") != 0);
    const std::string wrong = "wrong-password-4715";
    for (int i = 0; i < 30; ++i) {
        stage.ask("", "POST", "/api/v1/session",
                  {{"account", "zhang.sanfeng." + std::to_string(i)}, {"password", wrong}});
    }
    for (int i = 0; i < 7; ++i) stage.ask("", "POST", "/api/v1/session", {{"account", "duty"}, {"password", wrong}});
    CHECK(stage.stop() == 0);
    const std::string log = stage.server().log();

    std::istringstream lines(log);
    std::string line;
    std::map<std::string, int> events;
    while (std::getline(lines, line)) {
        boost::system::error_code e;
        const auto entry = json::parse(line, e);
        REQUIRE_MESSAGE(!e, line);
        for (const char* key : {"time", "level", "event"}) CHECK_MESSAGE(entry.as_object().contains(key), line);
        CHECK_MESSAGE(shoumen::base::parse_rfc3339(std::string(entry.at("time").as_string())), line);
        CHECK_MESSAGE(std::string(entry.at("time").as_string()).ends_with("Z"), line);
        ++events[std::string(entry.at("event").as_string())];
    }
    CHECK(events["ready"] == 1);
    CHECK(events["stopping"] == 1);
    CHECK(events["sign_in_failed"] == 20);  // in one minute; the others are counted
    CHECK(events["mqtt"] >= 1);

    std::vector<std::string> hidden{
        name,  phone,   words,      "secret-message-id", "payload-marker", "wrong-token-4714",
        wrong, "zhang", "\"duty\"", stage.device_token()};
    for (const auto& [account, password] : stage.passwords()) hidden.push_back(password);
    for (const auto& h : hidden) CHECK_MESSAGE(log.find(h) == std::string::npos, h);
}

TEST_CASE("text for people, where it is asked for") {
    Stage stage({"--log-format", "text"});
    CHECK(stage.stop() == 0);
    const std::string log = stage.server().log();
    CHECK(log.find(" info ready doors are open ") != std::string::npos);
    CHECK(log.find(" community=\"guanghua\"") != std::string::npos);
    setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
    const auto ended = shoumen::support::run_to_end({"serve", "--data", stage.data(), "--log-format", "yaml"});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("bad-log-format") != std::string::npos);
}

TEST_CASE("systemd is told when it is ready, that it lives, and when it stops") {
    shoumen::support::Scratch place;
    const std::string path = place.path("notify");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const int ear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(bind(ear, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    timeval patience{.tv_sec = 5, .tv_usec = 0};
    setsockopt(ear, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const auto heard = [&] {
        char buffer[256];
        const ssize_t n = recv(ear, buffer, sizeof buffer, 0);
        return n < 0 ? std::string("nothing") : std::string(buffer, static_cast<std::size_t>(n));
    };
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    setenv("WATCHDOG_USEC", "400000", 1);
    {
        Stage stage;
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        CHECK(heard() == "READY=1");
        CHECK(heard() == "WATCHDOG=1");
        CHECK(heard() == "WATCHDOG=1");
        CHECK(stage.stop() == 0);
        std::string last = heard();
        while (last == "WATCHDOG=1") last = heard();
        CHECK(last == "STOPPING=1");
    }
    close(ear);
}
