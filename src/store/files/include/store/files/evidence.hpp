// Pieces of evidence as files: DIR/evidence/ab/cdef…, named by the SHA-256 of what is in them.
//
// Never changed once written, so that a backup may copy them while others are added. Any thread.
#pragma once
#include <string>
#include <string_view>

#include "ports/files.hpp"
#include "store/files/posix.hpp"

namespace shoumen::store {

class EvidenceDirectory final : public ports::EvidenceFiles {
public:
    // `files` must outlive it. Nothing is created before the first put().
    explicit EvidenceDirectory(std::string data_dir, ports::Files& files = posix_files());

    base::Result<base::Digest> put(std::string_view bytes) override;
    base::Result<std::string> get(const base::Digest& sha256) override;

    // What a crash left half written. Only for the holder of the data directory's lock, before the first put().
    void remove_unfinished();

    // Relative to the data directory: "evidence/ab/cdef…".
    static std::string relative_path(const base::Digest& sha256);

private:
    std::string root_;
    ports::Files& files_;
};

}  // namespace shoumen::store
