// What live recorded, replayed, decides what live decided.
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::support::run_program;

TEST_CASE("replaying what the demo's day recorded decides what the demo decided, twice the same") {
    Stage stage({"--clock-rate", "20", "--demo-speed", "2000"}, true);
    std::this_thread::sleep_for(std::chrono::seconds(8));
    stage.kill();
    const std::string recording = stage.scratch("recorded.jsonl");
    std::ofstream(recording) << run_program({"export", "--data", stage.data()});
    const std::string decided = run_program({"decisions", "--data", stage.data(), "--timeline"});
    const std::string replayed = run_program({"replay", "--timeline", "--community", demo, recording});
    CHECK(run_program({"replay", "--timeline", "--community", demo, recording}) == replayed);
    const auto d = json::parse(decided).as_object();
    const auto r = json::parse(replayed).as_object();
    CHECK(d.at("alerts") == r.at("alerts"));
    CHECK(d.at("incidents") == r.at("incidents"));
    CHECK(d.at("figures") == r.at("figures"));
    CHECK(r.at("incidents").as_array().size() >= 3);
    CHECK(run_program({"verify", "--data", stage.data()}).starts_with("fine"));
}

TEST_CASE("a recording without timers is driven by its own clock") {
    Stage stage;
    const std::string file = stage.scratch("hand.jsonl");
    std::ofstream(file)
        << R"({"seq":1,"input":"signal","body":{"id":"a","device":"d-1","kind":"smoke","time":"2026-03-03T08:00:00+08:00","values":{"smoke":true}}})"
           "\n"
        << R"({"seq":2,"input":"signal","body":{"id":"b","device":"d-1","kind":"smoke","time":"2026-03-03T09:00:00+08:00","values":{"smoke":false}}})"
           "\n";
    const auto r = json::parse(run_program({"replay", "--community", demo, file})).as_object();
    REQUIRE(r.at("incidents").as_array().size() == 1);
    const auto& incident = r.at("incidents").as_array()[0];
    CHECK(incident.at("opened") == "2026-03-03T08:00:00+08:00");
    CHECK(incident.at("level") == "district");  // an hour in which nobody answered
    CHECK(incident.at("missed_acknowledge") == true);
}

TEST_CASE("a broken recording is refused with its line") {
    Stage stage;
    const std::string file = stage.scratch("broken.jsonl");
    std::ofstream(file)
        << R"({"input":"signal","body":{"device":"d-1","kind":"smoke","time":"2026-03-03T08:00:00+08:00","values":{"smoke":true}}})"
           "\n{broken\n";
    const auto ended = shoumen::support::run_to_end({"replay", "--community", demo, file});
    CHECK(ended.code == 2);
    CHECK(ended.out == "");
    CHECK(ended.err.find("broken.jsonl:2: bad-recording") != std::string::npos);
}
