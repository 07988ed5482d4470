// A source tree as plain data, so that the checks run on the real one and on small bad ones made up in a test.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace shoumen::house {

struct File {
    std::string path;  // from the root of the tree, with '/'
    std::string text;
};

using Tree = std::vector<File>;
using Findings = std::vector<std::string>;  // "file:line: what is wrong"

// Every text file that the checks look at; built, fetched and local folders are left out.
Tree read_tree(const std::filesystem::path& root);

const File* find(const Tree& tree, std::string_view path);

// The folder of a path ("" at the root), and a path with its "." and ".." worked out.
std::string folder_of(std::string_view path);
std::string joined(std::string_view folder, std::string_view path);

std::vector<std::string> lines_of(std::string_view text);
bool starts_with_folder(std::string_view path, std::string_view folder);

}  // namespace shoumen::house
