// `replay`: recorded inputs from a file, as text, through the program: read, checked, decoded, 100 rules, incidents.
// The rate is the program's own (first line read to last input done); each signal touches 10 of the rules, of every
// operator.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/random.hpp"
#include "base/time.hpp"
#include "support/program.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

constexpr int devices = 1'000;
constexpr auto kinds =
    std::to_array<std::string_view>({"smoke", "gas", "motion", "door_contact", "door_access", "one_key", "water_level",
                                     "gathering", "elder_bracelet", "falling_object"});

void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string rules_of(std::string_view kind) {
    std::string out;
    const auto rule = [&](std::string_view name, std::string_view what) {
        out += fmt::format(
            "  - id: {0}-{1}\n    kind: {0}\n    {2}\n    alert: {{incident: hazard, cause: {0}-{1}, severity: "
            "blue}}\n",
            kind, name, what);
    };
    rule("high", "threshold: {raise: \"a >= 99.9\", clear: \"a < 90\"}");
    rule("low", "threshold: {raise: \"a < 0.05\", clear: \"a > 5\", hold: 10s}");
    rule("flag", "threshold: {raise: \"flag == true\", clear: \"flag == false\", hold: 5m}");
    rule("often", "where: \"a >= 99\"\n    count: {at_least: 3, within: 60s}\n    cooldown: 10m");
    rule("home-often",
         "key: home\n    where: \"a >= 99.5\"\n    count: {at_least: 5, within: 120s}\n    cooldown: 10m");
    rule("silent", "absence: {within: 12h}");
    rule("home-silent", "key: home\n    absence: {within: 24h}");
    rule("sequence",
         "sequence: {within: 10m, events: [{where: \"a >= 99.8\", at_least: 2}, {where: \"flag == true\"}]}\n    "
         "cooldown: 10m");
    rule("together",
         "key: unit\n    together: {within: 10s, events: [{where: \"a >= 99.9\"}, {where: \"a < 0.1\"}]}\n    "
         "cooldown: 10m");
    rule("either",
         "where: {any: [\"a >= 99.95\", \"b == broken\"]}\n    count: {at_least: 2, within: 60s}\n    cooldown: 10m");
    return out;
}

void write_community(const std::string& dir) {
    std::string community = R"(community: bench
name: {zh: 测, en: Bench}
time_zone: Asia/Shanghai
district: {id: d, name: {zh: 区, en: District}}
street: {id: s, name: {zh: 街, en: Street}}
incidents: [{id: hazard, name: {zh: 隐患, en: Hazard}}]
estates: [{id: e, name: {zh: 小区, en: Estate}, type: old}]
places:
)";
    std::string devices_yaml = "devices:\n";
    for (int unit = 0; unit < devices / 20; ++unit) {
        community += fmt::format("  - {{id: u{}, parent: e, level: unit}}\n", unit);
        for (int home = 0; home < 5; ++home)
            community += fmt::format("  - {{id: h{0}-{1}, parent: u{0}, level: home}}\n", unit, home);
    }
    for (int n = 0; n < devices; ++n)
        devices_yaml += fmt::format("  - {{id: d{}, kind: {}, place: h{}-{}}}\n", n,
                                    kinds[static_cast<std::size_t>(n) % kinds.size()], n / 20, n / 4 % 5);
    community += R"(bodies:
  - {id: gw, role: grid_worker, name: {zh: 网格员, en: Grid worker}, places: [e]}
  - {id: co, role: committee, name: {zh: 居委会, en: Committee}, places: [bench]}
  - {id: so, role: street_office, name: {zh: 街道, en: Street}, places: [s]}
  - {id: do, role: district_office, name: {zh: 区, en: District}, places: [d]}
)";
    std::string rules = "rules:\n";
    for (const auto kind : kinds) rules += rules_of(kind);
    write(dir + "/community.yaml", community);
    write(dir + "/devices.yaml", devices_yaml);
    write(dir + "/rules/all.yaml", rules);
    write(dir + "/duty.yaml",
          "duty:\n  - {body: gw, person: p-1, channels: [screen]}\n  - {body: co, person: p-2, channels: [screen]}\n"
          "  - {body: so, person: p-3, channels: [screen]}\n  - {body: do, person: p-4, channels: [screen]}\n");
    write(dir + "/matrix.yaml",
          "rows:\n  - kind: hazard\n    place: [home, stairwell, public_area]\n    hours: \"00:00-24:00\"\n"
          "    severity: [red, orange, yellow, blue]\n    lead: grid_worker\n    ack: 5m\n    arrive: 15m\n    close: "
          "48h\n");
    write(dir + "/ladder.yaml",
          "ladder:\n  - {level: community, role: committee}\n  - {level: street, role: street_office}\n"
          "  - {level: district, role: district_office}\nclimb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}\n");
}

void write_recording(const std::string& path, std::uint64_t signals) {
    std::ofstream out(path, std::ios::binary);
    base::SeededRandom random(1);
    base::Time now = *base::parse_rfc3339("2026-03-03T00:00:00Z");
    std::string block;
    for (std::uint64_t n = 0; n < signals; ++n) {
        now = now + base::milliseconds(40);
        const auto device = random.below(devices);
        const bool flag = random.chance(0.01);
        block += fmt::format(
            R"({{"input":"signal","body":{{"id":"m{}","device":"d{}","kind":"{}","time":"{}","values":{{"a":{:.2f},"flag":{},"battery":{}}}}}}})"
            "\n",
            n, device, kinds[device % kinds.size()], base::format_utc(now), 100 * random.unit(), flag,
            50 + random.below(50));
        if (block.size() > (1U << 20U)) {
            out << block;
            block.clear();
        }
    }
    out << block;
}

// "353631 inputs in 0.310 s, 1139259/s"
double rate_in(const std::string& said) {
    const auto comma = said.rfind(", ");
    double rate = 0;
    if (comma != said.npos) std::from_chars(said.data() + comma + 2, said.data() + said.size(), rate);
    return rate;
}

boost::json::object run_replay(Arguments arguments) {
    std::uint64_t signals = 3'000'000;
    if (const auto text = argument(arguments, "signals", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), signals);
    const Scratch scratch;
    write_community(scratch.path("town"));
    write_recording(scratch.path("r.jsonl"), signals);
    std::vector<double> rates;
    std::string first;
    bool same = true;
    std::uint64_t alerts = 0;
    for (int i = 0; i < 5; ++i) {
        const Ended ended = run_to_end({"replay", "--community", scratch.path("town"), scratch.path("r.jsonl")});
        if (ended.code != 0) throw std::runtime_error(ended.err);
        rates.push_back(rate_in(ended.err));
        if (first.empty()) first = ended.out;
        same = same && ended.out == first;
    }
    for (std::size_t at = first.find("\"rule\":"); at != first.npos; at = first.find("\"rule\":", at + 1)) ++alerts;
    const bool counted = first.find(fmt::format("\"signals\":{}", signals)) != first.npos;
    std::ranges::sort(rates);
    return {{"signals_per_s", rates[2]}, {"runs", boost::json::array(rates.begin(), rates.end())},
            {"signals", signals},        {"rules", 100},
            {"alerts", alerts},          {"checks", boost::json::object{{"all_read", counted}, {"same_twice", same}}}};
}

const Registered here({"replay", "recorded inputs from a file, 100 rules", run_replay});

}  // namespace
}  // namespace shoumen::bench
