#include "store/files/evidence.hpp"

#include <atomic>

#include <fmt/format.h>

namespace shoumen::store {
namespace {

constexpr std::string_view unfinished_folder = "/evidence/tmp";

base::Error damaged(const std::string& path) {
    return {"data-damaged", fmt::format("{} is not what its name says; bring it back from a backup", path), {}};
}

}  // namespace

EvidenceDirectory::EvidenceDirectory(std::string data_dir, ports::Files& files)
    : root_(std::move(data_dir)), files_(files) {}

std::string EvidenceDirectory::relative_path(const base::Digest& sha256) {
    const auto hex = base::to_hex(sha256);
    return fmt::format("evidence/{}/{}", hex.substr(0, 2), hex.substr(2));
}

base::Result<base::Digest> EvidenceDirectory::put(std::string_view bytes) {
    const auto digest = base::sha256(bytes);
    if (auto done = put_as(digest, bytes); !done) return tl::unexpected(std::move(done.error()));
    return digest;
}

base::Result<void> EvidenceDirectory::put_as(const base::Digest& digest, std::string_view bytes) {
    const auto path = root_ + "/" + relative_path(digest);
    const auto folder = path.substr(0, path.find_last_of('/'));
    const auto place_for_unfinished = root_ + std::string(unfinished_folder);
    // Two at a time do no harm, each has its own unfinished file.
    static std::atomic<std::uint64_t> count{0};
    const auto temporary = fmt::format("{}/{}", place_for_unfinished, count.fetch_add(1));

    auto done = files_.make_folder(folder);
    if (done) done = files_.make_folder(place_for_unfinished);
    // Written again even where it is: whether an earlier put got as far as the disk cannot be seen from here.
    if (done) done = files_.write(temporary, bytes);
    if (done) done = files_.rename(temporary, path);
    if (!done) {
        (void)files_.remove(temporary);
        return done;
    }
    // All the way up, for the same reason: a folder that was found may not be on disk yet.
    for (const auto& up : {folder, root_ + "/evidence", root_}) {
        if (done = files_.sync_folder(up); !done) return done;
    }
    return {};
}

void EvidenceDirectory::remove_unfinished() {
    const auto folder = root_ + std::string(unfinished_folder);
    const auto names = files_.list(folder);
    if (!names) return;
    for (const auto& name : *names) (void)files_.remove(folder + "/" + name);
}

base::Result<std::string> EvidenceDirectory::get(const base::Digest& sha256) {
    const auto path = root_ + "/" + relative_path(sha256);
    auto bytes = files_.read(path);
    if (bytes && !bytes->starts_with(sealed_mark) && base::sha256(*bytes) != sha256)
        return tl::unexpected(damaged(path));
    return bytes;
}

base::Result<void> EvidenceDirectory::remove(const base::Digest& sha256) {
    const auto path = root_ + "/" + relative_path(sha256);
    if (auto done = files_.remove(path); !done) return done;
    // A folder that is not there holds no name to lose.
    auto synced = files_.sync_folder(path.substr(0, path.find_last_of('/')));
    if (!synced && synced.error().code == "file-missing") return {};
    return synced;
}

}  // namespace shoumen::store
