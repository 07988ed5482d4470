#include "detect/learn.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/random.hpp"

namespace shoumen::detect {
namespace {

constexpr std::size_t most_bins = 48;

// What of the loss falls into a place: its slope and its curvature.
struct Pull {
    double slope = 0;
    double curve = 0;
    double weight = 0;
    void add(const Pull& o) {
        slope += o.slope;
        curve += o.curve;
        weight += o.weight;
    }
    [[nodiscard]] Pull without(const Pull& o) const { return {slope - o.slope, curve - o.curve, weight - o.weight}; }
};

class Learner {
public:
    Learner(std::span<const Example> examples, const Course& course)
        : examples_(examples), course_(course), random_(course.seed), score_(examples.size()), pull_(examples.size()) {
        for (const Example& e : examples_) total_ += e.weight;
        cut_into_bins();
    }

    Trees run(std::string name) {
        Trees out;
        out.name = std::move(name);
        out.features = features();
        double falls = 0;
        for (const Example& e : examples_) falls += e.fall ? e.weight : 0;
        out.base = std::log(falls / (total_ - falls));
        std::ranges::fill(score_, out.base);
        for (std::size_t i = 0; i < course_.trees; ++i) out.trees.push_back(next_tree());
        return out;
    }

private:
    [[nodiscard]] std::size_t features() const { return examples_.front().features.size(); }

    // Limits between the values of each feature, so that the examples spread evenly.
    void cut_into_bins() {
        limits_.resize(features());
        bins_.resize(features());
        std::vector<double> values(examples_.size());
        for (std::size_t f = 0; f < features(); ++f) {
            for (std::size_t i = 0; i < examples_.size(); ++i) values[i] = examples_[i].features[f];
            std::ranges::sort(values);
            for (std::size_t b = 1; b < most_bins; ++b) {
                const std::size_t at = b * values.size() / most_bins;
                if (at == 0 || values[at - 1] == values[at]) continue;
                const double limit = (values[at - 1] + values[at]) / 2;
                if (limits_[f].empty() || limit > limits_[f].back()) limits_[f].push_back(limit);
            }
            bins_[f].resize(examples_.size());
            for (std::size_t i = 0; i < examples_.size(); ++i) {
                const auto above = std::ranges::lower_bound(limits_[f], examples_[i].features[f]);
                bins_[f][i] = static_cast<std::uint8_t>(above - limits_[f].begin());
            }
        }
    }

    // Numbers below n, each with the chance given; at least one.
    std::vector<std::uint32_t> drawn(std::size_t n, double share) {
        std::vector<std::uint32_t> out;
        for (std::uint32_t i = 0; i < n; ++i) {
            if (random_.chance(share)) out.push_back(i);
        }
        if (out.empty()) out.push_back(static_cast<std::uint32_t>(random_.below(n)));
        return out;
    }

    Tree next_tree() {
        for (std::size_t i = 0; i < examples_.size(); ++i) {
            const double p = 1 / (1 + std::exp(-score_[i]));
            const double w = examples_[i].weight;
            pull_[i] = {w * ((examples_[i].fall ? 1.0 : 0.0) - p), w * std::max(p * (1 - p), 1e-6), w};
        }
        columns_ = drawn(features(), course_.columns);
        Tree tree;
        grow(tree, 0, drawn(examples_.size(), course_.rows));
        for (std::size_t i = 0; i < examples_.size(); ++i) score_[i] += leaf_of(tree, i);
        return tree;
    }

    void grow(Tree& tree, std::size_t at, std::vector<std::uint32_t> rows) {
        if (at >= Tree::questions) {
            tree.leaf[at - Tree::questions] = value_of(sum_of(rows));
            return;
        }
        const auto [feature, bin] = best_question(rows);
        tree.feature[at] = static_cast<std::uint8_t>(feature);
        // Where nothing is gained by asking, all go left.
        const bool asks = bin < limits_[feature].size();
        tree.limit[at] = asks ? limits_[feature][bin] : 1e30;
        std::vector<std::uint32_t> right;
        if (asks) {
            const auto middle = std::ranges::stable_partition(
                rows, [&, f = feature, b = bin](std::uint32_t r) { return bins_[f][r] <= b; });
            right.assign(middle.begin(), middle.end());
            rows.erase(middle.begin(), middle.end());
        }
        grow(tree, 2 * at + 1, std::move(rows));
        grow(tree, 2 * at + 2, std::move(right));
    }

    [[nodiscard]] Pull sum_of(const std::vector<std::uint32_t>& rows) const {
        Pull sum;
        for (std::uint32_t r : rows) sum.add(pull_[r]);
        return sum;
    }

    [[nodiscard]] double mean_weight() const { return total_ / static_cast<double>(examples_.size()); }
    [[nodiscard]] double calm() const { return course_.calm * mean_weight(); }
    [[nodiscard]] double value_of(const Pull& p) const { return course_.step * p.slope / (p.curve + calm()); }
    [[nodiscard]] double gain_of(const Pull& p) const { return p.slope * p.slope / (p.curve + calm()); }

    // Feature and the last bin that goes left; a bin past all limits where no question helps.
    std::pair<std::size_t, std::size_t> best_question(const std::vector<std::uint32_t>& rows) {
        const double least = course_.least_weight * mean_weight();
        const Pull all = sum_of(rows);
        double best = gain_of(all) + 1e-9;
        std::pair<std::size_t, std::size_t> found{columns_.front(), most_bins};
        std::array<Pull, most_bins> bins;
        for (std::uint32_t f : columns_) {
            bins.fill({});
            for (std::uint32_t r : rows) bins[bins_[f][r]].add(pull_[r]);
            Pull left;
            for (std::size_t b = 0; b < limits_[f].size(); ++b) {
                left.add(bins[b]);
                const Pull right = all.without(left);
                if (left.weight < least || right.weight < least) continue;
                const double gain = gain_of(left) + gain_of(right);
                if (gain <= best) continue;
                best = gain;
                found = {f, b};
            }
        }
        return found;
    }

    [[nodiscard]] double leaf_of(const Tree& tree, std::size_t row) const {
        std::size_t at = 0;
        while (at < Tree::questions) at = 2 * at + (examples_[row].features[tree.feature[at]] > tree.limit[at] ? 2 : 1);
        return tree.leaf[at - Tree::questions];
    }

    std::span<const Example> examples_;
    const Course& course_;
    base::SeededRandom random_;
    std::vector<double> score_;
    std::vector<Pull> pull_;
    double total_ = 0;
    std::vector<std::vector<double>> limits_;
    std::vector<std::vector<std::uint8_t>> bins_;
    std::vector<std::uint32_t> columns_;
};

}  // namespace

Trees learn(std::span<const Example> examples, const Course& course, std::string name) {
    assert(!examples.empty());
    const auto read = read_trees(to_text(Learner(examples, course).run(std::move(name))));
    assert(read);
    return *read;
}

}  // namespace shoumen::detect
