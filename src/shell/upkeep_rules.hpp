// Small things that the parts of shell/upkeep share. Private to room shell.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

#include "ports/upkeep_rows.hpp"
#include "upkeep/life.hpp"

namespace shoumen::shell {

// Words of a row in the tray.
constexpr std::string_view tray_waiting = "waiting";
constexpr std::string_view tray_taken = "taken";
constexpr std::string_view tray_left = "left";

// Words of a round's state and kind.
constexpr std::string_view round_planned = "planned";
constexpr std::string_view round_done = "done";
constexpr std::string_view weekly = "weekly";
constexpr std::string_view monthly = "monthly";

constexpr base::Duration work_is_due_after = base::days(3);

// What the community directory takes for a code.
[[nodiscard]] inline bool is_device_code(std::string_view code) {
    return !code.empty() && code.size() <= 64 && std::ranges::all_of(code, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

// What may stand in the tray: a gateway's own name for a device need be no code (客厅烟感, Kitchen smoke).
[[nodiscard]] inline bool is_shown_name(std::string_view name) {
    return !name.empty() && name.size() <= 128 &&
           std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

[[nodiscard]] inline upkeep::Work work_of(const ports::WorkOrderRow& row) {
    return upkeep::parse_work(row.state).value_or(upkeep::Work::passed);
}

}  // namespace shoumen::shell
