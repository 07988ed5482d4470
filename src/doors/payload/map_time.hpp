// The time that a foreign payload gives, as the map says it is written, in RFC 3339.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/map.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

struct MapTime {
    std::string_view as_sent;  // where it can stand as it came
    std::string anew;          // where it had to be written anew
    [[nodiscard]] std::string_view text() const { return anew.empty() ? as_sent : std::string_view(anew); }
};

// RFC 3339 as it stands; a number since 1970; without a zone ("2026-03-03 08:00:00", "20260303080000") at the offset
// that the map gives. Code: bad-time.
base::Result<MapTime> map_time(const model::MapTopic& topic, const model::FlatValue& value);

}  // namespace shoumen::doors
