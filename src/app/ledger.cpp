// Commands over a ledger: an export for whoever checks it elsewhere, and the check itself.
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include "prove/audit.hpp"
#include "prove/checkpoint.hpp"
#include "prove/tiles.hpp"
#include "shell/leaf_of.hpp"
#include "shell/sweeper.hpp"

#include "commands.hpp"
#include "ledger_keys.hpp"
#include "place.hpp"

namespace shoumen::app {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr std::size_t rows_at_a_time = 20'000;

class Export {
public:
    Export(ports::StoreReader& reader, fs::path to) : reader_(reader), to_(std::move(to)) {}

    Result<void> run() {
        const auto newest = reader_.newest_checkpoint();
        if (!newest) return tl::unexpected(newest.error());
        if (!*newest)
            return base::fail("no-checkpoint", "nothing of this ledger has been signed yet: start the node once");
        const auto note = prove::parse_note((*newest)->note);
        const auto point =
            note ? prove::parse_checkpoint(note->text) : Result<prove::Checkpoint>(tl::unexpected(note.error()));
        if (!point) return tl::unexpected(point.error());
        auto done = file("checkpoint", (*newest)->note);
        if (done) done = checkpoints();
        if (done) done = tiles(point->size);
        if (done) done = acts();
        if (done) done = batches();
        size_ = point->size;
        return done;
    }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t gone() const { return gone_; }

    Result<void> file(const std::string& name, const std::string& bytes) {
        const fs::path path = to_ / name;
        std::error_code fault;
        fs::create_directories(path.parent_path(), fault);
        std::ofstream out(path, std::ios::binary);
        out << bytes;
        out.close();
        return out ? Result<void>{} : base::fail("disk-error", "the file could not be written", path.string());
    }

private:
    Result<void> checkpoints() {
        for (std::uint64_t above = 0;;) {
            const auto some = reader_.checkpoints(above, rows_at_a_time);
            if (!some) return tl::unexpected(some.error());
            if (some->empty()) return {};
            for (const auto& row : *some) {
                if (auto done = file(fmt::format("checkpoints/{}", row.size), row.note); !done) return done;
            }
            above = some->back().size;
        }
    }

    Result<void> tiles(std::uint64_t size) {
        for (const auto& at : prove::tiles_of(size)) {
            auto row = reader_.tile(at.level, at.n);
            if (!row) return tl::unexpected(std::move(row.error()));
            const std::size_t bytes = at.width * sizeof(base::Digest);
            if (!*row || (*row)->hashes.size() < bytes) continue;  // whoever checks will say so
            if (auto done = file(prove::tile_path(at), (*row)->hashes.substr(0, bytes)); !done) return done;
        }
        return {};
    }

    Result<void> acts() {
        std::ofstream out(to_ / "acts", std::ios::binary);
        for (std::uint64_t from = 0;;) {
            const auto some = reader_.acts_from(from, rows_at_a_time);
            if (!some) return tl::unexpected(some.error());
            for (const auto& row : *some) {
                if (row.leaf >= 0)
                    out << prove::row_line(static_cast<std::uint64_t>(row.leaf), shell::act_of(shard, row));
            }
            if (some->size() < rows_at_a_time) break;
            from = some->back().id + 1;
        }
        out.close();
        return out ? Result<void>{}
                   : base::fail("disk-error", "the file could not be written", (to_ / "acts").string());
    }

    // The hash of the bytes that lie there, not the one that was written beside them; where bytes are not kept any more
    // (retention.yaml), that one.
    Result<void> batches() {
        const auto swept = shell::read_sweep_mark(reader_, shard);
        if (!swept) return tl::unexpected(swept.error());
        std::ofstream out(to_ / "batches", std::ios::binary);
        auto read = reader_.batches(shard, 0, [&](ports::EncodedBatch&& batch) {
            if (batch.leaf < 0) return true;
            const bool gone = batch.bytes.empty() && batch.first_seq < swept->log_from;
            if (!gone) batch.hash = base::leaf_hash(batch.bytes);
            gone_ += gone ? 1 : 0;
            out << prove::row_line(static_cast<std::uint64_t>(batch.leaf), shell::mark_of(batch));
            return true;
        });
        if (!read) return read;
        out.close();
        return out ? Result<void>{}
                   : base::fail("disk-error", "the file could not be written", (to_ / "batches").string());
    }

    ports::StoreReader& reader_;
    fs::path to_;
    std::uint64_t size_ = 0;
    std::uint64_t gone_ = 0;  // batches of which only the hash is kept
};

int refuse(const base::Error& e) {
    fmt::print(stderr, "shoumen ledger: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return cannot_run;
}

}  // namespace

int ledger_export(const Place& place, const std::string& to) {
    std::error_code ignored;
    if (fs::exists(to, ignored)) return refuse({"target-exists", "name a directory that does not exist yet", to});
    auto reader = open_reader(place);
    if (!reader) return refuse(reader.error());
    Export out(**reader, to);
    if (auto done = out.run(); !done) return refuse(done.error());
    // The public halves, where the keys lie with the data.
    const std::string keys = keys_folder(place.data);
    if (fs::exists(keys + "/ledger-ed25519.key", ignored)) {
        const auto held = ledger_keys(keys);
        if (!held) return refuse(held.error());
        const std::string name = shell::ledger_name(*held);
        std::string text =
            prove::to_vkey(held->ed25519.public_key(name)) + "\n" + prove::to_vkey(held->sm2.public_key(name)) + "\n";
        const auto witnesses = read_witnesses(keys);
        if (!witnesses) return refuse(witnesses.error());
        for (const auto& w : *witnesses) text += prove::to_vkey(w) + "\n";
        if (auto done = out.file("keys", text); !done) return refuse(done.error());
    }
    fmt::print("{} leaves in {}\n", out.size(), to);
    if (out.gone() > 0) fmt::print("of {} batches of inputs only the hash is kept (retention.yaml)\n", out.gone());
    // The page that checks it in a browser, for a machine that has neither this program nor a network.
    const fs::path page = fs::path(share_directory("")) / "console" / "verify.html";
    if (fs::copy_file(page, fs::path(to) / "verify.html", ignored)) fmt::print("open {}/verify.html to check it\n", to);
    return fine;
}

int ledger_verify(const std::vector<std::string>& keys, const std::vector<std::string>& files) {
    const auto report = prove::audit({keys, files, false});
    for (const auto& line : report.lines) fmt::print("{}\n", line);
    return report.exit_code();
}

}  // namespace shoumen::app
