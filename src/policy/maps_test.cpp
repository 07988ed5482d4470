// maps/*.yaml.
#include <doctest/doctest.h>

#include "policy/directory.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

std::string wrong(const std::string& text) { return lines(read_map("maps/m.yaml", text).findings); }

bool has(const std::string& all, const std::string& part) { return all.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a map with everything in it is compiled and read back from its bytes") {
    auto files = mini();
    files["maps/a.yaml"] = R"(map: a
sign_in: token_as_user
devices: {Smoke Küche: smoke-1}
topics:
  - {topic: a/bridge/#, ignore: true}
  - topic: a/{device}/+
    time: t.at
    time_unit: s
    id: n
    values: [values, "."]
    fields: {deep: x.y}
    rename: {von: nach}
    leave: [rssi]
    meanings: {state: {ON: true}}
    kinds: {smoke: smoke, leak: water_level}
    plain: text
  - {topic: b/x, device: own, kind: gas}
  - {topic: c/x, device: {field: d.e}}
  - {topic: d/x, device: members, values: none}
)";
    const auto p = must_compile(files);
    REQUIRE(p->maps.size() == 1);
    base::ByteWriter out;
    model::encode(*p, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    const model::Map& m = again->maps.at(0);
    CHECK(m.token_as_user);
    CHECK(m.devices.at(0).to == "smoke-1");
    REQUIRE(m.topics.size() == 5);
    CHECK(m.topics[0].ignored);
    const model::MapTopic& t = m.topics[1];
    CHECK(t.levels == std::vector<std::string>{"a", "{device}", "+"});
    CHECK(t.time == "t.at");
    CHECK(t.time_in_seconds);
    CHECK(t.values == std::vector<std::string>{"values", ""});
    CHECK(t.meanings.at(0).value == "true");
    CHECK(t.kinds.at(1).to == "water_level");
    CHECK(m.topics[2].device == model::MapDevice::own);
    CHECK(m.topics[3].device_path == "d.e");
    CHECK(m.topics[4].device == model::MapDevice::members);
    CHECK(m.topics[4].values.empty());
}

TEST_CASE("what is wrong with a map is named by its line") {
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: '#', device: own}\n"), "maps/m.yaml:3: map-everything"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: '{device}'}\n"), "maps/m.yaml:3: map-everything"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/#/b, device: own}\n"), "maps/m.yaml:3: map-topic"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: 'a/x{device}'}\n"), "maps/m.yaml:3: map-topic"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: shoumen/v1/x/signal, device: own}\n"), "maps/m.yaml:3: map-topic"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/b}\n"), "maps/m.yaml:3: missing-key"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: 'a/{device}', device: own}\n"), "maps/m.yaml:3: "));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/+, device: own}\n  - {topic: a/b, device: own}\n"),
              "maps/m.yaml:4: map-unreachable"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/b, device: own, time: a..b}\n"), "maps/m.yaml:3: map-path"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/b, device: own, tiem: a}\n"), "did you mean 'time'"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a/b, device: own, kinds: {x: smok}}\n"), "did you mean 'smoke'"));
    CHECK(has(wrong("map: a\nmap: b\ntopics: []\n"), "maps/m.yaml:2: doubled-key"));
    CHECK(has(wrong("map: a\ntopics: []\n"), "maps/m.yaml:2: map-topics"));
    CHECK(has(wrong("not: [read"), "maps/m.yaml:"));
    auto files = mini();
    files["maps/a.yaml"] = "map: a\ndevices: {x: nobody}\ntopics:\n  - {topic: a/b, device: own}\n";
    CHECK(has(lines(compile(files, nullptr, 1).findings), "maps/a.yaml:2: unknown-device"));
}

}  // namespace shoumen::policy
