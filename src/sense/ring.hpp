// Rings of message ids: a small one that every device has, and a large one for devices that send fast. An id is the
// full 64-bit hash, never a shorter one: two ids that look alike would lose a signal. 0 is no id and is never given to
// a ring.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace shoumen::sense {

constexpr std::size_t small_ring = 32;
constexpr std::size_t largest_ring = 4'096;

// Seconds since 1970; wraps in 2106, and only differences are looked at.
using Seconds = std::uint32_t;
constexpr Seconds young_for = 600;  // an id of this age may be forgotten once 32 newer ones are there

// The first byte of each of a device's 32 ids, and what else a signal touches, on one cache line; the other seven bytes
// of each id lie in RingRest.
struct alignas(64) RingHead {
    std::array<std::uint8_t, small_ring> first{};
    std::int64_t last_heard = 0;
    std::array<Seconds, 4> marks{};  // when the newest id of each quarter of the ring came
    std::uint32_t large = 0;         // number of the large ring in use instead; 0: none
    std::uint8_t next = 0;           // where the next id goes
    bool full = false;               // every place holds an id
    bool heard = false;
    bool clock_wrong = false;
};
static_assert(sizeof(RingHead) == 64);

struct RingRest {
    std::array<std::uint8_t, 7 * small_ring> bytes{};
};

struct StampedId {
    std::uint64_t id = 0;
    Seconds at = 0;
};

constexpr std::size_t ring_quarter = small_ring / 4;

// The id at a place of a small ring.
inline std::uint64_t id_at(const RingHead& head, const RingRest& rest, std::size_t place) {
    std::uint64_t id = 0;
    std::memcpy(&id, rest.bytes.data() + 7 * place, 7);
    if constexpr (std::endian::native == std::endian::big) id >>= 8U;
    return id << 8U | head.first[place];
}

inline bool holds(const RingHead& head, const RingRest& rest, std::uint64_t id) {
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    constexpr std::uint64_t highs = 0x8080808080808080ULL;
    const std::uint64_t pattern = (id & 0xffU) * ones;
    for (std::size_t word = 0; word < small_ring / 8; ++word) {
        std::uint64_t eight = 0;
        for (std::size_t i = 0; i < 8; ++i) eight |= std::uint64_t{head.first[8 * word + i]} << (8 * i);  // one load
        const std::uint64_t differ = eight ^ pattern;
        // A high bit for each equal byte; now and then for an unequal one above it, which is then compared in vain.
        std::uint64_t equal = (differ - ones) & ~differ & highs;
        for (; equal != 0; equal &= equal - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(equal));
            if (id_at(head, rest, 8 * word + bit / 8) == id) return true;
        }
    }
    return false;
}

// The next id would take the place of one that is still young.
inline bool is_tight(const RingHead& head, Seconds now) {
    return head.full && head.next % ring_quarter == 0 && now - head.marks[head.next / ring_quarter] < young_for;
}

inline void add(RingHead& head, RingRest& rest, std::uint64_t id, Seconds now) {
    head.first[head.next] = static_cast<std::uint8_t>(id);
    std::uint64_t high = id >> 8U;
    if constexpr (std::endian::native == std::endian::big) high <<= 8U;
    std::memcpy(rest.bytes.data() + std::size_t{7} * head.next, &high, 7);
    head.marks[head.next / ring_quarter] = now;
    head.next = static_cast<std::uint8_t>((head.next + 1U) % small_ring);
    if (head.next == 0) head.full = true;
}

// From the oldest to the newest, each with the time of the newest of its quarter.
std::vector<StampedId> ids_of(const RingHead& head, const RingRest& rest);
// Puts these ids in, the first one at place `start`.
void refill(RingHead& head, RingRest& rest, std::span<const StampedId> ids, std::size_t start);

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
