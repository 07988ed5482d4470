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
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "ports/clock.hpp"
#include "ports/intake.hpp"
#include "ports/random.hpp"
#include "ports/store.hpp"

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
    std::function<void(std::string)> log;  // a line for the operator; no personal data
};

// What the writer tells the io thread after a commit.
struct Committed {
    std::vector<model::Incident> incidents;
    std::uint64_t quarantined = 0;
    std::uint64_t policy_version = 0;  // 0: unchanged
    base::Time at;
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

    // A policy compiled on top of `before` takes force with the next input; what is handed in from now on is read by
    // it. `done` after the commit. Code policy-changed: `before` is no longer in force. The io thread.
    void activate(const std::shared_ptr<const model::Policy>& before, std::shared_ptr<const model::Policy> fresh,
                  std::string files, RecordsDone done);

    // Without threads: one round of the writer, if there is something to do. False: there was nothing, or the disk
    // refused (see state()); the next turn tries the same transaction again.
    bool turn();

    // ports::Intake
    std::optional<ports::Speaker> speaker(std::string_view token) override;
    std::optional<model::DeviceId> device(std::string_view code) override;
    ports::Submitted submit(const ports::Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                            std::string_view raw) override;
    ports::Submitted refuse(const ports::Speaker& speaker, std::string_view door, const base::Error& why,
                            const ports::RawPayload& raw) override;
    std::uint64_t committed() const override { return committed_; }
    std::uint64_t on_progress(std::function<void()> call) override;
    void forget(std::uint64_t registration) override;

    // For the desk; io thread. `text` goes outside the log. Text and records are written in the same transaction as the
    // command, and only if the core accepts it.
    void command(model::Command command, std::string text, std::vector<ports::RecordWrite> records, CommandDone done);
    void write_records(std::vector<ports::RecordWrite> records, RecordsDone done);
    void on_committed(std::function<void(const Committed&)> call) { after_commit_ = std::move(call); }
    base::Result<std::unique_ptr<ports::StoreReader>> reader();

    std::shared_ptr<const model::Policy> policy() const override { return policy_; }
    base::Time last_heard(model::DeviceId device) const;
    bool clock_wrong(model::DeviceId device) const;
    // io thread: a token that has been committed, or revoked.
    void know_token(const base::Digest& hash, std::string device);
    void forget_tokens(std::string_view device);
    bool has_token(std::string_view device) const;

    struct State {
        bool storing = true;
        std::string trouble;
        std::uint64_t next_seq = 0;
        std::uint64_t queued = 0;
        std::size_t live_incidents = 0;
        model::SenseCounts counts;  // since start
        std::uint64_t commits = 0;
        std::uint64_t snapshots = 0;
    };
    State state() const;
    const ports::Clock& clock() const { return clock_; }

private:
    struct Writer;
    struct Pending;
    struct Heard;
    struct Asked;

    base::Time stamp();  // under the lock of pending
    bool is_full() const;
    void delivered(std::uint64_t ticket, const Committed& what);

    const ports::Clock& clock_;
    ports::Random& random_;
    NodeOptions options_;
    Post post_;
    std::unique_ptr<Writer> writer_;

    // io thread only
    std::uint64_t committed_ = 0;
    std::shared_ptr<const model::Policy> policy_;
    std::unordered_map<base::Digest, std::string, base::DigestHash> tokens_;
    std::vector<Heard> heard_;
    std::vector<std::pair<std::uint64_t, std::function<void()>>> progress_;
    std::uint64_t next_registration_ = 1;
    std::function<void(const Committed&)> after_commit_;
};

}  // namespace shoumen::shell
