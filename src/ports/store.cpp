#include "ports/store.hpp"

namespace shoumen::ports {

bool CommitUnit::empty() const {
    return batches.empty() && incidents.empty() && alerts.empty() && cleared.empty() && events.empty() &&
           notices.empty() && quarantine.empty() && texts.empty() && records.empty() && tiles.empty() &&
           counts == model::SenseCounts{};
}

// Keeps the capacity of its lists: a unit is filled again and again.
void CommitUnit::clear() {
    batches.clear();
    incidents.clear();
    alerts.clear();
    cleared.clear();
    events.clear();
    notices.clear();
    quarantine.clear();
    texts.clear();
    records.clear();
    tiles.clear();
    counts = {};
}

}  // namespace shoumen::ports
