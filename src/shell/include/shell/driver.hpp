// Steps a core over batches and puts timer inputs where something is due: the one way in which time passes, live, in
// replay and in the twin. One thread.
#pragma once
#include "loop/core.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"

namespace shoumen::shell {

enum class Timers : std::uint8_t {
    own,       // put a timer input before each input at whose time something is due
    recorded,  // the batch holds them already
};

// Steps over all of the batch; with Timers::own its inputs grow by the timers put in (numbers follow). Appends to
// effects.
void drive(loop::Core& core, model::Batch& batch, Timers timers, model::Effects& effects);

}  // namespace shoumen::shell
