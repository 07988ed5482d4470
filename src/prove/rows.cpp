#include <charconv>

#include "prove/audit.hpp"
#include "prove/receipt.hpp"

namespace shoumen::prove {
namespace {

constexpr std::size_t most_cells = 16;

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    while (cells.size() < most_cells) {
        const auto tab = line.find('\t');
        cells.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) break;
        line.remove_prefix(tab + 1);
    }
    return cells;
}

struct Reader {
    bool ok = true;

    std::uint64_t number(std::string_view cell) {
        const auto v = plain_number(cell);
        ok = ok && v.has_value();
        return v.value_or(0);
    }
    std::int64_t time(std::string_view cell) {
        std::int64_t v = 0;
        const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), v);
        ok = ok && fault == std::errc{} && end == cell.data() + cell.size();
        return v;
    }
    std::string text(std::string_view cell) {
        auto v = unescaped(cell);
        ok = ok && v.has_value();
        return std::move(v).value_or("");
    }
    Digest digest(std::string_view cell) {
        const auto v = from_base64(cell);
        ok = ok && v && v->size() == sizeof(Digest);
        return ok ? base::digest_from_bytes(*v) : Digest{};
    }
};

}  // namespace

std::string row_line(std::uint64_t leaf, const Act& a) {
    std::string out = std::to_string(leaf) + "\t" + std::to_string(a.shard) + "\t" + std::to_string(a.id) + "\t" +
                      std::to_string(a.at.us);
    for (const auto* text : {&a.actor, &a.role, &a.kind, &a.purpose, &a.subject}) out += "\t" + escaped(*text);
    return out + "\t" + std::to_string(a.count) + "\t" + escaped(a.detail) + "\t" + to_base64(base::as_bytes(a.salt)) +
           "\n";
}

std::string row_line(std::uint64_t leaf, const BatchMark& b) {
    return std::to_string(leaf) + "\t" + std::to_string(b.shard) + "\t" + std::to_string(b.first_seq) + "\t" +
           std::to_string(b.count) + "\t" + to_base64(base::as_bytes(b.hash)) + "\n";
}

base::Result<Row> parse_row(std::string_view line, bool is_act) {
    const auto cells = cells_of(line);
    Row row;
    row.is_act = is_act;
    Reader in;
    constexpr std::size_t act_cells = 12;
    constexpr std::size_t batch_cells = 5;
    if (cells.size() != (is_act ? act_cells : batch_cells))
        return base::fail("bad-row", "the line has not as many cells as it must have");
    row.leaf = in.number(cells[0]);
    const auto shard = static_cast<std::uint32_t>(in.number(cells[1]));
    if (is_act) {
        Act& a = row.act;
        a.shard = shard;
        a.id = in.number(cells[2]);
        a.at = base::Time{in.time(cells[3])};
        a.actor = in.text(cells[4]);
        a.role = in.text(cells[5]);
        a.kind = in.text(cells[6]);
        a.purpose = in.text(cells[7]);
        a.subject = in.text(cells[8]);
        a.count = in.number(cells[9]);
        a.detail = in.text(cells[10]);
        a.salt = in.digest(cells[11]);
    } else {
        row.batch = {shard, in.number(cells[2]), in.number(cells[3]), in.digest(cells[4])};
    }
    if (!in.ok) return base::fail("bad-row", "a cell of the line cannot be read");
    return row;
}

}  // namespace shoumen::prove
