// What the plan asks a community to have (coverage.yaml, docs/community-directory.md): targets, and what they are
// reckoned by. The core does not read it: no decision depends on it.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.hpp"

namespace shoumen::model {

enum class CoveragePer : std::uint8_t {
    area,    // a device sees so many m² of the public area of its place
    home,    // a home has at least one
    person,  // one for each who should have one
};
std::string_view to_word(CoveragePer value);
std::optional<CoveragePer> parse_CoveragePer(std::string_view word);
std::span<const std::string_view> words_of_CoveragePer();

struct CoverageTarget {
    std::string code;
    Names name;
    std::uint32_t kinds = 0;  // bit per SignalKind; each of these counts
    CoveragePer per{};
    std::uint32_t square_metres = 0;    // area: seen by one device, 1 … 100,000
    std::uint32_t share_percent = 100;  // 1 … 100, of the area, the homes, the persons
};

// How much, or how many, at a place itself: what lies below has its own.
using AtPlaces = std::vector<std::pair<PlaceId, std::uint32_t>>;

struct Coverage {
    std::vector<CoverageTarget> targets;
    AtPlaces areas;                        // m² of public area
    AtPlaces persons;                      // who should have a bracelet: a number, of nobody in particular
    std::uint32_t confirmed_percent = 90;  // of the alerts of AI cameras that a person judged
};

// How far one target is reached at a place and below it (records/coverage.hpp).
struct Served {
    std::uint64_t base = 0;      // m², homes, persons there are
    std::uint64_t served = 0;    // of them, by devices in service
    std::uint64_t working = 0;   // of them, by devices that work
    std::uint64_t devices = 0;   // in service
    std::uint64_t unplaced = 0;  // of those, with nothing at or above them that they could serve
    bool operator==(const Served&) const = default;
};

struct CoverageRow {
    std::size_t target = 0;  // of Coverage::targets
    PlaceId place;           // the community, an estate or a building
    Served served;
};

// A device that would help.
struct Proposal {
    std::size_t target = 0;
    PlaceId place;                        // where it would stand
    std::uint64_t gains = 0;              // m², homes, persons it would serve
    std::uint32_t per_mille_of_plan = 0;  // rounded: by how much the target's part of the plan is nearer
};

}  // namespace shoumen::model
