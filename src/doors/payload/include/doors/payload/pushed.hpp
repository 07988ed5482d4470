// What a camera or platform pushes over HTTP: the event alone, or in a multipart with pictures. Finds the event and
// says in which form it is; what it means is the maps' affair. Pictures are what their part calls image/…: whether they
// are is for whoever keeps them to find out. Points into what was given. Pure.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::doors {

struct Pushed {
    std::string_view form;                   // xml, json or text
    std::string_view payload;                // the event
    std::vector<std::string_view> pictures;  // in their order; none is empty
};

// At most 16 parts. Code: bad-multipart.
base::Result<Pushed> pushed_in(std::string_view content_type, std::string_view body);

}  // namespace shoumen::doors
