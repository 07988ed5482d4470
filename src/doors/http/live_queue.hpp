// The pushes that one client has not been sent yet. A newer push about the same thing takes the place of the older one,
// so that a client that falls behind catches up with the newest state; what waits is bounded.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace shoumen::doors::http {

using Frame = std::shared_ptr<const std::string>;  // written once for all clients

class LiveQueue {
public:
    explicit LiveQueue(std::size_t limit) : limit_(limit) {}

    // key: what it is about; 0: nothing replaces it. False: the client is too slow, nothing was taken.
    bool offer(std::uint64_t key, Frame frame);
    Frame take();  // not empty()
    void clear();
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

private:
    struct Entry {
        std::uint64_t key;
        Frame frame;
    };
    std::size_t limit_;
    std::deque<Entry> waiting_;
    std::uint64_t taken_ = 0;                                 // so many were in front of waiting_[0]
    std::unordered_map<std::uint64_t, std::uint64_t> place_;  // key → position counted from the beginning
};

}  // namespace shoumen::doors::http
