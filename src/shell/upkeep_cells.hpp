// What the cells of a table of devices say: column names and words in Chinese, as the pages have them, or in English,
// as the API has them. Whatever cannot be read is none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/words.hpp"
#include "upkeep/life.hpp"

namespace shoumen::shell {

enum class Column : std::uint8_t {
    code,
    kind,
    place,
    name,
    gateway,
    maker,
    product,
    serial,
    bought,
    cost,
    stage,
    none
};

Column column_of(std::string_view heading);

// Nothing of the platform's own.
std::optional<model::SignalKind> read_kind(const std::string& cell);

// Not retired: that is a step of its own, with a reason.
std::optional<upkeep::Stage> read_stage(const std::string& cell);

// 2026-03-03, 2026/3/3: the day's beginning in the zone.
std::optional<base::Time> read_day(const std::string& cell, const base::Zone& zone);

// Yuan, with or without two digits of fen: in fen.
std::optional<std::int64_t> read_money(const std::string& cell);

}  // namespace shoumen::shell
