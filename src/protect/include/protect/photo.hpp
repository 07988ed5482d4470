// What a photo says of itself: its kind by its first bytes, and when it was taken by its EXIF record.
//
// EXIF times carry no zone unless OffsetTimeOriginal (EXIF 2.31) is there; without it the community's zone is meant.
// Nothing else of the EXIF record is read but which way is up. Never throws; any bytes may come in. Thread-safe;
// is_picture and without_metadata take a while.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace shoumen::protect {

// "image/jpeg", "image/png", "image/webp"; empty: none of them.
std::string_view media_type_of(std::string_view bytes);
// Can it be shown? The whole of it is decoded: what is cut off or no picture behind its first bytes is refused, and
// what has more than 64 million dots.
bool is_picture(std::string_view bytes);
// The same picture, dot for dot (a turned JPEG may lose up to 15 dots at an edge), upright, and nothing else: no
// position, no name of a camera or a person, no small picture of another cut, no bytes after its end. None: it is no
// picture that can be read.
std::optional<std::string> without_metadata(std::string_view bytes);
std::optional<base::Time> taken_at(std::string_view bytes, const base::Zone& zone);

}  // namespace shoumen::protect
