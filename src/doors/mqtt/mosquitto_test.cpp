// The listener as mosquitto's own clients see it.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doors/mqtt/listener.hpp"
#include "testing/client.hpp"
#include "testing/fake_intake.hpp"

extern char** environ;

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using testing::FakeIntake;
using testing::run_until;

namespace {

// A program that runs beside the listener; what it prints is kept.
class Child {
public:
    Child(boost::asio::io_context& io, std::vector<std::string> words) : io_(io) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const int failed = posix_spawnp(&pid_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        out_ = ends[0];
        INFO(words[0], " is needed: ./dev setup test installs it (mosquitto-clients)");
        REQUIRE(failed == 0);
    }
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(out_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    int wait() {
        int status = 0;
        run_until(io_, [&] { return read(), ::waitpid(pid_, &status, WNOHANG) == pid_; });
        pid_ = 0;
        read();
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    [[nodiscard]] bool said(std::string_view words) {
        read();
        return text_.find(words) != std::string::npos;
    }
    void kill() { ::kill(pid_, SIGKILL); }

private:
    void read() {
        char buffer[4'096];
        for (ssize_t n = 0; (n = ::read(out_, buffer, sizeof buffer)) > 0;)
            text_.append(buffer, static_cast<std::size_t>(n));
    }
    boost::asio::io_context& io_;
    pid_t pid_ = 0;
    int out_ = -1;
    std::string text_;
};

struct House {
    House() : listener(io, intake, options()) {
        const auto started = listener.start();
        REQUIRE(started);
    }
    Options options() {
        Options options;
        options.port = 0;
        options.log = [this](LogLevel, std::string_view line) { log.append(line).append("\n"); };
        return options;
    }
    std::vector<std::string> words(std::string program, std::vector<std::string> more, std::string device = "smoke-301",
                                   std::string token = "token-smoke-301") const {
        std::vector<std::string> all{
            std::move(program), "-h", "127.0.0.1",     "-p", std::to_string(listener.port()), "-u",
            std::move(device),  "-P", std::move(token)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    int publish(std::vector<std::string> more, const std::string& token = "token-smoke-301") {
        more.insert(more.begin(), {"-t", "shoumen/v1/smoke-301/signal"});
        return Child(io, words("mosquitto_pub", std::move(more), "smoke-301", token)).wait();
    }

    boost::asio::io_context io;
    FakeIntake intake{{"smoke-301", "gas-302"}};
    std::string log;
    Listener listener;
};

const std::string payload = R"({"id":"m1","kind":"smoke","values":{"smoke":true,"battery":97}})";

}  // namespace

TEST_CASE("mosquitto_pub with QoS 0 and 1") {
    House house;
    CHECK(house.publish({"-q", "0", "-m", payload}) == 0);
    CHECK(house.publish({"-q", "1", "-m", payload, "-i", "my-client", "-c"}) == 0);  // -c: no clean session
    CHECK(house.publish({"-q", "1", "-r", "-m", payload}) == 0);                     // retained
    CHECK(house.publish({"-q", "1", "-m", payload, "--repeat", "200"}) == 0);
    REQUIRE(house.intake.taken.size() == 203);
    CHECK(house.intake.taken[0].device == "smoke-301");
    CHECK(house.intake.taken[0].raw == payload);
    CHECK(house.listener.counters().acknowledged == 202);
    CHECK(house.log.empty());
}

TEST_CASE("mosquitto_pub waits for its PUBACK until the commit") {
    House house;
    house.intake.commit_at_once = false;
    Child child(house.io,
                house.words("mosquitto_pub", {"-q", "1", "-t", "shoumen/v1/smoke-301/signal", "-m", payload}));
    run_until(house.io, [&] { return house.intake.taken.size() == 1; });
    testing::settle(house.io);
    CHECK(house.listener.counters().acknowledged == 0);
    CHECK(house.listener.counters().connections == 1);
    house.intake.commit_up_to(1);
    CHECK(child.wait() == 0);
    CHECK(house.listener.counters().acknowledged == 1);
}

TEST_CASE("mosquitto_pub with QoS 2 is closed with a reason in the log") {
    House house;
    Child child(house.io,
                house.words("mosquitto_pub", {"-q", "2", "-t", "shoumen/v1/smoke-301/signal", "-m", payload}));
    run_until(house.io, [&] { return house.log.find("QoS 2 is not offered") != std::string::npos; });
    CHECK(house.intake.taken.empty());
}

TEST_CASE("mosquitto_pub with a wrong password, another's password, none, and another version") {
    House house;
    CHECK(house.publish({"-q", "1", "-m", payload}, "wrong") != 0);
    CHECK(house.publish({"-q", "1", "-m", payload}, "token-gas-302") != 0);
    Child nobody(house.io, {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(house.listener.port()), "-t",
                            "shoumen/v1/smoke-301/signal", "-m", payload});
    CHECK(nobody.wait() != 0);
    CHECK(nobody.said("bad user name or password"));
    Child earlier(house.io,
                  house.words("mosquitto_pub", {"-V", "mqttv31", "-t", "shoumen/v1/smoke-301/signal", "-m", payload}));
    CHECK(earlier.wait() != 0);
    CHECK(house.intake.taken.empty());
    CHECK(house.log.find("wrong") == std::string::npos);
}

TEST_CASE("mosquitto_pub with broken and with large payloads") {
    House house;
    const auto path = fmt::format("/tmp/shoumen-mqtt-test-{}", ::getpid());
    std::ofstream(path) << std::string(5'000'000, 'x') << std::string(5'000'000, 'x');
    CHECK(house.publish({"-q", "1", "-m", "{\"kind\":"}) == 0);
    CHECK(house.publish({"-q", "1", "-n"}) == 0);
    CHECK(house.publish({"-q", "1", "-f", path}) == 0);
    CHECK(house.publish({"-q", "0", "-f", path}) == 0);
    run_until(house.io, [&] { return house.intake.taken.size() == 4; });
    std::remove(path.c_str());
    CHECK(house.intake.taken[0].code == "bad-json");
    CHECK(house.intake.taken[1].code == "bad-json");
    CHECK(house.intake.taken[2].code == "too-large");
    CHECK(house.intake.taken[2].raw.size() == kept_head);
    CHECK(house.intake.taken[3].code == "too-large");
}

TEST_CASE("mosquitto_pub with MQTT 5") {
    House house;
    CHECK(house.publish({"-V", "mqttv5", "-q", "0", "-m", payload}) == 0);
    CHECK(house.publish({"-V", "mqttv5", "-q", "1", "-m", payload, "--repeat", "1500"}) == 0);
    CHECK(house.publish({"-V",
                         "mqttv5",
                         "-q",
                         "1",
                         "-m",
                         payload,
                         "-D",
                         "publish",
                         "user-property",
                         "a",
                         "b",
                         "-D",
                         "publish",
                         "message-expiry-interval",
                         "60",
                         "-D",
                         "connect",
                         "session-expiry-interval",
                         "60",
                         "-i",
                         "one"}) == 0);
    CHECK(house.publish({"-V", "mqttv5", "-q", "1", "-m", "{"}) == 0);  // quarantined
    REQUIRE(house.intake.taken.size() == 1'503);
    CHECK(house.intake.taken[0].raw == payload);
    CHECK(house.intake.taken.back().code == "bad-json");
    CHECK(house.listener.counters().acknowledged == 1'502);
    CHECK(house.log.empty());
    // It is told beforehand: QoS 2 it does not even send, the retain flag it takes off.
    house.publish({"-V", "mqttv5", "-q", "2", "-m", payload});
    CHECK(house.intake.taken.size() == 1'503);
    CHECK(house.publish({"-V", "mqttv5", "-q", "1", "-r", "-m", payload}) == 0);
    CHECK(house.intake.taken.size() == 1'504);
    CHECK(house.log.empty());
    Child wrong(house.io,
                house.words("mosquitto_pub", {"-V", "mqttv5", "-t", "shoumen/v1/smoke-301/signal", "-m", payload},
                            "smoke-301", "wrong"));
    CHECK(wrong.wait() != 0);
    CHECK(wrong.said("Not authorized"));
}

TEST_CASE("mosquitto_pub with MQTT 5 waits for its PUBACK until the commit") {
    House house;
    house.intake.commit_at_once = false;
    Child child(house.io, house.words("mosquitto_pub",
                                      {"-V", "mqttv5", "-q", "1", "-t", "shoumen/v1/smoke-301/signal", "-m", payload}));
    run_until(house.io, [&] { return house.intake.taken.size() == 1; });
    testing::settle(house.io);
    CHECK(house.listener.counters().acknowledged == 0);
    CHECK(house.listener.counters().connections == 1);
    house.intake.commit_up_to(1);
    CHECK(child.wait() == 0);
}

TEST_CASE("mosquitto_sub receives its commands, with both versions, and acknowledges them") {
    for (const char* version : {"mqttv311", "mqttv5"}) {
        CAPTURE(version);
        House house;
        auto words = house.words("mosquitto_sub", {"-V", version, "-q", "1", "-C", "30", "-F", "%t %q %p", "-t",
                                                   "shoumen/v1/smoke-301/command"});
        words.insert(words.begin(), {"stdbuf", "-oL"});
        Child own(house.io, words);
        run_until(house.io, [&] { return house.listener.reaches("smoke-301"); });
        for (int i = 0; i < 30; ++i)
            run_until(house.io, [&] {
                return house.listener.command("smoke-301", R"({"command":"test"})") == ports::Courier::Delivery::sent;
            });
        CHECK(own.wait() == 0);
        CHECK(own.said(R"(shoumen/v1/smoke-301/command 1 {"command":"test"})"));
        CHECK(house.listener.counters().commands == 30);
        Child other(house.io,
                    house.words("mosquitto_sub", {"-V", version, "-d", "-E", "-t", "shoumen/v1/gas-302/command"}));
        other.wait();
        CHECK_FALSE(house.listener.reaches("gas-302"));
    }
}

TEST_CASE("mosquitto_sub with MQTT 5: its will counts when it is killed, and not when it ends") {
    House house;
    const std::string will = R"({"id":"gone","kind":"smoke","values":{"online":false}})";
    const std::vector<std::string> words{"-V",
                                         "mqttv5",
                                         "-q",
                                         "1",
                                         "-t",
                                         "shoumen/v1/smoke-301/command",
                                         "--will-topic",
                                         "shoumen/v1/smoke-301/signal",
                                         "--will-payload",
                                         will,
                                         "-D",
                                         "will",
                                         "will-delay-interval",
                                         "3600"};
    auto once = words;
    once.emplace_back("-E");
    CHECK(Child(house.io, house.words("mosquitto_sub", once)).wait() == 0);
    run_until(house.io, [&] { return house.listener.counters().connections == 0; });
    CHECK(house.intake.taken.empty());
    Child own(house.io, house.words("mosquitto_sub", words));
    run_until(house.io, [&] { return house.listener.reaches("smoke-301"); });
    own.kill();
    run_until(house.io, [&] { return !house.intake.taken.empty(); });  // no session outlives its connection
    CHECK(house.intake.taken[0].id == "gone");
    Child elsewhere(house.io,
                    house.words("mosquitto_sub", {"-V", "mqttv5", "-t", "shoumen/v1/smoke-301/command", "--will-topic",
                                                  "tele/x/LWT", "--will-payload", "Offline", "-E"}));
    CHECK(elsewhere.wait() != 0);
    CHECK(house.log.find("the will stands on a topic") != std::string::npos);
}

TEST_CASE("mosquitto_sub is granted its own commands and nothing else, and its will counts when it is killed") {
    House house;
    const std::string will = R"({"id":"gone","kind":"smoke","values":{"online":false}})";
    auto words = house.words("mosquitto_sub", {"-d", "-q", "1", "-t", "shoumen/v1/smoke-301/command", "--will-topic",
                                               "shoumen/v1/smoke-301/signal", "--will-payload", will});
    words.insert(words.begin(), {"stdbuf", "-oL"});  // so that we see at once what it says
    Child own(house.io, words);
    run_until(house.io, [&] { return own.said("Subscribed (mid: 1): 1"); });
    Child all(house.io, house.words("mosquitto_sub", {"-d", "-t", "#", "-E"}));
    CHECK(all.wait() == 0);
    CHECK(all.said("128"));
    own.kill();
    run_until(house.io, [&] { return !house.intake.taken.empty(); });
    CHECK(house.intake.taken[0].id == "gone");
    CHECK(own.wait() == -1);
}

TEST_SUITE("full") {
    TEST_CASE("mosquitto_sub is kept alive by its pings") {
        House house;
        Child child(house.io,
                    house.words("mosquitto_sub", {"-d", "-k", "5", "-W", "8", "-t", "shoumen/v1/smoke-301/command"}));
        CHECK(child.wait() == 27);  // its own time-out
        CHECK(child.said("PINGRESP"));
        CHECK(house.listener.counters().timeouts == 0);
    }
}
