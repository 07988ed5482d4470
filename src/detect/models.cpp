#include "detect/models.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <string_view>
#include <utility>

namespace shoumen {
std::span<const std::pair<std::string_view, std::string_view>> embedded_detect_models();  // file name, text
}

namespace shoumen::detect {
namespace {

Trees shipped(std::string_view file) {
    const auto texts = embedded_detect_models();
    const auto found = std::ranges::find(texts, file, &std::pair<std::string_view, std::string_view>::first);
    assert(found != texts.end());
    auto model = read_trees(found->second);
    assert(model);
    return *std::move(model);
}

}  // namespace

const Trees& wrist_model() {
    static const Trees model = shipped("wrist.txt");
    return model;
}

const Trees& thermal_model() {
    static const Trees model = shipped("thermal.txt");
    return model;
}

}  // namespace shoumen::detect
