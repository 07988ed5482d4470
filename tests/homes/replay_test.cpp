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
            R"("device":"outside-door-front-door","kind":"door_contact","time":"2011-03-10T14:00:00.10-08:00","values":{"contact":false})",
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
