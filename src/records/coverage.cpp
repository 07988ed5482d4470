#include "records/coverage.hpp"

#include <algorithm>
#include <unordered_map>

namespace shoumen::records {
namespace {

using model::CoveragePer;
using model::PlaceId;
using model::PlaceLevel;
using model::Policy;
using model::Served;

// What one target can serve at one place: of `base`, `one` by each device.
struct Spot {
    PlaceId place;
    std::uint64_t base = 0;
    std::uint64_t one = 1;
    std::uint64_t devices = 0;
    std::uint64_t working = 0;

    [[nodiscard]] std::uint64_t served(std::uint64_t by) const { return std::min(base, by * one); }
    [[nodiscard]] std::uint64_t next() const { return served(devices + 1) - served(devices); }
};

struct Spots {
    std::vector<Spot> list;
    std::unordered_map<PlaceId, std::size_t> at;
    std::vector<PlaceId> unplaced_at;

    void add(PlaceId place, std::uint64_t base, std::uint64_t one) {
        if (base == 0) return;
        at.emplace(place, list.size());
        list.push_back({place, base, one});
    }
};

Spot* spot_above(const Policy& policy, Spots& spots, PlaceId place) {
    for (; place.valid(); place = policy.places[place.value].parent) {
        if (const auto found = spots.at.find(place); found != spots.at.end()) return &spots.list[found->second];
    }
    return nullptr;
}

Spots spots_of(const Policy& policy, const model::Coverage& asked, const model::CoverageTarget& target,
               const Works& works) {
    Spots spots;
    switch (target.per) {
        case CoveragePer::area:
            for (const auto& [place, area] : asked.areas) spots.add(place, area, target.square_metres);
            break;
        case CoveragePer::home:
            for (std::size_t i = 0; i < policy.places.size(); ++i) {
                const auto& place = policy.places[i];
                if (place.level == PlaceLevel::home && !place.retired) spots.add(PlaceId{i}, 1, 1);
            }
            break;
        case CoveragePer::person:
            for (const auto& [place, number] : asked.persons) spots.add(place, number, 1);
            break;
    }
    for (std::size_t i = 0; i < policy.devices.size(); ++i) {
        const auto& device = policy.devices[i];
        if (device.retired || device.is_gateway || ((target.kinds >> static_cast<unsigned>(device.kind)) & 1U) == 0)
            continue;
        if (Spot* spot = spot_above(policy, spots, device.place)) {
            ++spot->devices;
            if (i < works.size() && works[i]) ++spot->working;
        } else {
            spots.unplaced_at.push_back(device.place);
        }
    }
    return spots;
}

// Of every place, what lies within it: each spot is counted once on every level above it.
std::vector<Served> sums_of(const Policy& policy, const Spots& spots) {
    std::vector<Served> sums(policy.places.size());
    for (const Spot& spot : spots.list) {
        for (PlaceId place = spot.place; place.valid(); place = policy.places[place.value].parent) {
            Served& sum = sums[place.value];
            sum.base += spot.base;
            sum.served += spot.served(spot.devices);
            sum.working += spot.served(spot.working);
            sum.devices += spot.devices;
        }
    }
    for (const PlaceId at : spots.unplaced_at) {
        for (PlaceId place = at; place.valid(); place = policy.places[place.value].parent) {
            ++sums[place.value].unplaced;
            ++sums[place.value].devices;
        }
    }
    return sums;
}

// What has still to be served until the target is reached, at most all there is.
std::uint64_t wanted(const model::CoverageTarget& target, std::uint64_t base) {
    return (base * target.share_percent + 99) / 100;
}

struct Candidate {
    std::size_t target = 0;
    std::size_t spot = 0;
    std::uint64_t gains = 0;   // that count towards the target
    std::uint64_t wanted = 1;  // by the target
    std::uint64_t share_served = 0;
    std::uint64_t share_base = 1;

    // gains / wanted, then the lower share of the building, then the order of the policy.
    [[nodiscard]] bool before(const Candidate& o) const {
        const auto left = static_cast<unsigned __int128>(gains) * o.wanted;
        const auto right = static_cast<unsigned __int128>(o.gains) * wanted;
        if (left != right) return left > right;
        const auto mine = static_cast<unsigned __int128>(share_served) * o.share_base;
        const auto theirs = static_cast<unsigned __int128>(o.share_served) * share_base;
        if (mine != theirs) return mine < theirs;
        return std::pair{target, spot} < std::pair{o.target, o.spot};
    }
};

struct Sum {
    std::uint64_t base = 0;
    std::uint64_t served = 0;
};

// One target while devices are proposed for it.
struct Filling {
    Spots spots;
    std::uint64_t wanted = 0;
    std::uint64_t served = 0;
    std::unordered_map<PlaceId, Sum> by_building;

    PlaceId building(const Policy& policy, std::size_t spot) const {
        return policy.ancestor(spots.list[spot].place, PlaceLevel::building);
    }
};

}  // namespace

std::vector<model::CoverageRow> coverage(const Policy& policy, const model::Coverage& asked, const Works& works) {
    std::vector<model::CoverageRow> rows;
    for (std::size_t t = 0; t < asked.targets.size(); ++t) {
        const Spots spots = spots_of(policy, asked, asked.targets[t], works);
        const auto sums = sums_of(policy, spots);
        const auto add = [&](PlaceId place) {
            const Served& sum = sums[place.value];
            if (sum.base > 0 || place == policy.root) rows.push_back({t, place, sum});
        };
        add(policy.root);
        for (const PlaceLevel level : {PlaceLevel::estate, PlaceLevel::building}) {
            for (std::size_t i = 0; i < policy.places.size(); ++i) {
                if (policy.places[i].level == level && !policy.places[i].retired) add(PlaceId{i});
            }
        }
    }
    return rows;
}

std::vector<model::Proposal> next_devices(const Policy& policy, const model::Coverage& asked, std::size_t n) {
    std::vector<Filling> fillings;
    for (const auto& target : asked.targets) {
        Filling f{spots_of(policy, asked, target, {}), 0, 0, {}};
        std::uint64_t base = 0;
        for (std::size_t s = 0; s < f.spots.list.size(); ++s) {
            const Spot& spot = f.spots.list[s];
            base += spot.base;
            f.served += spot.served(spot.devices);
            Sum& sum = f.by_building[f.building(policy, s)];
            sum.base += spot.base;
            sum.served += spot.served(spot.devices);
        }
        f.wanted = wanted(target, base);
        fillings.push_back(std::move(f));
    }
    std::vector<model::Proposal> proposals;
    while (proposals.size() < n) {
        std::optional<Candidate> best;
        for (std::size_t t = 0; t < fillings.size(); ++t) {
            Filling& f = fillings[t];
            if (f.served >= f.wanted) continue;
            const std::uint64_t left = f.wanted - f.served;
            for (std::size_t s = 0; s < f.spots.list.size(); ++s) {
                const std::uint64_t gains = std::min(left, f.spots.list[s].next());
                if (gains == 0) continue;
                const Sum& sum = f.by_building[f.building(policy, s)];
                const Candidate candidate{t, s, gains, f.wanted, sum.served, sum.base};
                if (!best || candidate.before(*best)) best = candidate;
            }
        }
        if (!best) break;
        Filling& f = fillings[best->target];
        Spot& spot = f.spots.list[best->spot];
        const std::uint64_t gains = spot.next();
        ++spot.devices;
        f.served += gains;
        f.by_building[f.building(policy, best->spot)].served += gains;
        proposals.push_back({best->target, spot.place, gains,
                             static_cast<std::uint32_t>((best->gains * 1000 + f.wanted / 2) / f.wanted)});
    }
    return proposals;
}

}  // namespace shoumen::records
