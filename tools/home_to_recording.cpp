// Makes of one home's sensor data what Shoumen replays: recorded inputs, a line each, and a community directory in
// which that home is all there is. A further data set is one more function in `readers`.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/result.hpp"
#include "base/time.hpp"

#include "sources.hpp"

namespace {

using namespace shoumen::tools;
using shoumen::base::fail;
using shoumen::base::Result;

// --- What every data set is turned into --------------------------------------------------------------------------

struct Sensor {
    std::string device;
    std::string kind;  // motion or door_contact
    std::string room;
    auto operator<=>(const Sensor&) const = default;
};

struct Event {
    Sensor sensor;
    std::string time;    // RFC 3339, with the digits of the source
    std::string values;  // a JSON object
    std::size_t line = 0;
};

struct Home {
    std::string community;
    std::string zone;
    std::vector<Event> events;
    bool has_routine = false;  // signals that are no activity: battery, temperature …
};

// Said by the door through which one leaves the home, beside what else it says.
constexpr std::string_view way_out = R"(,"way_out":true)";

// --- CASAS: "2011-06-15 01:03:39.14962 Bedroom Bedroom ON Sleep" --------------------------------------------------
// Date, time, area, place, reading, activity; local time of Washington State. The activity is not for us: no device
// knows it.

Sensor casas_sensor(const std::string& area, const std::string& place, bool door) {
    const std::string room = code_of(area);
    return {area == place ? room : room + "-" + code_of(place), door ? "door_contact" : "motion", room};
}

Result<std::string> casas_values(const std::string& place, const std::string& reading) {
    if (reading == "OPEN" || reading == "CLOSE")
        return fmt::format(R"({{"contact":{}{}}})", reading == "CLOSE", place == "FrontDoor" ? way_out : "");
    if (reading != "ON" && reading != "OFF") return fail("bad-value", "a reading is ON, OFF, OPEN or CLOSE");
    return fmt::format(R"({{"{}":{}}})", place.ends_with("Light") ? "light" : "occupancy", reading == "ON");
}

Result<Home> read_casas(std::istream& in) {
    Home home{.community = "casas-home", .zone = "America/Los_Angeles", .events = {}};
    WallClock wall(home.zone);
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const std::string where = std::to_string(number);
        std::istringstream words(line);
        std::string day, clock, area, place, reading;
        if (!(words >> day >> clock >> area >> place >> reading))
            return fail("bad-recording", "fewer than five words", where);
        auto time = rfc3339(wall, day, clock);
        if (!time) return fail(time.error().code, time.error().message, where);
        auto values = casas_values(place, reading);
        if (!values) return fail(values.error().code, values.error().message, where);
        const bool door = reading == "OPEN" || reading == "CLOSE";
        home.events.push_back({casas_sensor(area, place, door), std::move(*time), std::move(*values), number});
    }
    return home;
}

// --- NEARS: "2023-01-24T18:50:02.659Z,motion,kitchen,kitchen,ON,fgms001" ------------------------------------------
// ts_utc, sensor, subject, location, state, model. One physical device reports under several sensors: its motion or
// contact, and as a routine its temperature, light, battery, tamper contact. A plug is the kind that speaks of watts.

const std::map<std::string, std::string> nears_kinds{{"fgms001", "motion"},       {"hsp02", "motion"},
                                                     {"hsm02", "door_contact"},   {"dmwd1", "door_contact"},
                                                     {"dmof1", "ebike_overload"}, {"zw096", "ebike_overload"}};
const std::map<std::string, std::string> nears_numbers{{"temperature", "temperature"},
                                                       {"luminance", "illuminance"},
                                                       {"instant_power", "watts"},
                                                       {"battery_level", "battery"},
                                                       {"seismic_intensity", "seismic"}};
const std::map<std::string, std::string> nears_flags{{"motion", "occupancy"},     {"tamper_alarm", "tamper"},
                                                     {"tamper", "tamper"},        {"alarm_general", "alarm"},
                                                     {"sensor_binary", "binary"}, {"switch", "on"}};

Result<std::string> nears_values(const std::string& sensor, const std::string& subject, const std::string& state) {
    const bool on = state == "ON" || state == "OPEN";
    if (!on && state != "OFF" && state != "CLOSED") {
        const auto name = nears_numbers.find(sensor);
        double number = 0;
        const std::string_view digits = std::string_view(state).substr(0, state.find(' '));  // "25.8 °C"
        if (name == nears_numbers.end() || !read_number(digits, number))
            return fail("bad-value", "a state is ON, OFF, OPEN, CLOSED or, of a measuring sensor, a number");
        return fmt::format(R"({{"{}":{}}})", name->second, number);
    }
    if (sensor == "contact") return fmt::format(R"({{"contact":{}{}}})", !on, subject == "door" ? way_out : "");
    const auto name = nears_flags.find(sensor);
    if (name == nears_flags.end()) return fail("bad-value", "no sensor of this name says ON or OFF");
    return fmt::format(R"({{"{}":{}}})", name->second, on);
}

Result<Home> read_nears(std::istream& in) {
    Home home{.community = "nears-home", .zone = "America/Toronto", .events = {}, .has_routine = true};
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const std::string where = std::to_string(number);
        const auto fields = fields_of(line);
        if (fields.size() != 6) return fail("bad-recording", "not six fields between commas", where);
        if (number == 1 && fields[0] == "ts_utc") continue;
        const auto kind = nears_kinds.find(fields[5]);
        if (kind == nears_kinds.end()) return fail("bad-value", "a model that is not known", where);
        auto values = nears_values(fields[1], fields[2], fields[4]);
        if (!values) return fail(values.error().code, values.error().message, where);
        const std::string room = code_of(fields[3]);
        const std::string subject = code_of(fields[2]);
        home.events.push_back(
            {{(subject == room ? room : room + "-" + subject) + "-" + code_of(fields[5]), kind->second, room},
             fields[0],
             std::move(*values),
             number});
    }
    return home;
}

// --- van Kasteren: "2008-02-25T00:20:14,2008-02-25T00:22:57,24,Hall-Bedroom door" ----------------------------------
// start_local, end_local, sensor_id, sensor; local time of Amsterdam. Every sensor is a reed switch; it opens at the
// start and shuts at the end, and both say that somebody is there.
Result<Home> read_kasteren(std::istream& in) {
    Home home{.community = "kasteren-home", .zone = "Europe/Amsterdam", .events = {}};
    struct End {
        std::string local;
        std::size_t line;
        std::string device;
        bool shut;
    };
    std::vector<End> ends;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const auto fields = fields_of(line);
        if (fields.size() != 4) return fail("bad-recording", "not four fields between commas", std::to_string(number));
        if (number == 1 && fields[0] == "start_local") continue;
        const std::string device = code_of(fields[3]);
        ends.push_back({fields[0], number, device, false});
        ends.push_back({fields[1], number, device, true});
    }
    std::ranges::sort(ends, {}, [](const End& e) { return std::pair(std::string_view(e.local), e.line); });
    WallClock wall(home.zone);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const End& end = ends[i];
        if (end.local.size() < 19 || end.local[10] != 'T')
            return fail("bad-time", "not a time of the form 2008-02-25T00:20:14", std::to_string(end.line));
        auto time = rfc3339(wall, end.local.substr(0, 10), end.local.substr(11));
        if (!time) return fail(time.error().code, time.error().message, std::to_string(end.line));
        home.events.push_back({{end.device, "door_contact", "rooms"},
                               std::move(*time),
                               fmt::format(R"({{"contact":{}{}}})", end.shut, end.device == "frontdoor" ? way_out : ""),
                               i + 1});
    }
    return home;
}

const std::map<std::string, std::function<Result<Home>(std::istream&)>> readers{
    {"casas", read_casas}, {"nears", read_nears}, {"kasteren", read_kasteren}};

// --- Writing -----------------------------------------------------------------------------------------------------

// Two events of one sensor may bear the same time: the line they stand in tells them apart.
std::string recording_of(const Home& home) {
    std::string out;
    for (const Event& e : home.events) {
        out += fmt::format(
            R"({{"input":"signal","body":{{"id":"{}-{}","device":"{}","kind":"{}","time":"{}","values":{}}}}})"
            "\n",
            home.community, e.line, e.sensor.device, e.sensor.kind, e.time, e.values);
    }
    return out;
}

std::string community_yaml(const Home& home, const std::set<Sensor>& sensors) {
    std::set<std::string> rooms;
    for (const Sensor& s : sensors) rooms.insert(s.room);
    std::string out = fmt::format(R"(# One home, made from recorded sensor data by home_to_recording.
community: {}
name: {{zh: 单户社区, en: Community of one home}}
time_zone: {}
district: {{id: district, name: {{zh: 区, en: District}}}}
street: {{id: street, name: {{zh: 街道, en: Street}}}}
incidents:
  - {{id: no_activity, name: {{zh: 居家久无活动, en: No sign of activity at home}}}}
  - {{id: device_fault, name: {{zh: 设备离线, en: Devices out of reach}}}}
estates:
  - {{id: estate, name: {{zh: 小区, en: Estate}}, type: mixed}}
places:
  - {{id: building, parent: estate, level: building}}
  - {{id: unit, parent: building, level: unit}}
  - {{id: home, parent: unit, level: home, name: {{zh: 住户, en: Home}}}}
)",
                                  home.community, home.zone);
    for (const auto& room : rooms) out += fmt::format("  - {{id: {}, parent: home, level: room}}\n", room);
    out += fmt::format(R"(bodies:
  - {{id: grid-worker, role: grid_worker, name: {{zh: 网格员, en: Grid worker}}, places: [{0}]}}
  - {{id: committee, role: committee, name: {{zh: 居委会, en: Residents’ committee}}, places: [{0}]}}
  - {{id: street-office, role: street_office, name: {{zh: 街道办事处, en: Street office}}, places: [street]}}
  - {{id: district-office, role: district_office, name: {{zh: 区平安办, en: District office}}, places: [district]}}
)",
                       home.community);
    return out;
}

std::string devices_yaml(const std::set<Sensor>& sensors) {
    std::string out = "devices:\n  - {id: gw-home, gateway: true, place: home}\n";
    for (const Sensor& s : sensors)
        out += fmt::format("  - {{id: {}, kind: {}, place: {}, gateway: gw-home}}\n", s.device, s.kind, s.room);
    return out;
}

constexpr std::string_view duty_yaml = R"(duty:
  - {body: grid-worker, person: p-1, channels: [screen]}
  - {body: committee, person: p-2, channels: [screen]}
  - {body: street-office, person: p-3, channels: [screen]}
  - {body: district-office, person: p-4, channels: [screen]}
)";

constexpr std::string_view matrix_yaml = R"(rows:
  - kind: [no_activity, device_fault]
    place: [home, stairwell, public_area]
    hours: "00:00-24:00"
    severity: [red, orange, yellow, blue]
    lead: grid_worker
    assist: [committee]
    ack: 5m
    arrive: 15m
    close: 48h
)";

constexpr std::string_view ladder_yaml = R"(ladder:
  - {level: community, role: committee}
  - {level: street, role: street_office}
  - {level: district, role: district_office}
climb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}
)";

// Each span is a rule with a cause of its own, so that one silence is not counted once for all of them.
std::string rules_yaml(const Home& home, const std::vector<std::string>& spans, const std::string& learned,
                       const std::string& link) {
    std::set<std::string> found;
    for (const Event& e : home.events) found.insert(e.sensor.kind);
    const std::string kinds = fmt::format("{}", fmt::join(found, ", "));
    // Any value of these fields is activity; the rest only shows that the devices can be heard.
    const std::string_view activity =
        home.has_routine || !link.empty()
            ? R"(    where: {any: [occupancy == true, occupancy != true, contact == true, contact != true, light == true, light != true]}
)"
            : "";
    std::string out = "rules:\n";
    for (const auto& span : spans) {
        out += fmt::format(R"(  - id: no-activity-{0}
    name: {{zh: {0} 无活动, en: No activity for {0}}}
    kinds: [{1}]
    within: [home]
    key: home
{2}    absence: {{within: {0}{3}}}
    alert: {{incident: no_activity, cause: no-activity-{0}, severity: orange, join: home}}
)",
                           span, kinds, activity, link.empty() ? "" : ", link: " + link);
    }
    if (!learned.empty()) {
        out += fmt::format(R"(  - id: learned-{0}
    name: {{zh: 比平常安静得久, en: Quiet for longer than usual}}
    kinds: [{1}]
    within: [home]
    key: home
{2}    learned_absence: {{within: {0}{3}, way_out: {{kind: door_contact, where: "way_out == true"}}}}
    alert: {{incident: no_activity, cause: learned-{0}, severity: orange, join: home}}
)",
                           learned, kinds, activity, link.empty() ? "" : ", link: " + link);
    }
    if (link.empty()) return out;
    return out + fmt::format(R"(  - id: link-silent
    name: {{zh: 设备 {0} 无任何上报, en: Nothing heard from any device for {0}}}
    kinds: [{1}]
    within: [home]
    key: home
    absence: {{within: {0}}}
    alert: {{incident: device_fault, cause: link-silent, severity: yellow, join: building}}
)",
                             link, kinds);
}

Result<void> write_community(const std::filesystem::path& dir, const Home& home, const std::vector<std::string>& spans,
                             const std::string& learned, const std::string& link) {
    std::set<Sensor> sensors;
    for (const Event& e : home.events) sensors.insert(e.sensor);
    const std::pair<const char*, std::string> files[] = {
        {"community.yaml", community_yaml(home, sensors)},
        {"devices.yaml", devices_yaml(sensors)},
        {"duty.yaml", std::string(duty_yaml)},
        {"matrix.yaml", std::string(matrix_yaml)},
        {"ladder.yaml", std::string(ladder_yaml)},
        {"rules/absence.yaml", rules_yaml(home, spans, learned, link)},
    };
    for (const auto& [name, text] : files) {
        if (auto done = write_file(dir / name, text); !done) return done;
    }
    return {};
}

// --- The command -------------------------------------------------------------------------------------------------

struct Options {
    std::string format = "casas";
    std::string source;
    std::string recording;
    std::string community;
    std::vector<std::string> absence;
    std::string learned;
    std::string link;
};

int refuse(const shoumen::base::Error& e) {
    fmt::print(stderr, "home_to_recording: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return 2;
}

int run(const Options& options) {
    for (const auto& span : options.absence) {
        if (const auto d = shoumen::base::parse_duration(span); !d)
            return refuse({"bad-duration", d.error().message, "--absence"});
    }
    if (const auto d = shoumen::base::parse_duration(options.learned); !options.learned.empty() && !d)
        return refuse({"bad-duration", d.error().message, "--learned"});
    if (const auto d = shoumen::base::parse_duration(options.link); !options.link.empty() && !d)
        return refuse({"bad-duration", d.error().message, "--link"});
    auto text = read_file(options.source);
    if (!text) return refuse(text.error());
    std::istringstream in(std::move(*text));
    auto home = readers.at(options.format)(in);
    if (!home) return refuse({home.error().code, home.error().message, options.source + ":" + home.error().where});
    if (home->events.empty()) return refuse({"bad-recording", "holds no event", options.source});
    if (auto done = write_file(options.recording, recording_of(*home)); !done) return refuse(done.error());
    if (auto done = write_community(options.community, *home, options.absence, options.learned, options.link); !done)
        return refuse(done.error());
    fmt::print(stderr, "{} events, {} to {}\n", home->events.size(), home->events.front().time,
               home->events.back().time);
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app(
        "One home's sensor data as recorded inputs and a community directory, to be replayed:\n"
        "  home_to_recording events.txt --recording home.jsonl --community home --absence 2h\n"
        "  shoumen check home && shoumen replay --community home home.jsonl");
    Options options;
    std::vector<std::string> formats;
    for (const auto& [name, reader] : readers) formats.push_back(name);
    app.add_option("source", options.source, "the data set's file of events")->required();
    app.add_option("--format", options.format, "form of the file")
        ->check(CLI::IsMember(formats))
        ->capture_default_str();
    app.add_option("--recording", options.recording, "file of recorded inputs to write")->required();
    app.add_option("--community", options.community, "community directory to write")->required();
    app.add_option("--absence", options.absence,
                   "alert after so long without a sign, such as 2h; several: a rule each (default: 12h)")
        ->allow_extra_args(false);
    app.add_option(
        "--learned", options.learned,
        "alert when it is quiet for longer than this home is at such an hour, and after so long at the latest");
    app.add_option("--link", options.link,
                   "tell a silent person from dead devices: nothing at all for so long is a device incident");
    CLI11_PARSE(app, argc, argv);
    if (options.absence.empty() && options.learned.empty()) options.absence = {"12h"};
    return run(options);
} catch (const std::exception& e) {
    fmt::print(stderr, "home_to_recording: {}\n", e.what());
    return 2;
}
