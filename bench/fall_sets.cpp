#include "fall_sets.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <zlib.h>

namespace shoumen::bench {
namespace {

constexpr base::Time day{1'700'000'000'000'000};  // trials have no date

std::string unpacked(const std::string& path) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    std::string text;
    std::vector<char> piece(1 << 16);
    for (int n = 0; (n = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()))) != 0;) {
        if (n < 0) throw std::runtime_error(path + ": broken");
        text.append(piece.data(), static_cast<std::size_t>(n));
    }
    return text;
}

std::optional<std::string> path_of(const std::string& file) {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    std::string path = std::string(named != nullptr ? named : "../shared/data") + "/" + file;
    if (std::filesystem::exists(path)) return path;
    fmt::print(stderr, "SKIPPED: {} is absent; name the folder of the data sets in SHOUMEN_DATA_DIR\n", path);
    return std::nullopt;
}

double number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::runtime_error(fmt::format("no number: {}", text));
    return value;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    for (std::size_t from = 0; from <= line.size();) {
        const std::size_t to = std::min(line.find(',', from), line.size());
        cells.push_back(line.substr(from, to - from));
        from = to + 1;
    }
    return cells;
}

// Each line after the header.
template <class Take>
void each_line(const std::string& text, std::size_t cells, Take take) {
    std::string_view rest = text;
    for (bool header = true; !rest.empty(); header = false) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (header || line.empty()) continue;
        const auto row = cells_of(line);
        if (row.size() != cells) throw std::runtime_error(fmt::format("{} cells, not {}: {}", row.size(), cells, line));
        take(row);
    }
}

template <class Window>
detect::Trial trial_with(const std::vector<Window>& windows, std::string group, bool fall) {
    detect::Trial t{std::move(group), fall, {}, {}};
    for (const Window& w : windows) t.windows.emplace_back(w.features.begin(), w.features.end());
    return t;
}

}  // namespace

std::optional<std::vector<Wrist>> read_wrist(const std::string& file, double unit) {
    const auto path = path_of(file);
    if (!path) return std::nullopt;
    std::vector<Wrist> out;
    std::string last;
    each_line(unpacked(*path), 9, [&](const std::vector<std::string_view>& row) {
        const std::string trial = fmt::format("{} {} {}", row[0], row[1], row[2]);
        if (trial != last) out.push_back({std::string(row[0]), std::string(row[3]), row[4] == "1", {}});
        last = trial;
        const base::Time time = day + base::Duration{static_cast<std::int64_t>(number(row[5]) * 1e6)};
        out.back().samples.push_back({time, number(row[6]) / unit, number(row[7]) / unit, number(row[8]) / unit});
    });
    return out;
}

// Some recordings were made with a clock that was not set: the order of the rows counts, at the usual rate.
std::optional<std::vector<Thermal>> read_thermal(const std::string& file) {
    const auto path = path_of(file);
    if (!path) return std::nullopt;
    std::vector<Thermal> out;
    each_line(unpacked(*path), 4 + detect::thermal_zones, [&](const std::vector<std::string_view>& row) {
        if (out.empty() || out.back().who != row[0])
            out.push_back({std::string(row[0]), std::string(row[2]), row[1] == "1", {}});
        auto& samples = out.back().samples;
        samples.push_back({day + base::milliseconds(101) * static_cast<std::int64_t>(samples.size()), {}});
        for (std::size_t z = 0; z < detect::thermal_zones; ++z) samples.back().celsius[z] = number(row[4 + z]);
    });
    return out;
}

// Where a fall may be: at the hardest blow after which the wrist lies stillest.
std::vector<detect::Trial> trials_of(const std::vector<Wrist>& recordings) {
    std::vector<detect::Trial> out;
    for (const Wrist& r : recordings) {
        detect::WristWindows cut;
        std::vector<detect::WristWindow> windows;
        for (const auto& s : r.samples) std::ranges::copy(cut.push(s), std::back_inserter(windows));
        std::ranges::copy(cut.finish(), std::back_inserter(windows));
        out.push_back(trial_with(windows, r.who, r.fall));
        if (windows.empty()) continue;
        const auto best = std::ranges::max_element(windows, {}, detect::like_a_fall);
        out.back().likely = {static_cast<std::size_t>(best - windows.begin())};
    }
    return out;
}

// Where a fall may be: where the warmth has sunk most since two seconds before.
std::vector<detect::Trial> trials_of(const std::vector<Thermal>& recordings, std::size_t parts) {
    std::vector<detect::Trial> out;
    for (const Thermal& r : recordings) {
        detect::ThermalWindows cut;
        std::vector<detect::ThermalWindow> windows;
        for (const auto& s : r.samples) std::ranges::copy(cut.push(s), std::back_inserter(windows));
        out.push_back(trial_with(windows, fmt::format("{}", out.size() % parts), r.fall));
        double most = -1e9;
        for (const auto& w : windows) most = std::max(most, detect::sunk(w));
        for (std::size_t i = 0; i < windows.size(); ++i) {
            if (detect::sunk(windows[i]) > most - 0.3) out.back().likely.push_back(i);
        }
    }
    return out;
}

}  // namespace shoumen::bench
