#include "store/files/posix.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shoumen::store {
namespace {

using base::Result;

constexpr mode_t owner_only_file = 0600;
constexpr mode_t owner_only_folder = 0700;

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool open() const { return fd_ >= 0; }

private:
    int fd_;
};

tl::unexpected<base::Error> failed(std::string_view verb, const std::string& path) {
    return tl::unexpected(error_of_system(errno, fmt::format("{} {}", verb, path)));
}

std::string parent_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string without_trailing_slashes(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("write", path);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

class PosixLock final : public ports::FileLock {
public:
    explicit PosixLock(int fd) : fd_(fd) {}

private:
    Descriptor fd_;
};

base::Error in_use(int fd, const std::string& path) {
    char text[32] = {};
    const auto n = ::pread(fd, text, sizeof text - 1, 0);
    std::string holder(text, n > 0 ? static_cast<std::size_t>(n) : 0);
    std::erase_if(holder, [](char c) { return c < '0' || c > '9'; });
    const auto who = holder.empty() ? std::string("another process") : "process " + holder;
    return {
        "data-in-use",
        fmt::format("{} is held by {}: stop that one first, or choose another data directory", parent_of(path), who),
        {}};
}

class PosixFiles final : public ports::Files {
public:
    Result<void> make_folder(const std::string& given) override {
        const auto path = without_trailing_slashes(given);
        struct stat info{};
        if (::stat(path.c_str(), &info) == 0) {
            if (S_ISDIR(info.st_mode)) return {};
            errno = ENOTDIR;
            return failed("make the folder", path);
        }
        if (errno != ENOENT) return failed("make the folder", path);
        const auto parent = parent_of(path);
        if (auto made = make_folder(parent); !made) return made;
        if (::mkdir(path.c_str(), owner_only_folder) != 0 && errno != EEXIST) return failed("make the folder", path);
        return sync_folder(parent);
    }

    Result<void> make_file(const std::string& path) override {
        const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only_file));
        if (!file.open()) return failed("open for writing", path);
        return {};
    }

    Result<void> write(const std::string& path, std::string_view bytes) override {
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only_file));
        if (!file.open()) return failed("open for writing", path);
        if (auto written = write_all(file.get(), bytes, path); !written) return written;
        if (::fsync(file.get()) != 0) return failed("bring to disk", path);
        return {};
    }

    Result<std::string> read(const std::string& path) override {
        const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file.open()) return failed("read", path);
        struct stat info{};
        if (::fstat(file.get(), &info) != 0) return failed("read", path);
        std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
        std::size_t have = 0;
        while (have < bytes.size()) {
            const auto n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return failed("read", path);
            if (n == 0) break;
            have += static_cast<std::size_t>(n);
        }
        bytes.resize(have);
        return bytes;
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename to", to);
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("remove", path);
        return {};
    }

    Result<void> sync_folder(const std::string& path) override {
        const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder.open() || ::fsync(folder.get()) != 0) return failed("bring to disk", path);
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& path) override {
        std::vector<std::string> names;
        const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
        if (!folder && errno == ENOENT) return names;
        if (!folder) return failed("list", path);
        while (const dirent* entry = ::readdir(folder.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") names.emplace_back(name);
        }
        std::ranges::sort(names);
        return names;
    }

    Result<std::unique_ptr<ports::FileLock>> lock(const std::string& path) override {
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only_file);
        auto held = std::make_unique<PosixLock>(fd);
        if (fd < 0) return failed("open for writing", path);
        while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EINTR) continue;
            if (errno == EWOULDBLOCK) return tl::unexpected(in_use(fd, path));
            return failed("lock", path);
        }
        // The number only serves the message above; a disk too full for it is no reason not to start.
        const auto pid = fmt::format("{}\n", ::getpid());
        if (::ftruncate(fd, 0) == 0) (void)!::pwrite(fd, pid.data(), pid.size(), 0);
        return held;
    }
};

}  // namespace

ports::Files& posix_files() {
    static PosixFiles files;
    return files;
}

base::Error error_of_system(int code, const std::string& doing) {
    const auto said = fmt::format("cannot {}: {}", doing, std::strerror(code));
    switch (code) {
        case EACCES:
        case EPERM:
        case EROFS:
            return {"data-read-only",
                    said + "; let the user that runs the program write there, or choose another data directory",
                    {}};
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return {"disk-full", said + "; make room on that disk, then it goes on by itself", {}};
        case ENOENT:
            return {"file-missing", said, {}};
        default:
            return {"disk-error", said + "; check the disk and the system's log", {}};
    }
}

}  // namespace shoumen::store
