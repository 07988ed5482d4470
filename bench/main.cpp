// shoumen-bench NAME [--option=value …]: one measurement, its figures as one JSON object on stdout.
// Exit: 0 measured, 1 a check failed, 2 there is no such measurement or it could not run.
#include <algorithm>
#include <exception>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "machine.hpp"
#include "registry.hpp"

namespace {

using namespace shoumen::bench;

int help() {
    auto all = measurements();
    std::ranges::sort(all, {}, &Measurement::name);
    fmt::print(stderr, "usage: shoumen-bench NAME [--option=value ...]\n");
    for (const Measurement& m : all) fmt::print(stderr, "  {:<10} {}\n", m.name, m.what);
    return 2;
}

bool all_hold(const boost::json::object& result) {
    const auto* checks = result.if_contains("checks");
    if (!checks || !checks->is_object()) return true;
    return std::ranges::all_of(checks->get_object(), [](const auto& c) { return c.value() == true; });
}

int run(const Measurement& measurement, Arguments arguments) {
    boost::json::object result = {{"bench", measurement.name}};
    for (const auto& [key, value] : measurement.run(arguments)) result[key] = value;
    result["machine"] = machine();
    fmt::print("{}\n", boost::json::serialize(result));
    return all_hold(result) ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string_view> given(words + 1, words + count);
    if (given.empty()) return help();
    const auto found = std::ranges::find(measurements(), given.front(), &Measurement::name);
    if (found == measurements().end()) return help();
    try {
        return run(*found, std::span(given).subspan(1));
    } catch (const std::exception& e) {
        fmt::print(stderr, "shoumen-bench: {}: {}\n", given.front(), e.what());
        return 2;
    }
}
