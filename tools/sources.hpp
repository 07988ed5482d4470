// What the converters of foreign data sets share: wall clock times without a zone, codes, lines of fields, files.
#pragma once
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>
#include <zlib.h>

#include "base/result.hpp"

namespace shoumen::tools {

using base::fail;
using base::Result;

// --- Times without a zone ----------------------------------------------------------------------------------------

// Wall clock times of one place in ascending order. In the hour that an autumn night has twice, the order tells which
// is meant.
class WallClock {
public:
    explicit WallClock(const std::string& zone) : zone_(date::locate_zone(zone)) {}

    // nullopt: no clock there has ever shown it.
    std::optional<std::chrono::seconds> offset_at(date::local_seconds local) {
        const date::local_info info = zone_->get_info(local);
        if (info.result == date::local_info::nonexistent) return std::nullopt;
        auto offset = info.first.offset;
        if (info.result == date::local_info::ambiguous && at(local, offset) < last_) offset = info.second.offset;
        last_ = std::max(last_, at(local, offset));
        return offset;
    }

private:
    static date::sys_seconds at(date::local_seconds local, std::chrono::seconds offset) {
        return date::sys_seconds{local.time_since_epoch() - offset};
    }
    const date::time_zone* zone_;
    date::sys_seconds last_{};
};

template <class Number>
bool read_number(std::string_view text, Number& out) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    return code == std::errc{} && end == text.data() + text.size();
}

inline std::optional<date::local_seconds> read_local(std::string_view day, std::string_view clock) {
    int year = 0;
    unsigned month = 0, number = 0;
    int hour = 0, minute = 0, second = 0;
    if (day.size() != 10 || day[4] != '-' || day[7] != '-' || clock.size() < 8 || clock[2] != ':' || clock[5] != ':')
        return std::nullopt;
    const bool digits = read_number(day.substr(0, 4), year) && read_number(day.substr(5, 2), month) &&
                        read_number(day.substr(8, 2), number) && read_number(clock.substr(0, 2), hour) &&
                        read_number(clock.substr(3, 2), minute) && read_number(clock.substr(6, 2), second);
    const date::year_month_day date{date::year{year}, date::month{month}, date::day{number}};
    if (!digits || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return date::local_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

inline Result<std::string> rfc3339(WallClock& wall, const std::string& day, const std::string& clock) {
    const auto local = read_local(day, clock);
    if (!local) return fail("bad-time", "not a time of the form 2011-06-15 01:03:39.14962");
    const auto offset = wall.offset_at(*local);
    if (!offset)
        return fail("bad-time",
                    "no clock of this zone has shown this time: it lies in the hour that spring leaves out");
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*offset).count();
    const auto size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{}T{}{}{:02}:{:02}", day, clock, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

// --- Codes -------------------------------------------------------------------------------------------------------

// "LoungeChair" → "lounge-chair"
inline std::string code_of(std::string_view name) {
    std::string code;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if ((upper || !plain) && !code.empty() && code.back() != '-') code += '-';
        if (plain) code += upper ? static_cast<char>(c + 32) : c;
    }
    return code;
}

inline std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
}

// --- Lines and files ---------------------------------------------------------------------------------------------

// At most this many commas; fewer fields: the line is none of ours.
inline std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
        if (c == ',')
            fields.emplace_back();
        else if (c != '\r')
            fields.back() += c;
    }
    return fields;
}

// As it stands, or unpacked where its name ends in .gz or not but it is packed by gzip.
inline Result<std::string> read_file(const std::string& path) {
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return fail("file-missing", "cannot be read", path);
    std::string text;
    std::string part(1U << 20U, '\0');
    int n = 0;
    while ((n = gzread(file, part.data(), static_cast<unsigned>(part.size()))) > 0)
        text.append(part, 0, static_cast<std::size_t>(n));
    const int closed = gzclose_r(file);
    if (n < 0 || closed != Z_OK) return fail("file-damaged", "its packing is damaged, or it ends too early", path);
    return text;
}

inline Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
    std::error_code ec;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ec);
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) return fail("cannot-write", "cannot be written: is there room, and may you write there?", path.string());
    return {};
}

}  // namespace shoumen::tools
