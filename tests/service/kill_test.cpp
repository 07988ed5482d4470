// kill -9 under load, twenty times; the test keeps its own account of what was acknowledged.
#include <atomic>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

#include "base/hash.hpp"
#include "base/random.hpp"

#include "stage.hpp"

using namespace shoumen::service;

namespace {

// A device's gateway that posts small arrays one after the other, until the process is gone.
class Sender {
public:
    Sender(std::uint16_t port, std::string token, std::string device, std::uint64_t& next,
           std::set<std::string>& acknowledged)
        : thread_([this, port, token = std::move(token), device = std::move(device), &next, &acknowledged] {
              shoumen::app::HttpClient client("127.0.0.1", port, shoumen::base::seconds(5));
              while (!stop_) {
                  json::array list;
                  std::vector<std::string> ids;
                  for (int i = 0; i < 20; ++i) {
                      ids.push_back("k" + std::to_string(next++));
                      list.push_back(json::object{{"id", ids.back()},
                                                  {"device", device},
                                                  {"kind", "smoke"},
                                                  {"values", {{"smoke", next % 7 == 0}}}});
                  }
                  const auto answer =
                      client.ask({"POST", "/api/v1/signals", token, "application/json", json::serialize(list)});
                  if (!answer || answer->status != 202) continue;
                  acknowledged.insert(ids.begin(), ids.end());
              }
          }) {}
    ~Sender() {
        stop_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("twenty times kill -9 under load: nothing acknowledged is lost, no incident is doubled") {
    const std::uint64_t seed = 20260303;
    CAPTURE(seed);
    shoumen::base::SeededRandom random(seed);
    Stage stage;
    std::uint64_t next = 0;
    std::set<std::string> acknowledged;
    for (int round = 0; round < 20; ++round) {
        {
            const Sender sender(stage.server().http_port(), stage.device_token(), "d-1", next, acknowledged);
            std::this_thread::sleep_for(std::chrono::milliseconds(50 + random.below(250)));
            stage.kill();
        }
        stage.restart();
    }
    stage.kill();
    CHECK(acknowledged.size() > 100);
    std::cout << acknowledged.size() << " signals acknowledged over 20 kills\n";

    std::multiset<std::string> logged;
    std::istringstream log(shoumen::support::run_program({"export", "--data", stage.data()}));
    const std::string file = stage.scratch("recorded.jsonl");
    std::ofstream copy(file);
    for (std::string line; std::getline(log, line);) {
        copy << line << '\n';
        const auto input = json::parse(line);
        if (input.at("input") == "signal") logged.insert(std::string(input.at("body").at("id").as_string()));
    }
    copy.close();
    for (const auto& id : acknowledged) {
        const std::string hash = "#" + shoumen::base::to_hex(shoumen::base::fast_hash(id));
        REQUIRE(logged.count(hash) == 1);
    }
    // One smoke alarm, a few seconds: one incident, however often the process died.
    const auto decided = json::parse(shoumen::support::run_program({"decisions", "--data", stage.data()}));
    CHECK(decided.at("incidents").as_array().size() == 1);
    const auto replayed = json::parse(shoumen::support::run_program({"replay", "--community", demo, file}));
    CHECK(decided.at("incidents") == replayed.at("incidents"));
    CHECK(decided.at("alerts") == replayed.at("alerts"));
}
