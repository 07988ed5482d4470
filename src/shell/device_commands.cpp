// Commands to devices: recorded first, then handed to whoever holds the device's connection.
#include <fmt/format.h>

#include "protect/password.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t id_size = 16;  // of a token's characters: 96 bits

tl::unexpected<base::Error> not_connected() {
    return base::fail("device-not-connected",
                      "nobody listens on the device's command topic now, and nothing is kept for later");
}

}  // namespace

void Office::command_device(const ports::Session& session, ports::DeviceCommand command,
                            std::function<void(base::Result<std::string>)> done) {
    if (!admit(session, model::Item::commands, model::Sight::change))
        return done(base::fail("forbidden", "your roles do not include this"));
    const auto device = node_.device(command.device);
    const auto policy = node_.policy();
    if (!device || policy->devices[device->value].retired ||
        !may(session, model::Item::commands, model::Sight::change, {.place = policy->devices[device->value].place}))
        return done(base::fail("unknown-device", "no such device in the community directory", "device"));
    if (!courier_ || !courier_->reaches(command.device)) return done(not_connected());
    const std::string id = protect::new_token().substr(0, id_size);
    const std::string time = base::format_utc(clock_.now());
    // Word, codes and time need no escaping; the values are JSON already.
    const std::string payload =
        fmt::format(R"({{"id":"{}","command":"{}","values":{},"time":"{}"}})", id, command.word, command.values, time);
    // Values may hold words that a speaker says: who commanded what is an act, what exactly lies sealed beside it.
    const std::string key = fmt::format("device-command/{}/{}/{}", command.device, time, id);
    const auto record =
        node_.sealed_today(key, fmt::format(R"({{"by":"{}","sent":{}}})", session.actor.person.code, payload));
    if (!record) return done(tl::unexpected(record.error()));
    auto act = act_of(session, "device_commanded", "device:" + command.device, fmt::format("{} {}", command.word, id));
    node_.write_records({ports::MetaPut{key, *record}, std::move(act)},
                        [this, code = command.device, id, payload, done](base::Result<void> stored) {
                            using Delivery = ports::Courier::Delivery;
                            if (!stored) return done(tl::unexpected(stored.error()));
                            const auto outcome = courier_ ? courier_->command(code, payload) : Delivery::not_connected;
                            if (outcome == Delivery::sent) return done(id);
                            if (outcome == Delivery::not_connected) return done(not_connected());
                            done(base::fail("busy", "the device has not acknowledged the commands before this one"));
                        });
}

}  // namespace shoumen::shell
