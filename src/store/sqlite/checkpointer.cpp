#include "checkpointer.hpp"

namespace shoumen::store {

Checkpointer::Checkpointer(Limits limits, std::unique_ptr<Connection> own) : limits_(limits), own_(std::move(own)) {
    if (own_) thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Checkpointer::committed(Connection& writer) {
    const auto pages = writer.log_pages();
    if (pages < limits_.start_pages) {
        rest_is_little_ = false;  // that was the log before
        return;
    }
    const bool little = rest_is_little_.load() && pages - moved_pages_.load() <= limits_.rest_pages;
    if (!own_ || little || pages >= limits_.most_pages) {
        const std::lock_guard wait(passing_);
        rest_is_little_ = false;
        (void)writer.checkpoint();
        return;
    }
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    wake_.notify_one();
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return wanted_ || ending_; });
        if (ending_) return;
        wanted_ = false;
        lock.unlock();
        pass();
        lock.lock();
    }
}

void Checkpointer::pass() {
    const std::lock_guard wait(passing_);
    const auto done = own_->checkpoint();
    if (!done || done->refused) return;
    moved_pages_ = done->moved_pages;
    rest_is_little_ = true;
}

}  // namespace shoumen::store
