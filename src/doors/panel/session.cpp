#include "doors/panel/session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/national.hpp"

namespace shoumen::doors::panel {

namespace {

constexpr std::string_view door = "panel";

// The device a report of the transmitter itself is of: a gateway has no kind.
std::string link_of(const model::Policy& policy, model::DeviceId gateway) {
    const auto link = std::ranges::find_if(policy.devices, [&](const model::Device& d) {
        return d.kind == model::SignalKind::link && d.gateway == gateway && !d.is_gateway && !d.retired;
    });
    return link == policy.devices.end() ? policy.devices[gateway.value].code : link->code;
}

}  // namespace

base::Zone Session::zone() const {
    const auto policy = common_.intake.policy();
    return policy ? policy->zone : base::Zone();
}

std::string Session::reply_of(const Frame& to, Command command) const {
    return write_reply(to, command, tag_of(common_.now(), zone()));
}

void Session::reply(const Frame& to, Command command, std::string& out) {
    ++(command == Command::confirm ? common_.counters.confirmed : common_.counters.denied);
    out += reply_of(to, command);
}

Session::Consumed Session::consume(std::string_view bytes, std::string& out) {
    Consumed done;
    while (true) {
        const auto found = find_frame(bytes.substr(done.bytes));
        if (!found.frame) {
            common_.counters.garbage_bytes += found.used;
            done.bytes += found.used;
            return done;
        }
        const auto raw = bytes.substr(done.bytes + found.skipped, found.used - found.skipped);
        if (!found.sum_is_right) {
            ++common_.counters.wrong_sums;
            reply(*found.frame, Command::deny, out);
        } else if (!take(*found.frame, raw, out)) {
            common_.counters.garbage_bytes += found.skipped;
            done.bytes += found.skipped;
            done.stalled = true;
            ++common_.counters.stalls;
            return done;
        }
        ++common_.counters.frames;
        common_.counters.garbage_bytes += found.skipped;
        done.bytes += found.used;
    }
}

std::optional<ports::Speaker> Session::transmitter(const std::string& address) {
    const auto policy = common_.intake.policy();
    if (!policy) return {};
    const auto name = fmt::format("gb26875:{}", address);
    const auto device = model::device_of_name(*policy, name);
    if (device == name) return {};
    const auto id = common_.intake.device(device);
    if (!id || policy->devices[id->value].retired || !policy->devices[id->value].is_gateway) return {};
    return ports::Speaker{*id, true};
}

// False: the Intake is busy.
bool Session::take(const Frame& frame, std::string_view raw, std::string& out) {
    const bool reports = frame.command == static_cast<std::uint8_t>(Command::send) ||
                         frame.command == static_cast<std::uint8_t>(Command::answer);
    const auto speaker = transmitter(frame.from);
    if (!speaker) {
        ++common_.counters.unknown;
        if (reports && !frame.data.empty() && common_.kept_of_unknown < most_kept_of_unknown) {
            const base::Error why{"unknown-device",
                                  fmt::format("no gateway of the community has the name gb26875:{}: give it one in a "
                                              "map of the community",
                                              frame.from),
                                  "device"};
            const auto kept = common_.intake.refuse({}, door, why, raw);
            if (kept.admission == ports::Admission::busy) return false;
            ++common_.kept_of_unknown;
            ++common_.counters.quarantined;
            if (common_.log)
                common_.log(true, fmt::format("a frame of gb26875:{} came from {}, and nobody has entered it",
                                              frame.from, peer_));
        }
        reply(frame, Command::deny, out);
        return true;
    }
    if (!transmitters_.contains(frame.from)) {
        if (!tell(*speaker, true)) return false;
        transmitters_.insert(frame.from);
    }
    if (!reports) return true;  // what confirms, denies or asks wants no answer of ours
    const auto said = reports_of(frame.data);
    std::uint64_t ticket = 0;
    if (!said) {
        const auto kept = common_.intake.refuse(*speaker, door, said.error(), raw);
        if (kept.admission == ports::Admission::busy) return false;
        ++common_.counters.quarantined;
        waiting_.push_back({kept.ticket, reply_of(frame, Command::deny)});
        ++common_.counters.denied;
        return true;
    }
    for (std::size_t n = 0; n < said->size(); ++n) {
        const auto one = submit(frame, *speaker, (*said)[n], n, raw);
        if (!one) return false;
        ticket = *one;
    }
    common_.counters.reports += said->size();
    waiting_.push_back({ticket, reply_of(frame, Command::confirm)});
    ++common_.counters.confirmed;
    return true;
}

std::optional<std::uint64_t> Session::submit(const Frame& frame, const ports::Speaker& speaker, const Report& report,
                                             std::size_t n, std::string_view raw) {
    const auto policy = common_.intake.policy();
    std::string device;
    for (const auto as : {Report::Of::part, Report::Of::system}) {
        if (report.of < as || !device.empty()) continue;
        const auto name = name_of(frame.from, report, as);
        const auto known = model::device_of_name(*policy, name);
        if (known != name && common_.intake.device(known)) device = known;
    }
    if (device.empty()) device = link_of(*policy, speaker.device);
    const auto id = common_.intake.device(device);
    const auto kind = id ? policy->devices[id->value].kind : model::SignalKind::link;
    auto values = values_of(report, kind);
    const auto name = name_of(frame.from, report, report.of);
    if (report.of != Report::Of::transmitter) values.push_back({"source", std::string_view(name)});
    const auto time = time_of(report.time, zone());
    std::string tag;
    for (const auto b : frame.time) tag += fmt::format("{:02x}", b);
    const auto message = fmt::format("gb26875 {} {} {} {}", frame.from, frame.serial, tag, n);
    model::FlatSignal signal;
    signal.id = message;
    signal.device = device;
    signal.time = time;
    signal.values = values;
    const auto done = common_.intake.submit(speaker, door, signal, raw);
    if (done.admission == ports::Admission::busy) return {};
    if (done.admission == ports::Admission::quarantined) {
        ++common_.counters.quarantined;
        if (common_.log)
            common_.log(true, fmt::format("a report of {} is in the quarantine: {}", name,
                                          done.error ? done.error->code : "unknown"));
    }
    return done.ticket;
}

void Session::acknowledge(std::uint64_t committed, std::string& out) {
    while (!waiting_.empty() && waiting_.front().ticket <= committed) {
        out += waiting_.front().answer;
        waiting_.pop_front();
    }
}

bool Session::tell(const ports::Speaker& speaker, bool online) {
    const auto policy = common_.intake.policy();
    const auto device = link_of(*policy, speaker.device);
    if (common_.log)
        common_.log(!online, fmt::format("{} {} from {}", policy->devices[speaker.device.value].code,
                                         online ? "is heard" : "is not heard any more", peer_));
    const auto id = common_.intake.device(device);
    if (!id || policy->devices[id->value].is_gateway) return true;  // there is nothing to say it of
    const std::vector<model::FlatValue> values{{"online", online}};
    model::FlatSignal signal;
    signal.device = device;
    signal.values = values;
    return common_.intake.submit(speaker, door, signal, {}).admission != ports::Admission::busy;
}

bool Session::lost() {
    while (!transmitters_.empty()) {
        const auto speaker = transmitter(*transmitters_.begin());
        if (speaker && !tell(*speaker, false)) return false;
        transmitters_.erase(transmitters_.begin());
    }
    return true;
}

}  // namespace shoumen::doors::panel
