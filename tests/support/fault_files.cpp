#include "support/fault_files.hpp"

#include <cerrno>
#include <map>
#include <mutex>

#include "store/files/posix.hpp"

namespace shoumen::support {
namespace {

using base::Result;

Result<void> result(Outcome outcome, const std::string& doing) {
    switch (outcome) {
        case Outcome::done:
            return {};
        case Outcome::missing:
            return tl::unexpected(store::error_of_system(ENOENT, doing));
        case Outcome::no_room:
            return tl::unexpected(store::error_of_system(ENOSPC, doing));
        default:
            return tl::unexpected(store::error_of_system(EIO, doing));
    }
}

// Which locks are held, and in which life they were taken.
struct Locks {
    std::mutex mutex;
    std::map<std::string, std::uint64_t> held;
};

class Held final : public ports::FileLock {
public:
    Held(std::shared_ptr<Locks> locks, std::string path, std::uint64_t life)
        : locks_(std::move(locks)), path_(std::move(path)), life_(life) {}
    ~Held() override {
        const std::lock_guard lock(locks_->mutex);
        const auto found = locks_->held.find(path_);
        if (found != locks_->held.end() && found->second == life_) locks_->held.erase(found);
    }

private:
    std::shared_ptr<Locks> locks_;
    std::string path_;
    std::uint64_t life_;
};

class FilesOnDisk final : public ports::Files {
public:
    explicit FilesOnDisk(FaultDisk& disk) : disk_(disk) {}

    Result<void> make_folder(const std::string& path) override {
        if (disk_.exists(path)) return {};
        const auto parent = FaultDisk::folder_of(path);
        if (auto made = make_folder(parent); !made) return made;
        if (auto made = result(disk_.make_folder(path, disk_.life()), "make " + path); !made) return made;
        return sync_folder(parent);
    }

    Result<void> make_file(const std::string& path) override {
        FaultDisk::Handle file;
        bool created = false;
        return result(disk_.open(path, true, disk_.life(), file, created), "make " + path);
    }

    Result<void> write(const std::string& path, std::string_view bytes) override {
        const auto life = disk_.life();
        FaultDisk::Handle file;
        bool created = false;
        auto outcome = disk_.open(path, true, life, file, created);
        if (outcome == Outcome::done && !created) outcome = disk_.truncate(file, 0, life);
        if (outcome == Outcome::done) outcome = disk_.write(file, 0, bytes, life);
        if (outcome == Outcome::done) outcome = disk_.sync(file, life);
        return result(outcome, "write " + path);
    }

    Result<std::string> read(const std::string& path) override {
        const auto life = disk_.life();
        FaultDisk::Handle file;
        bool created = false;
        auto outcome = disk_.open(path, false, life, file, created);
        std::string bytes;
        if (outcome == Outcome::done) {
            bytes.resize(disk_.size(file));
            std::size_t got = 0;
            outcome = disk_.read(file, 0, bytes.data(), bytes.size(), got, life);
            bytes.resize(got);
        }
        if (auto done = result(outcome, "read " + path); !done) return tl::unexpected(done.error());
        return bytes;
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        return result(disk_.rename(from, to, disk_.life()), "rename to " + to);
    }

    Result<void> remove(const std::string& path) override {
        const auto outcome = disk_.remove(path, disk_.life());
        return outcome == Outcome::missing ? Result<void>{} : result(outcome, "remove " + path);
    }

    Result<void> sync_folder(const std::string& path) override {
        return result(disk_.sync_folder(path, disk_.life()), "bring to disk " + path);
    }

    Result<std::vector<std::string>> list(const std::string& path) override {
        if (disk_.is_off()) return tl::unexpected(store::error_of_system(EIO, "list " + path));
        return disk_.list(path);
    }

    Result<std::unique_ptr<ports::FileLock>> lock(const std::string& path) override {
        if (auto made = make_file(path); !made) return tl::unexpected(made.error());
        const auto life = disk_.life();
        const std::lock_guard lock(locks_->mutex);
        const auto found = locks_->held.find(path);
        if (found != locks_->held.end() && found->second == life)
            return base::fail("data-in-use", path + " is held; stop the other one first");
        locks_->held[path] = life;
        return std::make_unique<Held>(locks_, path, life);
    }

private:
    FaultDisk& disk_;
    std::shared_ptr<Locks> locks_ = std::make_shared<Locks>();
};

}  // namespace

std::unique_ptr<ports::Files> files_on(FaultDisk& disk) { return std::make_unique<FilesOnDisk>(disk); }

}  // namespace shoumen::support
