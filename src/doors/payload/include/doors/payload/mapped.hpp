// Reads a foreign payload by a map (model/map.hpp) into flat signals.
//
// - Plain members (true, false, number, text, null) of the values' object are values; objects and arrays in it are
// passed
//   over. Names that are no plain word get '_' for what may not stand in one. Text that is "" is passed over.
// - An element without a single value that is not null is refused with `no-reading`.
// - A name given twice in one object is refused. No error text repeats anything of the payload.
// Error codes: too-large, bad-utf8, bad-json, bad-number, wrong-type, missing-field, doubled-key, bad-value, bad-time,
// no-reading. One thread; the buffers are used again.
#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/map.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

struct Fitting {
    const model::Map* map = nullptr;
    const model::MapTopic* topic = nullptr;
    std::string_view device;  // the level that {device} stands for; empty: there is none
};

// The first topic entry of the first map that fits; none: no map reads this topic.
std::optional<Fitting> fitting(const std::vector<model::Map>& maps, std::string_view topic);

// The code of the device that the level stands for, as the map translates it.
std::string_view code_of(const Fitting& fitting);

class MappedReader {
public:
    MappedReader();
    MappedReader(MappedReader&&) noexcept;
    MappedReader& operator=(MappedReader&&) noexcept;
    ~MappedReader();

    // How many signals the payload holds. `own`: the code of the device that sent it. What was given must stay as it is
    // until the next read.
    base::Result<std::size_t> read(const Fitting& fitting, std::string_view own, std::string_view payload);
    // Valid until the next call of signal() or read().
    base::Result<model::FlatSignal> signal(std::size_t n);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::doors
