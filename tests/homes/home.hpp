// Homes for the tests: converted by the tool, replayed and run by the real program.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "support/program.hpp"

namespace shoumen::homes {

namespace json = boost::json;

// A program built beside the one under test, run to its end; what it says on either stream.
struct Ran {
    int code = -1;
    std::string said;
};
Ran run_tool(const std::string& name, const std::vector<std::string>& arguments,
             const std::vector<std::pair<std::string, std::string>>& environment = {});

// The file of a data set of real homes. Where it is absent: nullopt, and a line that says so loudly.
std::optional<std::string> real_home(const std::string& file);

struct Home {
    std::string recording;
    std::string community;
};
// Converts; fails the test where that fails, or where the community directory has a finding.
Home convert(const support::Scratch& scratch, const std::string& events, const std::vector<std::string>& absence,
             const std::vector<std::string>& more = {});

std::string replay(const Home& home);  // stdout
json::object object_in(const std::string& text);
std::size_t alerts_of(const json::object& report, const std::string& rule);

std::string content_of(const std::string& path);
void write_file(const std::string& path, const std::string& text);

}  // namespace shoumen::homes
