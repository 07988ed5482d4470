// What the SIP door makes of real messages by GB/T 28181, as they come on the wire and in the encoding they come in.
// expected.json holds, by the hash of each line, the signal; or why the line carries no reading.
#include <cstdlib>
#include <iostream>
#include <set>

#include <doctest/doctest.h>
#include <iconv.h>

#include "../../src/doors/sip/testing/fakes.hpp"
#include "base/hash.hpp"

#include "lines.hpp"

using namespace shoumen;
using namespace shoumen::maps;
using namespace shoumen::doors::sip;
using namespace shoumen::doors::sip::testing;

namespace {

std::string encoded(std::string text, const char* charset) {
    const iconv_t handle = ::iconv_open(charset, "UTF-8");
    std::string out(2 * text.size(), '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    REQUIRE(::iconv(handle, &from, &left, &to, &room) == 0);
    ::iconv_close(handle);
    out.resize(out.size() - room);
    return out;
}

// A recorder that has registered, and speaks for what the lines are about: a camera and two alarm inputs.
struct Recorder : Stand {
    Recorder() {
        const auto gateway = *intake.device(recorder);
        intake.in_force->devices[intake.device(camera)->value].gateway = gateway;
        intake.add("64010000001340000001", model::SignalKind::one_key);
        intake.in_force->devices.back().gateway = gateway;
        register_as(recorder, "secret-34020000001180000001");
    }
};

json::value made_of_message(std::string message, const std::string& charset) {
    Recorder stand;
    const std::string sender = "From: <sip:" + std::string(camera);
    const auto at = message.find(sender);
    REQUIRE(at != std::string::npos);
    message.replace(at, sender.size(), "From: <sip:" + std::string(recorder));
    const auto before = stand.intake.taken.size();
    const auto answer = stand.say(encoded(message, charset == "gb2312" ? "GB18030" : "UTF-8"));
    CHECK(answer.starts_with("SIP/2.0 200 "));
    CHECK(stand.registrar->counters().faults == 0);
    if (stand.intake.taken.size() == before)
        return json::object{{"none", stand.registrar->counters().keepalives > 0 ? "keep-alive" : "answer"}};
    REQUIRE(stand.intake.taken.size() == before + 1);
    const auto& taken = stand.intake.taken.back();
    if (!taken.code.empty()) return json::object{{"error", taken.code}};
    json::object values;
    for (const auto& [name, value] : taken.values) values[name] = value;
    return json::object{{"device", taken.device}, {"time", taken.time}, {"values", std::move(values)}};
}

}  // namespace

TEST_CASE("GB/T 28181: messages as cameras, recorders and platforms send them") {
    const bool show = std::getenv("SHOUMEN_SHOW_MAPS") != nullptr;
    for (const Line& line : lines_of("gb28181_messages.jsonl")) {
        const auto made = made_of_message(line.payload, line.charset);
        if (show) std::cout << line.hash << '\t' << json::serialize(made) << '\n';
        CAPTURE(line.hash);
        CHECK_MESSAGE(!line.expected.is_null(), "not among the expected lines");
        CHECK(json::serialize(made) == json::serialize(line.expected));
    }
}

TEST_CASE("GB/T 28181: every method and type of the standard has a word of its own") {
    const auto whole = whole_file("gb28181_alarm_codes.json");
    if (whole.empty()) return;
    const json::object codes = json::parse(whole).as_object();
    json::object words;
    for (const auto& method : codes.at("AlarmMethod").as_object()) {
        words[method.key()] = word_of({.method = std::stoi(std::string(method.key()))}).word;
        const auto* types = codes.at("AlarmType").as_object().if_contains(method.key());
        if (types == nullptr) continue;
        for (const auto& type : types->as_object())
            words[std::string(method.key()) + "." + std::string(type.key())] =
                word_of({.method = std::stoi(std::string(method.key())), .type = std::stoi(std::string(type.key()))})
                    .word;
    }
    const auto hash = base::to_hex(base::sha256(whole));
    CAPTURE(hash);
    CAPTURE(json::serialize(words));
    CHECK(json::serialize(words) == json::serialize(expected_of("gb28181_alarm_codes.json", hash)));
    std::set<std::string> different;
    for (const auto& word : words) different.emplace(word.value().as_string());
    CHECK(different.size() == words.size());
}
