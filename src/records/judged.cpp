#include "records/judged.hpp"

namespace shoumen::records {

using model::SignalKind;
using model::Verdict;

bool recognises(SignalKind kind) {
    return kind == SignalKind::camera_fight || kind == SignalKind::camera_fall || kind == SignalKind::falling_object ||
           kind == SignalKind::resident_camera || kind == SignalKind::gathering;
}

void add_judged(Judged& sum, const model::Policy& policy, const model::Incident& incident, base::Time since) {
    for (const model::Source& source : incident.sources) {
        const auto device = source.track.device;
        if (!device.valid() || device.value >= policy.devices.size()) continue;
        if (!recognises(policy.devices[device.value].kind)) continue;
        if (source.verdict != Verdict::real && source.verdict != Verdict::mistaken) continue;
        if (source.judged < since) continue;
        ++sum.judged;
        sum.right += source.verdict == Verdict::real;
    }
}

}  // namespace shoumen::records
