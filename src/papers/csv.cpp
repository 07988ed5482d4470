#include "papers/csv.hpp"

#include <algorithm>

#include <csv.h>
#include <fmt/format.h>

#include "papers/encoding.hpp"

namespace shoumen::papers {
namespace {

std::string plain(std::string_view cell) {
    std::string out(cell);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    const auto first = out.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

class Reader {
public:
    explicit Reader(const TableLimits& limits) : limits_(limits) {
        ready_ = ::csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) == 0;
    }
    ~Reader() {
        if (ready_) ::csv_free(&parser_);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    base::Result<std::vector<TableRow>> read(std::string_view text) {
        if (!ready_) return base::fail("too-large", "no memory for the table", {});
        const auto head = text.substr(0, text.find('\n'));
        if (head.find(',') == std::string_view::npos && head.find('\t') != std::string_view::npos)
            ::csv_set_delim(&parser_, CSV_TAB);
        // A line at a time, so that it is known where a row begins.
        while (!text.empty()) {
            ++line_;
            const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
            if (parser_.pstate == 0) row_.line = line_;  // no row has begun
            if (::csv_parse(&parser_, text.data(), end, on_cell, on_row, this) != end) return broken();
            if (too_large_) return too_large();
            text.remove_prefix(end);
        }
        if (::csv_fini(&parser_, on_cell, on_row, this) != 0) return broken();
        if (too_large_) return too_large();
        return std::move(rows_);
    }

private:
    static void on_cell(void* cell, std::size_t n, void* self) {
        auto& of = *static_cast<Reader*>(self);
        if (of.row_.cells.size() >= of.limits_.cells) of.too_large_ = true;
        if (of.row_.line == 0) of.row_.line = of.line_;
        if (!of.too_large_) of.row_.cells.push_back(plain({static_cast<const char*>(cell), n}));
    }
    static void on_row(int, void* self) {
        auto& of = *static_cast<Reader*>(self);
        const bool empty = std::ranges::all_of(of.row_.cells, [](const auto& c) { return c.empty(); });
        if (!empty && of.rows_.size() > of.limits_.rows) of.too_large_ = true;
        if (!empty && !of.too_large_) of.rows_.push_back(std::move(of.row_));
        of.row_ = {};
    }
    tl::unexpected<base::Error> broken() const {
        return base::fail("bad-csv", "a quotation mark stands where none may, or is never closed",
                          fmt::format("{}", row_.line == 0 ? line_ : row_.line));
    }
    tl::unexpected<base::Error> too_large() const {
        return base::fail("too-large", fmt::format("{} rows of {} cells at most; part it", limits_.rows, limits_.cells),
                          fmt::format("{}", line_));
    }

    TableLimits limits_;
    csv_parser parser_{};
    bool ready_ = false;
    bool too_large_ = false;
    std::size_t line_ = 0;
    TableRow row_;
    std::vector<TableRow> rows_;
};

}  // namespace

base::Result<std::vector<TableRow>> read_csv(std::string_view bytes, const TableLimits& limits) {
    const auto text = as_utf8(bytes);
    if (!text) return tl::unexpected(text.error());
    return Reader(limits).read(*text);
}

}  // namespace shoumen::papers
