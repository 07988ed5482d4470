// Any bytes as a payload of any topic entry, and any bytes as a map file: no crash, no error text that repeats them,
// and only plain names come out.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doors/payload/mapped.hpp"
#include "policy/directory.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

constexpr const char* every_way = R"(map: all
devices: {"A b": d-1}
topics:
  - {topic: a/bridge/#, ignore: true}
  - {topic: 'a/{device}/availability', values: none, fields: {available: state}, plain: available,
     meanings: {available: {online: true, "*": false}}}
  - {topic: 'a/{device}', time: last_seen, id: seq, leave: [x], rename: {y: z}, fields: {deep: a.b}, kinds: {smoke: smoke}}
  - {topic: own, device: own, time: ts, time_unit: s, values: [values, "."]}
  - {topic: field, device: {field: info.eui}, values: object}
  - {topic: members, device: members, time: ts, values: [values, "."]}
  - {topic: 'x/{device}/{what}', form: xml, each: [Body.Message, "."], time: '@t', time_zone: "+08:00", same: who, nested: true,
     pairs: {each: Data.Item, name: "@Name", value: "@Value"}, contains: {c: {list: l, item: i}}, count: {n: l},
     any: {any: [a, b]}, cases: [{when: {Topic: [a, b]}, ignore: true}, {when: {'{what}': up}, scale: {a: 2}}, {set: {s: true}}]}
  - {topic: b, device: own, form: bytes, values: none,
     bytes: {fields: [{name: a, at: 3, type: i32le}], records: {"0175": {length: 1, fields: [{name: b}]}, "xx67": {length: 2, fields: [{name: t, type: i16}]}}}}
  - {topic: l, device: own, form: bytes, values: none, bytes: {length: follows, skip: 2, records: {"01": {fields: [{name: b, bits: [3, 4]}, {name: f, type: f32}]}}}}
  - {topic: n, device: own, inner: msg, nested: true, evidence: pic, values: ["."], pairs: {each: list, name: n, value: v},
     bytes: [{when: {port: "1"}, at: data, fields: [{name: z}]}, {at: data, as: hex, fields: [{name: z}]}]}
)";

constexpr auto topics =
    std::to_array<const char*>({"a/dev", "a/dev/availability", "own", "field", "members", "x/dev/up", "b", "l", "n"});

void check_error(const base::Error& error) {
    expect(!error.code.empty() && !error.message.empty() && error.where.size() <= 64);
    for (const char c : error.message + error.where + error.code) expect(c >= ' ' && c < 0x7f);
}

std::string written(const model::FlatSignal& signal) {
    auto out = fmt::format("{} {} {} {} {}", signal.device, signal.kind, signal.time, signal.id, signal.evidence);
    for (const auto& v : signal.values) {
        out += fmt::format(" {}:{}", v.name, v.value.index());
        if (const auto* text = std::get_if<std::string_view>(&v.value)) out += *text;
        if (const auto* truth = std::get_if<bool>(&v.value)) out += *truth ? "true" : "false";
        if (const auto* number = std::get_if<double>(&v.value)) out += fmt::format("{}", *number);
    }
    return out;
}

// What was read of an element does not depend on which was read before it.
void expect_same(doors::MappedReader& reader, const std::vector<std::string>& before) {
    for (std::size_t i = before.size(); i-- > 0;) {
        const auto again = reader.signal(i);
        expect(again ? written(*again) == before[i] : again.error().code == before[i]);
    }
}

void read_payload(const char* topic, std::string_view payload) {
    static const auto read = policy::read_map("m.yaml", every_way);
    expect(read.map.has_value());
    static const std::vector<model::Map> maps{*read.map};
    static doors::MappedReader reader;
    const auto fit = doors::fitting(maps, topic);
    expect(fit.has_value());
    const auto count = reader.read(*fit, "own-1", payload);
    if (!count) return check_error(count.error());
    expect(*count > 0 || std::string_view(topic).starts_with("x/"));  // a case may pass all of it over
    std::vector<std::string> all;
    for (std::size_t i = 0; i < *count; ++i) {
        const auto signal = reader.signal(i);
        all.push_back(signal ? written(*signal) : signal.error().code);
        if (!signal) {
            check_error(signal.error());
            continue;
        }
        expect(!signal->values.empty() && signal->values.size() <= model::max_values_per_signal);
        for (const auto& v : signal->values) {
            for (const char c : v.name) expect(c > ' ' && c < 0x7f);
        }
    }
    expect_same(reader, all);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string rest(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t way = data[0] % (topics.size() + 1);
    if (way < topics.size()) {
        read_payload(topics[way], rest);
        return 0;
    }
    const auto read = policy::read_map("m.yaml", rest);
    expect(read.map.has_value() != !read.findings.empty());
    return 0;
}
