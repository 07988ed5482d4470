// Learns how often each device reports, and finds those that will let us down.
//
// heard() is told each signal, look() once a second or so what time it is; both add to `out` what begins and what is
// over. What is learned: gaps between reports, counted by length (half octaves, old ones fade); what 98 of 100 gaps
// keep within, times three, is how long a device may be silent. Until it has been heard often enough its model's gaps
// stand in, and before those a day and an hour. Some nanoseconds a signal, some hundred bytes a device. Pure: one
// thread, no clock. Devices are numbered as in the policy.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::upkeep {

enum class Finding : std::uint8_t {
    silent,       // longer than its rhythm allows
    idle,         // for weeks, or never heard at all
    flapping,     // falls silent and comes back, again and again
    low_battery,  // says so
    clock_wrong,  // its times are off, always
    tamper,       // says that somebody is at it
    repeating,    // says the same again and again
    flooding,     // far more than anything has to say
    replaying,    // says what it said before, hours ago
    shared,       // two speak under its name at once
};
constexpr std::size_t finding_count = 10;
std::string_view to_word(Finding finding);
std::optional<Finding> parse_finding(std::string_view word);

struct HealthLimits {
    base::Duration shortest_silence = base::minutes(10);
    base::Duration unknown_silence = base::hours(25);  // of what has no rhythm yet
    base::Duration idle_after = base::days(14);
    base::Duration turn = base::minutes(1);  // within which each device is looked at once
    std::uint32_t flood = 300;               // signals in ten seconds
    double battery_low = 15;                 // percent
    double battery_good = 25;
};

// What is to be known of a device.
struct Watched {
    bool is_watched = false;  // put up or in service, and says something by itself
    std::uint32_t model = 0;  // devices of one number are expected to report alike
    base::Time since;         // in service since
};

struct Heard {
    std::uint32_t device = 0;
    base::Time received;
    base::Time claimed = base::Time::none();  // by its own clock
    std::uint64_t what = 0;  // the same for the same message with the same time or id; 0: it has neither
    std::uint64_t lane = 0;  // by what it speaks; 0: not known
    bool passes_on = false;  // it spoke for another device
    std::optional<double> battery_percent;
    std::optional<bool> battery_low;
    std::optional<bool> tamper;
};

struct Change {
    std::uint32_t device = 0;
    Finding finding{};
    bool begins = false;  // else it is over
    base::Time at;
    double figure = 0;  // seconds of silence, percent, seconds of clock, signals a second, times
};

struct Rhythm {
    std::uint32_t gaps = 0;       // of its own that are remembered
    base::Duration usual;         // 98 of 100 are no longer
    base::Duration silent_after;  // so long it may be silent
    bool own = false;             // learned of itself; else of its model, or of nothing
};

// How long after somebody has ended the work on a finding it is looked at again: by then the device has spoken or is
// silent, and what fades by itself has faded, unless it goes on.
base::Duration look_again_after(Finding finding, base::Duration silent_after, bool nothing_done);

class Health {
public:
    explicit Health(HealthLimits limits = {}) : limits_(limits) {}

    // Of every device, by number; those there are go on. Findings of what is not watched any more are over. From the
    // first call on there is somebody who listens: until then nothing was silent.
    void watch(const std::vector<Watched>& devices, base::Time now, std::vector<Change>& out);
    void heard(const Heard& signal, std::vector<Change>& out);
    void look(base::Time now, std::vector<Change>& out);
    // A connection of the device took the place of another of the same credential, address and name that still stood.
    // Again and again, they are two.
    void pushed_out(std::uint32_t device, base::Time at, std::vector<Change>& out);

    [[nodiscard]] std::uint32_t findings(std::uint32_t device) const;  // a bit each
    [[nodiscard]] Rhythm rhythm(std::uint32_t device) const;
    [[nodiscard]] base::Time last_heard(std::uint32_t device) const;
    [[nodiscard]] std::size_t size() const { return devices_.size(); }

    void encode(base::ByteWriter& out) const;
    // Codes: data-damaged; then nothing has changed.
    base::Result<void> decode(base::ByteReader& in);

private:
    static constexpr std::size_t bucket_count = 36;
    struct Device {
        base::Time last = base::Time::none();
        base::Time newest_claimed = base::Time::none();
        base::Time since;
        std::uint64_t what = 0;
        std::uint64_t lane = 0;
        std::uint64_t lane_before = 0;
        base::Time lane_before_last = base::Time::none();
        std::array<base::Time, 3> came_back{};  // latest first
        base::Time clock_counted{};
        base::Duration clock_off{};
        std::array<base::Time, finding_count> bad_at{};  // of those that fade
        std::uint32_t model = 0;
        std::uint32_t findings = 0;
        std::uint32_t silent_after_s = 0;  // 0: ask the model
        std::uint32_t burst = 0;           // in the ten seconds from burst_from
        base::Time burst_from{};
        base::Time pushed_from{};
        std::uint16_t gaps = 0;
        std::uint8_t same = 0;
        std::uint8_t clock_bad = 0;
        std::uint8_t clock_good = 0;
        std::uint8_t replays = 0;
        std::uint8_t pushes = 0;  // within lanes_within from pushed_from
        bool is_watched = false;
        std::array<std::uint8_t, bucket_count> buckets{};
    };
    struct Model {
        std::uint32_t gaps = 0;
        std::uint32_t silent_after_s = 0;
        std::array<std::uint32_t, bucket_count> buckets{};
    };

    void learn(Device& d, base::Duration gap);
    void sum_up_models();
    void check_lane(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out);
    void check_time(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out);
    void check_words(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out);
    void check_flood(std::uint32_t n, Device& d, const Heard& signal, std::vector<Change>& out);
    void look_at(std::uint32_t n, base::Time now, std::vector<Change>& out);
    void say(std::uint32_t n, Device& d, Finding finding, bool is, base::Time at, double figure,
             std::vector<Change>& out);
    [[nodiscard]] base::Duration silent_after(const Device& d) const;

    HealthLimits limits_;
    std::vector<Device> devices_;
    std::vector<Model> models_;
    base::Time began_ = base::Time::none();  // nobody listened before
    base::Time looked_ = base::Time::none();
    double owed_ = 0;  // devices to be looked at
    std::uint32_t next_ = 0;
};

}  // namespace shoumen::upkeep
