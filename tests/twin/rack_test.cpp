// The demo community lived in: a clothes rack before a camera, and somebody who climbs onto the same roof.
#include "lived.hpp"

using namespace shoumen;
using namespace shoumen::twin_test;

TEST_CASE(
    "a clothes rack sends people out twice and is learned; who climbs up before the same camera still brings "
    "somebody") {
    const auto files = policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
    REQUIRE(files);
    Town demo{*files, policy::compile(*files, nullptr, 1).policy};
    REQUIRE(demo.policy);
    auto o = usual(base::days(25), 4);
    o.trouble = 10;
    o.crew = {.answers = 1, .forgets = 0};
    o.channel.lag = 0;
    const auto report = live(demo, o);
    const auto& rack = report.nothing.at("a clothes rack on a roof, taken for somebody");
    CHECK(rack.happened >= 150);
    CHECK(rack.found * 10 >= rack.happened * 9);
    CHECK(rack.outings <= 4);  // twice, and when somebody has climbed up beside it
    CHECK(rack.outings >= 2);
    const auto& climber = report.real.at("somebody climbs onto a roof");
    CHECK(climber.happened >= 1);
    CHECK(climber.found == climber.happened);
    CHECK(climber.outings >= climber.happened);
    CHECK(!report.refused.contains("look-wanted"));
}
