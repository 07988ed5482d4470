// The watcher on a machine and a clock that do what the test says, before a real node and store.
#include "shell/watcher.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <optional>

#include <doctest/doctest.h>

#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/node.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"

using namespace shoumen;

namespace {

class SetClock final : public ports::Clock {
public:
    [[nodiscard]] base::Time now() const override { return time; }
    [[nodiscard]] base::Duration real_until(base::Time) const override { return {}; }
    base::Time time = *base::parse_rfc3339("2026-03-03T08:00:00Z");
};

class SetMachine final : public ports::Machine {
public:
    [[nodiscard]] std::optional<ports::DiskSpace> disk() const override { return space; }
    [[nodiscard]] std::optional<std::uint64_t> store_bytes() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> memory_bytes() const override { return std::nullopt; }
    [[nodiscard]] base::Duration steady() const override { return passed; }
    [[nodiscard]] std::optional<bool> clock_synchronised() const override { return synchronised; }
    std::optional<ports::DiskSpace> space = ports::DiskSpace{600, 1000};
    base::Duration passed;
    std::optional<bool> synchronised;
};

class SomeRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> out) override { protect::random_bytes(out.data(), out.size()); }
};

struct World {
    World() : vfs(1) {
        REQUIRE(protect::start_crypto());
        store::SqliteOptions options;
        options.shard = 1;
        options.vfs_name = vfs.name();
        options.files = &vfs.files();
        auto store = store::open_sqlite("/data", options);
        REQUIRE(store);
        shell::NodeOptions node_options;
        node_options.threads = false;
        node_options.pending_inputs = 100;
        node.emplace(std::move(*store), clock, random, node_options,
                     [this](std::function<void()> call) { posted.push_back(std::move(call)); });
        const auto files = *policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
        REQUIRE(node->start(policy::compile(files, nullptr, 1).policy, policy::pack(files)));
        node->on_committed([this](const shell::Committed& what) {
            for (const auto& i : what.incidents) incidents[i.id.value] = i;
        });
        shell::WatcherOptions watch;
        watch.log = [this](const ports::LogEntry& e) { events.push_back(e.event); };
        watcher.emplace(*node, machine, watch);
    }
    ~World() { node->on_committed({}); }

    bool commit() {
        const bool done = node->turn();
        while (!posted.empty()) {
            posted.front()();
            posted.pop_front();
        }
        return done;
    }
    void pass(base::Duration d) {
        clock.time = clock.time + d;
        machine.passed = machine.passed + d;
    }
    // A look every five seconds for so long.
    void watch_for(base::Duration d) {
        for (base::Duration done; done < d; done = done + base::seconds(5)) {
            pass(base::seconds(5));
            watcher->check();
            commit();
        }
    }
    [[nodiscard]] const model::Incident* incident(std::string_view kind) const {
        for (const auto& [id, i] : incidents) {
            if (node->policy()->incident_kinds[i.kind.value].code == kind) return &i;
        }
        return nullptr;
    }
    bool hear(const char* code) {
        const auto device = *node->device(code);
        const std::array values{model::FlatValue{"smoke", false}};
        return node->submit({device, false}, "mqtt", {{}, code, {}, {}, values, {}}, "raw").admission ==
               ports::Admission::queued;
    }

    support::FaultVfs vfs;
    SetClock clock;
    SetMachine machine;
    SomeRandom random;
    std::deque<std::function<void()>> posted;
    std::map<std::uint64_t, model::Incident> incidents;
    std::vector<std::string> events;
    std::optional<shell::Node> node;
    std::optional<shell::Watcher> watcher;
};

}  // namespace

TEST_CASE("watcher: it speaks at once, then on change and every five minutes") {
    World w;
    w.watcher->check();
    CHECK(w.watcher->signals() == 1);
    w.watch_for(base::minutes(4));
    CHECK(w.watcher->signals() == 1);
    w.watch_for(base::minutes(2));
    CHECK(w.watcher->signals() == 2);
    w.machine.space = ports::DiskSpace{590, 1000};  // a percent less
    w.watch_for(base::seconds(10));
    CHECK(w.watcher->signals() == 3);
    w.machine.space = ports::DiskSpace{589, 1000};  // not worth a word
    w.watch_for(base::seconds(10));
    CHECK(w.watcher->signals() == 3);
    CHECK(w.incidents.empty());
}

TEST_CASE("watcher: what cannot be read is not said") {
    World w;
    w.machine.space.reset();
    w.watcher->check();
    CHECK_FALSE(w.watcher->reading().disk_free_percent);
    w.watch_for(base::minutes(1));
    CHECK(w.incident("platform_disk") == nullptr);
    w.machine.space = ports::DiskSpace{90, 1000};
    w.watch_for(base::seconds(5));
    REQUIRE(w.incident("platform_disk") != nullptr);
}

TEST_CASE("watcher: a jump of the clock is told for ten minutes, either way; slow drift is followed") {
    World w;
    w.watch_for(base::minutes(1));
    for (int i = 0; i < 100; ++i) {  // a quarter of a second in five: far more than any clock drifts
        w.clock.time = w.clock.time + base::milliseconds(250);
        w.watch_for(base::seconds(5));
    }
    CHECK(w.watcher->reading().clock_off_s == 0);
    w.clock.time = w.clock.time + base::hours(1);
    w.watch_for(base::seconds(5));
    CHECK(w.watcher->reading().clock_off_s == doctest::Approx(3600).epsilon(0.001));
    REQUIRE(w.incident("platform_clock") != nullptr);
    w.watch_for(base::minutes(9));
    CHECK(w.watcher->reading().clock_off_s > 3000);
    w.watch_for(base::minutes(2));
    CHECK(w.watcher->reading().clock_off_s == 0);
    // Back again: this time it lies behind the newest receive time until it has caught up.
    w.clock.time = w.clock.time + -base::hours(1);
    w.watch_for(base::minutes(15));
    CHECK(w.watcher->reading().clock_off_s > 2000);
    w.watch_for(base::minutes(50));
    CHECK(w.watcher->reading().clock_off_s == 0);
    CHECK(std::ranges::count(w.events, "clock_off") == 2);
    CHECK(std::ranges::count(w.events, "clock_right") == 2);
}

TEST_CASE("watcher: a gateway is silent a quarter of an hour after it was heard through any of its devices") {
    World w;
    w.watch_for(base::minutes(20));
    CHECK(w.watcher->reading().bridges_silent == 0);  // never heard: not put up yet
    REQUIRE(w.hear("d-1"));
    w.watch_for(base::minutes(14));
    CHECK(w.watcher->reading().bridges_silent == 0);
    w.watch_for(base::minutes(2));
    CHECK(w.watcher->reading().bridges_silent == 1);
    CHECK(w.watcher->reading().bridge == "gw-demo");
    REQUIRE(w.incident("platform_bridge") != nullptr);
    REQUIRE(w.hear("smoke-gh-1-101"));
    w.watch_for(base::seconds(5));
    CHECK(w.watcher->reading().bridges_silent == 0);
}

TEST_CASE("watcher: while nothing can be stored its word waits with its time, and not without bound") {
    World w;
    w.watch_for(base::minutes(1));
    w.vfs.set_room(0);
    w.hear("d-1");
    CHECK_FALSE(w.commit());
    while (w.hear("d-1")) {
    }  // doors are told busy from here on
    w.machine.space = ports::DiskSpace{0, 1000};
    const base::Time began = w.clock.time;
    w.watch_for(base::hours(12));
    CHECK(w.incident("platform_disk") == nullptr);
    CHECK_FALSE(w.node->state().storing);
    CHECK(w.node->state().queued <= 1 + 100 + 64);
    CHECK_FALSE(w.hear("d-1"));
    w.vfs.set_room(support::FaultDisk::unlimited);
    REQUIRE(w.commit());
    for (int i = 0; i < 5; ++i) w.commit();
    const model::Incident* disk = w.incident("platform_disk");
    REQUIRE(disk != nullptr);
    CHECK(disk->opened >= began);
    CHECK(disk->opened <= began + base::seconds(10));
}
