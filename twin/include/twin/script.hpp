// The demo's day as a list: who says what at which moment. Pure: the same policy, gateway and seed give the same list.
// Nothing here reads a clock or sends; a message becomes bytes in render().
//
// Devices and stories are those of the simulator. Every device behind the gateway speaks as its kind does when nothing
// is wrong. Over that lie scenes, in which a story is told: while a scene holds a device, it says nothing else, so that
// nothing calls off what the story says. Each scene ends with what it began: the day can be played again at once.
//
// Two clocks. Moments of the script only pace it: 06:00 of the script is its beginning, and evening comes when it is
// played that far. Rules and deadlines run on the clock of the server, which stands on real time. So a story is told at
// the pace of real time when the day runs at the usual speed (a script minute a second); what needs 12 hours of silence
// needs 12 real hours.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/policy.hpp"

namespace shoumen::twin {

enum class FeedDoor : std::uint8_t { mqtt, http };

// What a message says of its own time.
enum class Stamp : std::uint8_t {
    present,      // the real time of sending
    none,         // nothing: a device without a clock
    wrong_clock,  // 1970, as after a change of batteries
    old,          // a quarter of an hour ago: the line was cut
};

struct Message {
    base::Duration at;  // since the day began
    FeedDoor door = FeedDoor::mqtt;
    std::string device;
    std::string kind;
    std::string values;  // a JSON object
    Stamp stamp = Stamp::present;
    std::uint32_t number = 0;  // tells messages of one day apart; a repeat has the number of what it repeats
    bool repeat = false;
    std::string raw;  // where it is not empty: sent as it stands, since something is wrong with it
    bool operator==(const Message&) const = default;
};

// Something that goes wrong, for the log and for tests.
struct Scene {
    base::Duration at;
    std::string what;      // "fire", "gas leak" …
    std::string incident;  // code of the incident kind that follows while the rules are those of the demo; empty: none
    std::string place;     // code of the place
    bool operator==(const Scene&) const = default;
};

struct Script {
    std::vector<Message> messages;  // in order of time
    std::vector<Scene> scenes;
    base::Duration length = base::hours(24);
};

Script make_script(const model::Policy& policy, std::string_view gateway, std::uint64_t seed);

// The payload as it goes out. `run` tells runs and days apart, so that the ids of yesterday are not taken for repeats.
std::string render(const Message& message, std::string_view run, const base::Zone& zone, base::Time now);

}  // namespace shoumen::twin
