// The part of shell/upkeep that takes in tables of devices: read and checked on the thread for tables, put into the
// directory as one version of it, and written in pieces.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "papers/csv.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

#include "added_devices.hpp"
#include "upkeep_cells.hpp"
#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using upkeep::Stage;

constexpr std::size_t most_rows = 250'000;
constexpr std::size_t rows_a_commit = 2'000;
constexpr std::size_t rows_at_a_time = 20'000;
constexpr std::size_t findings_told = 1'000;
constexpr std::size_t longest_text = 120;

// Two devices of one maker have two serials.
std::string serial_key(const ports::DeviceRecordRow& row) {
    return row.serial.empty() ? "" : row.maker + '\n' + row.serial;
}

struct Line {
    std::size_t line = 0;
    std::array<std::string, static_cast<std::size_t>(Column::none)> cells;

    [[nodiscard]] const std::string& of(Column column) const { return cells.at(static_cast<std::size_t>(column)); }
};

// A line that is right by itself.
struct Taken {
    std::size_t line = 0;
    ports::DeviceRecordRow row;
    ports::DeviceRecordRow was;
    ports::DeviceMoveRow move;
    bool is_new = false;
    bool placed = false;
};

bool same(const ports::DeviceRecordRow& a, const ports::DeviceRecordRow& b) {
    return std::tie(a.kind, a.place, a.name, a.gateway, a.maker, a.product, a.serial, a.bought, a.cost_fen, a.stage) ==
           std::tie(b.kind, b.place, b.name, b.gateway, b.maker, b.product, b.serial, b.bought, b.cost_fen, b.stage);
}

}  // namespace

struct Upkeep::Import {
    ports::Session session;
    std::string table;
    bool check = false;
    std::function<void(base::Result<ports::ImportReport>)> done;
    std::shared_ptr<const model::Policy> policy;
    base::Time now;
    std::set<std::string, std::less<>> of_others;  // codes that wait in the tray for somebody else

    base::Result<void> result;
    ports::ImportReport report;
    std::vector<std::string> names;  // of the columns, as the file has them
    std::vector<Column> columns;
    std::string hash;
    std::vector<ports::DeviceRecordRow> rows;
    std::vector<ports::DeviceMoveRow> moves;  // of those that are new here; nth 0: none
    std::vector<AddedDevice> placed;
    std::size_t written = 0;

    void refuse(std::size_t line, Column column, std::string code) {
        const auto at = std::ranges::find(columns, column);
        report.refused.push_back({line,
                                  at == columns.end() ? "" : names.at(static_cast<std::size_t>(at - columns.begin())),
                                  std::move(code)});
    }

    // As all will be when the table is in: a serial may move from one to another. A line that is refused leaves its
    // device as it was, which may take a serial from another line; so again until none is.
    void refuse_doubled_serials(const std::unordered_map<std::string, ports::DeviceRecordRow>& known,
                                std::vector<Taken>& taken) {
        for (bool again = true; again;) {
            std::unordered_map<std::string, std::string> whose;
            std::set<std::string, std::less<>> here;
            for (const Taken& one : taken) here.insert(one.row.device);
            for (const auto& [code, row] : known) {
                if (row.stage != to_word(Stage::retired) && !here.contains(code)) whose.emplace(serial_key(row), code);
            }
            // Those that keep theirs come before those that get one.
            const auto keeps = [](const Taken& one) { return serial_key(one.row) == serial_key(one.was); };
            for (const Taken& one : taken) {
                if (keeps(one)) whose.emplace(serial_key(one.row), one.row.device);
            }
            again = std::erase_if(taken, [&](const Taken& one) {
                        const auto key = serial_key(one.row);
                        if (key.empty() || keeps(one)) return false;
                        if (whose.emplace(key, one.row.device).first->second == one.row.device) return false;
                        refuse(one.line, Column::serial, "serial-taken");
                        return true;
                    }) > 0;
        }
    }

    bool read_head(const papers::TableRow& row) {
        for (const auto& cell : row.cells) {
            names.push_back(cell);
            columns.push_back(column_of(cell));
            if (columns.back() == Column::none && !cell.empty())
                report.refused.push_back({row.line, cell, "unknown-column"});
            if (columns.back() != Column::none && std::ranges::count(columns, columns.back()) > 1)
                report.refused.push_back({row.line, cell, "doubled-column"});
        }
        for (const auto& [column, name] : {std::pair{Column::code, "编号"}, std::pair{Column::kind, "类别"}}) {
            if (std::ranges::find(columns, column) != columns.end()) continue;
            result = base::fail("missing-column",
                                fmt::format("the first line names the columns, and one of them is {}", name), name);
            return false;
        }
        return true;
    }

    std::vector<Line> lines_of(const std::vector<papers::TableRow>& table_rows) {
        std::vector<Line> lines;
        std::set<std::string> codes;
        for (const auto& row : table_rows) {
            Line line{row.line, {}};
            for (std::size_t i = 0; i < std::min(row.cells.size(), columns.size()); ++i) {
                if (columns[i] != Column::none) line.cells.at(static_cast<std::size_t>(columns[i])) = row.cells[i];
            }
            const bool too_wide = row.cells.size() > columns.size() &&
                                  std::ranges::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(columns.size()),
                                                      row.cells.end(), [](const auto& c) { return !c.empty(); });
            const auto& code = line.of(Column::code);
            if (too_wide)
                report.refused.push_back({row.line, "", "too-many-cells"});
            else if (code.empty())
                refuse(row.line, Column::code, "missing-field");
            else if (!is_device_code(code))
                refuse(row.line, Column::code, "bad-code");
            else if (!codes.insert(code).second)
                refuse(row.line, Column::code, "doubled-code");
            else
                lines.push_back(std::move(line));
        }
        return lines;
    }

    // What the line makes of the row that is there; what is wrong has been told.
    bool put(const Line& line, ports::DeviceRecordRow& row, bool is_new) {
        const auto wrong = [&](Column column, const char* code) {
            refuse(line.line, column, code);
            return false;
        };
        row.device = line.of(Column::code);
        const auto& kind = line.of(Column::kind);
        const bool gateway = kind == "gateway" || kind == "网关";
        if (kind.empty() && is_new) return wrong(Column::kind, "missing-field");
        if (!kind.empty()) {
            const auto read = read_kind(kind);
            if (!read && !gateway) return wrong(Column::kind, "unknown-kind");
            const std::string word(gateway ? "" : to_word(*read));
            if (!is_new && word != row.kind) return wrong(Column::kind, "wrong-kind");
            row.kind = word;
        }
        for (const auto& [column, into] :
             {std::pair{Column::name, &row.name}, std::pair{Column::maker, &row.maker},
              std::pair{Column::product, &row.product}, std::pair{Column::serial, &row.serial}}) {
            if (line.of(column).empty()) continue;
            if (line.of(column).size() > longest_text) return wrong(column, "cell-too-long");
            *into = line.of(column);
        }
        if (const auto& day = line.of(Column::bought); !day.empty()) {
            const auto at = read_day(day, policy->zone);
            if (!at) return wrong(Column::bought, "bad-day");
            row.bought = *at;
        }
        if (const auto& money = line.of(Column::cost); !money.empty()) {
            const auto fen = read_money(money);
            if (!fen) return wrong(Column::cost, "bad-price");
            row.cost_fen = *fen;
        }
        if (const auto& place = line.of(Column::place); !place.empty()) {
            const auto it = policy->place_by_code.find(place);
            if (it == policy->place_by_code.end() || policy->places[it->second.value].retired)
                return wrong(Column::place, "unknown-place");
            row.place = place;
        }
        return true;
    }
};

void Upkeep::import(const ports::Session& session, std::string table, bool check,
                    std::function<void(base::Result<ports::ImportReport>)> done) {
    if (!may_change_anywhere(session)) return done(base::fail("forbidden", "your roles do not include this"));
    if (changing_) return done(base::fail("busy", "the directory is being changed; try again in a moment"));
    if (node_.policy() != policy_) adopt_policy();
    auto import = std::make_shared<Import>();
    import->session = session;
    import->table = std::move(table);
    import->check = check;
    import->done = std::move(done);
    import->policy = node_.policy();
    import->now = clock_.now();
    for (const auto& [found, row] : found_) {
        if (row.state == tray_waiting && !may_decide(session, found.second)) import->of_others.insert(found.first);
    }
    changing_ = true;
    const bool queued = worker_.run([this, import] {
        read_table(import);
        post_([this, import] {
            changing_ = false;
            put_table(import);
        });
    });
    if (queued) return;
    changing_ = false;
    import->done(base::fail("busy", "the directory is being changed; try again in a moment"));
}

// On the thread for tables.
void Upkeep::read_table(const std::shared_ptr<Import>& import) {
    auto& in = *import;
    in.hash = base::to_hex(base::sha256(in.table)).substr(0, 16);
    auto rows = papers::read_csv(in.table, {.rows = most_rows});
    in.table = {};
    if (!rows) {
        in.result = tl::unexpected(rows.error());
        return;
    }
    if (rows->empty()) {
        in.result = base::fail("missing-column", "the first line names the columns, and one of them is 编号", "编号");
        return;
    }
    if (!in.read_head(rows->front())) return;
    rows->erase(rows->begin());
    const auto lines = in.lines_of(*rows);
    rows->clear();
    std::unordered_map<std::string, ports::DeviceRecordRow> known;
    for (std::string after;;) {
        auto page = table_reader_->upkeep().device_records(after, rows_at_a_time);
        if (!page) {
            in.result = tl::unexpected(page.error());
            return;
        }
        if (page->empty()) break;
        after = page->back().device;
        for (auto& row : *page) known[row.device] = std::move(row);
    }
    // Gateways of the table may speak for its devices.
    std::set<std::string, std::less<>> gateways;
    for (const auto& line : lines) {
        if (const auto& kind = line.of(Column::kind); kind == "gateway" || kind == "网关")
            gateways.insert(line.of(Column::code));
    }
    const protect::Gate gate(*in.policy);
    const protect::Viewer viewer{in.session.actor.person, in.session.holdings, in.session.actor.bodies,
                                 in.session.acts_for};
    std::unordered_map<std::string, bool> may;
    const auto may_at = [&](const std::string& place) {
        const auto [it, is_new] = may.try_emplace(place);
        if (is_new) {
            const auto id = in.policy->place_by_code.find(place);
            it->second = gate.may_change(
                viewer, model::Item::devices,
                {.place = id == in.policy->place_by_code.end() ? model::PlaceId{} : id->second}, in.now);
        }
        return it->second;
    };
    std::vector<Taken> taken;
    for (const auto& line : lines) {
        const auto& code = line.of(Column::code);
        const auto before = known.find(code);
        const auto in_directory = in.policy->device_by_code.find(code);
        const bool hangs =
            in_directory != in.policy->device_by_code.end() && !in.policy->devices[in_directory->second.value].retired;
        const bool is_new = before == known.end() && !hangs;
        ports::DeviceRecordRow row = before == known.end() ? ports::DeviceRecordRow{} : before->second;
        if (before == known.end()) {
            row.since = in.now;
            row.stage = to_word(hangs ? Stage::in_service : Stage::bought);
            if (hangs && !in.policy->devices[in_directory->second.value].is_gateway)
                row.kind = to_word(in.policy->devices[in_directory->second.value].kind);
        }
        const auto was = row;
        const bool by_hand = hangs && row.place.empty();
        const auto there =
            hangs ? in.policy->places[in.policy->devices[in_directory->second.value].place.value].code : std::string();
        if (before != known.end() && row.stage == to_word(Stage::retired)) {
            in.refuse(line.line, Column::code, "device-retired");
            continue;
        }
        if (in.of_others.contains(code)) {
            in.refuse(line.line, Column::code, "forbidden");
            continue;
        }
        if (!in.put(line, row, is_new)) continue;
        if (by_hand) {
            if (!row.place.empty() && row.place != there) {
                in.refuse(line.line, Column::place, "device-by-hand");
                continue;
            }
            row.place = {};
        }
        if (!may_at(by_hand ? there : row.place) || (!is_new && !may_at(hangs ? there : was.place))) {
            in.refuse(line.line, Column::place, "forbidden");
            continue;
        }
        if (const auto& gateway = line.of(Column::gateway); !gateway.empty() && !by_hand) {
            const auto it = in.policy->device_by_code.find(gateway);
            const bool is = gateways.contains(gateway) ||
                            (it != in.policy->device_by_code.end() && in.policy->devices[it->second.value].is_gateway &&
                             !in.policy->devices[it->second.value].retired);
            if (!is || row.kind.empty()) {
                in.refuse(line.line, Column::gateway, "unknown-gateway");
                continue;
            }
            if (row.gateway != gateway && it != in.policy->device_by_code.end() &&
                !may_at(in.policy->places[in.policy->devices[it->second.value].place.value].code)) {
                in.refuse(line.line, Column::gateway, "forbidden");
                continue;
            }
            row.gateway = gateway;
        }
        // What hangs somewhere has been put up; what it is else, the table says where the device is new here.
        Stage stage = upkeep::parse_stage(row.stage).value_or(Stage::bought);
        if (stage == Stage::bought && !row.place.empty()) stage = Stage::installed;
        if (const auto& cell = line.of(Column::stage); !cell.empty() && is_new) {
            const auto said = read_stage(cell);
            if (!said) {
                in.refuse(line.line, Column::stage, "bad-stage");
                continue;
            }
            if (*said != Stage::bought && row.place.empty()) {
                in.refuse(line.line, Column::place, "place-missing");
                continue;
            }
            stage = *said;
        }
        const bool placed = !by_hand && stage != Stage::bought;
        ports::DeviceMoveRow move;
        if (is_new || to_word(stage) != row.stage) {
            move.device = code;
            move.nth = ++row.moves;
            move.at = in.now;
            move.from = is_new ? "" : row.stage;
            move.to = to_word(stage);
            move.by = in.session.actor.person.code;
            row.stage = move.to;
            row.since = in.now;
            if (stage != Stage::bought) row.installed = row.bought.is_set() ? row.bought : in.now;
        }
        taken.push_back({line.line, std::move(row), was, std::move(move), is_new, placed});
    }
    in.refuse_doubled_serials(known, taken);
    for (Taken& one : taken) {
        const bool changed = one.is_new || !same(one.row, one.was);
        ++(one.is_new ? in.report.added : changed ? in.report.changed : in.report.unchanged);
        if (!changed || in.check) continue;
        if (one.placed)
            in.placed.push_back({one.row.device, one.row.kind, one.row.place, one.row.gateway, one.row.name});
        in.rows.push_back(std::move(one.row));
        in.moves.push_back(std::move(one.move));
    }
    std::ranges::sort(in.report.refused, {}, [](const auto& f) { return std::tie(f.line, f.field, f.code); });
    in.report.refused_count = in.report.refused.size();
    if (in.report.refused.size() > findings_told) in.report.refused.resize(findings_told);
}

// The directory first: a device that hangs there and has no record is in service.
void Upkeep::put_table(const std::shared_ptr<Import>& import) {
    auto& in = *import;
    if (!in.result) return in.done(tl::unexpected(in.result.error()));
    if (in.rows.empty()) return in.done(in.report);
    std::vector<ports::RecordWrite> writes;
    writes.emplace_back(act_of(in.session, "devices_imported", "table:" + in.hash,
                               fmt::format("added {} changed {}", in.report.added, in.report.changed)));
    change_directory(
        [import](AddedDevices& all) {
            for (const auto& device : import->placed) all.put(device);
        },
        std::move(writes),
        [this, import](base::Result<void> stored) {
            if (!stored) return import->done(tl::unexpected(stored.error()));
            write_next(import);
        });
}

// One piece after the other; each is whole.
void Upkeep::write_next(const std::shared_ptr<Import>& import) {
    auto& in = *import;
    if (!in.result) return in.done(tl::unexpected(in.result.error()));
    if (in.written == in.rows.size()) {
        if (node_.policy() != policy_) adopt_policy();
        tell_health();
        fill_hays();
        if (log_)
            log_({ports::LogLevel::info,
                  "devices_imported",
                  "a table of devices was taken in",
                  {{"added", static_cast<std::int64_t>(in.report.added)},
                   {"changed", static_cast<std::int64_t>(in.report.changed)},
                   {"unchanged", static_cast<std::int64_t>(in.report.unchanged)},
                   {"refused", static_cast<std::int64_t>(in.report.refused_count)}}});
        return in.done(in.report);
    }
    const std::size_t from = in.written;
    in.written = std::min(from + rows_a_commit, in.rows.size());
    std::vector<ports::RecordWrite> writes;
    for (std::size_t i = from; i < in.written; ++i) {
        writes.emplace_back(in.rows[i]);
        if (in.moves[i].nth > 0) writes.emplace_back(in.moves[i]);
        finish_found(in.rows[i].device, tray_taken, writes);
    }
    node_.write_records(std::move(writes), [this, import, from](const base::Result<void>& stored) {
        if (!stored) {
            import->result = tl::unexpected(stored.error());
        } else {
            if (node_.policy() != policy_) adopt_policy();
            for (std::size_t i = from; i < import->written; ++i) {
                records_[import->rows[i].device] = import->rows[i];
                put_entry(import->rows[i].device);
            }
        }
        write_next(import);
    });
}

}  // namespace shoumen::shell
