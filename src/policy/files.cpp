#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "policy/directory.hpp"

namespace shoumen::policy {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 64UL * 1024 * 1024;

bool is_yaml(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

class Reading {
public:
    // Hidden files (an editor's lock, say) are nobody's policy.
    base::Result<void> folder(const fs::path& path, const std::string& prefix) {
        std::error_code fault;
        for (fs::directory_iterator it(path, fault), end; !fault && it != end; it.increment(fault)) {
            const std::string name = it->path().filename().string();
            if (name.starts_with('.') || !is_yaml(it->path())) continue;
            std::error_code ignored;
            if (!it->is_regular_file(ignored)) continue;
            if (auto read = file(it->path(), prefix + name); !read) return read;
        }
        if (fault)
            return base::fail("directory-unreadable", fmt::format("cannot be read: {}", fault.message()),
                              path.string());
        return {};
    }

    [[nodiscard]] Files take() { return std::move(files_); }

private:
    base::Result<void> file(const fs::path& path, const std::string& name) {
        std::error_code fault;
        const std::uintmax_t size = fs::file_size(path, fault);
        if (!fault && size > most_bytes - bytes_)
            return base::fail("directory-too-large",
                              "the community directory holds more than 64 MB: take out what is not needed", name);
        std::ifstream in(path, std::ios::binary);
        std::string content(fault ? 0 : static_cast<std::size_t>(size), '\0');
        in.read(content.data(), static_cast<std::streamsize>(content.size()));
        if (fault || !in || static_cast<std::uintmax_t>(in.gcount()) != size)
            return base::fail("file-unreadable", "this file cannot be read: look at its permissions", name);
        bytes_ += size;
        files_.emplace(name, std::move(content));
        return {};
    }

    Files files_;
    std::uintmax_t bytes_ = 0;
};

}  // namespace

base::Result<Files> read_directory(const std::string& path) {
    std::error_code fault;
    if (!fs::is_directory(path, fault))
        return base::fail("directory-missing", "there is no such directory: name the community directory", path);
    Reading reading;
    if (auto read = reading.folder(path, ""); !read) return tl::unexpected(read.error());
    for (const char* sub : {"rules", "maps"}) {
        const fs::path folder = fs::path(path) / sub;
        if (!fs::is_directory(folder, fault)) continue;
        if (auto read = reading.folder(folder, std::string(sub) + "/"); !read) return tl::unexpected(read.error());
    }
    return reading.take();
}

base::Digest digest_of(const Files& files) { return base::sha256(pack(files)); }

std::string pack(const Files& files) {
    base::ByteWriter out;
    out.varint(files.size());
    for (const auto& [name, content] : files) {
        out.text(name);
        out.text(content);
    }
    return out.take();
}

base::Result<Files> unpack(std::string_view bytes) {
    base::ByteReader in(bytes);
    Files files;
    bool canonical = true;
    for (std::size_t n = in.count(); n > 0 && in.ok(); --n) {
        const std::string_view name = in.text();
        const std::string_view content = in.text();
        canonical = canonical && (files.empty() || files.rbegin()->first < name);
        files.emplace_hint(files.end(), name, content);
    }
    if (!in.ok() || !in.at_end() || !canonical)
        return base::fail("bad-files", "these bytes are no packed community directory, or they are damaged");
    return files;
}

}  // namespace shoumen::policy
