// `ingest`: signals over MQTT QoS 1 from pipelining devices into the running program: rules run, committed to SQLite
// (synchronous=FULL), then acknowledged. The load runs on the same machine. 10,000 further connections say nothing and
// are held open all the time.
#include <charconv>
#include <stdexcept>
#include <thread>

#include "support/program.hpp"

#include "community.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

std::uint64_t number(Arguments arguments, std::string_view name, std::uint64_t otherwise) {
    const std::string_view text = argument(arguments, name, "");
    std::uint64_t v = otherwise;
    if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), v);
    return v;
}

boost::json::object run_ingest(Arguments arguments) {
    const std::uint64_t signals = number(arguments, "signals", 20'000'000);
    const std::uint64_t devices = number(arguments, "devices", 20'000);
    const std::uint64_t connections = number(arguments, "connections", 200);
    const std::uint64_t idle_wanted = number(arguments, "idle", 10'000);
    const std::uint64_t window = number(arguments, "window", 1'000);
    raise_file_limit();
    Scratch scratch;
    const Town town = write_town(scratch.path("town"), devices, connections, 0);
    std::vector<std::string> ask{"token", "--new", "--community", town.directory, "--data", scratch.path("data")};
    ask.insert(ask.end(), town.gateways.begin(), town.gateways.end());
    const auto tokens = secrets_in(run_program(ask), "device");
    const Server server({"--community", town.directory, "--data", scratch.path("data")});

    std::vector<Login> logins;
    for (const auto& [device, token] : tokens) logins.push_back({device, token});
    const Target target{"127.0.0.1", server.mqtt_port()};
    auto idle = Idle::open(target, logins, idle_wanted);
    if (!idle) throw std::runtime_error(idle.error().message);
    const double rss_idle = server.rss_mb();

    Load load;
    load.target = target;
    for (std::size_t g = 0; g < town.gateways.size(); ++g)
        load.speakers.push_back({{town.gateways[g], tokens.at(town.gateways[g])}, town.voices[g]});
    load.messages = signals;
    load.window = static_cast<std::uint32_t>(window);
    const double before = server.processor_seconds();
    const auto outcome = run_load(load);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    const double used = server.processor_seconds() - before;
    const double rate = static_cast<double>(outcome->acknowledged) / outcome->seconds;
    return {
        {"acked_per_s", rate},
        {"signals", outcome->acknowledged},
        {"seconds", outcome->seconds},
        {"devices", devices},
        {"connections", connections},
        {"window", window},
        {"idle_connections", idle->size()},
        {"rss_mb", rss_idle},
        {"rss_after_load_mb", server.rss_mb()},
        {"server_cpu_us_per_signal", used * 1e6 / static_cast<double>(outcome->acknowledged)},
        {"load_cpu_us_per_signal", outcome->own_seconds * 1e6 / static_cast<double>(outcome->acknowledged)},
        {"ack_p50_ms", static_cast<double>(outcome->acknowledgement.quantile(0.5)) / 1000},
        {"ack_p99_ms", static_cast<double>(outcome->acknowledgement.quantile(0.99)) / 1000},
        {"checks",
         {{"all_acknowledged", outcome->acknowledged == signals}, {"idle_kept", idle->still_open() == idle_wanted}}}};
}

const Registered here({"ingest", "signals over MQTT QoS 1, committed and acknowledged", run_ingest});

}  // namespace
}  // namespace shoumen::bench
