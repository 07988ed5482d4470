// Backups: of a running node, by another process, without stopping anything.
//
// A backup is a folder: shoumen.db (one file, as of one moment), the newest snapshot, every piece of evidence that
// database names, and manifest.sha256 with the SHA-256 of each: lines as sha256sum writes them, so that `sha256sum -c
// manifest.sha256` checks it too. The manifest is written last: a folder without one is no backup. Text that people
// wrote and photos are in it: keep it as safely as the data.
//
// The database is copied first and evidence after it: evidence is durable before the commit that names it and is never
// changed, so that all that is named is there. Commits go on meanwhile; the log grows for as long as the copying takes.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace shoumen::store {

struct BackupReport {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t next_seq = 0;  // of shard 0: the backup holds every input below this number
};

// Part done, 0 to 1. Called now and then.
using Progress = std::function<void(double)>;

// Codes: `data-missing` (no database there), `schema-newer`, `backup-not-empty` (the target exists and holds
// something), `data-damaged` (the database, or a piece of evidence, is not whole), `file-missing` (evidence that is
// named is gone), `disk-full`, `data-read-only`, `disk-error`. After a failure the target holds no manifest; it may be
// deleted.
base::Result<BackupReport> backup(const std::string& data_dir, const std::string& target,
                                  const Progress& progress = {});

// Into a directory that is empty or not there. Everything is checked against the manifest while it is copied, and the
// database once more as a whole; nothing can be opened there before all of it has been found right. Codes:
// `restore-not-empty`, `backup-incomplete` (no manifest), `backup-damaged` (a file is missing or not as written),
// `schema-newer`, and those of the disk.
base::Result<BackupReport> restore(const std::string& backup, const std::string& data_dir,
                                   const Progress& progress = {});

}  // namespace shoumen::store
