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
    CHECK(m.topics[0].reading.ignored);
    const model::MapTopic& t = m.topics[1];
    CHECK(t.levels == std::vector<std::string>{"a", "{device}", "+"});
    CHECK(t.time == "t.at");
    CHECK(t.time_in_seconds);
    CHECK(t.values == std::vector<std::string>{"values", ""});
    CHECK(t.reading.meanings.at(0).value == "true");
    CHECK(t.reading.kinds.at(1).to == "water_level");
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

TEST_CASE("what maps say of XML, bytes and cases is compiled and read back from its bytes") {
    auto files = mini();
    files["maps/a.yaml"] = R"(map: a
topics:
  - topic: /+/{device}/up/{what}
    form: xml
    inner: msg
    each: [a.b, "."]
    same: $.who
    time: t
    time_zone: "-03:30"
    evidence: pic
    nested: true
    pairs: {each: items, name: "@Name", value: "@Value"}
    contains: {person: {list: seen, item: person}}
    count: {seen: seen}
    scale: {t: 0.1, u: {times: 2, plus: -40}}
    set: {fixed: true}
    any: {gas: [gas, co]}
    bytes:
      - {when: {port: [1, 2]}, at: data, as: hex, fields: [{name: x, at: 1, type: i16le, unset: -1}, {name: y, bits: [4, 2]}, {name: z, bit: 7}]}
      - {at: data, skip: 1, records: {"01xx": {length: 4, fields: [{name: w, type: f32le, times: 0.5, plus: 1}]}}}
      - {at: data, length: follows, records: {"01": {fields: [{name: v}]}}}
    cases:
      - {when: {type: end, "{what}": "*"}, ignore: true}
      - {rename: {x: q}, kind: smoke, meanings: {a: {1: true}}}
)";
    const auto p = must_compile(files);
    base::ByteWriter out;
    model::encode(*p, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    base::ByteWriter twice;
    model::encode(*again, twice);
    CHECK(out.view() == twice.view());
    const model::MapTopic& t = again->maps.at(0).topics.at(0);
    CHECK(t.form == model::MapForm::xml);
    CHECK(t.each == std::vector<std::string>{"a.b", ""});
    CHECK((t.inner == "msg" && t.same == "$.who" && t.evidence == "pic" && t.nested));
    CHECK(t.offset_min == std::int16_t{-210});
    const model::MapReading& r = t.reading;
    CHECK(r.named.at(0).value == "@Value");
    CHECK((r.lists.size() == 2 && r.lists[0].item == "person" && r.lists[1].item.empty()));
    CHECK((r.scales.at(0).times == 0.1 && r.scales.at(1).plus == -40));
    CHECK((r.set.at(0).to == "true" && r.any.at(0).of.size() == 2));
    REQUIRE(r.bytes.size() == 3);
    CHECK(r.bytes[0].when.at(0).texts == std::vector<std::string>{"1", "2"});
    CHECK((r.bytes[0].encoding == model::MapEncoding::hex && r.bytes[0].fields.at(0).unset == -1.0));
    CHECK((r.bytes[0].fields.at(1).bits_from == 4 && r.bytes[0].fields.at(1).bits == 2));
    CHECK((r.bytes[0].fields.at(2).bits_from == 7 && r.bytes[0].fields.at(2).bits == 1));
    CHECK(r.bytes[1].records.at(0).tag == std::vector<std::int16_t>{1, -1});
    CHECK(r.bytes[1].records.at(0).fields.at(0).number == model::MapNumber::f32_little);
    CHECK((r.bytes[1].skip == 1 && r.bytes[2].length_follows));
    REQUIRE(t.cases.size() == 2);
    CHECK((t.cases[0].line == 23 && t.cases[0].when.size() == 2 && t.cases[0].reading.ignored));
    CHECK(t.cases[1].reading.kinds.at(0).to == "smoke");
}

TEST_CASE("what would loop, match everything or read beyond is a finding") {
    const auto of = [](const std::string& rest) {
        return wrong("map: a\ntopics:\n  - {topic: a/b, device: own, " + rest + "}\n");
    };
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: '/+/{device}/#'}\n"), "maps/m.yaml:3: map-everything"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: '/+/{device}'}\n"), "maps/m.yaml:3: map-everything"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: a//b, device: own}\n"), "maps/m.yaml:3: map-topic"));
    CHECK(has(wrong("map: a\ntopics:\n  - {topic: 'a/{x y}', device: own}\n"), "maps/m.yaml:3: map-topic"));
    CHECK(has(wrong("map: &m a\ntopics: [*m]\n"), "yaml-anchor"));  // nothing can refer back
    CHECK(has(of("form: yaml"), "maps/m.yaml:3: unknown-word"));
    CHECK(has(of("time_zone: CST"), "maps/m.yaml:3: out-of-range"));
    CHECK(has(of("id: $a"), "maps/m.yaml:3: map-path"));
    CHECK(has(of("cases: [{}, {when: {a: b}}]"), "maps/m.yaml:3: map-unreachable"));
    CHECK(has(of("cases: [{when: {'{x}': b}}]"), "maps/m.yaml:3: map-topic"));
    CHECK(has(of("cases: [{when: {a: b}, time: c}]"), "maps/m.yaml:3: unknown-key"));
    CHECK(has(of("scale: {a: b}"), "maps/m.yaml:3: bad-number"));
    CHECK(has(of("scale: {a: 1e400}"), "maps/m.yaml:3: bad-number"));
    CHECK(has(of("bytes: {at: d}"), "maps/m.yaml:3: map-bytes"));
    CHECK(has(of("bytes: {at: d, as: base32, fields: [{name: x}]}"), "maps/m.yaml:3: unknown-word"));
    CHECK(has(of("bytes: {at: d, fields: [{name: x, type: u7}]}"), "maps/m.yaml:3: unknown-word"));
    CHECK(has(of("bytes: {at: d, fields: [{name: x, bit: 8}]}"), "maps/m.yaml:3: out-of-range"));
    CHECK(has(of("bytes: {at: d, records: {'': {length: 1}}}"), "maps/m.yaml:3: map-bytes"));  // would take no byte
    CHECK(has(of("bytes: {at: d, records: {'0': {length: 1}}}"), "maps/m.yaml:3: map-bytes"));
    CHECK(has(of("bytes: {at: d, records: {'01': {length: 1, fields: [{name: x, type: u16}]}}}"),
              "maps/m.yaml:3: map-bytes"));
    CHECK(has(of("bytes: {at: d, records: {'01': {length: 1}, '0203': {length: 1}}}"), "maps/m.yaml:3: map-bytes"));
    CHECK(has(of("bytes: {at: d, length: follows, records: {'01': {length: 1}}}"), "maps/m.yaml:3: map-bytes"));
}

}  // namespace shoumen::policy
