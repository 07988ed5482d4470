// What becomes due when, in order of (due, rule, subject): a heap of small rough entries, and one of exact entries for
// those that come next. One of a slot's entries counts, the one whose mark the slot holds; others are dropped when they
// come up.
#pragma once
#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace shoumen::analyse {

// Times as the text form knows them (1900 to 2200), and two more. With these no sum of a time and a span overflows.
constexpr std::int64_t never = INT64_MAX;
constexpr std::int64_t no_time = INT64_MIN;
constexpr std::int64_t earliest_us = -2'208'988'800'000'000;
constexpr std::int64_t latest_us = 7'258'118'400'000'000;
constexpr bool is_credible(std::int64_t us) { return us >= earliest_us && us < latest_us; }

// A slot's word about its entry: 31 bits of time in steps of 8.4 s, rounded down, and whether the entry is among the
// exact ones.
using Mark = std::uint32_t;
constexpr Mark exact_bit = 1;
constexpr Mark not_queued = 0xfffffffeU;

constexpr Mark mark_of(std::int64_t due) {
    if (due == never) return not_queued;
    return static_cast<Mark>(static_cast<std::uint64_t>(due - earliest_us) >> 23U) << 1U;
}

struct RoughDeadline {
    Mark mark = 0;
    std::uint32_t entry = 0;
};

struct ExactDeadline {
    std::int64_t due = 0;
    std::uint32_t rule = 0;
    std::uint32_t subject = 0;
    std::uint32_t entry = 0;
    [[nodiscard]] auto key() const { return std::tuple(due, rule, subject); }
};

// A heap with the smallest first, and little slack: its memory is counted.
template <class T, class Later>
class Heap {
public:
    [[nodiscard]] bool empty() const { return items_.empty(); }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] std::size_t bytes() const { return items_.capacity() * sizeof(T); }
    [[nodiscard]] const T& first() const { return items_.front(); }
    void push(const T& item) {
        if (items_.size() == items_.capacity()) items_.reserve(items_.size() + items_.size() / 8 + 64);
        items_.push_back(item);
        std::push_heap(items_.begin(), items_.end(), Later{});
    }
    T pop() {
        std::pop_heap(items_.begin(), items_.end(), Later{});
        const T item = items_.back();
        items_.pop_back();
        if (items_.capacity() > 1'024 && items_.size() < items_.capacity() / 4) give_back();
        return item;
    }
    template <class Keep>
    void keep_if(Keep keep) {
        std::erase_if(items_, [&](const T& item) { return !keep(item); });
        std::make_heap(items_.begin(), items_.end(), Later{});
    }

private:
    // After a rush, when much fell due at once.
    void give_back() {
        std::vector<T> fewer;
        fewer.reserve(items_.size() * 2);
        fewer.assign(items_.begin(), items_.end());
        items_ = std::move(fewer);
    }

    std::vector<T> items_;
};

struct RoughLater {
    bool operator()(const RoughDeadline& a, const RoughDeadline& b) const {
        return (std::uint64_t{a.mark} << 32U | a.entry) > (std::uint64_t{b.mark} << 32U | b.entry);
    }
};
struct ExactLater {
    bool operator()(const ExactDeadline& a, const ExactDeadline& b) const { return a.key() > b.key(); }
};

struct Deadlines {
    Heap<RoughDeadline, RoughLater> rough;
    Heap<ExactDeadline, ExactLater> exact;
    std::size_t tidy_at = 64;  // size of `rough` at which it is worth looking for what can be dropped
};

}  // namespace shoumen::analyse
