#include "shell/driver.hpp"

namespace shoumen::shell {

void drive(loop::Core& core, model::Batch& batch, Timers timers, model::Effects& effects) {
    if (timers == Timers::recorded) {
        core.step(batch, effects);
        return;
    }
    std::size_t at = 0;
    while ((at = core.step_until_due(batch, at, effects)) < batch.inputs.size()) {
        const model::InputHead timer{model::InputType::timer, 0, batch.inputs[at].received};
        batch.inputs.insert(batch.inputs.begin() + static_cast<std::ptrdiff_t>(at), timer);
    }
}

}  // namespace shoumen::shell
