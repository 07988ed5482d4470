#include "sense/decode.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

using namespace shoumen;
using base::Time;
using model::DeviceId;
using model::FlatValue;
using model::ValueType;

namespace {

constexpr DeviceId smoke{0U};
constexpr DeviceId gateway{1U};
constexpr DeviceId other{2U};
const Time now{1'772'500'000'000'000};

class Texts final : public sense::TextKeeper {
public:
    std::uint64_t keep(std::string_view text) override {
        kept.emplace_back(text);
        return kept.size() - 1;
    }
    std::vector<std::string> kept;
};

model::Policy community() {
    model::Policy policy;
    policy.places.push_back({.code = "here"});
    policy.devices.push_back(
        {.code = "smoke-1", .kind = model::SignalKind::smoke, .place = model::PlaceId{0U}, .gateway = gateway});
    policy.devices.push_back({.code = "gw", .place = model::PlaceId{0U}, .is_gateway = true});
    policy.devices.push_back({.code = "gas-1", .kind = model::SignalKind::gas, .place = model::PlaceId{0U}});
    policy.devices.push_back(
        {.code = "old-1", .kind = model::SignalKind::gas, .place = model::PlaceId{0U}, .retired = true});
    policy.fields = {"smoke", "action"};
    policy.symbols = {"emergency"};
    policy.index();
    return policy;
}

// One signal under test, good unless a field is changed.
struct Try {
    model::Policy policy = community();
    std::vector<FlatValue> values = {{.name = "smoke", .value = true}};
    model::FlatSignal flat{.id = "m1", .device = "smoke-1", .kind = "smoke", .time = "2026-03-03T08:00:00+08:00"};
    DeviceId speaker = smoke;
    Texts texts;
    model::Batch batch;

    base::Result<void> run() {
        flat.values = values;
        return sense::decode(policy, flat, speaker, now, texts, batch);
    }
    void refused(std::string_view code, std::string_view where) {
        const auto result = run();
        REQUIRE_FALSE(result);
        CHECK(result.error().code == code);
        CHECK(result.error().where == where);
        CHECK(result.error().message.size() > 20);
        CHECK(batch.inputs.empty());
        CHECK(batch.signals.empty());
        CHECK(batch.values.empty());
        CHECK(batch.others.empty());
        CHECK(texts.kept.empty());
    }
};

}  // namespace

TEST_CASE("a good signal becomes numbers") {
    Try t;
    t.values = {{"smoke", true}, {"action", "emergency"}, {"battery", 97.0}, {"note", std::monostate{}}};
    REQUIRE(t.run());
    REQUIRE(t.batch.inputs.size() == 1);
    CHECK(t.batch.inputs[0].type == model::InputType::signal);
    CHECK(t.batch.inputs[0].received == now);
    const model::Signal& s = t.batch.signals.at(0);
    CHECK(s.device == smoke);
    CHECK(s.kind == model::SignalKind::smoke);
    CHECK(s.message == base::fast_hash("m1"));
    CHECK(s.claimed == *base::parse_rfc3339("2026-03-03T00:00:00Z"));
    REQUIRE(s.value_count == 2);
    CHECK(t.batch.values[0].type == ValueType::boolean);
    CHECK(t.batch.values[0].number == 1);
    CHECK(t.batch.values[1].type == ValueType::symbol);
    CHECK(t.batch.values[1].index == 0);
    REQUIRE(s.other_count == 1);  // null is left out
    CHECK(t.batch.others[0].name == "battery");
    CHECK(t.batch.others[0].number == 97);
}

TEST_CASE("a signal goes behind what is in the batch already") {
    Try t;
    t.values.push_back({"more", 1.0});
    REQUIRE(t.run());
    t.flat.id = "m2";
    REQUIRE(t.run());
    CHECK(t.batch.inputs[1].index == 1);
    CHECK(t.batch.signals[1].values_begin == 1);
    CHECK(t.batch.signals[1].others_begin == 1);
}

TEST_CASE("free text stays outside") {
    Try t;
    t.values = {{"action", "help, it is Mr. Li"}, {"who", "emergency"}, {"flag", false}};
    t.flat.evidence = "clip-77";
    REQUIRE(t.run());
    CHECK(t.texts.kept == std::vector<std::string>{"help, it is Mr. Li", "emergency", "clip-77"});
    CHECK(t.batch.values[0].type == ValueType::text);
    CHECK(t.batch.values[0].index == 0);
    REQUIRE(t.batch.others.size() == 3);
    CHECK(t.batch.others[0].type == ValueType::text);  // a symbol only counts in a field that is known
    CHECK(t.batch.others[1].type == ValueType::boolean);
    CHECK(t.batch.others[2].name == "evidence");
    CHECK(t.batch.others[2].text_position == 2);
}

TEST_CASE("no id, no time") {
    Try t;
    t.flat.id = "";
    t.flat.time = "";
    REQUIRE(t.run());
    CHECK(t.batch.signals[0].message == 0);
    CHECK(t.batch.signals[0].claimed == Time::none());
}

TEST_CASE("an id that was hashed before") {
    Try t;
    t.flat.id = "#00000000deadBEEF";
    REQUIRE(t.run());
    CHECK(t.batch.signals[0].message == 0xdeadbeef);
    t.flat.id = "#00000000deadbeeg";  // no such number: an id like any other
    REQUIRE(t.run());
    CHECK(t.batch.signals[1].message == base::fast_hash("#00000000deadbeeg"));
}

TEST_CASE("unknown-device") {
    Try t;
    t.flat.device = "smoke-2";
    t.refused("unknown-device", "device");
    t.flat.device = "old-1";  // retired
    t.refused("unknown-device", "device");
    t.flat.device = "";
    t.refused("unknown-device", "device");
}

TEST_CASE("not-your-device") {
    Try t;
    t.speaker = other;
    t.refused("not-your-device", "device");
    t.speaker = DeviceId{};
    t.refused("not-your-device", "device");
    t.speaker = DeviceId{77U};
    t.refused("not-your-device", "device");
    SUBCASE("a gateway speaks for what is registered under it") {
        t.speaker = gateway;
        CHECK(t.run());
    }
    SUBCASE("and for nothing else") {
        t.speaker = gateway;
        t.flat.device = "gas-1";
        t.flat.kind = "gas";
        t.refused("not-your-device", "device");
    }
    SUBCASE("and not when it is retired") {
        t.speaker = gateway;
        t.policy.devices[1].retired = true;
        t.refused("not-your-device", "device");
    }
}

TEST_CASE("unknown-kind and wrong-kind") {
    Try t;
    t.flat.kind = "smok";
    t.refused("unknown-kind", "kind");
    t.flat.kind = "gas";
    t.refused("wrong-kind", "kind");
    t.flat.device = "gw";  // a gateway has no kind
    t.flat.kind = "door_access";
    t.speaker = gateway;
    t.refused("wrong-kind", "kind");
    t.flat.kind = "";
    t.refused("unknown-kind", "kind");
}

TEST_CASE("bad-time") {
    Try t;
    for (const char* time :
         {"yesterday", "2026-03-03T08:00:00", "1899-12-31T23:59:59Z", "2300-01-01T00:00:00Z", "2026-02-30T00:00:00Z"}) {
        CAPTURE(time);
        t.flat.time = time;
        t.refused("bad-time", "time");
    }
    t.flat.time = "1970-01-01T00:00:00Z";  // implausible, but a time: the clock rule deals with it
    CHECK(t.run());
}

TEST_CASE("bad-id") {
    Try t;
    const std::string long_id(129, 'x');
    t.flat.id = long_id;
    t.refused("bad-id", "id");
    t.flat.id = "a\nb";
    t.refused("bad-id", "id");
    t.flat.id = "a\x7f";
    t.refused("bad-id", "id");
    const std::string longest(128, 'x');
    t.flat.id = longest;
    CHECK(t.run());
}

TEST_CASE("bad-value: numbers") {
    Try t;
    for (const double number :
         {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
        t.values = {{"smoke", true}, {"level", number}};
        t.refused("bad-value", "values.level");
    }
}

TEST_CASE("bad-value: names") {
    Try t;
    const std::string long_name(65, 'n');
    for (const std::string_view name :
         {std::string_view(""), std::string_view("a b"), std::string_view("温度"), std::string_view(long_name)}) {
        t.values = {{name, 1.0}};
        t.refused("bad-value", "values");  // a name that is no plain word may be personal: not repeated
    }
    t.values = {{"a", 1.0}, {"b", std::monostate{}}, {"b", 2.0}};
    t.refused("bad-value", "values.b");
    t.values = {{"evidence", 1.0}};
    t.flat.evidence = "clip-1";
    t.refused("bad-value", "values.evidence");
}

TEST_CASE("bad-value: too much") {
    Try t;
    std::vector<std::string> names;
    for (int i = 0; i < 65; ++i) names.push_back("v" + std::to_string(i));
    t.values.clear();
    for (const std::string& name : names) t.values.push_back({name, 1.0});
    t.refused("bad-value", "values");
    t.values.pop_back();
    CHECK(t.run());
    t = Try();
    const std::string text(2'049, 't');
    t.values = {{"note", std::string_view(text)}};
    t.refused("bad-value", "values.note");
    t.values.clear();
    t.flat.evidence = text;
    t.refused("bad-value", "evidence");
}

TEST_CASE("no message repeats what was sent") {
    Try t;
    const std::string secret = "Zhang San 13800000000";
    t.flat.device = secret;
    CHECK(t.run().error().message.find("Zhang") == std::string::npos);
    t.flat.device = "smoke-1";
    t.flat.kind = secret;
    CHECK(t.run().error().message.find("Zhang") == std::string::npos);
    t.flat.kind = "smoke";
    t.flat.time = secret;
    CHECK(t.run().error().message.find("Zhang") == std::string::npos);
    t.flat.time = "";
    t.values = {{secret, 1.0}};
    CHECK(t.run().error().message.find("Zhang") == std::string::npos);
    CHECK(t.run().error().where.find("Zhang") == std::string::npos);
}

TEST_CASE("the first wrong thing is named") {
    Try t;
    t.flat.time = "never";
    t.flat.kind = "gas";
    t.refused("wrong-kind", "kind");
    t.speaker = other;
    t.refused("not-your-device", "device");
}

TEST_CASE("what a kind says by convention is no text: it would be kept and never alarm") {
    for (const char* text : {"true", "on", "alarm"}) {
        Try t;
        t.values = {{"smoke", text}};
        t.refused("wrong-type", "values.smoke");
    }
    Try other_value;
    other_value.values = {{"smoke", true}, {"note", "true"}};
    CHECK(other_value.run());
    Try number;
    number.values = {{"smoke", 1.0}};
    CHECK(number.run());
}

TEST_CASE("a signal that names no kind is of the device's own") {
    Try t;
    t.flat.kind = "";
    REQUIRE(t.run());
    CHECK(t.batch.signals[0].kind == model::SignalKind::smoke);
}
