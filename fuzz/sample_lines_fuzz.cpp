// Any bytes as lines of samples and on through both detectors: no crash, finite values, and a table that is read as a
// model is the same after being written.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/sample_lines.hpp"
#include "detect/models.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

using namespace shoumen;

namespace {

void model_of(std::string_view text) {
    const auto model = detect::read_trees(text);
    if (!model) return;
    const auto again = detect::read_trees(detect::to_text(*model));
    if (!again || detect::to_text(*again) != detect::to_text(*model)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    model_of(rest);
    app::SampleLines lines({"x", "y", "z"});
    detect::WristFalls wrist(detect::wrist_model());
    detect::ThermalFalls thermal(detect::thermal_model());
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto read = lines.read(line);
        if (!read && (read.error().code != "bad-line" || read.error().message.empty())) std::abort();
        if (!read || !*read) continue;
        const app::Sample& s = **read;
        if (s.values.size() != 3) std::abort();
        for (double v : s.values) {
            if (!std::isfinite(v)) std::abort();
        }
        if (const auto fall = wrist.push({s.time, s.values[0], s.values[1], s.values[2]})) {
            if (!(fall->confidence >= 0 && fall->confidence <= 1)) std::abort();
        }
        detect::ThermalFrame frame{s.time, {}};
        for (std::size_t z = 0; z < frame.celsius.size(); ++z) frame.celsius[z] = s.values[z % 3];
        thermal.push(frame);
    }
    return 0;
}
