// A stock mosquitto with the configuration of deploy/mosquitto, between programs that publish as Zigbee2MQTT does and
// us.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.hpp"

extern char** environ;

using namespace shoumen::service;
namespace support = shoumen::support;

namespace {

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    ::close(fd);
    return ntohs(at.sin_port);
}

std::string content_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

bool wait_for(const std::function<bool()>& holds, int seconds = 60) {
    for (int i = 0; i < 10 * seconds; ++i) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

// mosquitto, configured as Debian does with our file beside: a main file that includes a folder.
class Broker {
public:
    Broker(const support::Scratch& scratch, std::uint16_t shoumen, const std::string& token)
        : port_(free_port()), home_(scratch.path("mosquitto")), log_(home_ + "/log") {
        std::filesystem::create_directories(home_ + "/conf.d");
        std::ofstream(home_ + "/mosquitto.conf") << fmt::format(
            "user root\npersistence true\npersistence_location {0}/\nlog_dest stderr\ninclude_dir "
            "{0}/conf.d\n",
            home_);
        REQUIRE(run(fmt::format("mosquitto_passwd -b -c {}/passwords z2m z2m-secret 2>/dev/null", home_)) == 0);
        std::ofstream(home_ + "/token") << token << "\n";
        REQUIRE(run(fmt::format("'{}/deploy/mosquitto/fill' gw-demo link-gw-demo 127.0.0.1:{} 127.0.0.1 {} "
                                "{}/passwords <{}/token >{}/conf.d/shoumen.conf",
                                SHOUMEN_SOURCE_DIR, shoumen, port_, home_, home_, home_)) == 0);
        start();
    }
    ~Broker() { end(SIGTERM); }
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    void start() {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        std::string program = "mosquitto";
        std::string flag = "-c";
        std::string file = home_ + "/mosquitto.conf";
        char* arguments[] = {program.data(), flag.data(), file.data(), nullptr};
        const int failed = ::posix_spawnp(&pid_, "mosquitto", &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        REQUIRE(failed == 0);
        const bool listens = wait_for([&] { return publish("nothing", "x") == 0; }, 20);
        CHECK_MESSAGE(listens, content_of(log_));
    }
    void end(int signal) {
        if (pid_ <= 0) return;
        ::kill(pid_, signal);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    // As Zigbee2MQTT: QoS 0.
    [[nodiscard]] int publish(const std::string& topic, const std::string& payload,
                              const char* sign_in = nullptr) const {
        return run(fmt::format("timeout 20 mosquitto_pub -h 127.0.0.1 -p {} {} -q 0 -t '{}' -m '{}' 2>/dev/null", port_,
                               sign_in ? sign_in : "-u z2m -P z2m-secret", topic, payload));
    }

private:
    static int run(const std::string& command) {
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::uint16_t port_;
    std::string home_;
    std::string log_;
    pid_t pid_ = -1;
};

void leave_out(const std::string& file, const std::string& word) {
    std::istringstream in(content_of(file));
    std::string kept;
    for (std::string line; std::getline(in, line);) {
        if (line.find(word) == std::string::npos) kept += line + "\n";
    }
    std::ofstream(file) << kept;
}

// The demo whose lost link alerts at once, and whose platform says nothing of itself: signals are counted.
std::string community(const support::Scratch& scratch) {
    const std::string dir = scratch.path("community");
    std::filesystem::copy(demo, dir, std::filesystem::copy_options::recursive);
    leave_out(dir + "/devices.yaml", "kind: platform");
    std::string rules = content_of(dir + "/rules/devices.yaml");
    const auto hold = rules.find(", hold: 30s");
    REQUIRE(hold != std::string::npos);
    std::ofstream(dir + "/rules/devices.yaml") << rules.erase(hold, std::string(", hold: 30s").size());
    return dir;
}

long figure(Stage& stage, const std::string& name) {
    const std::string text = stage.metrics();
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::strtol(text.c_str() + at + name.size() + 2, nullptr, 10);
}

bool has(const json::array& live, const char* kind) {
    return std::ranges::any_of(live, [&](const json::value& i) { return i.at("kind") == kind; });
}

}  // namespace

TEST_CASE(
    "a mosquitto bridges Zigbee2MQTT to us: what is published comes, also what was while we were away, and once") {
    const support::Scratch scratch;
    const std::uint16_t port = free_port();
    Stage stage({"--mqtt", fmt::format("127.0.0.1:{}", port)}, false, community(scratch));
    own_password(stage);
    Broker broker(scratch, port, new_token(stage, "gw-demo"));
    CHECK(broker.publish("zigbee2mqtt/smoke-gh-1-101", R"({"smoke":true})", "") != 0);  // nobody unknown
    CHECK(wait_for([&] { return figure(stage, "shoumen_signals_total") == 1; }));       // the link says: 1
    CHECK(broker.publish("zigbee2mqtt/smoke-gh-1-101", R"({"smoke":true,"battery":97,"linkquality":120})") == 0);
    CHECK(stage.wait_until([](const json::array& live) { return has(live, "fire"); }));
    CHECK(figure(stage, "shoumen_signals_total") == 2);

    // Away; and mosquitto itself is started anew meanwhile.
    CHECK(stage.stop() == 0);
    for (int i = 0; i < 20; ++i)
        CHECK(broker.publish("zigbee2mqtt/motion-gh-1-102",
                             fmt::format(R"({{"occupancy":true,"battery":{}}})", 50 + i)) == 0);
    broker.end(SIGTERM);
    broker.start();
    for (int i = 20; i < 40; ++i)
        CHECK(broker.publish("zigbee2mqtt/motion-gh-1-102",
                             fmt::format(R"({{"occupancy":true,"battery":{}}})", 50 + i)) == 0);
    CHECK(broker.publish("zigbee2mqtt/key-gh-1-102", R"({"action":"emergency"})") == 0);
    stage.restart();
    CHECK(wait_for([&] { return figure(stage, "shoumen_signals_total") >= 42; }));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    CHECK(figure(stage, "shoumen_signals_total") == 42);  // 40 + 1, and the link
    CHECK(stage.wait_until([](const json::array& live) { return has(live, "sos"); }));
    CHECK(json::parse(stage.ask("duty", "GET", "/api/v1/quarantine").body).at("rows").as_array().empty());
    CHECK_FALSE(has(stage.live_incidents(), "device_fault"));

    // The bridge is lost: its will.
    broker.end(SIGKILL);
    CHECK(stage.wait_until([](const json::array& live) { return has(live, "device_fault"); }));
}
