// Measures the platform itself, and says so as a device of the community does: its faults are incidents like any other.
//
// check() is called every few seconds, off the io loop's timer; it reads what the ports give and waits for nothing.
// What it finds goes in as a signal of kind `platform` from the first device of that kind in the policy, when a figure
// has changed by enough to matter and else every `say_every`. Thresholds stand in the community's rules, not here.
// Without such a device the figures are for health and metrics alone. While nothing can be stored its word waits among
// the inputs with the time at which it was said, so that the incident, once there is room again, bears that time; at
// most `most_waiting` of them wait. One thread: the io thread.
#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "ports/log.hpp"
#include "ports/machine.hpp"
#include "shell/node.hpp"

namespace shoumen::shell {

struct WatcherOptions {
    base::Duration say_every = base::minutes(5);
    base::Duration gateway_silent_after = base::minutes(15);
    base::Duration step_told_for = base::minutes(10);  // then the new time is taken for the right one
    std::size_t most_waiting = 64;
    ports::Log log;
};

struct Reading {
    std::optional<ports::DiskSpace> disk;
    std::optional<double> disk_free_percent;
    double queue_percent = 0;
    double backlog_s = 0;
    double store_trouble_s = 0;
    double clock_off_s = 0;  // how far the clock has jumped, or lies behind the newest receive time
    std::optional<bool> clock_synchronised;
    std::uint64_t bridges_silent = 0;
    std::string bridge;        // code of the gateway that has been silent longest
    std::string ledger_fault;  // word of the notary; empty: none
    std::uint64_t witnesses_silent = 0;
    std::string witness;             // one of them
    std::uint64_t wider_sights = 0;  // open now
};

class Notary;

class Watcher {
public:
    // All given outlive the watcher.
    Watcher(Node& node, const ports::Machine& machine, WatcherOptions options);

    void check();
    void look_at(const Notary* notary) { notary_ = notary; }
    void count_wider_sights(std::function<std::size_t()> open) { wider_sights_ = std::move(open); }
    [[nodiscard]] const Reading& reading() const { return reading_; }
    [[nodiscard]] const ports::Machine& machine() const { return machine_; }
    [[nodiscard]] std::uint64_t signals() const { return said_; }

private:
    Reading measure();
    double clock_off(base::Time last_received);
    void look_at_gateways(Reading& r);
    [[nodiscard]] model::DeviceId own_device() const;
    [[nodiscard]] bool is_worth_saying(const Reading& r) const;
    void say(const Reading& r);
    void log_changes(const Reading& r);
    void log(ports::LogLevel level, const char* event, std::string text, std::vector<ports::LogField> fields);

    Node& node_;
    const ports::Machine& machine_;
    const Notary* notary_ = nullptr;
    std::function<std::size_t()> wider_sights_;
    WatcherOptions options_;
    base::Time began_;
    Reading reading_;
    std::optional<Reading> last_said_;
    base::Duration said_at_;
    std::deque<std::uint64_t> waiting_;  // tickets of own signals that are not on disk yet
    std::uint64_t said_ = 0;
    std::optional<base::Duration> offset_;  // of the clock to the steady one, as taken for right
    std::optional<base::Duration> stepped_at_;
};

}  // namespace shoumen::shell
