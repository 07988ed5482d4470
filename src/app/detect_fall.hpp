// `shoumen detect fall`: falls in measured samples, for a gateway; a signal on stdout for each.
#pragma once
#include <string>

namespace shoumen::app {

struct DetectFallOptions {
    std::string file;    // empty or "-": stdin
    bool wrist = false;  // said, not only taken for granted
    bool thermal = false;
    std::string unit = "m/s2";  // of the wrist: m/s2, g
    std::string device;         // empty: the signal names none
};
int detect_fall(const DetectFallOptions& options);

}  // namespace shoumen::app
