#include "log.hpp"

#include <chrono>
#include <iterator>
#include <memory>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "doors/payload/utf8.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;

std::string_view word_of(ports::LogLevel level) {
    switch (level) {
        case ports::LogLevel::info:
            return "info";
        case ports::LogLevel::warning:
            return "warning";
        case ports::LogLevel::error:
            break;
    }
    return "error";
}

spdlog::level::level_enum level_of(ports::LogLevel level) {
    if (level == ports::LogLevel::info) return spdlog::level::info;
    return level == ports::LogLevel::warning ? spdlog::level::warn : spdlog::level::err;
}

// What stands in the log is ours, but a name of the policy may stand in it: whatever is not UTF-8 is left out.
std::string clean(const std::string& text) {
    if (doors::utf8_fault(text) == text.size()) return text;
    std::string out;
    for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x80 ? c : '?');
    return out;
}

json::value value_of(const ports::LogField& field) {
    return std::visit(
        [](const auto& v) -> json::value {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
                return json::string(clean(v));
            else
                return v;
        },
        field.value);
}

// One line whatever a text holds.
std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
    }
    return text;
}

}  // namespace

base::Result<LogFormat> log_format(std::string_view wanted) {
    if (wanted == "json") return LogFormat::json;
    if (wanted == "text") return LogFormat::text;
    if (wanted.empty()) return isatty(STDERR_FILENO) == 1 ? LogFormat::text : LogFormat::json;
    return base::fail("bad-log-format", "write json or text", "--log-format");
}

std::string to_line(const ports::LogEntry& entry, base::Time at, LogFormat format) {
    const base::Time milliseconds{at.us - at.us % 1'000};
    if (format == LogFormat::text) {
        std::string out = fmt::format("{} {} {} {}", base::format_utc(milliseconds), word_of(entry.level), entry.event,
                                      one_line(entry.text));
        for (const auto& field : entry.fields)
            fmt::format_to(std::back_inserter(out), " {}={}", field.name, json::serialize(value_of(field)));
        return out;
    }
    json::object out;
    out["time"] = base::format_utc(milliseconds);
    out["level"] = word_of(entry.level);
    out["event"] = entry.event;
    if (!entry.text.empty()) out["message"] = clean(entry.text);
    for (const auto& field : entry.fields) {
        if (!out.contains(field.name)) out[field.name] = value_of(field);
    }
    return json::serialize(out);
}

ports::Log stderr_log(LogFormat format) {
    const auto logger = std::make_shared<spdlog::logger>("shoumen", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%v");
    return [logger, format](const ports::LogEntry& entry) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const base::Time at{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
        logger->log(level_of(entry.level), "{}", to_line(entry, at, format));
    };
}

}  // namespace shoumen::app
