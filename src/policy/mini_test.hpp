// A community directory of a few lines, to be broken in one place at a time.
#pragma once
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "policy/directory.hpp"

namespace shoumen::policy {

inline Files mini() {
    return {
        {"community.yaml", R"(community: c
name: {zh: 社区, en: Community}
time_zone: Asia/Shanghai
district: {id: d, name: {zh: 区, en: District}}
street: {id: s, name: {zh: 街道, en: Street}}
incidents:
  - {id: fire, name: {zh: 火情, en: Fire}}
  - {id: noise, name: {zh: 噪声, en: Noise}}
estates:
  - {id: e, name: {zh: 小区, en: Estate}, type: old}
places:
  - {id: b, parent: e, level: building}
  - {id: h, parent: f, level: home}
  - {id: f, parent: b, level: floor}
  - {id: p, parent: e, level: point, use: parking}
grids:
  - {id: g, places: [b]}
bodies:
  - {id: pm, role: property_manager, name: {zh: 物业, en: Manager}, places: [e]}
  - {id: gw, role: grid_worker, name: {zh: 网格员, en: Grid worker}, grids: [g]}
  - {id: co, role: committee, name: {zh: 居委会, en: Committee}, places: c}
  - {id: so, role: street_office, name: {zh: 街道办, en: Street office}, places: [s]}
  - {id: do, role: district_office, name: {zh: 区办, en: District office}, places: [d]}
)"},
        {"devices.yaml", R"(devices:
  - {id: gate, gateway: true, place: e}
  - {id: smoke-1, kind: smoke, place: h, gateway: gate}
  - {id: motion-1, kind: motion, place: h}
)"},
        {"duty.yaml", R"(duty:
  - {body: pm, person: p-1, channels: [screen, sms]}
  - {body: co, person: p-2, channels: screen}
  - {body: so, person: p-3, channels: [screen], hours: "08:00-20:00"}
  - {body: so, person: p-4, channels: [voice], hours: "20:00-08:00"}
  - {body: do, person: p-5, channels: [screen]}
)"},
        {"matrix.yaml", R"(rows:
  - kind: [fire, noise]
    place: [home, stairwell, parking]
    hours: "00:00-24:00"
    severity: [red, orange, yellow, blue]
    lead: property_manager
    assist: [grid_worker]
    ack: 2m
    arrive: 10m
    close: 24h
  - kind: [fire, noise]
    place: public_area
    hours: ["08:00-20:00", "20:00-08:00"]
    severity: [red, orange, yellow, blue]
    lead: committee
    ack: 2m
    arrive: 10m
    close: 24h
)"},
        {"ladder.yaml", R"(ladder:
  - {level: community, role: committee}
  - {level: street, role: street_office}
  - {level: district, role: district_office}
climb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}
)"},
        {"rules/a.yaml", R"(rules:
  - id: smoke
    name: {zh: 烟感, en: Smoke}
    kinds: [smoke]
    threshold: {raise: "smoke == true", clear: "smoke == false"}
    alert: {incident: fire, severity: red}
  - id: still
    kind: motion
    within: e
    key: home
    absence: {within: 12h}
    alert: {incident: noise, cause: stillness, severity: orange, join: home}
)"},
    };
}

// The files with one text changed. The text must be there.
inline Files changed(Files files, const std::string& name, std::string_view from, std::string_view to) {
    std::string& text = files.at(name);
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != text.npos, "not in " << name << ": " << std::string(from));
    text.replace(at, from.size(), to);
    return files;
}

inline std::string lines(const std::vector<Finding>& findings) {
    std::string all;
    for (const Finding& f : findings) all += to_line(f) + "\n";
    return all;
}

// "file:line: code" of each finding.
inline std::vector<std::string> codes(const std::vector<Finding>& findings) {
    std::vector<std::string> all;
    all.reserve(findings.size());
    for (const Finding& f : findings) all.push_back(f.file + ":" + std::to_string(f.line) + ": " + f.code);
    return all;
}

inline std::shared_ptr<model::Policy> must_compile(const Files& files, const model::Policy* before = nullptr) {
    const Compiled compiled = compile(files, before, 1);
    REQUIRE_MESSAGE(compiled.policy, lines(compiled.findings));
    return compiled.policy;
}

}  // namespace shoumen::policy
