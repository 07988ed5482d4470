#include "live_queue.hpp"

#include <utility>

namespace shoumen::doors::http {

bool LiveQueue::offer(std::uint64_t key, Frame frame) {
    if (key != 0) {
        if (const auto it = place_.find(key); it != place_.end()) {
            waiting_[it->second - taken_].frame = std::move(frame);
            return true;
        }
    }
    if (waiting_.size() >= limit_) return false;
    if (key != 0) place_.emplace(key, taken_ + waiting_.size());
    waiting_.push_back({key, std::move(frame)});
    return true;
}

Frame LiveQueue::take() {
    Entry entry = std::move(waiting_.front());
    waiting_.pop_front();
    ++taken_;
    if (entry.key != 0) place_.erase(entry.key);
    return std::move(entry.frame);
}

void LiveQueue::clear() {
    taken_ += waiting_.size();
    waiting_.clear();
    place_.clear();
}

}  // namespace shoumen::doors::http
