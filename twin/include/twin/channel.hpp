// The way from a device to the node, and what it does to messages: it loses some, repeats some, holds some up, and some
// devices say the wrong time. All drawn from one seed. One thread.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::twin {

struct ChannelOptions {
    std::uint64_t seed = 1;
    double lose = 0;                            // share of messages that never arrive
    double repeat = 0;                          // share that arrive once more, with the same id
    double lag = 0.02;                          // share that take seconds instead of a fraction of one
    double outages_per_year = 0;                // of each gateway: what is said meanwhile comes when it is over
    base::Duration outage = base::minutes(20);  // of that length on average
    std::uint32_t wrong_clocks = 0;             // devices: 1970, an hour ahead, half an hour behind, and so on
};

// A message as it arrives.
struct Arrival {
    base::Time at;
    model::DeviceId device;
    std::string_view id;
    std::string_view time;                     // RFC 3339: what the device says of its own time
    std::span<const model::FlatValue> values;  // all valid until the next call
};

struct ChannelCounts {
    std::uint64_t said = 0;
    std::uint64_t lost = 0;
    std::uint64_t repeated = 0;
    std::uint64_t arrived = 0;
};

class Channel {
public:
    Channel(const model::Policy& policy, const ChannelOptions& options, base::Time from);
    ~Channel();

    // Put onto the way at `at`. The devices with wrong clocks are those named, else drawn.
    void send(base::Time at, model::DeviceId device, std::span<const model::FlatValue> values);
    [[nodiscard]] base::Time next() const;
    bool arrive(base::Time until, Arrival& out);
    [[nodiscard]] const ChannelCounts& counts() const;
    [[nodiscard]] const std::vector<model::DeviceId>& wrong_clocks() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::twin
