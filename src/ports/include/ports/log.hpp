// The seam to the operator's log: what happened, as an event word with fields, never as free text of a person.
//
// An entry holds no personal data, no token, no password, no payload. `event` is a stable word (store_trouble,
// sign_in_failed …) that a search may rely on; `text` says the same to a person and may change. Threads: any.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace shoumen::ports {

enum class LogLevel : std::uint8_t { info, warning, error };

struct LogField {
    std::string name;
    std::variant<std::int64_t, double, bool, std::string> value;
};

struct LogEntry {
    LogLevel level = LogLevel::info;
    std::string event;
    std::string text;
    std::vector<LogField> fields;
};

using Log = std::function<void(const LogEntry&)>;

}  // namespace shoumen::ports
