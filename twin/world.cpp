#include "twin/world.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <queue>
#include <unordered_map>

#include "base/random.hpp"

#include "household.hpp"
#include "story.hpp"
#include "voice.hpp"

namespace shoumen::twin {
namespace {

using base::Duration;
using base::minutes;
using base::seconds;
using base::Time;
using model::DeviceId;
using model::PlaceId;

constexpr std::int64_t nobody = -1;
constexpr std::size_t most_spread = 5;
constexpr double night_begins = 22;
constexpr double night_lasts = 8;
constexpr double year_us = 365.25 * 86'400e6;

// What episodes are made of, each so often.
struct Share {
    StoryId story{};
    double weight = 1;
};
constexpr std::array<Share, 6> causes_of_episodes{{{StoryId::kitchen_fire, 4},
                                                   {StoryId::gas_leak, 2},
                                                   {StoryId::elder_fall, 2},
                                                   {StoryId::elder_sos, 1},
                                                   {StoryId::lift_trapped, 1},
                                                   {StoryId::entrance_tried, 1}}};

enum class What : std::uint8_t { voice, line, sensing, day, begin, tell, spread, finish, episode };

struct Item {
    Time at;
    std::uint64_t order = 0;  // of those at the same moment the one put in first
    What what{};
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    bool operator>(const Item& o) const { return at != o.at ? at > o.at : order > o.order; }
};

struct Pending {
    DeviceId device;
    Values values;
};

struct Told {
    StoryId story{};
    std::uint32_t episode = 0;
};

}  // namespace

struct World::Impl {
    std::shared_ptr<const model::Policy> policy;
    WorldOptions options;
    base::SeededRandom random;
    std::priority_queue<Item, std::vector<Item>, std::greater<>> queue;
    std::uint64_t order = 0;
    std::vector<std::optional<Voice>> voices;  // by device
    std::vector<Household> households;
    std::vector<Pending> pool;
    std::vector<std::uint32_t> unused;
    std::vector<std::vector<DeviceId>> able;  // by story
    std::vector<Happening> happenings;
    std::vector<Told> told;  // beside happenings
    std::vector<std::vector<std::uint32_t>> of_device;
    std::vector<std::int64_t> busy;  // by device: the happening it tells of
    std::vector<std::vector<DeviceId>> in_building;
    std::vector<std::size_t> open;  // happenings under way
    std::vector<Line> lines;
    std::vector<Sensing> sensings;
    Values spoken;

    Impl(std::shared_ptr<const model::Policy> p, const WorldOptions& o)
        : policy(std::move(p)), options(o), random(o.seed * 0x9e3779b97f4a7c15ULL + 1) {
        const std::size_t n = policy->devices.size();
        voices.resize(n);
        of_device.resize(n);
        busy.assign(n, nobody);
        settle();
        able.resize(story_count);
        for (const Story& s : stories()) {
            for (std::size_t i = 0; i < n; ++i) {
                if (fits(s, *policy, DeviceId{i})) able[static_cast<std::size_t>(s.id)].push_back(DeviceId{i});
            }
        }
        if (options.episodes.count == 0) {
            for (const Story& s : stories()) draw_next(s, options.from);
        } else {
            list_buildings();
            put(options.from + base::hours(1), What::episode, 1);
        }
    }

    void put(Time at, What what, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
        queue.push({at, order++, what, a, b, c});
    }

    [[nodiscard]] double hour_of(Time t) const {
        const base::LocalTime local = policy->zone.local(t);
        return local.minute / 60.0 + local.second / 3600.0;
    }

    // --- Who is there --------------------------------------------------------------------------------------------

    void settle() {
        std::unordered_map<std::uint32_t, std::size_t> home_of;
        for (std::size_t i = 0; i < policy->devices.size(); ++i) {
            const model::Device& d = policy->devices[i];
            if (d.retired || d.is_gateway || d.kind == model::SignalKind::platform) continue;
            const PlaceId home = policy->ancestor(d.place, model::PlaceLevel::home);
            const bool at_home = home.valid() && policy->places[home.value].level == model::PlaceLevel::home;
            const bool sensor = d.kind == model::SignalKind::motion || d.kind == model::SignalKind::door_contact;
            if (at_home && sensor) {
                const auto [it, fresh] = home_of.try_emplace(home.value, households.size());
                if (fresh) households.emplace_back(home, options.seed ^ (0xabcdULL << 32U) ^ home.value);
                Household& household = households[it->second];
                d.kind == model::SignalKind::motion ? household.add_motion(DeviceId{i})
                                                    : household.add_door(DeviceId{i});
                continue;
            }
            voices[i].emplace(d, policy->places[d.place.value].use, options.seed);
            put(options.from + voices[i]->first(hour_of(options.from)), What::voice, static_cast<std::uint32_t>(i));
        }
        for (std::size_t h = 0; h < households.size(); ++h)
            put(midnight_before(options.from), What::day, static_cast<std::uint32_t>(h));
    }

    [[nodiscard]] Time midnight_before(Time t) const {
        const base::LocalTime local = policy->zone.local(t);
        return t - minutes(local.minute) - seconds(local.second) - Duration{t.us % 1'000'000};
    }

    void plan_day(std::uint32_t h, Time midnight) {
        sensings.clear();
        households[h].plan_day(sensings);
        for (const Sensing& s : sensings) {
            if (midnight + s.at >= options.from)
                put(midnight + s.at, What::sensing, s.device.value, static_cast<std::uint32_t>(s.what), h);
        }
        // The next midnight, whatever the zone does in between.
        put(midnight_before(midnight + base::hours(30)), What::day, h);
    }

    // --- What goes wrong -----------------------------------------------------------------------------------------

    void draw_next(const Story& s, Time after) {
        const double rate =
            s.per_year * options.trouble * static_cast<double>(able[static_cast<std::size_t>(s.id)].size());
        if (rate <= 0) return;
        Time at = after + Duration{static_cast<std::int64_t>(-std::log(1 - random.unit()) / rate * year_us)};
        if (s.by_night) {
            const double hour = hour_of(at);
            double wanted = night_begins + night_lasts * random.unit();
            if (wanted < hour) wanted += 24;
            at = at + Duration{static_cast<std::int64_t>((wanted - hour) * 3.6e9)};
        }
        put(at, What::begin, static_cast<std::uint32_t>(s.id));
    }

    std::optional<DeviceId> free_device(const std::vector<DeviceId>& among) {
        for (int tries = 0; tries < 8 && !among.empty(); ++tries) {
            const DeviceId d = among[random.below(among.size())];
            if (busy[d.value] == nobody) return d;
        }
        return std::nullopt;
    }

    void begin(const Story& s, DeviceId device, Time at, std::uint32_t episode) {
        const auto number = static_cast<std::uint32_t>(happenings.size());
        Happening h{s.what, s.incident, s.real, s.silent, policy->devices[device.value].place, {}, at};
        happenings.push_back(std::move(h));
        told.push_back({s.id, episode});
        open.push_back(number);
        take(number, device);
        if (s.silent) silence(number, device);
        if (!s.opening.empty()) put(at, What::tell, number, 0, 0);
        if (s.spreads) put(at + seconds(100 + static_cast<std::int64_t>(random.below(140))), What::spread, number);
        const double share = 0.5 + random.unit();
        const bool brief = s.lasts <= seconds(10);
        put(at + Duration{static_cast<std::int64_t>(static_cast<double>(s.lasts.us) * (brief ? 1 : share))},
            What::finish, number);
    }

    void take(std::uint32_t number, DeviceId device) {
        happenings[number].devices.push_back(device);
        of_device[device.value].push_back(number);
        busy[device.value] = number;
    }

    void silence(std::uint32_t number, DeviceId device) {
        const PlaceId home = policy->ancestor(policy->devices[device.value].place, model::PlaceLevel::home);
        happenings[number].place = home;
        for (std::size_t i = 0; i < policy->devices.size(); ++i) {
            const model::Device& d = policy->devices[i];
            const bool sensor = d.kind == model::SignalKind::motion || d.kind == model::SignalKind::door_contact;
            if (sensor && busy[i] == nobody && policy->is_within(d.place, home)) take(number, DeviceId{i});
        }
    }

    // Devices stand in the file floor by floor: the next in the list is the next on the way.
    std::optional<DeviceId> nearest_free(std::uint32_t number) {
        const PlaceId unit = policy->ancestor(happenings[number].place, model::PlaceLevel::unit);
        const DeviceId first = happenings[number].devices.front();
        std::optional<DeviceId> found;
        const auto far = [&](DeviceId d) { return d < first ? first.value - d.value : d.value - first.value; };
        for (const DeviceId d : able[static_cast<std::size_t>(told[number].story)]) {
            if (busy[d.value] != nobody || !policy->is_within(policy->devices[d.value].place, unit)) continue;
            if (!found || far(d) < far(*found)) found = d;
        }
        return found;
    }

    void spread(std::uint32_t number, Time at) {
        Happening& h = happenings[number];
        if (h.ends <= at || h.devices.size() >= most_spread) return;
        if (const auto next = nearest_free(number)) {
            take(number, *next);
            put(at, What::tell, number, static_cast<std::uint32_t>(happenings[number].devices.size() - 1), 0);
        }
        put(at + seconds(120 + static_cast<std::int64_t>(random.below(180))), What::spread, number);
    }

    void finish(std::uint32_t number, Time at) {
        Happening& h = happenings[number];
        if (h.ends <= at) return;
        h.ends = at;
        std::erase(open, number);
        const Story& s = story(told[number].story);
        for (const DeviceId d : h.devices) {
            busy[d.value] = nobody;
            if (!s.closing.empty()) say_later(at + seconds(static_cast<std::int64_t>(random.below(20))), d, s.closing);
        }
    }

    void say_later(Time at, DeviceId device, const Values& values) {
        if (unused.empty()) {
            unused.push_back(static_cast<std::uint32_t>(pool.size()));
            pool.emplace_back();
        }
        const std::uint32_t i = unused.back();
        unused.pop_back();
        pool[i] = {device, values};
        put(at, What::line, i);
    }

    // --- Episodes ------------------------------------------------------------------------------------------------

    void list_buildings() {
        std::unordered_map<std::uint32_t, std::size_t> number;
        for (std::size_t i = 0; i < policy->devices.size(); ++i) {
            const model::Device& d = policy->devices[i];
            const PlaceId building = policy->ancestor(d.place, model::PlaceLevel::building);
            if (d.is_gateway || !building.valid() ||
                policy->places[building.value].level != model::PlaceLevel::building)
                continue;
            const auto [it, fresh] = number.try_emplace(building.value, in_building.size());
            if (fresh) in_building.emplace_back();
            in_building[it->second].push_back(DeviceId{i});
        }
    }

    void begin_cause(const std::vector<DeviceId>& building, Time at, std::uint32_t episode) {
        double all = 0;
        for (const Share& s : causes_of_episodes) all += s.weight;
        for (int tries = 0; tries < 50; ++tries) {
            double lot = random.unit() * all;
            const Share* drawn = causes_of_episodes.data();
            while (lot >= drawn->weight && drawn != &causes_of_episodes.back()) lot -= (drawn++)->weight;
            std::vector<DeviceId> fitting;
            for (const DeviceId d : building) {
                if (busy[d.value] == nobody && fits(story(drawn->story), *policy, d)) fitting.push_back(d);
            }
            if (fitting.empty()) continue;
            const DeviceId d = fitting[random.below(fitting.size())];
            return begin(story(drawn->story), d, at, episode);
        }
    }

    void begin_episode(std::uint32_t number, Time at, bool second, std::uint32_t where) {
        const std::size_t building = second ? where : random.below(in_building.size());
        begin_cause(in_building[building], at, number);
        if (second) return;
        if (random.chance(options.episodes.two)) {
            const auto apart = static_cast<std::uint64_t>(options.episodes.apart.us);
            put(at + Duration{static_cast<std::int64_t>(random.below(apart))}, What::episode, number, 1,
                static_cast<std::uint32_t>(building));
        }
        if (number < options.episodes.count) put(at + options.episodes.every, What::episode, number + 1);
    }

    // --- Time ----------------------------------------------------------------------------------------------------

    // What a device says, unless it has something else to tell of.
    bool plain(DeviceId device, const Values& values, Time at, Saying& out) {
        if (busy[device.value] != nobody) return false;
        return said(device, values, at, out);
    }
    bool said(DeviceId device, const Values& values, Time at, Saying& out) {
        spoken = values;
        out = {at, device, spoken.span()};
        return true;
    }

    bool speak(std::uint32_t device, Time at, Saying& out) {
        Voice& voice = *voices[device];
        const double hour = hour_of(at);
        put(at + voice.pause(hour), What::voice, device);
        if (busy[device] != nobody) return false;
        lines.clear();
        voice.speak(hour, lines);
        for (std::size_t i = 1; i < lines.size(); ++i)
            say_later(at + lines[i].after, DeviceId{device}, lines[i].values);
        return said(DeviceId{device}, lines.front().values, at, out);
    }

    bool sense(const Item& item, Saying& out) {
        switch (static_cast<Sensed>(item.b)) {
            case Sensed::moving:
                return plain(DeviceId{item.a}, {{"occupancy", true}}, item.at, out);
            case Sensed::still:
                return plain(DeviceId{item.a}, {{"occupancy", false}}, item.at, out);
            case Sensed::door_open:
                return plain(DeviceId{item.a}, {{"contact", false}}, item.at, out);
            case Sensed::door_shut:
                return plain(DeviceId{item.a}, {{"contact", true}}, item.at, out);
        }
        return false;
    }

    bool tell(const Item& item, Saying& out) {
        const Happening& h = happenings[item.a];
        if (h.ends <= item.at) return false;
        const Story& s = story(told[item.a].story);
        const std::size_t line = item.c;
        const bool opening = line < s.opening.size();
        if (line + 1 < s.opening.size())
            put(item.at + (s.opening[line + 1].after - s.opening[line].after), What::tell, item.a, item.b, item.c + 1);
        else if (s.every > Duration{})
            put(item.at + s.every, What::tell, item.a, item.b, item.c + 1);
        return said(h.devices[item.b], opening ? s.opening[line].values : s.again, item.at, out);
    }

    bool work_off(const Item& item, Saying& out) {
        switch (item.what) {
            case What::voice:
                return speak(item.a, item.at, out);
            case What::line: {
                const Pending p = pool[item.a];
                unused.push_back(item.a);
                return plain(p.device, p.values, item.at, out);
            }
            case What::sensing:
                return sense(item, out);
            case What::day:
                return plan_day(item.a, item.at), false;
            case What::begin: {
                const Story& s = stories()[item.a];
                if (const auto device = free_device(able[item.a])) begin(s, *device, item.at, 0);
                return draw_next(s, item.at), false;
            }
            case What::tell:
                return tell(item, out);
            case What::spread:
                return spread(item.a, item.at), false;
            case What::finish:
                return finish(item.a, item.at), false;
            case What::episode:
                return begin_episode(item.a, item.at, item.b == 1, item.c), false;
        }
        return false;
    }
};

World::World(std::shared_ptr<const model::Policy> policy, const WorldOptions& options)
    : impl_(std::make_unique<Impl>(std::move(policy), options)) {}

World::~World() = default;

Time World::next() const { return impl_->queue.empty() ? Time::never() : impl_->queue.top().at; }

bool World::say(Time until, Saying& out) {
    while (next() <= until) {
        const Item item = impl_->queue.top();
        impl_->queue.pop();
        if (impl_->work_off(item, out)) return true;
    }
    return false;
}

void World::end(std::size_t happening, Time at) { impl_->finish(static_cast<std::uint32_t>(happening), at); }

const std::vector<Happening>& World::happenings() const { return impl_->happenings; }

std::vector<std::size_t> World::under_way(PlaceId place) const {
    std::vector<std::size_t> found;
    for (const std::size_t number : impl_->open) {
        const Happening& h = impl_->happenings[number];
        const bool there = std::ranges::any_of(h.devices, [&](DeviceId d) {
            const PlaceId at = impl_->policy->devices[d.value].place;
            return at == place || (h.silent && impl_->policy->is_within(at, place));
        });
        if (there) found.push_back(number);
    }
    return found;
}

std::int64_t World::cause_of(DeviceId device, PlaceId place, Time at, Duration after) const {
    if (!device.valid()) {  // an absence of which nobody knows the last to speak
        for (std::size_t n = impl_->happenings.size(); n-- > 0;) {
            const Happening& h = impl_->happenings[n];
            if (h.silent && h.place == place && h.begins <= at && (h.ends == Time::never() || at <= h.ends + after))
                return static_cast<std::int64_t>(n);
        }
        return nobody;
    }
    const auto& list = impl_->of_device[device.value];
    for (auto n = list.rbegin(); n != list.rend(); ++n) {
        const Happening& h = impl_->happenings[*n];
        if (h.begins <= at && (h.ends == Time::never() || at <= h.ends + after)) return *n;
    }
    return nobody;
}

std::uint32_t World::episode_of(std::size_t happening) const { return impl_->told[happening].episode; }

}  // namespace shoumen::twin
