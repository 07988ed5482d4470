#include "machine.hpp"

#include <cstdio>
#include <ctime>
#include <filesystem>

#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace shoumen::app {

LinuxMachine::LinuxMachine(std::string data_directory, std::function<base::Duration()> steady)
    : data_(std::move(data_directory)), steady_(std::move(steady)) {}

std::optional<ports::DiskSpace> LinuxMachine::disk() const {
    struct statvfs s{};
    if (statvfs(data_.c_str(), &s) != 0 || s.f_blocks == 0) return std::nullopt;
    // What root alone may use is neither free nor ours: 100 % is all that this program can ever have.
    const std::uint64_t reserved = s.f_bfree - s.f_bavail;
    return ports::DiskSpace{std::uint64_t{s.f_bavail} * s.f_frsize, (s.f_blocks - reserved) * s.f_frsize};
}

std::optional<std::uint64_t> LinuxMachine::store_bytes() const {
    std::uint64_t sum = 0;
    std::error_code ignored;
    for (const char* name : {"shoumen.db", "shoumen.db-wal", "shoumen.db-shm"}) {
        const auto size = std::filesystem::file_size(std::filesystem::path(data_) / name, ignored);
        if (!ignored) sum += size;
    }
    for (const auto& entry : std::filesystem::directory_iterator(data_ + "/snapshots", ignored)) {
        const auto size = entry.file_size(ignored);
        if (!ignored) sum += size;
    }
    return sum;
}

std::optional<std::uint64_t> LinuxMachine::memory_bytes() const {
    std::FILE* file = std::fopen("/proc/self/statm", "re");
    if (file == nullptr) return std::nullopt;
    unsigned long total = 0;
    unsigned long resident = 0;
    const int read = std::fscanf(file, "%lu %lu", &total, &resident);  // NOLINT(cert-err34-c): counted
    std::fclose(file);
    if (read != 2) return std::nullopt;
    return std::uint64_t{resident} * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

base::Duration LinuxMachine::steady() const {
    if (steady_) return steady_();
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return {std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000};
}

std::optional<bool> LinuxMachine::clock_synchronised() const {
    timex t{};
    const int state = adjtimex(&t);
    if (state < 0) return std::nullopt;
    return state != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
}

}  // namespace shoumen::app
