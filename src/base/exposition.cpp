#include "base/exposition.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace shoumen::base {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '"') {
            out += "\\\"";
        } else if (c == '\n') {
            out += "\\n";
        } else {
            out.push_back(c);
        }
    }
}

}  // namespace

Histogram::Histogram(std::vector<double> upper_bounds) : bounds(std::move(upper_bounds)), counts(bounds.size() + 1) {}

void Histogram::add(double value) {
    const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
    ++counts[static_cast<std::size_t>(at)];
    ++count;
    sum += value;
}

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(out_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void Exposition::name_and_labels(std::string_view suffix, Labels labels) {
    out_ += name_;
    out_ += suffix;
    char separator = '{';
    for (const auto& [name, value] : labels) {
        out_.push_back(separator);
        out_ += name;
        out_ += "=\"";
        append_escaped(out_, value);
        out_.push_back('"');
        separator = ',';
    }
    out_ += separator == ',' ? "} " : " ";
}

void Exposition::sample(Labels labels, std::uint64_t value) {
    name_and_labels("", labels);
    fmt::format_to(std::back_inserter(out_), "{}\n", value);
}

void Exposition::sample(Labels labels, double value) {
    name_and_labels("", labels);
    fmt::format_to(std::back_inserter(out_), "{}\n", value);
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample({}, value);
}

void Exposition::gauge(std::string_view name, std::string_view help, double value) {
    family(name, "gauge", help);
    sample({}, value);
}

void Exposition::histogram(std::string_view name, std::string_view help, const Histogram& of) {
    family(name, "histogram", help);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < of.bounds.size(); ++i) {
        below += of.counts[i];
        name_and_labels("_bucket", {{"le", fmt::format("{}", of.bounds[i])}});
        fmt::format_to(std::back_inserter(out_), "{}\n", below);
    }
    name_and_labels("_bucket", {{"le", "+Inf"}});
    fmt::format_to(std::back_inserter(out_), "{}\n", of.count);
    name_and_labels("_sum", {});
    fmt::format_to(std::back_inserter(out_), "{}\n", of.sum);
    name_and_labels("_count", {});
    fmt::format_to(std::back_inserter(out_), "{}\n", of.count);
}

}  // namespace shoumen::base
