#include "sense/intake.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "ring.hpp"

namespace shoumen::sense {

namespace {

constexpr std::uint8_t form = 1;
constexpr std::int64_t tolerance_us = 120'000'000;
constexpr base::Time plausible_from{946'684'800'000'000};  // 2000-01-01T00:00:00Z

// later − earlier, for later ≥ earlier; never overflows.
std::uint64_t distance(base::Time later, base::Time earlier) {
    return static_cast<std::uint64_t>(later.us) - static_cast<std::uint64_t>(earlier.us);
}

Seconds seconds_of(base::Time t) { return static_cast<Seconds>(t.us / 1'000'000); }

}  // namespace

model::TimeVerdict judge_time(base::Time claimed, base::Time received) {
    if (!claimed.is_set()) return model::TimeVerdict::receipt;
    if (claimed < plausible_from) return model::TimeVerdict::clock_wrong;
    if (claimed > received)
        return distance(claimed, received) <= tolerance_us ? model::TimeVerdict::event
                                                           : model::TimeVerdict::clock_wrong;
    return distance(received, claimed) <= tolerance_us ? model::TimeVerdict::event : model::TimeVerdict::late;
}

struct Intake::Impl {
    std::vector<DeviceMemory> devices;
    std::vector<LargeRing> large;  // number n stands at n − 1; those not in use are given out again
    std::vector<std::uint32_t> unused;
    std::array<std::uint32_t, 6> called_for{};  // by prefetch, lately
    std::uint32_t calls = 0;

    void make_room(std::size_t count) {
        if (count <= devices.size()) return;
        devices.reserve(count);
        devices.resize(count);
    }

    // False: the id came before.
    bool take(DeviceMemory& device, std::uint64_t id, Seconds now) {
        if (device.large != 0) return take_large(device, id, now);
        if (device.holds(id)) return false;
        if (device.is_tight(now)) {
            device.large = new_large(LargeRing(2 * small_ring, device.ids(), 0));
            device.refill({}, 0);
            return take_large(device, id, now);
        }
        device.add(id, now);
        return true;
    }

    bool take_large(DeviceMemory& device, std::uint64_t id, Seconds now) {
        LargeRing& ring = large[device.large - 1];
        if (ring.holds(id)) return false;
        ring.add(id, now);
        if (ring.is_idle(now)) back_to_small(device);
        return true;
    }

    void back_to_small(DeviceMemory& device) {
        LargeRing& ring = large[device.large - 1];
        const auto ids = ring.ids();
        ring = LargeRing();
        unused.push_back(std::exchange(device.large, 0));
        device.refill(std::span(ids).last(std::min(small_ring, ids.size())), 0);
    }

    std::uint32_t new_large(LargeRing ring) {
        if (unused.empty()) {
            large.push_back(std::move(ring));
            return static_cast<std::uint32_t>(large.size());
        }
        const std::uint32_t number = unused.back();
        unused.pop_back();
        large[number - 1] = std::move(ring);
        return number;
    }

    void encode_device(const DeviceMemory& device, base::ByteWriter& out) const;
    bool decode_device(DeviceMemory& device, base::ByteReader& in);
};

// --- The step ----------------------------------------------------------------------------------------------------

Intake::Intake() : impl_(std::make_shared<Impl>()) {}
Intake::Intake(const Intake& other) : impl_(std::make_shared<Impl>(*other.impl_)) {}
Intake& Intake::operator=(const Intake& other) {
    if (this != &other) impl_ = std::make_shared<Impl>(*other.impl_);
    return *this;
}
Intake::~Intake() = default;

void Intake::adopt(const model::Policy& policy) { impl_->make_room(policy.devices.size()); }

// The first two lines; and of the device called for some time ago, now that they have come, the place written next.
void Intake::prefetch(model::DeviceId device) const {
    Impl& m = *impl_;
    if (device.value < m.devices.size()) {
        __builtin_prefetch(&m.devices[device.value], 1);
        __builtin_prefetch(&m.devices[device.value].last_heard, 1);
    }
    const std::uint32_t before = std::exchange(m.called_for[m.calls++ % m.called_for.size()], device.value);
    if (before < m.devices.size()) __builtin_prefetch(&m.devices[before].rest[m.devices[before].next], 1);
}

Admitted Intake::admit(const model::Signal& signal, base::Time received) {
    Admitted result;
    result.verdict = judge_time(signal.claimed, received);
    result.effective = result.verdict == model::TimeVerdict::event ? signal.claimed : received;
    if (signal.device.value >= impl_->devices.size()) return result;  // of no policy adopted so far: no memory of it

    DeviceMemory& device = impl_->devices[signal.device.value];
    if (!device.heard || received.us > device.last_heard) device.last_heard = received.us;
    device.heard = true;
    result.repeat = signal.message != 0 && !impl_->take(device, signal.message, seconds_of(received));
    if (!result.repeat) device.clock_wrong = result.verdict == model::TimeVerdict::clock_wrong;
    return result;
}

base::Time Intake::last_heard(model::DeviceId device) const {
    if (device.value >= impl_->devices.size() || !impl_->devices[device.value].heard) return base::Time::none();
    return base::Time{impl_->devices[device.value].last_heard};
}

bool Intake::clock_wrong(model::DeviceId device) const {
    return device.value < impl_->devices.size() && impl_->devices[device.value].clock_wrong;
}

std::size_t Intake::bytes() const {
    const Impl& m = *impl_;
    std::size_t sum = m.devices.capacity() * sizeof(DeviceMemory) + m.large.capacity() * sizeof(LargeRing) +
                      m.unused.capacity() * sizeof(std::uint32_t);
    for (const LargeRing& ring : m.large) sum += ring.bytes();
    return sum;
}

// --- Bytes -------------------------------------------------------------------------------------------------------
// Version, number of devices, then each: flags, last heard, capacity, place of the oldest id, number of ids, each id
// with its time as the difference to last heard. The times of a small ring's quarters are those of its ids. Places are
// kept because a ring grows and shrinks at its turns: what is remembered must not depend on a restart.

void Intake::Impl::encode_device(const DeviceMemory& device, base::ByteWriter& out) const {
    out.u8(static_cast<std::uint8_t>((device.heard ? 1U : 0U) | (device.clock_wrong ? 2U : 0U)));
    if (!device.heard) return;
    out.zigzag(device.last_heard);
    const LargeRing* ring = device.large != 0 ? &large[device.large - 1] : nullptr;
    const auto ids = ring ? ring->ids() : device.ids();
    out.varint(ring ? ring->capacity() : small_ring);
    out.varint(ring ? ring->start() : device.full ? device.next : 0U);
    out.varint(ids.size());
    const Seconds heard_at = seconds_of(base::Time{device.last_heard});
    for (const StampedId& entry : ids) {
        out.u64(entry.id);
        out.varint(static_cast<Seconds>(heard_at - entry.at));
    }
}

bool Intake::Impl::decode_device(DeviceMemory& device, base::ByteReader& in) {
    const std::uint8_t flags = in.u8();
    if (flags == 0) return in.ok();
    device.heard = true;
    device.clock_wrong = (flags & 2U) != 0;
    device.last_heard = in.zigzag();
    const std::uint64_t capacity = in.varint();
    const std::uint64_t start = in.varint();
    const std::size_t n = in.count();
    const bool sound = capacity >= small_ring && capacity <= largest_ring && std::has_single_bit(capacity) &&
                       n <= capacity && start < capacity && (n == capacity || start == 0 || capacity > small_ring);
    if (!in.ok() || !sound || flags > 3) return false;
    const Seconds heard_at = seconds_of(base::Time{device.last_heard});
    std::vector<StampedId> ids(n);
    for (StampedId& entry : ids) {
        entry.id = in.u64();
        entry.at = heard_at - static_cast<Seconds>(in.varint());
    }
    if (capacity == small_ring)
        device.refill(ids, static_cast<std::size_t>(start));
    else
        device.large = new_large(LargeRing(static_cast<std::size_t>(capacity), ids, static_cast<std::size_t>(start)));
    return in.ok();
}

void Intake::encode(base::ByteWriter& out) const {
    out.u8(form);
    out.varint(impl_->devices.size());
    for (const DeviceMemory& device : impl_->devices) impl_->encode_device(device, out);
}

base::Result<void> Intake::decode(base::ByteReader& in) {
    const auto broken = [] {
        return base::fail("data-damaged",
                          "The memory of the sense step is damaged or of another version. Start from an older "
                          "snapshot, or restore a backup.",
                          "sense");
    };
    if (in.u8() != form) return broken();
    auto fresh = std::make_shared<Impl>();
    const std::size_t devices = in.count();
    fresh->make_room(std::max(devices, impl_->devices.size()));
    for (std::size_t device = 0; device < devices; ++device) {
        if (!fresh->decode_device(fresh->devices[device], in)) return broken();
    }
    if (!in.ok()) return broken();
    impl_ = std::move(fresh);
    return {};
}

}  // namespace shoumen::sense
