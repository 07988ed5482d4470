// What can go wrong, and how the devices tell of it. The demo's day and the simulator play the same stories; the demo
// says when and how long, the simulator draws both, and its people end what they find. Private to room twin.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "model/policy.hpp"

#include "values.hpp"

namespace shoumen::twin {

enum class StoryId : std::uint8_t {
    kitchen_fire,
    steam,
    gas_leak,
    pot_boils_over,
    elder_sos,
    elder_fall,
    elder_heart,
    elder_silent,
    child_leaves,
    child_at_border,
    call_button,
    lift_trapped,
    entrance_tried,
    entrance_forced,
    entrance_open,
    plant_room_open,
    falling_object,
    fight,
    person_fallen,
    crowd,
    crowd_at_night,
    overload,
    power_cut,
    flood,
    intruder,
    flat_battery,
    roof_rack,
    roof_climber,
};
constexpr std::size_t story_count = 28;

// Which places the devices of a story may stand at.
enum class Where : std::uint8_t { anywhere, in_lift, not_in_lift, in_home, in_facility };

struct Story {
    StoryId id{};
    std::string_view what;      // for people who read the log
    std::string_view incident;  // code of the kind of incident it is under the usual rules; empty: none should come
    model::SignalKind kind{};   // of the device that tells of it
    Where where = Where::anywhere;
    bool real = true;           // somebody must come; false: a false alarm, or nothing at all
    bool by_night = false;      // happens between 22:00 and 06:00
    bool spreads = false;       // to the next devices of the kind in the same unit, one every few minutes
    bool silent = false;        // nothing more is heard from the home's sensors of motion and doors
    std::vector<Line> opening;  // the first at once
    base::Duration every;       // then this, while it lasts; 0: nothing more
    Values again;
    Values closing;        // empty: nothing
    base::Duration lasts;  // if nobody ends it
    double per_year = 0;   // for each device that could tell of it
};

const Story& story(StoryId id);
std::span<const Story> stories();

bool fits(const Story& story, const model::Policy& policy, model::DeviceId device);

}  // namespace shoumen::twin
