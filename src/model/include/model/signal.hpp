// What a device says, before and after it is checked.
//
// FlatSignal is what every door makes of a payload: names and texts as they came. Signal is the checked form the core
// works on: numbers only, small, no text of a person. Both are valid only as long as the memory they point into.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/words.hpp"

namespace shoumen::model {

struct FlatValue {
    std::string_view name;
    // monostate: JSON null, kept out of the signal.
    std::variant<std::monostate, bool, double, std::string_view> value;
};

struct FlatSignal {
    std::string_view id;      // the source's own message id; empty: none, so never taken for a repeat
    std::string_view device;  // code of the device
    std::string_view kind;    // empty: the device's registered kind
    std::string_view time;    // RFC 3339; empty: none, the time of receipt counts
    std::span<const FlatValue> values;
    std::string_view evidence;  // reference to a picture or clip; empty: none
};

enum class ValueType : std::uint8_t { boolean, number, symbol, text };

// One value of a signal, 16 bytes. `text` is free text kept outside: `index` points into Batch::texts.
struct Value {
    FieldId field;
    ValueType type = ValueType::number;
    union {
        double number = 0;
        std::uint64_t index;
    };
    static Value boolean(FieldId f, bool b) { return {f, ValueType::boolean, {b ? 1.0 : 0.0}}; }
    static Value real(FieldId f, double d) { return {f, ValueType::number, {d}}; }
    static Value symbol(FieldId f, SymbolId s) {
        Value v{f, ValueType::symbol, {}};
        v.index = s.value;
        return v;
    }
    static Value text(FieldId f, std::uint64_t position) {
        Value v{f, ValueType::text, {}};
        v.index = position;
        return v;
    }
};

// A value whose field no policy knows: kept for the record, seen by no rule. Its name goes into the batch in clear, so
// it must be a plain word (letters, digits, . _ -); otherwise the signal is quarantined.
struct OtherValue {
    std::string name;
    ValueType type = ValueType::number;  // boolean, number or text
    double number = 0;
    std::uint64_t text_position = 0;
};

// Free text outside the log: what the log holds of it.
struct TextMark {
    Handle handle;
    base::Digest salted_hash{};
};

constexpr std::size_t max_values_per_signal = 64;

struct Signal {
    DeviceId device;
    SignalKind kind{};
    std::uint8_t value_count = 0;
    std::uint8_t other_count = 0;
    std::uint32_t values_begin = 0;           // into Batch::values
    std::uint32_t others_begin = 0;           // into Batch::others
    std::uint64_t message = 0;                // fast_hash of the source's message id; 0: none
    base::Time claimed = base::Time::none();  // the event time the device claims
};

// Which time counts (the clock rule): event time within ±120 s of receipt; else see the flags.
enum class TimeVerdict : std::uint8_t {
    event,        // the claimed time counts
    receipt,      // none was claimed: receipt counts
    clock_wrong,  // ahead by more than 120 s, or implausible (before 2000): receipt counts, the device's clock is
                  // flagged
    late,         // older than 120 s: history only, but smoke, gas and SOS still alert
};

}  // namespace shoumen::model
