// Pieces of evidence as files: DIR/evidence/ab/cdef…, named by the SHA-256 of what is in them, sealed or not. A file
// that begins with `sealed_mark` is sealed: its name cannot be checked here.
//
// Never changed once written, so that a backup may copy them while others are added. Any thread.
#pragma once
#include <string>
#include <string_view>

#include "ports/files.hpp"
#include "store/files/posix.hpp"

namespace shoumen::store {

inline constexpr std::string_view sealed_mark = "\xf5S\x01";  // as protect/vault.hpp writes it

class EvidenceDirectory final : public ports::EvidenceFiles {
public:
    // `files` must outlive it. Nothing is created before the first put().
    explicit EvidenceDirectory(std::string data_dir, ports::Files& files = posix_files());

    base::Result<base::Digest> put(std::string_view bytes) override;
    // Under a name that is not its own hash: sealed bytes, under the hash of what is in them. Whoever sealed them tells
    // whether they were changed.
    base::Result<void> put_as(const base::Digest& name, std::string_view bytes);
    base::Result<std::string> get(const base::Digest& sha256) override;
    base::Result<void> remove(const base::Digest& sha256) override;

    // What a crash left half written. Only for the holder of the data directory's lock, before the first put().
    void remove_unfinished();

    // Relative to the data directory: "evidence/ab/cdef…".
    static std::string relative_path(const base::Digest& sha256);

private:
    std::string root_;
    ports::Files& files_;
};

}  // namespace shoumen::store
