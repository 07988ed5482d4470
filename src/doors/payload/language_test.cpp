// What a map can say beyond plain JSON: XML, bytes, cases, lists. Maps are made here by hand; their file form is room
// policy's.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "doors/payload/mapped.hpp"

#include "bytes.hpp"

using namespace shoumen;
using namespace shoumen::doors;
using model::Map;
using model::MapCase;
using model::MapDevice;
using model::MapForm;
using model::MapNumber;
using model::MapTopic;

namespace {

MapTopic entry(MapForm form = MapForm::json) {
    MapTopic t;
    t.levels = {"t", "{device}"};
    t.form = form;
    t.values = {""};
    return t;
}

std::string written(const model::FlatValue& v) {
    if (const auto* b = std::get_if<bool>(&v.value)) return *b ? "true" : "false";
    if (const auto* d = std::get_if<double>(&v.value)) return fmt::format("{}", *d);
    if (const auto* t = std::get_if<std::string_view>(&v.value)) return "'" + std::string(*t) + "'";
    return "null";
}

std::string words(const model::FlatSignal& s) {
    std::string out(s.device);
    if (!s.kind.empty()) out += " " + std::string(s.kind);
    if (!s.time.empty()) out += " @" + std::string(s.time);
    if (!s.evidence.empty()) out += " &" + std::string(s.evidence);
    for (const auto& v : s.values) out += fmt::format(" {}={}", v.name, written(v));
    return out;
}

std::string read(const MapTopic& topic, std::string_view payload, std::string_view on = "t/d") {
    static MappedReader reader;
    static std::vector<Map> maps;
    maps.assign(1, Map{});
    maps[0].topics = {topic};
    const auto fit = fitting(maps, on);
    if (!fit) return "no map";
    const auto count = reader.read(*fit, "own", payload);
    if (!count) return count.error().code;
    if (*count == 0) return "ignored";
    std::string out;
    for (std::size_t i = 0; i < *count; ++i) {
        const auto signal = reader.signal(i);
        out += (i > 0 ? "; " : "") + (signal ? words(*signal) : signal.error().code);
    }
    return out;
}

MapCase when(std::string path, std::vector<std::string> texts) {
    MapCase c;
    c.when = {{std::move(path), std::move(texts)}};
    return c;
}

}  // namespace

TEST_CASE("XML: elements, attributes, prefixes, what is a number and what is not") {
    auto t = entry(MapForm::xml);
    CHECK(
        read(t, "<a><x>1</x><n:y>true</n:y><z/><card>0012345</card><phone>13900000000000001</phone><w> two </w></a>") ==
        "d x=1 y=true card='0012345' phone='13900000000000001' w='two'");
    CHECK(read(t, "<a><x><![CDATA[a<b]]></x><y>&lt;&#65;</y></a>") == "d x='a<b' y='<A'");
    t.values = {};
    t.reading.fields = {{"v", "b.c.@d"}, {"none", "b.q"}};
    CHECK(read(t, R"(<?xml version="1.0"?><p:a xmlns:p="u"><p:b><p:c n:d="7"/></p:b></p:a>)") == "d v=7");
    t.reading.meanings = {{"v", "7", "true"}};
    CHECK(read(t, R"(<a><b><c d="7"/></b></a>)") == "d v=true");
    t.time = "b.@t";
    CHECK(read(t, R"(<a><b t="2026-03-03T08:00:00+08:00"><c d="7"/></b></a>)") ==
          "d @2026-03-03T08:00:00+08:00 v=true");
}

TEST_CASE("XML: no document type, no entity, nothing that is not XML") {
    const auto t = entry(MapForm::xml);
    for (const auto& [payload, code] : std::initializer_list<std::pair<std::string, const char*>>{
             {"", "bad-xml"},
             {"<a>", "bad-xml"},
             {"{}", "bad-xml"},
             {"<a/>", "no-reading"},
             {"<a><b></a></b>", "bad-xml"},
             {std::string("<a>\0</a>", 8), "bad-xml"},
             {"<a><b>\xb0\xa1</b></a>", "bad-utf8"},
             {"<!DOCTYPE a><a><b>1</b></a>", "xml-doctype"},
             {R"(<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;">]><a><b>&y;</b></a>)", "xml-doctype"},
             {R"(<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a><b>&f;</b></a>)", "xml-doctype"},
             {R"(<!DOCTYPE a [<!ENTITY)", "xml-doctype"},
             {"<a><b>" + std::string(70'000, 'x') + "</b></a>", "too-large"}}) {
        CAPTURE(payload.substr(0, 60));
        CHECK(read(t, payload) == code);
    }
    // Undeclared, a name stays what it is.
    CHECK(read(t, "<a><b>&y;</b></a>") == "d b='&y;'");
    std::string deep;
    for (int i = 0; i < 9'000; ++i) deep += "<a>";
    CHECK(read(t, deep) == "bad-xml");
}

TEST_CASE("each: several signals of one payload, and paths from the whole on") {
    auto t = entry();
    t.each = {"list", "other"};
    t.device = MapDevice::field;
    t.device_path = "id";
    t.reading.fields = {{"from", "$.head.n"}};
    CHECK(read(t, R"({"head":{"n":7},"list":[{"id":"a","x":1},{"id":"b","x":2}]})") == "a x=1 from=7; b x=2 from=7");
    CHECK(read(t, R"({"other":{"id":3,"x":1}})") == "3 x=1");
    CHECK(read(t, R"({"x":1})") == "no-reading");
    CHECK(read(t, R"({"list":[1]})") == "wrong-type");
    t.form = MapForm::xml;
    t.each = {"i"};
    CHECK(read(t, "<r><i><id>a</id><x>1</x></i><q/><i><id>b</id><x>2</x></i></r>") == "a x=1; b x=2");
    std::string many = "[";
    for (int i = 0; i < 1'001; ++i) many += std::string(i > 0 ? "," : "") + R"({"x":1})";
    CHECK(read(entry(), many + "]") == "too-many-readings");
}

TEST_CASE("cases: the first that holds; none holds; passed over") {
    auto t = entry();
    t.levels = {"t", "{device}", "{what}"};
    t.cases = {when("kind", {"a", "b"}), when("n", {"7"}), when("{what}", {"up"}), when("gone", {"*"})};
    t.cases[0].reading.set = {{"found", "true"}};
    t.cases[0].reading.kinds = {{"", "smoke"}};
    t.cases[1].reading.ignored = true;
    t.cases[2].reading.rename = {{"n", "m"}};
    CHECK(read(t, R"({"kind":"b","n":7})", "t/d/x") == "d smoke kind='b' n=7 found=true what='x'");
    CHECK(read(t, R"({"n":7})", "t/d/x") == "ignored");
    CHECK(read(t, R"([{"n":7},{"kind":"a"}])", "t/d/x") == "d smoke kind='a' found=true what='x'");
    CHECK(read(t, R"({"n":8})", "t/d/up") == "d m=8 what='up'");
    CHECK(read(t, R"({"gone":null,"n":1})", "t/d/x") == "d gone=null n=1 what='x'");
    CHECK(read(t, R"({"n":8})", "t/d/x") == "no-case");
}

TEST_CASE("lists of named values, what a list holds, any of several, numbers scaled, what lies within") {
    auto t = entry();
    t.values = {};
    t.reading.named = {{"items", "n", "v"}};
    t.reading.lists = {{"person", "seen", "person"}, {"count", "seen", ""}};
    t.reading.scales = {{"t", 0.1, -40}};
    t.reading.any = {{"gas", {"gas", "co"}}, {"none", {"x"}}};
    CHECK(read(t, R"({"items":[{"n":"t","v":650},{"n":"co","v":true},{"v":1}],"seen":["car","person"]})") ==
          "d t=25 co=true person=true count=2 gas=true");
    CHECK(read(t, R"({"items":{"n":"gas","v":0},"seen":[]})") == "d gas=false person=false count=0");
    auto nested = entry();
    nested.nested = true;
    nested.reading.leave = {"a.secret"};
    CHECK(read(nested, R"({"a":{"b":1,"secret":2,"c":[true,{"d":"x"}]},"e":[]})") == "d a.b=1 a.c.0=true a.c.1.d='x'");
    CHECK(read(nested, R"({"a":{"b":1,"b":2}})") == "doubled-key");
    auto inner = entry();
    inner.inner = "msg";
    CHECK(read(inner, R"({"msg":"{\"x\":1}","n":2})") == "d x=1");
    CHECK(read(inner, R"({"msg":{"x":1}})") == "d x=1");
    CHECK(read(inner, R"({"msg":"{"})") == "bad-json");
    CHECK(read(inner, R"({"x":1})") == "missing-field");
}

TEST_CASE("times without a zone, and another's id within") {
    auto t = entry();
    t.time = "t";
    t.offset_min = 480;
    CHECK(read(t, R"({"x":1,"t":"2026-03-03 08:00:00"})") == "d @2026-03-03T08:00:00+08:00 x=1");
    CHECK(read(t, R"({"x":1,"t":"20260303080000"})") == "d @2026-03-03T08:00:00+08:00 x=1");
    CHECK(read(t, R"({"x":1,"t":"2026-03-03T00:00:00Z"})") == "d @2026-03-03T00:00:00Z x=1");
    CHECK(read(t, R"({"x":1,"t":"1772496000"})") == "d @2026-03-03T00:00:00Z x=1");
    CHECK(read(t, R"({"x":1,"t":1772496000000})") == "d @2026-03-03T00:00:00Z x=1");
    t.same = "who";
    t.evidence = "pic";
    CHECK(read(t, R"({"x":1,"who":"d","pic":"p-1"})") == "d &p-1 x=1 who='d'");
    CHECK(read(t, R"({"x":1,"who":"e"})") == "device-mismatch");
}

TEST_CASE("bytes: numbers of each type, bits, what is unset") {
    model::MapBytes map;
    const std::vector<std::uint8_t> bytes{0x80, 0xff, 0x01, 0x02, 0x03, 0xc1, 0x20, 0x00, 0x00};
    const auto of = [&](MapNumber number, std::uint32_t at) {
        map.fields = {{.name = "x", .at = at, .number = number}};
        std::vector<ByteValue> out;
        CHECK(decode_bytes(map, bytes, out) == 0);
        REQUIRE(out.size() == 1);
        return out[0].number;
    };
    CHECK(of(MapNumber::u8, 0) == 128);
    CHECK(of(MapNumber::i8, 0) == -128);
    CHECK(of(MapNumber::u16_big, 0) == 0x80ff);
    CHECK(of(MapNumber::u16_little, 0) == 0xff80);
    CHECK(of(MapNumber::i16_big, 0) == -32513);
    CHECK(of(MapNumber::u24_big, 2) == 0x010203);
    CHECK(of(MapNumber::u24_little, 2) == 0x030201);
    CHECK(of(MapNumber::u32_big, 0) == 0x80ff0102);
    CHECK(of(MapNumber::i32_little, 0) == 0x0201ff80);
    CHECK(of(MapNumber::f32_big, 5) == -10);
    std::vector<ByteValue> out;
    map.fields = {{.name = "beyond", .at = 8, .number = MapNumber::u16_big},
                  {.name = "bit", .at = 0, .bits_from = 7, .bits = 1},
                  {.name = "part", .at = 1, .bits_from = 4, .bits = 4},
                  {.name = "unset", .at = 1, .unset = 255}};
    CHECK(decode_bytes(map, bytes, out) == 0);
    REQUIRE(out.size() == 2);
    CHECK((out[0].name == "bit" && out[0].is_truth && out[0].number == 1));
    CHECK((out[1].name == "part" && out[1].number == 15));
}

TEST_CASE("bytes: records told by their tag; what came before an unknown one counts") {
    auto t = entry();
    t.values = {};
    model::MapBytes map;
    map.path = "data";
    map.encoding = model::MapEncoding::hex;
    map.records = {{{0x01, 0x75}, 1, {{.name = "battery"}}},
                   {{-1, 0x67}, 2, {{.name = "t", .number = MapNumber::i16_big, .times = 0.1}}}};
    t.reading.bytes = {map};
    CHECK(read(t, R"({"data":"0175640367ff9c0567000a"})") == "d battery=100 t_3=-10 t_5=1");
    CHECK(read(t, R"({"data":"017564ffff"})") == "d battery=100 undecoded_bytes=2");
    CHECK(read(t, R"({"data":"0175640367ff"})") == "d battery=100 undecoded_bytes=3");
    CHECK(read(t, R"({"data":"ffff"})") == "bad-bytes");
    CHECK(read(t, R"({"data":"01756"})") == "bad-bytes");
    CHECK(read(t, R"({"data":""})") == "no-reading");
    t.reading.bytes[0].encoding = model::MapEncoding::base64;
    CHECK(read(t, R"({"data":"AXVk"})") == "d battery=100");
    CHECK(read(t, R"({"data":"AXVk=="})") == "d battery=100");
    CHECK(read(t, R"({"data":"A"})") == "bad-bytes");
    CHECK(read(t, R"({"data":"AX!k"})") == "bad-bytes");
    auto follows = t;
    follows.reading.bytes[0].encoding = model::MapEncoding::hex;
    follows.reading.bytes[0].length_follows = true;
    follows.reading.bytes[0].records = {{{0x01}, 0, {{.name = "a"}}}};
    CHECK(read(follows, R"({"data":"0201ff010107"})") == "d a=7");
    CHECK(read(follows, R"({"data":"010107020a01"})") == "d a=7 undecoded_bytes=3");
    auto whole = entry(MapForm::bytes);
    whole.values = {};
    whole.reading.bytes = {{.when = {}, .path = {}, .fields = {{.name = "x", .at = 1}}}};
    CHECK(read(whole, std::string("\x00\x07", 2)) == "d x=7");
}

TEST_CASE("cases that ask for more places than are kept at once, each of several elements") {
    for (const bool xml : {false, true}) {
        CAPTURE(xml);
        auto t = entry(xml ? MapForm::xml : MapForm::json);
        t.each = {"e"};
        t.values = {};
        for (const char* name : {"a", "b", "c", "d", "f", "g"}) {
            auto c = when(fmt::format("{}.x.y", name), {"1"});
            c.when.push_back({"n", {name}});
            c.reading.set = {{"found", fmt::format("'{}'", name)}};
            c.reading.fields = {{"v", fmt::format("{}.x.v", name)}, {"w", fmt::format("{}.w", name)}, {"n", "n"}};
            t.cases.push_back(c);
        }
        std::string payload = xml ? "<r>" : R"({"e":[)";
        std::string expected;
        for (const char* name : {"g", "a", "f", "c", "z"}) {
            if (xml)
                payload += fmt::format("<e><n>{0}</n><{0}><x><y>1</y><v>7{0}</v></x><w>w{0}</w></{0}></e>", name);
            else
                payload += fmt::format(R"({}{{"n":"{}","{}":{{"x":{{"y":1,"v":"7{}"}},"w":"w{}"}}}})",
                                       payload.ends_with('[') ? "" : ",", name, name, name, name);
            expected += expected.empty() ? "" : "; ";
            expected += name == std::string_view("z") ? "no-case"
                                                      : fmt::format("d v='7{0}' w='w{0}' n='{0}' found=''{0}''", name);
        }
        payload += xml ? "</r>" : "]}";
        CHECK(read(t, payload) == expected);
    }
}
