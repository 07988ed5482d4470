#include "detect/trees.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "detect/models.hpp"
#include "detect/thermal.hpp"
#include "detect/wrist.hpp"

using namespace shoumen;
using namespace shoumen::detect;

namespace {

const std::string head = "shoumen-trees 1\nname small-1\nfeatures 2\nthreshold 0.5\nbase -1\n";
const std::string tree = "tree 0 1 1 5 1 7 0 0 0 0 0 0 0 0 0 0.5 1 2 3 4 5 6\n";

}  // namespace

TEST_CASE("a window goes to the right where the feature is above the limit") {
    const auto model = read_trees(head + "tree 0 1 1 5 1 7 0 0 0 0 0 2 0 2 1 2 3 4 5 6 7 8\n");
    REQUIRE(model);
    const auto leaf = [&](double a, double b) {
        const double p = confidence(*model, std::array{a, b});
        return std::log(p / (1 - p)) + 1;  // without the base
    };
    CHECK(leaf(-1, 5) == doctest::Approx(1));
    CHECK(leaf(0.5, 5) == doctest::Approx(2));
    CHECK(leaf(1, 6) == doctest::Approx(4));  // 1 is not above 1
    CHECK(leaf(1.5, 7) == doctest::Approx(5));
    CHECK(leaf(3, 8) == doctest::Approx(8));
}

TEST_CASE("a model is the same after being written and read") {
    const auto model = read_trees(head + tree + tree);
    REQUIRE(model);
    CHECK(model->trees.size() == 2);
    CHECK(*read_trees(to_text(*model)) == *model);
}

TEST_CASE("what is no model is refused at its line") {
    const auto refused = [](const std::string& text, const std::string& where) {
        CAPTURE(text);
        const auto model = read_trees(text);
        REQUIRE(!model);
        CHECK(model.error().code == "bad-model");
        CHECK(model.error().where == where);
    };
    refused("", "");
    refused("trees 1\n", "1");
    refused(head, "");                                                            // no tree
    refused(head + "tree 0 1 1 5\n", "6");                                        // too short
    refused(head + tree.substr(0, tree.size() - 1) + " 9\n", "6");                // too long
    refused(head + "tree 2 1 1 5 1 7 0 0 0 0 0 0 0 0 0 0.5 1 2 3 4 5 6\n", "6");  // no such feature
    refused(head + "tree 0 nan 1 5 1 7 0 0 0 0 0 0 0 0 0 0.5 1 2 3 4 5 6\n", "6");
    refused(head + "features 1\n" + tree, "7");
    refused("shoumen-trees 1\nthreshold 1.5\n", "2");
    refused("shoumen-trees 1\nfeatures 100000\n", "2");
}

TEST_CASE("the shipped models fit the features of this program") {
    CHECK(wrist_model().features == wrist_features);
    CHECK(wrist_model().name == "wrist-2");
    CHECK(wrist_model().trees.size() > 10);
    CHECK(thermal_model().features == thermal_features);
    CHECK(thermal_model().name == "thermal-1");
}
