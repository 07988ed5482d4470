// What rhythm and scenes write the script with. Private to room app.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"

#include "feed_script.hpp"

namespace shoumen::app {

struct Actor {
    std::string code;
    model::SignalKind kind{};
    model::PlaceId place;
    base::SeededRandom random;  // of its own: one device more changes nothing for the others
};

class Stage {
public:
    Stage(const model::Policy& policy, std::string_view gateway, std::uint64_t seed);

    [[nodiscard]] std::vector<Actor>& actors() { return actors_; }
    [[nodiscard]] const model::Policy& policy() const { return policy_; }
    base::SeededRandom& random() { return random_; }

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

    Message& say(const Actor& actor, base::Duration at, std::string values);
    void say_raw(const Actor& actor, base::Duration at, std::string raw);
    void repeat_last(base::Duration after);
    void note(std::string what, std::string incident, const Actor& actor, base::Duration at);

    Script finish();

private:
    const model::Policy& policy_;
    std::vector<Actor> actors_;
    base::SeededRandom random_;
    std::multimap<std::string, std::pair<base::Duration, base::Duration>> held_;
    std::map<std::string, Stamp> misdated_;
    Script script_;
    std::uint32_t next_ = 1;
};

void play_rhythms(Stage& stage);  // after the scenes, which hold devices
void play_scenes(Stage& stage);

// {"smoke":true,"battery":97}. A number's text is given by the caller, a bool's by yes_no().
std::string json_of(std::initializer_list<std::pair<std::string_view, std::string>> values);
inline std::string yes_no(bool b) { return b ? "true" : "false"; }

}  // namespace shoumen::app
