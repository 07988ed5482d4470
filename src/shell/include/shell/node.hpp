// One shard's life on one machine: inputs → batch → step → one transaction → acknowledge → push.
//
// Threads: doors call from the io thread; the writer thread alone touches core and store. What the io thread hands in
// gathers in the pending batch; the writer takes it whole, puts timers in, steps the core, commits, and only then lets
// the io thread know. While a commit waits for the disk the next batch gathers, so that batches grow with load and
// nobody waits for a timer. A commit that fails (disk full, database away) is tried again until it succeeds: the core
// is ahead of the disk then, but nothing of it has been acknowledged, told or shown; meanwhile the pending batch fills
// and doors are told `busy`. Restart: incidents and evidence from rows; windows from the newest snapshot and the tail
// of the log, whose chain is checked; nothing is brought about again. A snapshot that cannot be read only costs time.
// Receive times never fall, whatever the clock does.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/exposition.hpp"
#include "base/result.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "ports/clock.hpp"
#include "ports/intake.hpp"
#include "ports/log.hpp"
#include "ports/random.hpp"
#include "ports/store.hpp"
#include "prove/hashing.hpp"

namespace shoumen::protect {
class Vault;
}

namespace shoumen::shell {

struct NodeOptions {
    std::uint32_t shard = 1;
    std::size_t pending_inputs = 50'000;                // beyond this doors are busy
    std::size_t pending_bytes = 64U << 20U;             // of quarantined payloads and texts
    std::uint64_t snapshot_inputs = 2'000'000;          // a snapshot after so many inputs
    base::Duration snapshot_after = base::minutes(10);  // or after so long, if there were any
    bool snapshots = true;
    bool threads =
        true;  // false: no writer thread; the driver calls turn(), and snapshots are written in it (twin, power cuts)
    prove::Suite ledger_suite = prove::Suite::sha256;  // of a ledger that has no leaf yet
    ports::Log log;
    // Seals what people write and payloads that were refused, before they are handed to the store; null: nothing is
    // sealed (trials, the simulator). Outlives the node.
    protect::Vault* vault = nullptr;
};

// What a node counts of itself, since it started. Keys are words of closed lists or numbers of the policy.
struct Figures {
    using KindSeverity = std::pair<model::IncidentKindId, model::Severity>;
    using Standing = std::tuple<model::IncidentState, model::IncidentKindId, model::Severity>;

    std::array<std::uint64_t, model::signal_kind_count> accepted{};            // by kind
    std::array<std::uint64_t, model::signal_kind_count> busy{};                // refused for lack of room
    std::map<std::pair<std::string, std::string>, std::uint64_t> quarantined;  // by door and code
    model::SenseCounts counts;
    std::uint64_t commits = 0;
    std::uint64_t failed_commits = 0;
    base::Histogram commit_seconds{{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
    base::Histogram batch_inputs{{1, 3, 10, 30, 100, 300, 1'000, 3'000, 10'000, 30'000}};
    std::map<KindSeverity, std::uint64_t> alerts;
    std::map<KindSeverity, std::uint64_t> opened;
    std::map<std::pair<model::Channel, model::NoticeReason>, std::uint64_t> notices;
    std::map<std::string, std::uint64_t, std::less<>> missed;  // deadlines, by which
    std::map<Standing, std::uint64_t> live;                    // incidents open to resolved
    std::uint64_t snapshots = 0;
    base::Time snapshot_at = base::Time::none();  // the newest one written by this process
};

// What the writer tells the io thread after a commit.
struct Committed {
    std::vector<model::Incident> incidents;
    std::uint64_t quarantined = 0;
    std::uint64_t policy_version = 0;  // 0: unchanged
    base::Time at;
};

// What was said, for whoever looks after devices: while the call lasts.
struct Said {
    const ports::Speaker& speaker;
    std::string_view door;
    const model::FlatSignal& flat;
    model::DeviceId device;  // invalid: refused
    base::Time claimed = base::Time::none();
    base::Time received;
    std::string_view refused;  // code of why
};

class Node final : public ports::Intake {
public:
    using Post = std::function<void(std::function<void()>)>;  // runs a call on the io thread, in order
    using CommandDone = std::function<void(base::Result<model::CommandResult>)>;
    using RecordsDone = std::function<void(base::Result<void>)>;

    // `post` may be called from the writer thread until stop() returns.
    Node(std::unique_ptr<ports::Store> store, const ports::Clock& clock, ports::Random& random, NodeOptions options,
         Post post);
    ~Node() override;

    // Recovers; then `fresh`, if given, takes force as the newest policy (its row is written with its input). Fails
    // with what is wrong with the data (log-damaged, snapshot and rows of a newer program …). No threads before, the
    // writer after.
    base::Result<void> start(std::shared_ptr<const model::Policy> fresh, std::string files);
    // Commits what is pending, as far as the disk allows within a second, and ends the writer. Takes a last snapshot.
    void stop();

    // What seals; null: nothing is sealed.
    [[nodiscard]] protect::Vault* vault() const { return options_.vault; }

    // A policy compiled on top of `before` takes force with the next input; what is handed in from now on is read by
    // it. `done` after the commit. Code policy-changed: `before` is no longer in force. The io thread.
    // With it are written `more`.
    void activate(const std::shared_ptr<const model::Policy>& before, std::shared_ptr<const model::Policy> fresh,
                  std::string files, RecordsDone done, std::vector<ports::RecordWrite> more = {});

    // Without threads: one round of the writer, if there is something to do. False: there was nothing, or the disk
    // refused (see state()); the next turn tries the same transaction again.
    bool turn();

    // ports::Intake
    std::optional<ports::Speaker> speaker(std::string_view token) override;
    std::optional<model::DeviceId> device(std::string_view code) override;
    ports::Submitted submit(const ports::Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                            const ports::RawPayload& raw) override;
    ports::Submitted refuse(const ports::Speaker& speaker, std::string_view door, const base::Error& why,
                            const ports::RawPayload& raw) override;
    std::size_t announce(const ports::Speaker& speaker, std::string_view door,
                         std::span<const ports::Announced> devices) override {
        return announced_ ? announced_(speaker, door, devices) : 0;
    }
    void picture(std::string_view device, std::string bytes) override {
        if (pictured_) pictured_(device, std::move(bytes));
    }
    // The platform's own word: taken even where doors are told busy. Whoever calls this keeps it rare.
    ports::Submitted say(model::DeviceId device, std::span<const model::FlatValue> values);
    std::uint64_t committed() const override { return committed_; }
    std::uint64_t on_progress(std::function<void()> call) override;
    void forget(std::uint64_t registration) override;

    // For the desk; io thread. `text` goes outside the log. Text and records are written in the same transaction as the
    // command, and only if the core accepts it.
    void command(model::Command command, std::string text, std::vector<ports::RecordWrite> records, CommandDone done);
    void write_records(std::vector<ports::RecordWrite> records, RecordsDone done);
    // What the core must know of a record; loop/quiet.hpp says which subjects there are.
    void tell(model::RecordInput record);
    // Each signal, right after it was taken in or refused. Must be quick.
    void on_said(std::function<void(const Said&)> call) { said_ = std::move(call); }
    // How many of the devices a gateway announces wait to be taken in.
    using AnnouncedCall =
        std::function<std::size_t(const ports::Speaker&, std::string_view door, std::span<const ports::Announced>)>;
    void on_announced(AnnouncedCall call) { announced_ = std::move(call); }
    // Each picture that came with a signal of the device.
    using PicturedCall = std::function<void(std::string_view device, std::string bytes)>;
    void on_pictured(PicturedCall call) { pictured_ = std::move(call); }
    void on_committed(std::function<void(const Committed&)> call) { after_commit_ = std::move(call); }
    base::Result<std::unique_ptr<ports::StoreReader>> reader();
    [[nodiscard]] std::uint32_t shard() const { return options_.shard; }
    // What the newest snapshot on disk does not need of the log: all below it. 1: there is none.
    [[nodiscard]] std::uint64_t snapshot_from() const;

    std::shared_ptr<const model::Policy> policy() const override { return policy_; }
    base::Time last_heard(model::DeviceId device) const;
    bool clock_wrong(model::DeviceId device) const;
    // Each gateway that has ever been heard, itself or through one of its devices, and when last.
    std::map<model::DeviceId, base::Time> gateways_heard() const;
    // io thread: a token that has been committed, or revoked.
    void know_token(const base::Digest& hash, std::string device);
    void forget_tokens(std::string_view device);
    bool forget_token(const base::Digest& hash);  // one of them; false: it was not good any more
    // Once, after somebody has shown the token of this hash for the first time from now on.
    void on_first_use(const base::Digest& hash, std::function<void()> call);
    bool has_token(std::string_view device) const;

    struct State {
        bool storing = true;
        std::string trouble;
        base::Duration trouble_for;  // zero: storing
        base::Duration oldest;       // age of the oldest that is not on disk yet
        std::uint64_t room = 0;      // inputs that may wait before doors are told busy
        base::Time last_received = base::Time::none();
        std::uint64_t next_seq = 0;
        std::uint64_t queued = 0;
        std::size_t live_incidents = 0;
        model::SenseCounts counts;  // since start
        std::uint64_t commits = 0;
        std::uint64_t snapshots = 0;
    };
    State state() const;
    // The tree of what has been committed.
    struct LedgerHead {
        prove::Suite suite{};
        std::uint64_t size = 0;
        base::Digest root{};
    };
    LedgerHead ledger() const;
    Figures figures() const;
    // The longest that anything had to wait for its commit since this was last asked, what waits now included.
    base::Duration worst_wait();
    const ports::Clock& clock() const { return clock_; }
    // What was sealed on its way into the store; none: whose it was has been erased, or the key is not here.
    std::optional<std::string> opened_text(model::Handle handle, std::string stored) const;
    void open_quarantined(ports::QuarantineRow& row) const;
    // With the key of today, which goes when what it sealed is past its time. As it is where nothing is sealed.
    base::Result<std::string> sealed_today(std::string_view context, std::string plain);

private:
    struct Writer;
    struct Pending;
    struct Heard;
    struct Asked;

    base::Time stamp();  // under the lock of pending
    bool open_day();     // the day's key is there; asked at every signal, so remembered
    bool is_full() const;
    ports::Submitted take_in(const ports::Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                             const ports::RawPayload& raw, bool even_if_full);
    void delivered(std::uint64_t ticket, const Committed& what);

    const ports::Clock& clock_;
    ports::Random& random_;
    NodeOptions options_;
    Post post_;
    std::unique_ptr<Writer> writer_;

    // io thread only
    std::string day_owner_;  // whose key seals what nobody known has written: "day/2026-11-28"
    base::Time day_began_ = base::Time::never();
    std::uint64_t committed_ = 0;
    std::shared_ptr<const model::Policy> policy_;
    std::unordered_map<base::Digest, std::string, base::DigestHash> tokens_;
    std::unordered_map<std::string, std::uint32_t> token_counts_;  // by device
    std::unordered_map<base::Digest, std::function<void()>, base::DigestHash> first_uses_;
    std::vector<Heard> heard_;
    Figures intake_figures_;  // of what doors hand in
    std::vector<std::pair<std::uint64_t, std::function<void()>>> progress_;
    std::uint64_t next_registration_ = 1;
    std::function<void(const Committed&)> after_commit_;
    std::function<void(const Said&)> said_;
    AnnouncedCall announced_;
    PicturedCall pictured_;
};

}  // namespace shoumen::shell
