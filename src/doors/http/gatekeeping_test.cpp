// Who may come in: walked through the whole table of routes, on the wire.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "testing/served.hpp"

#include "routes.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace base = shoumen::base;

namespace {

std::string filled(std::string_view pattern) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '{') {
            out += pattern[i];
            continue;
        }
        i = pattern.find('}', i);
        out += "1";
    }
    return out;
}

int status_of(const Served& served, const Route& route, const std::string& headers) {
    return served.ask(route.method, filled(route.pattern), headers).status;
}

}  // namespace

TEST_CASE("no route but those marked open answers without signing in, whatever is shown instead") {
    Served served;
    const std::string shown[] = {"",
                                 "Authorization: Bearer nobody\r\n",
                                 "Authorization: Bearer \r\n",
                                 "Authorization: Basic b2ZmaWNlcjp4\r\n",
                                 "Cookie: shoumen_session=nobody\r\n",
                                 "Cookie: shoumen_session=\xff\xfe%00; shoumen_session=tok-officer-not\r\n",
                                 "Cookie: ;;;=;\r\nX-Shoumen: 1\r\n",
                                 "X-Shoumen: 1\r\n"};
    for (const Route& route : routes()) {
        for (const auto& headers : shown) {
            CAPTURE(route.method);
            CAPTURE(route.pattern);
            CAPTURE(headers);
            const int status = status_of(served, route, headers);
            if (route.need == Need::open)
                CHECK((status == 200 || status == 400));  // 400: signing in without a body
            else
                CHECK(status == 401);
        }
    }
    served.on_io([&] {
        CHECK(served.desk.commands.empty());
        CHECK(served.intake.taken.empty());
    });
}

bool is_for_devices(const Route& route) { return route.need == Need::device || route.need == Need::device_in_path; }

TEST_CASE("a device's token opens the door for signals alone, a person's every door but that") {
    Served served;
    for (const Route& route : routes()) {
        CAPTURE(route.pattern);
        const int by_device = status_of(served, route, device);
        const int by_admin = status_of(served, route, admin);
        if (route.need == Need::open) continue;
        if (route.need == Need::device_in_path) {  // what stands in the header opens nothing
            CHECK(by_device == 401);
            CHECK(by_admin == 401);
            continue;
        }
        CHECK((by_device == 401) == (route.need != Need::device));
        CHECK((by_admin == 401) == (route.need == Need::device));
    }
}

TEST_CASE("with a one-time password only the password may be changed and the session ended") {
    Served served;
    for (const Route& route : routes()) {
        if (route.need == Need::open || is_for_devices(route)) continue;
        CAPTURE(route.pattern);
        const Got got = served.ask(route.method, filled(route.pattern), "Authorization: Bearer tok-new\r\n");
        const bool told = got.body.find("must-change-password") != std::string::npos;
        CHECK(told == (route.need != Need::session));
        CHECK((got.status == 403) == told);
    }
}

TEST_CASE("who must set a second factor may set it, change the password and leave, and nothing else") {
    Served served;
    for (const Route& route : routes()) {
        if (route.need == Need::open || is_for_devices(route)) continue;
        CAPTURE(route.pattern);
        const Got got = served.ask(route.method, filled(route.pattern), "Authorization: Bearer tok-bare\r\n");
        const bool told = got.body.find("must-set-second-step") != std::string::npos;
        CHECK(told == (route.need != Need::session && route.need != Need::enrolling));
        CHECK((got.status == 403) == told);
    }
}

TEST_CASE("a route that passes an item is shut to whom the desk does not admit") {
    Served served;
    std::size_t shut = 0;
    for (const Route& route : routes()) {
        if (!route.passes.item) continue;
        CAPTURE(route.pattern);
        const auto& session = served.desk.sessions.at("tok-officer");
        const bool admitted = served.desk.admit(session, *route.passes.item, route.passes.least).has_value();
        CHECK((status_of(served, route, officer) == 403) == !admitted);
        CHECK(status_of(served, route, admin) != 403);
        shut += admitted ? 0 : 1;
    }
    CHECK(shut > 8);
}

TEST_CASE("with the cookie a change needs the header X-Shoumen, reading does not") {
    Served served;
    for (const Route& route : routes()) {
        if (route.need == Need::open || is_for_devices(route)) continue;
        CAPTURE(route.pattern);
        const std::string cookie = "Cookie: a=b; shoumen_session=tok-admin\r\n";
        const Got without = served.ask(route.method, filled(route.pattern), cookie);
        const Got with = served.ask(route.method, filled(route.pattern), cookie + "X-Shoumen: 1\r\n");
        CHECK((without.body.find("\"csrf\"") != std::string::npos) == (route.method != "GET"));
        CHECK(with.body.find("\"csrf\"") == std::string::npos);
    }
}

TEST_CASE("what is not in the table is not told apart from what is, unless one is signed in") {
    Served served;
    for (const char* target : {"/api", "/api/", "/api/v1", "/api/v2/incidents", "/api/v1/secrets",
                               "/%61pi/v1/incidents", "/api/v1/incidents/", "/api/v1/evidence/../..",
                               "/api/v1/evidence/../../../etc/passwd", "/api/v1/evidence/..%2f..%2fx"}) {
        CAPTURE(target);
        CHECK(served.ask("GET", target).status == 401);
        const int signed_in = served.ask("GET", target, officer).status;
        CHECK((signed_in == 404 || signed_in == 400 || std::string_view(target) == "/%61pi/v1/incidents"));
    }
    CHECK(served.ask("PATCH", "/api/v1/incidents").status == 401);
    const Got got = served.ask("PATCH", "/api/v1/incidents", officer);
    CHECK(got.status == 405);
    CHECK(got.header("allow") == "GET, HEAD, POST");
}

TEST_CASE("signing in sets a cookie that scripts and other sites do not get, and the same token for bearers") {
    Served served;
    const std::string body = R"({"account":"officer","password":"right-password"})";
    const Got got = served.ask("POST", "/api/v1/session", as_json, body);
    CHECK(got.status == 200);
    CHECK(got.header("set-cookie") == "shoumen_session=tok-officer; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    CHECK(got.body.find(R"("token":"tok-officer")") != std::string::npos);
    CHECK(got.header("cache-control") == "no-store");
    const Got tls = served.ask("POST", "/api/v1/session", as_json + "X-Forwarded-Proto: https\r\n", body);
    CHECK(tls.header("set-cookie").ends_with("; Secure"));
    const Got wrong = served.ask("POST", "/api/v1/session", as_json, R"({"account":"officer","password":"x"})");
    CHECK(wrong.header("set-cookie").empty());
    const Got out = served.ask("DELETE", "/api/v1/session", "Cookie: shoumen_session=tok-officer\r\nX-Shoumen: 1\r\n");
    CHECK(out.status == 204);
    CHECK(out.header("set-cookie").find("Max-Age=0") != std::string::npos);
    CHECK(served.ask("GET", "/api/v1/session", officer).body.find("\"token\":") == std::string::npos);
}

TEST_CASE("a picture goes out as a file to keep, guarded, and to nobody who is not signed in") {
    Served served;
    const std::string target = "/api/v1/evidence/" + base::to_hex(base::sha256("photo"));
    CHECK(served.ask("GET", target).status == 401);
    const Got got = served.ask("GET", target, officer);
    CHECK(got.status == 200);
    CHECK(got.body == "photo");
    CHECK(got.header("content-type") == "image/jpeg");
    CHECK(got.header("content-disposition").starts_with("attachment; filename=\""));
    CHECK(got.header("x-content-type-options") == "nosniff");
    CHECK(got.header("cache-control") == "private, no-cache");
    CHECK(served.ask("GET", target, officer + "If-None-Match: " + got.header("etag") + "\r\n").status == 304);
    CHECK(served.ask("GET", target, "If-None-Match: " + got.header("etag") + "\r\n").status == 401);
    const Got head = served.ask("HEAD", target, officer);
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "5");
}

TEST_CASE("an Idempotency-Key becomes one number for one account, and no key none") {
    Served served;
    const std::string body = R"({"kind":"fire","place":"b1","severity":"red"})";
    const std::string key = "Idempotency-Key: k-1\r\n";
    for (const auto& headers : {officer, officer + key, officer + key, admin + key})
        CHECK(served.ask("POST", "/api/v1/incidents", headers + as_json, body).status == 201);
    CHECK(served
              .ask("POST", "/api/v1/incidents",
                   officer + as_json + fmt::format("Idempotency-Key: {}\r\n", std::string(129, 'k')), body)
              .status == 400);
    served.on_io([&] {
        const auto request = [&](std::size_t n) { return served.desk.commands[n].first.request; };
        REQUIRE(served.desk.commands.size() == 4);
        CHECK(request(0) == 0);
        CHECK(request(1) != 0);
        CHECK(request(1) == request(2));
        CHECK(request(1) != request(3));
    });
}

TEST_CASE("a list says whether there is more, by asking for one more than wanted") {
    Served served;
    const Got all = served.ask("GET", "/api/v1/incidents", officer);
    CHECK(all.body.ends_with(R"("more":false})"));
    const Got one =
        served.ask("GET", "/api/v1/incidents?live=1&limit=1&before=99&state=open,closed&severity=red", officer);
    CHECK(one.body.ends_with(R"("more":true})"));
    served.on_io([&] {
        const auto& query = *served.desk.last_query;
        CHECK(query.limit == 2);
        CHECK(query.live_only);
        CHECK(query.before->value == 99);
        CHECK(query.states.size() == 2);
        CHECK(query.severities.size() == 1);
    });
}
