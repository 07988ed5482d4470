#include "manifest.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "names.hpp"

namespace shoumen::store {
namespace {

constexpr std::string_view first_line = "# shoumen backup 1, inputs below ";

bool all_of(std::string_view text, std::string_view letters) {
    return text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_path_of_backup(std::string_view path) {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view hex = "0123456789abcdef";
    if (path == database_name) return true;
    if (path.starts_with("snapshots/") && path.ends_with(".snap"))
        return path.size() == 10 + 20 + 5 && all_of(path.substr(10, 20), digits);
    if (path.starts_with("evidence/"))
        return path.size() == 9 + 2 + 1 + 62 && path[11] == '/' && all_of(path.substr(9, 2), hex) &&
               all_of(path.substr(12), hex);
    return false;
}

tl::unexpected<base::Error> unreadable(std::size_t line) {
    return base::fail("backup-damaged", fmt::format("the backup's {} cannot be read at line {}; take another backup",
                                                    manifest_name, line));
}

// The next line, taken off the text.
std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

std::string text_of(const Manifest& manifest) {
    auto text = fmt::format("{}{}\n", first_line, manifest.next_seq);
    for (const auto& entry : manifest.entries) text += fmt::format("{}  {}\n", base::to_hex(entry.sha256), entry.path);
    return text;
}

base::Result<Manifest> parse_manifest(std::string_view text) {
    Manifest manifest;
    const auto head = take_line(text);
    if (!head.starts_with(first_line)) return unreadable(1);
    const auto number = head.substr(first_line.size());
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), manifest.next_seq);
    if (fault != std::errc{} || end != number.data() + number.size()) return unreadable(1);
    for (std::size_t line = 2; !text.empty(); ++line) {
        const auto entry = take_line(text);
        const auto digest = base::digest_from_hex(entry.substr(0, 64));
        if (!digest || entry.size() < 67 || entry.substr(64, 2) != "  " || !is_path_of_backup(entry.substr(66)))
            return unreadable(line);
        manifest.entries.push_back({std::string(entry.substr(66)), *digest});
    }
    if (std::ranges::count(manifest.entries, database_name, &ManifestEntry::path) != 1) return unreadable(1);
    return manifest;
}

}  // namespace shoumen::store
