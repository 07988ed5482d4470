#include "twin/simulation.hpp"

#include <algorithm>
#include <deque>

#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "shell/node.hpp"

#include "auditor.hpp"
#include "crew.hpp"

namespace shoumen::twin {
namespace {

using base::Time;

constexpr base::Duration tick = base::seconds(5);

class VirtualClock final : public ports::Clock {
public:
    explicit VirtualClock(Time now) : now_(now) {}
    [[nodiscard]] Time now() const override { return now_; }
    [[nodiscard]] base::Duration real_until(Time) const override { return {}; }
    void set(Time t) { now_ = std::max(now_, t); }

private:
    Time now_;
};

class SeededBytes final : public ports::Random {
public:
    explicit SeededBytes(std::uint64_t seed) : random_(seed) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& b : out) b = static_cast<std::uint8_t>(random_.next());
    }

private:
    base::SeededRandom random_;
};

class Simulation {
public:
    Simulation(std::shared_ptr<const model::Policy> policy, std::unique_ptr<ports::Store> store,
               const SimulationOptions& options)
        : options_(options),
          policy_(std::move(policy)),
          clock_(options.from),
          bytes_(options.seed ^ 0x5eedULL),
          world_(policy_, {options.seed, options.from, options.trouble, options.episodes}),
          channel_(*policy_, seeded(options), options.from),
          node_(std::move(store), clock_, bytes_, node_options(options),
                [this](std::function<void()> call) { posted_.push_back(std::move(call)); }),
          crew_(policy_, world_, options.crew, options.seed ^ 0xc4e3ULL,
                [this](model::Command c, shell::Node::CommandDone done) {
                    node_.command(std::move(c), "", {}, std::move(done));
                }) {}

    base::Result<SimulationReport> run(std::string files) {
        if (auto started = node_.start(policy_, std::move(files)); !started) return tl::unexpected(started.error());
        node_.on_committed([this](const shell::Committed& what) {
            report_.quarantined += what.quarantined;
            for (const auto& incident : what.incidents) crew_.changed(incident);
        });
        const Time end = options_.from + options_.length;
        std::uint64_t ticks = 0;
        for (Time now = options_.from; now < end;) {
            now = std::min(now + tick, end);
            live(now);
            if (!store_all(now)) return base::fail("store-failed", node_.state().trouble);
            if (options_.progress && ++ticks % 4'096 == 0)
                options_.progress(static_cast<double>((now - options_.from).us) /
                                  static_cast<double>(options_.length.us));
        }
        return finish(end);
    }

private:
    static ChannelOptions seeded(const SimulationOptions& options) {
        ChannelOptions channel = options.channel;
        channel.seed = options.seed;
        return channel;
    }
    static shell::NodeOptions node_options(const SimulationOptions& options) {
        shell::NodeOptions o;
        o.shard = options.shard;
        o.threads = false;
        o.snapshots = false;
        o.log = [](const ports::LogEntry&) {};
        return o;
    }

    // All that is said, arrives and is done up to `until`, each at its own moment.
    void live(Time until) {
        Saying saying;
        while (world_.say(until, saying)) channel_.send(saying.at, saying.device, saying.values);
        Arrival arrival;
        for (;;) {
            const Time next = std::min(channel_.next(), crew_.next());
            if (next > until) return;
            clock_.set(next);
            if (crew_.next() == next) {
                crew_.act(next);
                store_all(next);  // people wait for the answer
            } else if (channel_.arrive(next, arrival)) {
                submit(arrival);
            }
        }
    }

    void submit(const Arrival& a) {
        const model::Device& device = policy_->devices[a.device.value];
        model::FlatSignal flat;
        flat.id = a.id;
        flat.device = device.code;
        flat.kind = model::to_word(device.kind);
        flat.time = a.time;
        flat.values = a.values;
        const ports::Speaker speaker{device.gateway.valid() ? device.gateway : a.device, device.gateway.valid()};
        if (node_.submit(speaker, "twin", flat, {}).admission != ports::Admission::busy) return;
        store_all(clock_.now());
        node_.submit(speaker, "twin", flat, {});
    }

    bool store_all(Time now) {
        clock_.set(now);
        for (;;) {
            while (node_.turn()) {
            }
            if (!node_.state().storing) return false;
            if (posted_.empty()) return true;
            while (!posted_.empty()) {
                const auto call = std::move(posted_.front());
                posted_.pop_front();
                call();
            }
        }
    }

    base::Result<SimulationReport> finish(Time end) {
        report_.lived = options_.length;
        report_.messages = channel_.counts();
        report_.counts = node_.state().counts;
        report_.refused = crew_.refused();
        auto reader = node_.reader();
        if (!reader) return tl::unexpected(reader.error());
        if (auto done = audit(world_, **reader, end, report_); !done) return tl::unexpected(done.error());
        return std::move(report_);
    }

    SimulationOptions options_;
    std::shared_ptr<const model::Policy> policy_;
    VirtualClock clock_;
    SeededBytes bytes_;
    std::deque<std::function<void()>> posted_;
    World world_;
    Channel channel_;
    shell::Node node_;
    Crew crew_;
    SimulationReport report_;
};

}  // namespace

base::Result<SimulationReport> simulate(std::shared_ptr<const model::Policy> policy, std::string files,
                                        std::unique_ptr<ports::Store> store, const SimulationOptions& options) {
    Simulation simulation(std::move(policy), std::move(store), options);
    return simulation.run(std::move(files));
}

}  // namespace shoumen::twin
