#include "store/sql/reader.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "store/sql/rows.hpp"
#include "store/sql/statements.hpp"
#include "store/sql/writer.hpp"

namespace shoumen::store {
namespace {

using base::Result;

constexpr auto above_all = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::size_t most_rows = 20'000;
constexpr std::size_t state_count = 9;
// So much of the log is read at a time: nothing is being read while it is used, so that a slow user does not keep the
// log from being moved.
constexpr std::size_t batches_at_a_time = 512;
constexpr std::size_t bytes_at_a_time = 4U << 20U;

std::size_t limit_of(std::size_t asked) { return std::clamp<std::size_t>(asked, 1, most_rows); }

// Binds a list of words to a fixed number of parameters; no list: all words; a short one is filled up with its last.
template <std::size_t N, class Enum>
void bind_words(Query& query, int first, const std::vector<Enum>& wanted) {
    for (std::size_t i = 0; i < N; ++i) {
        const auto value = wanted.empty() ? static_cast<Enum>(i) : wanted[std::min(i, wanted.size() - 1)];
        query.text(first + static_cast<int>(i), to_word(value));
    }
}

template <class Enum>
std::vector<Enum> each_once(std::vector<Enum> list) {
    std::ranges::sort(list);
    const auto doubled = std::ranges::unique(list);
    list.erase(doubled.begin(), doubled.end());
    return list;
}

ports::EncodedBatch batch_of(const Query& row, std::uint32_t shard) {
    ports::EncodedBatch batch;
    batch.shard = shard;
    batch.first_seq = row.whole<std::uint64_t>(0);
    batch.count = row.whole<std::uint64_t>(1);
    batch.received = row.time(2);
    batch.hash = row.digest(3);
    batch.prev_hash = row.digest(4);
    batch.bytes = row.string(5);
    batch.leaf = row.number(6);
    return batch;
}

Result<std::uint64_t> count_of(Query& query) {
    const auto row = query.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return damaged_row("count");
    return query.whole<std::uint64_t>(0);
}

}  // namespace

Result<std::vector<model::Incident>> SqlReader::incidents(const ports::IncidentQuery& wanted) {
    Query query(*db_, wanted.live_only ? sql::live_incidents : sql::incidents);
    query.whole(1, shard_).whole(2, wanted.before ? wanted.before->value : above_all);
    bind_words<state_count>(query, 3, each_once(wanted.states));
    bind_words<model::severity_count>(query, 12, each_once(wanted.severities));
    query.whole(16, limit_of(wanted.limit));
    return all<model::Incident>(query, incident_of);
}

Result<std::optional<model::Incident>> SqlReader::incident(model::IncidentId id) {
    Query query(*db_, sql::incident);
    query.whole(1, shard_).whole(2, id.value);
    return first<model::Incident>(query, incident_of);
}

Result<std::vector<model::TimelineEvent>> SqlReader::timeline(model::IncidentId id) {
    Query query(*db_, sql::timeline);
    query.whole(1, shard_).whole(2, id.value);
    return all<model::TimelineEvent>(query, [id](const Query& row) { return event_of(row, id); });
}

Result<std::vector<ports::AlertRow>> SqlReader::alerts_of(model::IncidentId id) {
    Query query(*db_, sql::alerts_of);
    query.whole(1, shard_).whole(2, id.value);
    return all<ports::AlertRow>(query, alert_of);
}

Result<std::vector<ports::AlertRow>> SqlReader::alerts(std::uint64_t after_id, std::size_t limit) {
    Query query(*db_, sql::alerts);
    query.whole(1, shard_).whole(2, std::min(after_id, above_all)).whole(3, limit_of(limit));
    return all<ports::AlertRow>(query, alert_of);
}

Result<std::vector<ports::QuarantineRow>> SqlReader::quarantine(std::optional<std::uint64_t> before,
                                                                std::size_t limit) {
    Query query(*db_, sql::quarantine);
    query.whole(1, std::min(before.value_or(above_all), above_all)).whole(2, limit_of(limit));
    return all<ports::QuarantineRow>(query, quarantine_of);
}

Result<ports::QuarantineCounts> SqlReader::quarantine_counts() {
    const auto state = read_quarantine_state(*db_);
    if (!state) return tl::unexpected(state.error());
    return ports::QuarantineCounts{state->kept, state->dropped};
}

Result<std::optional<std::string>> SqlReader::text(model::Handle handle) {
    Query query(*db_, sql::text);
    query.whole(1, handle.value).whole(2, shard_);
    return first<std::string>(query, [](const Query& row) -> Result<std::string> { return row.string(0); });
}

Result<std::optional<ports::EvidenceRow>> SqlReader::evidence(const base::Digest& sha256) {
    Query query(*db_, sql::evidence);
    query.digest(1, sha256);
    return first<ports::EvidenceRow>(query, evidence_of);
}

Result<std::optional<ports::AccountRow>> SqlReader::account(std::string_view name) {
    Query query(*db_, sql::account);
    query.text(1, name);
    return first<ports::AccountRow>(query, account_of);
}

Result<std::vector<ports::AccountRow>> SqlReader::accounts() {
    Query query(*db_, sql::accounts);
    return all<ports::AccountRow>(query, account_of);
}

Result<std::optional<ports::SessionRow>> SqlReader::session(const base::Digest& token_hash) {
    Query query(*db_, sql::session);
    query.digest(1, token_hash);
    return first<ports::SessionRow>(query, session_of);
}

Result<std::vector<ports::SessionRow>> SqlReader::sessions_of(std::string_view account) {
    Query query(*db_, sql::sessions_of);
    query.text(1, account);
    return all<ports::SessionRow>(query, session_of);
}

Result<std::vector<ports::GrantRow>> SqlReader::grants() {
    Query query(*db_, sql::grants);
    return all<ports::GrantRow>(query, grant_of);
}

Result<std::vector<ports::ApiTokenRow>> SqlReader::api_tokens() {
    Query query(*db_, sql::api_tokens);
    return all<ports::ApiTokenRow>(query, api_token_of);
}

Result<std::vector<ports::DelegationRow>> SqlReader::delegations() {
    Query query(*db_, sql::delegations);
    return all<ports::DelegationRow>(query, delegation_of);
}

Result<std::optional<ports::SecondFactorRow>> SqlReader::second_factor(std::string_view account) {
    Query query(*db_, sql::second_factor);
    query.text(1, account);
    return first<ports::SecondFactorRow>(query, second_factor_of);
}

Result<std::optional<ports::WayInRow>> SqlReader::way_in(std::string_view kind, std::string_view lookup) {
    Query query(*db_, sql::way_in);
    query.text(1, kind).text(2, lookup);
    return first<ports::WayInRow>(query, way_in_of);
}

Result<std::vector<ports::WayInRow>> SqlReader::ways_in_of(std::string_view account) {
    Query query(*db_, sql::ways_in_of);
    query.text(1, account);
    return all<ports::WayInRow>(query, way_in_of);
}

Result<std::vector<ports::WiderSightRow>> SqlReader::wider_sights(std::size_t limit) {
    Query query(*db_, sql::wider_sights);
    query.whole(1, limit);
    return all<ports::WiderSightRow>(query, wider_sight_of);
}

Result<std::optional<ports::PersonRow>> SqlReader::person(std::string_view code) {
    Query query(*db_, sql::person);
    query.whole(1, shard_).text(2, code);
    return first<ports::PersonRow>(query, person_of);
}

Result<std::vector<ports::PersonRow>> SqlReader::persons(std::string_view after, std::size_t limit) {
    Query query(*db_, sql::persons);
    query.whole(1, shard_).text(2, after).whole(3, limit_of(limit));
    return all<ports::PersonRow>(query, person_of);
}

Result<std::vector<model::TimelineEvent>> SqlReader::events_by(const model::Person& actor) {
    Query query(*db_, sql::events_by);
    query.whole(1, shard_).text(2, actor.code).whole(3, most_rows);
    return all<model::TimelineEvent>(
        query, [](const Query& row) { return event_of(row, model::IncidentId(row.whole<std::uint64_t>(14))); });
}

Result<std::vector<ports::DeviceTokenRow>> SqlReader::device_tokens() {
    Query query(*db_, sql::device_tokens);
    return all<ports::DeviceTokenRow>(query, device_token_of);
}

Result<std::vector<ports::ActRow>> SqlReader::acts(const ports::ActQuery& asked) {
    const std::string_view text =
        asked.subject ? (asked.actor ? sql::acts_by_on : sql::acts_on) : (asked.actor ? sql::acts_by : sql::acts);
    Query query(*db_, text);
    query.whole(1, shard_).whole(2, std::min(asked.before.value_or(above_all), above_all));
    query.whole(3, limit_of(asked.limit));
    int nth = 4;
    if (asked.subject) query.text(nth++, *asked.subject);
    if (asked.actor) query.text(nth, *asked.actor);
    return all<ports::ActRow>(query, act_of);
}

Result<std::optional<ports::ActRow>> SqlReader::act(std::uint64_t id) {
    Query query(*db_, sql::act);
    query.whole(1, shard_).whole(2, id);
    return first<ports::ActRow>(query, act_of);
}

Result<std::vector<ports::ActRow>> SqlReader::acts_from(std::uint64_t id, std::size_t limit) {
    Query query(*db_, sql::acts_from);
    query.whole(1, shard_).whole(2, std::min(id, above_all)).whole(3, limit_of(limit));
    return all<ports::ActRow>(query, act_of);
}

Result<std::optional<ports::TileRow>> SqlReader::tile(unsigned level, std::uint64_t n) {
    Query query(*db_, sql::tile);
    query.whole(1, shard_).whole(2, level).whole(3, n);
    return first<ports::TileRow>(query, tile_of);
}

Result<std::vector<ports::TileRow>> SqlReader::last_tiles() {
    std::vector<ports::TileRow> tiles;
    for (unsigned level = 0;; ++level) {
        Query query(*db_, sql::last_tile);
        query.whole(1, shard_).whole(2, level);
        auto found = first<ports::TileRow>(query, tile_of);
        if (!found) return tl::unexpected(std::move(found.error()));
        if (!*found) return tiles;
        tiles.push_back(std::move(**found));
    }
}

Result<std::optional<ports::CheckpointRow>> SqlReader::newest_checkpoint() {
    Query query(*db_, sql::newest_checkpoint);
    query.whole(1, shard_);
    return first<ports::CheckpointRow>(query, checkpoint_of);
}

Result<std::optional<ports::CheckpointRow>> SqlReader::checkpoint_over(std::uint64_t leaf, bool cosigned) {
    Query query(*db_, cosigned ? sql::cosigned_checkpoints : sql::checkpoints);
    query.whole(1, shard_).whole(2, std::min(leaf, above_all)).whole(3, 1);
    return first<ports::CheckpointRow>(query, checkpoint_of);
}

Result<std::vector<ports::CheckpointRow>> SqlReader::checkpoints(std::uint64_t above_size, std::size_t limit) {
    Query query(*db_, sql::checkpoints);
    query.whole(1, shard_).whole(2, std::min(above_size, above_all)).whole(3, limit_of(limit));
    return all<ports::CheckpointRow>(query, checkpoint_of);
}

Result<std::optional<std::string>> SqlReader::meta(std::string_view key) {
    Query query(*db_, sql::meta);
    query.text(1, key);
    return first<std::string>(query, [](const Query& row) -> Result<std::string> { return row.string(0); });
}

Result<model::SenseCounts> SqlReader::counts() {
    Query query(*db_, sql::counts);
    query.whole(1, shard_);
    auto row = query.next();
    if (!row) return tl::unexpected(std::move(row.error()));
    if (!*row) return model::SenseCounts{};
    return model::SenseCounts{query.whole<std::uint64_t>(0), query.whole<std::uint64_t>(1),
                              query.whole<std::uint64_t>(2), query.whole<std::uint64_t>(3)};
}

Result<ports::LogHead> SqlReader::head(std::uint32_t shard) {
    Query query(*db_, sql::last_batch);
    query.whole(1, shard);
    auto row = query.next();
    if (!row) return tl::unexpected(std::move(row.error()));
    if (!*row) return ports::LogHead{};
    return ports::LogHead{query.whole<std::uint64_t>(0) + query.whole<std::uint64_t>(1), query.digest(2),
                          query.time(3)};
}

Result<void> SqlReader::batches(std::uint32_t shard, std::uint64_t from_seq,
                                const std::function<bool(ports::EncodedBatch&&)>& use) {
    std::uint64_t at = 0;
    {
        Query query(*db_, sql::batch_start);
        query.whole(1, shard).whole(2, std::min(from_seq, above_all));
        auto row = query.next();
        if (!row) return tl::unexpected(std::move(row.error()));
        if (*row) at = query.whole<std::uint64_t>(0);
    }
    for (;;) {
        auto some = next_batches(shard, at);
        if (!some) return tl::unexpected(std::move(some.error()));
        if (some->empty()) return {};
        at = some->back().first_seq + 1;
        for (auto& batch : *some) {
            if (batch.first_seq + batch.count <= from_seq) continue;  // ends before
            if (!use(std::move(batch))) return {};
        }
    }
}

Result<std::size_t> SqlReader::how_many(std::uint32_t shard, std::uint64_t from_seq) {
    Query query(*db_, sql::batch_sizes);
    query.whole(1, shard).whole(2, from_seq).whole(3, batches_at_a_time);
    std::size_t n = 0;
    for (std::size_t bytes = 0; bytes < bytes_at_a_time; ++n) {
        auto row = query.next();
        if (!row) return tl::unexpected(std::move(row.error()));
        if (!*row) break;
        bytes += query.whole<std::size_t>(0);
    }
    return n;
}

Result<std::vector<ports::EncodedBatch>> SqlReader::next_batches(std::uint32_t shard, std::uint64_t from_seq) {
    const auto n = how_many(shard, from_seq);
    if (!n) return tl::unexpected(n.error());
    Query query(*db_, sql::batches);
    query.whole(1, shard).whole(2, from_seq).whole(3, *n);
    return all<ports::EncodedBatch>(
        query, [shard](const Query& row) -> Result<ports::EncodedBatch> { return batch_of(row, shard); });
}

Result<std::optional<ports::PolicyRow>> SqlReader::policy(std::uint64_t version) {
    Query query(*db_, sql::policy);
    query.whole(1, version);
    return first<ports::PolicyRow>(query, policy_of);
}

Result<std::optional<ports::PolicyRow>> SqlReader::newest_policy() {
    Query query(*db_, sql::newest_policy);
    return first<ports::PolicyRow>(query, policy_of);
}

Result<ports::Oldest> SqlReader::oldest() {
    ports::Oldest out;
    const auto first_of = [](Query& query, base::Time& into) -> Result<void> {
        const auto row = query.next();
        if (!row) return tl::unexpected(row.error());
        if (*row) into = query.time(0);
        return {};
    };
    Query refused(*db_, sql::oldest_quarantine);
    Query words(*db_, sql::oldest_text);
    Query pictures(*db_, sql::oldest_evidence);
    words.whole(1, shard_);
    auto done = first_of(refused, out.refused);
    if (done) done = first_of(words, out.words);
    if (done) done = first_of(pictures, out.pictures);
    if (!done) return tl::unexpected(done.error());
    return out;
}

Result<std::uint64_t> SqlReader::quarantine_before(base::Time at) {
    Query query(*db_, sql::quarantine_before);
    query.time(1, at);
    return count_of(query);
}

Result<std::uint64_t> SqlReader::texts_before(base::Time at) {
    Query query(*db_, sql::texts_before);
    query.whole(1, shard_).time(2, at);
    return count_of(query);
}

Result<std::vector<ports::EvidenceRow>> SqlReader::evidence_before(base::Time at, std::size_t limit) {
    Query query(*db_, sql::evidence_before);
    query.whole(1, shard_).time(2, at).whole(3, limit);
    return all<ports::EvidenceRow>(query, evidence_of);
}

}  // namespace shoumen::store
