#include "detect/wrist.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace shoumen::detect {
namespace {

using Vector = std::array<double, 3>;
constexpr std::size_t n = WristWindows::length;
constexpr std::size_t rate = WristWindows::rate;

constexpr std::size_t ticks(double seconds) { return static_cast<std::size_t>(seconds * rate); }

// When the wrist is asked to rest, and how far from 1 g it may be in the mean meanwhile.
constexpr std::size_t rest_from = ticks(2);
constexpr std::size_t rest_until = ticks(4);
constexpr std::size_t rest_known = ticks(0.3);
constexpr double most_unrest = 0.2;

double length_of(const Vector& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
Vector minus(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

double angle(const Vector& a, const Vector& b) {
    const double lengths = length_of(a) * length_of(b);
    if (lengths < 1e-9) return 0;
    const double cosine = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / lengths;
    return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

constexpr std::size_t movement_features = 50;
constexpr std::size_t axes_features = 3 * (n / ticks(0.25));
static_assert(movement_features + axes_features == wrist_features);

struct Spread {
    double mean = 0, deviation = 0;
};

// One window, oldest first, and what its features ask for.
struct View {
    std::array<Vector, n> v;
    std::array<double, n> m;     // lengths
    std::array<double, n> jerk;  // change since the tick before, g a second
    std::array<Vector, n> calm;  // mean of the quarter second that ends here: mostly gravity
    std::size_t blow = 0;

    explicit View(const std::array<Vector, n>& window) : v(window) {
        for (std::size_t i = 0; i < n; ++i) {
            m[i] = length_of(v[i]);
            jerk[i] = i == 0 ? 0 : length_of(minus(v[i], v[i - 1])) * rate;
            const std::size_t from = i + 1 < ticks(0.25) ? 0 : i + 1 - ticks(0.25);
            calm[i] = mean(from, i + 1);
        }
        blow = n - 1 - WristWindows::after;
    }

    [[nodiscard]] Vector mean(std::size_t from, std::size_t to) const {
        Vector sum{};
        to = std::min(to, n);
        from = std::min(from, to - 1);
        for (std::size_t i = from; i < to; ++i) {
            for (std::size_t k = 0; k < 3; ++k) sum[k] += v[i][k];
        }
        for (double& s : sum) s /= static_cast<double>(to - from);
        return sum;
    }

    // Of a part of the window; of its nearest tick where the part is empty.
    static Spread spread(const std::array<double, n>& values, std::size_t from, std::size_t to) {
        to = std::clamp<std::size_t>(to, 1, n);
        from = std::min(from, to - 1);
        const auto count = static_cast<double>(to - from);
        double sum = 0, squares = 0;
        for (std::size_t i = from; i < to; ++i) sum += values[i];
        for (std::size_t i = from; i < to; ++i) squares += (values[i] - sum / count) * (values[i] - sum / count);
        return {sum / count, std::sqrt(squares / count)};
    }

    [[nodiscard]] std::size_t before_blow(double seconds) const {
        return blow > ticks(seconds) ? blow - ticks(seconds) : 0;
    }
    [[nodiscard]] std::size_t after_blow(double seconds) const { return std::min(blow + ticks(seconds), n); }
};

// How alike the window is to itself some time later: walking is, a fall is not.
double rhythm(const View& w, const Spread& all) {
    if (all.deviation < 1e-3) return 0;
    double best = -1;
    for (std::size_t lag = ticks(0.3); lag <= ticks(1.25); ++lag) {
        double sum = 0;
        for (std::size_t i = lag; i < n; ++i) sum += (w.m[i] - all.mean) * (w.m[i - lag] - all.mean);
        best = std::max(best, sum / static_cast<double>(n - lag) / (all.deviation * all.deviation));
    }
    return best;
}

double second_blow(const View& w) {
    double best = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t apart = i > w.blow ? i - w.blow : w.blow - i;
        if (apart > ticks(0.3)) best = std::max(best, w.m[i]);
    }
    return best;
}

double peaks(const View& w) {
    double count = 0;
    for (std::size_t i = 1; i + 1 < n; ++i) count += w.m[i] > 1.3 && w.m[i] >= w.m[i - 1] && w.m[i] > w.m[i + 1];
    return count;
}

// Of the direction the wrist hangs in: the fastest turn (degrees in a quarter second), the way in all, the largest
// change.
struct Turn {
    double fastest = 0, way = 0, largest = 0;
};

Turn turn_of(const View& w) {
    Turn t;
    for (std::size_t i = ticks(0.25); i < n; i += ticks(0.125)) {
        const double step = angle(w.calm[i], w.calm[i - ticks(0.25)]);
        t.fastest = std::max(t.fastest, step);
        t.way += step / 2;
        if (i >= ticks(0.5)) t.largest = std::max(t.largest, length_of(minus(w.calm[i], w.calm[i - ticks(0.5)])));
    }
    return t;
}

double deviation_of_vectors(const View& w) {
    const Vector mean = w.mean(0, n);
    double squares = 0;
    for (const Vector& v : w.v) squares += std::pow(length_of(minus(v, mean)), 2);
    return std::sqrt(squares / n);
}

// Lying still after the blow: the quietest half second since, how the wrist lies then against before the blow, and for
// how long (seconds) nothing but breathing moves it, after and before.
struct Rest {
    double jerk = 20, turned = 0, run = 0, run_before = 0, turned_from_still = 0, deviation = 1, unlike_gravity = 1;
    double age = 0;
};

constexpr double still_jerk = 1.0;

Rest rest_of(const View& w) {
    Rest r;
    const std::size_t piece = ticks(0.5);
    std::size_t quiet = w.blow;
    for (std::size_t i = w.after_blow(0.25); i + piece <= n; ++i) {
        const double jerk = View::spread(w.jerk, i, i + piece).mean;
        if (jerk < r.jerk) {
            r.jerk = jerk;
            quiet = i;
        }
    }
    r.age = static_cast<double>(quiet - w.blow) / rate;
    const Vector before = w.mean(w.before_blow(1.5), w.before_blow(0.75) + 1);
    const Vector after = w.mean(quiet, quiet + piece);
    r.turned = angle(before, after);
    const Spread s = View::spread(w.m, quiet, quiet + piece);
    r.deviation = s.deviation;
    r.unlike_gravity = std::abs(s.mean - 1);
    double run = 0;
    for (std::size_t i = w.blow; i < n; ++i) {
        run = w.jerk[i] < still_jerk ? run + 1.0 / rate : 0;
        r.run = std::max(r.run, run);
    }
    run = 0;
    for (std::size_t i = 1; i < w.blow; ++i) {
        run = w.jerk[i] < still_jerk ? run + 1.0 / rate : 0;
        r.run_before = std::max(r.run_before, run);
    }
    r.turned_from_still = angle(w.calm[std::min(ticks(0.25), n - 1)], after);
    return r;
}

std::array<double, movement_features> movement_of(const View& w) {
    const Spread all = View::spread(w.m, 0, n), jerk = View::spread(w.jerk, 1, n);
    const Spread end = View::spread(w.m, n - ticks(0.75), n), end_jerk = View::spread(w.jerk, n - ticks(0.75), n);
    const Spread start = View::spread(w.m, 0, ticks(1)), start_jerk = View::spread(w.jerk, 1, ticks(1));
    const Spread before = View::spread(w.jerk, w.before_blow(1), w.before_blow(0.25));
    const Spread after = View::spread(w.jerk, w.after_blow(0.25), n);
    double low = 1e9, light = 0, lightness = 0;
    for (std::size_t i = w.before_blow(1); i <= w.blow; ++i) {
        low = std::min(low, w.m[i]);
        light += w.m[i] < 0.7;
        lightness += std::max(0.0, 1 - w.m[i]) / rate;
    }
    double above_15 = 0, above_20 = 0, unrest = 0, calm_high = 0, calm_low = 1e9, around = 0;
    for (std::size_t i = 0; i < n; ++i) {
        above_15 += w.m[i] > 1.5;
        above_20 += w.m[i] > 2;
        unrest += std::abs(w.m[i] - 1) / n;
        const double calm = length_of(w.calm[i]);
        calm_high = std::max(calm_high, calm);
        calm_low = std::min(calm_low, calm);
    }
    const std::size_t from = w.before_blow(0.25), to = w.after_blow(0.25);
    for (std::size_t i = from; i < to; ++i) around += std::abs(w.m[i] - 1) / static_cast<double>(to - from);
    const double hardest_jerk = *std::ranges::max_element(w.jerk);
    const Turn turn = turn_of(w);
    const Rest rest = rest_of(w);
    return {w.m[w.blow],
            *std::ranges::min_element(w.m),
            all.deviation,
            all.mean,
            hardest_jerk,
            jerk.mean,
            static_cast<double>(n - 1 - w.blow) / rate,
            low,
            light,
            angle(w.mean(0, ticks(0.75)), w.mean(n - ticks(0.75), n)),
            angle(w.mean(w.before_blow(1.25), w.before_blow(0.5) + 1), w.mean(w.after_blow(0.25), n)),
            end.deviation,
            end_jerk.mean,
            calm_high,
            above_15,
            above_20,
            peaks(w),
            rhythm(w, all),
            unrest,
            lightness,
            deviation_of_vectors(w),
            second_blow(w),
            turn.fastest,
            turn.way,
            start.deviation,
            start_jerk.mean,
            hardest_jerk / (jerk.mean + 0.1),
            end.mean,
            around,
            View::spread(w.jerk, from, to).mean,
            before.mean,
            after.mean,
            calm_low,
            turn.largest,
            rest.jerk,
            rest.turned,
            rest.run,
            rest.run_before,
            rest.turned_from_still,
            rest.deviation,
            rest.unlike_gravity,
            std::log(rest.jerk + 0.02),
            std::log(before.mean + 0.02),
            rest.age,
            View::spread(w.m, w.before_blow(0.5), w.blow).mean,
            View::spread(w.m, w.before_blow(1), w.before_blow(.5)).mean,
            View::spread(w.m, w.after_blow(0.1), w.after_blow(.6)).mean,
            View::spread(w.jerk, w.after_blow(0.1), w.after_blow(.6)).mean,
            View::spread(w.jerk, w.after_blow(0.6), w.after_blow(1.1)).mean,
            View::spread(w.jerk, w.after_blow(1.1), w.after_blow(1.7)).mean};
}

// How the wrist lies along the window, quarter by quarter: the lengths of each axis, so that left or right arm, and the
// display up or down, are the same.
std::array<double, wrist_features> features_of(const View& w) {
    std::array<double, wrist_features> out{};
    auto at = std::ranges::copy(movement_of(w), out.begin()).out;
    for (std::size_t from = 0; from < n; from += ticks(0.25)) {
        const Vector mean = w.mean(from, from + ticks(0.25));
        for (double axis : mean) *at++ = std::abs(axis);
    }
    return out;
}

// A wrist is moved about the pull of the earth: over some seconds the mean is near 1 g whatever it does.
bool plausible(const View& w) {
    const double mean = View::spread(w.m, 0, n).mean;
    return mean > 0.5 && mean < 3;
}

}  // namespace

double like_a_fall(const WristWindow& window) { return window.features[0] - std::min(window.features[34], 4.0); }

WristWindows::WristWindows() : steady_({.rate = rate, .usual_rate = rate}) {}

std::span<const WristWindow> WristWindows::push(const Motion& motion) {
    out_.clear();
    for (const auto& tick : steady_.push(motion.time, {motion.x, motion.y, motion.z})) take(tick);
    return out_;
}

std::span<const WristWindow> WristWindows::finish() {
    out_.clear();
    for (const Waiting& w : waiting_) release(w);
    waiting_.clear();
    return out_;
}

void WristWindows::look_at_rest(const Vector& values) {
    for (Waiting& w : waiting_) {
        if (++w.since < rest_from) continue;
        ++w.rested;
        w.unrest += std::abs(length_of(values) - 1);
    }
    while (!waiting_.empty() && waiting_.front().since >= rest_until) {
        release(waiting_.front());
        waiting_.erase(waiting_.begin());
    }
}

void WristWindows::release(const Waiting& w) {
    const bool known = w.rested >= rest_known;
    if (!known || w.unrest < most_unrest * static_cast<double>(w.rested)) out_.push_back(w.window);
}

void WristWindows::take(const Steady<3>::Tick& tick) {
    // What was before is not known: the wrist is taken to have been still. What waits learns no more.
    if (tick.first) {
        ring_.fill(tick.values);
        for (const Waiting& w : waiting_) release(w);
        waiting_.clear();
    }
    look_at_rest(tick.values);
    ring_[next_] = tick.values;
    next_ = (next_ + 1) % length;
    const auto at = [&](std::size_t i) { return length_of(ring_[(next_ + i) % length]); };
    const std::size_t blow = n - 1 - after;
    const double hard = at(blow);
    if (hard < 1.2) return;
    for (std::size_t i = blow - 10; i <= blow + 10; ++i) {
        if (at(i) > hard || (at(i) == hard && i < blow)) return;
    }
    std::array<Vector, length> window;
    std::ranges::rotate_copy(ring_, ring_.begin() + static_cast<std::ptrdiff_t>(next_), window.begin());
    const View view(window);
    if (!plausible(view)) {
        ++implausible_;
        return;
    }
    const auto age = static_cast<std::int64_t>(length - 1 - view.blow) * 1'000'000 / static_cast<std::int64_t>(rate);
    waiting_.push_back({{tick.time, tick.time - base::Duration{age}, features_of(view)}});
}

std::optional<Fall> WristFalls::push(const Motion& motion) { return judge(windows_.push(motion)); }
std::optional<Fall> WristFalls::finish() { return judge(windows_.finish()); }

std::optional<Fall> WristFalls::judge(std::span<const WristWindow> windows) {
    for (const WristWindow& window : windows) {
        if (quiet_until_.is_set() && window.end < quiet_until_) continue;
        const double sure = confidence(model_, window.features);
        if (sure < model_.threshold) continue;
        quiet_until_ = window.end + base::seconds(quiet_s);
        return Fall{window.blow, sure};
    }
    return std::nullopt;
}

}  // namespace shoumen::detect
