// Samples as a device hands them on, made even: values at a fixed rate.
//
// What a radio hands on comes in bursts: ten samples within a millisecond, then nothing for a third of a second, now
// and then a time that lies before the last. The device measured evenly all the while. So samples are counted: each is
// taken to lie one period after the last, the period is learned from the latest stamps, and the count is drawn gently
// towards them. Where the stamps run away from the count by more than `hole`, samples are missing: up to `bridge` the
// gap is bridged by a straight line, beyond it a new stretch begins. Pure; bounded memory; any rate from 2 to 200 a
// second.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"

namespace shoumen::detect {

struct SteadyOptions {
    double rate = 32;        // of what comes out, a second
    double hole_s = 0.8;     // stamps further ahead of the count than this: samples are missing
    double bridge_s = 2.0;   // and further than this: a new stretch begins
    double usual_rate = 32;  // of what comes in, until its own is known
};

template <std::size_t N>
class Steady {
public:
    using Values = std::array<double, N>;
    struct Tick {
        base::Time time;
        Values values{};
        bool first = false;  // a stretch begins: what was before is no longer of use
    };

    explicit Steady(const SteadyOptions& options) : o_(options), period_s_(1 / options.usual_rate) {}

    // What is known evenly now that this sample is there; valid until the next call.
    std::span<const Tick> push(base::Time time, const Values& values) {
        out_.clear();
        if (!began_) {
            begin(time, values);
            return out_;
        }
        const double stamp = seconds_since_origin(time);
        learn_period(stamp - last_stamp_);
        last_stamp_ = std::max(last_stamp_, stamp);
        double at = at_ + period_s_;
        const double off = stamp - at;
        if (off > o_.bridge_s || off < -back_s) {
            begin(time, values);
            return out_;
        }
        at += off > o_.hole_s ? off : std::clamp(pull * off, -period_s_ / 2, period_s_ / 2);
        emit_until(at, values);
        at_ = at;
        last_ = values;
        return out_;
    }

private:
    static constexpr double pull = 0.1;    // of the way from the count to the stamp, each sample
    static constexpr double back_s = 5.0;  // a clock set back further than this is another clock
    static constexpr std::size_t kept = 64;

    void begin(base::Time time, const Values& values) {
        origin_ = time;
        at_ = last_stamp_ = 0;
        last_ = values;
        next_tick_ = 1;
        sum_ = {};
        summed_ = 0;
        began_ = true;
        out_.push_back({time, values, true});
    }

    [[nodiscard]] double seconds_since_origin(base::Time t) const {
        return static_cast<double>(t.us - origin_.us) / 1e6;
    }

    // The mean of the latest steps; a step across a hole says nothing about the period.
    void learn_period(double step) {
        step = std::clamp(step, 0.0, o_.hole_s);
        if (steps_.size() < kept) {
            steps_.push_back(step);
        } else {
            steps_[oldest_] = step;
            oldest_ = (oldest_ + 1) % kept;
        }
        if (steps_.size() < kept / 4) return;
        double sum = 0;
        for (double s : steps_) sum += s;
        period_s_ = std::clamp(sum / static_cast<double>(steps_.size()), 1.0 / 200, 1.0 / 2);
    }

    // Ticks up to `at`. Where samples lie denser than ticks, a tick is the mean of those since the one before it.
    void emit_until(double at, const Values& values) {
        for (double tick = tick_s(); tick <= at; tick = tick_s()) {
            Values v;
            const double way = at > at_ ? (tick - at_) / (at - at_) : 1;
            for (std::size_t i = 0; i < N; ++i) {
                v[i] = last_[i] + way * (values[i] - last_[i]);
                if (summed_ > 1) v[i] = sum_[i] / static_cast<double>(summed_);
            }
            out_.push_back({origin_ + base::Duration{static_cast<std::int64_t>(tick * 1e6)}, v, false});
            ++next_tick_;
            sum_ = {};
            summed_ = 0;
        }
        for (std::size_t i = 0; i < N; ++i) sum_[i] += values[i];
        ++summed_;
    }

    [[nodiscard]] double tick_s() const { return static_cast<double>(next_tick_) / o_.rate; }

    SteadyOptions o_;
    double period_s_;
    bool began_ = false;
    base::Time origin_;
    double at_ = 0;  // where the last sample is taken to lie, seconds since the origin
    double last_stamp_ = 0;
    Values last_{};
    Values sum_{};
    std::size_t summed_ = 0;
    std::uint64_t next_tick_ = 1;
    std::vector<double> steps_;
    std::size_t oldest_ = 0;
    std::vector<Tick> out_;
};

}  // namespace shoumen::detect
