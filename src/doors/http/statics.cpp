#include "statics.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/hash.hpp"

namespace shoumen::doors::http {

namespace fs = std::filesystem;

namespace {

constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
});

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string joined(const std::vector<std::string>& segments) {
    std::string out;
    for (const auto& segment : segments) {
        if (!out.empty()) out += '/';
        out += segment;
    }
    return out;
}

}  // namespace

std::string_view media_type_of_file(std::string_view path) {
    const auto name = file_name(path);
    const auto dot = name.rfind('.');
    const auto suffix = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
    const auto it = std::ranges::find(types, suffix, [](const auto& t) { return t.first; });
    return it == types.end() ? "application/octet-stream" : it->second;
}

bool has_hashed_name(std::string_view path) {
    if (!path.starts_with("assets/")) return false;
    const auto name = file_name(path);
    const auto dash = name.find_last_of('-', name.find('.'));
    if (dash == std::string_view::npos) return false;
    const auto hash = name.substr(dash + 1, name.find('.') - dash - 1);
    return hash.size() >= 8;
}

Statics Statics::read(const std::string& directory) {
    Statics out;
    std::error_code ec;
    std::size_t total = 0;
    for (fs::recursive_directory_iterator it(directory, ec), end; !ec && it != end; it.increment(ec)) {
        if (!it->is_regular_file() || it->is_symlink()) continue;
        std::ifstream in(it->path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), {});
        total += bytes.size();
        if (total > max_total_bytes) break;
        out.add(it->path().lexically_relative(directory).generic_string(), std::move(bytes));
    }
    return out;
}

void Statics::add(std::string path, std::string bytes) {
    File file;
    file.type = media_type_of_file(path);
    file.etag = '"' + base::to_hex(base::sha256(bytes)).substr(0, 32) + '"';
    file.immutable = has_hashed_name(path);
    file.bytes = std::make_shared<const std::string>(std::move(bytes));
    files_[std::move(path)] = std::move(file);
}

const Statics::File* Statics::lookup(const Target& target) const {
    if (const auto it = files_.find(joined(target.segments)); it != files_.end()) return &it->second;
    // A missing script must be seen to be missing; only what looks like a page of the console is one.
    const bool page = target.segments.empty() || target.segments.back().find('.') == std::string::npos;
    const auto index = files_.find("index.html");
    return page && index != files_.end() ? &index->second : nullptr;
}

std::unique_ptr<Answer> Statics::find(const Target& target, std::string_view if_none_match) const {
    const File* file = lookup(target);
    if (!file) return nullptr;
    auto answer = std::make_unique<Answer>();
    answer->with("ETag", file->etag);
    answer->with("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (if_none_match.find(file->etag) != std::string_view::npos) {
        answer->status = 304;
        return answer;
    }
    answer->content_type = file->type;
    answer->shared_body = file->bytes;
    return answer;
}

}  // namespace shoumen::doors::http
