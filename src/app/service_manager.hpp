// What systemd is told of us (sd_notify): a few datagrams to the socket it names. Without systemd all of it does
// nothing. Private to room app.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace shoumen::app {

void tell_service_manager(std::string_view state);  // "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…"
// So often it wants to hear WATCHDOG=1 (half of its patience); none: it does not wait for it.
std::optional<base::Duration> watchdog_interval();

}  // namespace shoumen::app
