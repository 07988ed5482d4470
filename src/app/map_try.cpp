// What a map makes of payloads: to try one before devices are connected. Nothing is sent anywhere.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "doors/payload/trying.hpp"
#include "policy/directory.hpp"

#include "commands.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;

struct Published {
    std::string topic;
    std::string payload;
};

class Trial {
public:
    Trial(std::vector<model::Map> maps, std::string own) : maps_(std::move(maps)), own_(std::move(own)) {}

    json::object run(const Published& published) {
        auto out = doors::try_maps(maps_, published.topic, own_, published.payload, reader_);
        all_read_ = all_read_ && !out.contains("error");
        return out;
    }

    [[nodiscard]] bool all_read() const { return all_read_; }

private:
    std::vector<model::Map> maps_;
    std::string own_;
    doors::MappedReader reader_;
    bool all_read_ = true;
};

int refuse(const std::string& message) {
    fmt::print(stderr, "shoumen map try: {}\n", message);
    return cannot_run;
}

int report(const std::vector<policy::Finding>& list) {
    for (const auto& f : list) fmt::print("{}\n", policy::to_line(f));
    fmt::print(stderr, "{} findings\n", list.size());
    return findings;
}

// A line {"topic": …, "payload": …}; a payload that is text is sent as it stands.
std::optional<Published> published_in(const std::string& line) {
    boost::system::error_code ec;
    const json::value value = json::parse(line, ec);
    const json::object* object = ec ? nullptr : value.if_object();
    if (!object) return std::nullopt;
    const json::value* topic = object->if_contains("topic");
    const json::value* payload = object->if_contains("payload");
    if (!topic || !topic->is_string() || !payload) return std::nullopt;
    const json::string* text = payload->if_string();
    return Published{std::string(topic->get_string()), text ? std::string(*text) : json::serialize(*payload)};
}

int run(Trial trial, const MapTryOptions& o, std::istream& in) {
    if (!o.topic.empty()) {
        std::string payload{std::istreambuf_iterator<char>(in), {}};
        while (payload.ends_with('\n') || payload.ends_with('\r')) payload.pop_back();
        fmt::print("{}\n", json::serialize(trial.run({o.topic, payload})));
        return trial.all_read() ? fine : findings;
    }
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        const auto published = published_in(line);
        if (!published)
            return refuse(
                fmt::format("{}:{}: bad-line: write {{\"topic\": …, \"payload\": …}}, or give --topic and the payload "
                            "alone",
                            o.file.empty() ? "-" : o.file, number));
        json::object out{{"line", number}};
        for (auto& [key, value] : trial.run(*published)) out[key] = std::move(value);
        fmt::print("{}\n", json::serialize(out));
    }
    return trial.all_read() ? fine : findings;
}

}  // namespace

int map_try(const MapTryOptions& o) {
    std::vector<model::Map> maps;
    std::error_code ec;
    if (std::filesystem::is_directory(o.map, ec)) {
        const auto files = policy::read_directory(o.map);
        if (!files) return refuse(files.error().message);
        auto compiled = policy::compile(*files, nullptr, 1);
        if (!compiled.policy) return report(compiled.findings);
        maps = compiled.policy->maps;
        if (maps.empty()) return refuse(o.map + ": this community has no map: put one into maps/");
    } else {
        std::ifstream file(o.map, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        if (!file) return refuse(o.map + ": cannot be read");
        auto read = policy::read_map(o.map, text.str());
        if (!read.map) return report(read.findings);
        maps.push_back(std::move(*read.map));
    }
    Trial trial(std::move(maps), o.own);
    if (o.file.empty() || o.file == "-") return run(std::move(trial), o, std::cin);
    std::ifstream in(o.file, std::ios::binary);
    if (!in) return refuse(o.file + ": cannot be read");
    return run(std::move(trial), o, in);
}

}  // namespace shoumen::app
