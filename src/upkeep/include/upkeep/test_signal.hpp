// Whether what a device says shows that somebody has just tried it, or is no more than its usual report. Pure.
//
// A device that somebody can set off (a smoke alarm by its button, a contact by opening the door) has been tried when
// it says so (`test`, `self_test`), or says that what it looks for is there: a "true" that is no state it is always in,
// a "false" of a contact, a word (what a button was pressed for, what came of a card). One that only measures has no
// way to be tried: whatever it says shows that it is the one that hangs there.
#pragma once
#include <span>

#include "model/signal.hpp"
#include "model/words.hpp"

namespace shoumen::upkeep {

[[nodiscard]] bool shows_a_test(model::SignalKind kind, std::span<const model::FlatValue> values);

}  // namespace shoumen::upkeep
