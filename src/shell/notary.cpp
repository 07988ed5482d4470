#include "shell/notary.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "prove/receipt.hpp"
#include "shell/leaf_of.hpp"

namespace shoumen::shell {
namespace {

using base::Result;

constexpr std::string_view last_signed = "last-signed";
constexpr std::string_view witnesses_key = "ledger-witnesses";  // in meta: who was heard last, and when
constexpr std::string_view report_mark = "shoumen/witness-report/1\n";
constexpr base::Duration clock_may_fall = base::seconds(60);
constexpr base::Duration clock_may_lead = base::minutes(5);
constexpr base::Duration witnesses_read_every = base::seconds(10);
constexpr std::size_t recent_kept = 16;

// Proofs over what is stored.
class StoreTiles final : public prove::TileSource {
public:
    explicit StoreTiles(ports::StoreReader& reader) : reader_(reader) {}
    Result<std::shared_ptr<const prove::Tile>> tile(const prove::TileAt& at) override {
        auto row = reader_.tile(at.level, at.n);
        if (!row) return tl::unexpected(std::move(row.error()));
        if (!*row) return std::shared_ptr<const prove::Tile>();
        auto tile = prove::Tile::of_bytes((*row)->hashes, (*row)->inner);
        if (!tile) return tl::unexpected(std::move(tile.error()));
        return std::make_shared<const prove::Tile>(std::move(*tile));
    }

private:
    ports::StoreReader& reader_;
};

base::Time whole_seconds(base::Time t) { return {t.us - t.us % 1'000'000}; }

}  // namespace

std::string ledger_name(const NotaryKeys& keys) {
    constexpr std::size_t digits = 16;
    return "shoumen/" + base::to_hex(base::sha256(keys.ed25519.public_key("").bytes)).substr(0, digits);
}

Notary::Notary(Node& node, ports::Files& files, const ports::Clock& clock, NotaryKeys keys, NotaryOptions options,
               Node::Post post)
    : node_(node),
      files_(files),
      clock_(clock),
      keys_(std::move(keys)),
      options_(std::move(options)),
      post_(std::move(post)),
      name_(ledger_name(keys_)),
      ed25519_(keys_.ed25519.public_key(name_)),
      sm2_(keys_.sm2.public_key(name_)) {
    if (!options_.log) options_.log = [](const ports::LogEntry&) {};
}

Result<void> Notary::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(std::move(reader.error()));
    reader_ = std::move(*reader);
    const auto lines = reader_->meta(witnesses_key);
    if (!lines) return tl::unexpected(lines.error());
    if (*lines) remember_witnesses(**lines);
    if (auto done = look_back(); !done) return done;
    tick();
    return {};
}

// What was signed last, by what stands beside the keys and by the database: the tree must continue it.
Result<void> Notary::look_back() {
    const auto row = reader_->newest_checkpoint();
    if (!row) return tl::unexpected(row.error());
    const auto remembered = files_.read(options_.folder + "/" + std::string(last_signed));
    if (!remembered && remembered.error().code != "file-missing") return tl::unexpected(remembered.error());
    const auto look_at = [&](const std::string& note) {
        auto opened = prove::open_checkpoint(note, own_keys());
        if (!opened) return;  // of other keys: another log's
        if (last_ && last_->size >= opened->checkpoint.size) return;
        last_ = opened->checkpoint;
        newest_ = note;
    };
    if (*row) look_at((*row)->note);
    if (remembered) look_at(*remembered);
    if (!last_) return {};

    const auto head = node_.ledger();
    if (head.size < last_->size) {
        refuses_ = true;
        newest_ = *row ? (*row)->note : "";
        set_fault("smaller",
                  fmt::format("the ledger has {} leaves, but {} were signed at {}: an older backup lies here, or "
                              "the newest records were deleted; nothing is signed until the right database is "
                              "back",
                              head.size, last_->size, base::format_utc(last_->time)));
        return {};
    }
    StoreTiles tiles(*reader_);
    const auto root = prove::root_at(head.suite, tiles, last_->size);
    if (!root) return tl::unexpected(root.error());
    if (*root != last_->root || head.suite != last_->suite) {
        refuses_ = true;
        set_fault("other",
                  fmt::format("the ledger is not the one that was signed at {} with {} leaves: records before that "
                              "were changed, or another database lies here; nothing is signed until the right one "
                              "is back",
                              base::format_utc(last_->time), last_->size));
        return {};
    }
    if (last_->time - clock_.now() > clock_may_fall)
        set_fault("clock",
                  fmt::format("the clock shows a time before {}, when the ledger was signed last: it was set back",
                              base::format_utc(last_->time)));
    return {};
}

void Notary::set_fault(std::string word, std::string text) {
    if (fault_ == word) return;
    // What is found of the tree weighs more than what is found of the clock.
    if (word == "clock" && !fault_.empty()) return;
    fault_ = std::move(word);
    options_.log({ports::LogLevel::error, "ledger_fault", std::move(text), {{"fault", fault_}}});
}

void Notary::tick() {
    look_for_witnesses();
    if (signing_ || refuses_ || stopped_) return;
    const auto head = node_.ledger();
    const base::Time now = clock_.now();
    if (fault_ == "clock" && last_ && last_->time - now <= base::Duration{}) fault_.clear();
    if (head.size == (last_ ? last_->size : 0)) return;
    if (last_ && last_->time - now > clock_may_fall)
        set_fault("clock", "the clock shows a time before the ledger was signed last: it was set back");
    prove::Checkpoint next{name_, head.size, head.root, head.suite, whole_seconds(now)};
    if (last_) next.time = std::max(next.time, last_->time);
    signing_ = true;
    const bool queued = worker_.run([this, next, alive = std::weak_ptr<bool>(alive_)] {
        auto note = sign(next);
        auto done = note ? remember(prove::to_text(*note)) : Result<void>(tl::unexpected(note.error()));
        post_([this, next, alive, done = std::move(done), text = note ? prove::to_text(*note) : ""]() mutable {
            if (!alive.lock() || stopped_) return;
            signing_ = false;
            if (done) {
                if (fault_ == "unsigned") fault_.clear();
                return keep(next, std::move(text));
            }
            set_fault("unsigned", "the ledger could not be signed: " + done.error().message);
        });
    });
    if (!queued) signing_ = false;
}

Result<prove::Note> Notary::sign(const prove::Checkpoint& checkpoint) const {
    prove::Note note{prove::to_text(checkpoint), {}};
    for (const auto* key : {&keys_.ed25519, &keys_.sm2}) {
        auto signature = key->sign(name_, note.text);
        if (!signature) return tl::unexpected(std::move(signature.error()));
        note.signatures.push_back(std::move(*signature));
    }
    return note;
}

Result<void> Notary::remember(const std::string& note) const {
    const std::string path = options_.folder + "/" + std::string(last_signed);
    auto done = files_.write(path + ".new", note);
    if (done) done = files_.rename(path + ".new", path);
    if (done) done = files_.sync_folder(options_.folder);
    return done;
}

void Notary::keep(const prove::Checkpoint& checkpoint, std::string note) {
    last_ = checkpoint;
    const ports::CheckpointRow row{checkpoint.size, checkpoint.time, false, note};
    node_.write_records({row}, [this, note = std::move(note), size = checkpoint.size,
                                alive = std::weak_ptr<bool>(alive_)](const Result<void>& stored) {
        if (alive.lock() && stored && last_ && last_->size == size) newest_ = note;
    });
}

// ---- what anybody may fetch ----

std::optional<ports::Ledger::File> Notary::file(std::string_view path) {
    if (path == "checkpoint") {
        if (newest_.empty()) return std::nullopt;
        return File{newest_, "text/plain; charset=utf-8", false};
    }
    if (path == "keys")
        return File{prove::to_vkey(ed25519_) + "\n" + prove::to_vkey(sm2_) + "\n", "text/plain; charset=utf-8", false};
    const auto at = prove::parse_tile_path(path);
    if (!at || at->width > prove::width_in(last_ ? last_->size : 0, at->level, at->n)) return std::nullopt;
    auto row = reader_->tile(at->level, at->n);
    if (!row || !*row || (*row)->hashes.size() < at->width * sizeof(base::Digest)) return std::nullopt;
    (*row)->hashes.resize(at->width * sizeof(base::Digest));
    return File{std::move((*row)->hashes), "application/octet-stream", true};
}

// ---- witnesses ----

void Notary::look_for_witnesses() {
    const base::Time now = clock_.now();
    if (!options_.witnesses ||
        (witnesses_read_.is_set() && now - witnesses_read_ < witnesses_read_every && now >= witnesses_read_))
        return;
    witnesses_read_ = now;
    auto read = options_.witnesses();
    if (!read) {
        options_.log({ports::LogLevel::warning,
                      "ledger_witnesses",
                      "the list of witnesses cannot be read; those known before stay: " + read.error().message,
                      {}});
        return;
    }
    std::erase_if(*read, [](const prove::PublicKey& k) { return k.type != prove::KeyType::witness; });
    witnesses_ = std::move(*read);
    for (const auto& w : witnesses_) {
        Seen& seen = seen_[w.name];
        // After a start each has its time anew.
        if (!seen.heard.is_set()) seen.heard = now;
    }
}

void Notary::remember_witnesses(std::string_view lines) {
    while (const auto line = prove::take_line(lines)) {
        const auto first = line->find(' ');
        const auto second = line->find(' ', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos) continue;
        const auto seconds = prove::plain_number(line->substr(first + 1, second - first - 1));
        const auto size = prove::plain_number(line->substr(second + 1));
        if (!seconds || !size) continue;
        Seen& seen = seen_[std::string(line->substr(0, first))];
        seen.at = {static_cast<std::int64_t>(*seconds) * 1'000'000};
        seen.size = *size;
    }
}

std::string Notary::witness_lines() const {
    std::string out;
    for (const auto& [name, seen] : seen_) {
        if (seen.at.is_set()) out += fmt::format("{} {} {}\n", name, seen.at.us / 1'000'000, seen.size);
    }
    return out;
}

std::vector<std::string> Notary::silent_witnesses() const {
    std::vector<std::string> out;
    const base::Time now = clock_.now();
    for (const auto& w : witnesses_) {
        const auto seen = seen_.find(w.name);
        if (seen != seen_.end() && now - seen->second.heard > options_.witness_silent_after) out.push_back(w.name);
    }
    return out;
}

Result<prove::Note> Notary::kept_note(std::uint64_t size) {
    if (const auto it = recent_.find(size); it != recent_.end()) return it->second;
    const auto row = reader_->checkpoint_over(size - 1, false);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->size != size) return prove::Note{};
    return prove::parse_note((*row)->note);
}

void Notary::cosigned(std::string bytes, std::function<void(Result<void>)> done) {
    auto opened = prove::open_checkpoint(bytes, own_keys());
    if (!opened) return done(tl::unexpected(std::move(opened.error())));
    const prove::Checkpoint& c = opened->checkpoint;
    const auto head = node_.ledger();
    StoreTiles tiles(*reader_);
    const auto root = c.size <= head.size ? prove::root_at(head.suite, tiles, c.size) : Result<base::Digest>{};
    if (c.size == 0 || (c.size <= head.size && !root))
        return done(base::fail("bad-checkpoint", "an empty tree is not co-signed"));
    if (c.size > head.size || *root != c.root) {
        set_fault("split",
                  fmt::format("a witness holds a tree of {} leaves signed with our keys that is not ours: the log "
                              "has shown two histories, or this database is an older one",
                              c.size));
        return done(base::fail("split-view", "this checkpoint was signed with our keys, and is not of our tree"));
    }
    auto note = kept_note(c.size);
    if (!note) return done(tl::unexpected(std::move(note.error())));
    if (note->text != opened->note.text) *note = {opened->note.text, opened->note.signatures};
    std::erase_if(note->signatures, [&](const auto& s) { return s.name != name_ && !seen_.contains(s.name); });
    const base::Time now = clock_.now();
    bool any = false;
    for (const auto& w : witnesses_) {
        const auto id = prove::key_id(w);
        const auto is_its = [&](const auto& s) { return s.key_id == id && s.name == w.name; };
        const auto given = std::ranges::find_if(opened->note.signatures, is_its);
        if (given == opened->note.signatures.end()) continue;
        if (!prove::is_signed(w, opened->note.text, given->bytes))
            return done(base::fail("bad-signature", "the cosignature of " + w.name + " is wrong"));
        const base::Time at{static_cast<std::int64_t>(*prove::cosigned_time(given->bytes)) * 1'000'000};
        if (at - now > clock_may_lead)
            return done(base::fail("bad-time", "the cosignature is of a time to come; set the witness' clock"));
        any = true;
        // The first one says most: since when the tree has stood.
        if (std::ranges::none_of(note->signatures, is_its)) note->signatures.push_back(*given);
        Seen& seen = seen_[w.name];
        if (!seen.at.is_set() || at >= seen.at) {
            seen.at = at;
            seen.size = c.size;
        }
        seen.heard = now;
    }
    if (!any) return done(base::fail("unknown-witness", "nobody who is listed here as a witness has co-signed this"));
    recent_[c.size] = *note;
    while (recent_.size() > recent_kept) recent_.erase(recent_.begin());
    const std::string text = prove::to_text(*note);
    const ports::CheckpointRow row{c.size, c.time.is_set() ? c.time : now, true, text};
    node_.write_records({row, ports::MetaPut{std::string(witnesses_key), witness_lines()}},
                        [this, text, size = c.size, done = std::move(done),
                         alive = std::weak_ptr<bool>(alive_)](const Result<void>& stored) {
                            if (alive.lock() && stored && last_ && last_->size == size) newest_ = text;
                            done(stored);
                        });
}

void Notary::reported(std::string bytes, std::function<void(Result<void>)> done) {
    const auto note = prove::parse_note(bytes);
    if (!note) return done(tl::unexpected(note.error()));
    if (!note->text.starts_with(report_mark) || note->text.substr(report_mark.size()).find(name_ + "\n") != 0)
        return done(base::fail("bad-note", "this is no report of a witness about this log"));
    for (const auto& w : witnesses_) {
        if (prove::check(w, *note) != true) continue;
        Seen& seen = seen_[w.name];
        seen.heard = clock_.now();
        seen.reported = true;
        set_fault("split",
                  fmt::format("the witness {} reports that the log has shown it two histories; its report lies "
                              "beside the keys as witness-report",
                              w.name));
        const bool queued = worker_.run([this, bytes] {
            (void)files_.write(options_.folder + "/witness-report", bytes);
            (void)files_.sync_folder(options_.folder);
        });
        (void)queued;
        return done({});
    }
    done(base::fail("unknown-witness", "nobody who is listed here as a witness has signed this"));
}

// ---- pages, receipts ----

ports::LedgerState Notary::state() const {
    ports::LedgerState s;
    s.origin = name_;
    s.hash = prove::to_word(last_ ? last_->suite : node_.ledger().suite);
    if (last_) {
        s.size = last_->size;
        s.root = last_->root;
        s.signed_at = last_->time;
    }
    s.fault = fault_;
    const auto silent = silent_witnesses();
    for (const auto& w : witnesses_) {
        const auto seen = seen_.find(w.name);
        s.witnesses.push_back({w.name, seen == seen_.end() ? base::Time::none() : seen->second.at,
                               seen == seen_.end() ? 0 : seen->second.size,
                               std::ranges::find(silent, w.name) != silent.end(), prove::to_vkey(w),
                               seen != seen_.end() && seen->second.reported});
    }
    s.keys = {prove::to_vkey(ed25519_), prove::to_vkey(sm2_)};
    return s;
}

Result<ports::ActReceipt> Notary::receipt(const ports::ActRow& act) {
    if (act.leaf < 0)
        return base::fail("not-in-ledger", "the record was written before there was a ledger; nothing proves it");
    const auto leaf = static_cast<std::uint64_t>(act.leaf);
    auto row = reader_->checkpoint_over(leaf, true);
    if (row && !*row) row = reader_->checkpoint_over(leaf, false);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return base::fail("receipt-not-yet", "the ledger is being signed; ask again in a second");
    auto note = prove::parse_note((*row)->note);
    if (!note) return tl::unexpected(std::move(note.error()));
    const auto checkpoint = prove::parse_checkpoint(note->text);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    StoreTiles tiles(*reader_);
    prove::CachedTiles cached(checkpoint->suite, cache_, tiles);
    auto proof = prove::inclusion_proof(checkpoint->suite, cached, leaf, checkpoint->size);
    if (!proof) return tl::unexpected(std::move(proof.error()));
    prove::Receipt receipt{act_of(node_.shard(), act), false, {}, leaf, std::move(*proof), std::move(*note)};
    if (receipt.act.erased()) {
        const auto tile =
            tiles.tile({0, leaf / prove::tile_width, static_cast<unsigned>(leaf % prove::tile_width) + 1});
        if (!tile) return tl::unexpected(tile.error());
        if (!*tile || (*tile)->width() <= leaf % prove::tile_width)
            return base::fail("ledger-damaged", "a tile of the ledger is missing");
        receipt.erased = true;
        receipt.leaf = (*tile)->hashes()[leaf % prove::tile_width];
        receipt.act = {};
        receipt.act.shard = node_.shard();
        receipt.act.id = act.id;
    }
    ports::ActReceipt out{prove::to_text(receipt), prove::to_short(receipt).value_or(""), leaf, checkpoint->size, {}};
    for (const auto& s : receipt.checkpoint.signatures) {
        if (s.name != name_) out.cosigned_by.push_back(s.name);
    }
    return out;
}

}  // namespace shoumen::shell
