#include "message.hpp"

#include <doctest/doctest.h>

#include "routes.hpp"

using namespace shoumen::doors::http;

namespace {

using Segments = std::vector<std::string>;
Segments segments(std::string_view text) { return parse_target(text).value_or(Target{{"(none)"}, {}}).segments; }

std::string_view pattern_of(std::string_view method, std::string_view path) {
    const auto found = match(method, *parse_target(path));
    return found.route ? found.route->pattern : std::string_view();
}

std::string head_for(const Answer& answer, const Framing& framing) {
    std::string head = "of another answer";
    head_of(answer, framing, head);
    return head;
}

}  // namespace

TEST_CASE("a target is decoded once, and what cannot be is refused") {
    CHECK(segments("/") == Segments{});
    CHECK(segments("/a/b%20c") == Segments{"a", "b c"});
    CHECK(segments("/a/") == Segments{"a", ""});
    CHECK(segments("/a%2Fb") == Segments{"a/b"});
    CHECK(segments("/%252e") == Segments{"%2e"});
    CHECK(segments("/a/../b") == Segments{"a", "..", "b"});
    CHECK(segments("/楼") == Segments{"(none)"});
    for (const char* bad :
         {"", "a", "/%", "/%zz", "/a%00b", "/a%0d%0ab", "http://x/", "*", "/a b", "//a:b@c:99999999/"})
        CHECK_MESSAGE((!parse_target(bad) || segments(bad).front().empty()), bad);
    const auto query = parse_target("/a?x=1&y=a%2Cb&x=2&z");
    REQUIRE(query);
    CHECK(query->param("x") == "1");
    CHECK(query->param("y") == "a,b");
    CHECK(query->param("z") == "");
    CHECK_FALSE(query->param("w"));
}

TEST_CASE("routes are found by method and path") {
    CHECK(pattern_of("GET", "/api/v1/incidents") == "/api/v1/incidents");
    CHECK(pattern_of("HEAD", "/api/v1/incidents") == "/api/v1/incidents");
    CHECK(pattern_of("POST", "/api/v1/incidents/5/actions/verify") == "/api/v1/incidents/{id}/actions/{action}");
    CHECK(pattern_of("GET", "/api/v1/incidents/").empty());
    CHECK(pattern_of("GET", "/api/v1//incidents").empty());
    CHECK(pattern_of("GET", "/api/v1/evidence/../..").empty());
    CHECK(pattern_of("GET", "/api/v1/evidence/..%2F..%2Fmetrics") ==
          "/api/v1/evidence/{sha256}");  // one segment, refused as no hash
    CHECK(pattern_of("get", "/api/v1/incidents").empty());
    const auto found = match("PATCH", *parse_target("/api/v1/session"));
    CHECK_FALSE(found.route);
    CHECK(found.allow == "POST, GET, HEAD, DELETE");
    CHECK(match("POST", *parse_target("/api/v1/incidents/5/actions/verify")).params == Segments{"5", "verify"});
}

TEST_CASE("the headers that guard the browser are on every answer, and a value cannot begin another header") {
    const std::string head =
        head_for(Answer{.status = 404}.with("Location", "/a\r\nSet-Cookie: x=1").with("Allow", "GET"), {});
    CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(head.ends_with("\r\n\r\n"));
    for (const char* guard : {"Content-Security-Policy: default-src 'none'; ", "frame-ancestors 'none'; sandbox\r\n",
                              "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
                              "Cache-Control: no-store\r\n", "Content-Length: 0\r\n", "Allow: GET\r\n"})
        CHECK_MESSAGE(head.find(guard) != std::string::npos, guard);
    const std::string page = head_for(Answer{}.of("GET", page_route), {});
    CHECK(page.find("Content-Security-Policy: default-src 'self'; img-src 'self' blob: data:;") != std::string::npos);
    CHECK(page.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(page.find("sandbox") == std::string::npos);
    CHECK(page.find("Strict-Transport-Security") == std::string::npos);
    CHECK(head_for({}, {.by_tls = true}).find("Strict-Transport-Security: max-age=31536000\r\n") != std::string::npos);
    CHECK(head.find("Set-Cookie") == std::string::npos);
    CHECK(head.find("unsafe") == std::string::npos);
    CHECK(head.find("Connection") == std::string::npos);
    CHECK(head_for({.status = 204}, {.keep_alive = false}).find("Connection: close\r\n") != std::string::npos);
    CHECK(head_for({.status = 204}, {}).find("Content-Length") == std::string::npos);
    CHECK(head_for({}, {.http_1_0 = true}).find("Connection: keep-alive\r\n") != std::string::npos);
}
