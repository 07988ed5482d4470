// `health`: the health of 100,000 devices, watched. Each reports every five minutes on average; an hour of that is
// played, a thousandth of the devices fall silent in the middle, and the processor's time for it is set against the
// hour. --devices=N.
#include "upkeep/health.hpp"

#include <charconv>
#include <ctime>
#include <vector>

#include "base/random.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

namespace json = boost::json;

double processor_s() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

json::object run_health(Arguments arguments) {
    std::uint32_t devices = 100'000;
    const auto asked = argument(arguments, "devices", "100000");
    std::from_chars(asked.data(), asked.data() + asked.size(), devices);
    constexpr int every_s = 300;
    constexpr int hours = 3;
    base::Time now{1'772'496'000'000'000};
    upkeep::Health health;
    std::vector<upkeep::Change> changes;
    health.watch(std::vector<upkeep::Watched>(devices, {true, 1, now}), now, changes);
    base::SeededRandom random{7};
    const std::uint32_t gone = devices / 1'000;  // the first of them, after the second hour
    std::uint64_t signals = 0;
    double last_hour = 0;
    double began = processor_s();
    for (int s = 0; s < hours * 3'600; ++s) {
        if (s == (hours - 1) * 3'600) began = processor_s();
        now = now + base::seconds(1);
        // Each at its second of the five minutes, give or take a few, in no order in memory.
        const std::uint32_t n = devices / every_s;
        for (std::uint32_t i = 0; i <= n; ++i) {
            const auto device = static_cast<std::uint32_t>(
                ((static_cast<std::uint64_t>(i) * every_s + static_cast<std::uint64_t>(s % every_s)) * 2'654'435'761U) %
                devices);
            if (s >= (hours - 1) * 3'600 && device < gone) continue;
            health.heard({.device = device,
                          .received = now,
                          .claimed = now - base::seconds(1),
                          .what = random.next() | 1U,
                          .lane = 1,
                          .battery_percent = 80,
                          .battery_low = {},
                          .tamper = {}},
                         changes);
            ++signals;
        }
        health.look(now, changes);
    }
    last_hour = processor_s() - began;
    std::size_t silent = 0;
    std::size_t wrong = 0;
    for (std::uint32_t d = 0; d < devices; ++d) {
        const bool is = health.findings(d) != 0;
        if (is) ++(d < gone ? silent : wrong);
    }
    json::object out;
    out["devices"] = devices;
    out["signals"] = signals;
    out["core_share"] = last_hour / 3'600;
    out["silent_found"] = silent;
    out["found_wrongly"] = wrong;
    base::ByteWriter bytes;
    health.encode(bytes);
    out["bytes_kept"] = bytes.size();
    out["checks"] = json::object{{"all_that_fell_silent_are_found", silent == gone}, {"nothing_else_is", wrong == 0}};
    return out;
}

const Registered here({"health", "the health of 100,000 devices: share of a core (core_share)", run_health});

}  // namespace
}  // namespace shoumen::bench
