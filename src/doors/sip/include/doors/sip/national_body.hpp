// What stands in the body of a SIP message by GB/T 28181: a command in XML, in whichever of the encodings its makers
// use. Pure.
//
// Errors: bad-xml, xml-doctype, too-large, missing-field. Of text that is in no encoding we know the ASCII letters
// count: an alarm is not lost for its description.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/signal.hpp"

namespace shoumen::doors::sip {

struct Alarm {
    std::string channel;  // DeviceID: whose alarm it is
    std::string serial;   // SN
    int method = 0;       // 0: not said, as below
    int type = 0;
    int priority = 0;
    std::string time;  // as it came: local, without a zone
    std::string description;
    std::optional<double> longitude, latitude;
};

struct Channel {
    std::string code;    // DeviceID
    std::string name;    // this and all below: UTF-8; empty: not said
    std::string parent;  // ParentID: the code of what it hangs under
    std::string maker;
    std::string model;
};

struct CataloguePart {
    std::size_t sum = 0;  // SumNum: of all parts together
    std::vector<Channel> channels;
};

// By the type in its code (digits 11 to 13): 111 to 199 are devices; others are platforms, groups, regions, people.
bool is_of_a_device(std::string_view code);
// What a channel of this code seems to be; none: its code does not say.
std::optional<model::SignalKind> kind_of_channel(std::string_view code);

class NationalBody {
public:
    base::Result<void> read(std::string_view bytes);

    [[nodiscard]] std::string_view root() const;     // Notify, Response, Query, Control
    [[nodiscard]] std::string_view command() const;  // Alarm, Keepalive, Catalog …
    [[nodiscard]] std::string_view serial() const;   // SN
    [[nodiscard]] std::string_view device() const;   // DeviceID
    [[nodiscard]] std::string_view status() const;

    [[nodiscard]] Alarm alarm() const;
    [[nodiscard]] CataloguePart catalogue() const;

private:
    pugi::xml_document tree_;
};

constexpr std::size_t most_channels = 10'000;  // of one device

// The word for what an alarm says ("intrusion", "video_lost"), and whether it is of the device itself rather than of
// what it watches.
struct AlarmWord {
    const char* word;
    bool fault;
};
AlarmWord word_of(const Alarm& alarm);

// The alarm as values of a device of this kind: what it says in the standard's words, and in those that rules for this
// kind ask for where the alarm means that. Points into `alarm`.
std::vector<model::FlatValue> values_of(const Alarm& alarm, model::SignalKind kind);

// "2026-07-03T12:00:00" of the community's clocks as RFC 3339; empty: it is none.
std::string time_of(std::string_view local, const base::Zone& zone);

}  // namespace shoumen::doors::sip
