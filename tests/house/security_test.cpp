// The checklists of docs/security hold what they say they hold, and what reaches out of the program is known.
#include <doctest/doctest.h>

#include "references.hpp"

using namespace shoumen::house;

namespace {

const Tree& source_tree() {
    static const Tree tree = read_tree(SHOUMEN_SOURCE_DIR);
    return tree;
}

void expect_none(const Findings& findings) {
    for (const std::string& finding : findings) FAIL_CHECK(finding);
}

}  // namespace

TEST_CASE("every file and test that the security documents name exists") {
    expect_none(check_references(source_tree(), "docs/security"));
}

TEST_CASE("the checklists are whole: each number once, with its state and its proof or reason, and counted") {
    const File* asvs = find(source_tree(), "docs/security/asvs-l2.md");
    REQUIRE(asvs);
    expect_none(check_checklist(*asvs, {"met", "partly", "not met", "n/a"}));
    const File* dengbao = find(source_tree(), "docs/security/dengbao-l3.md");
    REQUIRE(dengbao);
    expect_none(check_checklist(*dengbao, {"符合", "部分符合", "不符合", "不适用"}));
}

// Each with how its target is fixed: docs/security/README.md, "What the program calls".
TEST_CASE("nothing reaches out of the program but what is known to") {
    expect_none(check_outgoing(source_tree(), {
                                                  "src/app/http_client.cpp",
                                                  "src/app/mqtt_client.cpp",
                                                  "src/app/outgoing.cpp",
                                                  "src/app/service_manager.cpp",
                                                  "src/store/postgresql/connection.cpp",
                                              }));
}

TEST_CASE("a reference that leads nowhere is found") {
    Tree tree{{"src/a/gate.cpp", "bool shut();\n"},
              {"tests/a/tls_test.cpp", "TEST_CASE(\"by TLS\")\n"},
              {"tests/b/tls_test.cpp", ""},
              {"docs/security/x.md", "`gate.cpp#shut` `a/tls_test.cpp#by TLS` `no file` `--flag` `GET /x`\n"},
              {"docs/other.md", "`gone.cpp`\n"}};
    CHECK(check_references(tree, "docs/security").empty());
    const auto findings = [&](const std::string& text) {
        Tree other = tree;
        other[3].text = text;
        return check_references(other, "docs/security");
    };
    CHECK(findings("\n`gone.cpp`") == Findings{"docs/security/x.md:2: there is no gone.cpp"});
    CHECK(findings("`tls_test.cpp` `tls_test.cpp#by TLS`").empty());
    CHECK(findings("`gate.cpp#open`") == Findings{"docs/security/x.md:1: gate.cpp does not hold: open"});
    tree[2].text = tree[1].text;
    CHECK(findings("`tls_test.cpp#by TLS`").size() == 1);
}

TEST_CASE("a checklist that is not whole is found") {
    const auto findings = [](const std::string& text) {
        return check_checklist({"x.md", text}, {"met", "not met"}).size();
    };
    const std::string counts = "| met | 1 |\n| not met | 1 |\n";
    const std::string rows = "| 1.1.1 | a | met | `x.cpp` |\n| 1.1.2 | b | not met | because |\n";
    CHECK(findings(counts + rows) == 0);
    CHECK(findings("| met | 2 |\n| not met | 1 |\n" + rows) == 1);
    CHECK(findings(counts + rows + "| 1.1.2 | b | not met | again |\n") == 2);
    CHECK(findings(counts + "| 1.1.1 | a | met | |\n| 1.1.2 | b | not met | because |\n") == 1);
    CHECK(findings(counts + "| 1.1.1 | a | nearly | x |\n| 1.1.2 | b | not met | because |\n") == 2);
    CHECK(findings(counts + "| 1.1.1 | a | met |\n| 1.1.2 | b | not met | because |\n") == 2);
}

TEST_CASE("who begins to reach out is found") {
    const Tree tree{{"src/a/x.cpp", "stream.async_connect(to);"}, {"src/a/x_test.cpp", "async_connect("}};
    CHECK(check_outgoing(tree, {"src/a/x.cpp"}).empty());
    CHECK(check_outgoing(tree, {}).size() == 1);
    CHECK(check_outgoing(tree, {"src/a/x.cpp", "src/b.cpp"}).size() == 1);
}
