#include "documents.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace shoumen::house {

namespace {

bool is_fence(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line.starts_with("```") || line.starts_with("~~~");
}

// A line without what stands between backticks.
std::string without_code(std::string_view line) {
    std::string text;
    bool code = false;
    for (char c : line) {
        if (c == '`')
            code = !code;
        else if (!code)
            text += c;
    }
    return text;
}

// The targets of "](target)" and of "[name]: target" in one line.
std::vector<std::string> targets_of(std::string_view line) {
    std::vector<std::string> targets;
    for (auto at = line.find("]("); at != std::string_view::npos; at = line.find("](", at + 2)) {
        const auto rest = line.substr(at + 2);
        targets.emplace_back(rest.substr(0, rest.find_first_of(") ")));
    }
    if (const auto at = line.find("]: "); line.starts_with('[') && at != std::string_view::npos) {
        const auto rest = line.substr(at + 3);
        targets.emplace_back(rest.substr(0, rest.find(' ')));
    }
    return targets;
}

bool is_local(std::string_view target) {
    return !target.empty() && !target.starts_with('#') && target.find(':') == std::string_view::npos;
}

bool exists(const Tree& tree, std::string_view path) {
    return path.empty() || path == "." || std::ranges::any_of(tree, [&](const File& file) {
               return file.path == path || starts_with_folder(file.path, path);
           });
}

struct Block {
    std::size_t line = 0;
    std::string language;
    std::string text;
};

std::string without_comment(std::string_view line) {
    if (line.starts_with('#')) return {};
    line = line.substr(0, line.find(" #"));
    while (line.ends_with(' ')) line.remove_suffix(1);
    return std::string(line);
}

std::vector<Block> blocks_of(std::string_view text) {
    std::vector<Block> blocks;
    bool inside = false;
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        if (is_fence(line)) {
            inside = !inside;
            if (inside)
                blocks.push_back({number, line.substr(std::min(line.find_first_not_of(" `~"), line.size())), ""});
        } else if (inside) {
            blocks.back().text += without_comment(line) + "\n";
        }
    }
    return blocks;
}

bool is_drawing(const Block& block) { return block.language == "text" || block.language == "mermaid"; }

}  // namespace

Findings check_links(const Tree& tree) {
    Findings findings;
    for (const File& file : tree) {
        if (!file.path.ends_with(".md")) continue;
        bool fenced = false;
        std::size_t number = 0;
        for (const std::string& line : lines_of(file.text)) {
            ++number;
            if (is_fence(line)) fenced = !fenced;
            if (fenced) continue;
            for (const std::string& target : targets_of(without_code(line))) {
                if (!is_local(target)) continue;
                const auto bare = target.substr(0, target.find_first_of("#?"));
                const auto path =
                    bare.starts_with('/') ? joined("", bare.substr(1)) : joined(folder_of(file.path), bare);
                if (!exists(tree, path))
                    findings.push_back(fmt::format("{}:{}: the link leads nowhere: {}", file.path, number, target));
            }
        }
    }
    return findings;
}

Findings check_front_pages(const Tree& tree) {
    const File* english = find(tree, "README.md");
    const File* chinese = find(tree, "README.zh-CN.md");
    if (!english && !chinese) return {};
    if (!english || !chinese) return {fmt::format("{}:1: is missing", english ? "README.zh-CN.md" : "README.md")};
    const auto one = blocks_of(english->text);
    const auto other = blocks_of(chinese->text);
    Findings findings;
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
        const bool same = one[i].language == other[i].language && (is_drawing(one[i]) || one[i].text == other[i].text);
        if (!same)
            findings.push_back(fmt::format("README.zh-CN.md:{}: this code block differs from the one at README.md:{}",
                                           other[i].line, one[i].line));
    }
    if (one.size() != other.size())
        findings.push_back(
            fmt::format("README.zh-CN.md:1: {} code blocks, README.md has {}", other.size(), one.size()));
    return findings;
}

}  // namespace shoumen::house
