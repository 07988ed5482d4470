// Any bytes as a table: no crash, and what comes out is rows in the order of their lines, of clean cells.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "papers/csv.hpp"

using namespace shoumen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto rows = papers::read_csv({reinterpret_cast<const char*>(data), size}, {.rows = 1'000, .cells = 16});
    if (!rows) return rows.error().code.empty() ? std::abort(), 0 : 0;
    std::size_t line = 0;
    for (const auto& row : *rows) {
        if (row.line == 0 || row.line < line || row.cells.size() > 16) std::abort();
        line = row.line;
        for (const auto& cell : row.cells) {
            for (const char c : cell) {
                if (static_cast<unsigned char>(c) < 0x20) std::abort();
            }
        }
    }
    return 0;
}
