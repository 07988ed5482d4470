// Whether bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF).
#pragma once
#include <cstddef>
#include <string_view>

namespace shoumen::doors {

// The first byte that is not UTF-8; size() when all are.
std::size_t utf8_fault(std::string_view text);

}  // namespace shoumen::doors
