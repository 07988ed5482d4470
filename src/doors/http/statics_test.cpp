#include "statics.hpp"

#include <doctest/doctest.h>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace {

Statics console() {
    Statics s;
    s.add("index.html", "<html>");
    s.add("assets/index-BxYz1234.js", "js");
    s.add("favicon.ico", "ico");
    return s;
}

std::string body(const Statics& s, std::string_view path) {
    const auto answer = s.find(*parse_target(path), "");
    return answer ? std::string(answer->bytes()) : "(none)";
}

std::string header(const Answer& answer, std::string_view name) {
    for (const auto& [n, value] : answer.headers) {
        if (n == name) return value;
    }
    return {};
}

}  // namespace

TEST_CASE("files are found by name, client routes get the page, and a missing file is missing") {
    const auto s = console();
    CHECK(body(s, "/") == "<html>");
    CHECK(body(s, "/incidents/17") == "<html>");
    CHECK(body(s, "/assets/index-BxYz1234.js") == "js");
    CHECK(body(s, "/assets/index-Gone5678.js") == "(none)");
    CHECK(body(s, "/../../etc/passwd") == "<html>");  // no file of ours, so a client route
    CHECK(body(s, "/..") == "(none)");
    CHECK(body(Statics(), "/") == "(none)");
}

TEST_CASE("hashed files may be kept for ever, others are asked for again, and an unchanged one is not sent twice") {
    const auto s = console();
    const auto script = s.find(*parse_target("/assets/index-BxYz1234.js"), "");
    CHECK(header(*script, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(script->content_type == "text/javascript; charset=utf-8");
    const auto page = s.find(*parse_target("/"), "");
    CHECK(header(*page, "Cache-Control") == "no-cache");
    const auto again = s.find(*parse_target("/"), header(*page, "ETag"));
    CHECK(again->status == 304);
    CHECK(again->bytes().empty());
    CHECK(s.find(*parse_target("/"), "\"other\"")->status == 200);
    CHECK_FALSE(has_hashed_name("index-BxYz1234.js"));
    CHECK_FALSE(has_hashed_name("assets/app.js"));
    CHECK_FALSE(has_hashed_name("assets/app-v2.js"));
}

TEST_CASE("a directory is read without its links") {
    Folder folder, outside;
    outside.write("secret.txt", "secret");
    folder.write("index.html", "page");
    folder.write("deep/er/x.css", "css");
    std::filesystem::create_symlink(outside.path() + "/secret.txt", folder.path() + "/secret.txt");
    std::filesystem::create_directory_symlink(outside.path(), folder.path() + "/outside");
    const auto s = Statics::read(folder.path());
    CHECK(body(s, "/deep/er/x.css") == "css");
    CHECK(body(s, "/secret.txt") == "(none)");
    CHECK(body(s, "/outside/secret.txt") == "(none)");
    CHECK(Statics::read(folder.path() + "/nothing").empty());
}
