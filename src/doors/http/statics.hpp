// The console's files, held in memory: a path is only ever looked up among the names that were there at the start, so
// none leads out of the directory. Names with a hash in them never change and may be kept by the browser for ever.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "message.hpp"

namespace shoumen::doors::http {

class Statics {
public:
    static constexpr std::size_t max_total_bytes = 256U << 20U;

    // Reads all regular files below the directory (no symbolic links). A directory that is not there has no files.
    static Statics read(const std::string& directory);
    void add(std::string path, std::string bytes);  // path: "assets/app-1a2b3c4d.js"

    // Files; index.html for client routes (names without a dot). Null: there is no such file.
    [[nodiscard]] std::unique_ptr<Answer> find(const Target& target, std::string_view if_none_match) const;
    [[nodiscard]] bool empty() const { return files_.empty(); }

private:
    struct File {
        std::shared_ptr<const std::string> bytes;
        std::string type;
        std::string etag;
        bool immutable = false;
    };
    [[nodiscard]] const File* lookup(const Target& target) const;

    std::map<std::string, File, std::less<>> files_;
};

std::string_view media_type_of_file(std::string_view path);
// "assets/index-BxYz1234.js": the name carries a hash of at least 8 characters.
bool has_hashed_name(std::string_view path);

}  // namespace shoumen::doors::http
