#include "ring.hpp"

#include <algorithm>
#include <utility>

namespace shoumen::sense {

bool DeviceMemory::surely_holds(std::uint64_t id) const {
    // A place that holds nothing looks like id 0, which is none.
    for (std::size_t place = 0; place < small_ring; ++place) {
        if (id_at(place) == id) return true;
    }
    return false;
}

std::vector<StampedId> DeviceMemory::ids() const {
    std::vector<StampedId> all;
    all.reserve(small_ring);
    for (std::size_t i = full ? 0 : small_ring - next; i < small_ring; ++i) {
        const std::size_t place = (next + i) % small_ring;
        all.push_back({id_at(place), marks[place / quarter]});
    }
    return all;
}

void DeviceMemory::refill(std::span<const StampedId> ids, std::size_t start) {
    low = {};
    rest = {};
    marks = {};
    full = false;
    next = static_cast<std::uint8_t>(start);
    for (const StampedId& entry : ids) add(entry.id, entry.at);
}

LargeRing::LargeRing(std::size_t capacity, std::span<const StampedId> ids, std::size_t start)
    : ids_(capacity), times_(capacity), chains_(capacity, nowhere), after_(capacity, nowhere), oldest_(start) {
    for (const StampedId& entry : ids) append(entry);
}

std::size_t LargeRing::chain_of(std::uint64_t id) const {
    return static_cast<std::size_t>(id >> 20U) & (chains_.size() - 1);
}

bool LargeRing::holds(std::uint64_t id) const {
    for (std::uint16_t place = chains_[chain_of(id)]; place != nowhere; place = after_[place]) {
        if (ids_[place] == id) return true;
    }
    return false;
}

void LargeRing::add(std::uint64_t id, Seconds now) {
    if (count_ == capacity()) {
        const bool tight = now - times_[oldest_] < young_for;
        if (tight && capacity() < largest_ring)
            resize(capacity() * 2);
        else
            drop_oldest();
    }
    append({id, now});
    const bool lap = (oldest_ + count_) % capacity() == 0;
    if (lap && capacity() > 2 * small_ring && young(now) < capacity() / 4) resize(capacity() / 2);
}

bool LargeRing::is_idle(Seconds now) const {
    const bool lap = (oldest_ + count_) % capacity() == 0;
    return lap && capacity() == 2 * small_ring && young(now) < small_ring / 2;
}

std::size_t LargeRing::young(Seconds now) const {
    const auto all = ids();
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [now](const StampedId& e) { return now - e.at < young_for; }));
}

std::vector<StampedId> LargeRing::ids() const {
    std::vector<StampedId> all;
    all.reserve(count_);
    for (std::size_t i = 0; i < count_; ++i) {
        const std::size_t place = (oldest_ + i) % capacity();
        all.push_back({ids_[place], times_[place]});
    }
    return all;
}

std::size_t LargeRing::bytes() const {
    return ids_.capacity() * sizeof(ids_[0]) + times_.capacity() * sizeof(times_[0]) +
           (chains_.capacity() + after_.capacity()) * sizeof(std::uint16_t);
}

void LargeRing::append(StampedId entry) {
    const std::size_t place = (oldest_ + count_) % capacity();
    ids_[place] = entry.id;
    times_[place] = entry.at;
    std::uint16_t& first = chains_[chain_of(entry.id)];
    after_[place] = std::exchange(first, static_cast<std::uint16_t>(place));
    ++count_;
}

void LargeRing::drop_oldest() {
    std::uint16_t* link = &chains_[chain_of(ids_[oldest_])];
    while (*link != oldest_) link = &after_[*link];
    *link = after_[oldest_];
    oldest_ = (oldest_ + 1) % capacity();
    --count_;
}

void LargeRing::resize(std::size_t capacity) {
    const auto all = ids();
    const auto kept = std::span(all).last(std::min(capacity, all.size()));
    *this = LargeRing(capacity, kept, 0);
}

}  // namespace shoumen::sense
