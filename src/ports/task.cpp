#include "ports/task.hpp"

namespace shoumen::ports {

std::string_view to_word(TaskState state) {
    switch (state) {
        case TaskState::running:
            return "running";
        case TaskState::done:
            return "done";
        case TaskState::failed:
            return "failed";
        case TaskState::cancelled:
            return "cancelled";
        case TaskState::interrupted:
            return "interrupted";
    }
    return "";
}

}  // namespace shoumen::ports
