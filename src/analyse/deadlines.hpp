// What becomes due when: entries by the rough time of their marks, and, in order of (due, rule, subject), exact ones
// for those that come next. One of a slot's entries counts, the one whose mark the slot holds; others are dropped when
// they come up.
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
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

struct ExactDeadline {
    std::int64_t due = 0;
    std::uint32_t rule = 0;
    std::uint32_t subject = 0;
    std::uint32_t entry = 0;
    [[nodiscard]] auto key() const { return std::tuple(due, rule, subject); }
};

class RoughDeadlines {
public:
    [[nodiscard]] bool empty() const { return by_mark_.empty(); }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Mark first_mark() const { return by_mark_.begin()->first; }

    void push(Mark mark, std::uint32_t entry) {
        by_mark_[mark].push_back(entry);
        ++size_;
    }
    // All entries of the first mark.
    std::vector<std::uint32_t> pop() {
        auto entries = std::move(by_mark_.begin()->second);
        by_mark_.erase(by_mark_.begin());
        size_ -= entries.size();
        return entries;
    }
    template <class Keep>
    void keep_if(Keep keep) {
        size_ = 0;
        for (auto bucket = by_mark_.begin(); bucket != by_mark_.end();) {
            auto& [mark, entries] = *bucket;
            std::erase_if(entries, [&](std::uint32_t entry) { return !keep(mark, entry); });
            entries.shrink_to_fit();
            size_ += entries.size();
            bucket = entries.empty() ? by_mark_.erase(bucket) : std::next(bucket);
        }
    }
    [[nodiscard]] std::size_t bytes() const {
        constexpr std::size_t node = 32 + sizeof(Mark) + sizeof(std::vector<std::uint32_t>);
        std::size_t sum = 0;
        for (const auto& [mark, entries] : by_mark_) sum += node + entries.capacity() * sizeof(std::uint32_t);
        return sum;
    }

private:
    std::map<Mark, std::vector<std::uint32_t>> by_mark_;
    std::size_t size_ = 0;
};

class ExactDeadlines {
public:
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] const ExactDeadline& first() const { return heap_.front(); }
    void push(const ExactDeadline& deadline) {
        heap_.push_back(deadline);
        std::ranges::push_heap(heap_, later);
    }
    ExactDeadline pop() {
        std::ranges::pop_heap(heap_, later);
        const ExactDeadline first = heap_.back();
        heap_.pop_back();
        if (heap_.capacity() > 1'024 && heap_.size() < heap_.capacity() / 4) give_back();
        return first;
    }
    [[nodiscard]] std::size_t bytes() const { return heap_.capacity() * sizeof(ExactDeadline); }

private:
    static bool later(const ExactDeadline& a, const ExactDeadline& b) { return a.key() > b.key(); }
    // After a rush, when much fell due at once.
    void give_back() {
        std::vector<ExactDeadline> fewer;
        fewer.reserve(heap_.size() * 2);
        fewer.assign(heap_.begin(), heap_.end());
        heap_ = std::move(fewer);
    }

    std::vector<ExactDeadline> heap_;
};

struct Deadlines {
    RoughDeadlines rough;
    ExactDeadlines exact;
    std::size_t tidy_at = 64;  // size of `rough` at which it is worth looking for what can be dropped
};

}  // namespace shoumen::analyse
