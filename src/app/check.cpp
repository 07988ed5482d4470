#include <charconv>
#include <cstdio>

#include <fmt/core.h>

#include "policy/directory.hpp"

#include "clocks.hpp"
#include "commands.hpp"

namespace shoumen::app {
namespace {

struct Month {
    int year = 0;
    unsigned month = 0;
};

std::optional<Month> parse_month(const std::string& text) {
    Month m;
    if (text.size() != 7 || text[4] != '-') return std::nullopt;
    const auto year = std::from_chars(text.data(), text.data() + 4, m.year);
    const auto month = std::from_chars(text.data() + 5, text.data() + 7, m.month);
    if (year.ptr != text.data() + 4 || month.ptr != text.data() + 7 || m.month < 1 || m.month > 12 || m.year < 1970)
        return std::nullopt;
    return m;
}

std::string counted(const std::vector<policy::Finding>& findings) {
    return fmt::format("{} finding{}", findings.size(), findings.size() == 1 ? "" : "s");
}

void print(const std::vector<policy::Finding>& list) {
    for (const auto& f : list) fmt::print("{}\n", policy::to_line(f));
}

}  // namespace

int check(const std::string& directory, const std::string& month) {
    std::optional<Month> wanted;
    if (!month.empty()) {
        wanted = parse_month(month);
        if (!wanted) {
            fmt::print(stderr, "shoumen check: --month {}: write it as 2026-11\n", month);
            return cannot_run;
        }
    }
    const auto files = policy::read_directory(directory);
    if (!files) {
        const std::string where = files.error().where.empty() ? directory : files.error().where;
        fmt::print(stderr, "shoumen check: {}: {}: {}\n", where, files.error().code, files.error().message);
        return cannot_run;
    }
    auto compiled = policy::compile(*files, nullptr, 1);
    if (!compiled.policy) {
        print(compiled.findings);
        fmt::print(stderr, "{}; matrix and duty table are proved once the files can be read\n",
                   counted(compiled.findings));
        return findings;
    }
    const model::Policy& p = *compiled.policy;
    if (!wanted) {
        const auto now = p.zone.local(SystemClock().now());
        wanted = Month{now.year, now.month};
    }
    std::vector<policy::Finding> all = std::move(compiled.findings);
    for (auto& f : policy::check_matrix(p)) all.push_back(std::move(f));
    for (auto& f : policy::check_duty(p, wanted->year, wanted->month)) all.push_back(std::move(f));
    print(all);
    if (!all.empty()) {
        fmt::print(stderr, "{}\n", counted(all));
        return findings;
    }
    fmt::print(
        "fine: {} places, {} devices, {} rules, {} matrix rows; every combination has exactly one lead, and in "
        "{:04}-{:02} each "
        "lead can be reached at every hour\n",
        p.places.size(), p.devices.size(), p.rules.size(), p.matrix.size(), wanted->year, wanted->month);
    return fine;
}

}  // namespace shoumen::app
