#include "shell/watcher.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/core.h>

#include "shell/notary.hpp"

namespace shoumen::shell {
namespace {

// A step smaller than this is drift, and followed.
constexpr base::Duration smallest_step = base::milliseconds(500);
// Between two looks at the steady clock so much may pass; else the one at the other clock in between says nothing.
constexpr base::Duration longest_look = base::milliseconds(200);
constexpr double log_clock_s = 2;

double seconds_of(base::Duration d) { return static_cast<double>(d.us) / 1e6; }
double rounded(double v) { return std::round(v * 10) / 10; }
base::Duration distance(base::Duration a, base::Duration b) { return {std::abs(a.us - b.us)}; }

// By a second, and by a quarter: what grows slowly is said often enough, and seldom.
bool moved(double from, double to) {
    const double d = std::abs(to - from);
    return d >= 1 && d >= 0.25 * std::max(from, to);
}

}  // namespace

Watcher::Watcher(Node& node, const ports::Machine& machine, WatcherOptions options)
    : node_(node), machine_(machine), options_(std::move(options)), began_(node.clock().now()) {
    if (own_device().valid()) return;
    log(ports::LogLevel::warning, "platform_unwatched",
        "devices.yaml declares no device of kind platform: faults of the platform itself open no incidents; they show "
        "in health and metrics alone",
        {});
}

void Watcher::check() {
    const Reading r = measure();
    log_changes(r);
    reading_ = r;
    while (!waiting_.empty() && waiting_.front() <= node_.committed()) waiting_.pop_front();
    if (own_device().valid() && waiting_.size() < options_.most_waiting && is_worth_saying(r)) say(r);
}

Reading Watcher::measure() {
    Reading r;
    const Node::State s = node_.state();
    r.disk = machine_.disk();
    if (r.disk && r.disk->total_bytes > 0) {
        r.disk_free_percent =
            rounded(100 * static_cast<double>(r.disk->free_bytes) / static_cast<double>(r.disk->total_bytes));
    }
    if (s.room > 0) {
        const double full = 100 * static_cast<double>(s.queued) / static_cast<double>(s.room);
        r.queue_percent = rounded(std::min(full, 100.0));
    }
    r.backlog_s = rounded(seconds_of(node_.worst_wait()));
    r.store_trouble_s = rounded(seconds_of(s.trouble_for));
    r.clock_off_s = clock_off(s.last_received);
    r.clock_synchronised = machine_.clock_synchronised();
    look_at_gateways(r);
    if (notary_) {
        r.ledger_fault = notary_->fault();
        const auto silent = notary_->silent_witnesses();
        r.witnesses_silent = silent.size();
        if (!silent.empty()) r.witness = silent.front();
    }
    if (wider_sights_) r.wider_sights = wider_sights_();
    return r;
}

double Watcher::clock_off(base::Time last_received) {
    const base::Duration before = machine_.steady();
    const base::Time now = node_.clock().now();
    const base::Duration steady = machine_.steady();
    if (steady - before > longest_look) return reading_.clock_off_s;
    const base::Duration offset = now - base::Time{steady.us};
    if (!offset_) offset_ = offset;
    if (distance(offset, *offset_) < smallest_step) {
        offset_ = offset;
        stepped_at_.reset();
    } else if (!stepped_at_) {
        stepped_at_ = steady;
    } else if (steady - *stepped_at_ >= options_.step_told_for) {
        offset_ = offset;
        stepped_at_.reset();
    }
    base::Duration off = distance(offset, *offset_);
    if (last_received.is_set()) off = std::max(off, last_received - now);
    return off < smallest_step ? 0 : rounded(seconds_of(off));
}

// One that has never been heard may not have been put up yet; after a start each is given its time anew.
void Watcher::look_at_gateways(Reading& r) {
    const auto policy = node_.policy();
    const base::Time now = node_.clock().now();
    const auto heard = node_.gateways_heard();
    base::Time longest = base::Time::never();
    for (const auto& [gateway, at] : heard) {
        if (policy->devices[gateway.value].retired) continue;
        const base::Time counted = std::max(at, began_);
        if (now - counted < options_.gateway_silent_after) continue;
        ++r.bridges_silent;
        if (counted >= longest) continue;
        longest = counted;
        r.bridge = policy->devices[gateway.value].code;
    }
}

model::DeviceId Watcher::own_device() const {
    const auto& devices = node_.policy()->devices;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].kind == model::SignalKind::platform && !devices[i].is_gateway && !devices[i].retired)
            return model::DeviceId{i};
    }
    return {};
}

bool Watcher::is_worth_saying(const Reading& r) const {
    if (!last_said_ || machine_.steady() - said_at_ >= options_.say_every) return true;
    const Reading& last = *last_said_;
    return std::abs(r.disk_free_percent.value_or(0) - last.disk_free_percent.value_or(0)) >= 0.5 ||
           std::abs(r.queue_percent - last.queue_percent) >= 10 || moved(last.backlog_s, r.backlog_s) ||
           moved(last.store_trouble_s, r.store_trouble_s) || moved(last.clock_off_s, r.clock_off_s) ||
           r.clock_synchronised != last.clock_synchronised || r.bridges_silent != last.bridges_silent ||
           r.bridge != last.bridge || r.ledger_fault != last.ledger_fault ||
           r.witnesses_silent != last.witnesses_silent || r.wider_sights != last.wider_sights;
}

void Watcher::say(const Reading& r) {
    std::vector<model::FlatValue> values;
    if (r.disk_free_percent) values.push_back({"disk_free_percent", *r.disk_free_percent});
    if (r.disk) values.push_back({"disk_free_mb", std::floor(static_cast<double>(r.disk->free_bytes) / 1e6)});
    values.push_back({"queue_percent", r.queue_percent});
    values.push_back({"backlog_s", r.backlog_s});
    values.push_back({"store_trouble_s", r.store_trouble_s});
    values.push_back({"clock_off_s", r.clock_off_s});
    if (r.clock_synchronised) values.push_back({"clock_synchronised", *r.clock_synchronised});
    values.push_back({"bridges_silent", static_cast<double>(r.bridges_silent)});
    if (!r.bridge.empty()) values.push_back({"bridge", std::string_view(r.bridge)});
    if (notary_) {
        values.push_back({"ledger_wrong", !r.ledger_fault.empty()});
        if (!r.ledger_fault.empty()) values.push_back({"ledger_fault", std::string_view(r.ledger_fault)});
        values.push_back({"witnesses_silent", static_cast<double>(r.witnesses_silent)});
        if (!r.witness.empty()) values.push_back({"witness", std::string_view(r.witness)});
    }
    if (wider_sights_) values.push_back({"wider_sights", static_cast<double>(r.wider_sights)});
    const auto submitted = node_.say(own_device(), values);
    if (submitted.admission != ports::Admission::queued) return;
    waiting_.push_back(submitted.ticket);
    ++said_;
    said_at_ = machine_.steady();
    last_said_ = r;
}

void Watcher::log_changes(const Reading& r) {
    const Reading& before = reading_;
    if (r.clock_off_s >= log_clock_s && before.clock_off_s < log_clock_s) {
        log(ports::LogLevel::warning, "clock_off",
            "the system's clock has jumped, or lies behind the newest receive time; receive times do not fall",
            {{"off_s", r.clock_off_s}});
    }
    if (r.clock_off_s < log_clock_s && before.clock_off_s >= log_clock_s)
        log(ports::LogLevel::info, "clock_right", "the system's clock is in step again", {});
    if (r.bridge != before.bridge && !r.bridge.empty()) {
        log(ports::LogLevel::warning, "gateway_silent", "a gateway has fallen silent: look at its power and its line",
            {{"gateway", r.bridge}, {"silent", static_cast<std::int64_t>(r.bridges_silent)}});
    }
    if (r.bridges_silent == 0 && before.bridges_silent > 0)
        log(ports::LogLevel::info, "gateways_heard", "every gateway that was silent is heard again", {});
}

void Watcher::log(ports::LogLevel level, const char* event, std::string text, std::vector<ports::LogField> fields) {
    if (options_.log) options_.log({level, event, std::move(text), std::move(fields)});
}

}  // namespace shoumen::shell
