// How a foreign payload is read: topic and fields → device, kind, values, time. Plain data, checked and compiled from
// maps/*.yaml by room `policy`, applied by the doors. A new kind of device needs a map, and no code.
//
// The first topic entry that fits counts, and in it the first case whose conditions hold. A map is lists all through:
// nothing in it refers back, counts or repeats, so that reading a payload ends after what stands in the payload.
//
// Paths are names joined by dots, from the element on; empty: the element itself; beginning with "$" (alone or before a
// dot): from the whole payload. In JSON a number names an item of an array. In XML names go without their prefix, and
// "@name" is an attribute.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/words.hpp"

namespace shoumen::model {

enum class MapForm : std::uint8_t { json, xml, bytes };

enum class MapDevice : std::uint8_t {
    topic,    // the level of the topic that {device} stands for
    own,      // whoever sent it
    field,    // the text or whole number at `device_path`
    members,  // the payload is an object of devices: name → element, or list of elements
};

struct MapPair {
    std::string from;
    std::string to;
};

// In the values' field `field` the text `text` (or "*": any other text) means `value`: true, false or a number. A
// number or truth is looked up as it would be written. The first counts.
struct MapMeaning {
    std::string field;
    std::string text;
    std::string value;
};

// What stands at `path` is one of `texts`; "*": is there at all.
struct MapCondition {
    std::string path;
    std::vector<std::string> texts;
};

// A list of named values: each item at `each` holds its name and its value.
struct MapNamed {
    std::string each;
    std::string name;
    std::string value;
};

// `name` is true if one of the values `of` is true or a number other than 0, false if one is there, else left out.
struct MapAnyOf {
    std::string name;
    std::vector<std::string> of;
};

// `name`: whether the list at `list` holds `item`; item empty: how many items it has.
struct MapInList {
    std::string name;
    std::string list;
    std::string item;
};

// The number in `field` becomes number × times + plus.
struct MapScale {
    std::string field;
    double times = 1;
    double plus = 0;
};

enum class MapNumber : std::uint8_t {
    u8,
    i8,
    u16_big,
    u16_little,
    i16_big,
    i16_little,
    u24_big,
    u24_little,
    u32_big,
    u32_little,
    i32_big,
    i32_little,
    f32_big,
    f32_little,
};
constexpr std::uint32_t bytes_of(MapNumber number) {
    if (number <= MapNumber::i8) return 1;
    if (number <= MapNumber::i16_little) return 2;
    return number <= MapNumber::u24_little ? 3 : 4;
}

struct MapByteField {
    std::string name;
    std::uint32_t at = 0;  // bytes before it
    MapNumber number = MapNumber::u8;
    std::uint8_t bits_from = 0;  // the lowest bit, of `bits`; no bits: the whole number
    std::uint8_t bits = 0;       // one bit is a truth
    double times = 1;
    double plus = 0;
    std::optional<double> unset;  // this number means: no reading
};

// A record that begins with `tag` (-1: any byte) and has `length` bytes more.
struct MapRecord {
    std::vector<std::int16_t> tag;
    std::uint32_t length = 0;
    std::vector<MapByteField> fields;
};

enum class MapEncoding : std::uint8_t { base64, hex };

// Bytes in a text: fields at fixed places, or records one after the other, each told by its tag, until the bytes end or
// a tag is unknown. Every record takes a byte at least.
struct MapBytes {
    std::vector<MapCondition> when;
    std::string path;
    MapEncoding encoding = MapEncoding::base64;
    std::vector<MapByteField> fields;
    std::uint32_t skip = 0;       // bytes before the first record
    bool length_follows = false;  // a byte after the tag says how long the record is
    std::vector<MapRecord> records;
};

// What becomes of an element: of a whole entry, or of a case beside what the entry says.
struct MapReading {
    bool ignored = false;         // acknowledged and passed over: it carries no reading
    std::vector<MapPair> fields;  // further values: name ← path
    std::vector<MapPair> rename;
    std::vector<std::string> leave;  // names that are no values
    std::vector<MapMeaning> meanings;
    std::vector<MapScale> scales;
    std::vector<MapNamed> named;
    std::vector<MapInList> lists;
    std::vector<MapBytes> bytes;  // the first whose conditions hold
    std::vector<MapPair> set;     // name ← value: true, false, a number or text
    std::vector<MapAnyOf> any;    // of what all the others made
    std::vector<MapPair> kinds;   // has this value → is of this kind; none: the device's registered kind
};

struct MapCase {
    std::uint32_t line = 0;
    std::vector<MapCondition> when;
    MapReading reading;
};

struct MapTopic {
    std::uint32_t line = 0;
    std::vector<std::string> levels;  // literal, "+" any one, "{device}" any one, "{word}" any one, "#" (last) the rest
    MapForm form = MapForm::json;
    std::string inner;              // path of a text that is JSON and holds the payload proper; empty: none
    std::vector<std::string> each;  // paths: the first that is there holds the elements; none: see `device`
    MapDevice device = MapDevice::topic;
    std::string device_path;
    std::string same;                        // path of the device's name within: it must be the same
    std::string id;                          // path; empty: none
    std::string time;                        // path of RFC 3339 text or a number since 1970; empty: none
    bool time_in_seconds = false;            // that number; else milliseconds
    std::optional<std::int16_t> offset_min;  // of a time that is written without its zone
    std::string evidence;                    // path of a reference to a picture or clip; empty: none
    std::vector<std::string> values;         // paths: the first that is an object holds the values
    bool nested = false;                     // and what lies in objects and arrays of it, as "a.b", "a.0"
    std::string plain;                       // a payload that is no JSON is the text of this value
    MapReading reading;
    std::vector<MapCase> cases;  // the first whose conditions hold is read besides; none holds: nothing is read
};

struct Map {
    std::string code;
    std::string file;
    bool token_as_user = false;  // MQTT: the user name is the token, there is no password
    std::vector<MapTopic> topics;
    std::vector<MapPair> devices;  // its name there → code here, by name; names that do not stand here are codes
};

}  // namespace shoumen::model
