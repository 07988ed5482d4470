#include "secret_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protect/seal.hpp"

namespace shoumen::protect {
namespace {

class File {
public:
    File(const std::filesystem::path& path, int flags)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

auto refused(const std::filesystem::path& path, std::string_view what) {
    return base::fail("key-file-refused", std::string(what), path.string());
}

std::string_view what_is_wrong(const struct stat& s, std::size_t longest) {
    if (!S_ISREG(s.st_mode)) return "is no regular file";
    if (s.st_uid != ::geteuid()) return "belongs to another user: chown it to the one this program runs as";
    if ((s.st_mode & 077) != 0) return "may be read or written by others: chmod 600";
    if (s.st_nlink != 1) return "has a second name (hard link): remove that one";
    if (s.st_size <= 0 || static_cast<std::size_t>(s.st_size) > longest)
        return "is empty or far too long for a key file";
    return {};
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fsync(fd) == 0;
}

bool sync_folder(const std::filesystem::path& path) {
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    return good;
}

base::Result<void> write_new(const std::filesystem::path& path, std::string_view content) {
    const File file(path, O_WRONLY | O_CREAT | O_EXCL);
    if (file.fd() < 0) return refused(path, fmt::format("cannot be made: {}", std::strerror(errno)));
    if (write_all(file.fd(), content) && sync_folder(path)) return {};
    const int error = errno;
    ::unlink(path.c_str());
    return refused(path, fmt::format("cannot be written: {}", std::strerror(error)));
}

}  // namespace

base::Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t longest) {
    const File file(path, O_RDONLY);
    if (file.fd() < 0 && errno == ELOOP) return refused(path, "is a link: name the file itself");
    if (file.fd() < 0) return refused(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
    struct stat s{};
    if (::fstat(file.fd(), &s) != 0) return refused(path, "cannot be examined");
    if (const auto wrong = what_is_wrong(s, longest); !wrong.empty()) return refused(path, wrong);
    std::string content(static_cast<std::size_t>(s.st_size), '\0');
    std::size_t have = 0;
    while (have < content.size()) {
        const ssize_t n = ::read(file.fd(), content.data() + have, content.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    if (have == content.size()) return content;
    wipe(content);
    return refused(path, "cannot be read to its end");
}

base::Result<void> write_secret_file(const std::filesystem::path& path, std::string_view content, bool replace) {
    if (!replace) return write_new(path, content);
    std::filesystem::path beside = path;
    beside += ".new";
    ::unlink(beside.c_str());  // what a crash left
    if (auto written = write_new(beside, content); !written) return written;
    if (::rename(beside.c_str(), path.c_str()) == 0 && sync_folder(path)) return {};
    return refused(path, fmt::format("cannot be replaced: {}", std::strerror(errno)));
}

base::Result<void> append_secret_file(const std::filesystem::path& path, std::string_view content) {
    const File file(path, O_WRONLY | O_APPEND);
    if (file.fd() < 0) return refused(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
    struct stat s{};
    if (::fstat(file.fd(), &s) != 0) return refused(path, "cannot be examined");
    if (write_all(file.fd(), content)) return {};
    const int error = errno;
    // No half a line in front of the next one.
    (void)::ftruncate(file.fd(), s.st_size);
    return refused(path, fmt::format("cannot be written: {}", std::strerror(error)));
}

}  // namespace shoumen::protect
