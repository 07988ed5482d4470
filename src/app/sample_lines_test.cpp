#include "app/sample_lines.hpp"

#include <doctest/doctest.h>

using namespace shoumen;
using app::SampleLines;

namespace {

std::string why_not(SampleLines& lines, const std::string& line) {
    const auto read = lines.read(line);
    CAPTURE(line);
    REQUIRE(!read);
    CHECK(read.error().code == "bad-line");
    return read.error().message;
}

SampleLines xyz() { return SampleLines({"x", "y", "z"}); }

}  // namespace

TEST_CASE("cells and objects say the same") {
    auto lines = xyz();
    for (const std::string line :
         {"2026-03-03T08:00:00.5+08:00,0.1, -9.6 ,1.2\r", "1772496000.5,0.1,-9.6,1.2,further",
          "1772496000500,0.1,-9.6,1.2", R"({"time":"2026-03-03T00:00:00.5Z","x":0.1,"y":-9.6,"z":1.2,"battery":9})",
          R"({"z":1.2,"y":-9.6,"x":1e-1,"time":1772496000.5})"}) {
        CAPTURE(line);
        const auto read = lines.read(line);
        REQUIRE(read);
        REQUIRE(*read);
        CHECK((*read)->time == base::Time{1'772'496'000'500'000});
        CHECK((*read)->dated);
        CHECK((*read)->values == std::vector{0.1, -9.6, 1.2});
    }
}

TEST_CASE("seconds since anything are not dated") {
    auto lines = xyz();
    const auto read = lines.read("12.25,1,2,3");
    REQUIRE(read);
    CHECK((*read)->time == base::Time{12'250'000});
    CHECK(!(*read)->dated);
}

TEST_CASE("a header names the columns; only the first line can be one") {
    auto lines = xyz();
    CHECK(*lines.read("") == std::nullopt);
    CHECK(*lines.read("who,z,y,x,time") == std::nullopt);
    const auto read = lines.read("s,3,2,1,5");
    REQUIRE(read);
    CHECK((*read)->values == std::vector{1.0, 2.0, 3.0});
    CHECK(why_not(lines, "who,z,y,x,time").starts_with("the time cannot be read"));
    CHECK(why_not(lines, "s,3,2,1").starts_with("4 cells where 5 are needed"));
}

TEST_CASE("what cannot be read says which part and what to write") {
    auto lines = xyz();
    CHECK(why_not(lines, "time,ax,ay,az").starts_with("the time cannot be read: write RFC 3339"));
    CHECK(why_not(lines, "1,2,3") == "3 cells where 4 are needed: time,x,y,z");
    CHECK(why_not(lines, "1,2,,4") == "y: write a number between -1e6 and 1e6");
    CHECK(why_not(lines, "1,2,nan,4").starts_with("y:"));
    CHECK(why_not(lines, "1,2,3,inf").starts_with("z:"));
    CHECK(why_not(lines, "1,2,3,1e7").starts_with("z:"));
    CHECK(why_not(lines, "nan,2,3,4").starts_with("the time"));
    CHECK(why_not(lines, "1e300,2,3,4").starts_with("the time"));
    CHECK(why_not(lines, "2026-03-03T08:00:00,2,3,4").starts_with("the time"));
    CHECK(why_not(lines, "{\"time\":1,\"x\":1").starts_with("no JSON object"));
    CHECK(why_not(lines, R"({"time":1,"x":1,"y":"2","z":3})").starts_with("y:"));
    CHECK(why_not(lines, R"({"x":1,"y":2,"z":3})").starts_with("the time"));
    CHECK(why_not(lines, std::string(SampleLines::longest + 1, '1')) == "longer than 4096 bytes");
}
