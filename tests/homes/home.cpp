#include "home.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

namespace shoumen::homes {
namespace {

std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace

Ran run_tool(const std::string& name, const std::vector<std::string>& arguments,
             const std::vector<std::pair<std::string, std::string>>& environment) {
    std::string line;
    for (const auto& [key, value] : environment) line += key + "=" + quoted(value) + " ";
    line += quoted((std::filesystem::path(support::program_path()).parent_path() / name).string());
    for (const auto& a : arguments) line += " " + quoted(a);
    FILE* out = ::popen((line + " 2>&1").c_str(), "re");
    REQUIRE(out != nullptr);
    Ran ran;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), out)) > 0;)
        ran.said.append(buffer.data(), n);
    const int status = ::pclose(out);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

std::optional<std::string> real_home(const std::string& file) {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    const std::filesystem::path path =
        std::filesystem::path(named != nullptr ? named : SHOUMEN_SOURCE_DIR "/../shared/data") / file;
    if (std::filesystem::exists(path)) return path.string();
    fmt::print("SKIPPED: no real home here: {} is absent; name the folder of the data sets in SHOUMEN_DATA_DIR\n",
               path.lexically_normal().string());
    return std::nullopt;
}

Home convert(const support::Scratch& scratch, const std::string& events, const std::vector<std::string>& absence,
             const std::vector<std::string>& more) {
    static int nth = 0;
    const std::string name = "home" + std::to_string(nth++);
    const Home home{scratch.path(name + ".jsonl"), scratch.path(name)};
    std::vector<std::string> arguments{events, "--recording", home.recording, "--community", home.community};
    for (const auto& span : absence) arguments.insert(arguments.end(), {"--absence", span});
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = run_tool("home_to_recording", arguments);
    REQUIRE_MESSAGE(ran.code == 0, ran.said);
    const support::Ended check = support::run_to_end({"check", home.community});
    CHECK_MESSAGE(check.code == 0, check.out, check.err);
    return home;
}

std::string replay(const Home& home) {
    return support::run_program({"replay", "--community", home.community, home.recording});
}

json::object object_in(const std::string& text) { return json::parse(text).as_object(); }

std::size_t alerts_of(const json::object& report, const std::string& rule) {
    std::size_t n = 0;
    for (const auto& alert : report.at("alerts").as_array()) n += alert.at("rule").as_string() == rule ? 1 : 0;
    return n;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace shoumen::homes
