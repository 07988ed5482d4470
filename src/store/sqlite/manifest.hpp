// The list of files in a backup, with their hashes. Text as sha256sum writes it, under a first line that tells what it
// is.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"

namespace shoumen::store {

struct ManifestEntry {
    std::string path;  // relative: shoumen.db, snapshots/N.snap, evidence/ab/cdef…
    base::Digest sha256{};
};

struct Manifest {
    std::uint64_t next_seq = 0;
    std::vector<ManifestEntry> entries;
};

inline constexpr std::string_view manifest_name = "manifest.sha256";

std::string text_of(const Manifest& manifest);

// Only paths a backup has are taken: a manifest from elsewhere cannot name files outside. Otherwise `backup-damaged`.
base::Result<Manifest> parse_manifest(std::string_view text);

}  // namespace shoumen::store
