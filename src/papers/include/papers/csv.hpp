// Tables as people hand them in: CSV out of a spreadsheet.
//
// UTF-8 with or without its mark, else GB 18030 (what Excel writes in Chinese). Cells are parted by commas, or by tabs
// where the first line has tabs and no comma; quotes as in RFC 4180. Lines that are empty are passed over. Whatever
// comes in is UTF-8 without control characters (line breaks and tabs in a cell become spaces), cells without the spaces
// around them. Any bytes may come in. Errors: bad-encoding, bad-csv (`where` is the line, "7"), too-large. Pure.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::papers {

struct TableRow {
    std::size_t line = 0;  // where it begins, from 1
    std::vector<std::string> cells;
};

struct TableLimits {
    std::size_t rows = 20'000;
    std::size_t cells = 64;  // of a row
};

base::Result<std::vector<TableRow>> read_csv(std::string_view bytes, const TableLimits& limits = {});

}  // namespace shoumen::papers
