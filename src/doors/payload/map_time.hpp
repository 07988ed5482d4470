// The time that a foreign payload gives, as the map says it is written, in RFC 3339.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/map.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

// RFC 3339 as it stands; a number since 1970; without a zone ("2026-03-03 08:00:00", "20260303080000") at the offset
// that the map gives. null: empty. What is written anew lies in `room`. Code: bad-time.
base::Result<std::string_view> map_time(const model::MapTopic& topic, const model::FlatValue& value, std::string& room);

}  // namespace shoumen::doors
