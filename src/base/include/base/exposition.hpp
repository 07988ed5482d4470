// Figures as Prometheus reads them (text format 0.0.4), and a histogram to count into.
//
// Contract of Exposition: each family is begun once, its samples follow; names and label names are words of ours, label
// values are escaped. Whoever adds a label bounds its values: words of closed lists or of the policy, never what
// somebody sent.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shoumen::base {

struct Histogram {
    explicit Histogram(std::vector<double> upper_bounds);
    void add(double value);

    std::vector<double> bounds;         // ascending
    std::vector<std::uint64_t> counts;  // of each bound alone, and last of what lies above all
    std::uint64_t count = 0;
    double sum = 0;
};

class Exposition {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    void family(std::string_view name, std::string_view type, std::string_view help);
    void sample(Labels labels, std::uint64_t value);
    void sample(Labels labels, double value);
    // A family of one sample.
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, double value);
    void histogram(std::string_view name, std::string_view help, const Histogram& of);

    std::string take() { return std::move(out_); }

private:
    void name_and_labels(std::string_view suffix, Labels labels);

    std::string out_;
    std::string name_;
};

}  // namespace shoumen::base
