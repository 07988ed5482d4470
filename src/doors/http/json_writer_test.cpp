#include "json_writer.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace shoumen::doors::http;

namespace {

std::string written(std::string_view text) {
    std::string out;
    append_json_text(out, text);
    return out;
}

}  // namespace

TEST_CASE("objects and arrays get their commas") {
    JsonWriter out;
    out.begin().field("a", std::uint64_t{1}).key("b").begin_array().text("x").boolean(true).begin().end().end_array();
    out.field("c", false).key("d").raw("[2]").end();
    CHECK(out.view() == R"({"a":1,"b":["x",true,{}],"c":false,"d":[2]})");
}

TEST_CASE("text is escaped, and what is not UTF-8 is replaced") {
    CHECK(written("a\"b\\c\n\t\r\x01\x7f") == R"("a\"b\\c\n\t\r\u0001\u007f")");
    CHECK(written("烟 🔥") == "\"烟 🔥\"");
    CHECK(written("a\xff") == "\"a\xEF\xBF\xBD\"");
    CHECK(written("\xE7\x83") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                                  // cut off
    CHECK(written("\xC0\xAF") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                                  // overlong slash
    CHECK(written("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // surrogate
    CHECK(written("\xF4\x90\x80\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // beyond U+10FFFF
}

TEST_CASE("whatever bytes come in, JSON comes out, and text that is UTF-8 comes back as it was") {
    constexpr std::uint64_t seed = 20260303;
    INFO("seed ", seed);
    shoumen::base::SeededRandom random(seed);
    constexpr std::string_view pieces[] = {"a", "\"", "\\", "\n", "é", "烟", "🔥", "\x1f", "\xEF\xBF\xBD"};
    for (int round = 0; round < 3'000; ++round) {
        std::string wild, sound;
        for (auto n = random.below(24); n > 0; --n) {
            wild += static_cast<char>(random.below(256));
            sound += pieces[random.below(std::size(pieces))];
        }
        boost::system::error_code ec;
        const auto parsed = boost::json::parse(written(wild + sound), ec);
        REQUIRE_FALSE(ec);
        REQUIRE(parsed.is_string());
        REQUIRE(boost::json::parse(written(sound)).as_string() == sound);
    }
}
