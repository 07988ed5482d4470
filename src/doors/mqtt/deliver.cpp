#include "deliver.hpp"

#include <span>

#include <fmt/format.h>

#include "doors/mqtt/topics.hpp"

namespace shoumen::doors::mqtt {

namespace {

constexpr std::string_view door = "mqtt";

std::optional<std::uint64_t> ticket_of(Common& common, const ports::Submitted& submitted) {
    if (submitted.admission == ports::Admission::busy) return {};
    if (submitted.admission == ports::Admission::quarantined) ++common.counters.quarantined;
    return submitted.ticket;
}

std::optional<std::uint64_t> refuse(Common& common, const ports::Speaker& speaker, const base::Error& why,
                                    const ports::RawPayload& raw) {
    return ticket_of(common, common.intake.refuse(speaker, door, why, raw));
}

ports::RawPayload whole(const Message& message) {
    ports::RawPayload raw(message.payload);
    raw.topic = message.topic;
    return raw;
}

std::optional<std::uint64_t> deliver_one(Common& common, const ports::Speaker& speaker, std::uint32_t n,
                                         std::string_view device, const Message& message) {
    ports::RawPayload raw = common.reader.raw(n);
    raw.topic = message.topic;
    const auto signal = common.reader.signal(n, device);
    if (!signal) return refuse(common, speaker, signal.error(), raw);
    const auto ticket = ticket_of(common, common.intake.submit(speaker, door, *signal, raw));
    if (ticket) ++common.counters.signals;
    return ticket;
}

const base::Error& unknown_topic() {
    static const base::Error error{
        "unknown-topic",
        "nothing is expected on this topic: publish on shoumen/v1/DEVICE/signal, or give the community "
        "a map that reads it",
        ""};
    return error;
}

const base::Error& no_signal() {
    static const base::Error error{"missing-field", "the array holds no signal: send at least one", ""};
    return error;
}

// A device that announces itself. What it says of itself is no signal: it is acknowledged, and waits for whoever takes
// devices in.
std::optional<std::uint64_t> discover(Common& common, const model::Policy& policy, const Fitting& config,
                                      const ports::Speaker& speaker, const Message& message) {
    const auto found = common.discovery.take(policy, config, speaker.device, message.payload);
    if (!found) return refuse(common, speaker, found.error(), whole(message));
    if (*found) {
        const auto& [code, kind, name, maker, product, parent] = **found;
        const ports::Announced announced{code, kind, name, maker, product, parent};
        common.intake.announce(speaker, door, std::span(&announced, 1));
    }
    return common.intake.committed();
}

// By a map of the policy, or as it was announced. What cannot be read is kept with the whole payload.
std::optional<std::uint64_t> deliver_mapped(Common& common, const ports::Speaker& speaker, const Message& message,
                                            std::uint32_t& taken) {
    const auto policy = common.intake.policy();
    auto fit = common.topics.find(policy, message.topic);
    if (fit && fit->topic->reading.ignored && Discovery::is_config(message.topic))
        return discover(common, *policy, *fit, speaker, message);
    fit = common.discovery.or_announced(fit, speaker.device, message.topic);
    if (!fit) return refuse(common, speaker, unknown_topic(), whole(message));
    if (fit->topic->reading.ignored) return common.intake.committed();
    const std::string_view own = policy->devices[speaker.device.value].code;
    const auto count = common.mapped.read(*fit, own, message.payload);
    if (!count) return refuse(common, speaker, count.error(), whole(message));
    if (*count == 0) return common.intake.committed();  // a case of the map passes it over
    std::optional<std::uint64_t> ticket;
    while (taken < *count) {
        const auto signal = common.mapped.signal(taken);
        ticket = signal ? ticket_of(common, common.intake.submit(speaker, door, *signal, whole(message)))
                        : refuse(common, speaker, signal.error(), whole(message));
        if (!ticket) return {};
        if (signal) ++common.counters.signals;
        ++taken;
    }
    taken = 0;
    return ticket;
}

}  // namespace

std::optional<std::uint64_t> deliver(Common& common, const ports::Speaker& speaker, const Message& message,
                                     std::uint32_t& taken) {
    const auto device = device_of_signal_topic(message.topic);
    if (!device) return deliver_mapped(common, speaker, message, taken);
    const auto count = common.reader.read_padded(message.payload);
    if (!count) return refuse(common, speaker, count.error(), whole(message));
    if (*count == 0) return refuse(common, speaker, no_signal(), whole(message));
    std::optional<std::uint64_t> ticket;
    while (taken < *count) {
        ticket = deliver_one(common, speaker, taken, *device, message);
        if (!ticket) return {};
        ++taken;
    }
    taken = 0;
    return ticket;
}

std::optional<std::uint64_t> refuse_large(Common& common, const ports::Speaker& speaker, const ports::RawPayload& raw) {
    const base::Error why{
        "too-large",
        fmt::format("the payload has {} bytes, of which the first {} are kept; at most {} are read: send less in one "
                    "message, and pictures over HTTP",
                    raw.size, raw.bytes.size(), max_signal_bytes),
        ""};
    return refuse(common, speaker, why, raw);
}

}  // namespace shoumen::doors::mqtt
