// What the figures were measured on.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <boost/json/object.hpp>
#include <sys/utsname.h>
#include <unistd.h>

namespace shoumen::bench {

inline std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("model name")) continue;
        const auto value = line.find(": ");
        if (value != std::string::npos) return line.substr(value + 2);
    }
    return "unknown";
}

inline std::string compiler_name() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "unknown";
#endif
}

inline std::string kernel_name() {
    utsname name{};
    if (uname(&name) != 0) return "unknown";
    return std::string(name.sysname) + " " + name.release;
}

// The resident memory of a process in bytes, this one unless told otherwise; 0: not known.
inline std::uint64_t resident_bytes(int process = 0) {
    const std::string who = process == 0 ? "self" : std::to_string(process);
    std::ifstream file("/proc/" + who + "/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    file >> pages >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

inline boost::json::object machine() {
    const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    double load[1] = {0};
    const bool known = getloadavg(load, 1) == 1;
    return {{"processor", processor_name()},
            {"cores", std::thread::hardware_concurrency()},
            {"memory_mb", pages * page / (1024 * 1024)},
            {"kernel", kernel_name()},
            {"compiler", compiler_name()},
#if defined(NDEBUG)
            {"optimised", true},
#else
            {"optimised", false},
#endif
            {"load_average_at_end", known ? boost::json::value(load[0]) : boost::json::value(nullptr)}};
}

}  // namespace shoumen::bench
