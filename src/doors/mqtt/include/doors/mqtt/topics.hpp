// The topics of the MQTT door. `{device}` is the code of a device: one level, not empty.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace shoumen::doors::mqtt {

constexpr std::string_view topic_root = "shoumen/v1/";
constexpr std::string_view signal_leaf = "/signal";
constexpr std::string_view command_leaf = "/command";

// The device of "shoumen/v1/{device}" + leaf.
inline std::optional<std::string_view> device_of_topic(std::string_view topic, std::string_view leaf) {
    if (!topic.starts_with(topic_root) || !topic.ends_with(leaf)) return {};
    if (topic.size() <= topic_root.size() + leaf.size()) return {};
    const auto device = topic.substr(topic_root.size(), topic.size() - topic_root.size() - leaf.size());
    if (device.find('/') != std::string_view::npos) return {};
    return device;
}
inline std::optional<std::string_view> device_of_signal_topic(std::string_view topic) {
    return device_of_topic(topic, signal_leaf);
}
inline std::optional<std::string_view> device_of_command_topic(std::string_view topic) {
    return device_of_topic(topic, command_leaf);
}

inline std::string signal_topic(std::string_view device) {
    return std::string(topic_root).append(device).append(signal_leaf);
}
inline std::string command_topic(std::string_view device) {
    return std::string(topic_root).append(device).append(command_leaf);
}

}  // namespace shoumen::doors::mqtt
