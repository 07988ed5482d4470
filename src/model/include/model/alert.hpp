// What a rule found.
#pragma once
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/precision.hpp"
#include "model/words.hpp"

namespace shoumen::model {

struct Alert {
    AlertId id;
    RuleId rule;  // of the policy version of the moment
    IncidentKindId kind;
    CauseId cause;
    Severity severity{};
    DeviceId device;  // the last device that spoke; invalid for an absence nobody's signal made
    PlaceId place;    // of the device, or the subject's place
    PlaceId anchor;   // the common place under which alerts of one cause are one incident
    base::Time at;
    AlertId renews;     // the alert whose place it takes: what it found goes on, one clearing ends both; invalid: none
    bool late = false;  // raised from a signal older than the clock rule allows
    Scene scene = 0;    // of the signal that raised it, where the rule asks for one
};

struct AlertCleared {
    AlertId id;
    base::Time at;
};

}  // namespace shoumen::model
