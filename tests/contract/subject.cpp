#include "subject.hpp"

#include "store/postgresql/store.hpp"
#include "store/sqlite/store.hpp"
#include "support/fault_vfs.hpp"
#include "support/folder.hpp"
#include "support/postgres.hpp"

namespace shoumen::contract {
namespace {

// On this machine's disk, as people run it.
class SqliteOnDisk final : public Subject {
public:
    explicit SqliteOnDisk(std::uint64_t quarantine_limit) { options_.quarantine_limit = quarantine_limit; }
    base::Result<std::unique_ptr<ports::Store>> open() override {
        return store::open_sqlite(folder_.path() + "/data", options_);
    }

private:
    support::Folder folder_;
    store::SqliteOptions options_;
};

// On a disk in memory; with a log that is moved all the time.
class SqliteInMemory final : public Subject {
public:
    explicit SqliteInMemory(std::uint64_t quarantine_limit) {
        options_ = {.checkpoint_thread = false,
                    .checkpoint_bytes = 64U << 10U,
                    .quarantine_limit = quarantine_limit,
                    .page_size = 1'024,
                    .vfs_name = vfs_.name(),
                    .files = &vfs_.files()};
    }
    base::Result<std::unique_ptr<ports::Store>> open() override { return store::open_sqlite("/data", options_); }

private:
    support::FaultVfs vfs_{1};
    store::SqliteOptions options_;
};

class Postgresql final : public Subject {
public:
    explicit Postgresql(std::uint64_t quarantine_limit) { options_.quarantine_limit = quarantine_limit; }
    base::Result<std::unique_ptr<ports::Store>> open() override {
        const auto address =
            store::postgresql::parse_address(database_.address(), store::postgresql::PasswordInside::refused);
        if (!address) return tl::unexpected(address.error());
        return store::open_postgresql(*address, folder_.path() + "/data", options_);
    }

private:
    support::Folder folder_;
    support::PostgresDatabase database_;
    store::PostgresqlOptions options_;
};

}  // namespace

const std::vector<Database>& databases() {
    static const std::vector<Database> all = {
        {"SQLite", [](std::uint64_t limit) { return std::make_unique<SqliteOnDisk>(limit); }},
        {"SQLite in memory", [](std::uint64_t limit) { return std::make_unique<SqliteInMemory>(limit); }},
        {"PostgreSQL", [](std::uint64_t limit) { return std::make_unique<Postgresql>(limit); }},
    };
    return all;
}

}  // namespace shoumen::contract
