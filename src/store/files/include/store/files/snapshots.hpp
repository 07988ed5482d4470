// Snapshots as files: DIR/snapshots/<next_seq, 20 digits>.snap. The newest two are kept.
//
// A file: "SHOUSNAP", u64 version, u64 next_seq, u64 length, the bytes, and the SHA-256 of all that (numbers
// little-endian). One that is cut off or changed is passed over and removed: losing a snapshot only makes the next
// start slower. Any thread.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/files.hpp"
#include "ports/store.hpp"
#include "store/files/posix.hpp"

namespace shoumen::store {

// In a data directory whose rows lie in PostgreSQL: a folder for each database, with its snapshots.
inline constexpr std::string_view folder_beside_postgresql = "postgresql";

class SnapshotFiles {
public:
    static constexpr std::size_t keep = 2;

    // `files` must outlive it. Nothing is created before the first save().
    explicit SnapshotFiles(std::string data_dir, ports::Files& files = posix_files());

    base::Result<void> save(const ports::Snapshot& snapshot);
    base::Result<std::optional<ports::Snapshot>> newest();
    // Those of a state the log does not hold: it has been brought back from a backup older than they are.
    void remove_above(std::uint64_t next_seq);
    // The newest whole one as a file, name and bytes, for a backup. Removes nothing: the folder may be another
    // process's.
    base::Result<std::optional<std::pair<std::string, std::string>>> newest_file();

private:
    void remove_others();

    std::string folder_;
    ports::Files& files_;
    std::mutex mutex_;
};

}  // namespace shoumen::store
