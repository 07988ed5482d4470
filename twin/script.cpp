#include "twin/script.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/hash.hpp"

#include "stage.hpp"

namespace shoumen::twin {
namespace {

using model::SignalKind;

constexpr std::string_view users_device = "d-1";

// What its maker sends by HTTP events; all else speaks MQTT.
FeedDoor door_of(SignalKind kind) {
    switch (kind) {
        case SignalKind::falling_object:
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
        case SignalKind::resident_camera:
        case SignalKind::gathering:
            return FeedDoor::http;
        default:
            return FeedDoor::mqtt;
    }
}

// Simple devices have no clock.
Stamp stamp_of(SignalKind kind) {
    switch (kind) {
        case SignalKind::one_key:
        case SignalKind::water_level:
        case SignalKind::ebike_power_cut:
            return Stamp::none;
        default:
            return Stamp::present;
    }
}

std::string time_field(Stamp stamp, const base::Zone& zone, base::Time now) {
    const auto field = [](const std::string& time) { return fmt::format(R"("time":"{}",)", time); };
    switch (stamp) {
        case Stamp::present:
            return field(zone.format(now));
        case Stamp::old:
            return field(zone.format(now - base::minutes(15)));
        case Stamp::wrong_clock:
            return field("1970-01-01T08:02:11+08:00");
        case Stamp::none:
            break;
    }
    return {};
}

}  // namespace

Stage::Stage(const model::Policy& policy, std::string_view gateway, std::uint64_t seed) : policy_(policy), seed_(seed) {
    const auto speaker = policy.device_by_code.find(gateway);
    if (speaker == policy.device_by_code.end()) return;
    for (std::size_t i = 0; i < policy.devices.size(); ++i) {
        const model::Device& d = policy.devices[i];
        if (d.retired || d.is_gateway || d.gateway != speaker->second) continue;
        actors_.push_back({model::DeviceId{i}, d.code, d.kind, d.place});
    }
}

std::vector<Actor*> Stage::cast(SignalKind kind) {
    std::vector<std::pair<std::uint64_t, Actor*>> drawn;
    // By its own name: one device more changes little for the others.
    for (auto& actor : actors_) {
        const std::uint64_t lot = base::SeededRandom(seed_ ^ (base::fast_hash(actor.code) + 1)).next();
        if (actor.kind == kind && !is_users(actor)) drawn.emplace_back(lot, &actor);
    }
    std::ranges::sort(drawn);
    std::vector<Actor*> out;
    for (const auto& [lot, actor] : drawn) out.push_back(actor);
    return out;
}

bool Stage::is_users(const Actor& actor) const {
    const auto device = policy_.device_by_code.find(users_device);
    if (device == policy_.device_by_code.end()) return false;
    const auto unit = [&](model::PlaceId p) { return policy_.ancestor(p, model::PlaceLevel::unit); };
    return actor.code == users_device ||
           (actor.kind == SignalKind::smoke && unit(actor.place) == unit(policy_.devices[device->second.value].place));
}

bool Stage::is_held(const Actor& actor, base::Duration at) const {
    const auto [from, to] = held_.equal_range(actor.code);
    return std::any_of(from, to, [&](const auto& h) { return h.second.first <= at && at <= h.second.second; });
}

Message& Stage::say(const Actor& actor, base::Duration at, const Values& values) {
    const auto misdated = misdated_.find(actor.code);
    return script_.messages.emplace_back(
        Message{.at = at,
                .door = door_of(actor.kind),
                .device = actor.code,
                .kind = std::string(model::to_word(actor.kind)),
                .values = json_of(values),
                .stamp = misdated == misdated_.end() ? stamp_of(actor.kind) : misdated->second,
                .number = next_++,
                .raw = {}});
}

void Stage::say_raw(const Actor& actor, base::Duration at, std::string raw) {
    Message& m = say(actor, at, {});
    m.door = FeedDoor::mqtt;
    m.raw = std::move(raw);
}

void Stage::repeat_last(base::Duration after) {
    Message again = script_.messages.back();
    again.at = again.at + after;
    again.repeat = true;
    script_.messages.push_back(std::move(again));
}

void Stage::note(std::string what, std::string incident, const Actor& actor, base::Duration at) {
    script_.scenes.push_back({at, std::move(what), std::move(incident), policy_.places[actor.place.value].code});
}

Script Stage::finish() {
    std::erase_if(script_.messages, [&](const Message& m) { return m.at >= script_.length; });
    std::ranges::sort(script_.messages, {}, [](const Message& m) { return std::tuple(m.at, m.number, m.repeat); });
    std::ranges::sort(script_.scenes, {}, [](const Scene& s) { return std::tuple(s.at, std::string_view(s.what)); });
    return std::move(script_);
}

Script make_script(const model::Policy& policy, std::string_view gateway, std::uint64_t seed) {
    Stage stage(policy, gateway, seed);
    play_scenes(stage);
    play_voices(stage);
    return stage.finish();
}

std::string render(const Message& m, std::string_view run, const base::Zone& zone, base::Time now) {
    if (!m.raw.empty()) return m.raw;
    return fmt::format(R"({{"id":"{}-{}","device":"{}","kind":"{}",{}"values":{}}})", run, m.number, m.device, m.kind,
                       time_field(m.stamp, zone, now), m.values);
}

}  // namespace shoumen::twin
