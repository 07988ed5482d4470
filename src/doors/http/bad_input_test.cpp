// What the network can throw at the door: each is answered, or the connection closed, and the next client is served.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace base = shoumen::base;

namespace {

Options hasty() {
    Options o = test_options();
    o.header_timeout = base::milliseconds(100);
    o.body_timeout = base::milliseconds(100);
    o.idle_timeout = base::milliseconds(100);
    o.answer_timeout = base::milliseconds(100);
    return o;
}

int status_of_raw(const Served& served, std::string_view bytes) {
    Client client(served.port);
    client.send(bytes);
    client.end_of_sending();
    return client.read_answer().status;
}

bool still_serves(const Served& served) { return served.ask("GET", "/api/v1/health").status == 200; }

const std::string signals_head =
    "POST /api/v1/signals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev-smoke\r\nContent-Type: application/json\r\n";
const std::string signal = R"({"device":"smoke-301","kind":"smoke"})";

std::string chunked(const std::vector<std::string>& chunks) {
    std::string out = "Transfer-Encoding: chunked\r\n\r\n";
    for (const auto& chunk : chunks) out += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    return out + "0\r\n\r\n";
}

}  // namespace

TEST_CASE("a body of 10 MB is refused before it is read, and the sender gets to read why") {
    Served served;
    const std::string ten_mb(10U << 20U, 'x');
    Client client(served.port);
    client.send(signals_head + fmt::format("Content-Length: {}\r\n\r\n", ten_mb.size()));
    client.send(ten_mb);
    const Got got = client.read_answer();
    CHECK(got.status == 413);
    CHECK(got.body.find("too-large") != std::string::npos);
    CHECK(client.is_closed());
    CHECK(still_serves(served));
    served.on_io([&] { CHECK(served.intake.taken.empty()); });
}

TEST_CASE("a body that grows past the limit chunk by chunk is refused") {
    Served served;
    Client client(served.port);
    client.send(signals_head + chunked(std::vector<std::string>(20, std::string(100'000, ' '))));
    CHECK(client.read_answer().status == 413);
    CHECK(still_serves(served));
}

TEST_CASE("a body without end is cut off, and 100-continue is answered where the body is wanted") {
    Served served;
    Client refused(served.port);
    refused.send("POST /api/v1/signals HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(refused.read_answer().status == 401);  // no "100 Continue" before it
    Client wanted(served.port);
    wanted.send(signals_head + fmt::format("Expect: 100-continue\r\nContent-Length: {}\r\n\r\n", signal.size()));
    CHECK(wanted.read_answer().status == 100);
    wanted.send(signal);
    CHECK(wanted.read_answer().status == 202);
}

TEST_CASE("chunked bodies are read as any other, broken ones are refused") {
    Served served;
    Client client(served.port);
    client.send(signals_head + chunked({signal.substr(0, 5), signal.substr(5)}));
    CHECK(client.read_answer().status == 202);
    CHECK(status_of_raw(served, signals_head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n0\r\n\r\n") == 400);
    CHECK(status_of_raw(served, signals_head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n") == 400);
    CHECK(status_of_raw(served, signals_head + "Content-Length: 100\r\n\r\n{") == 400);  // ends too early
    CHECK(still_serves(served));
}

TEST_CASE("pipelined requests are answered in order") {
    Served served;
    const std::string get = "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n";
    const std::string post = signals_head + fmt::format("Content-Length: {}\r\n\r\n{}", signal.size(), signal);
    const std::string unknown =
        "GET /api/v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";  // refused, its body passed over
    Client client(served.port);
    client.send(get + post + unknown + post +
                "GET /api/v1/errors.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_answer().status == 202);
    CHECK(client.read_answer().status == 401);
    CHECK(client.read_answer().status == 202);
    const Got last = client.read_answer();
    CHECK(last.status == 200);
    CHECK(last.header("connection") == "close");
    CHECK(client.is_closed());
}

TEST_CASE("headers over 16 KB are refused") {
    Served served;
    CHECK(status_of_raw(served, "GET / HTTP/1.1\r\nCookie: " + std::string(20'000, 'c') + "\r\n\r\n") == 431);
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 3'000; ++i) many += fmt::format("X-{}: {}\r\n", i, i);
    CHECK(status_of_raw(served, many + "\r\n") == 431);
    CHECK(status_of_raw(served, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n") == 431);
    CHECK(status_of_raw(served, "GET / HTTP/1.1\r\nCookie: " + std::string(14'000, 'c') + "\r\n\r\n") == 404);
    CHECK(still_serves(served));
}

TEST_CASE("what is not HTTP/1.1 is refused") {
    Served served;
    for (const char* bytes :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/3.0\r\n\r\n",
          "GET  / HTTP/1.1\r\n\r\n", "hello\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
          "POST /api/v1/signals HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "POST /api/v1/signals HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET http://other/ HTTP/1.1\r\n\r\n", "GET /% HTTP/1.1\r\n\r\n", "GET /a%00 HTTP/1.1\r\n\r\n"}) {
        CAPTURE(bytes);
        CHECK(status_of_raw(served, bytes) == 400);
    }
    CHECK(still_serves(served));
}

TEST_CASE("HTTP/1.0 is answered and closed, unless it asks to be kept") {
    Served served;
    Client once(served.port);
    once.send("GET /api/v1/health HTTP/1.0\r\n\r\n");
    CHECK(once.read_answer().status == 200);
    CHECK(once.is_closed());
    Client kept(served.port);
    for (int i = 0; i < 2; ++i) {
        kept.send("GET /api/v1/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        const Got got = kept.read_answer();
        CHECK(got.status == 200);
        CHECK(got.header("connection") == "keep-alive");
    }
}

TEST_CASE("unknown methods are not allowed, wherever") {
    Served served;
    for (const char* method : {"BREW", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get"}) {
        CAPTURE(method);
        CHECK(served.ask(method, "/api/v1/incidents", officer).status == 405);
        CHECK(served.ask(method, "/").status == 405);
    }
    CHECK(served.ask("POST", "/index.html").header("allow") == "GET, HEAD");
}

TEST_CASE("bodies that are no JSON, no UTF-8, too deep or of another type are refused") {
    Served served;
    const auto post = [&](const std::string& headers, const std::string& body) {
        return served.ask("POST", "/api/v1/session", headers, body).status;
    };
    CHECK(post(as_json, "{\"account\":\"\xff\xfe\",\"password\":\"x\"}") == 400);
    CHECK(post(as_json, std::string(100'000, '[')) == 400);
    CHECK(post(as_json, "null") == 422);
    CHECK(post(as_json, "[]") == 422);
    CHECK(post(as_json, R"({"account":"a\u0000b","password":"x"})") == 422);
    CHECK(post(as_json, R"({"account":")" + std::string(200, 'a') + R"(","password":"x"})") == 422);
    CHECK(post("", "{}") == 415);
    CHECK(post("Content-Type: application/x-www-form-urlencoded\r\n", "account=a&password=b") == 415);
    CHECK(post("Content-Type: APPLICATION/JSON ; charset=utf-8\r\n", R"({"account":"a","password":"b"})") == 401);
    CHECK(served.ask("POST", "/api/v1/signals", device, signal).status ==
          202);  // a small device may leave the type out
    CHECK(served.ask("POST", "/api/v1/signals", device + "Content-Type: text/plain\r\n", signal).status == 415);
    CHECK(served.ask("POST", "/api/v1/signals", device + "Content-Encoding: gzip\r\n", signal).status == 415);
    CHECK(served.ask("POST", "/api/v1/signals", device + "Content-Encoding: identity\r\n", signal).status == 202);
}

TEST_CASE("a chunk's head or a trailer without end is cut off") {
    Served served;
    for (const std::string begin : {"1;", "2\r\n{}\r\n0\r\nX: "}) {
        CAPTURE(begin);
        Client client(served.port);
        client.send(
            "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
            begin);
        for (int i = 0; i < 200 && client.send(std::string(4'096, 'x')); ++i) {
        }
        CHECK(client.read_answer().status == 413);
    }
    CHECK(still_serves(served));
}

TEST_CASE("a transfer encoding that is not known ends the connection: nobody could say where the body ends") {
    Served served;
    Client client(served.port);
    client.send("GET /api/v1/health HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nGET /api/v1/health HTTP/1.1\r\n\r\n");
    CHECK(client.read_answer().status == 400);
    CHECK(client.is_closed());
}

TEST_CASE("of several headers of one name the first counts, empty or not") {
    Served served;
    CHECK(served.ask("POST", "/api/v1/signals", "Authorization:\r\n" + device, signal).status == 401);
    CHECK(served.ask("POST", "/api/v1/signals", device + "Authorization: Bearer no-token\r\n", signal).status == 202);
}

TEST_CASE("who sends many requests in one packet is answered, and others between") {
    Served served;
    Client many(served.port), other(served.port);
    std::string requests;
    for (int i = 0; i < 500; ++i) requests += "HEAD /api/v1/health HTTP/1.1\r\n\r\n";
    many.send("POST /api/v1/signals HTTP/1.1\r\n" + device + "Content-Length: " + std::to_string(signal.size()) +
              "\r\n\r\n" + signal + requests);
    other.send("GET /api/v1/health HTTP/1.1\r\n\r\n");
    CHECK(other.read_answer().status == 200);
    CHECK(many.read_answer().status == 202);
    for (int i = 0; i < 500; ++i) REQUIRE(many.read_answer(true).status == 200);
    CHECK(still_serves(served));
}

TEST_CASE("a client that sends its headers drop by drop is told that time is up") {
    Served served(hasty());
    Client client(served.port);
    client.send("GET /api/v1/health HTTP/1.1\r\nHost:");
    Got got;
    std::thread drops([&] {
        for (int i = 0; i < 200 && client.send("x"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    got = client.read_answer();
    drops.join();
    CHECK(got.status == 408);
    CHECK(still_serves(served));
}

TEST_CASE("a body that does not come, and a connection on which nothing comes, end by themselves") {
    Served served(hasty());
    Client slow(served.port), silent(served.port), slow_and_refused(served.port);
    slow.send(signals_head + "Content-Length: 50\r\n\r\n{");
    slow_and_refused.send("POST /api/v1/signals HTTP/1.1\r\nContent-Length: 50\r\n\r\n{");
    CHECK(slow.read_answer().status == 408);
    CHECK(slow_and_refused.read_answer().status == 401);
    CHECK(silent.is_closed());
    CHECK(still_serves(served));
}

TEST_CASE("a desk that does not answer is not waited for without end") {
    Served served(hasty());
    served.on_io([&] { served.desk.holds_answers = true; });
    const Got got =
        served.ask("POST", "/api/v1/incidents", officer + as_json, R"({"kind":"fire","place":"b1","severity":"red"})");
    CHECK(got.status == 503);
    CHECK(got.body.find("storing-failed") != std::string::npos);
    CHECK(got.header("retry-after") == "5");
}

TEST_CASE("large bodies together stay under the budget") {
    Options options = test_options();
    options.body_budget = 3U << 20U;
    Served served(options);
    const std::string target = "/api/v1/incidents/44040192/evidence?phase=after";
    const std::string head =
        fmt::format("POST {} HTTP/1.1\r\nHost: x\r\n{}Content-Type: image/png\r\nContent-Length: {}\r\n\r\n", target,
                    officer, 2U << 20U);
    Client first(served.port), second(served.port);
    first.send(head + "x");
    // The first one's room is taken once its headers have been read: until then the second may get in before it.
    const Got third = [&] {
        for (;;) {
            Client client(served.port);
            client.send(head);
            client.end_of_sending();
            const Got got = client.read_answer();
            if (got.status == 429) return got;
        }
    }();
    CHECK(third.body.find("busy") != std::string::npos);
    first.send(std::string((2U << 20U) - 1, 'x'));
    CHECK(first.read_answer().status == 200);
    second.send(head + std::string(2U << 20U, 'x'));  // there is room again
    CHECK(second.read_answer().status == 200);
    CHECK(served.ask("POST", target, officer + "Content-Type: image/png\r\nContent-Length: 20971521\r\n").status ==
          413);
}

TEST_CASE("connections beyond the limit are closed, and room comes back") {
    Options options = test_options();
    options.max_connections = 2;
    Served served(options);
    auto first = std::make_unique<Client>(served.port);
    Client second(served.port);
    CHECK(first->ask("GET", "/api/v1/health").status == 200);
    CHECK(second.ask("GET", "/api/v1/health").status == 200);
    Client third(served.port);
    CHECK(third.is_closed());
    first.reset();
    while (Client(served.port).ask("GET", "/api/v1/health").status != 200) {
    }
}

TEST_CASE("the console's files are served as they are, with nothing above them") {
    Folder folder;
    folder.write("index.html", "<html>");
    folder.write("assets/app-12345678.js", "js");
    folder.write("../shoumen-http-outside.txt", "outside");
    Options options = test_options();
    options.static_dir = folder.path();
    Served served(options);
    CHECK(served.ask("GET", "/").body == "<html>");
    CHECK(served.ask("GET", "/incidents/5").body == "<html>");
    CHECK(served.ask("HEAD", "/").header("content-length") == "6");
    const Got script = served.ask("GET", "/assets/app-12345678.js");
    CHECK(script.header("content-type") == "text/javascript; charset=utf-8");
    CHECK(script.header("cache-control") == "public, max-age=31536000, immutable");
    CHECK(script.header("content-security-policy").find("default-src 'self'") == 0);
    for (const char* trick : {"/../shoumen-http-outside.txt", "/%2e%2e/shoumen-http-outside.txt",
                              "/..%2fshoumen-http-outside.txt", "/assets/..%5c..%5cshoumen-http-outside.txt",
                              "/assets/../../shoumen-http-outside.txt", "//etc/passwd", "/assets//../index.html/.."}) {
        CAPTURE(trick);
        const Got got = served.ask("GET", trick);
        CHECK((got.status == 404 || got.status == 400 || got.body == "<html>"));
        CHECK(got.body.find("outside") == std::string::npos);
    }
    std::filesystem::remove(std::filesystem::path(folder.path()).parent_path() / "shoumen-http-outside.txt");
}
