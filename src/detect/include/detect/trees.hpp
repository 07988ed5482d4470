// A model: a sum of small decision trees over the features of a window, read from a table of numbers.
//
//     shoumen-trees 1
//     name wrist-1
//     features 30
//     threshold 0.5          alarm from this confidence on
//     base -0.25
//     tree 3 0.81 ... -0.02  seven questions (feature, limit), top down and left to right, then eight leaves
//
// A question sends a window to the right where the feature is above the limit. The confidence is the logistic function
// of base and leaves. Any bytes may come in; error: bad-model (`where` is the line). Pure.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::detect {

struct Tree {
    static constexpr std::size_t questions = 7, leaves = 8;
    std::array<std::uint8_t, questions> feature{};
    std::array<double, questions> limit{};
    std::array<double, leaves> leaf{};
    bool operator==(const Tree&) const = default;
};

struct Trees {
    std::string name;  // with its version: "wrist-1"
    std::size_t features = 0;
    double threshold = 0.5;
    double base = 0;
    std::vector<Tree> trees;
    bool operator==(const Trees&) const = default;
};

base::Result<Trees> read_trees(std::string_view text);
std::string to_text(const Trees& trees);  // numbers are cut to six digits

double confidence(const Trees& trees, std::span<const double> features);  // 0 … 1

}  // namespace shoumen::detect
