// The seam to the database: what is kept, and what can be asked. One writer, many readers.
//
// Contract, the same for every database (tests/contract runs it over each):
// - commit() is one transaction, durable when it returns success; on failure nothing of it is kept, and it may be
// called again
//   with the same unit (disk full, database away). Where the line to the database went at the wrong moment, all of it
//   may be there in spite of the failure: the same unit given again counts as done then, and adds nothing twice.
// - Rows are upserts by their key, so that a unit applied twice leaves what one application leaves.
//   Counts and quarantine rows have no key and are added: they go with the unit's batches, and come in once with those.
//   A unit without a batch adds them each time it is committed.
// - Another batch under a number that is taken is refused with code `log-conflict`, and with it its unit.
// - Readers see committed units only, and whole ones.
// - Texts are UTF-8 without zero bytes; what is not comes back with U+FFFD in its place. Bytes are kept as they are.
// - Times are microseconds UTC. Lists are ordered as said at each call, never by chance.
// - A data directory is held by one process: a second open for writing fails with code `data-in-use`.
// - A schema newer than the program is refused with code `schema-newer`; an older one is migrated at open.
// Threads: a Store is used by one thread at a time; each StoreReader by one thread at a time, independent of the
// writer.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/alert.hpp"
#include "model/effects.hpp"
#include "model/incident.hpp"
#include "model/input.hpp"
#include "ports/upkeep_rows.hpp"

namespace shoumen::ports {

struct EncodedBatch {
    std::uint32_t shard = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t count = 0;
    std::string bytes;
    base::Digest hash{};
    base::Digest prev_hash{};
    base::Time received;     // of its last input
    std::int64_t leaf = -1;  // its place in the ledger; -1: of before there was one
};

struct LogHead {
    std::uint64_t next_seq = 1;
    base::Digest hash{};  // of the last batch; zero before the first
    base::Time last_received = base::Time::none();
};

// A payload that could not become a signal, kept for inspection. At most `quarantine_limit` rows are kept, the oldest
// go first; the count of those gone is kept.
struct QuarantineRow {
    std::uint64_t id = 0;  // numbered by the store, ascending
    base::Time received;
    std::string door;     // mqtt, http
    std::string speaker;  // code of the device whose token it came with
    std::string code;     // of api/errors.json
    std::string message;
    std::string field;
    std::string payload;  // the first 4,096 bytes
    std::uint64_t payload_size = 0;
    base::Digest payload_hash{};
    std::string topic;  // it was published on, as far as kept; empty where the door has none
};
constexpr std::uint64_t quarantine_limit = 100'000;

struct QuarantineCounts {
    std::uint64_t kept = 0;
    std::uint64_t dropped = 0;  // gone because of the limit
};

struct TextRow {  // erasable
    model::Handle handle;
    base::Digest salt{};
    std::string text;
    base::Time added = base::Time::none();
};

struct EvidenceRow {
    base::Digest sha256{};
    std::uint64_t size = 0;
    std::string media_type;
    base::Time added;
    base::Time taken = base::Time::none();
    model::IncidentId incident;
    base::Time removed = base::Time::none();  // the picture went then; its hash stays, so that it is not taken for new
};

// What time takes away (docs/decisions/022-retention.md).
struct LogPast {  // the bytes of the batches that begin at `from` up to `to`; their numbers, hashes and leaves stay
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};
struct QuarantinePast {  // what was received before it
    base::Time before;
};
struct TextsPast {  // words written before it, but those of incidents that are live
    base::Time before;
};
struct EvidenceGone {
    base::Digest sha256{};
    base::Time removed;
};

struct AccountRow {
    std::string name;  // sign-in name, key
    std::string password_hash;
    bool must_change = false;
    bool disabled = false;
    model::Person person;
    model::RoleSet roles;             // to be given when the shell puts the row; kept are grants, and none here
    std::vector<std::string> bodies;  // codes of the bodies the person works for
    std::string language = "zh-CN";
};

struct SessionRow {
    base::Digest token_hash{};  // key; the token itself is kept nowhere
    std::string account;
    base::Time created;
    base::Time expires;
    base::Time seen;    // last use that was written down
    std::string agent;  // the kind of browser it began in; empty: not bound to one
};
struct SessionDelete {
    base::Digest token_hash{};
};
struct SessionsOfAccountDelete {
    std::string account;
};

struct SessionsPastDelete {  // those that expired at `at` or before
    base::Time at;
};

// A role held by an account: where in the tree of places and for how long. Ended, never deleted.
struct GrantRow {
    std::uint64_t id = 0;  // key; given by the shell: 1, 2, 3 …
    std::string account;
    model::Role role{};
    std::string place;  // code; empty: where the account's bodies answer
    base::Time since;
    base::Time until = base::Time::never();
    std::string given_by;  // code of the person; empty: the program itself
    std::string why;
    base::Time ended = base::Time::never();
    std::string ended_by;
};

// What a program shows in place of a password: it may what its account may, and less.
struct ApiTokenRow {
    std::uint64_t id = 0;  // key; given by the shell
    base::Digest token_hash{};
    std::string account;
    std::string name;
    model::RoleSet roles;  // of those the account holds
    std::string place;     // code; empty: wherever the roles are held
    std::string network;   // "10.1.0.0/16"; empty: from anywhere
    base::Time created;
    base::Time until;
    base::Time used = base::Time::none();  // last use that was written down
    bool revoked = false;
};

// Somebody acts for somebody who agreed to it (代管). Ended, never deleted.
struct DelegationRow {
    std::uint64_t id = 0;  // key; given by the shell
    model::Person from;    // who is acted for
    model::Person to;
    base::Time since;
    base::Time until;
    std::string consent;  // word: own (in the person's own session), witnessed
    std::string witness;  // code of the person
    std::string reason;   // as the witness wrote it
    base::Time ended = base::Time::never();
    std::string ended_by;
};

struct SecondFactorRow {
    std::string account;  // key
    std::string secret;   // sealed
    bool confirmed = false;
    std::uint64_t last_step = 0;  // no code of this step or an earlier one counts
    std::string recovery;         // sealed: hashes of codes that are left, 32 bytes each; empty: none
};
struct SecondFactorDelete {
    std::string account;
};

// Another way in than the password: a telephone that codes go to, or who somebody is at a provider of single sign-on.
struct WayInRow {
    std::string kind;    // key, with lookup; word: phone, sign_on
    std::string lookup;  // keyed hash
    std::string account;
    std::string sealed;  // what it is
    base::Time since;
};
struct WayInDelete {
    std::string kind;
    std::string lookup;
};

// Somebody opened a wider sight for a short time (应急授权). Ended, never deleted.
struct WiderSightRow {
    std::uint64_t id = 0;  // key; given by the shell
    std::string account;
    std::string person;
    std::string role;    // word: the one that let it be opened
    std::string reason;  // sealed
    base::Time since;
    base::Time until;
    base::Time ended = base::Time::never();
    std::string ended_by;
};

// Somebody of the register. What is personal is sealed before it comes here.
struct PersonRow {
    model::Person person;  // key
    std::string home;      // code of a place; empty: not said
    std::string status;    // word: listed, erasing, erased
    std::string fields;    // sealed; empty: erased
    std::string phone_index;
    base::Time changed;
};

struct DeviceTokenRow {
    base::Digest token_hash{};  // key
    std::string device;
    base::Time created;
    bool revoked = false;
};

struct PolicyRow {
    std::uint64_t version = 0;
    base::Digest digest{};
    base::Time activated;
    std::string files;     // the directory's files, canonical: count, then name and content of each, by name
    std::string compiled;  // model::encode(Policy)
};

// An act that matters: somebody did something, in a role and for a purpose. Words, codes and numbers only: no name, no
// free text. Never changed; where a person is erased, what names them and the salt go.
struct ActRow {
    std::uint64_t id = 0;  // given by the shell at its commit: 1, 2, 3 … without a gap
    base::Time at;
    std::string actor;        // code of the person; empty: the system
    std::string role;         // word of the role it was done in; empty: none was asked
    std::string kind;         // word: looked, account_added …
    std::string purpose;      // word; empty: none was asked
    std::string subject;      // "person:p-1", "account:desk", "incident:77", "policy:3"
    std::uint64_t count = 1;  // of looked: the values that were shown unmasked
    std::string detail;       // names of fields, words, numbers
    base::Digest salt{};      // given by the shell; all zero: erased
    std::int64_t leaf = -1;   // its place in the ledger, given by the shell; -1: of before there was one
};

// An act that names somebody who is erased: the fields that name them and the salt go, and it says which act did it.
struct ActErased {
    std::uint64_t id = 0;
    std::string actor;     // what stays of it; empty: it named the person
    std::string subject;   // the same
    std::uint64_t by = 0;  // the act of erasing; 0: the one before it in the same unit (given by the shell)
};

struct ActQuery {
    std::optional<std::string> subject;
    std::optional<std::string> actor;     // with subject: both must hold
    std::optional<std::uint64_t> before;  // page: ids below this one
    std::size_t limit = 200;              // 1 … 20,000
};

// A tile of the ledger's tree (prove/tiles.hpp): its hashes, and of a full one the nodes above them.
struct TileRow {
    unsigned level = 0;
    std::uint64_t n = 0;
    std::string hashes;
    std::string inner;
};

// A signed checkpoint, by its size. A new one takes the place of smaller ones of its minute that nobody has co-signed.
struct CheckpointRow {
    std::uint64_t size = 0;
    base::Time at;  // signed
    bool cosigned = false;
    std::string note;
};

struct MetaPut {
    std::string key;
    std::string value;
};

using RecordWrite =
    std::variant<EvidenceRow, AccountRow, SessionRow, SessionDelete, SessionsOfAccountDelete, SessionsPastDelete,
                 GrantRow, ApiTokenRow, DelegationRow, SecondFactorRow, SecondFactorDelete, WayInRow, WayInDelete,
                 WiderSightRow, DeviceTokenRow, PolicyRow, MetaPut, ActRow, CheckpointRow, LogPast, QuarantinePast,
                 TextsPast, EvidenceGone, PersonRow, ActErased, DeviceRecordRow, DeviceMoveRow, WorkOrderRow, RoundRow,
                 TickRow, QuietWindowRow, FoundDeviceRow>;

// One transaction.
struct CommitUnit {
    std::vector<EncodedBatch> batches;
    std::vector<model::Incident> incidents;
    std::vector<model::AlertRaised> alerts;
    std::vector<model::AlertCleared> cleared;
    std::vector<model::TimelineEvent> events;
    std::vector<model::Notice> notices;
    std::vector<QuarantineRow> quarantine;
    std::vector<TextRow> texts;
    std::vector<RecordWrite> records;
    std::vector<TileRow> tiles;
    model::SenseCounts counts;  // of these batches; the store keeps the sum

    [[nodiscard]] bool empty() const;
    void clear();
};

struct AlertRow {
    model::Alert alert;
    model::IncidentId incident;
    base::Time cleared = base::Time::none();
};

struct IncidentQuery {
    bool live_only = false;  // open … resolved
    std::vector<model::IncidentState> states;
    std::vector<model::Severity> severities;
    std::optional<model::IncidentId> before;  // page: ids below this one
    std::size_t limit = 200;                  // 1 … 20,000
};

// The oldest there is of what time takes away; never: there is nothing.
struct Oldest {
    base::Time refused = base::Time::never();
    base::Time words = base::Time::never();
    base::Time pictures = base::Time::never();
};

struct Snapshot {
    std::uint64_t next_seq = 0;  // state after all inputs below this number
    std::string bytes;
};

class StoreReader {
public:
    virtual ~StoreReader() = default;
    // Newest first (by id).
    virtual base::Result<std::vector<model::Incident>> incidents(const IncidentQuery& query) = 0;
    virtual base::Result<std::optional<model::Incident>> incident(model::IncidentId id) = 0;
    virtual base::Result<std::vector<model::TimelineEvent>> timeline(model::IncidentId id) = 0;         // by nth
    virtual base::Result<std::vector<AlertRow>> alerts_of(model::IncidentId id) = 0;                    // by id
    virtual base::Result<std::vector<AlertRow>> alerts(std::uint64_t after_id, std::size_t limit) = 0;  // ascending
    virtual base::Result<std::vector<QuarantineRow>> quarantine(std::optional<std::uint64_t> before,
                                                                std::size_t limit) = 0;  // newest first
    virtual base::Result<QuarantineCounts> quarantine_counts() = 0;
    virtual base::Result<std::optional<std::string>> text(model::Handle handle) = 0;
    virtual base::Result<std::optional<EvidenceRow>> evidence(const base::Digest& sha256) = 0;
    virtual base::Result<std::optional<AccountRow>> account(std::string_view name) = 0;
    virtual base::Result<std::vector<AccountRow>> accounts() = 0;  // by name
    virtual base::Result<std::optional<SessionRow>> session(const base::Digest& token_hash) = 0;
    virtual base::Result<std::vector<SessionRow>> sessions_of(std::string_view account) = 0;  // by token_hash
    virtual base::Result<std::vector<GrantRow>> grants() = 0;                                 // by id
    virtual base::Result<std::vector<ApiTokenRow>> api_tokens() = 0;                          // by id
    virtual base::Result<std::vector<DelegationRow>> delegations() = 0;                       // by id
    virtual base::Result<std::optional<SecondFactorRow>> second_factor(std::string_view account) = 0;
    virtual base::Result<std::optional<WayInRow>> way_in(std::string_view kind, std::string_view lookup) = 0;
    virtual base::Result<std::vector<WayInRow>> ways_in_of(std::string_view account) = 0;  // by kind, lookup
    virtual base::Result<std::vector<WiderSightRow>> wider_sights(std::size_t limit) = 0;  // newest first
    virtual base::Result<std::optional<PersonRow>> person(std::string_view code) = 0;
    virtual base::Result<std::vector<PersonRow>> persons(std::string_view after, std::size_t limit) = 0;  // by code
    // What somebody did in incidents: by incident and nth. At most 20,000.
    virtual base::Result<std::vector<model::TimelineEvent>> events_by(const model::Person& actor) = 0;
    virtual base::Result<std::vector<DeviceTokenRow>> device_tokens() = 0;      // by device, created
    virtual UpkeepReader& upkeep() = 0;                                         // as long as this one lives
    virtual base::Result<std::vector<ActRow>> acts(const ActQuery& query) = 0;  // newest first
    virtual base::Result<std::optional<ActRow>> act(std::uint64_t id) = 0;
    virtual base::Result<std::vector<ActRow>> acts_from(std::uint64_t id, std::size_t limit) = 0;  // ascending
    virtual base::Result<std::optional<TileRow>> tile(unsigned level, std::uint64_t n) = 0;
    virtual base::Result<std::vector<TileRow>> last_tiles() = 0;  // the last of each level, from the lowest
    virtual base::Result<std::optional<CheckpointRow>> newest_checkpoint() = 0;
    // The smallest that holds more than `leaf` leaves, of those that are co-signed or of all.
    virtual base::Result<std::optional<CheckpointRow>> checkpoint_over(std::uint64_t leaf, bool cosigned) = 0;
    virtual base::Result<std::vector<CheckpointRow>> checkpoints(std::uint64_t above_size,
                                                                 std::size_t limit) = 0;  // ascending
    virtual base::Result<std::optional<std::string>> meta(std::string_view key) = 0;
    virtual base::Result<model::SenseCounts> counts() = 0;
    virtual base::Result<LogHead> head(std::uint32_t shard) = 0;
    // Batches that hold inputs numbered from_seq and above, in order, until `use` answers false.
    virtual base::Result<void> batches(std::uint32_t shard, std::uint64_t from_seq,
                                       const std::function<bool(EncodedBatch&&)>& use) = 0;
    virtual base::Result<std::optional<PolicyRow>> policy(std::uint64_t version) = 0;
    virtual base::Result<std::optional<PolicyRow>> newest_policy() = 0;
    virtual base::Result<Oldest> oldest() = 0;
    virtual base::Result<std::uint64_t> quarantine_before(base::Time at) = 0;  // how many were received before it
    virtual base::Result<std::uint64_t> texts_before(base::Time at) = 0;       // how many TextsPast would take
    // Pictures added before it that are there still, of incidents that are at their end. By added.
    virtual base::Result<std::vector<EvidenceRow>> evidence_before(base::Time at, std::size_t limit) = 0;
};

class Store {
public:
    virtual ~Store() = default;
    virtual base::Result<void> commit(const CommitUnit& unit) = 0;
    virtual base::Result<std::unique_ptr<StoreReader>> reader() = 0;
    // Incidents that are not at their end, or ended at or after `since`: what the core must hold. By id.
    virtual base::Result<std::vector<model::Incident>> incidents_for_core(base::Time since) = 0;
    // All evidence hashes ever named, so that none is used twice.
    virtual base::Result<std::vector<EvidenceRow>> all_evidence() = 0;
    // save_snapshot may be called from another thread while commit() runs. Snapshots may be lost without harm; the
    // newest whole one that can be read is returned.
    virtual base::Result<void> save_snapshot(const Snapshot& snapshot) = 0;
    virtual base::Result<std::optional<Snapshot>> newest_snapshot() = 0;
};

}  // namespace shoumen::ports
