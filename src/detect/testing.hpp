// Made-up movements of a wrist and frames of a thermal array.
#pragma once
#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

namespace shoumen::detect::testing {

inline constexpr base::Time start{1'772'500'000'000'000};

// Walks for `walk_s`, falls (light, a blow, rolls) and lies still.
inline std::vector<Motion> walk_and_fall(double rate, double walk_s, bool falls, double lie_s = 6) {
    base::SeededRandom random(11);
    std::vector<Motion> out;
    const auto add = [&](double s, double x, double y, double z) {
        const auto noise = [&] { return 0.01 * (random.unit() - 0.5); };
        out.push_back(
            {start + base::Duration{static_cast<std::int64_t>(s * 1e6)}, x + noise(), y + noise(), z + noise()});
    };
    const double all = walk_s + lie_s;
    for (double s = 0; s < all; s += 1 / rate) {
        const double since = s - walk_s;
        const double step = 0.25 * std::sin(2 * 3.14159 * 1.8 * s);
        if (since < 0 || !falls) {
            add(s, -0.95 + step, 0.2 + 0.3 * step, 0.1);
        } else if (since < 0.4) {
            add(s, -0.35, 0.1, 0.2);
        } else if (since < 0.5) {
            add(s, -1.6, 2.6, 2.4);
        } else if (since < 0.9) {
            add(s, 0.4 * std::sin(40 * s), 1.2 + 0.6 * std::sin(33 * s), 0.6);
        } else {
            add(s, 0.1, 0.3, 0.94);
        }
    }
    return out;
}

// Somebody comes in, upright in a column, and sinks to the floor at `falls_s` or walks on.
inline std::vector<ThermalFrame> walk_in(double falls_s, double all_s, double celsius = 22) {
    std::vector<ThermalFrame> out;
    for (double s = 0; s < all_s; s += 0.1) {
        ThermalFrame f{start + base::Duration{static_cast<std::int64_t>(s * 1e6)}, {}};
        f.celsius.fill(celsius);
        const double column = std::min(2.0, std::max(0.0, s - 1));
        for (int r = 0; s > 1 && r < 4; ++r) {
            for (int c = 0; c < 4; ++c) {
                const double near = std::max(0.0, 1 - std::abs(c - column));
                const double lying = s < falls_s ? 0 : std::min(1.0, (s - falls_s) / 0.6);
                const double down = r == 3 ? (c == 0 ? 0.8 : 2.8) : r == 2 ? 0.4 : 0;
                f.celsius[static_cast<std::size_t>(4 * r + c)] += (1 - lying) * 2.2 * near + lying * down;
            }
        }
        out.push_back(f);
    }
    return out;
}

}  // namespace shoumen::detect::testing
