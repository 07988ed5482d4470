// The tasks of an office: one is worked on at a time, on a thread of its own that gives way to all others, and what
// came of each is kept in the database. The newest `tasks_kept` are remembered.
//
// All calls on the io thread; `work` runs on the task's thread and must look at `Progress::cancelled` often. The end of
// a task is written as one record; until that is on disk it is shown as running. A program that ends while a task runs
// leaves it `interrupted`, which is said at the next start.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "base/bytes.hpp"
#include "ports/store.hpp"
#include "ports/task.hpp"
#include "shell/node.hpp"

namespace shoumen::shell {

constexpr std::size_t tasks_kept = 50;

struct Progress {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> total{0};
    std::atomic<bool> cancelled{false};
};

class Tasks {
public:
    // Fills result, findings or error of the task, and its state (done, failed).
    using Work = std::function<void(ports::Task& task, Progress& progress)>;

    Tasks(Node& node, Node::Post post);
    ~Tasks();  // gives up what is under way
    Tasks(const Tasks&) = delete;
    Tasks& operator=(const Tasks&) = delete;

    base::Result<void> start(ports::StoreReader& reader);
    // `done` when the task is on disk; its work begins then. Code `busy`: another one is under way.
    void begin(ports::Task task, Work work, std::function<void(base::Result<ports::Task>)> done);
    [[nodiscard]] std::vector<ports::Task> list() const;  // newest first, without results
    [[nodiscard]] base::Result<ports::Task> task(std::uint64_t id) const;
    // Asks it to end; one that has ended stays as it is.
    base::Result<ports::Task> cancel(std::uint64_t id);

private:
    void run(ports::Task task, const Work& work);
    void keep(const ports::Task& task, Node::RecordsDone done);
    [[nodiscard]] ports::Task shown(const ports::Task& task) const;

    Node& node_;
    Node::Post post_;
    std::deque<ports::Task> tasks_;  // oldest first
    std::uint64_t last_id_ = 0;
    bool under_way_ = false;
    std::shared_ptr<Progress> progress_;
    std::thread thread_;
};

// What a row of the database holds of a task.
void encode(const ports::Task& task, base::ByteWriter& out);
base::Result<ports::Task> decode_task(std::string_view bytes);

}  // namespace shoumen::shell
