// A city's service requests as recorded commands: how long they took, by the program and by another way.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <date/date.h>
#include <doctest/doctest.h>

#include "base/time.hpp"

#include "home.hpp"

using namespace shoumen;
using namespace shoumen::homes;

namespace {

constexpr const char* names =
    "unique_key,created_local,closed_local,agency,complaint_type,descriptor,location_type,borough,status,lat,lon\n";

struct Replayed {
    json::object report;
    std::string said;
};

Replayed replayed(const support::Scratch& scratch, const std::string& requests) {
    const Home home{scratch.path("requests.jsonl"), scratch.path("city")};
    const Ran ran =
        run_tool("requests_to_recording", {requests, "--recording", home.recording, "--community", home.community});
    REQUIRE_MESSAGE(ran.code == 0, ran.said);
    const support::Ended check = support::run_to_end({"check", home.community, "--month", "2025-02"});
    CHECK_MESSAGE(check.code == 0, check.out, check.err);
    return {object_in(replay(home)), ran.said};
}

std::string refused(const support::Scratch& scratch, const std::string& text) {
    write_file(scratch.path("requests.csv"), text);
    const Ran ran = run_tool("requests_to_recording", {scratch.path("requests.csv"), "--recording", scratch.path("r"),
                                                       "--community", scratch.path("c")});
    CHECK(ran.code == 2);
    return ran.said;
}

// The other way: minutes since 1970 by the calendar alone; New York is five hours behind, four from 9 March 2025,
// 02:00.
std::int64_t minute_of(const std::string& local) {
    std::istringstream in(local);
    date::local_time<std::chrono::minutes> t;
    in >> date::parse("%Y-%m-%dT%H:%M", t);
    REQUIRE_FALSE(in.fail());
    const auto since = t.time_since_epoch().count();
    const auto change = date::local_days{date::year{2025} / 3 / 9}.time_since_epoch();
    const bool summer = since >= std::chrono::duration_cast<std::chrono::minutes>(change).count() + 120;
    return since + (summer ? 240 : 300);
}

struct Spans {
    std::vector<std::int64_t> seconds;
    [[nodiscard]] double at(double share) {
        std::ranges::sort(seconds);
        return static_cast<double>(
            seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1) + 0.5)]);
    }
};

std::map<std::string, Spans> spans_in(const std::string& file, std::size_t& open) {
    std::map<std::string, Spans> by_kind;
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string key, created, closed, agency, kind;
        for (std::string* word : {&key, &created, &closed, &agency, &kind}) std::getline(words, *word, ',');
        if (closed.empty()) {
            ++open;
            continue;
        }
        by_kind[kind].seconds.push_back((minute_of(closed) - minute_of(created)) * 60);
    }
    return by_kind;
}

std::string code_of(std::string name) {
    std::string code;
    for (const char c : name) code += c == ' ' ? std::string("-") : std::string(1, static_cast<char>(std::tolower(c)));
    const auto gap = code.find("---");
    return gap == std::string::npos ? code : code.replace(gap, 3, "-");
}

std::map<std::string, Spans> spans_in(const json::object& report) {
    std::map<std::string, Spans> by_kind;
    for (const auto& value : report.at("incidents").as_array()) {
        const auto& i = value.as_object();
        if (i.at("ended").is_null()) continue;
        const auto time = [&](const char* key) {
            return base::parse_rfc3339(std::string_view(i.at(key).as_string())).value().us / std::int64_t{1'000'000};
        };
        by_kind[std::string(i.at("kind").as_string())].seconds.push_back(time("ended") - time("opened"));
    }
    return by_kind;
}

}  // namespace

TEST_CASE("a request opens where it was made and ends where it was closed, through the night of the summer time") {
    const support::Scratch scratch;
    write_file(scratch.path("requests.csv"),
               std::string(names) +
                   "11,2025-03-09T01:30,2025-03-09T03:30,NYPD,Animal-Abuse,x,y,BRONX,Closed,40.1,-73.1\n"
                   "12,2025-03-01T10:00,2025-03-01T10:00,DSNY,Dead Animal,x,y,,Closed,,\n"
                   "13,2025-03-02T10:00,,DSNY,Dead Animal,x,y,STATEN ISLAND,In Progress,,\n");
    const auto report = replayed(scratch, scratch.path("requests.csv")).report;
    const auto& figures = report.at("figures").as_object();
    CHECK(figures.at("incidents") == 3);
    CHECK(figures.at("incidents_by_state").at("closed") == 2);
    CHECK(figures.at("incidents_by_state").at("open") == 1);
    auto spans = spans_in(report);
    CHECK(spans.at("animal-abuse").seconds == std::vector<std::int64_t>{3'600});
    CHECK(spans.at("dead-animal").seconds == std::vector<std::int64_t>{0});
}

TEST_CASE("what is no request is refused, and the line is named") {
    const support::Scratch scratch;
    const std::string rest = ",NYPD,Animal-Abuse,x,y,BRONX,Closed,,\n";
    CHECK(refused(scratch, names).find("no request") != std::string::npos);
    CHECK(refused(scratch, names + ("x,2025-03-09T01:30," + rest)).find("requests.csv:2: bad-value") !=
          std::string::npos);
    CHECK(refused(scratch, names + ("1,2025-03-09T02:30," + rest)).find("spring leaves out") != std::string::npos);
    CHECK(refused(scratch, names + ("1,yesterday,," + rest)).find("requests.csv:2:") != std::string::npos);
    CHECK(refused(scratch, std::string(names) + "1,2025-03-09T01:30,,FBI,x,x,y,BRONX,Closed,,\n").find("agency") !=
          std::string::npos);
}

TEST_CASE("a command that names a report nobody has made is refused, with its line") {
    const support::Scratch scratch;
    write_file(scratch.path("requests.csv"),
               std::string(names) + "11,2025-03-01T01:30,,NYPD,Animal-Abuse,x,y,BRONX,Open,,\n");
    replayed(scratch, scratch.path("requests.csv"));
    write_file(
        scratch.path("lost.jsonl"),
        R"({"received":"2025-03-01T12:00:00Z","input":"command","body":{"action":"acknowledge","report":"00000000000000ff","person":"p-1"}})"
        "\n");
    const support::Ended ended =
        support::run_to_end({"replay", "--community", scratch.path("city"), scratch.path("lost.jsonl")});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("lost.jsonl:1") != std::string::npos);
}

TEST_CASE("the requests of New York: response times equal those computed from the file") {
    const auto file = real_home("incidents_nyc311_animals/nyc311_animals.csv");
    if (!file) return;
    const support::Scratch scratch;
    const auto report = replayed(scratch, *file).report;
    std::size_t open = 0;
    auto expected = spans_in(*file, open);
    auto found = spans_in(report);
    const auto& figures = report.at("figures").as_object();
    CHECK(figures.at("incidents") == 4'969);
    CHECK(figures.at("incidents_by_state").at("open") == open);
    CHECK(found.size() == expected.size());
    Spans all;
    for (auto& [kind, spans] : expected) {
        CAPTURE(kind);
        Spans& here = found.at(code_of(kind));
        CHECK(here.seconds.size() == spans.seconds.size());
        CHECK(here.at(0.5) == spans.at(0.5));
        CHECK(here.at(0.9) == spans.at(0.9));
        CHECK(here.seconds == spans.seconds);
        all.seconds.insert(all.seconds.end(), spans.seconds.begin(), spans.seconds.end());
    }
    const auto& ended = figures.at("to_end").as_object();
    CHECK(ended.at("count") == all.seconds.size());
    CHECK(ended.at("median_s").as_double() == all.at(0.5));
    CHECK(ended.at("p90_s").as_double() == all.at(0.9));
}
