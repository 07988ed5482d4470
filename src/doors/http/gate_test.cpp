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

TEST_CASE("over TLS only the cookie counts that no neighbour can set") {
    CHECK(from({.cookie = "shoumen_session=abc", .forwarded_https = true}).source == Source::none);
    CHECK(from({.cookie = "shoumen_session=bad; __Host-shoumen_session=abc", .forwarded_https = true}).token == "abc");
    CHECK(from({.cookie = "__Host-shoumen_session=abc"}).source == Source::none);
    CHECK(cookie_of_session("abc", 5, true) ==
          "__Host-shoumen_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=5; Secure");
    CHECK(cookie_of_session("abc", 5, false) == "shoumen_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=5");
}

TEST_CASE("whom a request comes from: a proxy on this machine is believed, nobody else") {
    CHECK(caller_of({.forwarded_for = "203.0.113.9", .address = "127.0.0.1"}).address == "203.0.113.9");
    CHECK(caller_of({.forwarded_for = "10.0.0.1, 203.0.113.9", .address = "::1"}).address == "203.0.113.9");
    CHECK(caller_of({.forwarded_for = "10.0.0.1", .address = "203.0.113.9"}).address == "203.0.113.9");
    CHECK(caller_of({.forwarded_for = std::string(999, 'x'), .address = "127.0.0.1"}).address.size() == 64);
    CHECK(caller_of({}).address.empty());
}

TEST_CASE("a browser is known by its family and system, whatever its version") {
    const auto agent = [](std::string text) { return caller_of({.user_agent = std::move(text)}).agent; };
    CHECK(agent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36") ==
          "Chrome Linux");
    CHECK(agent("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/121.0 Safari/537.36 Edg/121.0") ==
          "Edg Windows");
    CHECK(agent("Mozilla/5.0 (Linux; Android 12) Chrome/99 MicroMessenger/8.0") == "MicroMessenger Android");
    CHECK(agent("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1") == "Safari iPhone");
    CHECK(agent("curl/7.88.1").empty());
    CHECK(agent("").empty());
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
    CHECK(cookie_of_session("", 0, true) ==
          "__Host-shoumen_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
}
