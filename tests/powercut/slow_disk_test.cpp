// A disk that cannot keep up: the sender is told `busy`, what waits stays bounded, nothing acknowledged is missing, and
// all goes on.
#include <array>
#include <deque>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/node.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"

#include "real.hpp"

using namespace shoumen;
using powercut::RealClock;
using powercut::RealRandom;

namespace {

// Calls posted from the writer thread, run on the test's.
class Posted {
public:
    void put(std::function<void()> call) {
        const std::lock_guard lock(mutex_);
        calls_.push_back(std::move(call));
    }
    void run() {
        for (;;) {
            std::function<void()> call;
            {
                const std::lock_guard lock(mutex_);
                if (calls_.empty()) return;
                call = std::move(calls_.front());
                calls_.pop_front();
            }
            call();
        }
    }

private:
    std::mutex mutex_;
    std::deque<std::function<void()>> calls_;
};

}  // namespace

TEST_CASE("a slow disk slows the sender, not the memory") {
    REQUIRE(protect::start_crypto());
    support::FaultVfs vfs(1);
    store::SqliteOptions options;
    options.shard = 1;
    options.vfs_name = vfs.name();
    options.files = &vfs.files();
    auto store = store::open_sqlite("/data", options);
    REQUIRE(store);
    const RealClock clock;
    RealRandom random;
    Posted posted;
    shell::NodeOptions node_options;
    node_options.shard = 1;
    node_options.pending_inputs = 500;
    shell::Node node(std::move(*store), clock, random, node_options,
                     [&](std::function<void()> call) { posted.put(std::move(call)); });
    const auto files = *policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
    REQUIRE(node.start(policy::compile(files, nullptr, 1).policy, policy::pack(files)));
    vfs.slow_down(std::chrono::microseconds(0), std::chrono::milliseconds(50));

    const auto device = *node.device("d-1");
    const std::array values{model::FlatValue{"smoke", false}};
    std::uint64_t busy = 0;
    std::uint64_t most_waiting = 0;
    std::uint64_t last_ticket = 0;
    for (std::uint64_t n = 0; n < 5'000;) {
        const std::string id = std::to_string(n);
        const auto s = node.submit({device, false}, "mqtt", {id, "d-1", "smoke", {}, values, {}}, "raw");
        most_waiting = std::max(most_waiting, node.state().queued);
        if (s.admission == ports::Admission::busy) {
            ++busy;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            posted.run();
            continue;
        }
        REQUIRE(s.admission == ports::Admission::queued);
        last_ticket = s.ticket;
        ++n;
    }
    while (node.committed() < last_ticket) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        posted.run();
    }
    CHECK(busy > 0);
    CHECK(most_waiting <= 2 * 500);  // what gathers, and what is being committed
    CHECK(node.state().counts.signals == 5'000);
    node.stop();
}
