// A picture for the demo's evidence: a small baseline JPEG of a stairwell, drawn here, with the time it claims to have
// been taken in its EXIF record, as a phone would write it. Private to room app.
#pragma once
#include <string>

#include "base/time.hpp"

namespace shoumen::app {

// Another `salt`, another picture (and so another hash). Without `taken` there is no EXIF record.
std::string draw_photo(std::uint64_t salt, base::Time taken, const base::Zone& zone);

}  // namespace shoumen::app
