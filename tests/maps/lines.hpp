// The device messages that lie outside this repository (SHOUMEN_DATA_DIR, or ../shared/data beside it), each with the
// topic it is published on and what the shipped maps must make of it.
#pragma once
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "model/map.hpp"

namespace shoumen::maps {

namespace json = boost::json;

struct Line {
    std::string hash;  // SHA-256 of the line as it stands in the file
    std::string topic;
    std::string payload;
    std::string charset;  // what it is sent in; empty: UTF-8
    json::value expected;
};

// All that community/demo/maps ships.
const std::vector<model::Map>& shipped();
// What they make of a payload, as expected.json writes it: a list of signals, {"ignored": true} or {"error": code}.
json::value made_of(const std::string& topic, const std::string& payload);

// Of one file; none, said loudly, where it is not here.
std::vector<Line> lines_of(const std::string& file);
// Of a file that is one document: all of it (empty: it is not here, said loudly), and what is expected of it.
std::string whole_file(const std::string& file);
json::value expected_of(const std::string& file, const std::string& hash);

}  // namespace shoumen::maps
