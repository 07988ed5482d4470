// How long each kind of data is kept (retention.yaml, docs/decisions/022-retention.md). What is not named here is kept:
// incidents with their steps, acts, the ledger; they hold codes, words of closed lists and numbers, and the law asks
// for them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace shoumen::model {

enum class Kept : std::uint8_t {
    signals,   // the log's bytes: signals, commands, timers as they came in
    refused,   // payloads in quarantine
    words,     // what people wrote
    pictures,  // evidence
};
constexpr std::size_t kept_count = 4;

std::string_view to_word(Kept value);
std::optional<Kept> parse_Kept(std::string_view word);

struct Retention {
    std::array<base::Duration, kept_count> spans{base::days(30), base::days(30), base::days(730), base::days(365)};
    [[nodiscard]] base::Duration of(Kept kind) const { return spans[static_cast<std::size_t>(kind)]; }
    bool operator==(const Retention&) const = default;
};

// Two days at least: windows are rebuilt from the log where no snapshot can be read.
constexpr base::Duration shortest_kept = base::days(2);
constexpr base::Duration longest_kept = base::days(3'650);

}  // namespace shoumen::model
