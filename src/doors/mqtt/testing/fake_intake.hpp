// An Intake for tests: remembers what it was given, commits when told to, and is busy when told to.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/intake.hpp"

namespace shoumen::doors::mqtt::testing {

struct Taken {
    std::string device;  // as the signal names it; empty where it could not be read
    std::string kind;
    std::string id;
    std::string code;  // why it was refused
    std::string raw;
    std::uint32_t speaker = 0;
    std::uint64_t size = 0;            // of a refused payload
    std::optional<base::Digest> hash;  // of the whole, where the door took it
};

class FakeIntake : public ports::Intake {
public:
    // Device n of the list has the token "token-<code>".
    explicit FakeIntake(std::vector<std::string> devices) : devices_(std::move(devices)) {}

    std::vector<Taken> taken;
    std::uint64_t room = 1'000'000'000;  // before it is busy
    bool commit_at_once = true;
    std::uint64_t on_disk = 0;
    std::string revoked;
    std::shared_ptr<model::Policy> in_force;  // for its maps and gateways; devices in the order of the list

    // Device 0 is a gateway with device 1 under it, and a map reads home/{device}/status.
    void know_gateway() {
        in_force = std::make_shared<model::Policy>();
        for (const auto& code : devices_) {
            in_force->device_by_code[code] = model::DeviceId{in_force->devices.size()};
            in_force->devices.push_back({.code = code});
        }
        in_force->devices[0].is_gateway = true;
        in_force->devices[1].gateway = model::DeviceId{0U};
        model::MapTopic topic{.levels = {"home", "{device}", "status"}, .plain = "online"};
        in_force->maps.push_back({.code = "home", .topics = {std::move(topic)}});
    }
    void commit_up_to(std::uint64_t ticket) {
        on_disk = ticket;
        tell();
    }
    void make_room(std::uint64_t more) {
        room += more;
        tell();
    }
    void tell() {
        for (const auto& [number, call] : calls_) call();
    }
    [[nodiscard]] std::size_t listeners() const { return calls_.size(); }

    std::optional<ports::Speaker> speaker(std::string_view token) override {
        if (!token.starts_with("token-") || token == revoked) return {};
        const auto id = device(token.substr(6));
        return id ? std::optional(ports::Speaker{*id, false}) : std::nullopt;
    }
    std::optional<model::DeviceId> device(std::string_view code) override {
        for (std::uint32_t i = 0; i < devices_.size(); ++i) {
            if (devices_[i] == code) return model::DeviceId{i};
        }
        return {};
    }
    ports::Submitted submit(const ports::Speaker& speaker, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload& raw) override {
        const auto of = device(signal.device);
        const bool own =
            of && (*of == speaker.device || (in_force && in_force->devices[of->value].gateway == speaker.device));
        Taken one{std::string(signal.device),   std::string(signal.kind), std::string(signal.id),
                  own ? "" : "not-your-device", std::string(raw.bytes),   speaker.device.value};
        return take(std::move(one), own ? ports::Admission::queued : ports::Admission::quarantined);
    }
    ports::Submitted refuse(const ports::Speaker& speaker, std::string_view, const base::Error& why,
                            const ports::RawPayload& raw) override {
        return take({"", "", "", why.code, std::string(raw.bytes), speaker.device.value, raw.size, raw.hash},
                    ports::Admission::quarantined);
    }
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return in_force; }
    [[nodiscard]] std::uint64_t committed() const override { return commit_at_once ? taken.size() : on_disk; }
    std::uint64_t on_progress(std::function<void()> call) override {
        calls_[++registrations_] = std::move(call);
        return registrations_;
    }
    void forget(std::uint64_t registration) override { calls_.erase(registration); }

private:
    ports::Submitted take(Taken one, ports::Admission admission) {
        if (room == 0) return {ports::Admission::busy, 0, {}};
        --room;
        taken.push_back(std::move(one));
        return {admission, taken.size(), {}};
    }
    std::vector<std::string> devices_;
    std::map<std::uint64_t, std::function<void()>> calls_;
    std::uint64_t registrations_ = 0;
};

}  // namespace shoumen::doors::mqtt::testing
