// The demo's crew: people who answer some incidents, through the API like anybody else. What they do with an incident
// follows from its kind, its place and the seed; when they do it, from the times the server itself tells. So nothing is
// kept here: after a restart they go on where they were.
//
// About half of all incidents they leave to the user, and with them whatever is not theirs: incidents that anybody else
// has touched or reported, and all of the stairwell of the README's smoke alarm, d-1. Private to room app.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/policy.hpp"

namespace shoumen::app {

enum class Habit : std::uint8_t {
    leave,        // nobody answers: it climbs, unless the user takes it
    work,         // acknowledge, go, arrive, photo, resolve
    false_alarm,  // go and look: nothing there
    forget,       // acknowledge, and nothing after it: the acknowledgement expires
};

Habit habit_of(std::string_view kind, std::string_view place, std::uint64_t seed);

// What the crew sees of an incident.
struct CrewView {
    std::string id;
    std::string kind;
    std::string place;
    std::string state;
    std::string severity;
    base::Time opened = base::Time::none();
    base::Time latest_alert = base::Time::none();
    base::Time acknowledged = base::Time::none();
    base::Time departed = base::Time::none();
    base::Time arrived = base::Time::none();
    bool after_photo = false;     // one is there, made since they arrived
    bool expired_before = false;  // an acknowledgement of theirs
    bool look_wanted = false;     // the desk is asked before anybody is sent
    bool others = false;          // somebody else has a hand in it
};

struct CrewStep {
    enum class What : std::uint8_t { acknowledge, depart, arrive, photo, resolve, false_alarm };
    What what{};
    base::Time due;
    bool operator==(const CrewStep&) const = default;
};

// nullopt: nothing more is theirs to do.
std::optional<CrewStep> next_step(const CrewView& incident, std::uint64_t seed);

struct CrewOptions {
    std::shared_ptr<const model::Policy> policy;
    std::uint16_t http_port = 0;
    std::string account;
    std::string password;
    std::uint64_t seed = 0;
    std::function<void(std::string)> log;
};

class Crew {
public:
    explicit Crew(CrewOptions options);
    ~Crew();
    void run();   // until stop()
    void stop();  // from any thread; run() ends at once

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app
