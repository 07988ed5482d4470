// Reads the native payload of a device, `{"id","device","kind","time","values","evidence"}` or an array of such
// objects, into flat signals. Both doors (MQTT, HTTP) read with it, so that a payload means the same whichever way it
// came.
//
// The rules for reading:
// - `device` and `kind` must be there and be text; `id`, `time`, `evidence` are text, null or left out; `values` is an
// object,
//   null or left out.
// - A value is true, false, a number, text or null. Numbers become doubles, whole numbers of any length too.
// - Fields at the top that are not named above are passed over: devices in the field send more than we ask for.
// - A name given twice in one object is refused (`doubled-key`): which of the two would be meant?
//
// Error codes: too-large, bad-utf8, bad-json, bad-number, wrong-type, missing-field, doubled-key, bad-value,
// device-mismatch. `where` is the field, if it has a name fit to print. No error text repeats anything else of the
// payload.
//
// A reader owns its buffers and uses them again for each payload: nothing is allocated for a payload that can be read.
// One thread.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

constexpr std::size_t max_signal_bytes = 65'536;

class NativeReader {
public:
    // So many bytes after a payload must be readable (whatever they hold) where read_padded() is used.
    static constexpr std::size_t padding = 64;

    // max_payload: of the whole payload; a single signal has at most max_signal_bytes of it.
    explicit NativeReader(std::size_t max_payload = max_signal_bytes);
    NativeReader(NativeReader&&) noexcept;
    NativeReader& operator=(NativeReader&&) noexcept;
    ~NativeReader();

    // Reads a payload; the answer is how many signals it holds: 1 for an object, the length of an array (0 too). An
    // error means that it is no JSON as a whole. `payload` must stay as it is until the next read.
    base::Result<std::size_t> read(std::string_view payload);
    // The same without a copy.
    base::Result<std::size_t> read_padded(std::string_view payload);

    // The nth signal of the last payload that was read. `device`: the code of the device that the way here already
    // names (the MQTT topic): fills a signal that names none, and one that names another is refused; empty: the payload
    // must name it. What the signal points to is valid until the next call of signal() or read().
    base::Result<model::FlatSignal> signal(std::size_t n, std::string_view device = {});

    // The bytes of the nth signal as they came.
    [[nodiscard]] std::string_view raw(std::size_t n) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::doors
