#include "tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace shoumen::house {

namespace {

constexpr std::array<std::string_view, 8> left_out = {"build",  "node_modules", "dist",   "var",
                                                      ".tools", ".git",         ".cache", "unpackage"};
constexpr std::array<std::string_view, 10> looked_at = {".cpp", ".hpp", ".h",     ".ts",  ".vue",
                                                        ".md",  ".mts", ".cmake", ".mjs", ".yaml"};

bool contains(const auto& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

}  // namespace

Tree read_tree(const std::filesystem::path& root) {
    Tree tree;
    std::filesystem::recursive_directory_iterator entry(root), end;
    for (; entry != end; ++entry) {
        const auto name = entry->path().filename().string();
        if (entry->is_directory()) {
            if (contains(left_out, name)) entry.disable_recursion_pending();
            continue;
        }
        const auto path = entry->path().lexically_relative(root).generic_string();
        std::string text;
        if (contains(looked_at, entry->path().extension().string())) {
            std::ifstream in(entry->path(), std::ios::binary);
            text.assign(std::istreambuf_iterator<char>(in), {});
        }
        tree.push_back({path, std::move(text)});  // other files count as link targets
    }
    std::ranges::sort(tree, {}, &File::path);
    return tree;
}

const File* find(const Tree& tree, std::string_view path) {
    const auto found = std::ranges::find(tree, path, &File::path);
    return found == tree.end() ? nullptr : &*found;
}

std::string folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string joined(std::string_view folder, std::string_view path) {
    auto normal = (std::filesystem::path(folder) / path).lexically_normal().generic_string();
    if (normal.ends_with('/')) normal.pop_back();
    return normal;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool starts_with_folder(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

}  // namespace shoumen::house
