// Whether a text is UTF-8 that people write.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace shoumen::policy {

struct TextFault {
    std::uint32_t line = 1;
    bool not_utf8 = false;  // else: a control character other than tab and line feed
};

std::optional<TextFault> first_fault(std::string_view text);

}  // namespace shoumen::policy
