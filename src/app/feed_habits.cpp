// What the crew does with an incident, and when: pure.
#include <algorithm>

#include <fmt/format.h>

#include "base/hash.hpp"

#include "feed_crew.hpp"

namespace shoumen::app {
namespace {

using base::Duration;
using base::Time;
using What = CrewStep::What;

// How habits are dealt out. This number was chosen so that in the usual day the first fire is left to the user and
// every habit occurs.
constexpr int deal = 31;

// A clothes rack, every time.
constexpr std::string_view racks_place = "hp-2-roof";

std::uint64_t lot(std::string_view about, const CrewView& i, std::uint64_t seed) {
    return base::fast_hash(fmt::format("{}/{}/{}/{}", about, i.kind, i.place, seed));
}

// Between `from` and `to` seconds, always the same for one incident.
Duration delay(std::string_view about, std::int64_t from, std::int64_t to, const CrewView& i, std::uint64_t seed) {
    return base::seconds(from +
                         static_cast<std::int64_t>(lot(about, i, seed) % static_cast<std::uint64_t>(to - from + 1)));
}

std::optional<CrewStep> step(What what, Time from, Duration after) {
    if (!from.is_set()) return std::nullopt;
    return CrewStep{what, from + after};
}

// Small matters are settled from the desk, without going there.
std::optional<CrewStep> by_telephone(const CrewView& i, Habit habit, std::uint64_t seed) {
    return step(habit == Habit::work ? What::resolve : What::false_alarm, i.acknowledged,
                delay("telephone", 60, 150, i, seed));
}

std::optional<CrewStep> on_the_spot(const CrewView& i, Habit habit, std::uint64_t seed) {
    if (habit == Habit::false_alarm) return step(What::false_alarm, i.arrived, delay("look", 40, 90, i, seed));
    const Duration worked = delay("work", 35, 110, i, seed);
    return i.after_photo ? step(What::resolve, i.arrived, worked + base::seconds(10))
                         : step(What::photo, i.arrived, worked);
}

}  // namespace

Habit habit_of(std::string_view kind, std::string_view place, std::uint64_t seed) {
    if (place == racks_place) return Habit::false_alarm;
    const std::uint64_t percent = base::fast_hash(fmt::format("habit {}/{}/{}/{}", deal, kind, place, seed)) % 100;
    if (percent < 50) return Habit::leave;
    if (percent < 78) return Habit::work;
    return percent < 90 ? Habit::false_alarm : Habit::forget;
}

std::optional<CrewStep> next_step(const CrewView& i, std::uint64_t seed) {
    const Habit habit = habit_of(i.kind, i.place, seed);
    if (habit == Habit::leave || i.others || i.expired_before) return std::nullopt;
    // Asked before anybody is sent: a look at the picture will do.
    if (i.look_wanted) return step(What::false_alarm, i.opened, delay("glance", 15, 40, i, seed));
    // An alert may have opened again what was done.
    if (i.state == "open")
        return step(What::acknowledge, std::max(i.opened, i.latest_alert), delay("hear", 12, 40, i, seed));
    if (habit == Habit::forget) return std::nullopt;
    if (i.state == "acknowledged") {
        if (i.severity == "blue") return by_telephone(i, habit, seed);
        return step(What::depart, i.acknowledged, delay("dress", 8, 25, i, seed));
    }
    if (i.state == "en_route") return step(What::arrive, i.departed, delay("walk", 35, 95, i, seed));
    if (i.state == "on_scene") return on_the_spot(i, habit, seed);
    return std::nullopt;
}

}  // namespace shoumen::app
