#include "store/sql/migrations.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace shoumen::store {
namespace {

std::vector<Migration> read_embedded() {
    std::vector<Migration> list;
    for (const auto& [name, text] : embedded_migrations()) {
        Migration migration{0, name, text};
        std::from_chars(name.data(), name.data() + name.size(), migration.version);
        list.push_back(migration);
    }
    return list;
}

}  // namespace

std::span<const Migration> migrations() {
    static const std::vector<Migration> list = read_embedded();
    return list;
}

base::Error schema_newer(std::uint64_t found, std::uint64_t known) {
    return {"schema-newer",
            fmt::format("the data has schema {}, this program knows {} and older; use the program that wrote it or a "
                        "newer one, or restore an older backup",
                        found, known),
            {}};
}

base::Error schema_older(std::uint64_t found, std::uint64_t known) {
    return {"schema-older",
            fmt::format("the data has schema {}, this program reads {}; start `shoumen serve` on it once, which brings "
                        "it up to date",
                        found, known),
            {}};
}

}  // namespace shoumen::store
