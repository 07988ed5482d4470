// `restart`: 10 million signals of history, 100,000 devices; the process was killed; how long until it is ready again.
// The history is written by the shell itself (node and SQLite store of the program), without doors, and ends without a
// last snapshot, as after a power cut.
#include <charconv>
#include <deque>
#include <stdexcept>

#include "base/random.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/node.hpp"
#include "store/sqlite/store.hpp"
#include "support/program.hpp"

#include "community.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

class HandClock final : public ports::Clock {
public:
    [[nodiscard]] base::Time now() const override { return now_; }
    [[nodiscard]] base::Duration real_until(base::Time) const override { return {}; }
    void forward(base::Duration d) { now_ = now_ + d; }

private:
    base::Time now_ = *base::parse_rfc3339("2026-03-03T00:00:00Z");
};

class AnyRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> out) override { protect::random_bytes(out.data(), out.size()); }
};

// Inputs written since the last snapshot when the process "dies": the most that can be, less one batch.
void write_history(const Town& town, const std::string& data, std::uint64_t signals, std::uint64_t& incidents) {
    auto files = policy::read_directory(town.directory);
    const auto compiled = policy::compile(*files, nullptr, 1);
    if (!compiled.policy)
        throw std::runtime_error("the town does not compile: " + policy::to_line(compiled.findings.front()));
    store::SqliteOptions options;
    options.shard = 1;
    auto store = store::open_sqlite(data, options);
    if (!store) throw std::runtime_error(store.error().message);
    HandClock clock;
    AnyRandom random;
    std::deque<std::function<void()>> posted;
    shell::NodeOptions node_options;
    node_options.threads = false;
    shell::Node node(std::move(*store), clock, random, node_options,
                     [&](std::function<void()> call) { posted.push_back(std::move(call)); });
    if (auto done = node.start(compiled.policy, policy::pack(*files)); !done)
        throw std::runtime_error(done.error().message);
    std::vector<const Voice*> voices;
    for (const auto& list : town.voices) {
        for (const auto& v : list) voices.push_back(&v);
    }
    base::SeededRandom pick(1);
    const auto policy = node.policy();
    for (std::uint64_t n = 0; n < signals; ++n) {
        const Voice& v = *voices[pick.below(voices.size())];
        const std::string id = std::to_string(n);
        model::FlatSignal flat;
        flat.id = id;
        flat.device = v.device;
        flat.kind = v.kind;
        const bool on = pick.chance(0.5);
        const std::array values{v.kind == "gas"            ? model::FlatValue{"lel", on ? 1.5 : 2.0}
                                : v.kind == "motion"       ? model::FlatValue{"occupancy", on}
                                : v.kind == "door_contact" ? model::FlatValue{"contact", on}
                                                           : model::FlatValue{"smoke", false}};
        flat.values = values;
        const auto id_of = *node.device(v.device);
        if (node.submit({id_of, false}, "mqtt", flat, {}).admission != ports::Admission::queued)
            throw std::runtime_error("a signal was refused");
        clock.forward({8'640});  // ten million in a day
        if (n % 4'000 == 3'999) node.turn();
        posted.clear();
    }
    node.turn();
    incidents = node.state().live_incidents;
}

boost::json::object run_restart(Arguments arguments) {
    std::uint64_t signals = 10'000'000;
    std::uint64_t devices = 100'000;
    if (const auto text = argument(arguments, "signals", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), signals);
    if (const auto text = argument(arguments, "devices", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), devices);
    protect::start_crypto();
    Scratch scratch;
    const Town town = write_town(scratch.path("town"), devices, 100, 0);
    std::uint64_t incidents = 0;
    write_history(town, scratch.path("data"), signals, incidents);
    const std::vector<std::string> arguments_of{"--community",        town.directory,  "--data",
                                                scratch.path("data"), "--clock-start", "2026-03-04T00:00:10Z"};
    boost::json::array runs;
    double first = 0;
    double worst = 0;
    for (int i = 0; i < 3; ++i) {
        Server server(arguments_of);
        runs.push_back(server.seconds_to_ready());
        if (i == 0) first = server.seconds_to_ready();
        worst = std::max(worst, server.seconds_to_ready());
        server.kill_hard();
    }
    return {{"ready_s", worst},   {"first_ready_s", first}, {"runs", runs},
            {"signals", signals}, {"devices", devices},     {"live_incidents", incidents}};
}

const Registered here({"restart", "ready again after a crash, with a long history", run_restart});

}  // namespace
}  // namespace shoumen::bench
