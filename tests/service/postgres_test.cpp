// The program over PostgreSQL: a database that goes away under load and comes back, and every command that opens it.
#include "support/postgres.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/mqtt_client.hpp"
#include "base/hash.hpp"

#include "stage.hpp"

using namespace shoumen::service;
using namespace std::chrono_literals;
using shoumen::support::PostgresServer;
using shoumen::support::run_program;
using shoumen::support::run_to_end;

namespace {

constexpr const char* smoke_on = R"({"id":"m1","device":"d-1","kind":"smoke","values":{"smoke":true}})";

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Posts arrays one after the other, each with new ids; one that is not answered in time is given up.
class Poster {
public:
    Poster(std::uint16_t port, std::string token, std::string name)
        : thread_([this, port, token = std::move(token), name = std::move(name)] {
              shoumen::app::HttpClient client("127.0.0.1", port, shoumen::base::seconds(1));
              for (std::uint64_t next = 0; !ending_;) {
                  json::array list;
                  std::vector<std::string> ids;
                  for (int i = 0; i < 2'000; ++i) {
                      ids.push_back(fmt::format("{}-{}", name, next++));
                      list.push_back(json::object{
                          {"id", ids.back()}, {"device", "d-1"}, {"kind", "smoke"}, {"values", {{"smoke", false}}}});
                  }
                  const auto answer =
                      client.ask({"POST", "/api/v1/signals", token, "application/json", json::serialize(list)});
                  if (!answer) {
                      ++unanswered;
                  } else if (answer->status == 202) {
                      acknowledged.insert(ids.begin(), ids.end());
                  } else {
                      ++refused;
                      last_refusal = answer->status;
                      std::this_thread::sleep_for(50ms);
                  }
              }
          }) {}
    void end() {
        ending_ = true;
        if (thread_.joinable()) thread_.join();
    }
    ~Poster() { end(); }

    std::atomic<std::uint64_t> unanswered{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<unsigned> last_refusal{0};
    std::set<std::string> acknowledged;  // after end()

private:
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

// Publishes one after the other, a few hundred ahead of their PUBACKs; these come in order.
class Publisher {
public:
    Publisher(std::uint16_t port, const std::string& token)
        : thread_([this, port, token] {
              shoumen::app::MqttOptions options;
              options.port = port;
              options.client_id = "publisher";
              options.user = "d-1";
              options.password = token;
              shoumen::app::MqttClient client(options);
              const auto patience = std::chrono::steady_clock::now() + 120s;
              while ((!ending_ || client.acknowledged() != client.published()) &&
                     std::chrono::steady_clock::now() < patience) {
                  while (!ending_ && client.connected() && client.published() < client.acknowledged() + 300)
                      client.publish(
                          "shoumen/v1/d-1/signal",
                          fmt::format(R"({{"id":"q-{}","device":"d-1","kind":"smoke","values":{{"smoke":false}}}})",
                                      client.published()));
                  client.serve_until(std::chrono::steady_clock::now() + 10ms);
                  published = client.published();
                  acknowledged = client.acknowledged();
              }
          }) {}
    void end() {
        ending_ = true;
        if (thread_.joinable()) thread_.join();
    }
    ~Publisher() { end(); }

    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> acknowledged{0};

private:
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

// How often each signal stands in the log, by the hash of its id. What the platform says of itself has none.
std::map<std::string, int> logged(const std::vector<std::string>& place) {
    std::vector<std::string> ask{"export"};
    ask.insert(ask.end(), place.begin(), place.end());
    std::istringstream log(run_program(ask));
    std::map<std::string, int> found;
    for (std::string line; std::getline(log, line);) {
        const auto input = json::parse(line);
        if (input.at("input") != "signal") continue;
        const auto& body = input.at("body").as_object();
        if (const auto* id = body.if_contains("id")) ++found[std::string(id->as_string())];
    }
    return found;
}

int times(const std::map<std::string, int>& log, const std::string& id) {
    const auto found = log.find("#" + shoumen::base::to_hex(shoumen::base::fast_hash(id)));
    return found == log.end() ? 0 : found->second;
}

template <class Holds>
bool within(std::chrono::seconds limit, const Holds& holds) {
    for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
        if (holds()) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

void go_away_and_come_back(std::chrono::seconds away) {
    PostgresServer server;
    const std::string address = server.address(server.create_database());
    Stage stage({"--database", address});
    CHECK(has(stage.server().log(), "storing in PostgreSQL"));
    const auto health = [&] { return stage.ask("", "GET", "/api/v1/health"); };
    REQUIRE(health().status == 200);
    REQUIRE(stage.ask("duty", "GET", "/api/v1/incidents").status == 200);

    Publisher publisher(stage.server().mqtt_port(), stage.device_token());
    std::vector<std::unique_ptr<Poster>> posters;
    posters.reserve(4);
    for (int i = 0; i < 4; ++i)
        posters.push_back(
            std::make_unique<Poster>(stage.server().http_port(), stage.device_token(), fmt::format("p{}", i)));
    REQUIRE(within(30s, [&] { return publisher.acknowledged > 1'000; }));
    const double memory = stage.server().rss_mb();

    server.kill_hard();
    const auto gone = std::chrono::steady_clock::now();
    REQUIRE(within(10s, [&] { return health().status == 503; }));
    const auto said = json::parse(health().body);
    CHECK(said.at("storing") == false);
    CHECK(has(json::serialize(said), "database"));
    std::this_thread::sleep_for(300ms);
    const auto acknowledged = publisher.acknowledged.load();
    const auto published = publisher.published.load();
    // The page is told too, at once, and the door goes on answering.
    const auto asked = std::chrono::steady_clock::now();
    const auto page = stage.ask("duty", "GET", "/api/v1/incidents");
    CHECK(page.status == 503);
    CHECK(code_of(page) == "database-away");
    CHECK(std::chrono::steady_clock::now() - asked < 5s);
    CHECK(within(60s, [&] { return posters[0]->refused > 0; }));
    CHECK(posters[0]->last_refusal == 429);
    while (std::chrono::steady_clock::now() - gone < away) {
        CHECK(health().status == 503);
        std::this_thread::sleep_for(200ms);
    }
    // No PUBACK, so that nothing is sent on; and what waits here stays bounded.
    CHECK(publisher.acknowledged == acknowledged);
    CHECK(publisher.published <= published + 300);
    CHECK(stage.server().rss_mb() < memory + 250);
    CHECK(stage.server().running());

    server.start();
    CHECK(within(60s, [&] { return health().status == 200; }));
    CHECK(within(30s, [&] { return publisher.acknowledged > acknowledged; }));
    CHECK(stage.ask("duty", "GET", "/api/v1/incidents").status == 200);
    publisher.end();
    CHECK(publisher.acknowledged == publisher.published);
    std::set<std::string> all;
    for (auto& poster : posters) {
        poster->end();
        CHECK(poster->unanswered > 0);
        all.merge(poster->acknowledged);
    }
    CHECK(has(stage.server().log(), "storing failed: the"));
    CHECK(has(stage.server().log(), "storing works again"));
    for (const auto& finding : stage.contract_findings()) FAIL_CHECK(finding);
    CHECK(stage.stop() == 0);

    const std::vector<std::string> place{"--data", stage.data(), "--database", address};
    const auto log = logged(place);
    CHECK(all.size() > 2'000);
    for (const auto& id : all) REQUIRE(times(log, id) == 1);
    for (std::uint64_t n = 0; n < publisher.published; ++n) REQUIRE(times(log, fmt::format("q-{}", n)) == 1);
    CHECK(run_program({"verify", "--data", stage.data(), "--database", address}).starts_with("fine"));
    std::cout << all.size() << " signals acknowledged by HTTP and " << publisher.acknowledged
              << " by MQTT around an outage, each there once\n";
}

}  // namespace

TEST_CASE("the database goes away under load and comes back: senders are slowed, nothing is lost, nothing doubled") {
    go_away_and_come_back(4s);
}

TEST_SUITE("full") {
    TEST_CASE("the same for a minute") { go_away_and_come_back(60s); }
}

TEST_CASE("what was recorded and decided over PostgreSQL is what SQLite would have had") {
    Stage stage({"--database",
                 shoumen::support::shared_postgres().address(shoumen::support::shared_postgres().create_database())});
    REQUIRE(stage.signal(smoke_on).status == 202);
    const std::string id(stage.live_incidents()[0].at("id").as_string());
    REQUIRE(stage.ask("responder", "POST", "/api/v1/incidents/" + id + "/actions/acknowledge", json::object{}).status ==
            200);
    stage.kill();
    stage.restart();
    CHECK(stage.live_incidents()[0].at("state") == "acknowledged");
    CHECK(stage.stop() == 0);
    CHECK(stage.contract_findings().empty());
}

TEST_CASE("a dump of a running node, restored into another database, is the node") {
    shoumen::support::PostgresDatabase database;
    shoumen::support::PostgresDatabase other;
    Stage stage({"--database", database.address()});
    REQUIRE(stage.signal(smoke_on).status == 202);
    const auto run = [](const std::string& tool, const std::string& arguments) {
        return std::system(fmt::format("/usr/lib/postgresql/15/bin/{} {}", tool, arguments).c_str());
    };
    REQUIRE(run("pg_dump", fmt::format("-Fc -f '{}' -d '{}'", stage.scratch("dump"), database.address())) == 0);
    REQUIRE(run("pg_restore",
                fmt::format("--clean --if-exists -d '{}' '{}'", other.address(), stage.scratch("dump"))) == 0);
    CHECK(stage.stop() == 0);
    const auto said = [&](const std::string& command, const std::string& address) {
        return run_program({command, "--data", stage.data(), "--database", address});
    };
    CHECK(said("decisions", other.address()) == said("decisions", database.address()));
    CHECK(said("verify", other.address()).starts_with("fine"));
    CHECK(other.execute("SELECT attstorage FROM pg_attribute WHERE attrelid = 'input_batch'::regclass AND attname = "
                        "'bytes'") == "e");
    // The keys are kept apart from the data, and come from their own place.
    std::filesystem::create_directories(stage.scratch("again"));
    std::filesystem::copy(stage.data() + "/keys", stage.scratch("again") + "/keys");
    shoumen::support::Server restored({"--data", stage.scratch("again"), "--database", other.address()});
    CHECK(restored.running());
}

TEST_CASE("every command opens the database that is named, by option or environment, or says what to use instead") {
    shoumen::support::PostgresDatabase database;
    Stage stage({"--database", database.address()});
    REQUIRE(stage.signal(smoke_on).status == 202);
    const std::vector<std::string> place{"--data", stage.data(), "--database", database.address()};
    const auto with = [&](std::vector<std::string> words) {
        words.insert(words.end(), place.begin(), place.end());
        return run_to_end(words);
    };
    // Beside the running node: who reads may, who writes not.
    CHECK(with({"verify"}).out.starts_with("fine"));
    CHECK(has(with({"decisions"}).out, "smoke-alarm"));
    CHECK(with({"export"}).out.size() > 50);
    CHECK(has(with({"password", "duty"}).err, "data-in-use"));
    const auto second = run_to_end({"serve", "--data", stage.scratch("other"), "--database", database.address(),
                                    "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"});
    CHECK(second.code == 2);
    CHECK(has(second.err, "data-in-use"));
    CHECK(stage.stop() == 0);

    CHECK(has(with({"password", "duty"}).out, "account duty password"));
    CHECK(has(with({"token", "--community", demo, "d-1"}).out, "device d-1 token"));
    const auto backup = with({"backup", "--to", stage.scratch("copy")});
    CHECK(backup.code == 2);
    CHECK(has(backup.err, "pg_dump"));
    CHECK(has(with({"restore", "--from", stage.scratch("copy")}).err, "pg_restore"));
    // Without its name nothing is made beside it.
    CHECK(has(run_to_end({"serve", "--community", demo, "--data", stage.data()}).err, "data-elsewhere"));
    CHECK(has(run_to_end({"verify", "--data", stage.data()}).err, "data-elsewhere"));
    CHECK(has(run_to_end({"backup", "--data", stage.data(), "--to", stage.scratch("copy")}).err, "pg_dump"));

    setenv("SHOUMEN_DATABASE", database.address().c_str(), 1);
    CHECK(run_to_end({"verify", "--data", stage.data()}).out.starts_with("fine"));
    unsetenv("SHOUMEN_DATABASE");
    std::ofstream(stage.scratch("address")) << database.address() << "\n";
    setenv("SHOUMEN_DATABASE_FILE", stage.scratch("address").c_str(), 1);
    CHECK(run_to_end({"verify", "--data", stage.data()}).out.starts_with("fine"));
    unsetenv("SHOUMEN_DATABASE_FILE");

    // Nothing is given out where there is no node.
    shoumen::support::PostgresDatabase empty;
    CHECK(has(
        run_to_end({"token", "--community", demo, "--data", stage.scratch("new"), "--database", empty.address(), "d-1"})
            .err,
        "data-missing"));
}

TEST_CASE("a password on the command line is refused and repeated nowhere; one in the environment is not shown") {
    setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
    const shoumen::support::Scratch scratch;
    const std::string address = "postgresql://node:s3cret@127.0.0.1:1/shoumen";
    const std::vector<std::string> serve{"serve", "--data", scratch.path("data")};
    auto with_option = serve;
    with_option.insert(with_option.end(), {"--database", address});
    const auto refused = run_to_end(with_option);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "--database: database-password"));
    CHECK(has(refused.err, "PGPASSFILE"));
    CHECK_FALSE(has(refused.err + refused.out, "s3cret"));
    setenv("SHOUMEN_DATABASE", address.c_str(), 1);
    const auto away = run_to_end(serve);
    unsetenv("SHOUMEN_DATABASE");
    CHECK(away.code == 2);
    CHECK(has(away.err, "database-away"));
    CHECK(has(away.err, "shoumen at 127.0.0.1:1"));
    CHECK_FALSE(has(away.err + away.out, "s3cret"));
}
