// POST /signals: nothing is acknowledged before it is on disk, and nothing is taken twice or half.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace base = shoumen::base;

namespace {

const std::string target = "/api/v1/signals";

std::string array_of(int n) {
    std::string out = "[";
    for (int i = 0; i < n; ++i)
        out += fmt::format(R"({}{{"id":"m{}","device":"smoke-301","kind":"smoke"}})", i ? "," : "", i);
    return out + "]";
}

std::string post(const std::string& body) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\n{}{}Content-Length: {}\r\n\r\n{}", target, device, as_json,
                       body.size(), body);
}

}  // namespace

TEST_CASE("one signal or an array; what is not taken says why, by its place in the array") {
    Served served;
    CHECK(served.ask("POST", target, device + as_json, R"({"device":"smoke-301","kind":"smoke"})").body ==
          R"({"accepted":1,"quarantined":0,"results":[{"index":0}]})");
    const Got got = served.ask(
        "POST", target, device + as_json,
        R"([{"device":"smoke-301","kind":"smoke"}, {"device":"smoke-301","kind":"gas"}, 7, {"kind":"smoke"}])");
    CHECK(got.status == 202);
    CHECK(got.body.starts_with(
        R"({"accepted":1,"quarantined":3,"results":[{"index":0},{"index":1,"code":"wrong-kind",)"));
    CHECK(got.body.find(R"({"index":2,"code":"wrong-type")") != std::string::npos);
    CHECK(got.body.find(R"({"index":3,"code":"missing-field")") != std::string::npos);
    CHECK(served.ask("POST", target, device + as_json, "[]").body == R"({"accepted":0,"quarantined":0,"results":[]})");
    served.on_io([&] {
        REQUIRE(served.intake.taken.size() == 5);
        CHECK(served.intake.taken[2].raw == R"({"device":"smoke-301","kind":"gas"})");
        CHECK(served.intake.taken[3].raw == "7");
    });
}

TEST_CASE("what is no JSON is kept as it came, then answered with 400") {
    Served served;
    served.on_io([&] { served.intake.commits_at_once = false; });
    Client client(served.port);
    client.send(post("{\"device\":"));
    served.until([&] { return served.intake.taken.size() == 1; });
    served.on_io([&] {
        CHECK(served.intake.taken[0].raw == "{\"device\":");
        CHECK(served.intake.taken[0].refused->code == "bad-json");
        served.intake.commit();
    });
    const Got got = client.read_answer();
    CHECK(got.status == 400);
    CHECK(got.body.find("bad-json") != std::string::npos);
}

TEST_CASE("the answer waits for the disk, and each request for its own ticket") {
    Served served;
    served.on_io([&] { served.intake.commits_at_once = false; });
    Client first(served.port), second(served.port);
    first.send(post(array_of(3)));
    served.until([&] { return served.intake.taken.size() == 3; });
    served.on_io(
        [&] { served.intake.commits_at_once = true; });  // the next one is on disk at once, and so are those before it
    second.send(post(array_of(1)));
    CHECK(second.read_answer().status == 202);
    served.on_io([&] { served.intake.progress(); });
    CHECK(first.read_answer().body.starts_with(R"({"accepted":3)"));
}

TEST_CASE("while nothing is on disk nobody is told so") {
    Options options = test_options();
    options.answer_timeout = base::milliseconds(100);
    Served served(options);
    served.on_io([&] { served.intake.commits_at_once = false; });
    Client client(served.port);
    client.send(post(array_of(1)));
    const Got got = client.read_answer();
    CHECK(got.status == 503);
    CHECK(got.body.find("storing-failed") != std::string::npos);
    served.on_io([&] { served.intake.commit(); });  // late: goes to nobody
    CHECK(client.ask("GET", "/api/v1/health").status == 200);
}

TEST_CASE("busy: 429 where nothing was taken; the rest of a larger array waits for room") {
    Served served;
    served.on_io([&] { served.intake.room = 2; });
    Client client(served.port);
    client.send(post(array_of(5)));
    served.until([&] { return served.intake.taken.size() == 2; });
    const Got busy = served.ask("POST", target, device + as_json, array_of(1));
    CHECK(busy.status == 429);
    CHECK(busy.header("retry-after") == "1");
    CHECK(served.ask("POST", target, device + as_json, "{").status == 429);
    served.on_io([&] {
        served.intake.room = 2;
        served.intake.progress();
        CHECK(served.intake.taken.size() == 4);
        served.intake.room = 2;
        served.intake.progress();
    });
    const Got got = client.read_answer();
    CHECK(got.status == 202);
    CHECK(got.body.starts_with(R"({"accepted":5,"quarantined":0)"));
    served.on_io([&] {
        REQUIRE(served.intake.taken.size() == 5);
        for (std::size_t i = 0; i < 5; ++i) CHECK(served.intake.taken[i].id == fmt::format("m{}", i));
    });
}

TEST_CASE("what waits for room is dropped once its sender has been told to send again") {
    Options options = test_options();
    options.answer_timeout = base::milliseconds(50);
    Served served(options);
    served.on_io([&] { served.intake.room = 1; });
    CHECK(served.ask("POST", target, device + as_json, array_of(3)).status == 503);
    served.on_io([&] {
        served.intake.room = 100;
        served.intake.progress();
        CHECK(served.intake.taken.size() == 1);
    });
}
