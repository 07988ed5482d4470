// A made-up town lived in on a real store, for the tests of the twin.
#pragma once
#include <doctest/doctest.h>

#include "policy/directory.hpp"
#include "store/sqlite/store.hpp"
#include "support/folder.hpp"
#include "twin/simulation.hpp"
#include "twin/town.hpp"

namespace shoumen::twin_test {

struct Town {
    policy::Files files;
    std::shared_ptr<const model::Policy> policy;
};

inline Town town(std::uint32_t homes, std::uint64_t seed = 1) {
    const auto made = twin::make_town({homes, seed});
    Town t{policy::Files(made.begin(), made.end()), nullptr};
    auto compiled = policy::compile(t.files, nullptr, 1);
    for (const auto& f : compiled.findings) FAIL_CHECK(policy::to_line(f));
    t.policy = compiled.policy;
    REQUIRE(t.policy);
    return t;
}

inline twin::SimulationReport live(const Town& town, const twin::SimulationOptions& options) {
    const support::Folder folder;
    store::SqliteOptions store_options;
    store_options.shard = options.shard;
    store_options.sync = false;
    auto store = store::open_sqlite(folder.path() + "/data", store_options);
    REQUIRE(store);
    const auto report = twin::simulate(town.policy, policy::pack(town.files), std::move(*store), options);
    REQUIRE_MESSAGE(report, report.error().message);
    return *report;
}

inline twin::SimulationOptions usual(base::Duration length, std::uint64_t seed = 1) {
    twin::SimulationOptions o;
    o.seed = seed;
    o.from = *base::parse_rfc3339("2026-03-02T00:00:00+08:00");
    o.length = length;
    return o;
}

}  // namespace shoumen::twin_test
