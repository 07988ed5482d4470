#include "place.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fmt/core.h>

#include "store/files/posix.hpp"
#include "store/files/snapshots.hpp"
#include "store/postgresql/store.hpp"
#include "store/sqlite/store.hpp"

namespace shoumen::app {
namespace {

using base::Result;
using store::postgresql::Address;
using store::postgresql::PasswordInside;

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
    return text;
}

Result<std::optional<Address>> found(const std::string& text, PasswordInside password, const char* origin) {
    // A variable that was misspelt, not a wish for the default.
    if (text.empty())
        return base::fail("bad-database",
                          "is empty; name a PostgreSQL database, or leave it out altogether to store in SQLite",
                          origin);
    auto address = store::postgresql::parse_address(text, password);
    if (!address) {
        address.error().where = origin;
        return tl::unexpected(std::move(address.error()));
    }
    return std::optional(std::move(*address));
}

// None: SQLite.
Result<std::optional<Address>> database_of(const Place& place) {
    if (!place.database.empty()) return found(place.database, PasswordInside::refused, "--database");
    if (const char* text = std::getenv("SHOUMEN_DATABASE"))
        return found(text, PasswordInside::allowed, "SHOUMEN_DATABASE");
    if (const char* file = std::getenv("SHOUMEN_DATABASE_FILE"); file && *file) {
        const auto text = store::posix_files().read(file);
        if (!text) return tl::unexpected(text.error());
        return found(trimmed(*text), PasswordInside::allowed, "SHOUMEN_DATABASE_FILE");
    }
    return std::optional<Address>{};
}

store::SqliteOptions sqlite_options() {
    store::SqliteOptions options;
    options.shard = shard;
    return options;
}

store::PostgresqlOptions postgresql_options() {
    store::PostgresqlOptions options;
    options.shard = shard;
    return options;
}

bool exists(const std::string& data, std::string_view name) {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::path(data) / name, ignored);
}

// Before anything is made: tables that are older than the program are brought up to date by opening them.
Result<void> is_there(const Place& place, const std::optional<Address>& database) {
    if (!database) {
        if (exists(place.data, "shoumen.db")) return {};
        if (exists(place.data, store::folder_beside_postgresql)) return {};  // opening says more
        return base::fail("file-missing",
                          "there is no data of a node here: start it once with serve --data " + place.data);
    }
    const auto reader = store::open_postgresql_reader(*database, postgresql_options());
    if (reader || reader.error().code == "schema-older") return {};
    return tl::unexpected(reader.error());
}

}  // namespace

Result<std::unique_ptr<ports::Store>> open_store(const Place& place, Missing missing) {
    const auto database = database_of(place);
    if (!database) return tl::unexpected(database.error());
    if (missing == Missing::refused) {
        if (auto there = is_there(place, *database); !there) return tl::unexpected(std::move(there.error()));
    }
    return *database ? store::open_postgresql(**database, place.data, postgresql_options())
                     : store::open_sqlite(place.data, sqlite_options());
}

Result<std::unique_ptr<ports::StoreReader>> open_reader(const Place& place) {
    const auto database = database_of(place);
    if (!database) return tl::unexpected(database.error());
    if (!*database && exists(place.data, store::folder_beside_postgresql))
        return base::fail("data-elsewhere",
                          fmt::format("the data that goes with {} lies in a PostgreSQL database; name "
                                      "it: --database",
                                      place.data));
    return *database ? store::open_postgresql_reader(**database, postgresql_options())
                     : store::open_sqlite_reader(place.data, sqlite_options());
}

std::string where(const Place& place) {
    const auto database = database_of(place);
    return database && *database ? "storing in PostgreSQL: " + (*database)->shown : "storing in SQLite: " + place.data;
}

std::string share_directory(const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    if (self.empty()) return "/usr/share/shoumen";  // no /proc: where the package puts it
    return (self.parent_path().parent_path() / "share" / "shoumen").string();
}

Result<void> only_sqlite(const Place& place, const std::string& instead) {
    const auto database = database_of(place);
    if (!database) return tl::unexpected(database.error());
    if (*database || exists(place.data, store::folder_beside_postgresql))
        return base::fail("use-postgresql", "this node's data lies in PostgreSQL: " + instead);
    return {};
}

}  // namespace shoumen::app
