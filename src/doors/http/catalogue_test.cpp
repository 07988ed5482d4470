// The catalogue of errors, and that nothing in the program is refused with a code it does not hold.
#include "catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include <doctest/doctest.h>

#include "figures.hpp"

using namespace shoumen::doors::http;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const Catalogue& catalogue() {
    static const Catalogue c = Catalogue::read(text_of(SHOUMEN_SOURCE_DIR "/api/errors.json")).value();
    return c;
}

// Chinese characters and full-width signs: UTF-8 of U+3000 … U+9FFF and U+FF00 … U+FFEF.
bool has_chinese(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto a = static_cast<unsigned char>(text[i]), b = static_cast<unsigned char>(text[i + 1]);
        if ((a >= 0xE3 && a <= 0xE9) || (a == 0xEF && b >= 0xBC && b <= 0xBF)) return true;
    }
    return false;
}

// Codes in the program's text: fail("…" …), Error{"…" …}, error({"…" …}), and what the act step returns.
std::map<std::string, std::string> codes_in(const fs::path& directory) {
    static const std::regex refusals(
        R"re((?:\bfail\(|\bError\{|\berror\(\{|\bbad\(|\brefuse\()\s*"([a-z0-9]+(?:-[a-z0-9]+)*)")re");
    static const std::regex qualified(R"re((?:base::fail\(|\bError\{)\s*"([a-z0-9]+(?:-[a-z0-9]+)*)")re");
    static const std::regex returned(R"re(return\s+(?:[^;"]*\?\s*)?"([a-z0-9]+(?:-[a-z0-9]+)+)")re");
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const auto path = entry.path().generic_string();
        const bool source = path.ends_with(".cpp") || path.ends_with(".hpp");
        if (!source || path.ends_with("_test.cpp") || path.find("/testing/") != std::string::npos) continue;
        const std::string text = text_of(entry.path());
        const auto collect = [&](const std::regex& pattern) {
            for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
                out.emplace((*it)[1], path);
        };
        // The commands of room app have a fail() of their own, which takes the command's name.
        collect(path.find("/app/") != std::string::npos ? qualified : refusals);
        if (path.find("/act/") != std::string::npos || path.find("/loop/") != std::string::npos) collect(returned);
    }
    return out;
}

}  // namespace

TEST_CASE("every code has a status, a metric and its message in both languages") {
    CHECK(catalogue().entries().size() > 60);
    static const std::regex word("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    for (const auto& [code, entry] : catalogue().entries()) {
        CAPTURE(code);
        CHECK(std::regex_match(code, word));
        CHECK(entry.metric.starts_with("shoumen_"));
        CHECK(has_chinese(entry.zh));
        CHECK(entry.zh.ends_with("。"));
        CHECK_FALSE(has_chinese(entry.en));
        CHECK(entry.en.ends_with("."));
    }
}

TEST_CASE("every code the program refuses with is in the catalogue") {
    // What stands only in the findings of `shoumen check`, at a line of a file, or in what a gateway runs (`detect`),
    // never reaches an answer.
    const fs::path source = SHOUMEN_SOURCE_DIR "/src";
    std::size_t seen = 0;
    for (const auto& room : fs::directory_iterator(source)) {
        if (!room.is_directory() || room.path().filename() == "policy" || room.path().filename() == "detect") continue;
        for (const auto& [code, path] : codes_in(room.path())) {
            ++seen;
            if (!catalogue().entries().contains(code))
                FAIL_CHECK("'", code, "' of ", path, " is not in api/errors.json");
        }
    }
    CHECK(seen > 40);
}

TEST_CASE("an error becomes an answer with its status and headers") {
    const Answer busy = answer_of(catalogue(), {"busy", "Nothing was taken.", ""});
    CHECK(busy.status == 429);
    CHECK(std::ranges::count(busy.headers, std::pair<std::string, std::string>{"Retry-After", "1"}) == 1);
    const Answer wrong = answer_of(catalogue(), {"bad-value", "too \"long\"", "values.t"}, 400);
    CHECK(wrong.status == 400);
    CHECK(wrong.body.find(R"("where":"values.t","detail":"too \"long\"")") != std::string::npos);
    CHECK(answer_of(catalogue(), {"never-heard-of", "", ""}).status == 500);
}

TEST_CASE("what is no catalogue is refused") {
    for (const char* text :
         {"", "[]", "{}", R"({"internal":5})", R"({"internal":{"status":200,"zh":"x","en":"y"}})",
          R"({"internal":{"status":500,"zh":"","en":"y"}})", R"({"busy":{"status":429,"zh":"x","en":"y"}})"})
        CHECK_FALSE(Catalogue::read(text));
}

TEST_CASE("figures name each family once") {
    Figures figures;
    figures.answers[{"GET", "/api/v1/health", 200}] = 3;
    figures.count_error("not-found");
    figures.count_error("bad-request");
    figures.count_error("bad-request");
    const std::string text = to_prometheus(figures, catalogue());
    CHECK(text.find("shoumen_http_requests_total{method=\"GET\",route=\"/api/v1/health\",status=\"200\"} 3\n") !=
          std::string::npos);
    CHECK(text.find("shoumen_http_requests_refused_total{code=\"bad-request\"} 2\n") != std::string::npos);
    const std::regex type("# TYPE shoumen_http_requests_refused_total counter");
    CHECK(std::distance(std::sregex_iterator(text.begin(), text.end(), type), std::sregex_iterator()) == 1);
}
