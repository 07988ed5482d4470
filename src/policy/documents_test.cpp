// The document of the community directory says what the program does: its examples have the form that is read, and
// every finding that the demo's directory can give stands in its table.
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

std::vector<std::string> lines_of_document() {
    std::ifstream in(SHOUMEN_SOURCE_DIR "/docs/community-directory.md");
    REQUIRE(in);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// The first yaml block below each heading that is a file name.
Files examples() {
    Files files;
    std::string file;
    bool inside = false;
    for (const std::string& line : lines_of_document()) {
        if (line.starts_with("## ")) {
            file = line.substr(3);
            if (const auto star = file.find('*'); star != file.npos) file[star] = 'x';
            continue;
        }
        if (line == "```yaml" && !files.contains(file)) {
            inside = true;
            continue;
        }
        if (line == "```") inside = false;
        if (inside) files[file] += line + "\n";
    }
    return files;
}

}  // namespace

TEST_CASE("the document's examples have the form that is read") {
    const Files files = examples();
    REQUIRE(files.size() == 12);
    // They are pieces: what they name may not be there.
    constexpr auto of_pieces =
        std::to_array<std::string_view>({"unknown-place", "unknown-body", "unknown-incident", "unknown-device"});
    for (const Finding& f : compile(files, nullptr, 1).findings)
        CHECK_MESSAGE(std::ranges::find(of_pieces, f.code) != of_pieces.end(), to_line(f));
}

TEST_CASE("every code that the sources give stands in the document") {
    std::string document;
    for (const std::string& line : lines_of_document()) document += line + "\n";
    std::size_t found = 0;
    for (const char* name : {"access", "accounts", "calendar", "check_duty", "check_matrix", "community", "comparison",
                             "compile", "devices", "duty", "findings", "matrix", "places", "reader", "rules", "tree"}) {
        std::ifstream in(SHOUMEN_SOURCE_DIR "/src/policy/" + std::string(name) + ".cpp");
        REQUIRE(in);
        std::stringstream text;
        text << in.rdbuf();
        // A quoted word of lower-case letters with a hyphen in it is a code; nothing else there is written so.
        const std::string source = text.str();
        for (std::size_t at = source.find('"'); at != std::string::npos; at = source.find('"', at + 1)) {
            const std::size_t end = source.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at + 1);
            const std::string word = source.substr(at + 1, end - at - 1);
            if (end == std::string::npos || source[end] != '"' || word.find('-') == std::string::npos ||
                word.ends_with('-'))
                continue;
            ++found;
            CHECK_MESSAGE(document.find("`" + word + "`") != std::string::npos, word);
        }
    }
    CHECK(found > 40);
}

}  // namespace shoumen::policy
