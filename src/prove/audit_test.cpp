// What an auditor finds in files alone: the insider who edits a row, deletes the newest hour, restores yesterday's
// backup, backdates a record, sets the clock back, or shows two people two histories.
#include "prove/audit.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "prove/receipt.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::prove;
using namespace shoumen::prove::testing;

namespace fs = std::filesystem;

namespace {

constexpr base::Time begin{1'772'496'000'000'000};

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// A log whose rows an insider may change, and its export.
struct World {
    fs::path root;
    PrivateKey ed = PrivateKey::make(KeyType::ed25519).value();
    PrivateKey sm2 = PrivateKey::make(KeyType::sm2).value();
    PrivateKey street = PrivateKey::make(KeyType::witness).value();
    base::SeededRandom random{1};
    std::vector<Row> rows;
    std::vector<std::string> notes;  // checkpoints: one an hour

    explicit World(std::size_t hours = 5, std::size_t an_hour = 150) {
        static int n = 0;
        root = fs::temp_directory_path() / fmt::format("shoumen-audit-{}-{}", ::getpid(), ++n);
        fs::create_directories(root);
        write(root / "given-keys", to_vkey(ed.public_key("log.example")) + "\n" +
                                       to_vkey(sm2.public_key("log.example")) + "\n" +
                                       to_vkey(street.public_key("street.example")) + "\n");
        for (std::size_t h = 0; h < hours; ++h) {
            for (std::size_t i = 0; i < an_hour; ++i) add(begin + base::hours(static_cast<std::int64_t>(h)));
            notes.push_back(sign(begin + base::hours(static_cast<std::int64_t>(h)) + base::seconds(1), true));
        }
    }
    ~World() { fs::remove_all(root); }

    void add(base::Time at) {
        Row row;
        row.leaf = rows.size();
        row.is_act = random.chance(0.7);
        if (row.is_act)
            row.act = {1,  rows.size(), at, "p-7",   "grid_worker",     "patrolled",
                       "", "place:b2",  1,  "round", any_digest(random)};
        else
            row.batch = {1, rows.size(), 10, any_digest(random)};
        rows.push_back(row);
    }
    [[nodiscard]] Tree tree() const {
        Tree t(Suite::sha256);
        for (const auto& r : rows) t.append(r.is_act ? leaf_of(Suite::sha256, r.act) : leaf_of(Suite::sha256, r.batch));
        return t;
    }
    std::string sign(base::Time at, bool cosigned) {
        const Tree t = tree();
        Note n{to_text(Checkpoint{"log.example", t.size(), t.root(), Suite::sha256, at}), {}};
        n.signatures.push_back(ed.sign("log.example", n.text).value());
        n.signatures.push_back(sm2.sign("log.example", n.text).value());
        if (cosigned) n.signatures.push_back(cosign(street, "street.example", n.text, at).value());
        return to_text(n);
    }
    // As the log's own program would: tiles from `tiles_of`, rows as they are now.
    std::string export_with(Tree t, const std::vector<std::string>& kept) {
        const fs::path out = root / fmt::format("export-{}", random.next());
        write(out / "checkpoint", kept.back());
        for (std::size_t i = 0; i < kept.size(); ++i) write(out / "checkpoints" / std::to_string(i), kept[i]);
        write(out / "keys", "");
        for (const auto& tile : t.take_changed()) write(out / tile_path(tile.at), tile.tile.hash_bytes());
        std::string acts;
        std::string batches;
        for (const auto& r : rows)
            (r.is_act ? acts : batches) += r.is_act ? row_line(r.leaf, r.act) : row_line(r.leaf, r.batch);
        write(out / "acts", acts);
        write(out / "batches", batches);
        return out.string();
    }
    Report look(std::vector<std::string> files) {
        return audit({{(root / "given-keys").string()}, std::move(files), false});
    }
    std::string file(const std::string& name, const std::string& text) {
        write(root / name, text);
        return (root / name).string();
    }
    Act& some_act(std::size_t from) {
        while (!rows[from].is_act) ++from;
        return rows[from].act;
    }
};

bool says(const Report& r, std::string_view words) {
    return std::ranges::any_of(r.lines, [&](const std::string& l) { return l.find(words) != std::string::npos; });
}

void show(const Report& r) {
    for (const auto& l : r.lines) MESSAGE(l);
}

}  // namespace

TEST_CASE("a ledger that is whole") {
    World w;
    const auto report = w.look({w.export_with(w.tree(), w.notes)});
    if (report.exit_code() != 0) show(report);
    CHECK(report.exit_code() == 0);
    CHECK(says(report, "750 leaves, 750 rows looked at"));
    CHECK(says(report, "all of it holds"));
}

TEST_CASE("an insider changes a row") {
    World w;
    const Tree honest = w.tree();
    w.some_act(400).detail = "round, and all was well";
    const auto report = w.look({w.export_with(honest, w.notes)});
    CHECK(report.exit_code() == 1);
    CHECK(report.findings == 1);
    CHECK(says(report, "was changed after it was written"));
    CHECK(says(report, "written after 2026-03-03T01:00:01Z"));
}

TEST_CASE("an insider changes a row, and makes tiles and a checkpoint that fit with the log's own keys") {
    World w;
    const auto kept = w.notes;
    w.some_act(400).detail = "round, and all was well";
    const auto forged = w.sign(begin + base::hours(4) + base::seconds(1), false);
    const auto directory = w.export_with(w.tree(), {forged});
    CHECK(w.look({directory}).exit_code() == 0);  // in itself it is whole: that is what witnesses are for
    const auto report = w.look({directory, w.file("of-the-street", kept[4])});
    CHECK(report.exit_code() == 1);
    CHECK(says(report, "split view"));
    CHECK(says(report, "co-signed by street.example"));
    const auto earlier = w.look({directory, w.file("of-the-street", kept[3])});
    CHECK(earlier.exit_code() == 1);
    CHECK(says(earlier, "is not the beginning of this one"));
}

TEST_CASE("an insider deletes rows") {
    World w;
    const Tree honest = w.tree();
    w.rows.erase(w.rows.begin() + 300, w.rows.begin() + 303);
    const auto report = w.look({w.export_with(honest, w.notes)});
    CHECK(report.exit_code() == 1);
    CHECK(report.findings == 3);
    CHECK(says(report, "nothing stands for leaf 301"));
}

TEST_CASE("the newest hour is deleted, tiles, checkpoints and all") {
    World w;
    const auto last = w.file("of-the-street", w.notes.back());
    w.rows.resize(600);
    w.notes.pop_back();
    const auto directory = w.export_with(w.tree(), w.notes);
    CHECK(w.look({directory}).exit_code() == 0);
    const auto report = w.look({directory, last});
    CHECK(report.exit_code() == 1);
    CHECK(says(report, "the newest 150 were deleted, or an older backup was restored"));
}

TEST_CASE("yesterday's backup is restored, and other things are written on top of it") {
    World w;
    const auto last = w.file("of-the-street", w.notes.back());
    w.rows.resize(450);
    w.notes.resize(3);
    for (int i = 0; i < 500; ++i) w.add(begin + base::hours(6));
    w.notes.push_back(w.sign(begin + base::hours(6), false));
    const auto report = w.look({w.export_with(w.tree(), w.notes), last});
    CHECK(report.exit_code() == 1);
    CHECK(says(report, "the tree of 750 leaves that was signed"));
}

TEST_CASE("a patrol of 3 March that was written on 4 March is told from one of 3 March") {
    World w;
    w.add(begin);  // says 08:00, comes with the sixth hour
    w.rows.back().is_act = true;
    w.rows.back().act = {1, 9'999, begin, "p-7", "patrol", "patrolled", "", "place:b2", 1, "", any_digest(w.random)};
    w.notes.push_back(w.sign(begin + base::hours(24), true));
    const auto report = w.look({w.export_with(w.tree(), w.notes)});
    CHECK(report.exit_code() == 1);
    CHECK(report.findings == 1);
    CHECK(says(report,
               "act 9999 says 2026-03-03T00:00:00Z, but the tree signed at 2026-03-03T04:00:01Z did not hold it"));
}

TEST_CASE("the clock is set back") {
    World w;
    w.add(begin);
    w.notes.push_back(w.sign(begin - base::hours(2), false));
    const auto report = w.look({w.export_with(w.tree(), w.notes)});
    CHECK(report.exit_code() == 1);
    CHECK(says(report, "clock was set back"));
}

TEST_CASE("tiles and checkpoints that were changed") {
    World w;
    const auto directory = w.export_with(w.tree(), w.notes);
    const auto tile = fs::path(directory) / "tile/1/000.p/2";
    std::string bytes(64, 'x');
    write(tile, bytes);
    CHECK(says(w.look({directory}), "does not fit those below it"));
    fs::remove(tile);
    CHECK(w.look({directory}).exit_code() == 2);

    World v;
    const auto other = v.export_with(v.tree(), v.notes);
    auto bent = v.notes[2];
    bent[14] = bent[14] == '1' ? '2' : '1';
    write(fs::path(other) / "checkpoints/2", bent);
    const auto report = v.look({other});
    CHECK(report.exit_code() == 1);
    CHECK(says(report, "signature of log.example that is wrong"));
}

TEST_CASE("acts are emptied by an act of erasing that says which, and by nothing else") {
    World w(4);
    const auto empty = [](Act& act, std::uint64_t by) {
        act = {1, act.id, act.at, "", "", act.kind, "", "", 0, by == 0 ? "" : fmt::format("by {}", by), {}};
    };
    // The act of erasing, of the last hour, says what it emptied: it is a leaf like any other.
    Act& eraser = w.some_act(500);
    Act& one = w.some_act(200);
    Act& other = w.some_act(300);
    Act& third = w.some_act(400);
    eraser.kind = std::string(erasing_kind);
    eraser.detail = emptied_detail({one.id, other.id}) + " own";
    w.notes.clear();
    w.notes.push_back(w.sign(begin + base::hours(9), true));
    const Tree honest = w.tree();
    const Act was_third = third;
    empty(one, eraser.id);
    empty(other, eraser.id);
    const auto report = w.look({w.export_with(honest, w.notes)});
    CHECK(report.exit_code() == 0);
    CHECK(says(report, "2 acts erased"));

    // One more, with nothing beside it; then one that points at the act of erasing, which does not know it.
    empty(third, 0);
    CHECK(says(w.look({w.export_with(honest, w.notes)}), "no act of erasing says so"));
    empty(third, one.id);
    CHECK(says(w.look({w.export_with(honest, w.notes)}), "no act of erasing says so"));
    empty(third, eraser.id);
    const auto more = w.look({w.export_with(honest, w.notes)});
    CHECK(more.exit_code() == 1);
    CHECK(says(more, "says which acts it has emptied"));
    // An act put back in the place of an emptied one is another act; the count says so as well.
    third = was_third;
    one = was_third;
    CHECK(w.look({w.export_with(honest, w.notes)}).exit_code() == 1);
}

TEST_CASE("a receipt alone") {
    World w;
    Tree tree = w.tree();
    MemoryTiles tiles;
    tiles.keep(tree.take_changed());
    std::size_t i = 100;
    while (!w.rows[i].is_act) ++i;
    Receipt receipt{w.rows[i].act,
                    false,
                    {},
                    i,
                    inclusion_proof(Suite::sha256, tiles, i, 750).value(),
                    parse_note(w.notes.back()).value()};
    const auto good = w.look({w.file("receipt", to_text(receipt)), w.file("code", to_short(receipt).value())});
    CHECK(good.exit_code() == 0);
    CHECK(says(good, "2026-03-03T00:00:00Z patrolled of place:b2 by p-7 as grid_worker"));
    CHECK(says(good, "co-signed by street.example 2026-03-03T04:00:01Z"));
    receipt.act.detail = "other";
    const auto bad = w.look({w.file("receipt", to_text(receipt))});
    CHECK(bad.exit_code() == 1);
    CHECK(says(bad, "was changed"));
}

TEST_CASE("what cannot be checked is said, with how to mend it") {
    World w;
    CHECK(w.look({}).exit_code() == 2);
    CHECK(w.look({"/nonexistent"}).exit_code() == 2);
    CHECK(w.look({w.file("nonsense", "nonsense")}).exit_code() == 2);
    CHECK(audit({{}, {w.file("one", w.notes[0])}, false}).exit_code() == 2);
    CHECK(says(audit({{}, {w.file("one", w.notes[0])}, false}), "--key FILE"));
    CHECK(audit({{"/nonexistent"}, {}, false}).exit_code() == 2);
    const auto two = w.look({w.file("one", w.notes[0]), w.file("two", w.notes[1])});
    CHECK(two.exit_code() == 0);
    CHECK(says(two, "give a directory too"));
    const auto stranger = PrivateKey::make(KeyType::ed25519).value().public_key("log.example");
    const auto none = audit({{w.file("keys", to_vkey(stranger))}, {w.file("one", w.notes[0])}, false});
    CHECK(none.exit_code() == 1);
    CHECK(run_verify({"--nonsense"}) == 2);
}

TEST_CASE("rows are read as they were written, whatever they hold") {
    base::SeededRandom random(8);
    const Act act{
        1, 7, base::Time{-5}, "a\tb", "r\n", "k\\", "", "s", 18'446'744'073'709'551'615U, "x\x01", any_digest(random)};
    auto line = row_line(9, act);
    line.pop_back();
    CHECK(parse_row(line, true).value().act == act);
    for (const char* bad : {"", "1", "1\t2\t3\t4\tA", "x\t1\t1\t1\tAAAA"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_row(bad, false));
        CHECK_FALSE(parse_row(bad, true));
    }
}
