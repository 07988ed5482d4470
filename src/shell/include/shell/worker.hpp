// One thread for what takes long and must not hold up the io thread: argon2id, files with their fsync. Jobs run in
// order; what they leave is posted to the io thread by the job itself. At most `limit` wait; more are refused.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace shoumen::shell {

class Worker {
public:
    explicit Worker(std::size_t limit = 64);
    ~Worker();  // finishes the job it is at; drops the rest
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    bool run(std::function<void()> job);  // false: too many wait

private:
    void loop();
    std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace shoumen::shell
