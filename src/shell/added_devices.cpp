#include "added_devices.hpp"

#include <fmt/format.h>

namespace shoumen::shell {
namespace {

constexpr std::string_view head =
    "# Devices taken in while the program runs. It writes this file itself: one device a line.\n";
constexpr std::string_view begin = "  - {id: \"";
constexpr std::string_view begin_retired = "  - \"";

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) continue;
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

AddedDevices::AddedDevices(std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with(begin_retired)) {
            const auto code = line.substr(begin_retired.size());
            retired_.emplace(code.substr(0, code.find('"')));
        }
        if (!line.starts_with(begin)) continue;
        const auto rest = line.substr(begin.size());
        lines_[std::string(rest.substr(0, rest.find('"')))] = std::string(line);
    }
}

void AddedDevices::put(const AddedDevice& d) {
    // Quoted: a code may be a word that means something else, like null.
    std::string line = fmt::format("{}{}\"", begin, d.code);
    line += d.kind.empty() ? ", gateway: true" : fmt::format(", kind: {}", d.kind);
    line += fmt::format(", place: {}", quoted(d.place));
    if (!d.gateway.empty()) line += fmt::format(", gateway: {}", quoted(d.gateway));
    if (!d.name.empty()) line += fmt::format(", name: {{zh: {0}, en: {0}}}", quoted(d.name));
    lines_[d.code] = line + "}";
}

std::string AddedDevices::text() const {
    std::string out(head);
    out += lines_.empty() ? "devices: []\n" : "devices:\n";
    for (const auto& [code, line] : lines_) out += line + "\n";
    if (!retired_.empty())
        out += "# Devices of devices.yaml that have been retired: as if they stood there no more.\nretired:\n";
    for (const auto& code : retired_) out += fmt::format("{}{}\"\n", begin_retired, code);
    return out;
}

}  // namespace shoumen::shell
