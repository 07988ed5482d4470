// Counts.
//
// A slot remembers the latest `at_least` times of its matching signals, in order of time: one that comes out of order
// finds its place among them. It alerts at a signal which makes `at_least` of them lie within `within`, at the last of
// these, if the schedule is open and the cooldown over; then it forgets them all. If it may not alert the times stay,
// and the next signal may find them still enough. auto_clear ends the alert so long after the count was last reached.
#include <algorithm>

#include "engine.hpp"

namespace shoumen::analyse {

void Engine::count_signal(const Slot& slot, std::uint32_t device, std::int64_t at, Moment& moment) {
    const Code& code = slot.code;
    Count count = Count::load(code, &cells_[slot.cell]);
    if (count_due(code, count) <= at) {
        clear(count.open, count_due(code, count), moment);
        count.open = 0;
    }
    const std::int64_t reached = count_in(slot, count, at);
    if (reached != no_time) {
        count.last_raise = std::max(count.last_raise, reached);
        const bool cool = code.cooldown == 0 || count.alert_at == no_time || reached >= count.alert_at + code.cooldown;
        if (cool && open_at(code, reached)) {
            const std::uint64_t alert = raise(slot, device, reached, false, moment, count.open);
            count.open = code.auto_clear > 0 ? alert : 0;
            count.alert_at = reached;
            count.size = 0;
        }
    }
    if (code.auto_clear > 0) arm(slot, count_due(code, count), count.queued);
    count.store(code, &cells_[slot.cell]);
}

void Engine::count_fire(const Slot& slot, Moment& moment) {
    Count count = Count::load(slot.code, &cells_[slot.cell]);
    clear(count.open, count_due(slot.code, count), moment);
    count.open = 0;
    count.store(slot.code, &cells_[slot.cell]);
}

std::uint32_t* Engine::count_times(const Slot& slot, Count& count) {
    if (slot.code.counts_inline) return &cells_[slot.cell + Count::times_cell(slot.code)];
    if (count.ring == no_number) {
        count.ring = static_cast<std::uint32_t>(rings_.size());
        rings_.resize(rings_.size() + std::size_t{2} * slot.code.at_least);
    }
    return &rings_[count.ring];
}

// Takes the time in. The time at which the count is reached by it; no_time: it is not.
std::int64_t Engine::count_in(const Slot& slot, Count& count, std::int64_t at) {
    const std::uint32_t n = slot.code.at_least;
    std::uint32_t* times = count_times(slot, count);
    const auto place = [&](std::uint32_t i) { return count.first + i < n ? count.first + i : count.first + i - n; };
    if (count.size > 0 && at < count_time(times, place(count.size - 1U)))
        return count_out_of_order(slot.code, count, times, at);
    if (count.size == n)
        count.first = place(1);  // the oldest makes room
    else
        ++count.size;
    put_count_time(times, place(count.size - 1U), at);
    return count.size == n && at - count_time(times, count.first) <= slot.code.within ? at : no_time;
}

std::int64_t Engine::count_out_of_order(const Code& code, Count& count, std::uint32_t* times, std::int64_t at) {
    const std::size_t n = code.at_least;
    sorted_.clear();
    for (std::size_t i = 0; i < count.size; ++i) sorted_.push_back(count_time(times, (count.first + i) % n));
    const auto found = std::ranges::upper_bound(sorted_, at);
    const auto position = static_cast<std::size_t>(found - sorted_.begin());
    sorted_.insert(found, at);
    std::int64_t reached = no_time;
    for (std::size_t first = 0; first <= position && first + n <= sorted_.size() && reached == no_time; ++first) {
        const bool holds_it = position < first + n;
        if (holds_it && sorted_[first + n - 1] - sorted_[first] <= code.within) reached = sorted_[first + n - 1];
    }
    if (sorted_.size() > n) sorted_.erase(sorted_.begin());
    count.first = 0;
    count.size = static_cast<std::uint32_t>(sorted_.size());
    for (std::size_t i = 0; i < sorted_.size(); ++i) put_count_time(times, i, sorted_[i]);
    return reached;
}

std::int64_t Engine::count_due(const Code& code, const Count& count) {
    return count.open != 0 ? std::max(count.alert_at, count.last_raise) + code.auto_clear : never;
}

}  // namespace shoumen::analyse
