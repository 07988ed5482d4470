// Homes replayed through the real program: one alert for each silence that is long enough, and no other.
#include <doctest/doctest.h>

#include "home.hpp"

using namespace shoumen;
using namespace shoumen::homes;

namespace {

// Silences just below, exactly at and just above two hours, and both nights on which the clocks of California change.
// In the night of 13 March the clocks leap from 02:00 to 03:00; in that of 6 November the hour from 01:00 comes twice.
constexpr const char* made_up = R"(2011-03-10 08:00:00.10 Kitchen Kitchen ON Cook
2011-03-10 10:00:00.099999 Kitchen Kitchen OFF Cook
2011-03-10 12:00:00.099999 LoungeChair LivingRoom ON Read
2011-03-10 14:00:00.10 OutsideDoor FrontDoor OPEN Leave_Home
2011-03-10 14:00:00.10 OutsideDoor FrontDoor OPEN Leave_Home
2011-03-13 01:30:00.00 Bedroom Bedroom ON Sleep
2011-03-13 04:29:59.999999 Kitchen KitchenLight ON Cook
2011-03-13 06:00:00.00 OutsideDoor FrontDoor CLOSE Leave_Home
2011-11-06 00:30:00.00 OutsideDoor Entry ON Enter_Home
2011-11-06 01:40:00.00 Bathroom Bathroom ON Toilet
2011-11-06 01:20:00.00 Bathroom Bathroom OFF Toilet
2011-11-06 03:19:59.999999 Bedroom Bedroom ON Sleep
)";

std::vector<std::string> times_of(const json::object& report) {
    std::vector<std::string> out;
    for (const auto& alert : report.at("alerts").as_array()) out.emplace_back(alert.at("at").as_string());
    return out;
}

}  // namespace

TEST_CASE("a silence of exactly two hours alerts, one of a microsecond less does not") {
    const support::Scratch scratch;
    write_file(scratch.path("events.txt"), made_up);
    const auto report = object_in(replay(convert(scratch, scratch.path("events.txt"), {"2h"})));
    CHECK(times_of(report) == std::vector<std::string>{
                                  "2011-03-10T12:00:00.099999-08:00",
                                  "2011-03-10T14:00:00.099999-08:00",
                                  "2011-03-10T16:00:00.100-08:00",
                                  "2011-03-13T08:00:00-07:00",
                              });
    CHECK(report.at("incidents").as_array().size() == 4);
    const auto& inputs = report.at("inputs").as_object();
    CHECK(inputs.at("signals") == 12);
    CHECK(inputs.at("repeats") == 0);  // the door that says the same thing twice in one moment
    CHECK(inputs.at("late") == 0);
    CHECK(inputs.at("quarantined").as_object().empty());
}

TEST_CASE("the recording says when it happened, in the zone of the home, with the digits of the source") {
    const support::Scratch scratch;
    write_file(scratch.path("events.txt"), made_up);
    const std::string lines = content_of(convert(scratch, scratch.path("events.txt"), {"2h"}).recording);
    for (
        const char* part : {
            R"("device":"lounge-chair-living-room","kind":"motion","time":"2011-03-10T12:00:00.099999-08:00","values":{"occupancy":true})",
            R"("device":"outside-door-front-door","kind":"door_contact","time":"2011-03-10T14:00:00.10-08:00","values":{"contact":false,"way_out":true})",
            R"("device":"kitchen-kitchen-light","kind":"motion","time":"2011-03-13T04:29:59.999999-07:00","values":{"light":true})",
            R"("time":"2011-11-06T01:40:00.00-07:00")",
            R"("time":"2011-11-06T01:20:00.00-08:00")",
        }) {
        CHECK_MESSAGE(lines.find(part) != std::string::npos, std::string(part));
    }
}

TEST_CASE("what is no home is refused, and the line is named") {
    const support::Scratch scratch;
    const auto refused = [&](const std::string& text) {
        write_file(scratch.path("events.txt"), text);
        const Ran ran = run_tool("home_to_recording", {scratch.path("events.txt"), "--recording", scratch.path("r"),
                                                       "--community", scratch.path("c")});
        CHECK(ran.code == 2);
        return ran.said;
    };
    const std::string good = "2011-03-10 08:00:00.10 Kitchen Kitchen ON Cook\n";
    CHECK(refused(good + "2011-03-13 02:30:00.00 Kitchen Kitchen ON Cook\n").find("events.txt:2: bad-time") !=
          std::string::npos);
    CHECK(refused(good + "2011-02-30 02:30:00.00 Kitchen Kitchen ON Cook\n").find("events.txt:2: bad-time") !=
          std::string::npos);
    CHECK(refused(good + good + "2011-03-14 08:00:00.00 Kitchen Kitchen 21.5 Cook\n").find("events.txt:3: bad-value") !=
          std::string::npos);
    CHECK(refused(good + "2011-03-14\n").find("events.txt:2: bad-recording") != std::string::npos);
    CHECK(refused("").find("holds no event") != std::string::npos);
}

TEST_CASE("a real home of thirty days: one alert for each silence of 2, 3, 4, 6, 8, 12 hours") {
    const auto events = real_home("home_casas_al_smarthome/events.txt");
    if (!events) return;
    const support::Scratch scratch;
    const std::vector<std::pair<std::string, std::size_t>> expected{{"2h", 82}, {"3h", 22}, {"4h", 7},
                                                                    {"6h", 0},  {"8h", 0},  {"12h", 0}};
    for (const auto& [span, silences] : expected) {
        CAPTURE(span);
        const Home home = convert(scratch, *events, {span});
        const std::string out = replay(home);
        const auto report = object_in(out);
        CHECK(report.at("alerts").as_array().size() == silences);
        CHECK(report.at("incidents").as_array().size() == silences);
        CHECK(report.at("inputs").at("signals") == 61'578);
        CHECK(report.at("inputs").at("repeats") == 0);
        CHECK_MESSAGE(replay(home) == out, "the same recording twice, two answers");
    }
}

TEST_CASE("six rules beside each other in the real home do not disturb one another") {
    const auto events = real_home("home_casas_al_smarthome/events.txt");
    if (!events) return;
    const support::Scratch scratch;
    const auto report = object_in(replay(convert(scratch, *events, {"2h", "3h", "4h", "6h", "8h", "12h"})));
    CHECK(alerts_of(report, "no-activity-2h") == 82);
    CHECK(alerts_of(report, "no-activity-3h") == 22);
    CHECK(alerts_of(report, "no-activity-4h") == 7);
    CHECK(report.at("alerts").as_array().size() == 111);
}

namespace {

const std::vector<std::string> spans{"2h", "3h", "4h", "6h", "8h", "12h"};

std::vector<std::size_t> alerts_by_span(const json::object& report) {
    std::vector<std::size_t> all;
    for (const auto& span : spans) all.push_back(alerts_of(report, "no-activity-" + span));
    return all;
}

// Two devices of a home that report their temperature every half an hour, one of which sees somebody at 08:00 and 11:30
// only; the gateway is away from 15:00 to 23:00.
std::string nears_day() {
    std::string text = "ts_utc,sensor,subject,location,state,model\n";
    for (int minute = 8 * 60; minute <= 26 * 60; minute += 30) {
        if (minute > 15 * 60 && minute < 23 * 60) continue;
        const std::string at = "2023-03-1" + std::to_string(minute / 1440) + "T" + (minute / 60 % 24 < 10 ? "0" : "") +
                               std::to_string(minute / 60 % 24) + (minute % 60 == 0 ? ":00" : ":30");
        text += at + ":00.000Z,temperature,kitchen,kitchen,21.5 °C,fgms001\n";
        if (minute == 480 || minute == 690)
            text += at + ":01.000Z,motion,bedhead,bedroom,ON,fgms001\n" + at +
                    ":02.000Z,contact,door,entrance,CLOSED,hsm02\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a home whose gateway falls silent is a device incident, not a silent person") {
    const support::Scratch scratch;
    write_file(scratch.path("events.csv"), nears_day());
    const auto plain = object_in(replay(convert(scratch, scratch.path("events.csv"), spans, {"--format", "nears"})));
    CHECK(alerts_by_span(plain) == std::vector<std::size_t>{2, 2, 1, 1, 1, 1});
    const auto told =
        object_in(replay(convert(scratch, scratch.path("events.csv"), spans, {"--format", "nears", "--link", "75m"})));
    // From 11:30 the person is silent for three hours and a half before the gateway is: these alerts stand. Four hours
    // are never shown: at 15:30 nothing could be heard, and from the return at 23:00 only three have passed.
    CHECK(alerts_of(told, "link-silent") == 1);
    INFO(json::serialize(told.at("alerts")));
    CHECK(alerts_by_span(told) == std::vector<std::size_t>{2, 2, 0, 0, 0, 0});
}

TEST_CASE(
    "a real home of nine months, learned as it goes: hardly an alarm, though it waits hours less than the plain rule "
    "must") {
    const auto events = real_home("home_nears_0104/events.csv.gz");
    if (!events) return;
    const support::Scratch scratch;
    const Home home = convert(scratch, *events, {"4h"}, {"--format", "nears", "--link", "75m", "--learned", "12h"});
    const std::string out = replay(home);
    const auto report = object_in(out);
    CHECK(alerts_of(report, "no-activity-4h") >= 30);  // what waiting four hours costs without learning
    const std::size_t alerts = alerts_of(report, "learned-12h");
    CHECK(alerts <= 4);  // of 206 days; all are false
    MESSAGE(alerts << " alerts of the learned rule in nine months");
}

TEST_CASE("a changed rule is tried on what was recorded, with counts and examples, before it takes force") {
    const support::Scratch scratch;
    write_file(scratch.path("events.txt"), made_up);
    const Home before = convert(scratch, scratch.path("events.txt"), {"2h"});
    const Home after = convert(scratch, scratch.path("events.txt"), {"2h", "40h"});
    const auto tried = object_in(
        support::run_program({"policy", "try", after.community, before.recording, "--community", before.community}));
    CHECK(tried.at("signals") == 12);
    CHECK(tried.at("before").at("alerts") == 4);
    CHECK(tried.at("after").at("alerts") == 6);
    const auto& rules = tried.at("rules").as_array();
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].at("rule") == "no-activity-2h");
    CHECK(rules[0].at("before") == 4);
    CHECK(rules[0].at("after") == 4);
    CHECK(rules[1].at("rule") == "no-activity-40h");
    CHECK(rules[1].at("before") == 0);
    CHECK(rules[1].at("after") == 2);
    CHECK(rules[1].at("examples").as_array()[0].at("at") == "2011-03-12T14:00:00.100Z");
    // What the recording says of timers and policies does not count: the answer is of the signals alone.
    write_file(scratch.path("with-timer.jsonl"), content_of(before.recording) +
                                                     R"({"received":"2011-11-07T00:00:00Z","input":"timer","body":{}})"
                                                     "\n");
    CHECK(object_in(support::run_program({"policy", "try", after.community, scratch.path("with-timer.jsonl"),
                                          "--community", before.community})) == tried);
    write_file(after.community + "/rules/absence.yaml", "rules:\n  - {id: x}\n");
    const auto refused =
        support::run_to_end({"policy", "try", after.community, before.recording, "--community", before.community});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("rules/absence.yaml:2: ") != std::string::npos);
}

TEST_CASE("a recording by a pipe, a directory, lines of another form") {
    const support::Scratch scratch;
    write_file(scratch.path("events.txt"), made_up);
    const Home home = convert(scratch, scratch.path("events.txt"), {"2h"});
    const std::string whole = replay(home);
    // Blanks, another order of keys, a byte count that no buffer divides: what is said counts, not how.
    std::string text;
    for (char c : content_of(home.recording)) text += c == ',' ? std::string(", ") : std::string(1, c);
    write_file(scratch.path("spaced.jsonl"), text);
    CHECK(replay({scratch.path("spaced.jsonl"), home.community}) == whole);
    write_file(scratch.path("crlf.jsonl"), [&] {
        std::string out;
        for (char c : content_of(home.recording)) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
        return out.substr(0, out.size() - 2);  // nor does the last line need its end
    }());
    CHECK(replay({scratch.path("crlf.jsonl"), home.community}) == whole);
    CHECK(support::run_to_end({"replay", "--community", home.community, "/"}).code == 2);
    write_file(scratch.path("odd.jsonl"), R"({"input":"signal","body":{"id":"x"}},"seq":1})"
                                          "\n");
    const auto odd = support::run_to_end({"replay", "--community", home.community, scratch.path("odd.jsonl")});
    CHECK(odd.code == 2);
    CHECK(odd.err.find("odd.jsonl:1: bad-recording") != std::string::npos);
}

TEST_CASE("nears: what is no reading is refused, and the line is named") {
    const support::Scratch scratch;
    const auto refused = [&](const std::string& line) {
        write_file(scratch.path("events.csv"), "ts_utc,sensor,subject,location,state,model\n" + line + "\n");
        const Ran ran = run_tool("home_to_recording", {scratch.path("events.csv"), "--format", "nears", "--recording",
                                                       scratch.path("x.jsonl"), "--community", scratch.path("x")});
        CHECK(ran.code == 2);
        return ran.said;
    };
    CHECK(refused("2023-01-24T18:50:02.659Z,motion,kitchen").find("events.csv:2: bad-recording") != std::string::npos);
    CHECK(refused("2023-01-24T18:50:02.659Z,motion,kitchen,kitchen,MAYBE,fgms001").find("events.csv:2: bad-value") !=
          std::string::npos);
    CHECK(refused("2023-01-24T18:50:02.659Z,motion,kitchen,kitchen,ON,other").find("events.csv:2: bad-value") !=
          std::string::npos);
}

TEST_CASE("kasteren: both ends of a firing count, in the order of time") {
    const support::Scratch scratch;
    write_file(scratch.path("sensors.csv"),
               "start_local,end_local,sensor_id,sensor\n"
               "2008-02-25T08:00:00,2008-02-25T12:00:00,24,Hall-Bedroom door\n"
               "2008-02-25T09:00:00,2008-02-25T09:00:01,8,Fridge\n");
    const auto report =
        object_in(replay(convert(scratch, scratch.path("sensors.csv"), {"2h", "3h"}, {"--format", "kasteren"})));
    CHECK(report.at("inputs").at("signals") == 4);
    CHECK(alerts_of(report, "no-activity-2h") == 1);
    CHECK(alerts_of(report, "no-activity-3h") == 0);
}

TEST_CASE("a real home of nine months: gateway outages told apart from a silent person") {
    const auto events = real_home("home_nears_0104/events.csv.gz");
    if (!events) return;
    const support::Scratch scratch;
    const auto plain = object_in(replay(convert(scratch, *events, spans, {"--format", "nears"})));
    CHECK(plain.at("inputs").at("signals") == 353'097);
    CHECK(alerts_by_span(plain) == std::vector<std::size_t>{172, 84, 44, 16, 9, 9});
    const auto told = object_in(replay(convert(scratch, *events, spans, {"--format", "nears", "--link", "75m"})));
    CHECK(alerts_by_span(told) == std::vector<std::size_t>{163, 75, 35, 7, 0, 0});
    CHECK(alerts_of(told, "link-silent") == 9);
    std::size_t device_incidents = 0;
    for (const auto& i : told.at("incidents").as_array())
        device_incidents += i.at("kind").as_string() == "device_fault" ? 1 : 0;
    CHECK(device_incidents == 9);
}

TEST_CASE("a real home of twenty-five days with reed switches only") {
    const auto events = real_home("home_kasteren_A/sensors.csv");
    if (!events) return;
    const support::Scratch scratch;
    const auto report = object_in(replay(convert(scratch, *events, spans, {"--format", "kasteren"})));
    CHECK(report.at("inputs").at("signals") == 2'458);
    CHECK(alerts_by_span(report) == std::vector<std::size_t>{70, 56, 52, 35, 20, 6});
}
