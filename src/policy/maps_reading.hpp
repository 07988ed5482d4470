// Of a map: what becomes of an element, and how bytes are decoded.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/map.hpp"

#include "reader.hpp"

namespace shoumen::policy {

// {from: to, …}
std::vector<std::pair<const Node*, const Node*>> map_pairs(const Source& source, const Node& node,
                                                           std::string_view what);
std::string map_text(const Source& source, const Node& node, std::string_view what);  // 1 to 256 bytes
// Names joined by dots; "." is the empty path.
std::string map_path(const Source& source, const Node& node, std::string_view what);
std::string map_path_at(const Source& source, const Fields& fields, std::string_view key);
std::vector<model::MapCondition> map_conditions(const Source& source, const Node& node);

// The keys that read_map_reading() reads.
#define SHOUMEN_MAP_READING_KEYS                                                                                     \
    "ignore", "fields", "rename", "leave", "meanings", "scale", "pairs", "contains", "count", "bytes", "set", "any", \
        "kind", "kinds"
model::MapReading read_map_reading(const Source& source, const Fields& fields);

}  // namespace shoumen::policy
