// The names in a data directory.
#pragma once
#include <string>
#include <string_view>

namespace shoumen::store {

inline constexpr std::string_view database_name = "shoumen.db";
inline constexpr std::string_view lock_name = "lock";
inline constexpr std::string_view restore_mark = "restoring";  // there while a restore is under way

inline std::string database_in(const std::string& data_dir) { return data_dir + "/" + std::string(database_name); }

}  // namespace shoumen::store
