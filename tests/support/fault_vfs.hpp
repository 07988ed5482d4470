// A FaultDisk as SQLite and the product's other files see it: `name()` for SQLite, `files()` for ports/files.hpp, both
// on the same disk.
//
//   FaultVfs vfs(seed);
//   store::SqliteOptions options{.vfs_name = vfs.name(), .files = &vfs.files()};
//   auto store = store::open_sqlite("/data", options);
//   vfs.cut_after(17);          // the power goes during the 17th operation from now
//   ...                         // every call fails from then on
//   store->reset();             // the process is gone
//   vfs.restart();              // what survived is there
//
// Registered with SQLite while it lives; all that uses it must have ended before. Locks and shared memory go with a
// restart, as with a process. To be repeatable by the seed alone, give the store `checkpoint_thread = false`.
#pragma once
#include <memory>
#include <string>

#include "ports/files.hpp"
#include "support/fault_disk.hpp"

namespace shoumen::support {

class FaultVfs : public FaultDisk {
public:
    explicit FaultVfs(std::uint64_t seed);
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    [[nodiscard]] const std::string& name() const;
    ports::Files& files();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::support
