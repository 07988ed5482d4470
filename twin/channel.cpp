#include "twin/channel.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "base/random.hpp"

#include "values.hpp"

namespace shoumen::twin {
namespace {

using base::Duration;
using base::Time;

constexpr double year_us = 365.25 * 86'400e6;

struct Message {
    model::DeviceId device;
    Values values;
    std::uint64_t number = 0;
    Time said;
    std::uint32_t ways = 0;  // how often it is still to arrive
};

struct Under {
    Time at;
    std::uint64_t order = 0;
    std::uint32_t message = 0;
    bool operator>(const Under& o) const { return at != o.at ? at > o.at : order > o.order; }
};

// What a wrong clock is off by; the first has lost its time altogether.
constexpr std::array<Duration, 3> wrong_by{Duration{}, base::hours(1), -base::minutes(30)};

}  // namespace

struct Channel::Impl {
    ChannelOptions options;
    base::SeededRandom random;
    std::priority_queue<Under, std::vector<Under>, std::greater<>> queue;
    std::vector<Message> messages;
    std::vector<std::uint32_t> unused;
    std::vector<std::uint32_t> gateway;  // by device, into outages; the last: none
    struct Outage {
        Time next_from;
        Time until;
    };
    std::vector<Outage> outages;
    std::vector<std::int8_t> clock;  // by device: which of wrong_by; -1: right
    std::vector<model::DeviceId> wrong;
    ChannelCounts counts;
    std::uint64_t order = 0;
    std::uint64_t number = 0;
    Message arriving;
    std::string id;
    std::string time;

    Impl(const model::Policy& policy, const ChannelOptions& o, Time from)
        : options(o), random(o.seed * 0xd1342543de82ef95ULL + 7) {
        const std::size_t n = policy.devices.size();
        clock.assign(n, -1);
        gateway.assign(n, 0);
        std::vector<std::uint32_t> number_of(n, 0);
        for (std::size_t i = 0; i < n; ++i) {
            if (!policy.devices[i].is_gateway) continue;
            number_of[i] = static_cast<std::uint32_t>(outages.size());
            outages.push_back({from + until_outage(), from});
        }
        outages.push_back({Time::never(), from});
        for (std::size_t i = 0; i < n; ++i) {
            const auto g = policy.devices[i].gateway;
            gateway[i] = g.valid() ? number_of[g.value] : static_cast<std::uint32_t>(outages.size() - 1);
        }
        pick_wrong_clocks(policy);
    }

    // Smoke alarms first, where there are any: that is where it matters.
    void pick_wrong_clocks(const model::Policy& policy) {
        std::vector<std::tuple<bool, std::uint64_t, std::uint32_t>> drawn;  // not smoke, lot, device
        for (std::uint32_t i = 0; i < policy.devices.size(); ++i) {
            const model::Device& d = policy.devices[i];
            if (!d.is_gateway) drawn.emplace_back(d.kind != model::SignalKind::smoke, random.next(), i);
        }
        std::ranges::sort(drawn);
        for (std::size_t i = 0; i < options.wrong_clocks && i < drawn.size(); ++i) {
            const std::uint32_t device = std::get<2>(drawn[i]);
            clock[device] = static_cast<std::int8_t>(i % wrong_by.size());
            wrong.emplace_back(device);
        }
    }

    Duration until_outage() {
        if (options.outages_per_year <= 0) return base::days(36'500);
        return {static_cast<std::int64_t>(-std::log(1 - random.unit()) / options.outages_per_year * year_us)};
    }

    // Whether the line is cut now, and until when.
    Time cut_until(std::uint32_t g, Time at) {
        Outage& o = outages[g];
        while (at >= o.next_from) {
            o.until = o.next_from + Duration{static_cast<std::int64_t>(-std::log(1 - random.unit()) *
                                                                       static_cast<double>(options.outage.us))};
            o.next_from = o.until + until_outage();
        }
        return o.until;
    }

    Duration way() {
        if (random.chance(options.lag))
            return base::milliseconds(1'000 + static_cast<std::int64_t>(random.below(40'000)));
        return base::milliseconds(30 + static_cast<std::int64_t>(random.below(600)));
    }

    void put(std::uint32_t message, Time at) { queue.push({at, order++, message}); }
};

Channel::Channel(const model::Policy& policy, const ChannelOptions& options, Time from)
    : impl_(std::make_unique<Impl>(policy, options, from)) {}

Channel::~Channel() = default;

void Channel::send(Time at, model::DeviceId device, std::span<const model::FlatValue> values) {
    Impl& m = *impl_;
    ++m.counts.said;
    if (m.random.chance(m.options.lose)) {
        ++m.counts.lost;
        return;
    }
    if (m.unused.empty()) {
        m.unused.push_back(static_cast<std::uint32_t>(m.messages.size()));
        m.messages.emplace_back();
    }
    const std::uint32_t i = m.unused.back();
    m.unused.pop_back();
    Message& message = m.messages[i];
    message = {device, {}, ++m.number, at, 1};
    for (const auto& v : values) message.values.add(v);
    const Time cut = m.cut_until(m.gateway[device.value], at);
    const Time from = std::max(at, cut);
    m.put(i, from + m.way());
    if (m.random.chance(m.options.repeat)) {
        ++m.counts.repeated;
        ++message.ways;
        m.put(i, from + m.way() + base::milliseconds(static_cast<std::int64_t>(m.random.below(30'000))));
    }
}

Time Channel::next() const { return impl_->queue.empty() ? Time::never() : impl_->queue.top().at; }

bool Channel::arrive(Time until, Arrival& out) {
    Impl& m = *impl_;
    if (next() > until) return false;
    const Under under = m.queue.top();
    m.queue.pop();
    ++m.counts.arrived;
    m.arriving = m.messages[under.message];
    if (--m.messages[under.message].ways == 0) m.unused.push_back(under.message);
    m.id.clear();
    fmt::format_to(std::back_inserter(m.id), "{}", m.arriving.number);
    const int wrong = m.clock[m.arriving.device.value];
    if (wrong == 0)
        m.time = "1970-01-01T00:00:11Z";
    else
        m.time =
            base::format_utc(wrong < 0 ? m.arriving.said : m.arriving.said + wrong_by[static_cast<std::size_t>(wrong)]);
    out = {under.at, m.arriving.device, m.id, m.time, m.arriving.values.span()};
    return true;
}

const ChannelCounts& Channel::counts() const { return impl_->counts; }
const std::vector<model::DeviceId>& Channel::wrong_clocks() const { return impl_->wrong; }

}  // namespace shoumen::twin
