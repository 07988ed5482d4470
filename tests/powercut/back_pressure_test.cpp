// Back-pressure from end to end: real doors in front of a node on a disk that has become slow. Senders are slowed,
// memory stays bounded, health and figures say so, nothing that was acknowledged is lost, and an incident follows.
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <fmt/core.h>

#include "app/mqtt_client.hpp"
#include "doors/http/server.hpp"
#include "doors/mqtt/listener.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/node.hpp"
#include "shell/office.hpp"
#include "shell/watcher.hpp"
#include "store/files/evidence.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"
#include "support/program.hpp"

#include "real.hpp"

using namespace shoumen;
using powercut::RealClock;
using powercut::RealRandom;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

constexpr std::size_t room = 500;

std::int64_t steady_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// A machine on which all is well: what is wrong is the store's.
class WellMachine final : public ports::Machine {
public:
    [[nodiscard]] std::optional<ports::DiskSpace> disk() const override { return ports::DiskSpace{50, 100}; }
    [[nodiscard]] std::optional<std::uint64_t> store_bytes() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> memory_bytes() const override { return std::nullopt; }
    [[nodiscard]] base::Duration steady() const override { return {steady_us()}; }
    [[nodiscard]] std::optional<bool> clock_synchronised() const override { return std::nullopt; }
};

// One request on a connection of its own; the whole answer, headers too.
std::string ask(std::uint16_t port, const std::string& method, const std::string& target, const std::string& token,
                const std::string& body = {}) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", method, target);
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty()) request += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    request += "\r\n" + body;
    asio::write(socket, asio::buffer(request));
    std::string answer;
    boost::system::error_code ec;
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
}

unsigned status_of(const std::string& answer) {
    return answer.size() > 12 ? static_cast<unsigned>(std::stoul(answer.substr(9, 3))) : 0;
}

std::string many_signals(int n) {
    std::string body = "[";
    for (int i = 0; i < n; ++i)
        body += std::string(i > 0 ? "," : "") + R"({"device":"d-1","kind":"smoke","values":{"smoke":false}})";
    return body + "]";
}

// A node with both doors, all but the disk as the program has it, on a thread of its own.
class Served {
public:
    Served() : vfs(1), evidence(place.path("evidence")), work(asio::make_work_guard(io)) {
        store::SqliteOptions options;
        options.shard = 1;
        options.vfs_name = vfs.name();
        options.files = &vfs.files();
        auto store = store::open_sqlite("/data", options);
        REQUIRE(store);
        shell::NodeOptions node_options;
        node_options.pending_inputs = room;
        const auto post = [this](std::function<void()> call) { asio::post(io, std::move(call)); };
        node.emplace(std::move(*store), clock, random, node_options, post);
        const auto files = *policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
        REQUIRE(node->start(policy::compile(files, nullptr, 1).policy, policy::pack(files)));
        office.emplace(*node, evidence, clock, post);
        REQUIRE(office->start());
        shell::WatcherOptions watch;
        watcher.emplace(*node, machine, watch);
        office->show(&*watcher);
        office->put_device_token("d-1", [this](base::Result<std::string> made) { token = made.value(); });
        while (token.empty()) io.run_one();
        doors::http::Options http_options;
        http_options.port = 0;
        http_options.api_dir = SHOUMEN_SOURCE_DIR "/api";
        http.emplace(io, *node, *office, http_options);
        REQUIRE(http->start());
        doors::mqtt::Options mqtt_options;
        mqtt_options.port = 0;
        mqtt.emplace(io, *node, mqtt_options);
        REQUIRE(mqtt->start());
        look();
        thread = std::thread([this] { io.run(); });
    }
    ~Served() {
        asio::post(io, [this] {
            timer.cancel();
            mqtt->stop();
            http->stop();
            work.reset();
        });
        thread.join();
        node->stop();
        io.restart();
        io.poll();
    }
    void look() {
        watcher->check();
        most_queued = std::max<std::uint64_t>(most_queued, node->state().queued);
        stalls = mqtt->counters().stalls;
        timer.expires_after(100ms);
        timer.async_wait([this](const boost::system::error_code& e) {
            if (!e) look();
        });
    }
    std::string metrics() {
        std::string text;
        std::atomic<bool> there{false};
        asio::post(io, [&] {
            text = office->metrics();
            there = true;
        });
        while (!there) std::this_thread::sleep_for(1ms);
        return text;
    }

    support::Scratch place;
    support::FaultVfs vfs;
    RealClock clock;
    RealRandom random;
    WellMachine machine;
    store::EvidenceDirectory evidence;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work;
    asio::steady_timer timer{io};
    std::optional<shell::Node> node;
    std::optional<shell::Office> office;
    std::optional<shell::Watcher> watcher;
    std::optional<doors::http::Server> http;
    std::optional<doors::mqtt::Listener> mqtt;
    std::string token;
    std::atomic<std::uint64_t> most_queued{0};
    std::atomic<std::uint64_t> stalls{0};
    std::thread thread;
};

double figure(const std::string& text, const std::string& name) {
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

}  // namespace

TEST_CASE("a slow disk is felt at both doors, said by health and figures, and told as an incident afterwards") {
    REQUIRE(protect::start_crypto());
    Served node;
    const std::uint16_t http = node.http->port();
    CHECK(status_of(ask(http, "GET", "/api/v1/health", "")) == 200);
    node.vfs.slow_down(0us, 1500ms);  // a sync takes a second and a half; a commit needs a few

    // MQTT: a device that publishes without waiting for its acknowledgements.
    app::MqttOptions mqtt_options;
    mqtt_options.port = node.mqtt->port();
    mqtt_options.client_id = "fast";
    mqtt_options.user = "d-1";
    mqtt_options.password = node.token;
    std::atomic<bool> enough{false};
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> acknowledged{0};
    std::thread device([&] {
        app::MqttClient client(mqtt_options);
        while (!client.connected()) client.serve_until(std::chrono::steady_clock::now() + 50ms);
        while (!enough || client.acknowledged() < client.published()) {
            for (int i = 0; !enough && i < 50 && client.published() < client.acknowledged() + 3'000; ++i)
                client.publish("shoumen/v1/d-1/signal", R"({"device":"d-1","kind":"smoke","values":{"smoke":false}})");
            client.serve_until(std::chrono::steady_clock::now() + 10ms);
        }
        published = client.published();
        acknowledged = client.acknowledged();
    });
    // HTTP: until one is told to come back later.
    std::string refused;
    std::uint64_t taken = 0;
    for (int i = 0; i < 100 && refused.empty(); ++i) {
        const std::string answer = ask(http, "POST", "/api/v1/signals", node.token, many_signals(5));
        if (status_of(answer) == 429)
            refused = answer;
        else if (status_of(answer) == 202)
            taken += 5;
    }
    CHECK(status_of(refused) == 429);
    CHECK(refused.find("\r\nRetry-After: ") != std::string::npos);
    std::string health;
    for (int i = 0; i < 100 && health.find("backlog") == std::string::npos; ++i) {
        health = ask(http, "GET", "/api/v1/health", "");
        std::this_thread::sleep_for(50ms);
    }
    CHECK(status_of(health) == 200);  // it stores, slowly
    CHECK(health.find(R"("degraded":["backlog"])") != std::string::npos);
    const std::string during = node.metrics();
    CHECK(figure(during, "shoumen_inputs_queued") >= room / 2.0);
    CHECK(figure(during, "shoumen_inputs_room") == static_cast<double>(room));
    CHECK(during.find(R"(shoumen_signals_taken_total{kind="smoke",outcome="busy"})") != std::string::npos);
    CHECK(node.stalls > 0);
    std::this_thread::sleep_for(4s);  // long enough to be told of

    node.vfs.slow_down(0us, 0ms);
    enough = true;
    device.join();
    CHECK(acknowledged == published);
    CHECK(node.most_queued <= 2 * room + 64);  // what gathers, what is being committed, and the platform's own word
    std::string after;
    for (int i = 0; i < 100; ++i) {
        after = node.metrics();
        if (figure(after, "shoumen_inputs_queued") == 0 &&
            after.find(R"(shoumen_incidents_opened_total{kind="platform_backlog")") != std::string::npos)
            break;
        std::this_thread::sleep_for(100ms);
    }
    CHECK(figure(after, "shoumen_inputs_queued") == 0);
    CHECK(after.find(R"(shoumen_incidents_opened_total{kind="platform_backlog",severity="orange"} 1)") !=
          std::string::npos);
    CHECK(figure(after, R"(shoumen_signals_taken_total{kind="smoke",outcome="accepted"})") ==
          static_cast<double>(published + taken));
    CHECK(figure(after, "shoumen_signals_total") ==
          static_cast<double>(published + taken) + figure(after, "shoumen_platform_signals_total"));
    // Once the wait is over, nothing more is said of it.
    for (int i = 0; i < 50; ++i) {
        health = ask(http, "GET", "/api/v1/health", "");
        if (health.find("degraded") == std::string::npos) break;
        std::this_thread::sleep_for(100ms);
    }
    CHECK(health.find("degraded") == std::string::npos);
}
