// Any bytes as a picture: no crash, no more memory than its dots need, and what is no picture by its first bytes is
// none, and has no time either. The bytes are also tried behind the first bytes of each kind, so that all decoders are
// reached.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protect/photo.hpp"

using namespace shoumen;

namespace {

void look_at(std::string_view bytes) {
    const bool picture = protect::is_picture(bytes);
    const auto taken = protect::taken_at(bytes, base::Zone());
    if (protect::media_type_of(bytes).empty() && (picture || taken)) std::abort();
    // Its first bytes alone are none.
    if (picture && protect::is_picture(bytes.substr(0, 12))) std::abort();
    const auto bare = protect::without_metadata(bytes);
    if (bare && protect::media_type_of(*bare) != protect::media_type_of(bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    look_at(bytes);
    for (const char* first : {"\xff\xd8", "\x89PNG\r\n\x1a\n"}) look_at(first + bytes);
    look_at(std::string("RIFF\xff\0\0\0WEBP", 12) + bytes);
    return 0;
}
