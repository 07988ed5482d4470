// Starting and stopping.
#include "doors/http/server.hpp"

#include <doctest/doctest.h>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace base = shoumen::base;

namespace {

base::Result<void> start_with(Options options) {
    boost::asio::io_context io;
    FakeDesk desk(io);
    FakeIntake intake;
    Server server(io, intake, desk, std::move(options));
    return server.start();
}

}  // namespace

TEST_CASE("a port that is taken is said to be, with what to do") {
    Served served;
    Options options = test_options();
    options.port = served.port;
    const auto second = start_with(options);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "port-in-use");
    CHECK(second.error().message.find(std::to_string(served.port)) != std::string::npos);
    CHECK(served.ask("GET", "/api/v1/health").status == 200);
}

TEST_CASE("what cannot be started says why") {
    Options options = test_options();
    options.address = "not an address";
    CHECK(start_with(options).error().code == "listen-failed");
    options = test_options();
    options.address = "203.0.113.7";  // of nobody's machine
    CHECK(start_with(options).error().code == "listen-failed");
    options = test_options();
    options.api_dir = "/nowhere";
    CHECK(start_with(options).error().code == "contract-missing");
}

TEST_CASE("a server that is stopped forgets whom it followed, and may be gone while its connections are not") {
    boost::asio::io_context io;
    FakeDesk desk(io);
    FakeIntake intake;
    {
        Server server(io, intake, desk, test_options());
        REQUIRE(server.start());
        CHECK(desk.followers() == 1);
        CHECK(intake.followers() == 1);
        Client waits_to_be_accepted(server.port());
        io.poll();
        server.stop();
        server.stop();
        CHECK(desk.followers() == 0);
        CHECK(intake.followers() == 0);
    }
    io.run();
}

TEST_CASE("an io_context may end in the middle of everything") {
    Folder folder;
    auto io = std::make_unique<boost::asio::io_context>();
    FakeDesk desk(*io);
    FakeIntake intake;
    desk.holds_answers = true;
    Server server(*io, intake, desk, test_options());
    REQUIRE(server.start());
    Client idle(server.port()), halfway(server.port()), asked(server.port());
    halfway.send("GET /api");
    asked.send(
        "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n"
        R"({"account":"a","password":"b"})");
    for (int i = 0; i < 100; ++i) io->poll();
    server.stop();
}

TEST_CASE("stopping lets a request that is being answered finish, and closes the idle connections") {
    Served served;
    served.on_io([&] { served.intake.commits_at_once = false; });
    Client idle(served.port), busy(served.port);
    CHECK(idle.ask("GET", "/api/v1/health").status == 200);
    const std::string body = R"({"device":"smoke-301","kind":"smoke"})";
    busy.send("POST /api/v1/signals HTTP/1.1\r\n" + device + as_json +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    served.until([&] { return served.intake.taken.size() == 1; });
    served.on_io([&] { served.stop(); });
    CHECK(idle.is_closed());
    served.on_io([&] { served.intake.commit(); });
    CHECK(busy.read_answer().status == 202);
    CHECK(busy.is_closed());
}

TEST_CASE("health tells of the demo") {
    Options options = test_options();
    options.demo = true;
    Served served(options);
    CHECK(served.ask("GET", "/api/v1/health").body == R"({"ready":true,"storing":true,"demo":true})");
}
