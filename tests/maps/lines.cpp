#include "lines.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <doctest/doctest.h>

#include "base/hash.hpp"
#include "doors/payload/trying.hpp"
#include "policy/directory.hpp"

namespace shoumen::maps {

namespace {

std::string content_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

// A model's line names its properties and actions, and no message of it: this one has them all, in the order named,
// with the action by which it calls for help, else its first.
json::object message_of_model(const json::object& model) {
    constexpr auto truths = std::to_array<std::string_view>(
        {"smoke", "gas", "carbon_monoxide", "water_leak", "water", "sos", "vibration", "tilt", "occupancy", "presence",
         "moving", "tamper", "battery_low", "test", "fault", "noise_detected"});
    json::object message;
    for (const auto& property : model.at("properties").as_array()) {
        const std::string name(property.as_string());
        if (std::ranges::find(truths, name) != truths.end())
            message[name] = true;
        else if (name == "contact")
            message[name] = false;
        else if (name == "switch" || name == "power_on_behavior" || name.ends_with("_mode") || name == "warning")
            message[name] = "OFF";
        else
            message[name] = 21;
    }
    const auto& actions = model.at("action_values").as_array();
    if (actions.empty()) return message;
    message["action"] = actions.front();
    for (const char* help : {"emergency", "panic", "sos"}) {
        if (std::ranges::find(actions, json::value(help)) != actions.end()) message["action"] = help;
    }
    return message;
}

std::string payload_of(const json::object& sample) {
    if (sample.contains("properties")) return json::serialize(message_of_model(sample));
    if (const auto* message = sample.if_contains("sip_message")) return std::string(message->as_string());
    if (const auto* xml = sample.if_contains("xml")) return std::string(xml->as_string());
    if (const auto* text = sample.if_contains("payload_text")) return std::string(text->as_string());
    return json::serialize(sample.at("payload"));
}

std::string data_file(const std::string& name) {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    return std::string(named != nullptr ? named : SHOUMEN_SOURCE_DIR "/../shared/data") + "/device_payloads/" + name;
}

}  // namespace

const std::vector<model::Map>& shipped() {
    static const std::vector<model::Map> maps = [] {
        std::vector<model::Map> all;
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(SHOUMEN_SOURCE_DIR "/community/demo/maps"))
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        for (const std::string& name : names) {
            const auto read =
                policy::read_map("maps/" + name, content_of(SHOUMEN_SOURCE_DIR "/community/demo/maps/" + name));
            for (const auto& finding : read.findings) MESSAGE(policy::to_line(finding));
            REQUIRE_MESSAGE(read.map.has_value(), name);
            all.push_back(*read.map);
        }
        return all;
    }();
    return maps;
}

json::value made_of(const std::string& topic, const std::string& payload) {
    static doors::MappedReader reader;
    const json::object out = doors::try_maps(shipped(), topic, "own", payload, reader);
    if (out.contains("ignored")) return json::object{{"ignored", true}};
    if (out.contains("error")) return json::object{{"error", out.at("error").at("code")}};
    json::array signals = out.at("signals").as_array();
    for (auto& signal : signals) signal.as_object().erase("case");
    return signals;
}

json::value expected_of(const std::string& file, const std::string& hash) {
    static const json::object all = json::parse(content_of(SHOUMEN_SOURCE_DIR "/tests/maps/expected.json")).as_object();
    const auto* of = all.if_contains(file);
    const auto* expected = of != nullptr ? of->as_object().if_contains(hash) : nullptr;
    return expected != nullptr ? *expected : json::value();
}

std::string whole_file(const std::string& file) {
    auto text = content_of(data_file(file));
    if (text.empty()) std::cout << "SKIPPED: " << file << " is not here (" << data_file(file) << ")\n";
    return text;
}

std::vector<Line> lines_of(const std::string& file) {
    std::vector<Line> lines;
    std::ifstream in(data_file(file));
    if (!in) {
        std::cout << "SKIPPED: " << file << " is not here (" << data_file(file) << ")\n";
        return lines;
    }
    for (std::string text; std::getline(in, text);) {
        const json::object sample = json::parse(text).as_object();
        Line line;
        line.hash = base::to_hex(base::sha256(text));
        line.payload = payload_of(sample);
        if (const auto* charset = sample.if_contains("charset")) line.charset = std::string(charset->as_string());
        const json::value of = expected_of(file, line.hash);
        if (of.is_object()) {
            if (const auto* topic = of.as_object().if_contains("topic")) line.topic = std::string(topic->as_string());
            line.expected = of.at("is");
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace shoumen::maps
