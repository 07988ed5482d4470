#include "upkeep/health.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shoumen::upkeep {
namespace {

using base::Duration;
using base::Time;

constexpr std::array<std::string_view, finding_count> words = {"silent",      "idle",   "flapping",  "low_battery",
                                                               "wrong_clock", "tamper", "repeating", "flooding",
                                                               "replaying",   "shared"};

// Shorter ones lie within one report of several signals.
constexpr Duration shortest_gap = base::seconds(5);
constexpr std::uint32_t own_gaps = 8;     // so many make a rhythm
constexpr std::uint32_t model_gaps = 50;  // of all devices of a model together
constexpr std::uint32_t factor = 3;
constexpr unsigned first_octave = 3;  // the shortest bucket ends at 8 s
constexpr Duration flaps_within = base::hours(24);
constexpr Duration fades_after = base::hours(24);
constexpr Duration flood_fades_after = base::minutes(10);
constexpr Duration lanes_within = base::minutes(10);
constexpr Duration clock_ahead = base::seconds(120);
constexpr Duration clock_behind = base::minutes(10);
constexpr Duration clock_steady = base::minutes(2);
constexpr Duration clock_every = base::minutes(1);
constexpr Duration clock_lost = base::days(30);  // further behind nothing is kept for later, and nothing replayed
constexpr std::uint8_t often = 5;
constexpr std::uint8_t pushed_often = 4;
constexpr std::uint8_t thrice = 3;
constexpr std::uint8_t form = 1;  // of the bytes

double seconds_of(Duration d) { return static_cast<double>(d.us) / 1e6; }
std::uint32_t bit_of(Finding f) { return 1U << static_cast<unsigned>(f); }
Duration distance(Duration a, Duration b) { return {std::abs((a - b).us)}; }

// Half octaves of seconds.
std::size_t bucket_of(Duration gap, std::size_t count) {
    const auto s = static_cast<std::uint64_t>(gap.us / 1'000'000);
    if (s < (1U << first_octave)) return 0;
    const unsigned octave = static_cast<unsigned>(std::bit_width(s)) - 1;
    const unsigned half = static_cast<unsigned>((s >> (octave - 1)) & 1U);
    return std::min<std::size_t>(1 + 2 * (octave - first_octave) + half, count - 1);
}

std::uint32_t end_of(std::size_t bucket) {
    if (bucket == 0) return 1U << first_octave;
    const unsigned octave = first_octave + static_cast<unsigned>((bucket - 1) / 2);
    return (bucket - 1) % 2 == 0 ? 3U << (octave - 1) : 2U << octave;
}

// The end of the bucket that 98 of 100 do not lie beyond.
template <class Buckets>
std::uint32_t most_within(const Buckets& buckets) {
    std::uint64_t all = 0;
    for (const auto n : buckets) all += n;
    const std::uint64_t beyond = all / 50;
    std::uint64_t seen = 0;
    for (std::size_t i = buckets.size(); i-- > 0;) {
        seen += buckets[i];
        if (seen > beyond) return end_of(i);
    }
    return 0;
}

}  // namespace

std::string_view to_word(Finding finding) { return words[static_cast<std::size_t>(finding)]; }
std::optional<Finding> parse_finding(std::string_view word) {
    const auto it = std::ranges::find(words, word);
    if (it == words.end()) return std::nullopt;
    return static_cast<Finding>(it - words.begin());
}

Duration look_again_after(Finding finding, Duration silent_after, bool nothing_done) {
    constexpr Duration least = base::hours(1);
    constexpr Duration most = base::hours(25);  // more than what fades needs
    if (nothing_done) return base::days(7);
    switch (finding) {
        case Finding::flapping:
        case Finding::repeating:
        case Finding::replaying:
        case Finding::shared:
            return most;
        default:
            return std::clamp(silent_after, least, most);
    }
}

void Health::say(std::uint32_t n, Device& d, Finding finding, bool is, Time at, double figure,
                 std::vector<Change>& out) {
    const std::uint32_t bit = bit_of(finding);
    if (((d.findings & bit) != 0) == is) return;
    d.findings ^= bit;
    out.push_back({n, finding, is, at, figure});
}

void Health::watch(const std::vector<Watched>& devices, Time now, std::vector<Change>& out) {
    devices_.resize(std::max(devices_.size(), devices.size()));
    for (std::uint32_t n = 0; n < devices_.size(); ++n) {
        Device& d = devices_[n];
        const Watched w = n < devices.size() ? devices[n] : Watched{};
        d.is_watched = w.is_watched;
        d.model = w.model;
        d.since = w.since;
        if (w.is_watched) continue;
        for (std::size_t f = 0; f < finding_count; ++f) say(n, d, static_cast<Finding>(f), false, now, 0, out);
    }
    if (!began_.is_set()) began_ = now;
    sum_up_models();
}

void Health::sum_up_models() {
    models_.clear();
    for (const Device& d : devices_) {
        if (d.model >= models_.size()) models_.resize(d.model + 1);
        Model& m = models_[d.model];
        for (std::size_t b = 0; b < bucket_count; ++b) m.buckets[b] += d.buckets[b];
        m.gaps += d.gaps;
    }
    for (Model& m : models_) {
        if (m.gaps >= model_gaps) m.silent_after_s = factor * most_within(m.buckets);
    }
}

// --- What is said ------------------------------------------------------------------------------------------------

void Health::learn(Device& d, Duration gap) {
    const std::size_t b = bucket_of(gap, bucket_count);
    if (d.buckets[b] == UINT8_MAX) {
        d.gaps = 0;
        for (auto& n : d.buckets) d.gaps = static_cast<std::uint16_t>(d.gaps + (n /= 2));
    }
    ++d.buckets[b];
    ++d.gaps;
    if (d.gaps >= own_gaps) d.silent_after_s = factor * most_within(d.buckets);
    Model& m = models_[d.model];
    if (m.buckets[b] == UINT32_MAX / 64) {
        m.gaps = 0;
        for (auto& n : m.buckets) m.gaps += n /= 2;
    }
    ++m.buckets[b];
    ++m.gaps;
    // What a model does moves slowly; it is asked for by those alone that have no rhythm of their own.
    if (m.gaps >= model_gaps && (m.gaps < 1'000 || m.gaps % 64 == 0))
        m.silent_after_s = factor * most_within(m.buckets);
}

void Health::check_lane(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out) {
    if (signal.lane == 0 || signal.lane == d.lane) return;
    // There, here, and there again: nothing moves like that.
    if (signal.lane == d.lane_before && signal.received - d.lane_before_last <= lanes_within) {
        d.bad_at[static_cast<std::size_t>(Finding::shared)] = signal.received;
        say(n, d, Finding::shared, true, signal.received, 2, out);
    }
    d.lane_before = d.lane;
    d.lane_before_last = d.last;
    d.lane = signal.lane;
}

void Health::pushed_out(std::uint32_t device, Time at, std::vector<Change>& out) {
    if (device >= devices_.size() || !devices_[device].is_watched) return;
    Device& d = devices_[device];
    if (d.pushes == 0 || at - d.pushed_from > lanes_within || at < d.pushed_from) {
        d.pushed_from = at;
        d.pushes = 0;
    }
    if (d.pushes < UINT8_MAX) ++d.pushes;
    if (d.pushes < pushed_often) return;
    d.bad_at[static_cast<std::size_t>(Finding::shared)] = at;
    say(device, d, Finding::shared, true, at, d.pushes, out);
}

void Health::check_time(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out) {
    if (!signal.claimed.is_set()) return;
    const Duration behind = signal.received - signal.claimed;
    // What is older than what it has said already is said again.
    if (d.newest_claimed.is_set() && behind < clock_lost && signal.claimed < d.newest_claimed - clock_behind) {
        if (++d.replays < often) return;
        d.replays = often;
        d.bad_at[static_cast<std::size_t>(Finding::replaying)] = signal.received;
        return say(n, d, Finding::replaying, true, signal.received, seconds_of(behind), out);
    }
    const bool off = behind > clock_behind || behind < -clock_ahead;
    // Kept for later while the line was down, times are off as well, but each by its own.
    const bool steady = d.clock_bad == 0 || behind < Duration{} || behind >= clock_lost ||
                        distance(behind, d.clock_off) <= clock_steady;
    if (!off) {
        d.newest_claimed = d.newest_claimed.is_set() ? std::max(d.newest_claimed, signal.claimed) : signal.claimed;
        d.clock_bad = 0;
        if (d.replays > 0) --d.replays;
        if (++d.clock_good < thrice) return;
        d.clock_good = thrice;
        return say(n, d, Finding::clock_wrong, false, signal.received, 0, out);
    }
    d.clock_good = 0;
    if (behind >= Duration{} && behind < clock_lost && signal.claimed > d.newest_claimed)
        d.newest_claimed = signal.claimed;
    if (!steady) d.clock_bad = 0;
    d.clock_off = behind;
    if (d.clock_bad > 0 && signal.received - d.clock_counted < clock_every) return;
    d.clock_counted = signal.received;
    if (++d.clock_bad < thrice) return;
    d.clock_bad = thrice;
    say(n, d, Finding::clock_wrong, true, signal.received, -seconds_of(behind), out);
}

void Health::check_words(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out) {
    if (signal.battery_low) say(n, d, Finding::low_battery, *signal.battery_low, signal.received, 0, out);
    if (signal.battery_percent && std::isfinite(*signal.battery_percent)) {
        const double p = *signal.battery_percent;
        if (p <= limits_.battery_low) say(n, d, Finding::low_battery, true, signal.received, p, out);
        if (p >= limits_.battery_good && !signal.battery_low.value_or(false))
            say(n, d, Finding::low_battery, false, signal.received, p, out);
    }
    if (signal.tamper) say(n, d, Finding::tamper, *signal.tamper, signal.received, 0, out);
    if (signal.what == 0) return;
    const bool again = signal.what == d.what;
    d.what = signal.what;
    if (!again) {
        d.same = 0;
        return;
    }
    if (d.same < often) ++d.same;
    if (d.same < often) return;
    d.bad_at[static_cast<std::size_t>(Finding::repeating)] = signal.received;
    say(n, d, Finding::repeating, true, signal.received, often, out);
}

void Health::check_flood(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out) {
    constexpr Duration span = base::seconds(10);
    if (signal.received - d.burst_from >= span || signal.received < d.burst_from) {
        d.burst_from = signal.received;
        d.burst = 0;
    }
    if (++d.burst < limits_.flood) return;
    d.bad_at[static_cast<std::size_t>(Finding::flooding)] = signal.received;
    const double took = std::max(0.001, seconds_of(signal.received - d.burst_from));
    say(n, d, Finding::flooding, true, signal.received, d.burst / took, out);
}

void Health::heard(const Heard& signal, std::vector<Change>& out) {
    if (signal.device >= devices_.size()) return;
    const std::uint32_t n = signal.device;
    Device& d = devices_[n];
    if (d.is_watched) {
        check_lane(n, d, signal, out);
        check_time(n, d, signal, out);
        check_words(n, d, signal, out);
        if (!signal.passes_on) check_flood(n, d, signal, out);
        if (d.last.is_set() && d.last >= began_) {
            const Duration gap = signal.received - d.last;
            // A silence that was found is no rhythm.
            if (gap >= shortest_gap && (d.findings & (bit_of(Finding::silent) | bit_of(Finding::idle))) == 0)
                learn(d, gap);
        }
        if (d.findings & bit_of(Finding::silent)) {
            const bool again = d.came_back.back().us > 0 && signal.received - d.came_back.back() <= flaps_within;
            std::rotate(d.came_back.rbegin(), d.came_back.rbegin() + 1, d.came_back.rend());
            d.came_back.front() = signal.received;
            if (again) {
                d.bad_at[static_cast<std::size_t>(Finding::flapping)] = signal.received;
                say(n, d, Finding::flapping, true, signal.received, static_cast<double>(d.came_back.size() + 1), out);
            }
        }
        say(n, d, Finding::silent, false, signal.received, 0, out);
        say(n, d, Finding::idle, false, signal.received, 0, out);
    }
    d.last = signal.received;
}

// --- And what is not ---------------------------------------------------------------------------------------------

Duration Health::silent_after(const Device& d) const {
    std::uint32_t s = d.silent_after_s;
    if (s == 0 && d.model < models_.size()) s = models_[d.model].silent_after_s;
    if (s == 0) return limits_.unknown_silence;
    return std::min(std::max(base::seconds(s), limits_.shortest_silence), limits_.idle_after);
}

void Health::look_at(std::uint32_t n, Time now, std::vector<Change>& out) {
    Device& d = devices_[n];
    if (!d.is_watched) return;
    const Time from = d.last.is_set() ? std::max(d.last, d.since) : d.since;
    const Duration quiet = now - from;
    if (quiet >= limits_.idle_after) {
        say(n, d, Finding::silent, false, now, 0, out);
        say(n, d, Finding::idle, true, now, seconds_of(quiet), out);
    } else if (d.last.is_set() && now - std::max(from, began_) >= silent_after(d)) {
        say(n, d, Finding::silent, true, now, seconds_of(quiet), out);
    }
    for (const auto f :
         {Finding::flapping, Finding::repeating, Finding::replaying, Finding::shared, Finding::flooding}) {
        if ((d.findings & bit_of(f)) == 0) continue;
        const Duration fades = f == Finding::flooding ? flood_fades_after : fades_after;
        if (now - d.bad_at[static_cast<std::size_t>(f)] >= fades) say(n, d, f, false, now, 0, out);
    }
}

void Health::look(Time now, std::vector<Change>& out) {
    if (devices_.empty()) return;
    const auto all = static_cast<double>(devices_.size());
    if (!looked_.is_set() || now < looked_) looked_ = now;
    owed_ = std::min(all, owed_ + all * seconds_of(now - looked_) / seconds_of(limits_.turn));
    looked_ = now;
    for (; owed_ >= 1; owed_ -= 1) {
        if (next_ >= devices_.size()) next_ = 0;
        look_at(next_++, now, out);
    }
}

// --- What others ask ---------------------------------------------------------------------------------------------

std::uint32_t Health::findings(std::uint32_t device) const {
    return device < devices_.size() ? devices_[device].findings : 0;
}

base::Time Health::last_heard(std::uint32_t device) const {
    return device < devices_.size() ? devices_[device].last : Time::none();
}

Rhythm Health::rhythm(std::uint32_t device) const {
    if (device >= devices_.size()) return {};
    const Device& d = devices_[device];
    Rhythm out;
    out.gaps = d.gaps;
    out.own = d.silent_after_s != 0;
    out.silent_after = silent_after(d);
    const std::uint32_t s = out.own ? d.silent_after_s : d.model < models_.size() ? models_[d.model].silent_after_s : 0;
    out.usual = base::seconds(s / factor);
    return out;
}

// --- Bytes -------------------------------------------------------------------------------------------------------

// Rhythms and what was found; what takes minutes to see again is not kept.
void Health::encode(base::ByteWriter& out) const {
    out.u8(form);
    out.varint(devices_.size());
    for (const Device& d : devices_) {
        out.boolean(d.last.is_set());
        if (!d.last.is_set()) continue;
        out.zigzag(d.last.us);
        out.zigzag(d.newest_claimed.is_set() ? d.last.us - d.newest_claimed.us : INT64_MAX);
        out.varint(d.findings);
        for (const auto f :
             {Finding::flapping, Finding::repeating, Finding::replaying, Finding::shared, Finding::flooding}) {
            if (d.findings & bit_of(f)) out.zigzag(d.bad_at[static_cast<std::size_t>(f)].us);
        }
        std::uint64_t filled = 0;
        for (std::size_t b = 0; b < bucket_count; ++b) filled |= std::uint64_t{d.buckets[b] > 0} << b;
        out.varint(filled);
        for (const auto n : d.buckets) {
            if (n > 0) out.u8(n);
        }
    }
}

base::Result<void> Health::decode(base::ByteReader& in) {
    std::vector<Device> devices;
    if (in.u8() != form) return base::fail("data-damaged", "what was learned of devices is of another form");
    devices.resize(in.count());
    for (Device& d : devices) {
        if (!in.boolean()) continue;
        d.last.us = in.zigzag();
        const auto since_claimed = in.zigzag();
        if (since_claimed != INT64_MAX) d.newest_claimed.us = d.last.us - since_claimed;
        d.findings = static_cast<std::uint32_t>(in.varint()) & ((1U << finding_count) - 1);
        for (const auto f :
             {Finding::flapping, Finding::repeating, Finding::replaying, Finding::shared, Finding::flooding}) {
            if (d.findings & bit_of(f)) d.bad_at[static_cast<std::size_t>(f)].us = in.zigzag();
        }
        const auto filled = in.varint();
        for (std::size_t b = 0; b < bucket_count; ++b) {
            if ((filled >> b & 1U) == 0) continue;
            d.buckets[b] = in.u8();
            d.gaps = static_cast<std::uint16_t>(d.gaps + d.buckets[b]);
        }
        if (d.gaps >= own_gaps) d.silent_after_s = factor * most_within(d.buckets);
    }
    if (!in.ok()) return base::fail("data-damaged", "what was learned of devices is cut short");
    devices_ = std::move(devices);
    return {};
}

}  // namespace shoumen::upkeep
