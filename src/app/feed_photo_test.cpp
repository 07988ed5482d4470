#include "feed_photo.hpp"

#include <doctest/doctest.h>

#include "base/hash.hpp"
#include "protect/photo.hpp"

#include "feed_testing.hpp"

using namespace shoumen;
using namespace shoumen::app;
using namespace shoumen::app::testing;

namespace {

// The markers of a JPEG file up to its picture data; empty: not one.
std::vector<int> markers_of(std::string_view file) {
    std::vector<int> markers;
    std::size_t i = 2;
    const auto byte = [&](std::size_t n) { return n < file.size() ? static_cast<unsigned char>(file[n]) : 0; };
    while (byte(i) == 0xff) {
        markers.push_back(byte(i + 1));
        if (markers.back() == 0xda) return markers;
        i += 2 + static_cast<std::size_t>(byte(i + 2) * 256 + byte(i + 3));
    }
    return {};
}

}  // namespace

TEST_CASE("a drawn photo is a whole JPEG file") {
    const std::string photo = draw_photo(1, base::Time::none(), demo()->zone);
    CHECK(protect::media_type_of(photo) == "image/jpeg");
    CHECK(protect::is_picture(photo));
    CHECK(markers_of(photo) == std::vector<int>{0xfe, 0xdb, 0xc0, 0xc4, 0xda});
    CHECK(photo.ends_with("\xff\xd9"));
    CHECK(photo.size() < 8'000);
}

TEST_CASE("no two photos are the same file") {
    std::set<std::string> hashes;
    for (std::uint64_t salt = 0; salt < 50; ++salt)
        hashes.insert(base::to_hex(base::sha256(draw_photo(salt, base::Time::none(), demo()->zone))));
    CHECK(hashes.size() == 50);
}

TEST_CASE("the time a photo was taken is read back from it, in any zone") {
    const base::Time taken = at("2026-03-04T10:00:07.25+08:00");
    CHECK(protect::taken_at(draw_photo(1, taken, demo()->zone), base::Zone()) == at("2026-03-04T10:00:07+08:00"));
    CHECK(protect::taken_at(draw_photo(1, taken, base::Zone()), demo()->zone) == at("2026-03-04T10:00:07+08:00"));
    CHECK_FALSE(protect::taken_at(draw_photo(1, base::Time::none(), demo()->zone), demo()->zone));
}
