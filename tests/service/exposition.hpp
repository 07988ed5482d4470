// Reads Prometheus' text format (0.0.4) strictly, as promtool would, and says what is wrong with it.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

namespace shoumen::service {

struct Metrics {
    std::map<std::string, std::string> types;  // of families, by name
    std::map<std::string, double> samples;     // by name and labels, as written: a_total{b="c"}
    std::vector<std::string> findings;

    [[nodiscard]] double of(const std::string& series) const;   // 0: there is none
    [[nodiscard]] double sum(const std::string& prefix) const;  // of all series that begin so
};

Metrics read_metrics(const std::string& text);

}  // namespace shoumen::service
