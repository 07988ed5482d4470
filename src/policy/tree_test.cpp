#include "tree.hpp"

#include <algorithm>

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

std::vector<Finding> findings_of(std::string_view text) {
    Report report;
    parse("x.yaml", text, report);
    return report.take();
}

std::string code_of(std::string_view text) {
    const auto findings = findings_of(text);
    return findings.empty() ? "" : codes(findings).front();
}

std::string repeated(std::string_view text, int n) {
    std::string all;
    for (int i = 0; i < n; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("a tree keeps lines, order and quotes") {
    Report report;
    const auto tree = parse("x.yaml", "a: 1\nb:\n  - x\n  - {c: \"~\", d: ~}\ne:\n", report);
    REQUIRE(tree);
    CHECK(report.empty());
    REQUIRE(tree->is(Node::Type::map));
    REQUIRE(tree->items.size() == 6);
    CHECK(tree->items[0].text == "a");
    CHECK(tree->items[1].text == "1");
    const Node& list = tree->items[3];
    REQUIRE(list.items.size() == 2);
    CHECK(list.items[0].line == 3);
    CHECK(list.items[1].line == 4);
    CHECK(list.items[1].items[1].quoted);
    CHECK(list.items[1].items[1].text == "~");
    CHECK(list.items[1].items[3].is(Node::Type::empty));
    CHECK(tree->items[5].is(Node::Type::empty));
}

TEST_CASE("a doubled key is a finding at its own line, and the first value holds") {
    Report report;
    const auto tree = parse("x.yaml", "a: 1\nb: 2\na: 3\nc: {d: 1, e: 2, d: 3, d: 4}\n", report);
    REQUIRE(tree);
    const auto findings = report.take();
    CHECK(codes(findings) ==
          std::vector<std::string>{"x.yaml:3: doubled-key", "x.yaml:4: doubled-key", "x.yaml:4: doubled-key"});
    CHECK(findings[0].message.find("line 1") != std::string::npos);
    CHECK(tree->items.size() == 6);
    CHECK(tree->items[1].text == "1");
    CHECK(tree->items[5].items.size() == 4);
}

TEST_CASE("what yaml-cpp cannot read is a finding with its line") {
    CHECK(code_of("a: 1\nb: [1, 2\n") == "x.yaml:3: yaml-syntax");
    CHECK(code_of("a: 1\n b: 2\n") == "x.yaml:2: yaml-syntax");
    // Half a character after a backslash, or the end of the file: no byte of it comes into the message.
    for (const std::string_view text : {"a: \"b\\", "a: \"\\é\"\n", "a: \"\\q\"\n"}) {
        const auto told = findings_of(text);
        REQUIRE(told.size() == 1);
        CHECK(told[0].code == "yaml-syntax");
        CHECK(told[0].message.find("single quotes") != std::string::npos);
        CHECK(std::ranges::all_of(told[0].message, [](char c) { return c >= ' ' && c < 0x7f; }));
    }
    CHECK(findings_of("a:\n\tb: 2\n").at(0).message.find("tab") != std::string::npos);
    CHECK(findings_of("a: 1\nkind: *\n").at(0).message.find("\"*\"") != std::string::npos);
}

TEST_CASE("anchors, aliases, tags and second documents are refused") {
    CHECK(code_of("a: &x 1\nb: *x\n") == "x.yaml:1: yaml-anchor");
    CHECK(code_of("a: 1\nb: *x\n") == "x.yaml:2: yaml-syntax");
    CHECK(code_of("a: 1\nb: !!str 5\n") == "x.yaml:2: yaml-tag");
    CHECK(code_of("a: 1\n---\nb: 2\n") == "x.yaml:2: yaml-documents");
    CHECK(code_of("---\na: 1\n") == "");
}

TEST_CASE("the billion laughs are not laughed") {
    std::string bomb = "a: &a [x, x, x, x, x, x, x, x]\n";
    for (char c = 'b'; c <= 'k'; ++c) {
        const std::string of = std::string("*") + static_cast<char>(c - 1);
        bomb += std::string(1, c) + ": &" + c + " [" + of + repeated(", " + of, 7) + "]\n";
    }
    CHECK(code_of(bomb) == "x.yaml:1: yaml-anchor");
}

TEST_CASE("nesting ends somewhere, however it is written") {
    CHECK(code_of(repeated("[", 100'000)) == "x.yaml:1: yaml-depth");
    CHECK(code_of(repeated("[\n", 100'000)).ends_with("yaml-depth"));
    CHECK(code_of(repeated("{a: ", 60'000)) == "x.yaml:1: yaml-depth");
    CHECK(code_of(repeated("- ", 100'000)) == "x.yaml:1: yaml-depth");
    CHECK(code_of(repeated("? ", 100'000)) == "x.yaml:1: yaml-depth");
    CHECK(code_of("a: " + std::string(300 * 1024, 'x')) == "x.yaml:1: yaml-size");
}

TEST_CASE("encodings") {
    CHECK(code_of("\xEF\xBB\xBF"
                  "a: 1\r\nb: 2\r\n") == "");
    CHECK(code_of("a: 1\rb: 2\ra: 3\r") == "x.yaml:3: doubled-key");
    CHECK(code_of("a: 社区\nb: \xB9\xE2\xBB\xAA\n") == "x.yaml:2: yaml-encoding");
    CHECK(code_of(std::string_view("a: 1\nb: \0", 9)) == "x.yaml:2: yaml-encoding");
    CHECK(code_of("a: \x1b[2J\n") == "x.yaml:1: yaml-encoding");
    CHECK(code_of("a: \xC0\xAF\n") == "x.yaml:1: yaml-encoding");      // overlong
    CHECK(code_of("a: \xED\xA0\x80\n") == "x.yaml:1: yaml-encoding");  // a surrogate
    CHECK(code_of(std::string_view("\xFF\xFE"
                                   "a\0:\0",
                                   6)) == "x.yaml:1: yaml-encoding");
}

TEST_CASE("an empty file is a tree without anything") {
    Report report;
    for (const char* text : {"", "# only a comment\n", "\n\n"}) {
        const auto tree = parse("x.yaml", text, report);
        REQUIRE(tree);
        CHECK(tree->is(Node::Type::empty));
    }
    CHECK(report.empty());
}

TEST_CASE("findings come in order of file and line, and a file has a thousand at most") {
    Report report;
    report.add("b", 1, "x", "");
    report.add("a", 7, "first", "");
    report.add("a", 7, "second", "");
    report.add("a", 2, "x", "");
    for (std::uint32_t i = 0; i < 5000; ++i) report.add("c", 5000 - i, "x", "");
    const auto findings = report.take();
    REQUIRE(findings.size() == 4 + 1001);
    CHECK(codes(findings)[0] == "a:2: x");
    CHECK(codes(findings)[1] == "a:7: first");
    CHECK(codes(findings)[2] == "a:7: second");
    CHECK(codes(findings)[3] == "b:1: x");
    CHECK(findings.back().code == "more-findings");
    CHECK(findings.back().message.find("4000") != std::string::npos);
}

TEST_CASE("the nearest word is suggested, and only a near one") {
    Report report;
    const std::vector<std::string_view> words{"home", "stairwell", "lift", "parking"};
    CHECK(report.suggest("hoem", words) == "; did you mean 'home'?");
    CHECK(report.suggest("parkin", words) == "; did you mean 'parking'?");
    CHECK(report.suggest("zzzzzz", words) == "");
    CHECK(edit_distance("ab", "ba", 3) == 1);
    CHECK(edit_distance("", "abc", 3) == 3);
    CHECK(edit_distance("abc", "xyz", 1) == 2);
    CHECK(quote("a\nb\x1b") == "'a?b?'");
    CHECK(quote(std::string(100, 'x')).size() == 40 + 2 + 3);
}

}  // namespace shoumen::policy
