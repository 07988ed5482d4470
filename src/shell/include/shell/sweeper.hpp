// Keeps things as long as retention.yaml says and no longer: once a day, on a thread of its own, in pieces.
//
// What goes: the log's bytes (numbers, hashes and leaves stay: every proof holds, the chain can be walked), refused
// payloads, words of incidents that are at their end, pictures with their keys, the keys of days past. The log goes
// only below the newest snapshot on disk. What has gone is an act of the system (`swept`), so that it stands in the
// ledger. A crash in between costs nothing: the next sweep begins where rows say it is. Threads: all calls on the io
// thread. Node, files, clock, vault outlive it; `post` as Node's.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "ports/clock.hpp"
#include "ports/files.hpp"
#include "ports/log.hpp"
#include "ports/retention.hpp"
#include "shell/node.hpp"
#include "shell/worker.hpp"

namespace shoumen::protect {
class Vault;
}

namespace shoumen::shell {

// What is remembered in the database.
struct SweepMark {
    std::uint64_t log_from = 1;  // batches that begin below it hold no bytes any more
    base::Time at = base::Time::none();
    std::array<std::uint64_t, model::kept_count> gone{};  // by the sweep of `at`
};
base::Result<SweepMark> read_sweep_mark(ports::StoreReader& reader, std::uint32_t shard);

class Sweeper {
public:
    struct Options {
        base::Duration every = base::hours(24);
        protect::Vault* vault = nullptr;
        ports::Log log;
    };
    Sweeper(Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Options options, Node::Post post);

    base::Result<void> start();
    void tick();
    base::Result<ports::RetentionState> state();

private:
    struct Sweep;
    void next(std::shared_ptr<Sweep> sweep);
    void write(const std::shared_ptr<Sweep>& sweep);
    void fail(const base::Error& error);
    base::Result<void> look(Sweep& sweep) const;  // the worker
    base::Result<void> look_at_log(Sweep& sweep) const;
    base::Result<void> look_at_rows(Sweep& sweep) const;
    base::Result<bool> look_at_pictures(Sweep& sweep) const;  // true: there may be more
    base::Result<void> drop_keys_of_days(const Sweep& sweep) const;

    Node& node_;
    ports::EvidenceFiles& files_;
    const ports::Clock& clock_;
    Options options_;
    Node::Post post_;
    std::unique_ptr<ports::StoreReader> reader_;  // the io thread's
    SweepMark mark_;
    base::Time failed_ = base::Time::none();
    bool running_ = false;
    Worker worker_;  // last: ends first
};

}  // namespace shoumen::shell
