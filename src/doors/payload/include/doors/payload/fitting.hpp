// Which entry of a policy's maps reads what comes in on a topic: the first topic entry that fits, of the first map.
//
// Levels are parted by "/"; "+" and a word in braces stand for any one, a trailing "#" for the rest (model/map.hpp).
// What is returned points into the maps and into the topic. Free functions: any thread; an object of Topics: one.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/map.hpp"
#include "model/policy.hpp"

namespace shoumen::doors {

struct Fitting {
    const model::Map* map = nullptr;
    const model::MapTopic* topic = nullptr;
    std::string_view device;  // the level that {device} stands for; empty: there is none
    std::string_view topic_text;
};

// The first topic entry of the first map that fits; none: no map reads this topic.
std::optional<Fitting> fitting(const std::vector<model::Map>& maps, std::string_view topic);

// The same for many topics under one policy: entries are found by their first level, or as a whole. Holds the policy
// last asked for.
class Topics {
public:
    // A null policy reads no topic. The answer points into the policy and into `topic`.
    std::optional<Fitting> find(const std::shared_ptr<const model::Policy>& policy, std::string_view topic);

private:
    struct Entry {
        const model::Map* map = nullptr;
        const model::MapTopic* topic = nullptr;
        std::uint32_t place = 0;  // in the order of the maps: the first that fits counts
        std::size_t depth = 0;    // how many levels; 0: any
        char second = 0;          // the second level's first character; 0: none, or any
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view level) const { return std::hash<std::string_view>{}(level); }
    };
    void build();

    std::shared_ptr<const model::Policy> of_;
    template <class T>
    using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
    ByText<Entry> literal_;                // by the whole topic
    ByText<std::vector<Entry>> by_first_;  // the others, by their first level
    std::vector<Entry> any_first_;         // those whose first level is any
};

// The code of the device that the level stands for, as the map translates it; of any name there.
std::string_view code_of(const Fitting& fitting);
std::string_view code_of(const model::Map& map, std::string_view name);

}  // namespace shoumen::doors
