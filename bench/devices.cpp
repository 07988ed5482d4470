// `devices`: the page of devices of the real program, 100,000 of them, over HTTP: first rows, the next rows, rows while
// one types, a rare word, findings only; and one device whole. Each is asked many times, by turns. --devices=N.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <vector>

#include <boost/json.hpp>

#include "app/http_client.hpp"
#include "support/program.hpp"

#include "community.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

namespace json = boost::json;
using Instant = std::chrono::steady_clock::time_point;

struct Asked {
    std::string_view name;
    std::string target;
    std::size_t least_found = 0;
    std::vector<double> ms = {};
    std::size_t bytes = 0;
    bool right = true;
};

double quantile(std::vector<double> all, double q) {
    std::ranges::sort(all);
    return all[static_cast<std::size_t>(q * static_cast<double>(all.size() - 1))];
}

std::string sign_in(app::HttpClient& client, const std::string& account, const std::string& password) {
    const auto answer = client.ask({"POST",
                                    "/api/v1/session",
                                    {},
                                    "application/json",
                                    json::serialize(json::object{{"account", account}, {"password", password}})});
    if (!answer || answer->status != 200) throw std::runtime_error("cannot sign in");
    return std::string(json::parse(answer->body).at("token").as_string());
}

json::object run_devices(Arguments arguments) {
    std::size_t devices = 100'000;
    const auto asked = argument(arguments, "devices", "100000");
    std::from_chars(asked.data(), asked.data() + asked.size(), devices);
    constexpr int rounds = 40;
    Scratch scratch;
    const Town town = write_town(scratch.path("town"), devices, 50, 0);
    const Server server({"--demo", "--no-feed", "--community", town.directory, "--data", scratch.path("data")});
    app::HttpClient client("127.0.0.1", server.http_port());
    const auto token = sign_in(client, "duty", secrets_in(server.output(), "account").at("duty"));
    const auto ask = [&](const std::string& target) {
        auto answer = client.ask({"GET", target, token, "", ""});
        if (!answer || answer->status != 200) throw std::runtime_error("no answer to " + target);
        return std::move(answer->body);
    };
    const std::string list = "/api/v1/upkeep/devices";
    auto from = std::chrono::steady_clock::now();
    const auto first = json::parse(ask(list)).as_object();
    const double first_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
    const auto& rows = first.at("devices").as_array();
    const auto last = std::string(rows.back().at("code").as_string());
    const auto one = std::string(rows.front().at("code").as_string());
    std::vector<Asked> all = {{"first_rows", list, devices},
                              {"next_rows", list + "?after=" + last, devices},
                              {"search_letter", list + "?q=s", devices / 8},
                              {"search_word", list + "?q=smoke", devices / 8},
                              {"search_two_words", list + "?q=smoke%20" + one.substr(0, 2), 0},
                              {"search_nothing", list + "?q=no-such-thing-anywhere", 0},
                              {"findings", list + "?finding=any", 0},
                              {"one_device", list + "/" + one, 0}};
    for (int round = 0; round < rounds; ++round) {
        for (auto& a : all) {
            from = std::chrono::steady_clock::now();
            const auto body = ask(a.target);
            a.ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count());
            a.bytes = body.size();
            if (a.least_found == 0 || round > 0) continue;
            a.right = json::parse(body).at("found").to_number<std::size_t>() >= a.least_found;
        }
    }
    json::object out;
    out["devices"] = first.at("found");
    out["seconds_to_ready"] = server.seconds_to_ready();
    out["rss_mb"] = server.rss_mb();
    out["first_of_all_ms"] = first_ms;
    double worst = 0;
    bool right = true;
    for (const auto& a : all) {
        out[a.name] = json::object{{"p50_ms", quantile(a.ms, 0.5)},
                                   {"p95_ms", quantile(a.ms, 0.95)},
                                   {"max_ms", quantile(a.ms, 1)},
                                   {"bytes", a.bytes}};
        worst = std::max(worst, quantile(a.ms, 0.95));
        right = right && a.right;
    }
    out["worst_p95_ms"] = worst;
    out["checks"] = json::object{{"what_was_looked_for_is_found", right}, {"a_hundred_rows_came", rows.size() == 100}};
    return out;
}

const Registered here({"devices", "the page of 100,000 devices over HTTP: first rows, search (p95_ms)", run_devices});

}  // namespace
}  // namespace shoumen::bench
