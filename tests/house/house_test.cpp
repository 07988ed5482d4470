// The house rules, measured on the source tree itself; and each rule shown to catch a small tree that breaks it.
#include <algorithm>

#include <doctest/doctest.h>

#include "documents.hpp"
#include "rooms.hpp"

using namespace shoumen::house;

namespace {

const Tree& source_tree() {
    static const Tree tree = read_tree(SHOUMEN_SOURCE_DIR);
    return tree;
}

std::vector<Room> source_rooms() {
    const File* table = find(source_tree(), rooms_table);
    REQUIRE(table);
    return read_rooms(table->text);
}

void expect_none(const Findings& findings) {
    for (const std::string& finding : findings) FAIL_CHECK(finding);
}

const std::vector<Room> small_rooms = read_rooms(R"(
shoumen_room(NAME base CORE LIBS fmt::fmt)  # the ground
shoumen_room(NAME model CORE DEPENDS base)
shoumen_room(NAME sense CORE
    DEPENDS model base)
shoumen_room(NAME decide CORE DEPENDS model base)
shoumen_room(NAME doors/http DEPENDS model base LIBS simdjson)
shoumen_room(NAME twin DIR twin DEPENDS sense model)
)");

// A good tree, and on top of it the file under test.
Findings includes_with(const std::string& path, const std::string& text) {
    return check_includes(small_rooms,
                          {{"src/base/include/base/id.hpp", "#pragma once\n"},
                           {"src/model/include/model/alert.hpp", "#include \"base/id.hpp\"\n"},
                           {"src/sense/include/sense/sense.hpp", "#include \"model/alert.hpp\"\n"},
                           {"src/sense/table.hpp", "#include <map>\n"},
                           {"src/sense/sense.cpp", "#include \"sense/sense.hpp\"\n#include \"table.hpp\"\n"},
                           {path, text}});
}

}  // namespace

TEST_CASE("the table of rooms is sound") {
    const auto rooms = source_rooms();
    CHECK(rooms.size() > 15);
    CHECK(std::ranges::count(rooms, true, &Room::core) == 9);
    expect_none(check_table(rooms));
}

TEST_CASE("rooms include only what the table allows") { expect_none(check_includes(source_rooms(), source_tree())); }

TEST_CASE("what checks receipts links base and prove, and nothing of the server") {
    const File* programs = find(source_tree(), "cmake/program.cmake");
    REQUIRE(programs);
    CHECK(programs->text.find("add_executable(shoumen-verify \"${CMAKE_SOURCE_DIR}/src/prove/main.cpp\")") !=
          std::string::npos);
    const auto at = programs->text.find("target_link_libraries(shoumen-verify");
    REQUIRE(at != std::string::npos);
    CHECK(programs->text.substr(at).starts_with("target_link_libraries(shoumen-verify PRIVATE shoumen_prove)"));
    CHECK(programs->text.find("target_link_libraries(shoumen-verify", at + 1) == std::string::npos);
    const auto rooms = source_rooms();
    const auto prove = std::ranges::find(rooms, "prove", &Room::name);
    REQUIRE(prove != rooms.end());
    CHECK(prove->depends == std::vector<std::string>{"base"});
}

TEST_CASE("no file is too long to read") { expect_none(check_lengths(source_tree())); }

TEST_CASE("links in the documents lead somewhere") { expect_none(check_links(source_tree())); }

TEST_CASE("both front pages show the same commands") { expect_none(check_front_pages(source_tree())); }

TEST_CASE("the table is read as the build reads it") {
    REQUIRE(small_rooms.size() == 6);
    CHECK(small_rooms[0].depends.empty());
    CHECK(small_rooms[2].name == "sense");
    CHECK(small_rooms[2].core);
    CHECK(small_rooms[2].depends == std::vector<std::string>{"model", "base"});
    CHECK(small_rooms[4].dir == "src/doors/http");
    CHECK_FALSE(small_rooms[4].core);
    CHECK(small_rooms[5].dir == "twin");
    CHECK(check_table(small_rooms).empty());
}

TEST_CASE("a bad table is found") {
    const auto findings = [](const char* table) { return check_table(read_rooms(table)); };
    CHECK(findings("shoumen_room(NAME a DEPENDS b)\nshoumen_room(NAME b DEPENDS a)") ==
          Findings{"cmake/rooms.cmake:1: a cycle: a -> b -> a"});
    CHECK(findings("shoumen_room(NAME a DEPENDS c)") ==
          Findings{"cmake/rooms.cmake:1: a depends on c, which is no room"});
    CHECK(findings("shoumen_room(NAME log)\nshoumen_room(NAME base CORE DEPENDS log)") ==
          Findings{"cmake/rooms.cmake:2: core room base depends on log"});
    CHECK(findings("shoumen_room(NAME base)\nshoumen_room(NAME model)\nshoumen_room(NAME prove DEPENDS base model)") ==
          Findings{"cmake/rooms.cmake:3: prove depends on base alone"});
}

TEST_CASE("good includes pass") {
    CHECK(includes_with("src/decide/decide.cpp", "#include <vector>\n#include <fmt/format.h>\n").empty());
    CHECK(includes_with("src/doors/http/door.cpp", "#include <thread>\n#include \"model/alert.hpp\"\n").empty());
    CHECK(includes_with("src/base/calendar.cpp", "#include <date/date.h>\n").empty());
    CHECK(includes_with("src/sense/sense_test.cpp", "#include <random>\n#include \"table.hpp\"\n").empty());
    CHECK(includes_with("src/sense/smoke/smoke.cpp", "#include \"table.hpp\"\n").empty());
    CHECK(includes_with("src/base/say.cpp", "// system_clock::now\nauto s = \"steady_clock\"; auto n = 1'000;\n")
              .empty());
}

TEST_CASE("a forbidden arrow is found") {
    CHECK(includes_with("src/decide/decide.cpp", "\n# include \"sense/sense.hpp\"\n") ==
          Findings{"src/decide/decide.cpp:2: decide may not include sense (\"sense/sense.hpp\")"});
    CHECK(includes_with("src/decide/decide.cpp", "#include <sense/sense.hpp>\n").size() == 1);
    CHECK(includes_with("src/decide/decide_test.cpp", "#include \"sense/sense.hpp\"\n").size() == 1);
    CHECK(includes_with("twin/world.cpp", "#include \"base/id.hpp\"\n").size() == 1);
    CHECK(includes_with("src/attic/x.cpp", "") == Findings{"src/attic/x.cpp:1: lies in no room of cmake/rooms.cmake"});
}

TEST_CASE("a cycle is found") {
    const auto findings = includes_with("src/base/include/base/bad.hpp", "#include \"model/alert.hpp\"\n");
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].starts_with("src/base/include/base/bad.hpp:1: base may not include model"));
    CHECK(findings[1] == "src:1: a cycle: base -> model -> base");
}

TEST_CASE("what the core must not take in is found") {
    for (const char* header : {"<chrono>", "<thread>", "<mutex>", "<random>", "<iostream>", "<fstream>", "<sqlite3.h>",
                               "<simdjson.h>", "<boost/json.hpp>", "<spdlog/spdlog.h>", "<yaml-cpp/yaml.h>",
                               "<date/date.h>", "<openssl/evp.h>", "<unistd.h>", "<time.h>"}) {
        CAPTURE(header);
        CHECK(includes_with("src/decide/decide.cpp", std::string("#include ") + header + "\n").size() == 1);
    }
    CHECK(includes_with("src/base/zone.cpp", "#include <date/tz.h>\n").size() == 1);
    CHECK(includes_with("src/base/now.cpp", "#include <chrono>\nauto now = std::chrono::system_clock::now();\n") ==
          Findings{"src/base/now.cpp:2: '_clock' is not for a core room"});
}

TEST_CASE("a private header of another room is found") {
    CHECK(includes_with("src/decide/decide.cpp", "#include \"../sense/table.hpp\"\n") ==
          Findings{"src/decide/decide.cpp:1: \"../sense/table.hpp\" is a private header of sense"});
    CHECK(includes_with("src/decide/decide.cpp", "#include \"table.hpp\"\n") ==
          Findings{"src/decide/decide.cpp:1: \"table.hpp\" is no header of decide"});
    CHECK(includes_with("twin/world.cpp", "#include \"sense/table.hpp\"\n") ==
          Findings{"twin/world.cpp:1: \"sense/table.hpp\" is no public header of sense"});
}

TEST_CASE("a long file is found, a generated one is not") {
    std::string text;
    for (int i = 0; i < 11; ++i) text += "int x;\n";
    CHECK(check_lengths({{"src/a/a.cpp", text}}, 10) == Findings{"src/a/a.cpp:11: 11 lines, more than 10"});
    CHECK(check_lengths({{"src/a/a.cpp", text}}, 11).empty());
    CHECK(check_lengths({{"web/client.ts", "// This file was auto-generated\n" + text}}, 10).empty());
}

TEST_CASE("a link that leads nowhere is found") {
    const auto links = [](const std::string& text) {
        return check_links({{"docs/a.md", text}, {"docs/b.md", ""}, {"api/errors.json", ""}});
    };
    CHECK(links("[b](b.md#part) [e](../api/errors.json \"title\") [api](/api) [w](https://example.org/x) [h](#here)")
              .empty());
    CHECK(links("`[x](gone.md)`\n```\n[x](gone.md)\n```\n").empty());
    CHECK(links("\n![x](gone.png)") == Findings{"docs/a.md:2: the link leads nowhere: gone.png"});
    CHECK(links("[x]: ../b.md").size() == 1);
}

TEST_CASE("front pages that differ are found") {
    const auto pages = [](const std::string& english, const std::string& chinese) {
        return check_front_pages({{"README.md", english}, {"README.zh-CN.md", chinese}}).size();
    };
    const std::string block = "```sh\n./dev run  # start\n```\n";
    CHECK(pages(block, "```sh\n./dev run  # 启动\n```\n") == 0);
    CHECK(pages(block, "```sh\n./dev test\n```\n") == 1);
    CHECK(pages(block + block, block) == 1);
    CHECK(pages("```text\na\n```\n", "```text\n甲\n```\n") == 0);
    CHECK(check_front_pages({{"README.md", ""}}).size() == 1);
    CHECK(check_front_pages({}).empty());
}
