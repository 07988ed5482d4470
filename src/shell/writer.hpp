// The writer thread of a node and what it shares with the io thread. Private to room shell.
#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "loop/core.hpp"
#include "prove/tree.hpp"
#include "shell/node.hpp"

namespace shoumen::shell {

using Steady = std::chrono::steady_clock;

inline base::Duration since(Steady::time_point then, Steady::time_point now) {
    return {std::chrono::duration_cast<std::chrono::microseconds>(now - then).count()};
}

// A command with what is written only if the core accepts it.
struct Node::Asked {
    CommandDone done;
    std::vector<ports::RecordWrite> records;
    std::optional<ports::TextRow> text;
};

// What has been handed in and not yet been taken by the writer.
struct Node::Pending {
    model::Batch batch;
    std::vector<ports::QuarantineRow> quarantine;
    std::vector<ports::TextRow> texts;
    std::vector<ports::RecordWrite> records;
    std::vector<Asked> commands;  // one for each command of the batch, in order
    std::vector<RecordsDone> record_writes;
    std::vector<std::shared_ptr<const model::Policy>> fresh;  // of the batch's policy inputs
    std::uint64_t last_ticket = 0;
    std::size_t bytes = 0;                    // of payloads and texts
    std::optional<Steady::time_point> began;  // when the first of it was handed in

    void touch() {
        if (!began) began = Steady::now();
    }

    [[nodiscard]] bool empty() const { return batch.inputs.empty() && quarantine.empty() && record_writes.empty(); }
    void clear() {
        batch.clear();
        quarantine.clear();
        texts.clear();
        records.clear();
        commands.clear();
        record_writes.clear();
        fresh.clear();
        bytes = 0;
        began.reset();
    }
};

struct Node::Heard {
    base::Time at = base::Time::none();
    bool clock_wrong = false;
};

struct Node::Writer {
    Writer(Node& node, std::unique_ptr<ports::Store> store);
    ~Writer();

    base::Result<void> recover();
    base::Result<void> take_force(std::shared_ptr<const model::Policy> fresh, std::string files);
    void launch();
    void stop();

    void run();
    bool wait_for_work();  // false: asked to stop and nothing is left
    bool turn();
    bool has_work();  // under the lock
    void take();      // under the lock
    void prepare();
    bool commit_once();
    void step(Pending& work);
    void fill_unit(Pending& work);
    void record_commands(const Pending& taken);
    void record_command(const model::Command& command, const model::CommandResult& result,
                        const model::InputHead& input, std::uint64_t seq);
    void add_leaves();
    base::Result<void> restore_tree(ports::StoreReader& reader);
    void publish_ledger();  // under the lock, once threads run
    bool commit_until_done();
    void after_commit(Pending& work);
    void count_committed(const Pending& taken);  // under the lock
    void count_standing(const model::Incident& incident);
    [[nodiscard]] base::Duration oldest_wait(Steady::time_point now) const;  // under the lock
    void snapshot_if_due();
    void save_snapshot(bool wait);
    std::shared_ptr<const model::Policy> load_policy(std::uint64_t version);
    base::Result<void> restore_windows(ports::StoreReader& reader);
    base::Result<void> adopt_policy_before(ports::StoreReader& reader, std::uint64_t seq);
    base::Result<void> rewind_log(ports::StoreReader& reader, std::uint64_t from_seq);

    Node& node;
    std::unique_ptr<ports::Store> store;
    std::unique_ptr<ports::StoreReader> policy_reader;
    std::map<std::uint64_t, std::shared_ptr<const model::Policy>> policies;  // every version asked for; few
    std::unique_ptr<loop::Core> core;
    ports::LogHead head;
    std::uint64_t acts = 0;  // numbered so far
    prove::Tree tree;        // with what is being committed

    // Shared with the io thread, under `mutex`.
    std::mutex mutex;
    std::condition_variable wake;
    Pending pending;
    base::Time last_received = base::Time::none();
    bool waiting = false;
    bool stopping = false;
    std::string trouble;  // empty: storing
    std::uint64_t next_seq = 0;
    LedgerHead ledger;
    std::size_t live_incidents = 0;
    std::size_t in_work = 0;  // inputs taken and not yet committed
    Figures figures;
    std::uint64_t saved_seq = 1;                                // of the newest snapshot on disk
    std::unordered_map<std::uint64_t, Figures::Standing> live;  // by incident
    std::optional<Steady::time_point> work_began;               // of what is being committed
    Steady::time_point trouble_began;
    base::Duration worst_wait;

    // Writer thread only.
    Pending work;
    bool uncommitted = false;  // `unit` was refused by the disk and waits
    model::Effects effects;
    ports::CommitUnit unit;
    base::ByteWriter bytes;
    std::uint64_t snapshot_seq = 0;
    base::Time snapshot_time = base::Time::none();
    std::thread snapshot_thread;
    std::atomic<bool> snapshot_running{false};
    std::thread thread;
};

}  // namespace shoumen::shell
