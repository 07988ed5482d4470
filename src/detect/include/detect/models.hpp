// The models that are shipped: tables of numbers in src/detect/models, made by `./dev bench fall --write=…`.
#pragma once
#include "detect/trees.hpp"

namespace shoumen::detect {

const Trees& wrist_model();
const Trees& thermal_model();

}  // namespace shoumen::detect
