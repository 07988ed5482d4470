#include "detect/thermal.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace shoumen::detect {
namespace {

constexpr std::size_t n = ThermalWindows::length;
constexpr std::size_t side = 4;
constexpr double warm = 0.4;  // °C above the background: less is noise

// Where the warmth of a frame lies. Rows and columns count from 0; all zeros where nobody is seen.
struct Warmth {
    double all = 0, most = 0, zones = 0;
    double row = 0, column = 0, tall = 0, wide = 0;
    std::array<double, side> rows{};
};

Warmth warmth_of(const std::array<double, thermal_zones>& above) {
    Warmth w;
    double rows = 0, columns = 0, rows2 = 0, columns2 = 0;
    for (std::size_t i = 0; i < thermal_zones; ++i) {
        const double heat = above[i] - warm;
        if (heat <= 0) continue;
        const auto r = static_cast<double>(i / side), c = static_cast<double>(i % side);
        w.all += heat;
        w.most = std::max(w.most, heat);
        w.zones += 1;
        w.rows[i / side] += heat;
        rows += heat * r;
        columns += heat * c;
        rows2 += heat * r * r;
        columns2 += heat * c * c;
    }
    if (w.all <= 0) return w;
    w.row = rows / w.all;
    w.column = columns / w.all;
    w.tall = std::sqrt(std::max(0.0, rows2 / w.all - w.row * w.row));
    w.wide = std::sqrt(std::max(0.0, columns2 / w.all - w.column * w.column));
    return w;
}

struct View {
    std::array<Warmth, n> at;
    std::array<double, n> change{};  // of all zones together since the tick before, °C

    explicit View(const std::array<std::array<double, thermal_zones>, n>& window) {
        for (std::size_t i = 0; i < n; ++i) {
            at[i] = warmth_of(window[i]);
            for (std::size_t z = 0; i > 0 && z < thermal_zones; ++z)
                change[i] += std::abs(window[i][z] - window[i - 1][z]);
        }
    }

    template <class Get>
    [[nodiscard]] double mean(std::size_t from, std::size_t to, Get get) const {
        double sum = 0;
        for (std::size_t i = from; i < to; ++i) sum += std::invoke(get, at[i]);
        return sum / static_cast<double>(to - from);
    }
};

// The largest way down of the warmth in a second, and how long ago it ended.
struct Drop {
    double most = 0, age = 0;
};

Drop drop_of(const View& w) {
    Drop d;
    for (std::size_t i = ThermalWindows::rate; i < n; ++i) {
        const Warmth& then = w.at[i - ThermalWindows::rate];
        if (then.all <= 0 || w.at[i].all <= 0 || w.at[i].row - then.row <= d.most) continue;
        d.most = w.at[i].row - then.row;
        d.age = static_cast<double>(n - 1 - i) / ThermalWindows::rate;
    }
    return d;
}

std::array<double, thermal_features> features_of(const View& w) {
    constexpr std::size_t lately = n - 5, third = n / 3;
    const auto now = [&](auto get) { return w.mean(lately, n, get); };
    const auto first = [&](auto get) { return w.mean(0, third, get); };
    const auto middle = [&](auto get) { return w.mean(third, 2 * third, get); };
    double high = 3, tallest = 0, most_above = 0, most_all = 0, most_change = 0, moved = 0, unrest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (w.at[i].all > 0) high = std::min(high, w.at[i].row);
        tallest = std::max(tallest, w.at[i].tall);
        most_above = std::max(most_above, w.at[i].rows[0] + w.at[i].rows[1]);
        most_all = std::max(most_all, w.at[i].all);
        most_change = std::max(most_change, w.change[i]);
        if (i > 0 && w.at[i].all > 0 && w.at[i - 1].all > 0) moved += std::abs(w.at[i].column - w.at[i - 1].column);
        if (i >= lately) unrest += w.change[i] / static_cast<double>(n - lately);
    }
    const auto share = [](double part, double all) { return all > 0.5 ? part / all : 0; };
    const double all = now(&Warmth::all);
    const double above = now([](const Warmth& a) { return a.rows[0] + a.rows[1]; });
    const double floor = now([](const Warmth& a) { return a.rows[3]; });
    const double row = now(&Warmth::row);
    const Drop drop = drop_of(w);
    return {all,
            now(&Warmth::most),
            now(&Warmth::zones),
            row,
            now(&Warmth::tall),
            now(&Warmth::wide),
            share(above, all),
            share(floor, all),
            above,
            floor,
            row - high,
            row - first(&Warmth::row),
            row - middle(&Warmth::row),
            drop.most,
            drop.age,
            tallest - now(&Warmth::tall),
            most_above,
            most_all,
            share(all, most_all),
            share(above, most_above),
            most_change,
            unrest,
            moved,
            first(&Warmth::all),
            now(&Warmth::wide) - first(&Warmth::wide),
            now([](const Warmth& a) { return a.rows[2]; })};
}

}  // namespace

double sunk(const ThermalWindow& window) { return window.features[11]; }

ThermalWindows::ThermalWindows() : steady_({.rate = rate, .hole_s = 1, .bridge_s = 3, .usual_rate = rate}) {}

std::span<const ThermalWindow> ThermalWindows::push(const ThermalFrame& frame) {
    out_.clear();
    for (const auto& tick : steady_.push(frame.time, frame.celsius)) take(tick);
    return out_;
}

// Down at once, up within a minute or two: a room warms slowly, a person comes quickly.
void ThermalWindows::learn_background(const Zones& celsius) {
    for (std::size_t z = 0; z < thermal_zones; ++z) {
        const double off = celsius[z] - background_[z];
        background_[z] += off * (off < 0 ? 0.5 : 0.001);
    }
}

void ThermalWindows::take(const Steady<thermal_zones>::Tick& tick) {
    if (tick.first) {
        background_ = tick.values;
        ring_.fill({});
        until_hop_ = hop;
    }
    learn_background(tick.values);
    for (std::size_t z = 0; z < thermal_zones; ++z) ring_[next_][z] = tick.values[z] - background_[z];
    next_ = (next_ + 1) % length;
    if (--until_hop_ > 0) return;
    until_hop_ = hop;
    std::array<Zones, length> window;
    std::ranges::rotate_copy(ring_, ring_.begin() + static_cast<std::ptrdiff_t>(next_), window.begin());
    out_.push_back({tick.time, features_of(View(window))});
}

std::optional<Fall> ThermalFalls::push(const ThermalFrame& frame) {
    for (const ThermalWindow& window : windows_.push(frame)) {
        if (quiet_until_.is_set() && window.end < quiet_until_) continue;
        const double sure = confidence(model_, window.features);
        if (sure < model_.threshold) continue;
        quiet_until_ = window.end + base::seconds(quiet_s);
        return Fall{window.end, sure};
    }
    return std::nullopt;
}

}  // namespace shoumen::detect
