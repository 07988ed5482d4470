#include "gate.hpp"

#include <doctest/doctest.h>

using namespace shoumen::doors::http;
using Source = Credentials::Source;

namespace {

Credentials from(Head head) { return credentials_of(head); }

}  // namespace

TEST_CASE("what a request shows to prove who is asking") {
    CHECK(from({}).source == Source::none);
    CHECK(from({.authorization = "Bearer abc"}).token == "abc");
    CHECK(from({.authorization = "bEARER   abc "}).source == Source::bearer);
    CHECK(from({.authorization = "Basic abc"}).source == Source::none);
    CHECK(from({.authorization = "Bearer"}).source == Source::none);
    CHECK(from({.authorization = "Bearer a b"}).source == Source::none);
    CHECK(from({.authorization = "Bearer " + std::string(513, 'a')}).source == Source::none);
    CHECK(from({.cookie = "shoumen_session=abc"}).token == "abc");
    CHECK(from({.cookie = "x=1; shoumen_session=abc; y=2"}).source == Source::cookie);
    CHECK(from({.cookie = "xshoumen_session=abc"}).source == Source::none);
    CHECK(from({.cookie = "shoumen_session="}).source == Source::none);
    CHECK(from({.cookie = "shoumen_session"}).source == Source::none);
    CHECK(from({.cookie = "shoumen_session=\xff\x01"}).source == Source::none);
    CHECK(from({.cookie = ";;=;; ,"}).source == Source::none);
    // A header that says who is asking is not made up for by a cookie.
    CHECK(from({.authorization = "Bearer a b", .cookie = "shoumen_session=abc"}).source == Source::none);
}

TEST_CASE("a subprotocol proves it for a WebSocket alone") {
    const std::string offered = "shoumen.v1, shoumen.bearer.abc";
    CHECK(from({.subprotocols = offered, .wants_websocket = true}).token == "abc");
    CHECK(from({.subprotocols = offered}).source == Source::none);
    CHECK(chosen_subprotocol({.subprotocols = offered}) == "shoumen.v1");
    CHECK(chosen_subprotocol({.subprotocols = "other, shoumen.bearer.abc"}) == "shoumen.bearer.abc");
    CHECK(chosen_subprotocol({.subprotocols = "other"}).empty());
}

TEST_CASE("a change with the cookie needs the header that other sites cannot send") {
    const Credentials cookie{Source::cookie, "abc"}, bearer{Source::bearer, "abc"};
    CHECK(lacks_csrf_header({.method = "POST"}, cookie));
    CHECK(lacks_csrf_header({.method = "DELETE", .csrf = "0"}, cookie));
    CHECK_FALSE(lacks_csrf_header({.method = "POST", .csrf = "1"}, cookie));
    CHECK_FALSE(lacks_csrf_header({.method = "GET"}, cookie));
    CHECK_FALSE(lacks_csrf_header({.method = "POST"}, bearer));
}

TEST_CASE("a page of another site is known by its origin") {
    CHECK_FALSE(is_foreign_origin({.host = "a:8080"}));
    CHECK_FALSE(is_foreign_origin({.host = "a:8080", .origin = "http://A:8080"}));
    CHECK(is_foreign_origin({.host = "a:8080", .origin = "http://a"}));
    CHECK(is_foreign_origin({.host = "a", .origin = "http://a.evil.example"}));
    CHECK(is_foreign_origin({.host = "a", .origin = "null"}));
    CHECK(is_foreign_origin({.host = "", .origin = "http://a"}));
}

TEST_CASE("the cookie is kept from scripts and from other sites") {
    CHECK(cookie_of_session("abc", 60, false) == "shoumen_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    CHECK(cookie_of_session("", 0, true) == "shoumen_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
}
