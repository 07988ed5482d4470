// Makes of a city's service requests what Shoumen replays: recorded commands, a line each, and a community directory
// whose bodies are the city's agencies. Input: unique_key, created_local, closed_local, agency, complaint_type,
// descriptor, location_type, borough, status, lat, lon, between commas, with a line of names; times in minutes of New
// York.
//
// A request is a report at the minute it was made. It is acknowledged, resolved, verified and approved by its reporter
// all at the minute it was closed, since nothing is known of the time between; one without that stays open. Texts and
// coordinates are left out.
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/result.hpp"
#include "base/time.hpp"

#include "sources.hpp"

namespace {

using namespace shoumen::tools;
using shoumen::base::fail;
using shoumen::base::Result;

struct Agency {
    std::string_view role;
    std::string_view zh;
    std::string_view en;
};
const std::map<std::string, Agency> agencies{{"NYPD", {"community_police", "警察局", "Police"}},
                                             {"DSNY", {"property_manager", "环卫局", "Sanitation"}},
                                             {"DPR", {"patrol_team", "公园局", "Parks"}},
                                             {"DOHMH", {"community_doctor", "卫生局", "Health"}}};

struct Request {
    std::uint64_t key = 0;
    std::string created;  // RFC 3339
    std::string closed;   // empty: still open
    std::string agency;
    std::string kind;  // code
    std::string kind_name;
    std::string borough;  // code
};

Result<std::string> time_of(WallClock& wall, const std::string& text) {
    if (text.size() != 16 || text[10] != 'T') return fail("bad-time", "not a time of the form 2025-01-01T07:52");
    return rfc3339(wall, text.substr(0, 10), text.substr(11) + ":00");
}

Result<Request> request_of(WallClock& wall, const std::vector<std::string>& fields) {
    if (fields.size() != 11) return fail("bad-recording", "not eleven fields between commas");
    Request r;
    if (!read_number(std::string_view(fields[0]), r.key) || r.key == 0)
        return fail("bad-value", "unique_key is a whole number");
    auto created = time_of(wall, fields[1]);
    if (!created) return tl::unexpected(created.error());
    r.created = *created;
    if (!fields[2].empty()) {
        auto closed = time_of(wall, fields[2]);
        if (!closed) return tl::unexpected(closed.error());
        r.closed = *closed;
    }
    if (!agencies.contains(fields[3])) return fail("bad-value", "an agency that is not known: " + fields[3]);
    r.agency = fields[3];
    r.kind_name = fields[4];
    r.kind = code_of(fields[4]);
    r.borough = fields[7].empty() ? "unspecified" : code_of(lower(fields[7]));
    return r;
}

Result<std::vector<Request>> read_requests(std::istream& in) {
    std::vector<Request> requests;
    WallClock wall("America/New_York");
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (number == 1) continue;
        auto request = request_of(wall, fields_of(line));
        if (!request) return fail(request.error().code, request.error().message, std::to_string(number));
        requests.push_back(std::move(*request));
    }
    return requests;
}

// --- Writing -----------------------------------------------------------------------------------------------------

struct Line {
    std::string_view at;  // RFC 3339; all with whole minutes
    std::int64_t minute = 0;
    std::size_t nth = 0;  // of requests
    int step = 0;
    std::string text;
};

std::int64_t minute_of(const std::string& time) { return shoumen::base::parse_rfc3339(time)->us / 60'000'000; }

std::string recording_of(const std::vector<Request>& requests) {
    std::vector<Line> lines;
    for (std::size_t n = 0; n < requests.size(); ++n) {
        const Request& r = requests[n];
        const auto add = [&](const std::string& at, int step, const std::string& body) {
            lines.push_back({at, minute_of(at), n, step,
                             fmt::format(R"({{"received":"{}","input":"command","body":{{{}}}}})", at, body)});
        };
        add(r.created, 0,
            fmt::format(
                R"("action":"report","person":"r-{}","request":"{:016x}","kind":"{}","place":"{}","severity":"blue")",
                r.key, r.key, r.kind, r.borough));
        if (r.closed.empty()) continue;
        const auto by = [&](std::string_view action, const std::string& who) {
            return fmt::format(R"("action":"{}","report":"{:016x}",{})", action, r.key, who);
        };
        const std::string agency = fmt::format(R"("person":"p-{0}","bodies":["{0}"])", code_of(lower(r.agency)));
        add(r.closed, 1, by("acknowledge", agency));
        add(r.closed, 2, by("resolve", agency));
        add(r.closed, 3, by("verify", R"("person":"p-verifier","roles":["verifier"])"));
        add(r.closed, 4, by("reporter_satisfied", fmt::format(R"("person":"r-{}")", r.key)));
    }
    std::ranges::sort(lines, {}, [](const Line& l) { return std::tuple(l.minute, l.nth, l.step); });
    std::string out;
    for (const Line& l : lines) out += l.text + "\n";
    return out;
}

std::string community_yaml(const std::vector<Request>& requests) {
    std::map<std::string, std::string> kinds;
    std::set<std::string> boroughs;
    for (const Request& r : requests) {
        kinds.emplace(r.kind, r.kind_name);
        boroughs.insert(r.borough);
    }
    std::string out = R"(# A city's service requests, made by requests_to_recording.
community: city
name: {zh: 城市, en: City}
time_zone: America/New_York
district: {id: district, name: {zh: 区, en: District}}
street: {id: street, name: {zh: 街道, en: Street}}
incidents:
)";
    for (const auto& [code, name] : kinds)
        out += fmt::format("  - {{id: {}, name: {{zh: \"{}\", en: \"{}\"}}}}\n", code, name, name);
    out += "estates:\n  - {id: boroughs, name: {zh: 各区, en: Boroughs}, type: mixed}\nplaces:\n";
    for (const auto& b : boroughs)
        out += fmt::format("  - {{id: {}, parent: boroughs, level: point, use: public_area}}\n", b);
    out += "bodies:\n";
    for (const auto& [name, a] : agencies)
        out += fmt::format("  - {{id: {}, role: {}, name: {{zh: {}, en: {}}}, places: [city]}}\n", code_of(lower(name)),
                           a.role, a.zh, a.en);
    return out + R"(  - {id: committee, role: committee, name: {zh: 居委会, en: Committee}, places: [city]}
  - {id: street-office, role: street_office, name: {zh: 街道办, en: Street office}, places: [street]}
  - {id: district-office, role: district_office, name: {zh: 区, en: District office}, places: [district]}
)";
}

std::string duty_yaml() {
    std::string out = "duty:\n";
    for (const auto& [name, a] : agencies) {
        const std::string code = code_of(lower(name));
        out += fmt::format("  - {{body: {0}, person: p-{0}, channels: [screen]}}\n", code);
    }
    return out + R"(  - {body: committee, person: p-committee, channels: [screen]}
  - {body: street-office, person: p-street, channels: [screen]}
  - {body: district-office, person: p-district, channels: [screen]}
)";
}

// Which agency answers for a kind, the requests say themselves.
std::string matrix_yaml(const std::vector<Request>& requests) {
    std::map<std::string, std::set<std::string>> kinds;  // by agency
    for (const Request& r : requests) kinds[r.agency].insert(r.kind);
    std::string out = "rows:\n";
    for (const auto& [agency, list] : kinds) {
        out += fmt::format(R"(  - kind: [{}]
    place: [public_area]
    hours: "00:00-24:00"
    severity: [red, orange, yellow, blue]
    lead: {}
    ack: 1d
    arrive: 7d
    close: 30d
)",
                           fmt::join(list, ", "), agencies.at(agency).role);
    }
    return out;
}

Result<void> write_all(const std::vector<Request>& requests, const std::string& recording, const std::string& dir) {
    if (requests.empty()) return fail("bad-recording", "there is no request in it");
    const std::filesystem::path to(dir);
    const std::string& borough = requests.front().borough;
    const std::pair<std::filesystem::path, std::string> files[] = {
        {recording, recording_of(requests)},
        {to / "community.yaml", community_yaml(requests)},
        {to / "devices.yaml", fmt::format("devices:\n  - {{id: desk-button, kind: one_key, place: {}}}\n", borough)},
        {to / "duty.yaml", duty_yaml()},
        {to / "matrix.yaml", matrix_yaml(requests)},
        {to / "ladder.yaml",
         "ladder:\n  - {level: community, role: committee}\n  - {level: street, role: street_office}\n"
         "  - {level: district, role: district_office}\nclimb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}\n"},
        {to / "rules" / "desk.yaml",  // a community without any rule is not sound
         fmt::format(
             "rules:\n  - id: desk-button\n    kinds: [one_key]\n    threshold: {{raise: \"pressed == true\"}}\n"
             "    alert: {{incident: {}, severity: blue}}\n",
             requests.front().kind)}};
    for (const auto& [path, text] : files) {
        if (auto done = write_file(path, text); !done) return done;
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Makes recorded commands and a community directory of a city's service requests");
    std::string requests_file, recording, community;
    app.add_option("requests", requests_file)->required();
    app.add_option("--recording", recording, "file to write")->required();
    app.add_option("--community", community, "directory to write")->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    const auto refuse = [&](const shoumen::base::Error& e) {
        fmt::print(stderr, "{}{}{}: {}: {}\n", requests_file, e.where.empty() ? "" : ":", e.where, e.code, e.message);
        return 2;
    };
    const auto text = read_file(requests_file);
    if (!text) return refuse(text.error());
    std::istringstream in(*text);
    const auto requests = read_requests(in);
    if (!requests) return refuse(requests.error());
    if (auto done = write_all(*requests, recording, community); !done) return refuse(done.error());
    fmt::print("{} requests\n", requests->size());
    return 0;
}
