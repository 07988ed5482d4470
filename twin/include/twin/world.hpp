// The simulated world: homes with their residents' days, devices that speak as their kind does, and things that go
// wrong, each known with its place, time and end (the ground truth). One seed, one world. Time is virtual: the caller
// asks for what is said next, and tells the world when people have ended something.
//
// Everything is drawn from the community's own places and devices: any community directory can be lived in. Homes with
// sensors of motion or doors have residents, who rise, go out, come back, nap and sleep; other devices keep the rhythm
// of their kind. One thread. Times are UTC; days and nights are those of the community's zone.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::twin {

// Something that went wrong, or seemed to.
struct Happening {
    std::string_view what;      // for people
    std::string_view incident;  // code of the kind of incident it is under the usual rules; empty: none should come
    bool real = false;          // somebody should come
    bool silent = false;        // told by silence: of the home at `place`
    model::PlaceId place;       // of the device that tells of it first
    std::vector<model::DeviceId> devices;  // that tell of it, in the order in which they began
    base::Time begins;
    base::Time ends = base::Time::never();
};

// What a device says at a moment.
struct Saying {
    base::Time at;
    model::DeviceId device;
    std::span<const model::FlatValue> values;  // until the next call
};

// Happenings by plan instead of by chance, for measuring: in each round one building, with one cause or two.
struct Episodes {
    std::uint32_t count = 0;                   // 0: none, things go wrong by chance
    base::Duration every = base::hours(4);     // from one to the next
    base::Duration apart = base::minutes(10);  // two causes of one episode begin within this
    double two = 0.5;                          // share with two causes
};

struct WorldOptions {
    std::uint64_t seed = 1;
    base::Time from;
    double trouble = 1;  // how often things go wrong, of the usual
    Episodes episodes;
};

class World {
public:
    World(std::shared_ptr<const model::Policy> policy, const WorldOptions& options);
    ~World();

    [[nodiscard]] base::Time next() const;  // never: nothing more is to come
    // The next saying, if one is due at or before `until`; time is `until` then.
    bool say(base::Time until, Saying& out);
    // People have seen to it: it ends, and the devices say so.
    void end(std::size_t happening, base::Time at);

    [[nodiscard]] const std::vector<Happening>& happenings() const;
    // Those under way whose devices stand at the place, or in whose silent home it lies. By number.
    [[nodiscard]] std::vector<std::size_t> under_way(model::PlaceId place) const;
    // The one an alert of this device or place at this time is about; -1: none. Within `after` of the end it still
    // counts: news takes its time.
    [[nodiscard]] std::int64_t cause_of(model::DeviceId device, model::PlaceId place, base::Time at,
                                        base::Duration after) const;
    // Number of the episode a happening belongs to.
    [[nodiscard]] std::uint32_t episode_of(std::size_t happening) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::twin
