// What the demo's day is written with. Private to room twin.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "twin/script.hpp"

#include "story.hpp"
#include "voice.hpp"

namespace shoumen::twin {

struct Actor {
    model::DeviceId id;
    std::string code;
    model::SignalKind kind{};
    model::PlaceId place;
};

class Stage {
public:
    Stage(const model::Policy& policy, std::string_view gateway, std::uint64_t seed);

    [[nodiscard]] std::vector<Actor>& actors() { return actors_; }
    [[nodiscard]] const model::Policy& policy() const { return policy_; }

    // Devices a scene may use: all of the kind but those of the user, in an order drawn by the seed.
    std::vector<Actor*> cast(model::SignalKind kind);
    // The smoke alarm of the README and its stairwell belong to whoever tries the demo.
    [[nodiscard]] bool is_users(const Actor& actor) const;

    // While a scene holds a device, its rhythm is silent.
    void hold(const Actor& actor, base::Duration from, base::Duration to) {
        held_.emplace(actor.code, std::pair{from, to});
    }
    [[nodiscard]] bool is_held(const Actor& actor, base::Duration at) const;

    // What this device says of its own time is wrong all day long.
    void misdate(const Actor& actor, Stamp stamp) { misdated_[actor.code] = stamp; }

    [[nodiscard]] std::uint64_t seed() const { return seed_; }

    Message& say(const Actor& actor, base::Duration at, const Values& values);
    void say_raw(const Actor& actor, base::Duration at, std::string raw);
    void repeat_last(base::Duration after);
    void note(std::string what, std::string incident, const Actor& actor, base::Duration at);

    Script finish();

private:
    const model::Policy& policy_;
    std::uint64_t seed_;
    std::vector<Actor> actors_;
    std::multimap<std::string, std::pair<base::Duration, base::Duration>> held_;
    std::map<std::string, Stamp> misdated_;
    Script script_;
    std::uint32_t next_ = 1;
};

void play_voices(Stage& stage);  // after the scenes, which hold devices
void play_scenes(Stage& stage);

}  // namespace shoumen::twin
