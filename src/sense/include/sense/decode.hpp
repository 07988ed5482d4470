// From flat fields to a checked signal. Pure.
//
// Checks, in this order, each with its own error code and the field it is about:
//   unknown-device       no such device in the policy, or retired
//   not-your-device      the speaker is neither the device nor a gateway it is registered under
//   unknown-kind         not one of the kinds of model/words.hpp
//   wrong-kind           another kind than the device is registered with
//   bad-time             not RFC 3339 with a zone, or outside 1900–2200
//   bad-id               longer than 128 bytes, or control characters
//   bad-value            number not finite, name not 1–64 of [A-Za-z0-9._-], more than 64 values, a name twice, text
//   over 2,048 bytes
// No error text repeats a value (it may be personal); it names the field and says how to mend it.
// A text value that is one of the policy's symbols becomes a symbol; any other text is handed to `texts` and only its
// position stays. An id of the form "#" + 16 hex digits stands for an already hashed id (recorded inputs are written
// so).
#pragma once
#include "base/result.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::sense {

class TextKeeper {
public:
    virtual ~TextKeeper() = default;
    // Keeps the text outside the log; returns its position in the batch's texts.
    virtual std::uint64_t keep(std::string_view text) = 0;
};

// Appends the signal, its head (received = `received`) and values to the batch; on error the batch is as before.
base::Result<void> decode(const model::Policy& policy, const model::FlatSignal& flat, model::DeviceId speaker,
                          base::Time received, TextKeeper& texts, model::Batch& batch);

}  // namespace shoumen::sense
