#include "doors/payload/mapped.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"

using namespace shoumen;
using namespace shoumen::doors;
using model::Map;
using model::MapDevice;
using model::MapTopic;

namespace {

std::vector<std::string> levels(std::string_view text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c == '/')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

MapTopic entry(std::string_view topic, MapDevice device = MapDevice::topic) {
    MapTopic t;
    t.levels = levels(topic);
    t.device = device;
    t.values = {""};
    return t;
}

std::vector<Map> one(MapTopic topic) {
    Map map;
    map.code = "m";
    map.topics = {std::move(topic)};
    return {map};
}

std::string words(const model::FlatSignal& s) {
    std::string out(s.device);
    if (!s.kind.empty()) out += " " + std::string(s.kind);
    if (!s.id.empty()) out += " #" + std::string(s.id);
    if (!s.time.empty()) out += " @" + std::string(s.time);
    for (const auto& v : s.values) {
        out += " " + std::string(v.name) + "=";
        if (const auto* b = std::get_if<bool>(&v.value)) out += *b ? "true" : "false";
        if (const auto* d = std::get_if<double>(&v.value)) out += fmt::format("{}", *d);
        if (const auto* t = std::get_if<std::string_view>(&v.value)) out += "'" + std::string(*t) + "'";
        if (std::holds_alternative<std::monostate>(v.value)) out += "null";
    }
    return out;
}

// What becomes of a payload, several signals parted by "; ".
std::string read(const std::vector<Map>& maps, std::string_view topic, std::string_view payload) {
    static MappedReader reader;
    const auto fit = fitting(maps, topic);
    if (!fit) return "no map";
    const auto count = reader.read(*fit, "own-1", payload);
    if (!count) return count.error().code;
    std::string out;
    for (std::size_t i = 0; i < *count; ++i) {
        const auto signal = reader.signal(i);
        out += (i > 0 ? "; " : "") + (signal ? words(*signal) : signal.error().code);
    }
    return out;
}

}  // namespace

TEST_CASE("topics: literal levels, any one, the device, the rest") {
    const auto z = one(entry("z/{device}"));
    CHECK(read(z, "z/a", R"({"x":1})") == "a x=1");
    CHECK(read(z, "z/a/b", R"({"x":1})") == "no map");
    CHECK(read(z, "z", R"({"x":1})") == "no map");
    CHECK(read(z, "z/", R"({"x":1})") == "no map");
    CHECK(read(z, "y/a", R"({"x":1})") == "no map");
    const auto any = one(entry("app/+/device/{device}/event/#"));
    CHECK(read(any, "app/7/device/d/event/up", R"({"x":1})") == "d x=1");
    CHECK(read(any, "app/7/device/d/event/up/more", R"({"x":1})") == "d x=1");
    CHECK(read(any, "app/7/8/device/d/event/up", R"({"x":1})") == "no map");
}

TEST_CASE("topics found by their first level are those that going through all maps finds (seeds printed)") {
    static const std::vector<std::string> parts{"a", "b", "ab", "", "+", "{device}", "{w}"};
    const auto topic_of = [](base::SeededRandom& random, std::size_t kinds) {
        std::string out;
        for (std::size_t i = 0, n = 1 + random.below(4); i < n; ++i)
            out += (i > 0 ? "/" : "") + parts[random.below(kinds)];
        return out;
    };
    Topics topics;  // goes from policy to policy, as in a door
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        base::SeededRandom random(seed);
        const auto policy = std::make_shared<model::Policy>();
        for (std::size_t m = 0, n = random.below(4); m < n; ++m) {
            Map map;
            for (std::size_t t = 0, k = random.below(5); t < k; ++t) {
                std::string text = topic_of(random, parts.size());
                if (random.chance(0.2)) text += "/#";
                if (random.chance(0.05)) text = "#";
                map.topics.push_back(entry(text));
            }
            policy->maps.push_back(std::move(map));
        }
        for (int i = 0; i < 50; ++i) {
            const std::string topic = topic_of(random, 4);
            CAPTURE(topic);
            const auto slow = fitting(policy->maps, topic);
            const auto fast = topics.find(policy, topic);
            REQUIRE(slow.has_value() == fast.has_value());
            if (!slow) continue;
            CHECK(slow->map == fast->map);
            CHECK(slow->topic == fast->topic);
            CHECK(slow->device == fast->device);
        }
    }
    CHECK(!topics.find(nullptr, "a"));
}

TEST_CASE("values: plain members, others passed over, null kept, odd names made plain") {
    auto t = entry("z/{device}");
    t.time = "last_seen";
    t.id = "seq";
    t.reading.leave = {"linkquality"};
    t.reading.rename = {{"water_leak", "leak"}};
    t.reading.meanings = {{"state", "OPEN", "true"}, {"state", "*", "false"}, {"level", "low", "1.5"}};
    t.reading.kinds = {{"leak", "water_level"}, {"smoke", "smoke"}};
    t.reading.fields = {{"deep", "a.b"}};
    const auto m = one(t);
    CHECK(read(m, "z/a", R"({"smoke":true,"battery":null,"linkquality":3,"list":[1],"a":{"b":2}})") ==
          "a smoke smoke=true battery=null deep=2");
    CHECK(read(m, "z/a", R"({"water_leak":false,"last_seen":"2026-03-03T08:00:00+08:00","seq":7})") ==
          "a water_level #7 @2026-03-03T08:00:00+08:00 leak=false");
    CHECK(read(m, "z/a", R"({"x":1,"last_seen":1772496000000})") == "a @2026-03-03T00:00:00Z x=1");
    CHECK(read(m, "z/a", R"({"state":"OPEN","level":"low","other":"OPEN","empty":""})") ==
          "a state=true level=1.5 other='OPEN'");
    CHECK(read(m, "z/a", R"({"state":"AJAR"})") == "a state=false");
    CHECK(read(m, "z/a", R"({"x":1,"last_seen":1000})") == "a x=1 clock_unset=true");
    CHECK(read(m, "z/a", R"({"x":1,"last_seen":"1970-01-01T00:00:00Z"})") == "a x=1 clock_unset=true");
    CHECK(read(m, "z/a", R"({"温度 °C":21.5})").ends_with("=21.5"));
}

TEST_CASE("own, by a field, as members, arrays; devices by their name here") {
    auto tb = entry("v1/devices/me/telemetry", MapDevice::own);
    tb.time = "ts";
    tb.values = {"values", ""};
    CHECK(read(one(tb), "v1/devices/me/telemetry", R"({"t":1})") == "own-1 t=1");
    CHECK(read(one(tb), "v1/devices/me/telemetry", R"([{"t":1},{"ts":1772496000000,"values":{"t":2}}])") ==
          "own-1 t=1; own-1 @2026-03-03T00:00:00Z t=2");
    auto field = entry("up", MapDevice::field);
    field.device_path = "info.eui";
    field.values = {"object"};
    CHECK(read(one(field), "up", R"({"info":{"eui":"e1"},"object":{"t":1}})") == "e1 t=1");
    CHECK(read(one(field), "up", R"({"info":{},"object":{"t":1}})") == "missing-field");
    auto members = one(entry("gw", MapDevice::members));
    members[0].devices = {{"Device A", "a-1"}};
    CHECK(read(members, "gw", R"({"Device A":[{"t":1},{"t":2}],"b":{"t":3}})") == "a-1 t=1; a-1 t=2; b t=3");
}

TEST_CASE("a payload that is no JSON, where the map expects one") {
    auto t = entry("z/{device}/availability");
    t.values = {};
    t.reading.fields = {{"available", "state"}};
    t.plain = "available";
    t.reading.meanings = {{"available", "online", "true"}, {"available", "offline", "false"}};
    CHECK(read(one(t), "z/a/availability", "online") == "a available=true");
    CHECK(read(one(t), "z/a/availability", R"({"state":"offline"})") == "a available=false");
    CHECK(read(one(t), "z/a/availability", "gone") == "a available='gone'");
    CHECK(read(one(t), "z/a/availability", "\xff") == "bad-utf8");
}

TEST_CASE("what cannot be read") {
    const auto z = one(entry("z/{device}"));
    for (const auto& [payload, code] :
         std::initializer_list<std::pair<const char*, const char*>>{{"", "bad-json"},
                                                                    {"{", "bad-json"},
                                                                    {"7", "wrong-type"},
                                                                    {"[]", "no-reading"},
                                                                    {"[1]", "wrong-type"},
                                                                    {"{}", "no-reading"},
                                                                    {R"({"a":null})", "no-reading"},
                                                                    {R"({"a":[1],"b":{"c":1}})", "no-reading"},
                                                                    {R"({"a":1,"a":2})", "doubled-key"},
                                                                    {R"({"a":NaN})", "bad-number"},
                                                                    {"{\"a\":\"\xff\"}", "bad-utf8"}}) {
        CAPTURE(payload);
        CHECK(read(z, "z/a", payload) == code);
    }
    CHECK(read(z, "z/a", std::string(70'000, ' ')) == "too-large");
    CHECK(read(z, "z/a", std::string(40, '[') + std::string(40, ']')) == "bad-json");
    auto timed = entry("z/{device}");
    timed.time = "ts";
    CHECK(read(one(timed), "z/a", R"({"a":1,"ts":true})") == "bad-time");
    CHECK(read(one(timed), "z/a", R"({"a":1,"ts":1e300})") == "bad-time");
}
