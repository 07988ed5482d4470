#include "support/fault_disk.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

namespace shoumen::support {
namespace {

constexpr std::size_t sector = 512;

struct Change {
    std::uint64_t offset = 0;          // of a write; the new size of a truncation
    std::optional<std::string> bytes;  // none: a truncation
};

void put(std::string& content, std::uint64_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
    std::ranges::copy(bytes, content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply(std::string& content, const Change& change) {
    if (change.bytes)
        put(content, change.offset, *change.bytes);
    else
        content.resize(change.offset, '\0');
}

void wait(std::chrono::microseconds time) {
    if (time.count() > 0) std::this_thread::sleep_for(time);
}

}  // namespace

struct FaultDisk::File {
    bool folder = false;
    std::string now;
    std::string safe;
    std::vector<Change> unsynced;  // leads from safe to now
};

FaultDisk::FaultDisk(std::uint64_t seed) : random_(seed) {}
FaultDisk::~FaultDisk() = default;

std::string FaultDisk::folder_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

// --- What goes wrong ---------------------------------------------------------------------------------------------

void FaultDisk::cut_after(std::uint64_t operations) {
    const std::lock_guard lock(mutex_);
    cut_at_ = operations_ + operations;
}

void FaultDisk::cut() {
    const std::lock_guard lock(mutex_);
    off_ = true;
}

bool FaultDisk::is_off() const {
    const std::lock_guard lock(mutex_);
    return off_;
}

std::uint64_t FaultDisk::life() const {
    const std::lock_guard lock(mutex_);
    return life_;
}

std::uint64_t FaultDisk::operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
}

std::uint64_t FaultDisk::syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
}

std::uint64_t FaultDisk::used() const {
    const std::lock_guard lock(mutex_);
    return used_locked();
}

void FaultDisk::set_room(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    room_ = bytes;
}

void FaultDisk::fail_writes(std::uint64_t good, std::uint64_t bad) {
    const std::lock_guard lock(mutex_);
    bad_writes_ = {good, bad};
}

void FaultDisk::fail_syncs(std::uint64_t good, std::uint64_t bad) {
    const std::lock_guard lock(mutex_);
    bad_syncs_ = {good, bad};
}

void FaultDisk::slow_down(std::chrono::microseconds a_write, std::chrono::microseconds a_sync) {
    const std::lock_guard lock(mutex_);
    write_takes_ = a_write;
    sync_takes_ = a_sync;
}

std::uint64_t FaultDisk::random() {
    const std::lock_guard lock(mutex_);
    return random_.next();
}

bool FaultDisk::Countdown::strikes() {
    if (good == unlimited || bad == 0) return false;
    if (good > 0) {
        --good;
        return false;
    }
    --bad;
    return true;
}

bool FaultDisk::begin_operation(std::uint64_t life, bool& last) {
    if (off_ || life != life_) return false;
    ++operations_;
    last = operations_ >= cut_at_;
    if (last) off_ = true;
    return true;
}

void FaultDisk::restart() {
    const std::lock_guard lock(mutex_);
    // In the order of their names, so that the seed alone decides.
    std::set<Handle> done;
    const auto survive = [&](const Names& names) {
        for (const auto& [path, file] : names) {
            if (done.insert(file).second) survive_content(*file);
        }
    };
    survive(safe_);
    survive(now_);
    for (const auto& change : unsynced_names_) {
        for (const auto& [path, file] : change.names) {
            if (file && done.insert(file).second) survive_content(*file);
        }
    }
    survive_names();
    drop_unreachable();
    now_ = safe_;
    off_ = false;
    cut_at_ = unlimited;
    bad_writes_ = {};
    bad_syncs_ = {};
    ++life_;
}

void FaultDisk::survive_names() {
    const auto n = unsynced_names_.size();
    std::size_t kept = 0;
    switch (random_.below(3)) {
        case 0:
            break;
        case 1:
            kept = n;
            break;
        default:
            kept = random_.below(n + 1);  // a file system brings names to disk in order
    }
    for (std::size_t i = 0; i < kept; ++i) {
        for (const auto& [path, file] : unsynced_names_[i].names) {
            if (file)
                safe_[path] = file;
            else
                safe_.erase(path);
        }
    }
    unsynced_names_.clear();
}

void FaultDisk::survive_content(File& file) {
    const auto how = random_.below(4);
    for (const auto& change : file.unsynced) {
        if (how == 0) break;
        if (how == 1 || !change.bytes) {
            if (how == 1 || random_.chance(0.5)) apply(file.safe, change);
            continue;
        }
        if (how == 2) {
            if (random_.chance(0.5)) apply(file.safe, change);
            continue;
        }
        // Sector by sector, as a disk's own cache may do.
        const std::string_view bytes = *change.bytes;
        for (std::size_t at = 0; at < bytes.size();) {
            const auto to_boundary = sector - (change.offset + at) % sector;
            const auto piece = bytes.substr(at, to_boundary);
            const auto old =
                file.safe.size() > change.offset + at ? file.safe.substr(change.offset + at, piece.size()) : "";
            const auto fate = random_.below(4);
            if (fate == 1) put(file.safe, change.offset + at, piece);
            if (fate == 2) put(file.safe, change.offset + at, piece.substr(0, random_.below(piece.size() + 1)));
            if (fate == 3) put(file.safe, change.offset + at, garbled(old, piece));
            at += piece.size();
        }
    }
    file.unsynced.clear();
    file.now = file.safe;
}

// Old, new or rubbish, byte by byte: what a sector reads as that was being written when the power went.
std::string FaultDisk::garbled(std::string_view before, std::string_view after) {
    std::string out(after);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto fate = random_.below(3);
        if (fate == 0) out[i] = i < before.size() ? before[i] : '\0';
        if (fate == 1) out[i] = static_cast<char>(random_.next());
    }
    return out;
}

void FaultDisk::drop_unreachable() {
    const auto reachable = [this](const std::string& path) {
        for (auto folder = folder_of(path); folder != "/"; folder = folder_of(folder)) {
            if (!safe_.contains(folder)) return false;
        }
        return true;
    };
    std::erase_if(safe_, [&](const auto& entry) { return !reachable(entry.first); });
}

void FaultDisk::damage(const std::string& path, std::uint64_t offset, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    const auto& file = now_.at(path);
    put(file->now, offset, bytes);
    put(file->safe, offset, bytes);
}

// --- Content -----------------------------------------------------------------------------------------------------

std::uint64_t FaultDisk::used_locked() const {
    std::uint64_t sum = 0;
    for (const auto& [path, file] : now_) sum += file->now.size();
    return sum;
}

Outcome FaultDisk::open(const std::string& path, bool create, std::uint64_t life, Handle& file, bool& created) {
    const std::lock_guard lock(mutex_);
    created = false;
    if (off_ || life != life_) return Outcome::power_off;
    if (const auto found = now_.find(path); found != now_.end()) {
        file = found->second;
        return Outcome::done;
    }
    const auto folder = folder_of(path);
    if (!create || (folder != "/" && !now_.contains(folder))) return Outcome::missing;
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    file = std::make_shared<File>();
    created = true;
    note({folder, {{path, file}}});
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::read(const Handle& file, std::uint64_t offset, char* out, std::size_t size, std::size_t& got,
                        std::uint64_t life) {
    const std::lock_guard lock(mutex_);
    got = 0;
    if (off_ || life != life_) return Outcome::power_off;
    if (offset < file->now.size()) got = std::min<std::size_t>(size, file->now.size() - offset);
    if (got > 0) std::copy_n(file->now.data() + offset, got, out);
    return Outcome::done;
}

Outcome FaultDisk::write(const Handle& file, std::uint64_t offset, std::string_view bytes, std::uint64_t life) {
    std::unique_lock lock(mutex_);
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    if (bad_writes_.strikes()) return Outcome::fault;
    const auto end = offset + bytes.size();
    if (end > file->now.size() && room_ != unlimited && used_locked() + (end - file->now.size()) > room_)
        return Outcome::no_room;
    put(file->now, offset, bytes);
    file->unsynced.push_back({offset, std::string(bytes)});
    const auto time = write_takes_;
    lock.unlock();
    wait(time);
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::truncate(const Handle& file, std::uint64_t size, std::uint64_t life) {
    const std::lock_guard lock(mutex_);
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    file->now.resize(size, '\0');
    file->unsynced.push_back({size, std::nullopt});
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::sync(const Handle& file, std::uint64_t life) {
    std::unique_lock lock(mutex_);
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    ++syncs_;
    if (last) return Outcome::power_off;  // how far it got is decided at the restart
    if (bad_syncs_.strikes()) {
        const auto now = file->now;
        survive_content(*file);
        file->now = now;  // the cache still shows it, and calls it clean
        return Outcome::fault;
    }
    for (const auto& change : file->unsynced) apply(file->safe, change);
    file->unsynced.clear();
    const auto time = sync_takes_;
    lock.unlock();
    wait(time);
    return Outcome::done;
}

std::uint64_t FaultDisk::size(const Handle& file) const {
    const std::lock_guard lock(mutex_);
    return file->now.size();
}

// --- Names -------------------------------------------------------------------------------------------------------

void FaultDisk::note(NameChange change) {
    for (const auto& [path, file] : change.names) {
        if (file)
            now_[path] = file;
        else
            now_.erase(path);
    }
    unsynced_names_.push_back(std::move(change));
}

Outcome FaultDisk::make_folder(const std::string& path, std::uint64_t life) {
    const std::lock_guard lock(mutex_);
    if (off_ || life != life_) return Outcome::power_off;
    if (now_.contains(path)) return Outcome::done;
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    auto folder = std::make_shared<File>();
    folder->folder = true;
    note({folder_of(path), {{path, std::move(folder)}}});
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::rename(const std::string& from, const std::string& to, std::uint64_t life) {
    const std::lock_guard lock(mutex_);
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    const auto found = now_.find(from);
    if (found == now_.end()) return Outcome::missing;
    const auto file = found->second;
    if (folder_of(from) == folder_of(to)) {
        note({folder_of(to), {{to, file}, {from, nullptr}}});
    } else {
        note({folder_of(to), {{to, file}}});
        note({folder_of(from), {{from, nullptr}}});
    }
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::remove(const std::string& path, std::uint64_t life) {
    const std::lock_guard lock(mutex_);
    if (off_ || life != life_) return Outcome::power_off;
    if (!now_.contains(path)) return Outcome::missing;
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    note({folder_of(path), {{path, nullptr}}});
    return last ? Outcome::power_off : Outcome::done;
}

Outcome FaultDisk::sync_folder(const std::string& path, std::uint64_t life) {
    std::unique_lock lock(mutex_);
    bool last = false;
    if (!begin_operation(life, last)) return Outcome::power_off;
    ++syncs_;
    if (last) return Outcome::power_off;
    if (bad_syncs_.strikes()) return Outcome::fault;
    std::erase_if(unsynced_names_, [&](const NameChange& change) {
        if (change.folder != path) return false;
        for (const auto& [name, file] : change.names) {
            if (file)
                safe_[name] = file;
            else
                safe_.erase(name);
        }
        return true;
    });
    const auto time = sync_takes_;
    lock.unlock();
    wait(time);
    return Outcome::done;
}

bool FaultDisk::exists(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return path == "/" || now_.contains(path);
}

std::vector<std::string> FaultDisk::list(const std::string& folder) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [path, file] : now_) {
        if (folder_of(path) == folder) names.push_back(path.substr(path.find_last_of('/') + 1));
    }
    return names;
}

}  // namespace shoumen::support
