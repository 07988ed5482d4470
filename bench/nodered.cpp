// `nodered`: Node-RED and Shoumen in the same run, one rule: three events of a device within 60 s are an alarm. The
// same payloads from the same load generators; first over HTTP (rate), then over MQTT (processor time of each server
// per event). Shoumen commits to SQLite (synchronous=FULL) before it answers; Node-RED keeps its counts in memory.
// Node-RED needs a broker: mosquitto, whose processor time is told apart. Each has a load before, unmeasured, to warm
// up.
// `./dev bench nodered` fetches Node-RED; SHOUMEN_NODE_RED names its red.js.
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/http_client.hpp"
#include "support/program.hpp"

#include "community.hpp"
#include "http_load.hpp"
#include "registry.hpp"

extern char** environ;

namespace shoumen::bench {
namespace {

using namespace support;
namespace json = boost::json;

constexpr const char* one_rule = R"(rules:
  - {id: three, name: {zh: 三次, en: Three times}, kinds: [motion, door_contact, smoke, gas], key: device, count: {at_least: 3, within: 60s}, alert: {incident: device_fault, severity: blue}}
)";

// The same rule in Node-RED: like Shoumen, it forgets the three when it alarms.
constexpr const char* function_of_rule = R"(
let s = flow.get('s');
if (!s) { s = {times: new Map(), events: 0, alarms: 0}; flow.set('s', s); }
const device = msg.payload.device;
const now = Date.now();
let times = s.times.get(device);
if (!times) { times = []; s.times.set(device, times); }
while (times.length > 0 && now - times[0] > 60000) times.shift();
times.push(now);
s.events++;
let alarm = null;
if (times.length >= 3) { times.length = 0; s.alarms++; alarm = {payload: {device: device, at: now}}; }
if (msg.res) msg.payload = {accepted: 1};
return [msg.res ? msg : null, alarm];
)";

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const bool fine = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(fd);
    if (!fine) throw std::runtime_error("no free port");
    return ntohs(at.sin_port);
}

double processor_seconds_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string text{std::istreambuf_iterator<char>(file), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// A program of others beside us, with its words in a file; ended with it.
class Other {
public:
    Other(std::vector<std::string> words, const std::string& log) : log_(log) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_adddup2(&actions, 1, 2);
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const int failed = ::posix_spawnp(&pid_, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failed != 0) throw std::runtime_error(words[0] + " cannot be started: ./dev setup test installs it");
    }
    ~Other() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Other(const Other&) = delete;
    Other& operator=(const Other&) = delete;
    [[nodiscard]] double processor_seconds() const { return processor_seconds_of(pid_); }
    void check_alive() {
        if (::waitpid(pid_, nullptr, WNOHANG) == 0) return;
        std::ifstream file(log_);
        throw std::runtime_error("a program has ended: " + std::string{std::istreambuf_iterator<char>(file), {}});
    }

private:
    std::string log_;
    pid_t pid_ = -1;
};

void wait_for_port(Other& of, std::uint16_t port) {
    for (int i = 0; i < 1'200; ++i) {
        of.check_alive();
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool there = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
        ::close(fd);
        if (there) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("a program does not listen");
}

// --- Theirs ------------------------------------------------------------------------------------------------------

json::array flow_for(std::uint16_t broker) {
    const auto wires = [](std::initializer_list<const char*> to) {
        json::array out;
        for (const char* id : to) out.push_back(json::array{id});
        return out;
    };
    json::array flow{
        {{"id", "tab"}, {"type", "tab"}, {"label", "bench"}},
        {{"id", "post"},
         {"type", "http in"},
         {"z", "tab"},
         {"url", "/api/v1/signals"},
         {"method", "post"},
         {"wires", wires({"rule"})}},
        {{"id", "rule"},
         {"type", "function"},
         {"z", "tab"},
         {"func", function_of_rule},
         {"outputs", 2},
         {"wires", json::array{json::array{"answer"}, json::array{}}}},
        {{"id", "answer"}, {"type", "http response"}, {"z", "tab"}, {"statusCode", "202"}, {"wires", json::array{}}},
        {{"id", "get"},
         {"type", "http in"},
         {"z", "tab"},
         {"url", "/count"},
         {"method", "get"},
         {"wires", wires({"count"})}},
        {{"id", "count"},
         {"type", "function"},
         {"z", "tab"},
         {"func",
          "const s = flow.get('s') || {events: 0, alarms: 0}; msg.payload = {events: s.events, alarms: s.alarms}; "
          "return msg;"},
         {"outputs", 1},
         {"wires", wires({"counted"})}},
        {{"id", "counted"}, {"type", "http response"}, {"z", "tab"}, {"statusCode", "200"}, {"wires", json::array{}}}};
    flow.push_back({{"id", "broker"},
                    {"type", "mqtt-broker"},
                    {"broker", "127.0.0.1"},
                    {"port", std::to_string(broker)},
                    {"clientid", "node-red"},
                    {"autoConnect", true},
                    {"usetls", false},
                    {"protocolVersion", "4"},
                    {"keepalive", "60"},
                    {"cleansession", true}});
    flow.push_back({{"id", "hear"},
                    {"type", "mqtt in"},
                    {"z", "tab"},
                    {"topic", "shoumen/v1/+/signal"},
                    {"qos", "1"},
                    {"datatype", "json"},
                    {"broker", "broker"},
                    {"inputs", 0},
                    {"wires", wires({"rule"})}});
    for (json::value& node : flow) {
        // What has no place on the page is taken for configuration.
        if (node.as_object().contains("z")) node.as_object().insert({{"x", 100}, {"y", 100}});
    }
    return flow;
}

class NodeRed {
public:
    explicit NodeRed(const Scratch& scratch) : broker_port_(free_port()), port_(free_port()) {
        write(scratch.path("mosquitto.conf"),
              fmt::format("listener {} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n", broker_port_));
        broker_ = std::make_unique<Other>(std::vector<std::string>{"mosquitto", "-c", scratch.path("mosquitto.conf")},
                                          scratch.path("mosquitto.log"));
        wait_for_port(*broker_, broker_port_);
        const std::string home = scratch.path("node-red");
        std::filesystem::create_directories(home);
        write(home + "/flows.json", json::serialize(flow_for(broker_port_)));
        write(home + "/settings.js",
              fmt::format("module.exports = {{flowFile: 'flows.json', uiHost: '127.0.0.1', uiPort: {}, httpAdminRoot: "
                          "false, credentialSecret: false, logging: {{console: {{level: 'warn'}}}}}};\n",
                          port_));
        const char* named = std::getenv("SHOUMEN_NODE_RED");
        const std::string red = named != nullptr ? named : ".tools/node-red/node_modules/node-red/red.js";
        if (!std::filesystem::exists(red))
            throw std::runtime_error(red + " is not there: ./dev bench nodered fetches it");
        server_ = std::make_unique<Other>(
            std::vector<std::string>{"node", red, "--userDir", home, "--settings", home + "/settings.js"},
            scratch.path("node-red.log"));
        wait_for_port(*server_, port_);
        client_ = std::make_unique<app::HttpClient>("127.0.0.1", port_);
        wait_until_it_hears();
    }
    struct Counts {
        std::uint64_t events = 0;
        std::uint64_t alarms = 0;
    };
    Counts counts() {
        const auto answer = client_->ask({"GET", "/count", {}, "", ""});
        if (!answer || answer->status != 200) return {};
        const auto read = json::parse(answer->body);
        return {read.at("events").to_number<std::uint64_t>(), read.at("alarms").to_number<std::uint64_t>()};
    }
    // Until it has seen so many; false: it stands still.
    bool wait_for(std::uint64_t events) {
        std::uint64_t last = 0;
        for (int still = 0; still < 400;) {
            const auto now = counts().events;
            if (now >= events) return true;
            still = now == last ? still + 1 : 0;
            last = now;
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        return false;
    }
    [[nodiscard]] Target http() const { return {"127.0.0.1", port_}; }
    [[nodiscard]] Target mqtt() const { return {"127.0.0.1", broker_port_}; }
    [[nodiscard]] double processor_seconds() const { return server_->processor_seconds(); }
    [[nodiscard]] double broker_seconds() const { return broker_->processor_seconds(); }

private:
    static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

    // Its subscription comes some time after its first answer.
    void wait_until_it_hears() {
        const std::string publish =
            fmt::format("mosquitto_pub -h 127.0.0.1 -p {} -q 1 -t shoumen/v1/none/signal -m '{{\"device\":\"none\"}}'",
                        broker_port_);
        for (int i = 0; i < 200 && counts().events == 0; ++i) {
            server_->check_alive();
            [[maybe_unused]] const int ignored = std::system(publish.c_str());
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        if (counts().events == 0) throw std::runtime_error("Node-RED does not hear what is published");
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }

    std::uint16_t broker_port_;
    std::uint16_t port_;
    std::unique_ptr<Other> broker_;
    std::unique_ptr<Other> server_;
    std::unique_ptr<app::HttpClient> client_;
};

// --- The loads ---------------------------------------------------------------------------------------------------

struct Work {
    Town town;
    std::map<std::string, std::string> tokens;
    std::uint64_t http = 0;
    std::uint64_t mqtt = 0;
    std::size_t connections = 0;
    std::size_t pipeline = 0;
};

HttpLoad http_load(const Work& work, const Target& to, std::uint64_t messages, std::uint64_t first) {
    return {.target = to,
            .path = "/api/v1/signals",
            .token = work.tokens.at("gw-0"),
            .voices = work.town.voices[0],
            .messages = messages,
            .connections = work.connections,
            .pipeline = work.pipeline,
            .first_number = first};
}

HttpOutcome measured(const HttpLoad& load) {
    const auto outcome = run_http_load(load);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    return *outcome;
}

// From gateways 1 on; those of gateway 0 belong to HTTP.
Load mqtt_load(const Work& work, const Target& to, std::uint64_t messages, std::uint64_t first) {
    Load load;
    load.target = to;
    for (std::size_t g = 1; g < work.town.gateways.size(); ++g)
        load.speakers.push_back({{work.town.gateways[g], work.tokens.at(work.town.gateways[g])}, work.town.voices[g]});
    load.messages = messages;
    load.shared_evenly = true;  // so that both have the same alarms
    load.window = 500;
    load.first_number = first;
    return load;
}

// Alarms that these messages make, one account for each device.
class Account {
public:
    void watch(Load& load) {
        load.on_sent = [this](const Sent& sent) { ++counts_[{sent.speaker, sent.voice}]; };
    }
    [[nodiscard]] std::uint64_t alarms() const {
        std::uint64_t sum = 0;
        for (const auto& [device, count] : counts_) sum += count / 3;
        return sum;
    }

private:
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> counts_;
};

struct Figures {
    double http_per_s = 0;
    double mqtt_per_s = 0;
    double http_cpu_us = 0;
    double cpu_us = 0;
    double broker_cpu_us = 0;
    std::uint64_t alarms = 0;
    std::uint64_t expected = 0;
    bool all_taken = false;
};

// `wait` returns when all messages so far have been dealt with, `cpu` says what the server has used.
template <class Wait, class Cpu>
Figures measure(const Work& work, const Target& http, const Target& mqtt, const Wait& wait, const Cpu& cpu) {
    Figures out;
    const std::uint64_t warm = work.http / 4;
    const auto warmed = measured(http_load(work, http, warm, 0));
    const auto used_http = cpu();
    const auto over_http = measured(http_load(work, http, work.http, warm));
    out.http_cpu_us = (cpu().first - used_http.first) * 1e6 / static_cast<double>(work.http);
    out.http_per_s = static_cast<double>(over_http.answered) / over_http.seconds;
    const auto devices = static_cast<std::uint64_t>(work.town.voices[0].size());
    // The second load begins anew with the first device: the account of both is that of each device's own sum.
    std::uint64_t http_alarms = 0;
    for (std::uint64_t d = 0; d < devices; ++d) {
        const auto of = [&](std::uint64_t all) { return all / devices + (d < all % devices ? 1 : 0); };
        http_alarms += (of(warm) + of(work.http)) / 3;
    }

    Account account;
    Load before = mqtt_load(work, mqtt, work.mqtt / 4, 1'000'000'000);
    account.watch(before);
    Load load = mqtt_load(work, mqtt, work.mqtt, 2'000'000'000);
    account.watch(load);
    auto done = run_load(before);
    if (!done) throw std::runtime_error(done.error().message);
    const std::uint64_t so_far = warm + work.http + before.messages;
    bool all = wait(so_far);
    const auto used_before = cpu();
    const auto start = std::chrono::steady_clock::now();
    done = run_load(load);
    if (!done) throw std::runtime_error(done.error().message);
    all = wait(so_far + load.messages) && all;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto used = cpu();
    const auto events = static_cast<double>(load.messages);
    out.mqtt_per_s = events / seconds;
    out.cpu_us = (used.first - used_before.first) * 1e6 / events;
    out.broker_cpu_us = (used.second - used_before.second) * 1e6 / events;
    out.expected = http_alarms + account.alarms();
    out.all_taken = all && warmed.refused == 0 && over_http.refused == 0 && done->acknowledged == load.messages;
    return out;
}

Figures measure_theirs(const Work& work, const Scratch& scratch) {
    NodeRed red(scratch);
    const auto before = red.counts();
    auto out = measure(
        work, red.http(), red.mqtt(), [&](std::uint64_t events) { return red.wait_for(before.events + events); },
        [&] { return std::pair(red.processor_seconds(), red.broker_seconds()); });
    out.alarms = red.counts().alarms - before.alarms;
    return out;
}

std::uint64_t alerts_in(const Scratch& scratch) {
    const std::string out = scratch.path("alerts");
    const std::string ask =
        fmt::format("sqlite3 -readonly '{}/shoumen.db' 'select count(*) from alert' >'{}'", scratch.path("data"), out);
    if (std::system(ask.c_str()) != 0) throw std::runtime_error("sqlite3 cannot read the alerts");
    std::uint64_t count = 0;
    std::ifstream(out) >> count;
    return count;
}

Figures measure_ours(const Work& work, const Scratch& scratch) {
    Figures out;
    {
        const Server server({"--community", work.town.directory, "--data", scratch.path("data")});
        out = measure(
            work, {"127.0.0.1", server.http_port()}, {"127.0.0.1", server.mqtt_port()},
            [](std::uint64_t) { return true; },  // what was acknowledged has been dealt with
            [&] { return std::pair(server.processor_seconds(), 0.0); });
    }
    out.alarms = alerts_in(scratch);
    return out;
}

json::object told(const Figures& f) {
    return {{"http_per_s", f.http_per_s},
            {"http_cpu_us_per_event", f.http_cpu_us},
            {"mqtt_per_s", f.mqtt_per_s},
            {"mqtt_cpu_us_per_event", f.cpu_us},
            {"alarms", f.alarms}};
}

json::object run_nodered(Arguments arguments) {
    const auto number = [&](std::string_view name, std::uint64_t otherwise) {
        const std::string_view text = argument(arguments, name, "");
        std::uint64_t v = otherwise;
        if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), v);
        return v;
    };
    Work work;
    work.http = number("http", 30'000);
    work.mqtt = number("mqtt", 200'000);
    work.connections = number("connections", 1'000);
    work.pipeline = number("pipeline", 1);
    const std::uint64_t devices = number("devices", 80'000);
    const Scratch scratch;
    work.town = write_town(scratch.path("town"), devices, 8, 0);
    std::ofstream(work.town.directory + "/rules/all.yaml") << one_rule;
    std::vector<std::string> ask{"token", "--new", "--community", work.town.directory, "--data", scratch.path("data")};
    ask.insert(ask.end(), work.town.gateways.begin(), work.town.gateways.end());
    work.tokens = secrets_in(run_program(ask), "device");

    const auto ours = measure_ours(work, scratch);
    const auto theirs = measure_theirs(work, scratch);
    auto node_red = told(theirs);
    node_red["mosquitto_cpu_us_per_event"] = theirs.broker_cpu_us;
    return {{"ratio", ours.http_per_s / theirs.http_per_s},
            {"cpu_ratio", ours.cpu_us / theirs.cpu_us},
            {"shoumen", told(ours)},
            {"node_red", node_red},
            {"http_events", work.http},
            {"http_connections", work.connections},
            {"http_pipeline", work.pipeline},
            {"mqtt_events", work.mqtt},
            {"devices", devices},
            {"alarms_expected", ours.expected},
            {"checks",
             {{"all_taken", ours.all_taken && theirs.all_taken},
              {"alarms_equal", ours.alarms == theirs.alarms && ours.alarms == ours.expected &&
                                   ours.expected == theirs.expected && ours.alarms > 0},
              {"http_ten_times", ours.http_per_s >= 10 * theirs.http_per_s},
              {"cpu_a_fifth", ours.cpu_us * 5 <= theirs.cpu_us}}}};
}

const Registered here({"nodered", "Node-RED beside us: one rule, over HTTP and over MQTT", run_nodered});

}  // namespace
}  // namespace shoumen::bench
