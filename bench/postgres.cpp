// `postgres`: the same load as `ingest` (signals over MQTT QoS 1, rules run, committed, then acknowledged) into the
// program over SQLite and over PostgreSQL, by turns in one run on the same disk. The database server is one of its own,
// with the settings initdb gives it, reached by its socket; load, program and server share the machine.
#include "support/postgres.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "support/program.hpp"

#include "community.hpp"
#include "ingest_client.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

std::uint64_t count_of(Arguments arguments, std::string_view name, std::uint64_t otherwise) {
    const std::string_view text = argument(arguments, name, "");
    std::uint64_t v = otherwise;
    if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), v);
    return v;
}

struct Run {
    double per_s = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    double program_us = 0;  // of processor, a signal
    bool all = false;
};

struct Wanted {
    std::uint64_t signals = 0;
    std::uint64_t devices = 0;
    std::uint64_t connections = 0;
    std::uint64_t window = 0;
};

// `database` empty: SQLite.
Run run_once(const Wanted& wanted, const Town& town, const std::string& data, const std::string& database) {
    std::vector<std::string> place{"--community", town.directory, "--data", data};
    if (!database.empty()) place.insert(place.end(), {"--database", database});
    std::vector<std::string> ask{"token", "--new"};
    ask.insert(ask.end(), place.begin(), place.end());
    ask.insert(ask.end(), town.gateways.begin(), town.gateways.end());
    const auto tokens = secrets_in(run_program(ask), "device");
    const Server server(place);
    Load load;
    load.target = {"127.0.0.1", server.mqtt_port()};
    for (std::size_t g = 0; g < town.gateways.size(); ++g)
        load.speakers.push_back({{town.gateways[g], tokens.at(town.gateways[g])}, town.voices[g]});
    load.messages = wanted.signals;
    load.window = static_cast<std::uint32_t>(wanted.window);
    const double before = server.processor_seconds();
    const auto outcome = run_load(load);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    const auto n = static_cast<double>(outcome->acknowledged);
    return {n / outcome->seconds, static_cast<double>(outcome->acknowledgement.quantile(0.5)) / 1000,
            static_cast<double>(outcome->acknowledgement.quantile(0.99)) / 1000,
            (server.processor_seconds() - before) * 1e6 / n, outcome->acknowledged == wanted.signals};
}

// The run in the middle by its rate.
Run middle(std::vector<Run> runs) {
    std::ranges::sort(runs, {}, &Run::per_s);
    return runs[runs.size() / 2];
}

boost::json::object figures(const Run& run) {
    return {{"acked_per_s", run.per_s},
            {"ack_p50_ms", run.p50_ms},
            {"ack_p99_ms", run.p99_ms},
            {"program_cpu_us_per_signal", run.program_us}};
}

boost::json::object settings_of(PostgresServer& server) {
    boost::json::object out;
    for (const char* name : {"server_version", "fsync", "full_page_writes", "synchronous_commit", "wal_sync_method",
                             "wal_level", "shared_buffers", "wal_buffers", "max_wal_size"})
        out[name] = server.execute("postgres", std::string("SHOW ") + name);
    return out;
}

boost::json::object run_postgres(Arguments arguments) {
    const Wanted wanted{count_of(arguments, "signals", 2'000'000), count_of(arguments, "devices", 2'000),
                        count_of(arguments, "connections", 50), count_of(arguments, "window", 1'000)};
    const auto rounds = std::max<std::uint64_t>(count_of(arguments, "rounds", 3), 1);
    raise_file_limit();
    PostgresServer server;
    Scratch scratch;
    const Town town = write_town(scratch.path("town"), wanted.devices, wanted.connections, 0);
    std::vector<Run> sqlite;
    std::vector<Run> postgresql;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const auto data = scratch.path("data") + std::to_string(round);
        sqlite.push_back(run_once(wanted, town, data + "-sqlite", ""));
        postgresql.push_back(run_once(wanted, town, data + "-postgresql", server.address(server.create_database())));
    }
    const auto all = [](const std::vector<Run>& runs) { return std::ranges::all_of(runs, &Run::all); };
    const Run one = middle(sqlite);
    const Run other = middle(postgresql);
    return {{"signals", wanted.signals},
            {"rounds", rounds},
            {"devices", wanted.devices},
            {"connections", wanted.connections},
            {"window", wanted.window},
            {"sqlite", figures(one)},
            {"postgresql", figures(other)},
            {"ratio", other.per_s / one.per_s},
            {"settings", settings_of(server)},
            {"checks", {{"sqlite_all_acknowledged", all(sqlite)}, {"postgresql_all_acknowledged", all(postgresql)}}}};
}

const Registered here({"postgres", "ingest over PostgreSQL beside SQLite", run_postgres});

}  // namespace
}  // namespace shoumen::bench
