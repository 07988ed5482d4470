// The topics of the MQTT door. `{device}` is the code of a device: one level, not empty.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace shoumen::doors::mqtt {

constexpr std::string_view topic_root = "shoumen/v1/";
constexpr std::string_view signal_leaf = "/signal";
constexpr std::string_view command_leaf = "/command";

// The device of "shoumen/v1/{device}/signal".
inline std::optional<std::string_view> device_of_signal_topic(std::string_view topic) {
    if (!topic.starts_with(topic_root) || !topic.ends_with(signal_leaf)) return {};
    if (topic.size() <= topic_root.size() + signal_leaf.size()) return {};
    const auto device = topic.substr(topic_root.size(), topic.size() - topic_root.size() - signal_leaf.size());
    if (device.find('/') != std::string_view::npos) return {};
    return device;
}

inline std::string signal_topic(std::string_view device) {
    return std::string(topic_root).append(device).append(signal_leaf);
}
inline std::string command_topic(std::string_view device) {
    return std::string(topic_root).append(device).append(command_leaf);
}

}  // namespace shoumen::doors::mqtt
