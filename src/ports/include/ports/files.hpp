// The seams to what lies in files beside the database: pieces of evidence, snapshots, the lock of a data directory.
//
// Files is the narrow one, a file system as far as durability needs it; a test puts a disk under it that loses what was
// not synced. EvidenceFiles is what the shell uses. Both may be called from any thread. Paths are absolute or relative
// to the working directory; names hold no user's text. Codes: `data-read-only` (not allowed to write), `disk-full`,
// `file-missing`, `data-in-use` (the lock is held), `disk-error` (anything else the system reports); `data-damaged` (a
// file is not what its name or checksum says).
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"

namespace shoumen::ports {

// Held until destroyed; the system lets go of it when the process ends, however it ends.
class FileLock {
public:
    virtual ~FileLock() = default;
};

class Files {
public:
    virtual ~Files() = default;

    // A folder only its owner can enter, and those above it; all durable when this returns. One that exists is left as
    // it is.
    virtual base::Result<void> make_folder(const std::string& path) = 0;
    // An empty file only its owner can read, unless it exists. Its name is not durable before sync_folder().
    virtual base::Result<void> make_file(const std::string& path) = 0;
    // Creates or replaces. The content is durable when this returns, the name not before sync_folder().
    virtual base::Result<void> write(const std::string& path, std::string_view bytes) = 0;
    virtual base::Result<std::string> read(const std::string& path) = 0;
    // Replaces `to` at one stroke; durable after sync_folder().
    virtual base::Result<void> rename(const std::string& from, const std::string& to) = 0;
    // One that is not there counts as removed.
    virtual base::Result<void> remove(const std::string& path) = 0;
    // The names in the folder are durable when this returns.
    virtual base::Result<void> sync_folder(const std::string& path) = 0;
    // Names, sorted. A folder that is not there is empty.
    virtual base::Result<std::vector<std::string>> list(const std::string& path) = 0;
    // For this process alone. When it is held elsewhere: `data-in-use`, naming the process if that is known.
    virtual base::Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

class EvidenceFiles {
public:
    virtual ~EvidenceFiles() = default;
    // Durable when it returns, names included; the same bytes twice are one file. The result is their SHA-256.
    virtual base::Result<base::Digest> put(std::string_view bytes) = 0;
    // The bytes, checked against their name. None by that name: `file-missing`.
    virtual base::Result<std::string> get(const base::Digest& sha256) = 0;
    // For good: the key it was sealed with goes too. One that is not there counts as removed.
    virtual base::Result<void> remove(const base::Digest& sha256) = 0;
};

}  // namespace shoumen::ports
