#include "community.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

namespace shoumen::bench {
namespace {

constexpr std::size_t homes_a_unit = 12;
constexpr std::size_t units_a_building = 4;

constexpr const char* rules = R"(rules:
  - {id: smoke, name: {zh: 烟感, en: Smoke}, kind: smoke, threshold: {raise: "smoke == true", repeat: 5m}, alert: {incident: fire, severity: red}}
  - {id: smoke-battery, name: {zh: 电量低, en: Battery}, kind: smoke, threshold: {raise: "battery < 15", clear: "battery > 20", hold: 1h}, alert: {incident: device_fault, severity: blue}}
  - {id: gas, name: {zh: 燃气, en: Gas}, kind: gas, threshold: {raise: "lel >= 20", clear: "lel < 10", hold: 5s}, alert: {incident: gas_leak, severity: red}}
  - {id: gas-trend, name: {zh: 燃气反复, en: Gas again}, kind: gas, where: ["lel >= 5"], count: {at_least: 5, within: 10m}, cooldown: 1h, alert: {incident: gas_leak, severity: orange}}
  - {id: inactive, name: {zh: 无活动, en: Inactive}, kinds: [motion, door_contact], key: home, absence: {within: 12h}, alert: {incident: elder_inactive, severity: orange}}
  - {id: night-door, name: {zh: 夜间开门, en: Door at night}, kind: door_contact, key: home, where: ["contact == false"], count: {at_least: 6, within: 30m}, during: {hours: "00:00-05:00"}, cooldown: 2h, alert: {incident: intrusion, severity: yellow}}
  - {id: door-open, name: {zh: 门未关, en: Door open}, kind: door_contact, threshold: {raise: "contact == false", clear: "contact == true", hold: 20m}, alert: {incident: intrusion, severity: blue}}
  - {id: restless, name: {zh: 频繁活动, en: Restless}, kind: motion, key: home, where: ["occupancy == true"], count: {at_least: 500, within: 10m}, cooldown: 6h, alert: {incident: elder_inactive, severity: blue}}
)";

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

void write_frame(const std::filesystem::path& dir) {
    write(dir / "duty.yaml",
          "duty:\n  - {body: pm, person: p-1, channels: [screen]}\n  - {body: committee, person: p-2, channels: "
          "[screen]}\n"
          "  - {body: street, person: p-3, channels: [screen]}\n  - {body: district, person: p-4, channels: [screen]}\n"
          "  - {body: desk, person: p-5, channels: [screen]}\n");
    write(dir / "ladder.yaml",
          "ladder:\n  - {level: community, role: committee}\n  - {level: street, role: street_office}\n"
          "  - {level: district, role: district_office}\nclimb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}\n");
    write(dir / "matrix.yaml",
          "rows:\n  - kind: [fire, gas_leak, elder_inactive, intrusion, device_fault]\n    place: [home, stairwell, "
          "public_area]\n"
          "    hours: \"00:00-24:00\"\n    severity: [red, orange, yellow, blue]\n    lead: property_manager\n    "
          "assist: [committee]\n"
          "    ack: 2h\n    arrive: 3h\n    close: 24h\n");
    write(dir / "rules" / "all.yaml", rules);
}

}  // namespace

Town write_town(const std::string& directory, std::size_t devices, std::size_t gateways, std::size_t alarms) {
    Town town;
    town.directory = directory;
    write_frame(directory);
    std::string places = "places:\n";
    std::string list = "devices:\n";
    for (std::size_t g = 0; g < gateways; ++g) {
        town.gateways.push_back(fmt::format("gw-{}", g));
        list += fmt::format("  - {{id: gw-{}, gateway: true, place: town}}\n", g);
    }
    town.voices.resize(gateways);

    struct Kind {
        const char* word;
        std::vector<std::string> values;
    };
    const std::array<Kind, 4> kinds{
        {{"motion", {"{\"occupancy\":true,\"battery\":90}", "{\"occupancy\":false,\"battery\":90}"}},
         {"door_contact", {"{\"contact\":true}", "{\"contact\":false}"}},
         {"smoke", {"{\"smoke\":false,\"battery\":97}"}},
         {"gas", {"{\"lel\":1.5}", "{\"lel\":2}"}}}};
    std::size_t made = 0;
    const std::size_t ordinary = devices - alarms;
    for (std::size_t home = 0; made < ordinary; ++home) {
        const std::size_t unit = home / homes_a_unit;
        const std::size_t building = unit / units_a_building;
        if (home % (homes_a_unit * units_a_building) == 0)
            places += fmt::format("  - {{id: b{}, parent: estate, level: building}}\n", building);
        if (home % homes_a_unit == 0)
            places += fmt::format("  - {{id: u{}, parent: b{}, level: unit}}\n", unit, building);
        places += fmt::format("  - {{id: h{}, parent: u{}, level: home}}\n", home, unit);
        for (std::size_t k = 0; k < kinds.size() && made < ordinary; ++k, ++made) {
            const std::size_t g = made % gateways;
            const std::string code = fmt::format("d{}", made);
            list += fmt::format("  - {{id: {}, kind: {}, place: h{}, gateway: gw-{}}}\n", code, kinds[k].word, home, g);
            town.voices[g].push_back({code, kinds[k].word, kinds[k].values});
        }
    }
    for (std::size_t a = 0; a < alarms; ++a) {
        if (a % 100 == 0) places += fmt::format("  - {{id: ab{}, parent: estate, level: building}}\n", a / 100);
        places +=
            fmt::format("  - {{id: au{0}, parent: ab{1}, level: unit}}\n  - {{id: a{0}, parent: au{0}, level: home}}\n",
                        a, a / 100);
        const std::size_t g = a % gateways;
        list += fmt::format("  - {{id: alarm-{0}, kind: smoke, place: a{0}, gateway: gw-{1}}}\n", a, g);
        town.alarms.push_back({fmt::format("alarm-{}", a), "smoke", {"{\"smoke\":true}"}});
        town.gateway_of_alarm.push_back(static_cast<std::uint32_t>(g));
    }
    write(std::filesystem::path(directory) / "community.yaml",
          "community: town\nname: {zh: 测速社区, en: Measured community}\ntime_zone: Asia/Shanghai\n"
          "district: {id: dist, name: {zh: 区, en: District}}\nstreet: {id: str, name: {zh: 街道, en: "
          "Street}}\nincidents:\n"
          "  - {id: fire, name: {zh: 火情, en: Fire}}\n  - {id: gas_leak, name: {zh: 燃气泄漏, en: Gas leak}}\n"
          "  - {id: elder_inactive, name: {zh: 无活动, en: No activity}}\n  - {id: intrusion, name: {zh: 闯入, en: "
          "Intrusion}}\n"
          "  - {id: device_fault, name: {zh: 设备故障, en: Device fault}}\n"
          "estates:\n  - {id: estate, name: {zh: 小区, en: Estate}, type: old}\n" +
              places +
              "bodies:\n  - {id: pm, role: property_manager, name: {zh: 物业, en: Manager}, places: [town]}\n"
              "  - {id: committee, role: committee, name: {zh: 居委会, en: Committee}, places: [town]}\n"
              "  - {id: street, role: street_office, name: {zh: 街道, en: Street office}, places: [str]}\n"
              "  - {id: district, role: district_office, name: {zh: 区, en: District office}, places: [dist]}\n"
              "  - {id: desk, role: duty_officer, name: {zh: 值班室, en: Desk}, places: [town]}\n");
    write(std::filesystem::path(directory) / "devices.yaml", list);
    return town;
}

}  // namespace shoumen::bench
