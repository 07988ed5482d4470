// Lines of measured samples, as a gateway pipes them in: CSV, or a JSON object a line.
//
//     time,x,y,z                              a header may name the columns in any order; further ones are passed over
//     2026-03-03T08:00:00.031+08:00,0.1,9.6,1.2
//     {"time":1772496000.031,"x":0.1,"y":9.6,"z":1.2}
//
// Without a header the columns stand in the order given. A time is RFC 3339 with a zone, or a number: seconds, from
// 1e11 on milliseconds. Numbers from 1e9 s on count from 1970 and are dated; smaller ones count from anything. Any
// bytes may come in, a line of at most `longest` bytes. Errors: bad-line, its message without the line's number. Pure.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::app {

struct Sample {
    base::Time time;
    bool dated = false;          // the time says when it was, not only how long after another
    std::vector<double> values;  // in the order of the names
};

class SampleLines {
public:
    static constexpr std::size_t longest = 4'096;

    explicit SampleLines(std::vector<std::string> names);
    // nullopt: an empty line, or the header (which may stand in the first line that is not empty).
    base::Result<std::optional<Sample>> read(std::string_view line);

private:
    base::Result<std::optional<Sample>> read_json(std::string_view line) const;
    base::Result<std::optional<Sample>> read_cells(std::string_view line);
    bool take_header(const std::vector<std::string_view>& cells);

    std::vector<std::string> names_;
    std::vector<std::size_t> columns_;  // of time, then of each name
    std::size_t fewest_ = 0;            // cells a line must have
    bool begun_ = false;
};

}  // namespace shoumen::app
