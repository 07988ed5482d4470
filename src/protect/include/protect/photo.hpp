// What a photo says of itself: its kind by its first bytes, and when it was taken by its EXIF record.
//
// EXIF times carry no zone unless OffsetTimeOriginal (EXIF 2.31) is there; without it the community's zone is meant.
// Nothing else of the EXIF record is read. Never throws; any bytes may come in. Thread-safe; is_picture takes a while.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace shoumen::protect {

// "image/jpeg", "image/png", "image/webp"; empty: none of them.
std::string_view media_type_of(std::string_view bytes);
// Can it be shown? The whole of it is decoded: what is cut off or no picture behind its first bytes is refused, and
// what has more than 64 million dots.
bool is_picture(std::string_view bytes);
std::optional<base::Time> taken_at(std::string_view bytes, const base::Zone& zone);

}  // namespace shoumen::protect
