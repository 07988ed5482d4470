// The operator's log on stderr: one JSON object a line, or one line of text. Private to room app.
//
// JSON: {"time":"2026-03-03T08:00:00.123Z","level":"info","event":"ready","message":"…", fields…}. Time is UTC, RFC
// 3339. A field never takes the place of one of these four. Threads: any; a line is written whole.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/log.hpp"

namespace shoumen::app {

enum class LogFormat : std::uint8_t { json, text };

// "json", "text"; "": json where stderr is no terminal. Code: bad-log-format.
base::Result<LogFormat> log_format(std::string_view wanted);

// One line, without its end.
std::string to_line(const ports::LogEntry& entry, base::Time at, LogFormat format);

// Writes on stderr.
ports::Log stderr_log(LogFormat format);

}  // namespace shoumen::app
