// The state of one rule for one subject, taken out of its cells and put back. What a rule has no use for takes no room
// there. The first cell of every slot but a sparse threshold's is its mark.
#pragma once
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "deadlines.hpp"
#include "plan.hpp"

namespace shoumen::analyse {

// Cells begin on a cache line, so that what is laid out to lie on one does.
template <class T>
struct LineAllocator {
    using value_type = T;
    static constexpr std::align_val_t line{64};

    LineAllocator() = default;
    template <class U>
    explicit LineAllocator(const LineAllocator<U>& /*other*/) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
    void deallocate(T* p, std::size_t /*n*/) { ::operator delete(p, line); }
    bool operator==(const LineAllocator&) const = default;
};
using Cells = std::vector<std::uint32_t, LineAllocator<std::uint32_t>>;

template <class T>
void take(T& value, const std::uint32_t*& cells) {
    static_assert(sizeof value % 4 == 0);
    std::memcpy(&value, cells, sizeof value);
    cells += sizeof value / 4;
}

template <class T>
void put(const T& value, std::uint32_t*& cells) {
    std::memcpy(cells, &value, sizeof value);
    cells += sizeof value / 4;
}

struct Threshold {
    std::int64_t since = no_time;       // true since
    std::int64_t last_raise = no_time;  // of this being true; kept with auto_clear
    std::int64_t alert_at = no_time;    // the last alert, late ones aside
    std::uint64_t open = 0;             // the alert that is not yet over
    Mark queued = not_queued;
    std::uint32_t device = no_number;       // that raised it last; kept where the subject is a place
    std::uint32_t late_minute = no_number;  // of the last late alert, 24 bits of it
    bool holds = false;                     // the condition is true
    bool pending = false;                   // and has not alerted since it became true

    static std::uint32_t cells(const Code& code) {
        return 6U + (code.marks_alerts ? 2U : 0U) + (code.auto_clear > 0 ? 2U : 0U) + (code.by_device() ? 0U : 2U);
    }
    static bool holds_in(const std::uint32_t* cells) { return (cells[1] & 1U) != 0; }

    static Threshold load(const Code& code, const std::uint32_t* cells) {
        Threshold t;
        std::uint32_t flags = 0;
        take(t.queued, cells);
        take(flags, cells);
        take(t.since, cells);
        take(t.open, cells);
        t.holds = (flags & 1U) != 0;
        t.pending = (flags & 2U) != 0;
        if ((flags & 4U) != 0) t.late_minute = flags >> 8U;
        if (code.marks_alerts)
            take(t.alert_at, cells);
        else if (t.holds && !t.pending)
            t.alert_at = t.since + code.hold;  // nothing could have put it off
        if (code.auto_clear > 0) take(t.last_raise, cells);
        if (!code.by_device()) take(t.device, cells);
        return t;
    }
    void store(const Code& code, std::uint32_t* cells) const {
        const bool late = late_minute != no_number;
        put(queued, cells);
        put((holds ? 1U : 0U) | (pending ? 2U : 0U) | (late ? 4U | late_minute << 8U : 0U), cells);
        put(since, cells);
        put(open, cells);
        if (code.marks_alerts) put(alert_at, cells);
        if (code.auto_clear > 0) put(last_raise, cells);
        if (!code.by_device()) put(device, cells);
    }
};

// A sparse threshold that is not idle, on one cache line. Its slot holds its number + 1.
struct alignas(64) SparseThreshold {
    Threshold state;
    std::uint32_t rule = no_number;
    std::uint32_t subject = no_number;
    std::uint32_t cell = 0;
};
static_assert(sizeof(SparseThreshold) == 64);

// Among the deadlines an entry is the cell of a slot, or, with this bit, the number of a sparse threshold.
constexpr std::uint32_t sparse_bit = 0x80000000U;

struct Absence {
    static constexpr std::uint64_t over = 1;  // no alert has these ids
    static constexpr std::uint64_t dead = 2;  // the link is taken for dead
    static constexpr std::uint64_t flat = 3;  // the device heard last has a flat battery

    Mark queued = not_queued;
    std::uint32_t device = no_number;  // that was heard last
    std::int64_t last = no_time;       // activity; at first: when the slot was made
    std::uint64_t alert = 0;           // of this absence; 0: none yet, over: it is no longer open
    std::int64_t heard = no_time;      // the rest is kept with a link: anything at all
    std::int64_t alert_at = no_time;

    [[nodiscard]] bool fired() const { return alert != 0; }
    [[nodiscard]] bool is_open() const { return alert > flat; }

    static std::uint32_t own_cells(const Code& code) { return code.link > 0 ? 10 : 6; }
    // Behind them, of one that learns, which habit is its own.
    static std::uint32_t cells(const Code& code) { return own_cells(code) + (code.learned ? 1U : 0U); }
    static std::uint32_t habit_cell(const Code& code) { return own_cells(code); }
    static Absence load(const Code& code, const std::uint32_t* cells) {
        Absence absence;
        std::memcpy(static_cast<void*>(&absence), cells, 4 * std::size_t{own_cells(code)});
        return absence;
    }
    void store(const Code& code, std::uint32_t* cells) const {
        std::memcpy(cells, this, 4 * std::size_t{own_cells(code)});
    }
};
static_assert(sizeof(Absence) == 40);

// A device's last value of a field. Cells of nothing but 0: none yet.
struct Remembered {
    static constexpr std::uint32_t cells = 6;

    std::int64_t at = 0;
    std::uint64_t bits = 0;  // the number, or which symbol; texts are all alike
    model::ValueType type{};
    bool known = false;

    static Remembered load(const std::uint32_t* from) {
        Remembered r;
        std::uint32_t packed = 0;
        take(r.at, from);
        take(r.bits, from);
        take(packed, from);
        r.known = packed != 0;
        if (r.known) r.type = static_cast<model::ValueType>(packed - 1U);
        return r;
    }
    void store(std::uint32_t* into) const {
        put(at, into);
        put(bits, into);
        put(known ? 1U + static_cast<std::uint32_t>(type) : 0U, into);
    }
    static Remembered of(const model::Value& v, std::int64_t at);
    [[nodiscard]] model::Value value() const;
    // Numbers and truth values are compared as numbers.
    [[nodiscard]] bool differs(const Remembered& other) const {
        const auto numeric = [](const Remembered& r) { return r.type < model::ValueType::symbol; };
        return bits != other.bits || (type != other.type && !(numeric(*this) && numeric(other)));
    }
};

// What a sequence or together has seen of its events. Its slot holds its mark and its number + 1; there is none before
// the first event.
struct Pattern {
    static constexpr std::uint32_t cells = 2;
    static constexpr std::uint32_t unless_bit = 0x80000000U;

    struct Seen {
        std::int64_t at = 0;
        std::uint32_t events = 0;  // bit per event of the rule, and unless_bit
    };
    std::vector<Seen> seen;              // by time
    std::int64_t waits_since = no_time;  // all came but the last, which must not come
    std::int64_t alert_at = no_time;
    std::int64_t last_raise = no_time;
    std::uint64_t open = 0;
    std::uint32_t device = no_number;  // whose event came last

    [[nodiscard]] bool is_idle() const {
        return seen.empty() && waits_since == no_time && alert_at == no_time && open == 0;
    }
};

// A count's times, in ascending order, stand in a ring of `at_least` behind what follows here, or apart
// (Code::counts_inline).
struct Count {
    Mark queued = not_queued;
    std::uint32_t first = 0;
    std::uint32_t size = 0;
    std::uint32_t ring = no_number;     // where the times stand, if apart; no_number: no room taken yet
    std::int64_t alert_at = no_time;    // kept with cooldown or auto_clear
    std::uint64_t open = 0;             // the rest is kept with auto_clear
    std::int64_t last_raise = no_time;  // the count was reached, alert or not

    static std::uint32_t times_cell(const Code& code) {
        return 2U + (code.counts_inline ? 0U : 2U) + (code.marks_alerts ? 2U : 0U) + (code.auto_clear > 0 ? 4U : 0U);
    }
    static std::uint32_t cells(const Code& code) {
        return times_cell(code) + (code.counts_inline ? 2U * code.at_least : 0U);
    }

    static Count load(const Code& code, const std::uint32_t* cells) {
        Count count;
        std::uint32_t packed = 0;
        take(count.queued, cells);
        take(packed, cells);
        count.first = packed & 0xffffU;
        count.size = packed >> 16U;
        if (!code.counts_inline) {
            take(count.ring, cells);
            ++cells;
        }
        if (code.marks_alerts) take(count.alert_at, cells);
        if (code.auto_clear > 0) {
            take(count.open, cells);
            take(count.last_raise, cells);
        }
        return count;
    }
    void store(const Code& code, std::uint32_t* cells) const {
        put(queued, cells);
        put(first | size << 16U, cells);
        if (!code.counts_inline) {
            put(ring, cells);
            ++cells;
        }
        if (code.marks_alerts) put(alert_at, cells);
        if (code.auto_clear > 0) {
            put(open, cells);
            put(last_raise, cells);
        }
    }
};

inline std::int64_t count_time(const std::uint32_t* times, std::size_t place) {
    std::int64_t t = 0;
    std::memcpy(&t, times + 2 * place, sizeof t);
    return t;
}
inline void put_count_time(std::uint32_t* times, std::size_t place, std::int64_t t) {
    std::memcpy(times + 2 * place, &t, sizeof t);
}

}  // namespace shoumen::analyse
