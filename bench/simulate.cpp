// `simulate`: a made-up town of 3,000 homes lives some days under virtual time, on SQLite, with people and faults.
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "policy/directory.hpp"
#include "store/sqlite/store.hpp"
#include "support/program.hpp"
#include "twin/simulation.hpp"
#include "twin/town.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

boost::json::object run_simulate(Arguments arguments) {
    std::int64_t days = 5;
    if (const auto text = argument(arguments, "days", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), days);
    const auto made = twin::make_town({3'000, 1});
    const policy::Files files(made.begin(), made.end());
    const auto compiled = policy::compile(files, nullptr, 1);
    const support::Scratch scratch;
    store::SqliteOptions store_options;
    store_options.shard = 1;
    store_options.sync = false;
    auto store = store::open_sqlite(scratch.path("data"), store_options);
    twin::SimulationOptions run;
    run.from = *base::parse_rfc3339("2026-03-02T00:00:00+08:00");
    run.length = base::days(days);
    run.channel.lose = 0.05;
    run.channel.repeat = 0.10;
    run.channel.wrong_clocks = 3;
    const auto began = std::chrono::steady_clock::now();
    const auto report = twin::simulate(compiled.policy, policy::pack(files), std::move(*store), run);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const double rate = static_cast<double>(run.length.us) / 1e6 / seconds;
    return {{"homes", 3'000},
            {"devices", compiled.policy->devices.size()},
            {"days", days},
            {"times_real_time", rate},
            {"messages", report ? report->messages.said : 0},
            {"messages_per_s", report ? static_cast<double>(report->messages.said) / seconds : 0},
            {"incidents", report ? report->incidents : 0},
            {"checks", {{"lived", report.has_value()}, {"something_happened", report && report->incidents > 0}}}};
}

const Registered here({"simulate", "a town of 3,000 homes lives under virtual time", run_simulate});

}  // namespace
}  // namespace shoumen::bench
