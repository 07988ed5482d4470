// Rings of message ids: a small one that every device has, and a large one for devices that send fast. An id is the
// full 64-bit hash, never a shorter one: two ids that look alike would lose a signal. 0 is no id and is never given to
// a ring.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace shoumen::sense {

constexpr std::size_t small_ring = 32;
constexpr std::size_t largest_ring = 4'096;

// Seconds since 1970; wraps in 2106, and only differences are looked at.
using Seconds = std::uint32_t;
constexpr Seconds young_for = 600;  // an id of this age may be forgotten once 32 newer ones are there

struct StampedId {
    std::uint64_t id = 0;
    Seconds at = 0;
};

// What is kept of every device: its last 32 ids and when it was heard. A signal looks at the low bits of the ids and
// the fields behind them, and writes one place of the rest: three cache lines.
struct alignas(32) DeviceMemory {
    std::array<std::uint16_t, small_ring> low{};  // 16 bits of each id
    std::int64_t last_heard = 0;
    std::array<Seconds, 4> marks{};  // when the newest id of each quarter of the ring came
    std::uint32_t large = 0;         // number of the large ring in use instead; 0: none
    std::uint8_t next = 0;           // where the next id goes
    bool full = false;               // every place holds an id
    bool heard = false;
    bool clock_wrong = false;
    std::array<std::array<std::uint16_t, 3>, small_ring> rest{};  // the other 48 bits

    [[nodiscard]] bool holds(std::uint64_t id) const { return may_hold(id) && surely_holds(id); }
    // The next id would take the place of one that is still young.
    [[nodiscard]] bool is_tight(Seconds now) const {
        return full && next % quarter == 0 && now - marks[next / quarter] < young_for;
    }
    void add(std::uint64_t id, Seconds now);
    // From the oldest to the newest, each with the time of the newest of its quarter.
    [[nodiscard]] std::vector<StampedId> ids() const;
    // Puts these ids in the place of all, the first one at place `start`.
    void refill(std::span<const StampedId> ids, std::size_t start);

private:
    static constexpr std::size_t quarter = small_ring / 4;

    [[nodiscard]] bool may_hold(std::uint64_t id) const {
        const auto wanted = static_cast<std::uint16_t>(id);
        std::uint16_t found = 0;
        for (const std::uint16_t l : low) found = static_cast<std::uint16_t>(found | (l == wanted ? 1U : 0U));
        return found != 0;
    }
    [[nodiscard]] bool surely_holds(std::uint64_t id) const;
    [[nodiscard]] std::uint64_t id_at(std::size_t place) const {
        const auto& r = rest[place];
        return low[place] | std::uint64_t{r[0]} << 16U | std::uint64_t{r[1]} << 32U | std::uint64_t{r[2]} << 48U;
    }
};
static_assert(sizeof(DeviceMemory) == 288);

inline void DeviceMemory::add(std::uint64_t id, Seconds now) {
    low[next] = static_cast<std::uint16_t>(id);
    rest[next] = {static_cast<std::uint16_t>(id >> 16U), static_cast<std::uint16_t>(id >> 32U),
                  static_cast<std::uint16_t>(id >> 48U)};
    marks[next / quarter] = now;
    next = static_cast<std::uint8_t>((next + 1U) % small_ring);
    if (next == 0) full = true;
}

// 64 to 4,096 ids with a table to find them by. Holds the newest `capacity`.
class LargeRing {
public:
    LargeRing() = default;
    // `ids` from the oldest to the newest, no more than `capacity`, a power of two; the first one at place `start`.
    LargeRing(std::size_t capacity, std::span<const StampedId> ids, std::size_t start);

    [[nodiscard]] bool holds(std::uint64_t id) const;
    // Grows while it is full of young ids; halves when few are young.
    void add(std::uint64_t id, Seconds now);
    // So few ids are young that the small ring will do.
    [[nodiscard]] bool is_idle(Seconds now) const;

    [[nodiscard]] std::vector<StampedId> ids() const;  // from the oldest to the newest
    [[nodiscard]] std::size_t capacity() const { return ids_.size(); }
    [[nodiscard]] std::size_t start() const { return oldest_; }
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::uint16_t nowhere = 0xffff;

    [[nodiscard]] std::size_t chain_of(std::uint64_t id) const;
    [[nodiscard]] std::size_t young(Seconds now) const;
    void append(StampedId entry);
    void drop_oldest();
    void resize(std::size_t capacity);

    std::vector<std::uint64_t> ids_;
    std::vector<Seconds> times_;
    std::vector<std::uint16_t> chains_;  // first place of each chain
    std::vector<std::uint16_t> after_;   // next place in the chain
    std::size_t oldest_ = 0;
    std::size_t count_ = 0;
};

}  // namespace shoumen::sense
