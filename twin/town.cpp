#include "twin/town.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/random.hpp"

namespace shoumen {
using EmbeddedText = std::pair<std::string_view, std::string_view>;
std::span<const EmbeddedText> embedded_town();  // the files of twin/town
}  // namespace shoumen

namespace shoumen::twin {
namespace {

constexpr unsigned houses_of_estate = 12;
constexpr unsigned units_of_house = 3;
constexpr unsigned floors_of_unit = 6;
constexpr unsigned homes_of_floor = 2;
constexpr unsigned homes_of_house = units_of_house * floors_of_unit * homes_of_floor;

class Builder {
public:
    explicit Builder(std::uint64_t seed) : random_(seed) {}

    void build(unsigned houses) {
        for (unsigned e = 0; e * houses_of_estate < houses; ++e)
            estate(fmt::format("e{}", e + 1), e, std::min(houses_of_estate, houses - e * houses_of_estate));
    }

    std::string estates = "\nestates:\n";
    std::string places = "\nplaces:\n";
    std::string devices = "devices:\n";
    std::string plant_rooms;

private:
    void place(std::string_view id, std::string_view parent, std::string_view level, std::string_view zh,
               std::string_view en, std::string_view use = {}, unsigned storey = 0) {
        std::string more = use.empty() ? std::string() : fmt::format("use: {}, ", use);
        if (storey > 0) more += fmt::format("storey: {}, ", storey);
        places += fmt::format("  - {{id: {}, parent: {}, level: {}, {}name: {{zh: {}, en: {}}}}}\n", id, parent, level,
                              more, zh, en);
    }
    void device(std::string_view id, std::string_view kind, std::string_view at, std::string_view gateway) {
        devices += fmt::format("  - {{id: {}, kind: {}, place: {}, gateway: {}}}\n", id, kind, at, gateway);
    }
    void gateway(std::string_view id, std::string_view at) {
        devices += fmt::format("  - {{id: {}, gateway: true, place: {}}}\n", id, at);
    }

    void estate(const std::string& id, unsigned number, unsigned houses) {
        estates += fmt::format("  - {{id: {}, name: {{zh: {}号小区, en: Estate {}}}, type: {}}}\n", id, number + 1,
                               number + 1, number % 2 == 0 ? "old" : "new");
        const std::string gw = "gw-" + id;
        gateway(gw, id);
        const auto point = [&](std::string_view name, std::string_view use, std::string_view zh, std::string_view en) {
            const std::string code = fmt::format("{}-{}", id, name);
            place(code, id, "point", zh, en, use);
            return code;
        };
        const std::string shed = point("charging", "charging", "充电棚", "Charging shed");
        device("watts-" + id, "ebike_overload", shed, gw);
        device("power-" + id, "ebike_power_cut", shed, gw);
        device("smoke-" + shed, "smoke", shed, gw);
        const std::string square = point("square", "public_area", "广场", "Square");
        device("fight-" + id, "camera_fight", square, gw);
        device("fall-" + id, "camera_fall", square, gw);
        device("crowd-" + id, "gathering", square, gw);
        const std::string pump = point("pump", "facility", "水泵房", "Pump room");
        device("water-" + id, "water_level", pump, gw);
        device("door-" + pump, "door_contact", pump, gw);
        plant_rooms += (plant_rooms.empty() ? "" : ", ") + pump;
        const std::string gate = point("gate", "gate", "大门", "Gate");
        device("access-" + gate, "door_access", gate, gw);
        device("key-" + gate, "one_key", gate, gw);
        for (unsigned h = 0; h < houses; ++h) house(id, fmt::format("{}-{}", id, h + 1), h + 1);
    }

    void house(const std::string& estate, const std::string& id, unsigned number) {
        place(id, estate, "building", fmt::format("{}号楼", number), fmt::format("House {}", number));
        gateway("gw-" + id, id);
        device("things-" + id, "falling_object", id, "gw-" + id);
        for (unsigned u = 1; u <= units_of_house; ++u) unit(id, fmt::format("{}-u{}", id, u), u);
    }

    void unit(const std::string& house, const std::string& id, unsigned number) {
        const std::string gw = "gw-" + house;
        place(id, house, "unit", fmt::format("{}单元", number), fmt::format("Unit {}", number));
        device("access-" + id, "door_access", id, gw);
        const std::string lift = id + "-lift";
        place(lift, id, "point", "电梯", "Lift", "lift");
        device("key-" + lift, "one_key", lift, gw);
        for (unsigned f = 1; f <= floors_of_unit; ++f) {
            const std::string floor = fmt::format("{}-f{}", id, f);
            place(floor, id, "floor", fmt::format("{}层", f), fmt::format("Floor {}", f), {}, f);
            if (f % 2 == 0) device("smoke-" + floor, "smoke", floor, gw);
            for (unsigned n = 1; n <= homes_of_floor; ++n) {
                const unsigned room = f * 100 + n;
                home(floor, fmt::format("{}-{}", id, room), room, gw);
            }
        }
    }

    void home(const std::string& floor, const std::string& id, unsigned number, const std::string& gw) {
        place(id, floor, "home", fmt::format("{}室", number), fmt::format("Home {}", number));
        if (random_.chance(0.6)) device("smoke-" + id, "smoke", id, gw);
        if (random_.chance(0.5)) device("gas-" + id, "gas", id, gw);
        if (random_.chance(0.1)) {  // an elder who lives alone
            device("pir1-" + id, "motion", id, gw);
            device("pir2-" + id, "motion", id, gw);
            device("door-" + id, "door_contact", id, gw);
            device("bracelet-" + id, "elder_bracelet", id, gw);
            device("key-" + id, "one_key", id, gw);
        }
        if (random_.chance(0.06)) device("child-" + id, "child_bracelet", id, gw);
        if (random_.chance(0.02)) device("camera-" + id, "resident_camera", id, gw);
    }

    base::SeededRandom random_;
};

std::string_view shipped(std::string_view name) {
    const auto all = embedded_town();
    const auto found = std::ranges::find(all, name, &EmbeddedText::first);
    return found == all.end() ? std::string_view() : found->second;
}

}  // namespace

std::map<std::string, std::string> make_town(const TownOptions& options) {
    Builder builder(options.seed);
    builder.build(std::max(1U, (options.homes + homes_of_house - 1) / homes_of_house));
    std::map<std::string, std::string> files;
    files["community.yaml"] = std::string(shipped("community.yaml")) + builder.estates + builder.places;
    files["devices.yaml"] = builder.devices;
    for (const std::string_view name : {"duty.yaml", "ladder.yaml", "matrix.yaml"})
        files[std::string(name)] = shipped(name);
    files["rules/all.yaml"] = shipped("rules.yaml");
    files["rules/plant_rooms.yaml"] = fmt::format(R"(rules:
  - id: plant-room-open-at-night
    kinds: [door_contact]
    within: [{}]
    threshold: {{raise: "contact == false", clear: "contact == true", hold: 60s}}
    during: {{hours: "22:00-06:00"}}
    alert: {{incident: intrusion, severity: yellow, join: estate}}
  - id: person-in-empty-home
    kinds: [resident_camera]
    threshold: {{raise: "person == true", clear: "person == false"}}
    during: {{hours: "22:00-06:00"}}
    cooldown: 30m
    alert: {{incident: intrusion, severity: orange, join: home}}
)",
                                                  builder.plant_rooms);
    return files;
}

}  // namespace shoumen::twin
