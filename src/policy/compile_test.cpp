// Every finding of reading, each at its own line; numbers kept; rules known again by what they do.
#include <algorithm>

#include "base/bytes.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

using model::PlaceLevel;
using model::PlaceUse;

struct Slip {
    const char* file;
    const char* from;
    const char* to;
    const char* finding;  // "file:line: code" of the first
    const char* says;     // what its message holds
};

const Slip slips[] = {
    // community.yaml
    {"community.yaml", "community: c\n", "comunity: c\n", "community.yaml:1: unknown-key", "did you mean 'community'"},
    {"community.yaml", "time_zone: Asia/Shanghai", "time_zone: Asia/Shanghia", "community.yaml:3: unknown-time-zone",
     "IANA"},
    {"community.yaml", "time_zone: Asia/Shanghai", "time_zone: ../../etc/passwd", "community.yaml:3: unknown-time-zone",
     "IANA"},
    {"community.yaml", "time_zone: Asia/Shanghai", "time_zone: [UTC]", "community.yaml:3: wrong-type", "a list"},
    {"community.yaml", "time_zone: Asia/Shanghai", "timezone: Asia/Shanghai", "community.yaml:1: missing-key",
     "time_zone"},
    {"community.yaml", "name: {zh: 社区, en: Community}", "name: {zh: 社区}", "community.yaml:2: missing-key", "'en'"},
    {"community.yaml", "name: {zh: 社区, en: Community}", "name: 社区", "community.yaml:2: wrong-type", "single value"},
    {"community.yaml", "name: {zh: 社区, en: Community}", "name: {zh: 社区, en: C, fr: D}",
     "community.yaml:2: unknown-key", "'fr'"},
    {"community.yaml", "{id: d, name", "{id: d d, name", "community.yaml:4: bad-code", "'d d'"},
    {"community.yaml", "{id: noise,", "{id: fire,", "community.yaml:8: doubled-code", "line 7"},
    {"community.yaml", "type: old}", "type: ancient}", "community.yaml:10: unknown-word", "old new mixed"},
    {"community.yaml", "type: old}", "type: old, at: [39.9]}", "community.yaml:10: bad-coordinates", "latitude"},
    {"community.yaml", "type: old}", "type: old, at: [99, 116.3]}", "community.yaml:10: bad-coordinates", "latitude"},
    {"community.yaml", "type: old}", "type: old, at: [nan, 116.3]}", "community.yaml:10: bad-coordinates", "latitude"},
    {"community.yaml", "parent: e, level: building", "parent: x, level: building", "community.yaml:12: unknown-place",
     "'x'"},
    {"community.yaml", "level: building", "level: buildng", "community.yaml:12: unknown-word",
     "did you mean 'building'"},
    {"community.yaml", "level: building", "level: estate", "community.yaml:12: place-level", "estate"},
    {"community.yaml", "{id: b, parent: e", "{id: b, parent: f", "community.yaml:12: place-cycle", "b in f in b"},
    {"community.yaml", "{id: b, parent: e", "{id: b, parent: b", "community.yaml:12: place-cycle", "b in b"},
    {"community.yaml", "{id: f, parent: b, level: floor}", "{id: f, parent: b, level: building}",
     "community.yaml:14: place-level", "wider"},
    {"community.yaml", "level: floor}", "level: floor, storey: first}", "community.yaml:14: bad-number", "'first'"},
    {"community.yaml", "level: floor}", "level: floor, storey: 0}", "community.yaml:14: place-storey", "ground floor"},
    {"community.yaml", "level: floor}", "level: floor, storey: 201}", "community.yaml:14: out-of-range", "200"},
    {"community.yaml", "level: building", "level: building, storey: 2", "community.yaml:12: place-storey", "building"},
    {"community.yaml", "{id: b, parent: e", "{id: b, parent: s", "community.yaml:12: place-level", "outside"},
    {"community.yaml", "{id: p, parent", "{id: e, parent", "community.yaml:15: doubled-code", "line 10"},
    {"community.yaml", ", use: parking", "", "community.yaml:15: missing-key", "'use'"},
    {"community.yaml", "use: parking", "use: parkin", "community.yaml:15: unknown-word", "did you mean 'parking'"},
    {"community.yaml", "use: parking", "use: parking, user: x", "community.yaml:15: unknown-key", "did you mean 'use'"},
    {"community.yaml", "places: [b]}", "places: [bb]}", "community.yaml:17: unknown-place", "'bb'"},
    {"community.yaml", "places: [b]}", "places: [b, b]}", "community.yaml:17: doubled-item", "'b'"},
    {"community.yaml", "places: [b]}", "places: []}", "community.yaml:17: wrong-type", "empty list"},
    {"community.yaml", "role: grid_worker", "role: gridworker", "community.yaml:20: unknown-word",
     "did you mean 'grid_worker'"},
    {"community.yaml", "grids: [g]", "grids: [gg]", "community.yaml:20: unknown-grid", "'gg'"},
    {"community.yaml", ", grids: [g]", "", "community.yaml:20: missing-key", "'grids'"},
    {"community.yaml", "grids:\n  - ", "words: [a, [b]]\ngrids:\n  - ", "community.yaml:16: wrong-type", "a list"},
    // devices.yaml
    {"devices.yaml", "kind: motion", "kind: moton", "devices.yaml:4: unknown-word", "did you mean 'motion'"},
    {"devices.yaml", "kind: motion, ", "", "devices.yaml:4: missing-key", "'kind'"},
    {"devices.yaml", "id: motion-1", "id: smoke-1", "devices.yaml:4: doubled-code", "line 3"},
    {"devices.yaml", "place: h}", "place: hh}", "devices.yaml:4: unknown-place", "'hh'"},
    {"devices.yaml", "gateway: gate}", "gateway: gat}", "devices.yaml:3: unknown-device", "did you mean 'gate'"},
    {"devices.yaml", "gateway: gate}", "gateway: motion-1}", "devices.yaml:3: device-gateway", "gateway: true"},
    {"devices.yaml", "gateway: true,", "gateway: true, kind: smoke,", "devices.yaml:2: device-gateway", "no kind"},
    {"devices.yaml", "devices:\n", "devices:\n  - x\n", "devices.yaml:2: wrong-type", "single value"},
    // duty.yaml
    {"duty.yaml", "body: pm", "body: pn", "duty.yaml:2: unknown-body", "'pn'"},
    {"duty.yaml", "person: p-1", "person: 张 三", "duty.yaml:2: bad-code", "person"},
    {"duty.yaml", "channels: screen", "channels: scren", "duty.yaml:3: unknown-word", "did you mean 'screen'"},
    {"duty.yaml", ", channels: screen", "", "duty.yaml:3: missing-key", "'channels'"},
    {"duty.yaml", "08:00-20:00", "8:00-20:00", "duty.yaml:4: bad-hours", "08:00-20:00"},
    {"duty.yaml", "08:00-20:00", "08:00-25:00", "duty.yaml:4: bad-hours", ""},
    {"duty.yaml", "08:00-20:00", "24:00-08:00", "duty.yaml:4: bad-hours", ""},
    {"duty.yaml", "08:00-20:00", "08:00-08:00", "duty.yaml:4: bad-hours", "00:00-24:00"},
    {"duty.yaml", "hours: \"08", "days: [mon, fry], hours: \"08", "duty.yaml:4: unknown-word", "did you mean 'fri'"},
    {"duty.yaml", "hours: \"08", "days: [mon, mon], hours: \"08", "duty.yaml:4: doubled-item", "'mon'"},
    {"duty.yaml", "hours: \"08", "from: 2026-02-30, hours: \"08", "duty.yaml:4: bad-date", "2026-11-01"},
    {"duty.yaml", "hours: \"08", "from: 2026-12-01, to: 2026-11-01, hours: \"08", "duty.yaml:4: bad-date",
     "after 'from'"},
    // matrix.yaml
    {"matrix.yaml", "kind: [fire, noise]", "kind: [fire, noisy]", "matrix.yaml:2: unknown-incident",
     "did you mean 'noise'"},
    {"matrix.yaml", "stairwell", "stairwel", "matrix.yaml:3: unknown-word", "did you mean 'stairwell'"},
    {"matrix.yaml", "severity: [red,", "severity: [rot,", "matrix.yaml:5: unknown-word", "red orange yellow blue"},
    {"matrix.yaml", "lead: property_manager", "lead: manager", "matrix.yaml:6: unknown-word", "property_manager"},
    {"matrix.yaml", "assist: [grid_worker]", "assist: [property_manager]", "matrix.yaml:7: doubled-item",
     "assist itself"},
    {"matrix.yaml", "ack: 2m", "ack: 2 minutes", "matrix.yaml:8: bad-duration", "10m"},
    {"matrix.yaml", "ack: 2m", "ack: -2m", "matrix.yaml:8: bad-duration", "10m"},
    {"matrix.yaml", "ack: 2m", "ack: 0s", "matrix.yaml:8: out-of-range", "between 1s"},
    {"matrix.yaml", "    ack: 2m\n", "", "matrix.yaml:2: missing-key", "'ack'"},
    {"matrix.yaml", "    hours: \"00:00-24:00\"\n", "", "matrix.yaml:2: missing-key", "'hours'"},
    {"matrix.yaml", "    lead:", "    leads:", "matrix.yaml:6: unknown-key", "did you mean 'lead'"},
    {"matrix.yaml", "    ack: 2m\n", "    ack: 2m\n    ack: 3m\n", "matrix.yaml:9: doubled-key", "line 8"},
    {"matrix.yaml", "rows:", "lines:", "matrix.yaml:1: unknown-key", "'lines'"},
    // ladder.yaml
    {"ladder.yaml", "level: street", "level: district", "ladder.yaml:3: ladder-rungs", "in this order"},
    {"ladder.yaml", "  - {level: district, role: district_office}\n", "", "ladder.yaml:2: ladder-rungs", "missing"},
    {"ladder.yaml", "role: committee", "role: fire_station", "ladder.yaml:2: ladder-no-body", "fire_station"},
    {"ladder.yaml", "role: committee", "role: property_manager", "ladder.yaml:2: ladder-no-body", "answers for c:"},
    {"ladder.yaml", "red: 3m, ", "", "ladder.yaml:5: missing-key", "'red'"},
    {"ladder.yaml", "red: 3m", "red: 31d", "ladder.yaml:5: out-of-range", "30d"},
    // rules
    {"rules/a.yaml", "  - id: still", "  - id: smoke", "rules/a.yaml:7: doubled-code", "rules/a.yaml:2"},
    {"rules/a.yaml", "kinds: [smoke]", "kinds: [smok]", "rules/a.yaml:4: unknown-word", "did you mean 'smoke'"},
    {"rules/a.yaml", "    kinds: [smoke]\n", "", "rules/a.yaml:2: missing-key", "'kinds'"},
    {"rules/a.yaml", "kinds: [smoke]", "kinds: [smoke]\n    kind: gas", "rules/a.yaml:5: doubled-key",
     "kind and kinds"},
    {"rules/a.yaml", "smoke == true", "smoke = true", "rules/a.yaml:5: bad-comparison", "field == value"},
    {"rules/a.yaml", "smoke == true", "smoke > true", "rules/a.yaml:5: bad-comparison", "only numbers"},
    {"rules/a.yaml", "smoke == true", "== true", "rules/a.yaml:5: bad-comparison", "no field"},
    {"rules/a.yaml", "smoke == true", "smoke ==", "rules/a.yaml:5: bad-comparison", "field == value"},
    {"rules/a.yaml", "smoke == true", "smoke == two words", "rules/a.yaml:5: bad-comparison", "no value"},
    {"rules/a.yaml", "smoke == true", "smoke > inf", "rules/a.yaml:5: bad-comparison", "only numbers"},
    {"rules/a.yaml", "smoke == true", "smoke > 1e999", "rules/a.yaml:5: bad-comparison", "only numbers"},
    {"rules/a.yaml", "raise: \"smoke == true\"", "raise: \"smok == true\"", "rules/a.yaml:5: rule-field", "'smok'"},
    {"rules/a.yaml", "clear: \"smoke == false\"", "clear: \"smoke == true\"", "rules/a.yaml:5: rule-clear",
     "both raise and clear"},
    {"rules/a.yaml", "clear: \"smoke == false\"", "clear: \"smoke == off\"", "rules/a.yaml:5: rule-clear",
     "another type"},
    {"rules/a.yaml", "threshold: {raise: \"smoke == true\", clear", "threshold: {clear", "rules/a.yaml:5: missing-key",
     "'raise'"},
    {"rules/a.yaml", "clear:", "hold: 31d, clear:", "rules/a.yaml:5: out-of-range", "30d"},
    {"rules/a.yaml", "threshold:", "cooldown: 31d\n    threshold:", "rules/a.yaml:5: out-of-range", "30d"},
    {"rules/a.yaml", "absence: {within: 12h}", "absence: {within: 31d}", "rules/a.yaml:11: out-of-range", "30d"},
    {"rules/a.yaml", "absence: {within: 12h}", "count: {at_least: 1, within: 1m}", "rules/a.yaml:11: out-of-range",
     "between 2 and 1000"},
    {"rules/a.yaml", "absence: {within: 12h}", "count: {at_least: 1001, within: 1m}", "rules/a.yaml:11: out-of-range",
     ""},
    {"rules/a.yaml", "absence: {within: 12h}", "count: {at_least: 99999999999, within: 1m}",
     "rules/a.yaml:11: out-of-range", ""},
    {"rules/a.yaml", "absence: {within: 12h}", "count: {at_least: 2.5, within: 1m}", "rules/a.yaml:11: bad-number",
     "whole number"},
    {"rules/a.yaml", "absence: {within: 12h}", "count: {at_least: 3}", "rules/a.yaml:11: missing-key", "'within'"},
    {"rules/a.yaml", "    absence: {within: 12h}\n", "", "rules/a.yaml:7: rule-operator", "one of"},
    {"rules/a.yaml", "absence:", "count: {at_least: 3, within: 1m}\n    absence:", "rules/a.yaml:7: rule-operator",
     "one of"},
    {"rules/a.yaml", "absence:", "during: {}\n    absence:", "rules/a.yaml:11: missing-key", "'hours' or 'days'"},
    {"rules/a.yaml", "absence:", "during: {hours: night}\n    absence:", "rules/a.yaml:11: bad-hours", "22:00-06:00"},
    {"rules/a.yaml", "within: e", "within: ee", "rules/a.yaml:9: unknown-place", "'ee'"},
    {"rules/a.yaml", "within: e", "devices: [motion-2]", "rules/a.yaml:9: unknown-device", "did you mean 'motion-1'"},
    {"rules/a.yaml", "within: e", "devices: [smoke-1]", "rules/a.yaml:9: rule-device", "never hear"},
    {"rules/a.yaml", "within: e", "devices: [gate]", "rules/a.yaml:9: rule-device", "never hear"},
    {"rules/a.yaml", "key: home", "key: house", "rules/a.yaml:10: unknown-word", "did you mean 'home'"},
    {"rules/a.yaml", "severity: red", "severity: read", "rules/a.yaml:6: unknown-word", "did you mean 'red'"},
    {"rules/a.yaml", "incident: fire", "incident: fyre", "rules/a.yaml:6: unknown-incident", "did you mean 'fire'"},
    {"rules/a.yaml", "join: home", "join: street", "rules/a.yaml:12: unknown-word", "level to join at"},
    {"rules/a.yaml", "rules:\n",
     "rules:\n  - {id: x, kinds: smoke, where: \"a == b\", threshold: {raise: \"a > 1\"}, alert: {}}\n",
     "rules/a.yaml:2: missing-key", "'incident'"},
};

const model::Place& place(const model::Policy& p, std::string_view code) {
    return p.places[p.place_by_code.find(code)->second.value];
}

}  // namespace

TEST_CASE("each slip is found at its line, with a word on how to mend it") {
    for (const Slip& slip : slips) {
        CAPTURE(slip.finding);
        CAPTURE(slip.to);
        const Compiled compiled = compile(changed(mini(), slip.file, slip.from, slip.to), nullptr, 1);
        REQUIRE_FALSE(compiled.findings.empty());
        CHECK_FALSE(compiled.policy);
        CHECK_MESSAGE(codes(compiled.findings).front() == slip.finding, lines(compiled.findings));
        CHECK_MESSAGE(compiled.findings.front().message.find(slip.says) != std::string::npos, lines(compiled.findings));
    }
}

TEST_CASE("several slips are found in one run, in order of file and line") {
    Files files = changed(mini(), "rules/a.yaml", "severity: red", "severity: rad");
    files = changed(files, "matrix.yaml", "ack: 2m", "ack: soon");
    files = changed(files, "matrix.yaml", "stairwell", "stairs");
    files = changed(files, "devices.yaml", "kind: motion", "kind: notion");
    files.erase("duty.yaml");
    files["device.yaml"] = "";
    files["rules/b.yml"] = "";
    CHECK(codes(compile(files, nullptr, 1).findings) ==
          std::vector<std::string>{"device.yaml:1: unknown-file", "devices.yaml:4: unknown-word",
                                   "duty.yaml:1: file-missing", "matrix.yaml:3: unknown-word",
                                   "matrix.yaml:8: bad-duration", "rules/a.yaml:6: unknown-word",
                                   "rules/b.yml:1: unknown-file"});
}

TEST_CASE("one broken file does not make a finding of every name it would have declared") {
    Files files = mini();
    files["community.yaml"] = "community: [\n";
    CHECK(codes(compile(files, nullptr, 1).findings) == std::vector<std::string>{"community.yaml:2: yaml-syntax"});
    files.erase("community.yaml");
    CHECK(codes(compile(files, nullptr, 1).findings) == std::vector<std::string>{"community.yaml:1: file-missing"});
    CHECK(compile({}, nullptr, 1).findings.size() == 5);
}

TEST_CASE("what is read stands in the policy") {
    const auto p = must_compile(mini());
    CHECK(p->version == 1);
    CHECK(p->digest == digest_of(mini()));
    CHECK(p->community == "c");
    CHECK(p->community_name == model::Names{"社区", "Community"});
    CHECK(p->places[p->root.value].code == "c");
    CHECK(place(*p, "h").level == PlaceLevel::home);
    CHECK(place(*p, "h").use == PlaceUse::home);
    CHECK(place(*p, "f").use == PlaceUse::stairwell);
    CHECK(place(*p, "b").use == PlaceUse::public_area);
    CHECK(place(*p, "p").use == PlaceUse::parking);
    CHECK(place(*p, "h").name.zh == "h");
    CHECK(p->places[place(*p, "h").parent.value].code == "f");
    CHECK(p->places[place(*p, "c").parent.value].code == "s");
    CHECK(place(*p, "e").estate_type == model::EstateType::old_estate);

    REQUIRE(p->devices.size() == 3);
    CHECK(p->devices[0].is_gateway);
    CHECK(p->devices[1].gateway == model::DeviceId{0U});
    CHECK(p->devices[1].kind == model::SignalKind::smoke);
    CHECK_FALSE(p->devices[2].gateway.valid());

    REQUIRE(p->duty.size() == 5);
    CHECK(p->duty[0].hours == model::Schedule{0, 1440, 0x7f});
    CHECK(p->duty[0].channels == std::vector{model::Channel::screen, model::Channel::sms});
    CHECK(p->duty[3].hours == model::Schedule{1200, 480, 0x7f});
    CHECK(p->duty[3].line == 5);

    REQUIRE(p->matrix.size() == 3);  // the second row has two spans of hours
    CHECK(p->matrix[0].line == 2);
    CHECK(p->matrix[0].lead == model::Role::property_manager);
    CHECK(p->matrix[0].acknowledge == base::minutes(2));
    CHECK(p->matrix[1].line == 11);
    CHECK(p->matrix[2].line == 11);

    REQUIRE(p->rules.size() == 2);
    CHECK(p->rules[0].cause == p->cause_by_name.find("fire")->second);
    CHECK(p->rules[0].join == PlaceLevel::unit);
    CHECK(p->rules[0].clear->value.number == 0);
    CHECK(p->rules[1].op == model::Operator::absence);
    CHECK(p->rules[1].within == base::hours(12));
    CHECK(p->rules[1].key == model::KeyLevel::home);
    CHECK(p->rules[1].within_places.size() == 1);
    CHECK(p->ladder.climb[3] == base::hours(4));
}

TEST_CASE("a rule with everything in it") {
    const auto p = must_compile(changed(mini(), "rules/a.yaml", "rules:\n", R"(rules:
  - id: all
    name: {zh: 全, en: All}
    kinds: [gas, smoke]
    within: [b, p]
    devices: smoke-1
    key: building
    where: ["level >= -2.5", "mode != 'quiet hours'", test == false]
    threshold: {raise: "lel > 20", clear: "lel <= 10", hold: 10s, repeat: 5m}
    during: {hours: "22:00-06:00", days: [sat, sun]}
    cooldown: 10m
    auto_clear: 30m
    alert: {incident: fire, cause: gas, severity: yellow, join: estate}
)"));
    const model::Rule& r = p->rules[0];
    CHECK(r.file == "rules/a.yaml");
    CHECK(r.line == 2);
    CHECK(r.kinds == ((1U << static_cast<unsigned>(model::SignalKind::gas)) |
                      (1U << static_cast<unsigned>(model::SignalKind::smoke))));
    CHECK(r.within_places.size() == 2);
    CHECK(r.only_devices.size() == 1);
    CHECK(r.key == model::KeyLevel::building);
    REQUIRE(r.where.size() == 3);
    CHECK(p->fields[r.where[0].field.value] == "level");
    CHECK(r.where[0].compare == model::Compare::at_least);
    CHECK(r.where[0].value.number == -2.5);
    CHECK(r.where[1].compare == model::Compare::not_equal);
    CHECK(p->symbols[r.where[1].value.index] == "quiet hours");
    CHECK(r.where[2].value.type == model::ValueType::boolean);
    CHECK(r.raise.compare == model::Compare::above);
    CHECK(r.clear->compare == model::Compare::at_most);
    CHECK(r.hold == base::seconds(10));
    CHECK(r.repeat == base::minutes(5));
    CHECK(r.during == model::Schedule{1320, 360, 0x60});
    CHECK(r.cooldown == base::minutes(10));
    CHECK(r.auto_clear == base::minutes(30));
    CHECK(p->causes[r.cause.value] == "gas");
    CHECK(r.severity == model::Severity::yellow);
    CHECK(r.join == PlaceLevel::estate);
}

TEST_CASE("a sequence, with alternatives and exclusions") {
    const auto p = must_compile(changed(mini(), "rules/a.yaml", "rules:\n", R"(rules:
  - id: seq
    estates: [old]
    key: unit
    where: {none: ["test == true"]}
    sequence:
      within: 10m
      events:
        - {kind: smoke, where: [{any: ["a == 1", "b == 2"]}, "c == 3"], at_least: 3}
        - {kinds: [gas]}
        - {kind: gas, where: "ok == true", absent: 5m}
      unless: {kind: gas, where: "lel == 0"}
    alert: {incident: fire, severity: yellow}
  - id: tog
    kinds: [smoke, gas]
    together: {within: 1m, at_least: 2, events: [{kind: smoke}, {kind: gas, where: "x > 1"}, {where: "y > 1"}]}
    alert: {incident: fire, severity: yellow}
)"));
    const auto bit = [](model::SignalKind k) { return 1U << static_cast<unsigned>(k); };
    const std::uint32_t both = bit(model::SignalKind::smoke) | bit(model::SignalKind::gas);
    const model::Rule& r = p->rules[0];
    CHECK(r.op == model::Operator::sequence);
    CHECK(r.kinds == both);
    REQUIRE(r.within_places.size() == 1);
    CHECK(p->places[r.within_places[0].value].code == "e");
    REQUIRE(r.where.size() == 1);
    CHECK(r.where[0].negated);
    REQUIRE(r.events.size() == 3);
    CHECK(r.events[0].at_least == 3);
    REQUIRE(r.events[0].where.size() == 3);
    CHECK(r.events[0].where[0].or_next);
    CHECK_FALSE(r.events[0].where[1].or_next);
    CHECK(r.events[2].absent);
    CHECK(r.hold == base::minutes(5));
    CHECK(r.unless.has_value());
    CHECK(p->rules[1].at_least == 2);
    CHECK(p->rules[1].kinds == both);
    CHECK(p->rules[1].events[2].kinds == 0);

    base::ByteWriter out;
    model::encode(*p, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->rules[0].events.size() == 3);
    CHECK(again->rules[0].where[0].negated);
}

TEST_CASE("what a rule does with its events is its identity, the order of alternatives is not") {
    const auto with = [](const std::string& events) {
        return must_compile(changed(mini(), "rules/a.yaml", "rules:\n",
                                    "rules:\n  - id: seq\n    sequence: {within: 10m, events: " + events +
                                        "}\n    alert: {incident: fire, severity: yellow}\n"))
            ->rules[0]
            .identity;
    };
    const auto one = with(R"([{kind: smoke, where: {any: ["a == 1", "b == 2"]}}, {kind: gas}])");
    CHECK(one == with(R"([{kind: smoke, where: {any: ["b == 2", "a == 1"]}}, {kind: gas}])"));
    CHECK(one != with(R"([{kind: smoke, where: ["a == 1", "b == 2"]}, {kind: gas}])"));
    CHECK(one != with(R"([{kind: smoke, where: {none: ["a == 1", "b == 2"]}}, {kind: gas}])"));
    CHECK(one != with(R"([{kind: gas}, {kind: smoke, where: {any: ["a == 1", "b == 2"]}}])"));
    CHECK(one != with(R"([{kind: smoke, where: {any: ["a == 1", "b == 2"]}, at_least: 2}, {kind: gas}])"));
    CHECK(one != with(R"([{kind: smoke, where: {any: ["a == 1", "b == 2"]}}, {kind: gas, absent: 1m}])"));
}

TEST_CASE("what is wrong with a rule's events is named, line by line") {
    const auto wrong = [](const std::string& rule) {
        const auto files = changed(mini(), "rules/a.yaml", "rules:\n",
                                   "rules:\n  - id: seq\n" + rule + "    alert: {incident: fire, severity: yellow}\n");
        return lines(compile(files, nullptr, 1).findings);
    };
    CHECK(wrong("    sequence: {within: 10m, events: []}\n").find("rules/a.yaml:3: rule-events") != std::string::npos);
    CHECK(wrong("    sequence: {within: 10m}\n").find("rules/a.yaml:3: missing-key") != std::string::npos);
    CHECK(wrong("    sequence: {within: 10y, events: [{kind: gas}]}\n").find("rules/a.yaml:3: bad-duration") !=
          std::string::npos);
    CHECK(wrong("    sequence: {within: 3650d, events: [{kind: gas}]}\n").find("rules/a.yaml:3: out-of-range") !=
          std::string::npos);
    CHECK(wrong("    sequence: {within: 10m, events: [{kind: gas, absent: 1m}, {kind: gas}]}\n")
              .find("rules/a.yaml:3: unknown-key") != std::string::npos);
    CHECK(wrong("    sequence: {within: 10m, events: [{where: 'a == 1'}]}\n").find("rules/a.yaml:3: missing-key") !=
          std::string::npos);
    CHECK(wrong("    together: {within: 10m, at_least: 3, events: [{kind: gas}]}\n").find("rules/a.yaml:3: ") !=
          std::string::npos);
    CHECK(wrong("    kind: gas\n    where: {any: [a == 1], none: [b == 1]}\n    count: {at_least: 2, within: 1m}\n")
              .find("rules/a.yaml:4: rule-where") != std::string::npos);
    CHECK(wrong("    kind: gas\n    absence: {within: 1h, link: 5m}\n").find("rules/a.yaml:4: rule-link") !=
          std::string::npos);
    CHECK(wrong("    kind: gas\n    key: home\n    learned_absence: {within: 2h, least: 3h}\n")
              .find("rules/a.yaml:5: rule-learned") != std::string::npos);
    CHECK(wrong("    kind: gas\n    key: home\n    learned_absence: {within: 2h, away: 1h}\n")
              .find("rules/a.yaml:5: rule-learned") != std::string::npos);
    CHECK(wrong("    kind: gas\n    learned_absence: {within: 2h}\n").find("rules/a.yaml:4: rule-learned") !=
          std::string::npos);
    CHECK(wrong("    kind: gas\n    key: home\n    learned_absence: {within: 2h, false_alarms: 8}\n")
              .find("rules/a.yaml:5: ") != std::string::npos);
    CHECK(wrong("    kind: gas\n    key: home\n    learned_absence: {within: 2h, way_out: {kind: smoke}}\n")
              .find("rules/a.yaml:5: rule-events") != std::string::npos);
    CHECK(wrong("    kind: gas\n    estates: [mixed]\n    absence: {within: 1h}\n")
              .find("rules/a.yaml:4: rule-estates") != std::string::npos);
}

TEST_CASE("words are kept in clear though no rule compares them") {
    const auto p = must_compile(changed(mini(), "community.yaml", "estates:", "words: [emergency, 开]\nestates:"));
    CHECK(p->symbol_by_name.contains("emergency"));
    CHECK(p->symbol_by_name.contains("开"));
}

TEST_CASE("the canonical bytes of what is compiled are read back") {
    const auto p = must_compile(mini());
    base::ByteWriter out;
    model::encode(*p, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    base::ByteWriter second;
    model::encode(*again, second);
    CHECK(second.view() == out.view());
    CHECK(again->zone == p->zone);
}

TEST_CASE("a device of devices.yaml that the program has retired is read as if it stood there no more") {
    const auto first = must_compile(mini());
    Files files = mini();
    files["devices-added.yaml"] = "devices: []\nretired:\n  - \"motion-1\"\n  - \"long-gone\"\n";
    const auto second = must_compile(files, first.get());
    CHECK(second->devices.at(2).code == "motion-1");
    CHECK(second->devices.at(2).retired);
    CHECK_FALSE(second->devices.at(1).retired);
    // What still needs it says so, where it stands.
    files["devices-added.yaml"] = "devices: []\nretired: [gate]\n";
    const auto refused = compile(files, first.get(), 2);
    CHECK_FALSE(refused.policy);
    REQUIRE_FALSE(refused.findings.empty());
    CHECK(refused.findings.front().file == "devices.yaml");
    CHECK(refused.findings.front().line == 3);
    CHECK(refused.findings.front().code == "unknown-device");
    files["devices-added.yaml"] = "devices: []\nretired: [\"a b\"]\n";
    CHECK_FALSE(compile(files, first.get(), 2).policy);
}

TEST_CASE("numbers are kept from version to version, and what is gone is retired") {
    const auto first = must_compile(mini());
    Files files = changed(mini(), "community.yaml", "  - {id: p, parent: e, level: point, use: parking}\n", "");
    files = changed(files, "community.yaml", "places:\n", "places:\n  - {id: a, parent: e, level: building}\n");
    files = changed(files, "community.yaml", "  - {id: fire, name: {zh: 火情, en: Fire}}\n", "");
    files = changed(files, "community.yaml", "  - {id: noise,",
                    "  - {id: alarm, name: {zh: 警, en: Alarm}}\n  - {id: noise,");
    files = changed(files, "community.yaml", "grids:\n  - {id: g, places: [b]}\n", "");
    files = changed(files, "community.yaml",
                    "  - {id: gw, role: grid_worker, name: {zh: 网格员, en: Grid worker}, grids: [g]}\n", "");
    files = changed(files, "devices.yaml", "  - {id: smoke-1, kind: smoke, place: h, gateway: gate}\n",
                    "  - {id: new, kind: gas, place: a}\n");
    files = changed(files, "matrix.yaml", "[fire, noise]", "[alarm, noise]");
    files = changed(files, "matrix.yaml", "[fire, noise]", "[alarm, noise]");
    files = changed(files, "rules/a.yaml", "incident: fire", "incident: alarm");
    files = changed(files, "rules/a.yaml", "smoke == true", "alarm == true");
    const auto second = must_compile(files, first.get());

    CHECK(second->place_by_code.find("b")->second == first->place_by_code.find("b")->second);
    CHECK(second->place_by_code.find("p")->second == first->place_by_code.find("p")->second);
    CHECK(place(*second, "p").retired);
    CHECK_FALSE(place(*second, "b").retired);
    CHECK(second->place_by_code.find("a")->second.value == first->places.size());
    CHECK(second->incident_kinds[0].code == "fire");
    CHECK(second->incident_kinds[0].retired);
    CHECK(second->incident_kind_by_code.find("alarm")->second.value == 2);
    CHECK(second->grids.at(0).retired);
    CHECK(second->bodies.at(1).retired);
    CHECK(second->devices.at(1).retired);
    CHECK(second->device_by_code.find("new")->second.value == 3);
    CHECK(second->field_by_name.find("smoke")->second == first->field_by_name.find("smoke")->second);
    CHECK(second->field_by_name.contains("alarm"));
    CHECK(second->causes[0] == "fire");
    CHECK(check_matrix(*second).empty());  // a kind that is gone needs no row

    const auto third = must_compile(mini(), second.get());
    CHECK(third->device_by_code.find("smoke-1")->second == first->device_by_code.find("smoke-1")->second);
    CHECK_FALSE(third->devices.at(1).retired);
    CHECK_FALSE(third->incident_kinds[0].retired);
    CHECK(third->incident_kinds[2].retired);

    base::ByteWriter out;
    model::encode(*second, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->incident_kinds[0].retired);
}

TEST_CASE("a retired place whose parent has become narrower than it hangs from the community") {
    const auto first = must_compile(mini());
    Files files = changed(mini(), "community.yaml", "  - {id: f, parent: b, level: floor}\n", "");
    files = changed(files, "community.yaml", "{id: b, parent: e, level: building}", "{id: b, parent: e, level: home}");
    files = changed(files, "community.yaml", "{id: h, parent: f, level: home}", "{id: h, parent: b, level: room}");
    const auto second = must_compile(files, first.get());
    CHECK(place(*second, "f").retired);
    CHECK(place(*second, "f").parent == second->root);
    base::ByteWriter out;
    model::encode(*second, out);
    CHECK(model::decode_policy(out.view()));
}

TEST_CASE("a rule is known by what it does, whatever it is called and wherever it stands") {
    const auto first = must_compile(mini());
    const base::Digest smoke = first->rules[0].identity;
    const base::Digest still = first->rules[1].identity;
    CHECK(smoke != still);

    Files files = changed(mini(), "rules/a.yaml", "id: smoke", "id: smoke-of-another-name");
    files = changed(files, "rules/a.yaml", "zh: 烟感", "zh: 烟雾");
    files = changed(files, "rules/a.yaml", "kinds: [smoke]", "\n\n    kind: smoke");
    files = changed(files, "community.yaml", "places:\n", "places:\n  - {id: a, parent: e, level: building}\n");
    files =
        changed(files, "community.yaml", "incidents:\n", "incidents:\n  - {id: alarm, name: {zh: 警, en: Alarm}}\n");
    files = changed(files, "rules/a.yaml", "rules:\n", R"(rules:
  - {id: other, kinds: [gas], where: ["x == y", "battery > 1"], threshold: {raise: "gas == true"}, alert: {incident: alarm, severity: red}}
)");
    const auto second = must_compile(files);
    CHECK(second->rules[1].identity == smoke);
    CHECK(second->rules[2].identity == still);
    const auto third = must_compile(
        changed(files, "rules/a.yaml", R"(["x == y", "battery > 1"])", R"(["battery > 1.0", "x == 'y'"])"));
    CHECK(third->rules[0].identity == second->rules[0].identity);
}

TEST_CASE("any change of what a rule does makes it another rule") {
    const std::string base = R"(rules:
  - id: r
    kinds: [smoke, gas]
    within: [b]
    key: home
    where: ["test == false"]
    threshold: {raise: "level >= 10", clear: "level < 5", hold: 10s, repeat: 5m}
    during: {hours: "22:00-06:00"}
    cooldown: 10m
    auto_clear: 30m
    alert: {incident: fire, severity: red}
)";
    const std::pair<const char*, const char*> changes[] = {
        {"[smoke, gas]", "[smoke]"},
        {"within: [b]", "within: [f]"},
        {"    within: [b]\n", ""},
        {"    within: [b]\n", "    devices: [smoke-1]\n"},
        {"key: home", "key: unit"},
        {"test == false", "test == true"},
        {"test == false", "test != false"},
        {"test == false", "test == 0"},
        {"test == false", "text == false"},
        {"level >= 10", "level > 10"},
        {"level >= 10", "level >= 11"},
        {"level < 5", "level < 6"},
        {", clear: \"level < 5\"", ""},
        {"hold: 10s", "hold: 11s"},
        {"repeat: 5m", "repeat: 6m"},
        {"22:00", "23:00"},
        {"{hours: \"22:00-06:00\"}", "{hours: \"22:00-06:00\", days: [mon]}"},
        {"    during: {hours: \"22:00-06:00\"}\n", ""},
        {"cooldown: 10m", "cooldown: 11m"},
        {"auto_clear: 30m", "auto_clear: 31m"},
        {"incident: fire", "incident: noise"},
        {"severity: red", "severity: blue"},
        {"severity: red", "severity: red, cause: x"},
        {"severity: red", "severity: red, join: home"},
        {"threshold: {raise: \"level >= 10\", clear: \"level < 5\", hold: 10s, repeat: 5m}",
         "count: {at_least: 2, within: 1m}"},
        {"threshold: {raise: \"level >= 10\", clear: \"level < 5\", hold: 10s, repeat: 5m}",
         "count: {at_least: 3, within: 1m}"},
        {"threshold: {raise: \"level >= 10\", clear: \"level < 5\", hold: 10s, repeat: 5m}", "absence: {within: 1m}"},
    };
    Files files = mini();
    files["rules/b.yaml"] = base;
    std::vector<base::Digest> seen{must_compile(files)->rules[2].identity};
    for (const auto& [from, to] : changes) {
        const auto p = must_compile(changed(files, "rules/b.yaml", from, to));
        CAPTURE(to);
        CHECK(std::ranges::find(seen, p->rules[2].identity) == seen.end());
        seen.push_back(p->rules[2].identity);
    }
}

TEST_CASE("two rules that do the same are one too many") {
    Files files = mini();
    files["rules/b.yaml"] = changed(mini(), "rules/a.yaml", "id: smoke", "id: smoke-2").at("rules/a.yaml");
    files = changed(files, "rules/b.yaml", "12h", "11h");
    files = changed(files, "rules/b.yaml", "id: still", "id: still-2");
    const auto findings = compile(files, nullptr, 1).findings;
    CHECK(codes(findings) == std::vector<std::string>{"rules/b.yaml:2: rule-same"});
    CHECK(findings[0].message.find("rules/a.yaml:2") != std::string::npos);
}

TEST_CASE("a time zone keeps its changes") {
    const auto shanghai = must_compile(mini())->zone;
    CHECK(shanghai.name() == "Asia/Shanghai");
    CHECK(shanghai.offset_at(*base::parse_rfc3339("2026-07-01T00:00:00Z")) == base::hours(8));
    CHECK(shanghai.offset_at(*base::parse_rfc3339("1988-07-01T00:00:00Z")) ==
          base::hours(9));  // summer time of those years
    const auto berlin = must_compile(changed(mini(), "community.yaml", "Asia/Shanghai", "Europe/Berlin"))->zone;
    CHECK(berlin.offset_at(*base::parse_rfc3339("2026-07-01T00:00:00Z")) == base::hours(2));
    CHECK(berlin.offset_at(*base::parse_rfc3339("2026-12-01T00:00:00Z")) == base::hours(1));
    CHECK(shanghai.offset_at(*base::parse_rfc3339("2099-07-01T00:00:00Z")) == base::hours(8));
    CHECK(berlin.local(*base::parse_rfc3339("2026-03-29T01:00:00Z")).minute == 180);
    CHECK(must_compile(changed(mini(), "community.yaml", "Asia/Shanghai", "UTC"))->zone.offset_at(base::Time{0}) ==
          base::Duration{});
}

TEST_CASE("a rule keeps its number over versions; one that vanished watches nothing and keeps its names") {
    const auto rule = [](const char* id, const char* raise) {
        return std::string("  - {id: ") + id + ", kind: smoke, threshold: {raise: \"" + raise +
               "\"}, alert: {incident: fire, severity: red}}\n";
    };
    Files files = mini();
    std::erase_if(files, [](const auto& f) { return f.first.starts_with("rules/"); });
    files["rules/a.yaml"] = "rules:\n" + rule("one", "smoke == true") + rule("two", "level > 3");
    const auto first = must_compile(files);
    files["rules/a.yaml"] = "rules:\n" + rule("three", "level > 5") + rule("two", "level > 3");
    const auto second = must_compile(files, first.get());
    REQUIRE(second->rules.size() == 3);
    CHECK(second->rules[0].code == "one");
    CHECK(second->rules[0].retired);
    CHECK(second->rules[0].kinds == 0);
    CHECK(second->rules[1].code == "two");
    CHECK(second->rules[1].identity == first->rules[1].identity);
    CHECK(second->rules[2].code == "three");
    for (std::size_t i = 0; i < 3; ++i) CHECK(second->rules[i].id == model::RuleId{i});
    // And back again.
    files["rules/a.yaml"] = "rules:\n" + rule("one", "smoke == true");
    const auto third = must_compile(files, second.get());
    CHECK_FALSE(third->rules[0].retired);
    CHECK(third->rules[1].retired);
    CHECK(third->rules[2].retired);
}

TEST_CASE("the calendar: read, and told where it cannot be meant") {
    const auto with = [](std::string_view years) {
        Files files = mini();
        files["calendar.yaml"] = "years:\n" + std::string(years);
        return files;
    };
    const auto p =
        must_compile(with("  - {year: 2026, off: [2026-10-01..2026-10-07, 2026-01-01], work: 2026-10-10}\n"));
    const auto class_of = [&](unsigned month, unsigned day) {
        const std::uint32_t number = base::day_number(2026, month, day);
        return p->calendar.class_of(number, (number + 3) % 7);
    };
    CHECK(class_of(1, 1) == model::DayClass::holiday);
    CHECK(class_of(1, 2) == model::DayClass::workday);
    CHECK(class_of(10, 3) == model::DayClass::holiday);  // a Saturday, and off
    CHECK(class_of(10, 10) == model::DayClass::workday);
    CHECK(class_of(10, 11) == model::DayClass::weekend);
    CHECK(p->calendar.speaks_of(2026));
    CHECK_FALSE(p->calendar.speaks_of(2027));

    using Codes = std::vector<std::string>;
    const auto found = [&](std::string_view years) { return codes(compile(with(years), nullptr, 1).findings); };
    CHECK(found("  - {year: 2026, off: [2026-02-30]}\n") == Codes{"calendar.yaml:2: bad-date"});
    CHECK(found("  - {year: 2026, off: [2027-01-01]}\n") == Codes{"calendar.yaml:2: bad-date"});
    CHECK(found("  - {year: 2026, off: [2026-10-07..2026-10-01]}\n") == Codes{"calendar.yaml:2: bad-date"});
    CHECK(found("  - year: 2026\n    off: [2026-10-01..2026-10-03, 2026-10-03]\n") ==
          Codes{"calendar.yaml:3: doubled-item"});
    CHECK(found("  - year: 2026\n    off: [2026-10-03]\n    work: [2026-10-03]\n") ==
          Codes{"calendar.yaml:4: doubled-item"});
    CHECK(found("  - {year: 2026, off: []}\n  - {year: 2026, off: []}\n") == Codes{"calendar.yaml:3: doubled-item"});
    CHECK(found("  - {year: 2026, off: [], work: [2026-10-09]}\n") == Codes{"calendar.yaml:2: calendar-work"});
    CHECK(found("  - {year: 2026, offf: []}\n") ==
          Codes{"calendar.yaml:2: unknown-key", "calendar.yaml:2: missing-key"});

    // Classes of days need it; and say something else than weekdays.
    const Files asks = changed(mini(), "rules/a.yaml", "absence:", "during: {days: holidays}\n    absence:");
    CHECK(codes(compile(asks, nullptr, 1).findings) == Codes{"rules/a.yaml:11: calendar-missing"});
    Files both = asks;
    both["calendar.yaml"] = "years:\n  - {year: 2026, off: []}\n";
    CHECK(must_compile(both)->rules[1].during == model::Schedule{0, 1440, 0, 4});
    const auto of = [&](const char* days) {
        return must_compile(changed(both, "rules/a.yaml", "days: holidays", days))->rules[1].identity;
    };
    CHECK(of("days: [workdays]") != of("days: [holidays]"));
}

TEST_CASE("rules by person and by gateway hear only devices that have one") {
    using Codes = std::vector<std::string>;
    const auto found = [](const Files& files) { return codes(compile(files, nullptr, 1).findings); };
    const Files by_person = changed(mini(), "rules/a.yaml", "key: home", "key: person");
    CHECK(found(by_person) == Codes{"rules/a.yaml:10: rule-key"});
    const auto p = must_compile(
        changed(by_person, "devices.yaml", "kind: motion, place: h", "kind: motion, place: h, person: e-7"));
    CHECK(p->persons == std::vector<std::string>{"e-7"});
    CHECK(p->devices[2].person == model::WatchedId{0U});
    // The number stays, whoever comes before.
    const auto next = must_compile(
        changed(changed(mini(), "devices.yaml", "kind: motion, place: h", "kind: motion, place: h, person: e-7"),
                "devices.yaml", "kind: smoke, place: h", "kind: smoke, place: h, person: e-1"),
        p.get());
    CHECK(next->devices[2].person == model::WatchedId{0U});
    CHECK(next->devices[1].person == model::WatchedId{1U});
    CHECK(found(changed(mini(), "devices.yaml", "gateway: true, place: e", "gateway: true, place: e, person: e-7")) ==
          Codes{"devices.yaml:2: device-gateway"});
    const Files by_gateway = changed(mini(), "rules/a.yaml", "key: home", "key: gateway");
    CHECK(found(by_gateway) == Codes{"rules/a.yaml:10: rule-key"});
    must_compile(
        changed(by_gateway, "devices.yaml", "kind: motion, place: h", "kind: motion, place: h, gateway: gate"));
}

TEST_CASE("what has changed, and what is flat") {
    using Codes = std::vector<std::string>;
    const auto with = [](const char* where, const char* flat = "") {
        return changed(mini(), "rules/a.yaml", "absence: {within: 12h}",
                       std::string("where: ") + where + "\n    absence: {within: 12h" + flat + "}");
    };
    const auto found = [&](const Files& files) { return codes(compile(files, nullptr, 1).findings); };
    const auto p = must_compile(with("\"contact changed\"", ", flat: \"battery <= 5\""));
    REQUIRE(p->rules[1].where.size() == 1);
    CHECK(p->rules[1].where[0].compare == model::Compare::changed);
    REQUIRE(p->rules[1].flat.size() == 1);
    CHECK(p->rules[1].identity != must_compile(with("\"contact changed\""))->rules[1].identity);
    must_compile(with("{any: [\"contact changed\", \"occupancy == true\"]}",
                      ", flat: {any: [\"battery <= 5\", \"battery_low == true\"]}"));
    CHECK(found(with("\"changed\"")) == Codes{"rules/a.yaml:11: bad-comparison"});
    CHECK(found(with("\"con tact changed\"")) == Codes{"rules/a.yaml:11: bad-comparison"});
    CHECK(found(with("\"contact changed\"", ", flat: \"battery changed\"")) ==
          Codes{"rules/a.yaml:12: bad-comparison"});
    CHECK(found(changed(mini(), "rules/a.yaml", "raise: \"smoke == true\"", "raise: \"smoke changed\"")) ==
          Codes{"rules/a.yaml:5: bad-comparison"});
}

TEST_CASE("a rule that refers to itself, and a window of ten years, are told where they stand") {
    using Codes = std::vector<std::string>;
    const auto told = [](const char* rule) {
        Files files = mini();
        files["rules/b.yaml"] = "rules:\n  - id: self\n    kinds: [motion]\n" + std::string(rule) +
                                "    alert: {incident: fire, severity: red}\n";
        return codes(compile(files, nullptr, 1).findings);
    };
    // By an alias, in whatever form: a list in itself, a rule in itself, a merge.
    CHECK(told("    sequence: {within: 1m, events: &e [{kind: motion}, *e]}\n") ==
          Codes{"rules/b.yaml:4: yaml-anchor"});
    CHECK(told("    sequence:\n      within: 1m\n      events:\n        - &e {kind: motion}\n        - *e\n") ==
          Codes{"rules/b.yaml:7: yaml-anchor"});
    CHECK(told("    <<: &r\n      <<: *r\n    count: {at_least: 2, within: 1m}\n") ==
          Codes{"rules/b.yaml:4: yaml-anchor"});
    CHECK(told("    count: {at_least: 2, within: 1m}\n    <<: {key: home}\n") == Codes{"rules/b.yaml:5: unknown-key"});
    // By its name: a rule hears signals, never alerts.
    CHECK(told("    sequence: {within: 1m, events: [{kind: motion}, {rule: self}]}\n") ==
          Codes{"rules/b.yaml:4: rule-rule"});
    CHECK(told("    sequence: {within: 1m, events: [{kind: motion}], unless: {rule: self}}\n") ==
          Codes{"rules/b.yaml:4: rule-rule"});
    CHECK(told("    where: self\n    count: {at_least: 2, within: 1m}\n") == Codes{"rules/b.yaml:4: bad-comparison"});

    for (const char* span : {"3650d", "31d", "99999999999d", "10y"}) {
        CAPTURE(span);
        const std::string code =
            span == std::string("3650d") || span == std::string("31d") ? "out-of-range" : "bad-duration";
        const auto at = [&](const char* rule) {
            std::string text = rule;
            text.replace(text.find('@'), 1, span);
            return told(text.c_str());
        };
        const Codes there{"rules/b.yaml:4: " + code};
        CHECK(at("    count: {at_least: 2, within: @}\n") == there);
        CHECK(at("    absence: {within: @}\n") == there);
        CHECK(at("    sequence: {within: @, events: [{kind: motion}]}\n") == there);
        CHECK(at("    together: {within: @, events: [{kind: motion}]}\n") == there);
        CHECK(at("    sequence: {within: 1m, events: [{kind: motion}, {kind: motion, absent: @}]}\n") == there);
        CHECK(at("    threshold: {raise: \"occupancy == true\", hold: @}\n") == there);
        CHECK(at("    where: \"a == 1\"\n    absence: {within: 1h, link: @}\n") == Codes{"rules/b.yaml:5: " + code});
    }
}

TEST_CASE("severity that rises and falls: read, and told where it cannot be meant") {
    const auto with = [](const std::string& severity, const char* more = "") {
        return changed(changed(mini(), "rules/a.yaml", "severity: red}", "severity: yellow, " + severity + "}"),
                       "rules/a.yaml", "    alert: {incident: fire", std::string(more) + "    alert: {incident: fire");
    };
    const auto p =
        must_compile(with("rise: [{after: 10m, to: orange}, {after: 30m, to: red}], fall: {after: 15m, to: blue}"));
    CHECK(p->rules[0].rise == std::vector<model::SeverityStep>{{base::minutes(10), model::Severity::orange},
                                                               {base::minutes(30), model::Severity::red}});
    CHECK(p->rules[0].fall == model::SeverityStep{base::minutes(15), model::Severity::blue});
    // What a rule says of its severity is part of what it does; one that says nothing is as it was.
    CHECK(p->rules[0].identity != must_compile(with("rise: {after: 10m, to: orange}"))->rules[0].identity);
    CHECK(p->rules[1].identity == must_compile(mini())->rules[1].identity);

    const auto found = [&](const char* severity) { return codes(compile(with(severity), nullptr, 1).findings); };
    using Codes = std::vector<std::string>;
    CHECK(found("rise: {after: 10m, to: blue}") == Codes{"rules/a.yaml:6: rule-rise"});
    CHECK(found("rise: [{after: 10m, to: red}, {after: 20m, to: orange}]") == Codes{"rules/a.yaml:6: rule-rise"});
    CHECK(found("rise: [{after: 10m, to: orange}, {after: 10m, to: red}]") == Codes{"rules/a.yaml:6: rule-rise"});
    CHECK(found("rise: []") == Codes{"rules/a.yaml:6: rule-rise"});
    CHECK(found("rise: [{after: 10y, to: orange}]") == Codes{"rules/a.yaml:6: bad-duration"});
    CHECK(found("rise: [{after: 3650d, to: orange}]") == Codes{"rules/a.yaml:6: out-of-range"});
    CHECK(found("fall: {after: 10m, to: yellow}") == Codes{"rules/a.yaml:6: rule-fall"});
    CHECK(found("fall: {to: blue}") == Codes{"rules/a.yaml:6: missing-key"});
    const Files count =
        changed(with("fall: {after: 10m, to: blue}"), "rules/a.yaml",
                "threshold: {raise: \"smoke == true\", clear: \"smoke == false\"}", "count: {at_least: 3, within: 1m}");
    CHECK(codes(compile(count, nullptr, 1).findings) == Codes{"rules/a.yaml:6: rule-fall"});
    must_compile(changed(count, "rules/a.yaml", "within: 1m}", "within: 1m}\n    auto_clear: 5m"));
}

TEST_CASE("what parts two causes: read, and told where no floor can lie between") {
    const auto with = [](const char* alert, const char* floor) {
        return changed(changed(mini(), "rules/a.yaml", "severity: red}", std::string("severity: red, ") + alert + "}"),
                       "community.yaml", "level: floor}", floor);
    };
    const auto p = must_compile(with("parted_by: silent_floor", "level: floor, storey: -2}"));
    CHECK(p->rules[0].parted_by_silent_floor);
    CHECK_FALSE(p->rules[1].parted_by_silent_floor);
    CHECK(p->places[p->place_by_code.find("f")->second.value].storey == -2);
    CHECK(p->rules[0].identity != must_compile(mini())->rules[0].identity);
    CHECK(p->rules[1].identity == must_compile(mini())->rules[1].identity);

    const auto found = [&](const char* alert, const char* floor = "level: floor, storey: 1}") {
        return codes(compile(with(alert, floor), nullptr, 1).findings);
    };
    using Codes = std::vector<std::string>;
    CHECK(found("parted_by: silent_floor", "level: floor}") == Codes{"rules/a.yaml:6: rule-parted"});
    CHECK(found("parted_by: silent_floor, join: home") == Codes{"rules/a.yaml:6: rule-parted"});
    CHECK(found("parted_by: silence") == Codes{"rules/a.yaml:6: unknown-word"});
    CHECK(found("parted_by: [silent_floor]") == Codes{"rules/a.yaml:6: wrong-type"});
}

TEST_CASE("how far a rule must be right: read, and refused where an alert waits for nobody") {
    const auto with = [](const char* severity, const char* kind, const char* precision) {
        Files files = changed(mini(), "rules/a.yaml", "severity: red}",
                              std::string("severity: ") + severity + "}\n    precision: " + precision);
        return changed(std::move(files), "rules/a.yaml", "kinds: [smoke]", std::string("kinds: [") + kind + "]");
    };
    const auto p =
        must_compile(with("orange", "gathering", "{target: 0.5, quiet_below: 0.125, scene: zone, look_within: 90s}"));
    const auto& precision = p->rules[0].precision;
    REQUIRE(precision);
    CHECK(precision->target == 500);
    CHECK(precision->quiet_below == 125);
    CHECK(p->fields[precision->scene.value] == "zone");
    CHECK(precision->look_within == base::seconds(90));
    CHECK_FALSE(p->rules[1].precision);
    const auto plain = must_compile(with("orange", "gathering", "{target: 0.9}"));
    CHECK(plain->rules[0].precision == model::Precision{.target = 900});
    CHECK(plain->rules[0].identity == p->rules[0].identity);  // its windows go on
    base::ByteWriter out;
    encode(*p, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->rules[0].precision == precision);

    using Codes = std::vector<std::string>;
    const auto found = [&](const char* severity, const char* kind, const char* precision_given) {
        return codes(compile(with(severity, kind, precision_given), nullptr, 1).findings);
    };
    CHECK(found("red", "gathering", "{target: 0.5}") == Codes{"rules/a.yaml:7: rule-precision"});
    for (const char* kind : {"smoke", "gas", "one_key", "elder_bracelet", "child_bracelet", "gathering, smoke"})
        CHECK(found("orange", kind, "{target: 0.5}") == Codes{"rules/a.yaml:7: rule-precision"});
    CHECK(found("orange", "gathering", "{target: 0.5, quiet_below: 0.5}") == Codes{"rules/a.yaml:7: rule-precision"});
    CHECK(found("orange", "gathering", "{quiet_below: 0.1}") == Codes{"rules/a.yaml:7: missing-key"});
    CHECK(found("orange", "gathering", "{target: 50}") == Codes{"rules/a.yaml:7: out-of-range"});
    CHECK(found("orange", "gathering", "{target: half}") == Codes{"rules/a.yaml:7: out-of-range"});
    CHECK(found("orange", "gathering", "{target: 0.5, scene: \"a b\"}") == Codes{"rules/a.yaml:7: bad-code"});
    CHECK(found("orange", "gathering", "{target: 0.5, look_within: 2h}") == Codes{"rules/a.yaml:7: out-of-range"});
    CHECK(found("orange", "gathering", "{target: 0.5, look: 2m}") == Codes{"rules/a.yaml:7: unknown-key"});
    CHECK(found("orange", "gathering", "0.5") == Codes{"rules/a.yaml:7: wrong-type"});
}

TEST_CASE("a hundred thousand devices compile") {
    Files files = mini();
    std::string& devices = files["devices.yaml"];
    for (int i = 0; i < 100'000; ++i) {
        const std::string n = std::to_string(i);
        devices += "  - {id: many-" + n + ", kind: smoke, place: h, gateway: gate}\n";
    }
    const auto p = must_compile(files);
    CHECK(p->devices.size() == 100'003);
    CHECK(must_compile(files, p.get())->devices.size() == 100'003);

    // As many slips as devices: the first thousand are told.
    files["community.yaml"] = changed(mini(), "community.yaml", "{id: h, ", "{id: hh, ").at("community.yaml");
    CHECK(compile(files, nullptr, 1).findings.size() == 1001);
}

}  // namespace shoumen::policy
