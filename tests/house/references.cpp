#include "references.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace shoumen::house {

namespace {

constexpr std::array<std::string_view, 13> endings = {".cpp", ".hpp",  ".ts",    ".vue",     ".mjs", ".md", ".yaml",
                                                      ".js",  ".json", ".cmake", ".service", ".sql", ".txt"};

std::vector<std::string> between_backticks(std::string_view line) {
    std::vector<std::string> out;
    for (auto at = line.find('`'); at != line.npos;) {
        const auto end = line.find('`', at + 1);
        if (end == line.npos) break;
        out.emplace_back(line.substr(at + 1, end - at - 1));
        at = line.find('`', end + 1);
    }
    return out;
}

bool is_file_name(std::string_view text) {
    return text.find_first_of(" *<>{}") == text.npos && text.find('.') != 0 &&
           std::ranges::any_of(endings, [&](auto ending) { return text.ends_with(ending); });
}

std::optional<std::string> fault_of(const Tree& tree, std::string_view reference) {
    const auto mark = reference.find('#');
    const auto name = reference.substr(0, mark);
    if (!is_file_name(name)) return std::nullopt;
    std::size_t there = 0;
    std::vector<std::string_view> holders;
    for (const File& file : tree) {
        if (file.path != name && !file.path.ends_with(fmt::format("/{}", name))) continue;
        ++there;
        if (mark == reference.npos || file.text.find(reference.substr(mark + 1)) != std::string::npos)
            holders.push_back(file.path);
    }
    if (there == 0) return fmt::format("there is no {}", name);
    if (holders.empty()) return fmt::format("{} does not hold: {}", name, reference.substr(mark + 1));
    if (holders.size() > 1 && mark != reference.npos)
        return fmt::format("{} is {} and {}: name more of the path", reference, holders[0], holders[1]);
    return std::nullopt;
}

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    if (!line.starts_with('|')) return cells;
    line.remove_prefix(1);
    for (auto end = line.find('|'); end != line.npos; end = line.find('|')) {
        auto cell = line.substr(0, end);
        line.remove_prefix(end + 1);
        while (cell.starts_with(' ')) cell.remove_prefix(1);
        while (cell.ends_with(' ')) cell.remove_suffix(1);
        cells.emplace_back(cell);
    }
    return cells;
}

// 2.1.1, 8.1.4.1 a
bool is_number(std::string_view cell) {
    return !cell.empty() && cell.front() >= '0' && cell.front() <= '9' && cell.find('.') != cell.npos &&
           cell.find_first_not_of("0123456789. abcdefg") == cell.npos;
}

}  // namespace

Findings check_references(const Tree& tree, std::string_view folder) {
    Findings findings;
    for (const File& file : tree) {
        if (!file.path.ends_with(".md") || !starts_with_folder(file.path, folder)) continue;
        std::size_t number = 0;
        for (const std::string& line : lines_of(file.text)) {
            ++number;
            for (const auto& reference : between_backticks(line)) {
                if (const auto fault = fault_of(tree, reference))
                    findings.push_back(fmt::format("{}:{}: {}", file.path, number, *fault));
            }
        }
    }
    return findings;
}

Findings check_checklist(const File& file, const std::vector<std::string>& states) {
    Findings findings;
    std::map<std::string, std::size_t> seen;
    std::map<std::string, std::string> said;
    std::map<std::string, std::size_t> counted;
    std::size_t number = 0;
    for (const std::string& line : lines_of(file.text)) {
        ++number;
        const auto cells = cells_of(line);
        if (cells.size() == 2 && std::ranges::find(states, cells[0]) != states.end()) said[cells[0]] = cells[1];
        if (cells.empty() || !is_number(cells[0])) continue;
        const auto wrong = [&](std::string_view what) {
            findings.push_back(fmt::format("{}:{}: {}: {}", file.path, number, cells[0], what));
        };
        if (cells.size() != 4) {
            wrong("a row has four cells");
            continue;
        }
        if (const auto [at, fresh] = seen.try_emplace(cells[0], number); !fresh)
            wrong(fmt::format("stands at line {} already", at->second));
        if (std::ranges::find(states, cells[2]) == states.end()) wrong(fmt::format("{} is no state", cells[2]));
        if (cells[3].empty()) wrong("neither proof nor reason");
        ++counted[cells[2]];
    }
    for (const auto& state : states) {
        const auto count = std::to_string(counted[state]);
        if (said[state] != count)
            findings.push_back(fmt::format("{}:1: {} rows are {}, it says {}", file.path, count, state, said[state]));
    }
    return findings;
}

Findings check_outgoing(const Tree& tree, const std::vector<std::string>& known) {
    constexpr std::array<std::string_view, 13> ways = {
        "async_connect(", "mosquitto_connect", "PQconnect", " ::connect(",  "sendto(",     "resolver(", "getaddrinfo(",
        "curl_easy",      "BIO_new_connect",   "popen(",    "std::system(", "posix_spawn", "execv"};
    Findings findings;
    std::vector<std::string> reached;
    for (const File& file : tree) {
        const bool program = file.path.starts_with("src/") && !file.path.ends_with("_test.cpp") &&
                             file.path.find("/testing/") == file.path.npos;
        if (!program || !std::ranges::any_of(ways, [&](auto way) { return file.text.find(way) != file.text.npos; }))
            continue;
        reached.push_back(file.path);
        if (std::ranges::find(known, file.path) == known.end())
            findings.push_back(fmt::format(
                "{}:1: reaches out; say in docs/security/README.md who fixes its target, then name it in the test",
                file.path));
    }
    for (const auto& path : known) {
        if (std::ranges::find(reached, path) == reached.end())
            findings.push_back(fmt::format("{}:1: is named as one that reaches out, and does not", path));
    }
    return findings;
}

}  // namespace shoumen::house
