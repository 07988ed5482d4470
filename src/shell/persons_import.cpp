// The register's part that takes in tables: read, checked and sealed on a thread of its own, written in pieces.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "papers/csv.hpp"
#include "protect/vault.hpp"

#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t rows_a_commit = 500;
constexpr std::size_t findings_told = 1'000;

enum class Column : std::uint8_t {
    code,
    home,
    whole_name,
    family_name,
    given_name,
    phone,
    id_number,
    health,
    contact,
    contact_phone,
    none
};

struct Heading {
    std::string_view text;
    Column column;
};
constexpr auto headings = std::to_array<Heading>({
    {"code", Column::code},
    {"编号", Column::code},
    {"人员编号", Column::code},
    {"home", Column::home},
    {"住处编号", Column::home},
    {"住址编号", Column::home},
    {"房屋编号", Column::home},
    {"name", Column::whole_name},
    {"姓名", Column::whole_name},
    {"family_name", Column::family_name},
    {"姓", Column::family_name},
    {"given_name", Column::given_name},
    {"名", Column::given_name},
    {"phone", Column::phone},
    {"电话", Column::phone},
    {"手机", Column::phone},
    {"手机号", Column::phone},
    {"联系电话", Column::phone},
    {"id_number", Column::id_number},
    {"身份证号", Column::id_number},
    {"身份证号码", Column::id_number},
    {"health", Column::health},
    {"健康提示", Column::health},
    {"救助提示", Column::health},
    {"contact", Column::contact},
    {"紧急联系人", Column::contact},
    {"contact_phone", Column::contact_phone},
    {"紧急联系电话", Column::contact_phone},
    {"紧急联系人电话", Column::contact_phone},
});

Column column_of(std::string_view heading) {
    const auto it = std::ranges::find(headings, heading, &Heading::text);
    return it == headings.end() ? Column::none : it->column;
}

// By what the column is called in this file.
std::string heading_of(const std::vector<Column>& columns, const std::vector<std::string>& names,
                       std::string_view field) {
    const auto wanted = column_of(field);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool part_of_name = columns[i] == Column::whole_name && wanted == Column::given_name;
        if (columns[i] == wanted || part_of_name) return names[i];
    }
    return std::string(field);
}

// An empty cell says nothing: what is kept stays. Taking a value away is done person by person.
void put_cell(ports::PersonAsked& asked, Column column, const std::string& cell) {
    if (cell.empty()) return;
    switch (column) {
        case Column::code:
            asked.person.code = cell;
            break;
        case Column::home:
            asked.home = cell;
            break;
        case Column::whole_name: {
            const auto bytes = protect::family_bytes_of(cell);
            asked.family_name = cell.substr(0, bytes);
            asked.given_name = cell.substr(bytes);
            break;
        }
        case Column::family_name:
            asked.family_name = cell;
            break;
        case Column::given_name:
            asked.given_name = cell;
            break;
        case Column::phone:
            asked.phone = cell;
            break;
        case Column::id_number:
            asked.id_number = cell;
            break;
        case Column::health:
            asked.health = cell;
            break;
        case Column::contact:
            asked.contact = cell;
            break;
        case Column::contact_phone:
            asked.contact_phone = cell;
            break;
        case Column::none:
            break;
    }
}

struct Line {
    std::size_t line = 0;
    ports::PersonAsked asked;
};

}  // namespace

struct Persons::Import {
    ports::Session session;
    std::string table;
    bool check = false;
    std::function<void(base::Result<ports::ImportReport>)> done;
    std::shared_ptr<const model::Policy> policy;
    base::Time now;

    base::Result<void> result;
    ports::ImportReport report;
    std::vector<std::string> names;  // of the columns, as the file has them
    std::vector<Column> columns;
    std::vector<PersonChange> changes;
    std::size_t written = 0;

    void refuse(std::size_t line, std::string_view field, std::string code) {
        report.refused.push_back({line, field.empty() ? "" : heading_of(columns, names, field), std::move(code)});
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
        if (std::ranges::find(columns, Column::code) == columns.end())
            result = base::fail("missing-column", "the first line names the columns, and one of them is 编号", "编号");
        return static_cast<bool>(result);
    }

    std::vector<Line> lines_of(const std::vector<papers::TableRow>& rows) {
        std::vector<Line> lines;
        std::set<std::string> codes;
        for (const auto& row : rows) {
            Line line{row.line, {}};
            for (std::size_t i = 0; i < std::min(row.cells.size(), columns.size()); ++i)
                put_cell(line.asked, columns[i], row.cells[i]);
            const bool too_wide = row.cells.size() > columns.size() &&
                                  std::ranges::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(columns.size()),
                                                      row.cells.end(), [](const auto& c) { return !c.empty(); });
            const auto fine = check_person(line.asked, *policy);
            if (too_wide)
                refuse(row.line, {}, "too-many-cells");
            else if (line.asked.person.code.empty())
                refuse(row.line, "code", "missing-field");
            else if (!fine)
                refuse(row.line, fine.error().where, fine.error().code);
            else if (!codes.insert(line.asked.person.code).second)
                refuse(row.line, "code", "doubled-code");
            else
                lines.push_back(std::move(line));
        }
        return lines;
    }
};

void Persons::import(const ports::Session& session, std::string table, bool check,
                     std::function<void(base::Result<ports::ImportReport>)> done) {
    const auto policy = node_.policy();
    if (!vault_) return done(base::fail("keys-missing", "without keys nothing of persons can be kept"));
    if (!protect::Gate(*policy).may_change(viewer_of(session), model::Item::people, {.anywhere = true}, clock_.now()))
        return done(base::fail("forbidden", "your roles do not include this"));
    if (importing_ || !writing_.empty())
        return done(base::fail("busy", "the register is being changed; try again in a moment"));
    auto import = std::make_shared<Import>();
    import->session = session;
    import->table = std::move(table);
    import->check = check;
    import->done = std::move(done);
    import->policy = policy;
    import->now = clock_.now();
    importing_ = true;
    const bool queued = worker_.run([this, import] {
        read_table(import);
        post_([this, import] { write_next(import); });
    });
    if (queued) return;
    importing_ = false;
    import->done(base::fail("busy", "the register is being changed; try again in a moment"));
}

// On the thread that reads tables.
void Persons::read_table(const std::shared_ptr<Import>& import) {
    auto& in = *import;
    auto rows = papers::read_csv(in.table);
    protect::wipe(in.table);
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
    const protect::Gate gate(*in.policy);
    const auto viewer = viewer_of(in.session);
    const auto may_at = [&](std::string_view home) {
        return gate.may_change(viewer, model::Item::people, {.place = place_of(home, *in.policy)}, in.now);
    };
    // First who may, then keys: whoever may not leaves none behind, nor does a check.
    enum class Line : std::uint8_t { refused, of_somebody_new, of_somebody_known };
    std::vector<Line> are;
    are.reserve(lines.size());
    std::vector<std::string> owners{std::string(index_owner)};
    for (const auto& line : lines) {
        const auto& code = line.asked.person.code;
        auto row = table_reader_->person(code);
        if (!row) {
            in.result = tl::unexpected(std::move(row.error()));
            return;
        }
        const bool mine = (!*row || may_at((*row)->home)) && may_at(line.asked.home.value_or(*row ? (*row)->home : ""));
        are.push_back(!mine ? Line::refused : *row ? Line::of_somebody_known : Line::of_somebody_new);
        if (mine)
            owners.push_back(key_owner(code));
        else
            in.refuse(line.line, "home", "forbidden");
    }
    if (!in.check) {
        if (auto made = vault_->make_keys(owners); !made) {
            in.result = tl::unexpected(std::move(made.error()));
            return;
        }
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        const auto& code = line.asked.person.code;
        if (are[i] == Line::refused) continue;
        if (in.check && are[i] == Line::of_somebody_new && !vault_->is_erased(key_owner(code))) {
            if (line.asked.given_name)
                ++in.report.added;
            else
                in.refuse(line.line, "given_name", "missing-field");
            continue;
        }
        auto change = change_person(line.asked, *table_reader_, *in.policy, *vault_, in.now);
        if (!change) {
            in.refuse(line.line, change.error().where, change.error().code);
            continue;
        }
        ++(change->fields.empty() ? in.report.unchanged : change->is_new ? in.report.added : in.report.changed);
        if (!change->fields.empty() && !in.check) in.changes.push_back(std::move(*change));
    }
    std::ranges::sort(in.report.refused, {}, [](const auto& f) { return std::tie(f.line, f.field, f.code); });
    in.report.refused_count = in.report.refused.size();
    if (in.report.refused.size() > findings_told) in.report.refused.resize(findings_told);
}

// One piece after the other; each is whole.
void Persons::write_next(const std::shared_ptr<Import>& import) {
    auto& in = *import;
    const auto end = [this, import](base::Result<ports::ImportReport> result) {
        importing_ = false;
        import->done(std::move(result));
    };
    if (!in.result) return end(tl::unexpected(in.result.error()));
    if (in.check) {
        // It tells which values are as they are kept: on record, as many as there were.
        auto act = act_of(in.session, {}, "table_checked", "");
        act.subject = "persons";
        act.count = in.report.changed + in.report.unchanged;
        if (act.count == 0) return end(in.report);
        node_.write_records({std::move(act)}, [end, import](const base::Result<void>& stored) {
            if (!stored) return end(tl::unexpected(stored.error()));
            end(import->report);
        });
        return;
    }
    if (in.written == in.changes.size()) return end(in.report);
    const std::size_t from = in.written;
    in.written = std::min(from + rows_a_commit, in.changes.size());
    std::vector<ports::RecordWrite> writes;
    for (std::size_t i = from; i < in.written; ++i) {
        const auto& change = in.changes[i];
        writes.emplace_back(change.row);
        writes.emplace_back(
            act_of(in.session, change.row.person, change.is_new ? "person_listed" : "person_changed", change.fields));
    }
    node_.write_records(std::move(writes), [this, import, from](const base::Result<void>& stored) {
        if (!stored) {
            import->result = tl::unexpected(stored.error());
        } else {
            for (std::size_t i = from; i < import->written; ++i) remember(import->changes[i].row);
        }
        write_next(import);
    });
}

}  // namespace shoumen::shell
