#include "protect/erased_list.hpp"

#include <system_error>

#include <fmt/format.h>

#include "secret_file.hpp"

namespace shoumen::protect {
namespace {

constexpr std::string_view head = "shoumen erased 1";
constexpr std::size_t longest_list = std::size_t{1} << 30U;  // as the vault's own

std::string_view take(std::string_view& text, char until) {
    const std::size_t end = std::min(text.find(until), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

base::Result<ErasedOwners> read_erased(const std::filesystem::path& path) {
    ErasedOwners out;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return out;
    const auto content = read_secret_file(path, longest_list);
    if (!content) return tl::unexpected(content.error());
    std::string_view rest = *content;
    if (take(rest, '\n') != head)
        return base::fail("key-file-refused", "is no list of erasures: bring it back from its copy", path.string());
    while (rest.find('\n') != std::string_view::npos) {
        std::string_view line = take(rest, '\n');
        const auto vault = take(line, ' ');
        if (!vault.empty() && !line.empty()) out[std::string(vault)].emplace(line);
    }
    return out;
}

base::Result<void> add_erased(const std::filesystem::path& path, std::string_view vault, std::string_view owner) {
    std::error_code ignored;
    const auto line = fmt::format("{} {}\n", vault, owner);
    if (!std::filesystem::exists(path, ignored)) {
        std::filesystem::create_directories(path.parent_path(), ignored);
        return write_secret_file(path, fmt::format("{}\n{}", head, line), false);
    }
    // A line that a power cut has left half there ends before the next.
    auto content = read_secret_file(path, longest_list);
    if (!content) return tl::unexpected(std::move(content.error()));
    const bool cut = !content->empty() && content->back() != '\n';
    return append_secret_file(path, cut ? "\n" + line : line);
}

}  // namespace shoumen::protect
