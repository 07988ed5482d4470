#include "shell/sweeper.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "protect/vault.hpp"

#include "log_trial.hpp"

namespace shoumen::shell {
namespace {

using base::Result;
using model::Kept;

constexpr std::uint64_t inputs_at_a_time = 20'000;
constexpr std::size_t pictures_at_a_time = 50;
constexpr base::Duration try_again_after = base::minutes(10);
constexpr std::uint8_t mark_form = 1;

std::string mark_key(std::uint32_t shard) { return fmt::format("swept/{}", shard); }

std::string bytes_of(const SweepMark& mark) {
    base::ByteWriter out;
    out.u8(mark_form);
    out.varint(mark.log_from);
    out.zigzag(mark.at.us);
    for (const auto n : mark.gone) out.varint(n);
    return out.take();
}

std::uint64_t& count(std::array<std::uint64_t, model::kept_count>& counts, Kept kind) {
    return counts[static_cast<std::size_t>(kind)];
}

}  // namespace

Result<SweepMark> read_sweep_mark(ports::StoreReader& reader, std::uint32_t shard) {
    const auto bytes = reader.meta(mark_key(shard));
    if (!bytes) return tl::unexpected(bytes.error());
    SweepMark mark;
    if (!*bytes) return mark;
    base::ByteReader in(**bytes);
    const bool known = in.u8() == mark_form;
    mark.log_from = in.varint();
    mark.at = {in.zigzag()};
    for (auto& n : mark.gone) n = in.varint();
    if (!known || !in.ok() || !in.at_end())
        return base::fail("bad-row", "the note of what has been swept from this database cannot be read");
    return mark;
}

// What is handed from the io thread to the worker and back; never held by both.
struct Sweeper::Sweep {
    enum class Part { log, rows, pictures, end };
    Part part = Part::log;
    base::Time at;
    std::array<base::Time, model::kept_count> before{};
    std::uint64_t log_limit = 0;  // the newest snapshot's
    std::uint64_t log_end = 0;
    SweepMark mark;
    std::unique_ptr<ports::StoreReader> reader;
    std::vector<ports::RecordWrite> writes;
    std::optional<base::Error> fault;

    [[nodiscard]] base::Time cut(Kept kind) const { return before[static_cast<std::size_t>(kind)]; }
};

Sweeper::Sweeper(Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Options options, Node::Post post)
    : node_(node), files_(files), clock_(clock), options_(std::move(options)), post_(std::move(post)) {}

Result<void> Sweeper::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    auto mark = read_sweep_mark(*reader_, node_.shard());
    if (!mark) return tl::unexpected(mark.error());
    mark_ = *mark;
    return {};
}

void Sweeper::tick() {
    const base::Time now = clock_.now();
    if (running_ || (failed_.is_set() && now >= failed_ && now < failed_ + try_again_after)) return;
    // A clock that was set back by days must not stop it for as long.
    if (mark_.at.is_set() && now < mark_.at + options_.every && now > mark_.at - options_.every) return;
    auto reader = node_.reader();
    if (!reader) return fail(reader.error());
    running_ = true;
    auto sweep = std::make_shared<Sweep>();
    sweep->at = now;
    const auto& spans = node_.policy()->retention.spans;
    for (std::size_t i = 0; i < spans.size(); ++i) sweep->before[i] = now - spans[i];
    sweep->log_limit = node_.snapshot_from();
    sweep->mark.log_from = mark_.log_from;
    sweep->mark.at = mark_.at;
    sweep->reader = std::move(*reader);
    next(std::move(sweep));
}

void Sweeper::next(std::shared_ptr<Sweep> sweep) {
    const bool taken = worker_.run([this, sweep] {
        sweep->writes.clear();
        if (auto done = look(*sweep); !done) sweep->fault = done.error();
        post_([this, sweep] { write(sweep); });
    });
    if (!taken) fail({"busy", "another sweep is under way", ""});
}

void Sweeper::write(const std::shared_ptr<Sweep>& sweep) {
    if (sweep->fault) return fail(*sweep->fault);
    const bool last = sweep->part == Sweep::Part::end;
    if (last) {
        sweep->mark.at = sweep->at;
        ports::ActRow act;
        act.at = sweep->at;
        act.kind = "swept";
        act.subject = fmt::format("shard:{}", node_.shard());
        for (std::size_t i = 0; i < model::kept_count; ++i)
            act.detail +=
                fmt::format("{}{}={}", i == 0 ? "" : " ", model::to_word(static_cast<Kept>(i)), sweep->mark.gone[i]);
        if (std::ranges::any_of(sweep->mark.gone, [](auto n) { return n > 0; }))
            sweep->writes.emplace_back(std::move(act));
    }
    sweep->writes.emplace_back(ports::MetaPut{mark_key(node_.shard()), bytes_of(sweep->mark)});
    node_.write_records(sweep->writes, [this, sweep, last](Result<void> stored) {
        if (!stored) return fail(stored.error());
        mark_ = sweep->mark;
        if (!last) return next(sweep);
        running_ = false;
        failed_ = base::Time::none();
        std::vector<ports::LogField> fields;
        for (std::size_t i = 0; i < model::kept_count; ++i)
            fields.push_back(
                {std::string(model::to_word(static_cast<Kept>(i))), static_cast<std::int64_t>(sweep->mark.gone[i])});
        options_.log({ports::LogLevel::info, "swept", "what was kept long enough is gone", std::move(fields)});
    });
}

void Sweeper::fail(const base::Error& error) {
    running_ = false;
    failed_ = clock_.now();
    options_.log({ports::LogLevel::warning,
                  "sweep_failed",
                  "what was kept long enough could not be removed: " + error.message + "; trying again in ten minutes",
                  {{"code", error.code}}});
}

// --- The worker --------------------------------------------------------------------------------------------------

Result<void> Sweeper::look(Sweep& sweep) const {
    using Part = Sweep::Part;
    switch (sweep.part) {
        case Part::log:
            if (auto done = look_at_log(sweep); !done || !sweep.writes.empty()) return done;
            sweep.part = Part::rows;
            [[fallthrough]];
        case Part::rows:
            sweep.part = Part::pictures;
            if (auto done = look_at_rows(sweep); !done || !sweep.writes.empty()) return done;
            [[fallthrough]];
        case Part::pictures: {
            const auto more = look_at_pictures(sweep);
            if (!more) return tl::unexpected(more.error());
            if (*more) return {};
            break;
        }
        case Part::end:
            break;
    }
    sweep.part = Part::end;
    return drop_keys_of_days(sweep);
}

Result<void> Sweeper::look_at_log(Sweep& sweep) const {
    if (sweep.log_end == 0) {
        const auto end = first_seq_at(*sweep.reader, node_.shard(), sweep.cut(Kept::signals));
        if (!end) return tl::unexpected(end.error());
        sweep.log_end = std::max(sweep.mark.log_from, std::min(*end, sweep.log_limit));
        count(sweep.mark.gone, Kept::signals) = sweep.log_end - sweep.mark.log_from;
    }
    if (sweep.mark.log_from >= sweep.log_end) return {};
    const std::uint64_t to = std::min(sweep.log_end, sweep.mark.log_from + inputs_at_a_time);
    sweep.writes.emplace_back(ports::LogPast{sweep.mark.log_from, to - 1});
    sweep.mark.log_from = to;
    return {};
}

Result<void> Sweeper::look_at_rows(Sweep& sweep) const {
    const auto refused = sweep.reader->quarantine_before(sweep.cut(Kept::refused));
    if (!refused) return tl::unexpected(refused.error());
    const auto words = sweep.reader->texts_before(sweep.cut(Kept::words));
    if (!words) return tl::unexpected(words.error());
    count(sweep.mark.gone, Kept::refused) = *refused;
    count(sweep.mark.gone, Kept::words) = *words;
    if (*refused > 0) sweep.writes.emplace_back(ports::QuarantinePast{sweep.cut(Kept::refused)});
    if (*words > 0) sweep.writes.emplace_back(ports::TextsPast{sweep.cut(Kept::words)});
    return {};
}

// The key first, then the file, then the row: what a crash leaves half done is found again by its row.
Result<bool> Sweeper::look_at_pictures(Sweep& sweep) const {
    const auto rows = sweep.reader->evidence_before(sweep.cut(Kept::pictures), pictures_at_a_time);
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& row : *rows) {
        if (auto done = files_.remove(row.sha256); !done) return tl::unexpected(done.error());
        sweep.writes.emplace_back(ports::EvidenceGone{row.sha256, sweep.at});
    }
    count(sweep.mark.gone, Kept::pictures) += rows->size();
    return rows->size() == pictures_at_a_time;
}

// A day's key sealed refused payloads and words of signals. Once neither can be left but in copies, the key goes, and
// the copies cannot be read either.
Result<void> Sweeper::drop_keys_of_days(const Sweep& sweep) const {
    if (!options_.vault) return {};
    const auto oldest = sweep.reader->oldest();
    if (!oldest) return tl::unexpected(oldest.error());
    const base::Time before =
        std::min({sweep.cut(Kept::refused), sweep.cut(Kept::words), oldest->words, oldest->refused}) - base::days(1);
    const std::string until = "day/" + base::format_utc(before).substr(0, 10);
    for (const auto& owner : options_.vault->owners("day/")) {
        if (owner >= until) continue;
        if (auto done = options_.vault->erase(owner); !done) return done;
    }
    return {};
}

// --- Whoever asks ------------------------------------------------------------------------------------------------

Result<ports::RetentionState> Sweeper::state() {
    ports::RetentionState out;
    const auto& spans = node_.policy()->retention.spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        out.kinds[i].span = spans[i];
        out.kinds[i].gone = mark_.gone[i];
    }
    const auto at = [&](Kept kind) -> auto& { return out.kinds[static_cast<std::size_t>(kind)].oldest; };
    const auto read = reader_->batches(node_.shard(), mark_.log_from, [&](ports::EncodedBatch&& batch) {
        at(Kept::signals) = batch.received;
        return false;
    });
    if (!read) return tl::unexpected(read.error());
    const auto oldest = reader_->oldest();
    if (!oldest) return tl::unexpected(oldest.error());
    at(Kept::refused) = oldest->refused;
    at(Kept::words) = oldest->words;
    at(Kept::pictures) = oldest->pictures;
    out.swept = mark_.at;
    out.next = mark_.at.is_set() ? mark_.at + options_.every : clock_.now();
    return out;
}

}  // namespace shoumen::shell
