// Keeps the write-ahead log short without making commits wait.
//
// The log can only begin anew at a commit before which all of it has been moved into the database file. A thread of its
// own moves the bulk while commits go on; what has been added in the meantime is little, and the committing thread
// moves that rest itself, as soon as the thread says that it is little. Where the thread cannot keep up, the committing
// thread moves everything once the log has reached its limit: commits then go at the pace of the disk and the log stays
// bounded. Without the thread the committing thread does all of it.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "connection.hpp"

namespace shoumen::store {

class Checkpointer {
public:
    struct Limits {
        std::uint64_t start_pages = 0;  // the log is moved from this length on
        std::uint64_t rest_pages = 0;   // this much the committing thread moves itself
        std::uint64_t most_pages = 0;   // beyond it the committing thread moves all
    };

    // `own`: a connection for the thread; null: no thread.
    Checkpointer(Limits limits, std::unique_ptr<Connection> own);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    // On the committing thread, after each commit on `writer`. A fault is no fault of the commit: the log is moved
    // later.
    void committed(Connection& writer);

private:
    void run();
    void pass();

    const Limits limits_;
    std::unique_ptr<Connection> own_;
    std::mutex passing_;  // held by who moves the log
    std::mutex mutex_;
    std::condition_variable wake_;
    bool wanted_ = false;
    bool ending_ = false;
    std::atomic<bool> rest_is_little_{false};
    std::atomic<std::uint64_t> moved_pages_{0};
    std::thread thread_;
};

}  // namespace shoumen::store
