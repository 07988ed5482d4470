// The data sets of falls as trials: what a detector would have seen of each, window by window.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "detect/study.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

namespace shoumen::bench {

template <class Sample>
struct Recording {
    std::string who;   // a person; of the thermal array the recording itself
    std::string what;  // the activity
    bool fall = false;
    std::vector<Sample> samples;
};

using Wrist = Recording<detect::Motion>;
using Thermal = Recording<detect::ThermalFrame>;

// Reads `file` of the data sets (SHOUMEN_DATA_DIR, else ../shared/data); nullopt, said on stderr: it is not there.
// Throws where it is there and not as expected. `unit`: how much of the file's is one g.
std::optional<std::vector<Wrist>> read_wrist(const std::string& file, double unit);
std::optional<std::vector<Thermal>> read_thermal(const std::string& file);

std::vector<detect::Trial> trials_of(const std::vector<Wrist>& recordings);
// Groups are parts into which recordings fall by turns.
std::vector<detect::Trial> trials_of(const std::vector<Thermal>& recordings, std::size_t parts);

template <class Sample>
double seconds_of(const std::vector<Recording<Sample>>& recordings) {
    double s = 0;
    for (const auto& r : recordings) {
        for (std::size_t i = 1; i < r.samples.size(); ++i) {
            const auto step = r.samples[i].time - r.samples[i - 1].time;
            if (step > base::Duration{} && step < base::seconds(2)) s += static_cast<double>(step.us) / 1e6;
        }
    }
    return s;
}

}  // namespace shoumen::bench
