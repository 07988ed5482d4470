// Text as people and devices hand it in: UTF-8 with or without its mark, else GB 18030 (of which GB 2312 and GBK are
// part). Error: bad-encoding. Any bytes may come in; what comes out is UTF-8. Pure.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace shoumen::papers {

base::Result<std::string> as_utf8(std::string_view bytes);

// The same where something has to come out: what is neither becomes its ASCII letters, and '?' for the rest.
std::string as_utf8_or_ascii(std::string_view bytes);

}  // namespace shoumen::papers
