#include "doors/payload/native.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "doors/payload/utf8.hpp"

#include "diagnose.hpp"

using namespace shoumen;
using doors::NativeReader;

namespace {

const std::string good =
    R"({"id":"m1","device":"d-1","kind":"smoke","time":"2026-03-03T08:00:00+08:00","values":{"smoke":true},"evidence":null})";

// Reads one signal and answers "code" or "code@where".
std::string code_of(const std::string& payload, std::string_view device = {}) {
    NativeReader reader;
    const auto count = reader.read(payload);
    base::Error error;
    if (!count) {
        error = count.error();
    } else {
        const auto signal = reader.signal(0, device);
        if (signal) return "fine";
        error = signal.error();
    }
    CHECK_FALSE(error.message.empty());
    return error.where.empty() ? error.code : error.code + "@" + error.where;
}

std::string with_value(const std::string& text) {
    return R"({"device":"d","kind":"gas","values":{"ppm":)" + text + "}}";
}

double number_of(const std::string& text) {
    NativeReader reader;
    REQUIRE(reader.read(with_value(text)));
    const auto signal = reader.signal(0);
    REQUIRE(signal);
    REQUIRE(signal->values.size() == 1);
    const auto* number = std::get_if<double>(&signal->values[0].value);
    REQUIRE(number);
    return *number;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("the native form is read") {
    NativeReader reader;
    CHECK(reader.read(good) == 1);
    const auto signal = reader.signal(0);
    REQUIRE(signal);
    CHECK(signal->id == "m1");
    CHECK(signal->device == "d-1");
    CHECK(signal->kind == "smoke");
    CHECK(signal->time == "2026-03-03T08:00:00+08:00");
    CHECK(signal->evidence.empty());
    REQUIRE(signal->values.size() == 1);
    CHECK(signal->values[0].name == "smoke");
    CHECK(std::get<bool>(signal->values[0].value));
    CHECK(reader.raw(0) == good);
}

TEST_CASE("every type of value is kept") {
    NativeReader reader;
    REQUIRE(reader.read(R"({"device":"d","kind":"gas","evidence":"clip-7",
        "values":{"a":1,"b":-2.5e3,"c":"emergency","d":null,"e":false,"f":18446744073709551615,"g":-9223372036854775808}})"));
    const auto signal = reader.signal(0);
    REQUIRE(signal);
    CHECK(signal->evidence == "clip-7");
    const auto& values = signal->values;
    REQUIRE(values.size() == 7);
    CHECK(std::get<double>(values[0].value) == 1.0);
    CHECK(std::get<double>(values[1].value) == -2500.0);
    CHECK(std::get<std::string_view>(values[2].value) == "emergency");
    CHECK(std::holds_alternative<std::monostate>(values[3].value));
    CHECK_FALSE(std::get<bool>(values[4].value));
    CHECK(std::get<double>(values[5].value) == 18446744073709551615.0);
    CHECK(std::get<double>(values[6].value) == -9223372036854775808.0);
}

TEST_CASE("escapes and Chinese are read as text") {
    NativeReader reader;
    REQUIRE(reader.read(R"({"device":"d\u002d1","kind":"gas","values":{"note":"\u706b\ud83d\udd25 \"火\"\n"}})"));
    const auto signal = reader.signal(0);
    REQUIRE(signal);
    CHECK(signal->device == "d-1");
    CHECK(std::get<std::string_view>(signal->values[0].value) == "火🔥 \"火\"\n");
}

TEST_CASE("what may be left out is left out") {
    CHECK(code_of(R"({"device":"d","kind":"one_key"})") == "fine");
    CHECK(code_of(R"({"device":"d","kind":"one_key","id":null,"time":null,"values":null,"evidence":null})") == "fine");
    CHECK(code_of(R"({"device":"d","kind":"one_key","values":{},"rssi":-80,"firmware":{"v":[1,2]}})") == "fine");
    CHECK(code_of(R"({"kind":"smoke"})") == "missing-field@device");
    CHECK(code_of(R"({"device":"","kind":"smoke"})") == "missing-field@device");
    CHECK(code_of(R"({"device":null,"kind":"smoke"})") == "missing-field@device");
    CHECK(code_of(R"({"device":"d"})") == "missing-field@kind");
    CHECK(code_of("{}") == "missing-field@device");
}

TEST_CASE("the way may name the device") {
    NativeReader reader;
    REQUIRE(reader.read(R"({"kind":"smoke"})"));
    const auto signal = reader.signal(0, "smoke-301");
    REQUIRE(signal);
    CHECK(signal->device == "smoke-301");
    CHECK(code_of(good, "d-1") == "fine");
    CHECK(code_of(good, "d-2") == "device-mismatch@device");
    CHECK(code_of(good, "d-") == "device-mismatch@device");
}

TEST_CASE("wrong types name their field") {
    CHECK(code_of(R"({"id":7,"device":"d","kind":"gas"})") == "wrong-type@id");
    CHECK(code_of(R"({"device":["d"],"kind":"gas"})") == "wrong-type@device");
    CHECK(code_of(R"({"device":"d","kind":true})") == "wrong-type@kind");
    CHECK(code_of(R"({"device":"d","kind":"gas","time":1700000000})") == "wrong-type@time");
    CHECK(code_of(R"({"device":"d","kind":"gas","values":[1]})") == "wrong-type@values");
    CHECK(code_of(R"({"device":"d","kind":"gas","evidence":{}})") == "wrong-type@evidence");
    CHECK(code_of("42") == "wrong-type");
    CHECK(code_of("\"text\"") == "wrong-type");
    CHECK(code_of("null") == "wrong-type");
    CHECK(code_of("[1]") == "wrong-type");
    CHECK(code_of(with_value("{\"x\":1}")) == "bad-value@ppm");
    CHECK(code_of(with_value("[]")) == "bad-value@ppm");
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{"张三 13800000000":[]}})") == "bad-value@values");
}

TEST_CASE("a name given twice is refused") {
    CHECK(code_of(R"({"device":"d","kind":"gas","device":"e"})") == "doubled-key@device");
    CHECK(code_of(R"({"device":"d","kind":"gas","\u006bind":"smoke"})") == "doubled-key@kind");
    CHECK(code_of(R"({"device":"d","kind":"gas","rssi":1,"lqi":2,"rssi":1})") == "doubled-key@rssi");
    CHECK(code_of(R"({"device":"d","kind":"gas","id":null,"id":null})") == "doubled-key@id");
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{"a":1,"b":2,"a":3}})") == "doubled-key@a");
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{},"values":{}})") == "doubled-key@values");
}

TEST_CASE("numbers that are none are refused, long ones are read") {
    for (const char* text : {"NaN", "nan", "-NaN", "Infinity", "-Infinity", "inf", "1e999", "-1e999", "01", "1.", ".5",
                             "+1", "0x10", "1e", "-", "--1", "1.2.3"}) {
        CAPTURE(text);
        CHECK(code_of(with_value(text)) == "bad-number@ppm");
    }
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{"a":1,"b":NaN}})") == "bad-number@b");
    CHECK(code_of(R"([{"device":"d","kind":"gas","values":{"a":1e999}}])") == "bad-number@a");
    CHECK(code_of(R"({"device":"d","kind":"gas","rssi":1e999})") == "bad-number@rssi");
    CHECK(number_of("123456789012345678901234567890") == 123456789012345678901234567890.0);
    CHECK(number_of("-123456789012345678901234567890") == -123456789012345678901234567890.0);
    CHECK(number_of("1e-999") == 0.0);
    CHECK(number_of("1234567890123456789012.5") == 1234567890123456789012.5);
    CHECK(std::signbit(number_of("-0.0")));
    CHECK(code_of(with_value(std::string(400, '9'))) == "bad-number@ppm");
    CHECK(
        code_of(R"({"device":"d","kind":"gas","values":{"a":12345678901234567890123},"x":98765432109876543210987})") ==
        "fine");
}

TEST_CASE("broken JSON is told by its byte") {
    const auto message = [](const std::string& payload) {
        NativeReader reader;
        const auto count = reader.read(payload);
        REQUIRE_FALSE(count);
        CHECK(count.error().code == "bad-json");
        return count.error().message.substr(0, count.error().message.rfind(':'));
    };
    CHECK(message("") == "at byte 0: it is empty");
    CHECK(message("  \n") == "at byte 3: it is empty");
    CHECK(message("{") == "at byte 1: a name in quotes is missing");
    CHECK(message(R"({"a":1,})") == "at byte 7: a name in quotes is missing");
    CHECK(message(R"({"a" 1})") == "at byte 5: a colon is missing");
    CHECK(message(R"({"a":1 "b":2})") == "at byte 7: a comma or } is missing");
    CHECK(message(R"([1 2])") == "at byte 3: a comma or ] is missing");
    CHECK(message(R"([1,])") == "at byte 3: a value is missing");
    CHECK(message(R"({"a":})") == "at byte 5: a value is missing");
    CHECK(message(R"({"a":)") == "at byte 5: it ends too early");
    CHECK(message(R"({"a":on})") == "at byte 5: a word stands there without quotes");
    CHECK(message(R"({"a":"x)") == "at byte 5: a text has no closing quote");
    CHECK(message(R"({"a":"\x"})") == "at byte 6: an escape is not valid");
    CHECK(message(R"({"a":"\ud800"})") == "at byte 6: an escape is not valid");
    CHECK(message("{\"a\":\"\n\"}") == "at byte 6: a control character stands in a text");
    CHECK(message("{}{}") == "at byte 2: something follows after its end");
    CHECK(message(std::string("{}\0", 3)) == "at byte 2: something follows after its end");
    CHECK(message("smoke") == "at byte 0: a word stands there without quotes");
}

TEST_CASE("text that is not UTF-8 is refused") {
    CHECK(code_of("{\"device\":\"d\",\"kind\":\"gas\",\"values\":{\"note\":\"\xbb\xf0\"}}") == "bad-utf8");
    CHECK(doors::utf8_fault("abc火🔥") == std::string_view("abc火🔥").size());
    CHECK(doors::utf8_fault("ab\xff") == 2);
    CHECK(doors::utf8_fault("ab\xe7\x81") == 2);
    CHECK(doors::utf8_fault("\xc0\x80") == 0);
    CHECK(doors::utf8_fault("\xe0\x80\x80") == 0);
    CHECK(doors::utf8_fault("\xed\xa0\x80") == 0);
    CHECK(doors::utf8_fault("\xf4\x90\x80\x80") == 0);
    CHECK(doors::utf8_fault("\xf5\x80\x80\x80") == 0);
    CHECK(doors::utf8_fault(std::string_view("\xed\x9f\xbf")) == 3);
}

TEST_CASE("what is too much is refused") {
    CHECK(code_of(R"({"device":"d","kind":"gas","x":)" + nested(30) + "}") == "fine");
    CHECK(code_of(R"({"device":"d","kind":"gas","x":)" + nested(100) + "}") == "bad-json");
    CHECK(code_of(nested(20'000)) == "bad-json");
    CHECK(code_of(std::string(70'000, '[')) == "too-large");
    std::string values;
    for (int i = 0; i < 64; ++i) values += (i ? ",\"v" : "\"v") + std::to_string(i) + "\":1";
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{)" + values + "}}") == "fine");
    CHECK(code_of(R"({"device":"d","kind":"gas","values":{)" + values + R"(,"x":1}})") == "bad-value@values");
    CHECK(code_of(R"({"device":"d","kind":"gas",)" + values + "}") == "fine");
    CHECK(code_of(R"({"device":"d","kind":"gas","x":1,)" + values + "}") == "bad-value");
    std::string full = R"({"device":"d","kind":"gas","x":")";
    full += std::string(doors::max_signal_bytes - full.size() - 2, 'x') + "\"}";
    CHECK(code_of(full) == "fine");
    CHECK(code_of(full + " ") == "too-large");
}

TEST_CASE("an array holds several signals, each with its own bytes") {
    NativeReader reader(1 << 20);
    const std::string payload =
        " [ " + good + " ,\n{\"device\":\"x\",\"kind\":\"gas\",\"values\":{\"n\":\"],}\\\"\"}},7,\"a,b\", [1,{}] ] ";
    REQUIRE(reader.read(payload) == 5);
    CHECK(reader.raw(0) == good);
    CHECK(reader.raw(1) == R"({"device":"x","kind":"gas","values":{"n":"],}\""}})");
    CHECK(reader.raw(2) == "7");
    CHECK(reader.raw(3) == "\"a,b\"");
    CHECK(reader.raw(4) == "[1,{}]");
    CHECK(reader.raw(5).empty());
    CHECK(reader.signal(0)->device == "d-1");
    CHECK(std::get<std::string_view>(reader.signal(1)->values[0].value) == "],}\"");
    CHECK(reader.signal(2).error().code == "wrong-type");
    CHECK_FALSE(reader.signal(5));
    CHECK(reader.read("[]") == 0);
    CHECK_FALSE(reader.signal(0));
}

TEST_CASE("each signal of an array is measured by itself") {
    NativeReader reader(1 << 20);
    const std::string large = R"({"device":"d","kind":"gas","x":")" + std::string(70'000, 'x') + "\"}";
    REQUIRE(reader.read("[" + good + "," + large + "," + good + "]") == 3);
    CHECK(reader.signal(0));
    CHECK(reader.signal(1).error().code == "too-large");
    CHECK(reader.signal(2));
    CHECK(reader.read(large).error().code == "too-large");
}

TEST_CASE("nothing stays from the payload before") {
    NativeReader reader;
    REQUIRE(reader.read(good));
    REQUIRE(reader.signal(0));
    CHECK_FALSE(reader.read("{"));
    CHECK_FALSE(reader.signal(0));
    REQUIRE(reader.read(R"({"device":"d","kind":"gas"})"));
    const auto signal = reader.signal(0);
    REQUIRE(signal);
    CHECK(signal->id.empty());
    CHECK(signal->time.empty());
    CHECK(signal->values.empty());
}

TEST_CASE("no error repeats the payload") {
    const std::string secret = "zhangsan13800000000";
    const std::vector<std::string> payloads = {
        R"({"device":"d","kind":")" + secret + R"(","values":{"a":[")" + secret + "\"]}}",
        R"({"device":")" + secret + R"(","kind":3})",
        secret,
        "{\"" + secret + "\" 1}",
        with_value(secret),
        R"({"device":"d","kind":"gas","values":{"a":")" + secret + "\xff\"}}"};
    for (const auto& payload : payloads) {
        NativeReader reader;
        const auto count = reader.read(payload);
        const auto error = count ? reader.signal(0).error() : count.error();
        CAPTURE(payload);
        CHECK(error.message.find(secret) == std::string::npos);
    }
}

TEST_CASE("a payload may be read where it lies, whatever follows it") {
    NativeReader reader;
    for (const char filler : {'\0', '"', '}', '9', '\xff'}) {
        const std::string buffer = good + std::string(NativeReader::padding, filler);
        REQUIRE(reader.read_padded(std::string_view(buffer).substr(0, good.size())) == 1);
        CHECK(reader.signal(0)->kind == "smoke");
        CHECK(reader.raw(0).data() == buffer.data());
        const std::string number = "12" + std::string(NativeReader::padding, filler);
        CHECK(reader.read_padded(std::string_view(number).substr(0, 2)).error().code == "wrong-type");
    }
}

TEST_CASE("both parsers agree on what is JSON") {
    const std::uint64_t seed = 20260303;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    const std::string alphabet = "{}[]:,\"\\ 0123456789eE+-.truefalsn\nu d8c";
    NativeReader reader;
    int readable = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text =
            random.chance(0.5) ? good : R"({"device":"d","kind":"gas","values":{"a":-1.5e3,"b":"\u00e9\ud83d\udd25"}})";
        for (auto edits = random.below(4); edits > 0; --edits) {
            const auto at = random.below(text.size() + 1);
            const char c = alphabet[random.below(alphabet.size())];
            if (random.chance(0.3) && at < text.size())
                text.erase(at, 1 + random.below(3));
            else if (random.chance(0.5) && at < text.size())
                text[at] = c;
            else
                text.insert(at, 1, c);
        }
        const auto count = reader.read(text);
        const bool fine = doors::diagnose(text).what == doors::Diagnosis::What::fine;
        const bool read = count.has_value() || count.error().code == "wrong-type";
        CAPTURE(text);
        REQUIRE(read == fine);
        readable += read ? 1 : 0;
    }
    CHECK(readable > 20'000);
}
