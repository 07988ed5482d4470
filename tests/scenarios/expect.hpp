// The lines of a scenario that begin with "expect": what they say is held against what has happened so far.
#pragma once
#include "cast.hpp"
#include "stage.hpp"
#include "words.hpp"

namespace shoumen::scenarios {

// Throws Failure when it is not as expected.
void check_expectation(Words& words, const Stage& stage, const Cast& cast);

}  // namespace shoumen::scenarios
