// What maps make of a payload, to be looked at: by `shoumen map try`, by the page, by tests. The same reader as the
// doors'.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "doors/payload/mapped.hpp"
#include "model/map.hpp"

namespace shoumen::doors {

// {"map", "entry": "file:line", and one of "signals": [{"device", "kind", "id", "time", "evidence", "values"}],
// "ignored": true, "error": {"code", "message", "field"}}. `case`, of a signal, is the line of the case that was read.
// Not valid UTF-8 in, none out: what is no UTF-8 is refused before.
boost::json::object try_maps(const std::vector<model::Map>& maps, std::string_view topic, std::string_view own,
                             std::string_view payload, MappedReader& reader);

}  // namespace shoumen::doors
