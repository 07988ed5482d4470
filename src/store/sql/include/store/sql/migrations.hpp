// The schema's numbered migrations (src/store/migrations), one text for every database, and what is said of a database
// whose number is not the program's own.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace shoumen {
std::span<const std::pair<std::string_view, std::string_view>> embedded_migrations();  // file name, text; by name
}

namespace shoumen::store {

struct Migration {
    std::uint64_t version = 0;  // 1, 2, 3 … without gaps
    std::string_view name;
    std::string_view text;
};

// Those of the program.
std::span<const Migration> migrations();

base::Error schema_newer(std::uint64_t found, std::uint64_t known);
base::Error schema_older(std::uint64_t found, std::uint64_t known);

}  // namespace shoumen::store
