// The platform's own faults: each opens an incident the same way as a smoke alarm does.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/mount.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_program;

namespace {

void wait_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

bool waits_for(const std::function<bool()>& holds, int tenths = 100) {
    for (int i = 0; i < tenths; ++i) {
        if (holds()) return true;
        wait_ms(100);
    }
    return false;
}

std::string now_utc() {
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
    return shoumen::base::format_utc({us.count()});
}

shoumen::base::Time time_of(const std::string& text) { return *shoumen::base::parse_rfc3339(text); }

const json::value* of_kind(const json::array& incidents, const std::string& kind) {
    for (const auto& i : incidents) {
        if (i.at("kind").as_string() == kind) return &i;
    }
    return nullptr;
}

std::string smoke(int n) {
    return R"({"id":"n)" + std::to_string(n) + R"(","device":"d-1","kind":"smoke","values":{"smoke":false}})";
}

// A small file system of its own; nothing where there is no right to mount one.
class SmallDisk {
public:
    explicit SmallDisk(const char* size) {
        std::filesystem::create_directory(root());
        mounted_ = mount("tmpfs", root().c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0;
        if (!mounted_) std::cout << "SKIPPED: no right to mount a small file system\n";
    }
    ~SmallDisk() {
        if (mounted_) umount2(root().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    explicit operator bool() const { return mounted_; }
    [[nodiscard]] std::string root() const { return place_.path("small"); }
    void fill(std::size_t bytes) const { std::ofstream(root() + "/ballast") << std::string(bytes, 'x'); }
    void make_room() const { std::filesystem::remove(root() + "/ballast"); }
    [[nodiscard]] std::size_t free() const { return std::filesystem::space(root()).available; }

private:
    shoumen::support::Scratch place_;
    bool mounted_ = false;
};

// The program on data elsewhere than a Stage keeps it, and the duty officer.
class OnDisk {
public:
    explicit OnDisk(const std::string& data, std::vector<std::string> more) {
        setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
        std::vector<std::string> all{"--demo", "--no-feed", "--community", demo, "--data", data};
        all.insert(all.end(), more.begin(), more.end());
        server = std::make_unique<shoumen::support::Server>(all);
        device = shoumen::support::secrets_in(server->output(), "device").at("d-1");
        const auto answer =
            client().ask({"POST",
                          "/api/v1/session",
                          {},
                          "application/json",
                          R"({"account":"duty","password":")" +
                              shoumen::support::secrets_in(server->output(), "account").at("duty") + "\"}"});
        REQUIRE(answer);
        duty = json::parse(answer->body).at("token").as_string();
    }
    [[nodiscard]] shoumen::app::HttpClient client() const {
        return shoumen::app::HttpClient("127.0.0.1", server->http_port(), shoumen::base::seconds(15));
    }
    [[nodiscard]] unsigned health(std::string* body = nullptr) const {
        const auto answer = client().ask({"GET", "/api/v1/health", "", "", ""});
        if (answer && body != nullptr) *body = answer->body;
        return answer ? answer->status : 0;
    }
    [[nodiscard]] json::array live() const {
        const auto answer = client().ask({"GET", "/api/v1/incidents?live=1", duty, "", ""});
        return answer && answer->status == 200 ? json::parse(answer->body).at("incidents").as_array() : json::array{};
    }

    std::unique_ptr<shoumen::support::Server> server;
    std::string device;
    std::string duty;
};

}  // namespace

TEST_CASE("a disk that fills up opens an incident while there is still room") {
    const SmallDisk disk("32m");
    if (!disk) return;
    const OnDisk node(disk.root() + "/data", {"--watch-every", "0.2"});
    wait_ms(600);
    CHECK(of_kind(node.live(), "platform_disk") == nullptr);
    disk.fill(disk.free() - (2U << 20U));  // some 6 % stay free
    REQUIRE(waits_for([&] { return of_kind(node.live(), "platform_disk") != nullptr; }));
    const auto incidents = node.live();
    const auto& incident = *of_kind(incidents, "platform_disk");
    CHECK(incident.at("lead").at("code") == "tech");
    CHECK(incident.at("severity") == "orange");
    std::string body;
    CHECK(node.health(&body) == 200);
    CHECK(body.find(R"("degraded":["disk"])") != std::string::npos);
}

TEST_CASE("a disk that is full: health and log say so, and the incident follows, as of when it began") {
    const SmallDisk disk("8m");
    if (!disk) return;
    const OnDisk node(disk.root() + "/data", {"--watch-every", "2", "--log-format", "json"});
    // Right after a look, so that the next one finds a disk on which nothing can be written any more.
    REQUIRE(waits_for([&] { return of_kind(node.live(), "platform_disk") == nullptr; }));
    wait_ms(2'100);
    const std::string filled = now_utc();
    disk.fill(16U << 20U);  // as much as fits
    std::thread sender([&] {
        std::string large = "[";
        for (int i = 0; i < 2'000; ++i) {
            large += std::string(i > 0 ? "," : "") +
                     R"({"device":"d-1","kind":"smoke","values":{"smoke":false,"note":")" + std::string(200, 'y') +
                     "\"}}";
        }
        large += "]";
        for (int i = 0; i < 8; ++i) {
            const auto answer = node.client().ask({"POST", "/api/v1/signals", node.device, "application/json", large});
            if (!answer || answer->status != 202) return;
        }
    });
    std::string body;
    const bool stopped = waits_for([&] { return node.health(&body) == 503; });
    CHECK(stopped);
    CHECK(body.find("disk") != std::string::npos);
    CHECK(node.client().ask({"GET", "/api/v1/health/live", "", "", ""})->status == 200);
    CHECK(node.client().ask({"GET", "/api/v1/health/ready", "", "", ""})->status == 503);
    wait_ms(3'000);                                           // a look or two
    CHECK(of_kind(node.live(), "platform_disk") == nullptr);  // it cannot be there yet
    CHECK(node.server->log().find(R"("event":"store_trouble")") != std::string::npos);
    const std::string freed = now_utc();
    sender.join();
    disk.make_room();
    REQUIRE(waits_for([&] { return of_kind(node.live(), "platform_disk") != nullptr; }));
    const auto incidents = node.live();
    const auto opened = time_of(std::string(of_kind(incidents, "platform_disk")->at("opened").as_string()));
    CHECK(opened + shoumen::base::seconds(1) > time_of(filled));  // it is told in whole seconds
    CHECK(opened <= time_of(freed));
    CHECK(waits_for([&] { return node.health() == 200; }));
    CHECK(waits_for([&] { return node.server->log().find(R"("event":"store_recovered")") != std::string::npos; }));
    CHECK(node.server->stop() == 0);
    CHECK(run_program({"verify", "--data", disk.root() + "/data"}).starts_with("fine"));
}

TEST_CASE("the clock is set back an hour: receive times never fall, nothing is lost, and an incident says so") {
    Stage stage({"--clock-step", "3s,-1h", "--watch-every", "0.2"});
    int sent = 0;
    for (; sent < 10; ++sent) REQUIRE(stage.signal(smoke(sent)).status == 202);
    CHECK(of_kind(stage.live_incidents(), "platform_clock") == nullptr);
    REQUIRE(stage.wait_until([](const json::array& all) { return of_kind(all, "platform_clock") != nullptr; }));
    for (; sent < 20; ++sent) CHECK(stage.signal(smoke(sent)).status == 202);
    CHECK(stage.server().log().find("clock_off") != std::string::npos);
    CHECK(stage.ask("", "GET", "/api/v1/health").body.find("clock") != std::string::npos);
    CHECK(stage.stop() == 0);

    std::istringstream lines(run_program({"export", "--data", stage.data()}));
    std::string line;
    std::string before;
    int told = 0;
    while (std::getline(lines, line)) {
        const auto input = json::parse(line);
        const std::string received(input.at("received").as_string());
        if (!before.empty()) CHECK(time_of(received) >= time_of(before));
        before = received;
        if (input.at("input") == "signal" && input.at("body").at("device") == "d-1") ++told;
    }
    CHECK(told == 20);
    CHECK(run_program({"verify", "--data", stage.data()}).starts_with("fine"));
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("a gateway that was heard falls silent; one never heard is not missed") {
    Stage stage({"--gateway-silent-after", "2", "--watch-every", "0.2"});
    wait_ms(3'000);
    CHECK(of_kind(stage.live_incidents(), "platform_bridge") == nullptr);
    REQUIRE(stage.signal(smoke(1)).status == 202);  // d-1 is registered under gw-demo
    REQUIRE(stage.wait_until([](const json::array& all) { return of_kind(all, "platform_bridge") != nullptr; }));
    const std::string log = stage.server().log();
    CHECK(log.find(R"("event":"gateway_silent")") != std::string::npos);
    CHECK(log.find("gw-demo") != std::string::npos);
    CHECK(stage.signal(smoke(2)).status == 202);
    CHECK(waits_for([&] { return stage.server().log().find("gateways_heard") != std::string::npos; }, 30));
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("where no platform device is declared a line says so, and health and metrics go on") {
    shoumen::support::Scratch place;
    const std::string copy = place.path("community");
    std::filesystem::copy(demo, copy, std::filesystem::copy_options::recursive);
    std::ifstream in(copy + "/devices.yaml");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find("  - {id: platform,");
    REQUIRE(at != std::string::npos);
    text.erase(at, text.find('\n', at) - at);
    std::ofstream(copy + "/devices.yaml") << text;
    Stage stage({"--watch-every", "0.2"}, false, copy);
    CHECK(stage.server().log().find(R"("event":"platform_unwatched")") != std::string::npos);
    wait_ms(500);
    CHECK(stage.ask("", "GET", "/api/v1/health").status == 200);
    CHECK(stage.stop() == 0);
    CHECK(run_program({"export", "--data", stage.data()}).find(R"("kind":"platform")") == std::string::npos);
}
