// Learns a model from windows of which it is known whether somebody fell: gradient boosting of small trees on the
// logistic loss, each on a part of the windows and of the features drawn from a seed. Same examples, same seed, same
// model. Of use to the program that makes the shipped models and to the measurement that judges them; nothing learns
// while it is in service. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "detect/trees.hpp"

namespace shoumen::detect {

struct Example {
    std::vector<double> features;
    bool fall = false;
    double weight = 1;
};

struct Course {
    std::size_t trees = 120;
    double step = 0.1;        // how far each tree goes
    double rows = 0.6;        // share of the examples each tree sees
    double columns = 0.5;     // and of the features
    double least_weight = 2;  // of a leaf, in units of the mean example
    double calm = 2;          // draws leaves towards 0
    std::uint64_t seed = 20261128;
};

// As it stands after `to_text` and back: what is judged is what is shipped. Needs one example of each sort at least.
Trees learn(std::span<const Example> examples, const Course& course, std::string name);

}  // namespace shoumen::detect
