// Reads a foreign payload by a map (model/map.hpp) into flat signals.
//
// - Plain members (true, false, number, text, null) of the values' object are values; objects and arrays in it are
//   passed over, unless the map asks for them (`nested`). Names that are no plain word get '_' for what may not stand
//   in one. Text that is "" is passed over.
// - In XML everything is text: true and false, and what JSON would write as a number of at most 15 characters, are
//   taken for such. A document type is refused (`xml-doctype`): no entity is ever declared, and none expanded.
// - An element without a single value that is not null is refused with `no-reading`, one for which the map has cases
//   but none that holds with `no-case`.
// - A time before the year 2000 comes of a clock that was never set: it is left out, and `clock_unset` says so.
// - A name given twice in one object is refused. No error text repeats anything of the payload.
// - At most 1,000 signals of one payload; what a map does ends with the payload.
// Error codes: too-large, too-many-readings, bad-utf8, bad-json, bad-xml, xml-doctype, bad-bytes, bad-number,
// wrong-type, missing-field, doubled-key, device-mismatch, bad-value, bad-time, no-reading, no-case. One thread; the
// buffers are used again.
#pragma once
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "doors/payload/fitting.hpp"
#include "model/map.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

class MappedReader {
public:
    MappedReader();
    MappedReader(MappedReader&&) noexcept;
    MappedReader& operator=(MappedReader&&) noexcept;
    ~MappedReader();

    // How many signals the payload holds; 0: the map passes all of it over. `own`: the code of the device that sent it.
    // What was given must stay as it is until the next read.
    base::Result<std::size_t> read(const Fitting& fitting, std::string_view own, std::string_view payload);
    // Valid until the next call of signal() or read().
    base::Result<model::FlatSignal> signal(std::size_t n);
    // The line of the map's case by which the nth signal is read; 0: the entry has no cases.
    [[nodiscard]] std::uint32_t case_line(std::size_t n) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::doors
