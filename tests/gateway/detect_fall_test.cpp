// What a gateway runs: the program over a file of samples.
#include <fstream>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "detect/models.hpp"
#include "support/program.hpp"

using namespace shoumen;
namespace json = boost::json;

namespace {

struct Vector {
    double x, y, z;
};

// Ten seconds of standing, a fall, eight seconds of lying still; m/s², 32 a second.
Vector motion(int i) {
    constexpr double g = 9.80665;
    if (i < 320) return {-0.95 * g + 0.8 * (i % 16 < 8), 0.2 * g, 0.1 * g};
    if (i < 333) return {-0.35 * g, 0.1 * g, 0.2 * g};
    if (i < 336) return {-1.6 * g, 2.6 * g, 2.4 * g};
    if (i < 349) return {0.4 * g * (i % 2), (0.8 + 0.8 * (i % 3)) * g, 0.6 * g};
    return {0.1 * g, 0.3 * g, 0.94 * g};
}

std::string written(const support::Scratch& scratch, const std::string& name, const std::string& more, double from) {
    const std::string path = scratch.path(name);
    std::ofstream out(path);
    out << "time,x,y,z\n" << more;
    for (int i = 0; i < 620; ++i) {
        const Vector v = motion(i);
        out << fmt::format("{:.3f},{:.4f},{:.4f},{:.4f}\n", from + i / 32.0, v.x, v.y, v.z);
    }
    return path;
}

}  // namespace

TEST_CASE("a fall is one signal in the native form") {
    const support::Scratch scratch;
    const auto ran = support::run_to_end(
        {"detect", "fall", "--wrist", "--device", "bracelet-1", written(scratch, "a.csv", "", 1'772'496'000)});
    CHECK(ran.code == 0);
    CHECK(ran.err == "");
    REQUIRE(std::count(ran.out.begin(), ran.out.end(), '\n') == 1);
    const json::value signal = json::parse(ran.out);
    CHECK(signal.at("device") == "bracelet-1");
    CHECK(signal.at("kind") == "elder_bracelet");
    CHECK(std::string_view(signal.at("time").as_string()).starts_with("2026-03-03T00:00:1"));
    CHECK(std::string_view(signal.at("id").as_string()).starts_with("fall-17724960"));
    CHECK(signal.at("values").at("fall") == true);
    CHECK(signal.at("values").at("model").as_string() == detect::wrist_model().name);
    CHECK(signal.at("values").at("confidence").to_number<double>() >= detect::wrist_model().threshold - 0.001);
}

TEST_CASE("samples that are not dated make a signal without time and id") {
    const support::Scratch scratch;
    const auto ran = support::run_to_end({"detect", "fall", written(scratch, "a.csv", "", 0)});
    REQUIRE(ran.code == 0);
    const json::value signal = json::parse(ran.out);
    CHECK(!signal.as_object().contains("time"));
    CHECK(!signal.as_object().contains("id"));
}

TEST_CASE("a line that cannot be read is said with its number and passed over") {
    const support::Scratch scratch;
    const std::string file = written(scratch, "a.csv", "1,2\n\n1,2,3,much\n", 1'772'496'000);
    const auto ran = support::run_to_end({"detect", "fall", file});
    CHECK(ran.code == 1);
    CHECK(ran.err == fmt::format("{0}:2: bad-line: 2 cells where 4 are needed: time,x,y,z\n"
                                 "{0}:4: bad-line: z: write a number between -1e6 and 1e6\n",
                                 file));
    CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 1);
}

TEST_CASE("a wrong unit is said, a missing file refused") {
    const support::Scratch scratch;
    const auto wrong = support::run_to_end({"detect", "fall", "--unit", "g", written(scratch, "a.csv", "", 0)});
    CHECK(wrong.out == "");
    CHECK(wrong.err.find("is --unit g right?") != std::string::npos);
    const auto missing = support::run_to_end({"detect", "fall", scratch.path("none.csv")});
    CHECK(missing.code == 2);
    CHECK(missing.err.find("none.csv: cannot be read") != std::string::npos);
    CHECK(support::run_to_end({"detect", "fall", "--thermal", "--wrist", scratch.path("none.csv")}).code == 2);
}
