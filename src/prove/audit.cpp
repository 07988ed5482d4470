#include "prove/audit.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "prove/checkpoint.hpp"
#include "prove/receipt.hpp"
#include "prove/tree.hpp"

namespace shoumen::prove {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 1U << 20U;
constexpr std::size_t findings_told = 50;
// An act's own time may lie so far before the checkpoint that did not hold it yet: it waited for the disk.
constexpr base::Duration written_within = base::minutes(10);

std::optional<std::string> read_file(const fs::path& path, std::size_t limit = largest_file) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::string out(limit + 1, '\0');
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    out.resize(static_cast<std::size_t>(in.gcount()));
    if (out.size() > limit) return std::nullopt;
    return out;
}

// A checkpoint somebody has signed, and where it was found.
struct Known {
    Signed signed_by;
    std::string where;

    [[nodiscard]] const Checkpoint& point() const { return signed_by.checkpoint; }
    [[nodiscard]] std::string signers() const {
        std::string out;
        if (point().time.is_set()) out += ", signed " + base::format_utc(point().time);
        for (const auto& w : signed_by.witnesses)
            out += fmt::format(", co-signed by {} {}", w.name, base::format_utc(w.at));
        return out;
    }
};

// Rows of one kind, in the order of their leaves.
class RowFile {
public:
    RowFile(const fs::path& path, bool is_act) : in_(path, std::ios::binary), is_act_(is_act) { next(); }

    [[nodiscard]] const std::optional<Row>& row() const { return row_; }
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] std::uint64_t line() const { return line_; }
    void next() {
        row_.reset();
        std::string line;
        if (!fault_.empty() || !std::getline(in_, line)) return;
        ++line_;
        auto row = parse_row(line, is_act_);
        if (row)
            row_ = std::move(*row);
        else
            fault_ = row.error().message;
    }

private:
    std::ifstream in_;
    bool is_act_;
    std::optional<Row> row_;
    std::string fault_;
    std::uint64_t line_ = 0;
};

class Audit {
public:
    explicit Audit(const Request& request) : request_(request) {}

    Report run() {
        if (!read_keys()) return std::move(report_);
        for (const auto& file : request_.files) {
            std::error_code ignored;
            if (fs::is_directory(file, ignored))
                directories_.emplace_back(file);
            else
                look_at_file(file);
        }
        for (const auto& directory : directories_) gather(directory);
        look_for_splits();
        for (const auto& directory : directories_) look_at_directory(directory);
        if (request_.files.empty()) cannot("name what is to be checked: receipts, checkpoints, exported directories");
        if (report_.ran && report_.findings == 0) say("all of it holds");
        if (report_.findings > findings_told)
            report_.lines.push_back(fmt::format("… and {} findings more", report_.findings - findings_told));
        return std::move(report_);
    }

private:
    void say(std::string line) {
        if (!request_.quiet) report_.lines.push_back(std::move(line));
    }
    void find(std::string line) {
        if (++report_.findings <= findings_told) report_.lines.push_back("FINDING " + std::move(line));
    }
    void cannot(std::string line) {
        report_.ran = false;
        report_.lines.push_back("cannot check: " + std::move(line));
    }

    bool read_keys() {
        for (const auto& file : request_.keys) {
            const auto text = read_file(file);
            const auto keys = text ? parse_vkeys(*text) : base::Result<std::vector<PublicKey>>{};
            if (!text || !keys || keys->empty()) {
                cannot(fmt::format("{}: {}", file,
                                   !text   ? "the file is not there, or is too large"
                                   : !keys ? keys.error().message
                                           : "there is no public key in it"));
                return false;
            }
            keys_.insert(keys_.end(), keys->begin(), keys->end());
        }
        if (!keys_.empty()) return true;
        for (const auto& file : request_.files) {
            const auto text = read_file(fs::path(file) / "keys");
            const auto keys = text ? parse_vkeys(*text) : base::Result<std::vector<PublicKey>>{};
            if (text && keys) keys_.insert(keys_.end(), keys->begin(), keys->end());
        }
        if (keys_.empty()) {
            cannot("no public key of the log was given: --key FILE, with what the log shows at /ledger/keys");
            return false;
        }
        say("note: the keys were taken from the directory itself. Whoever made it could have made them too: give those "
            "you were handed before with --key");
        return true;
    }

    void look_at_file(const std::string& file) {
        const auto bytes = read_file(file);
        if (!bytes) return cannot(file + ": the file is not there, or is too large");
        if (looks_like_receipt(*bytes)) return look_at_receipt(file, *bytes);
        auto opened = open_checkpoint(*bytes, keys_);
        if (!opened) {
            const auto& code = opened.error().code;
            if (code == "bad-note" || code == "bad-checkpoint")
                return cannot(file + ": neither a receipt nor a checkpoint nor a directory (" + opened.error().message +
                              ")");
            return find(file + ": " + opened.error().message);
        }
        say(fmt::format("{}: {} leaves of {}", file, opened->checkpoint.size, opened->checkpoint.origin));
        keep(std::move(*opened), file);
    }

    void look_at_receipt(const std::string& file, const std::string& bytes) {
        const auto receipt = parse_receipt(bytes);
        if (!receipt) return cannot(file + ": " + receipt.error().message);
        const auto proven = verify(*receipt, keys_);
        if (!proven) return find(file + ": " + proven.error().message);
        const Act& act = receipt->act;
        Known known{*open_checkpoint(to_text(receipt->checkpoint), keys_), file};
        say(fmt::format("{}: act {} stands at leaf {} of {}", file, act.id, receipt->index, known.point().origin));
        if (receipt->erased) {
            say("  its fields have been erased; what is proven is that an act stood here");
        } else {
            say(fmt::format("  {} {}{}{}{}, {}", base::format_utc(act.at), act.kind,
                            act.subject.empty() ? "" : " of " + act.subject,
                            act.actor.empty() ? " by the system" : " by " + act.actor,
                            act.role.empty() ? "" : " as " + act.role, act.detail.empty() ? "no detail" : act.detail));
        }
        say(fmt::format("  tree of {} leaves{}", known.point().size, known.signers()));
        if (known.signed_by.witnesses.empty())
            say("  no witness whose key was given has co-signed it: the log alone stands for the time");
        if (!receipt->erased && known.point().time.is_set() && act.at - known.point().time > written_within)
            find(fmt::format("{}: the act says {}, later than the tree that holds it was signed", file,
                             base::format_utc(act.at)));
        keep(std::move(known.signed_by), file);
    }

    void keep(Signed opened, std::string where) {
        for (const auto& w : opened.witnesses) {
            if (opened.checkpoint.time.is_set() && opened.checkpoint.time - w.at > written_within)
                find(fmt::format(
                    "{}: the log says it signed at {}, {} co-signed the same tree already at {}: the log's clock "
                    "is wrong",
                    where, base::format_utc(opened.checkpoint.time), w.name, base::format_utc(w.at)));
        }
        known_[opened.checkpoint.origin].push_back({std::move(opened), std::move(where)});
    }

    void gather(const fs::path& directory) {
        std::vector<fs::path> files{directory / "checkpoint"};
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(directory / "checkpoints", ignored))
            files.push_back(entry.path());
        for (const auto& file : files) {
            const auto bytes = read_file(file);
            if (!bytes) {
                cannot(file.string() + ": the file is not there, or is too large");
                continue;
            }
            auto opened = open_checkpoint(*bytes, keys_);
            if (!opened) {
                find(file.string() + ": " + opened.error().message);
                continue;
            }
            if (file == files.front()) origins_[directory.string()] = opened->checkpoint.origin;
            keep(std::move(*opened), file.string());
        }
    }

    void look_for_splits() {
        for (auto& [origin, all] : known_) {
            std::ranges::sort(all, {}, [](const Known& k) { return std::pair(k.point().size, k.where); });
            for (std::size_t i = 1; i < all.size(); ++i) {
                const Known& a = all[i - 1];
                const Known& b = all[i];
                if (a.point().size == b.point().size && a.point().root != b.point().root)
                    find(fmt::format(
                        "split view: {} and {} are two different trees of {} leaves, both signed by {}. Keep "
                        "both files, they prove it; ask the street and the other witnesses for theirs",
                        a.where, b.where, a.point().size, origin));
                if (a.point().size < b.point().size && a.point().time.is_set() && b.point().time.is_set() &&
                    a.point().time - b.point().time > written_within)
                    find(fmt::format(
                        "clock: {} has more leaves than {} and says it was signed earlier ({} and {}): the "
                        "log's clock was set back",
                        b.where, a.where, base::format_utc(b.point().time), base::format_utc(a.point().time)));
            }
            const bool has_tiles = std::ranges::any_of(origins_, [&](const auto& o) { return o.second == origin; });
            if (all.size() > 1 && !has_tiles && all.front().point().size != all.back().point().size)
                say(fmt::format(
                    "note: whether the checkpoints of {} belong to one tree cannot be said without its tiles: "
                    "give a directory too",
                    origin));
        }
    }

    // ---- a directory ----

    std::optional<Tile> read_tile(const fs::path& directory, const TileAt& at) {
        const auto bytes = read_file(directory / tile_path(at), tile_width * sizeof(Digest));
        if (!bytes || bytes->size() != at.width * sizeof(Digest)) {
            cannot(fmt::format("{}: the tile is missing or has not the length of {} hashes; export the ledger anew",
                               (directory / tile_path(at)).string(), at.width));
            return std::nullopt;
        }
        auto tile = Tile::of_bytes(*bytes, {});
        return tile ? std::optional(std::move(*tile)) : std::nullopt;
    }

    void look_at_directory(const fs::path& directory) {
        const auto origin = origins_.find(directory.string());
        if (origin == origins_.end()) return;
        const auto& known = known_[origin->second];
        const auto own =
            std::ranges::find_if(known, [&](const Known& k) { return k.where == (directory / "checkpoint").string(); });
        const Checkpoint point = own->point();
        for (const auto& k : known) {
            if (k.point().size <= point.size) continue;
            find(fmt::format(
                "{}: it holds {} leaves, but a tree of {} was signed ({}{}): the newest {} were deleted, or an "
                "older backup was restored",
                directory.string(), point.size, k.point().size, k.where, k.signers(), k.point().size - point.size));
        }
        walk(directory, point, known);
    }

    struct Walk {
        const fs::path& directory;
        const std::vector<Known>& known;
        RowFile acts;
        RowFile batches;
        std::size_t next_known = 0;
        const Known* before = nullptr;  // the last checkpoint that does not hold the leaf yet
        std::uint64_t erased = 0;
        std::uint64_t rows = 0;
        bool has_rows = false;
        std::map<unsigned, NumberedTile> partial;  // above the lowest level, by level
        // Acts that are emptied, by the act of erasing they name; 0: they name none. What acts of erasing say they did.
        std::map<std::uint64_t, std::vector<std::uint64_t>> emptied;
        std::map<std::uint64_t, std::string> erasures;
        std::set<std::uint64_t> erasures_to_come;  // newer than the checkpoint
    };

    void walk(const fs::path& directory, const Checkpoint& point, const std::vector<Known>& known) {
        Walk w{directory, known, {directory / "acts", true}, {directory / "batches", false}};
        std::error_code ignored;
        w.has_rows = fs::exists(directory / "acts", ignored) || fs::exists(directory / "batches", ignored);
        Tree tree(point.suite);
        meet(w, tree);
        for (std::uint64_t n = 0; width_in(point.size, 0, n) > 0; ++n) {
            const auto tile = read_tile(directory, {0, n, width_in(point.size, 0, n)});
            if (!tile) return;
            for (const auto& leaf : tile->hashes()) {
                if (w.has_rows) look_at_leaf(w, point.suite, tree.size(), leaf);
                tree.append(leaf);
                meet(w, tree);
            }
            look_above(w, tree.take_changed());
        }
        for (const auto& [level, tile] : w.partial) look_at_tile(w, tile);
        if (w.has_rows) look_at_the_rest(w, point.size);
        look_at_erasures(w);
        say(fmt::format("{}: {} leaves, {} rows looked at{}; {} checkpoints of this tree", directory.string(),
                        point.size, w.rows, w.erased > 0 ? fmt::format(", {} acts erased", w.erased) : "",
                        w.next_known));
    }

    // At each size that somebody has signed the tree must be the one that was signed.
    void meet(Walk& w, const Tree& tree) {
        for (; w.next_known < w.known.size() && w.known[w.next_known].point().size <= tree.size(); ++w.next_known) {
            const Known& k = w.known[w.next_known];
            if (k.point().size == tree.size() && k.point().root != tree.root())
                find(fmt::format(
                    "{}: the tree of {} leaves that was signed ({}{}) is not the beginning of this one: something "
                    "before leaf {} was changed, put in or taken out",
                    w.directory.string(), k.point().size, k.where, k.signers(), k.point().size));
            w.before = &k;
        }
    }

    // Tiles above the lowest are served too, and must be what they are made of.
    void look_above(Walk& w, std::vector<NumberedTile> tiles) {
        for (auto& t : tiles) {
            if (t.at.level == 0) continue;
            w.partial.erase(t.at.level);
            if (t.tile.full())
                look_at_tile(w, t);
            else
                w.partial.emplace(t.at.level, std::move(t));
        }
    }

    void look_at_tile(const Walk& w, const NumberedTile& t) {
        if (t.tile.width() == 0) return;
        const auto stored = read_tile(w.directory, t.at);
        if (stored && stored->hashes() != t.tile.hashes())
            find(fmt::format("{}: the tile does not fit those below it", (w.directory / tile_path(t.at)).string()));
    }

    void look_at_leaf(Walk& w, Suite suite, std::uint64_t index, const Digest& leaf) {
        const auto is_here = [&](const RowFile& f) { return f.row() && f.row()->leaf == index; };
        for (RowFile* f : {&w.acts, &w.batches}) {
            // Rows that come too late or twice.
            while (f->row() && f->row()->leaf < index) {
                find(name_of(*f->row()) + fmt::format(" says it is leaf {}, which is another row's", f->row()->leaf));
                f->next();
            }
        }
        if (!is_here(w.acts) && !is_here(w.batches)) {
            find(fmt::format(
                "{}: nothing stands for leaf {}{}: an act or a batch of inputs was deleted from the database",
                w.directory.string(), index, since(w)));
            return;
        }
        RowFile& f = is_here(w.acts) ? w.acts : w.batches;
        const Row& row = *f.row();
        ++w.rows;
        if (row.is_act && row.act.erased()) {
            ++w.erased;
            w.emptied[eraser_of(row.act)].push_back(row.act.id);
        } else if ((row.is_act ? leaf_of(suite, row.act) : leaf_of(suite, row.batch)) != leaf) {
            find(fmt::format("{} (leaf {}{}) was changed after it was written", name_of(row), index, since(w)));
        } else if (row.is_act && w.before && w.before->point().time.is_set() &&
                   w.before->point().time - row.act.at > written_within) {
            find(fmt::format("{} says {}, but the tree signed at {} did not hold it: it was written later",
                             name_of(row), base::format_utc(row.act.at), base::format_utc(w.before->point().time)));
        }
        if (row.is_act && row.act.kind == erasing_kind && !row.act.erased()) w.erasures[row.act.id] = row.act.detail;
        f.next();
    }

    // "by 123"
    static std::uint64_t eraser_of(const Act& act) {
        std::uint64_t id = 0;
        constexpr std::string_view by = "by ";
        if (act.detail.starts_with(by))
            std::from_chars(act.detail.data() + by.size(), act.detail.data() + act.detail.size(), id);
        return id;
    }

    // Nothing is emptied but by an act of erasing that says so: how many, and which.
    void look_at_erasures(Walk& w) {
        for (const auto& [by, ids] : w.emptied) {
            if (w.erasures.contains(by)) continue;
            if (w.erasures_to_come.contains(by)) {
                say(
                    fmt::format("note: {} acts are emptied by act {}, which is newer than the checkpoint; export again "
                                "in a second",
                                ids.size(), by));
                continue;
            }
            find(fmt::format(
                "{}: act {}{} is emptied, and no act of erasing says so: somebody has taken its fields "
                "away",
                w.directory.string(), ids.front(), ids.size() > 1 ? fmt::format(" and {} more", ids.size() - 1) : ""));
        }
        for (const auto& [id, detail] : w.erasures) {
            const auto it = w.emptied.find(id);
            const auto ids = it == w.emptied.end() ? std::vector<std::uint64_t>{} : it->second;
            const auto says = emptied_detail(ids);
            const bool fits = detail.starts_with(says) && (detail.size() == says.size() || detail[says.size()] == ' ');
            if (!fits)
                find(
                    fmt::format("{}: act {} says which acts it has emptied, and {} others are or are not: somebody "
                                "has emptied more, or put something in its place",
                                w.directory.string(), id, ids.size()));
        }
    }

    void look_at_the_rest(Walk& w, std::uint64_t size) {
        for (RowFile* f : {&w.acts, &w.batches}) {
            std::uint64_t later = 0;
            for (; f->row(); f->next()) {
                if (f->row()->leaf < size)
                    find(name_of(*f->row()) +
                         fmt::format(" says it is leaf {}, which is another row's", f->row()->leaf));
                else
                    ++later;
                if (f->row()->is_act && f->row()->act.kind == erasing_kind) w.erasures_to_come.insert(f->row()->act.id);
            }
            if (later > 0)
                say(fmt::format("note: {} rows are newer than the checkpoint; export again in a second", later));
            if (!f->fault().empty())
                cannot(fmt::format("{}/{}:{}: {}", w.directory.string(), f == &w.acts ? "acts" : "batches", f->line(),
                                   f->fault()));
        }
    }

    static std::string name_of(const Row& row) {
        return row.is_act ? fmt::format("act {}", row.act.id)
                          : fmt::format("the batch of inputs from {}", row.batch.first_seq);
    }
    static std::string since(const Walk& w) {
        if (!w.before || !w.before->point().time.is_set()) return "";
        return ", written after " + base::format_utc(w.before->point().time);
    }

    const Request& request_;
    Report report_;
    std::vector<PublicKey> keys_;
    std::vector<fs::path> directories_;
    std::map<std::string, std::string> origins_;       // of directories
    std::map<std::string, std::vector<Known>> known_;  // by origin
};

}  // namespace

Report audit(const Request& request) { return Audit(request).run(); }

int run_verify(const std::vector<std::string>& arguments) {
    Request request;
    bool plain = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& a = arguments[i];
        if (!plain && a == "--") {
            plain = true;
        } else if (!plain && (a == "--help" || a == "-h")) {
            fmt::print(
                "Checks records of a Shoumen ledger from files alone.\n\n"
                "usage: shoumen-verify [--quiet] [--key FILE]... FILE...\n\n"
                "  --key FILE   public keys, a line each: the log's (/ledger/keys) and the witnesses'\n"
                "  --quiet      findings alone\n"
                "  FILE         a receipt, a checkpoint, or a directory made by shoumen ledger export\n\n"
                "exit code: 0 all holds, 1 findings, 2 could not be checked\n");
            return 0;
        } else if (!plain && a == "--quiet") {
            request.quiet = true;
        } else if (!plain && (a == "--key" || a.starts_with("--key="))) {
            if (a.size() > 6)
                request.keys.push_back(a.substr(6));
            else if (++i < arguments.size())
                request.keys.push_back(arguments[i]);
        } else if (!plain && a.starts_with("-")) {
            fmt::print(stderr, "shoumen-verify: {} is no option; see --help\n", a);
            return 2;
        } else {
            request.files.push_back(a);
        }
    }
    const Report report = audit(request);
    for (const auto& line : report.lines) fmt::print("{}\n", line);
    return report.exit_code();
}

}  // namespace shoumen::prove
