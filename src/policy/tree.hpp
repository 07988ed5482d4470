// One YAML file as a tree with line numbers.
//
// Read from yaml-cpp's events, not from its nodes: 100,000 devices take a second instead of two, and events show what
// the nodes hide (doubled keys, anchors, tags). Refused, as a finding: anchors and aliases (a few lines of them can
// stand for gigabytes), tags, several documents in one file, nesting beyond 16, more than 5 million values, lines
// beyond 256 kB. UTF-8 with or without byte order mark, any line ends.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "findings.hpp"

namespace shoumen::policy {

struct Node {
    enum class Type : std::uint8_t { empty, text, list, map };

    std::string text;
    std::vector<Node> items;  // of a map: key, value, key, value …
    std::uint32_t line = 1;
    Type type = Type::empty;
    bool quoted = false;

    [[nodiscard]] bool is(Type t) const { return type == t; }
};

// Nothing: could not be read, and the report says why. A doubled key is reported and its first value kept.
std::optional<Node> parse(std::string_view file, std::string_view content, Report& report);

}  // namespace shoumen::policy
