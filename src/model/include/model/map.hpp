// How a foreign payload is read: topic and JSON fields → device, kind, values, time. Plain data, checked and compiled
// from maps/*.yaml by room `policy`, applied by the doors. A new kind of device needs a map, and no code.
//
// The first topic entry that fits counts. Paths are names joined by dots, from the element on; empty: the element
// itself. Payloads: one JSON object is one element, an array has one element an item; see `each`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/words.hpp"

namespace shoumen::model {

enum class MapDevice : std::uint8_t {
    topic,    // the level of the topic that {device} stands for
    own,      // whoever sent it
    field,    // the text at `device_path`
    members,  // the payload is an object of devices: name → element, or list of elements
};

struct MapPair {
    std::string from;
    std::string to;
};

// In the values' field `field` the text `text` (or "*": any other) means `value`: true, false or a number. The first
// counts.
struct MapMeaning {
    std::string field;
    std::string text;
    std::string value;
};

struct MapTopic {
    std::uint32_t line = 0;
    std::vector<std::string> levels;  // literal, "+" any one, "{device}" any one, "#" (last) any number
    bool ignored = false;             // acknowledged and passed over: it carries no reading
    MapDevice device = MapDevice::topic;
    std::string device_path;
    std::string id;                   // path; empty: none
    std::string time;                 // path of RFC 3339 text or a number since 1970; empty: none
    bool time_in_seconds = false;     // that number; else milliseconds
    std::vector<std::string> values;  // paths: the first that is an object holds the values
    std::vector<MapPair> fields;      // further values: name ← path
    std::vector<MapPair> rename;
    std::vector<std::string> leave;  // names that are no values
    std::vector<MapMeaning> meanings;
    std::vector<MapPair> kinds;  // has this value → is of this kind; none: the device's registered kind
    std::string plain;           // a payload that is no JSON is the text of this value
};

struct Map {
    std::string code;
    std::string file;
    bool token_as_user = false;  // MQTT: the user name is the token, there is no password
    std::vector<MapTopic> topics;
    std::vector<MapPair> devices;  // its name there → code here; names that do not stand here are codes
};

}  // namespace shoumen::model
