#include "store/files/snapshots.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "store/files/durable.hpp"

namespace shoumen::store {
namespace {

constexpr std::string_view magic = "SHOUSNAP";
constexpr std::uint64_t version = 1;
constexpr std::string_view ending = ".snap";
constexpr std::size_t head_size = 8 + 3 * 8;
constexpr std::size_t digest_size = sizeof(base::Digest);

std::string name_of(std::uint64_t next_seq) { return fmt::format("{:020}{}", next_seq, ending); }

std::string encode(const ports::Snapshot& snapshot) {
    base::ByteWriter out;
    out.reserve(head_size + snapshot.bytes.size() + digest_size);
    out.raw(magic);
    out.u64(version);
    out.u64(snapshot.next_seq);
    out.u64(snapshot.bytes.size());
    out.raw(snapshot.bytes);
    const auto digest = base::sha256(out.view());
    out.raw(base::as_bytes(digest));
    return out.take();
}

std::optional<ports::Snapshot> decode(std::string&& file) {
    base::ByteReader in(file);
    if (in.raw(magic.size()) != magic || in.u64() != version) return {};
    const auto next_seq = in.u64();
    const auto length = in.u64();
    if (!in.ok() || file.size() < head_size + digest_size || length != file.size() - head_size - digest_size) return {};
    const auto all = std::string_view(file);
    if (base::as_bytes(base::sha256(all.substr(0, head_size + length))) != all.substr(head_size + length)) return {};
    file.resize(head_size + length);
    file.erase(0, head_size);
    return ports::Snapshot{next_seq, std::move(file)};
}

}  // namespace

SnapshotFiles::SnapshotFiles(std::string data_dir, ports::Files& files)
    : folder_(std::move(data_dir) + "/snapshots"), files_(files) {}

base::Result<void> SnapshotFiles::save(const ports::Snapshot& snapshot) {
    const std::lock_guard lock(mutex_);
    if (auto made = files_.make_folder(folder_); !made) return made;
    auto written = write_durably(files_, folder_, name_of(snapshot.next_seq), encode(snapshot));
    if (written) remove_others();
    return written;
}

// What cannot be removed now is tried again at the next save.
void SnapshotFiles::remove_others() {
    const auto names = files_.list(folder_);
    if (!names) return;
    std::size_t whole = 0;
    for (auto name = names->rbegin(); name != names->rend(); ++name) {
        if (name->ends_with(ending) && ++whole <= keep) continue;
        if (name->ends_with(ending) || name->ends_with(unfinished)) (void)files_.remove(folder_ + "/" + *name);
    }
}

base::Result<std::optional<ports::Snapshot>> SnapshotFiles::newest() {
    const std::lock_guard lock(mutex_);
    auto names = files_.list(folder_);
    if (!names) return tl::unexpected(names.error());
    std::ranges::reverse(*names);
    for (const auto& name : *names) {
        if (!name.ends_with(ending)) continue;
        auto file = files_.read(folder_ + "/" + name);
        if (!file) continue;  // unreadable now: maybe not for ever, so it stays
        auto snapshot = decode(std::move(*file));
        if (snapshot && name == name_of(snapshot->next_seq)) return snapshot;
        (void)files_.remove(folder_ + "/" + name);
    }
    return std::optional<ports::Snapshot>{};
}

void SnapshotFiles::remove_above(std::uint64_t next_seq) {
    const std::lock_guard lock(mutex_);
    const auto names = files_.list(folder_);
    if (!names) return;
    for (const auto& name : *names) {
        if (name.ends_with(ending) && name > name_of(next_seq)) (void)files_.remove(folder_ + "/" + name);
    }
}

base::Result<std::optional<std::pair<std::string, std::string>>> SnapshotFiles::newest_file() {
    auto names = files_.list(folder_);
    if (!names) return tl::unexpected(names.error());
    std::ranges::reverse(*names);
    for (const auto& name : *names) {
        if (!name.ends_with(ending)) continue;
        const auto file = files_.read(folder_ + "/" + name);
        const auto snapshot = file ? decode(std::string(*file)) : std::nullopt;
        if (snapshot && name == name_of(snapshot->next_seq)) return std::pair(name, *file);
    }
    return std::optional<std::pair<std::string, std::string>>{};
}

}  // namespace shoumen::store
