#include <string>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "protect/password.hpp"
#include "protect/photo.hpp"

using namespace shoumen;

namespace {

std::string u16(unsigned v) { return {static_cast<char>(v & 0xffU), static_cast<char>(v >> 8U)}; }
std::string u32(unsigned v) { return u16(v & 0xffffU) + u16(v >> 16U); }

// The smallest JPEG with an EXIF record: DateTimeOriginal, and OffsetTimeOriginal where one is given.
std::string jpeg_taken(const std::string& time, const std::string& offset) {
    const unsigned entries = offset.empty() ? 1 : 2;
    const unsigned exif_ifd = 8 + 2 + 12 + 4;
    const unsigned data = exif_ifd + 2 + 12 * entries + 4;
    std::string tiff = "II" + u16(42) + u32(8);
    tiff += u16(1) + u16(0x8769) + u16(4) + u32(1) + u32(exif_ifd) + u32(0);
    tiff += u16(entries) + u16(0x9003) + u16(2) + u32(20) + u32(data);
    if (!offset.empty()) tiff += u16(0x9011) + u16(2) + u32(7) + u32(data + 20);
    tiff += u32(0) + time + '\0' + offset + '\0';
    const std::string body = std::string("Exif\0\0", 6) + tiff;
    const auto n = static_cast<unsigned>(body.size() + 2);
    return std::string("\xff\xd8\xff\xe1") + static_cast<char>(n >> 8U) + static_cast<char>(n & 0xffU) + body +
           "\xff\xd9";
}

// Eight by eight grey dots each.
constexpr const char* jpeg_square =
    "ffd8ffe000104a46494600010100000100010000ffdb00430050373c463c32504641465a55505f78c882786e6e78f5af"
    "b991c8ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b080008"
    "000801011100ffc40014000100000000000000000000000000000000ffc4001410010000000000000000000000000000"
    "0000ffda0008010100003f003fffd9";
constexpr const char* png_square =
    "89504e470d0a1a0a0000000d4948445200000008000000080800000000e164e1570000000467414d410000b18f0bfc61"
    "0500000002624b474400ff878fccbf0000000774494d4507ea0b180a302d0e783375000000104944415408d763ac6380"
    "0026068a1800257a008e43ef837b0000002574455874646174653a63726561746500323032362d31312d32345431303a"
    "34383a34352b30303a30302496a8710000002574455874646174653a6d6f6469667900323032362d31312d3234543130"
    "3a34383a34352b30303a303055cb10cd0000000049454e44ae426082";
constexpr const char* webp_square =
    "52494646240000005745425056503820180000005001009d012a0800080002003425a40004740000fe680000";

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

}  // namespace

TEST_CASE("a password matches its hash and no other") {
    REQUIRE(protect::start_crypto());
    const std::string password = protect::new_password();
    CHECK(password.size() == 23);
    const std::string hash = protect::hash_password(password);
    CHECK(protect::password_matches(password, hash));
    CHECK_FALSE(protect::password_matches(password + "x", hash));
    CHECK_FALSE(protect::password_matches("", hash));
    CHECK_FALSE(protect::password_matches(password, ""));
    CHECK(hash.find(password) == std::string::npos);
    CHECK(protect::hash_password(password) != hash);
}

TEST_CASE("tokens differ and are kept as hashes") {
    const std::string a = protect::new_token();
    CHECK(a.size() == 43);
    CHECK(a != protect::new_token());
    CHECK(protect::token_hash(a) == protect::token_hash(std::string(a)));
}

TEST_CASE("kinds of picture by their first bytes") {
    CHECK(protect::media_type_of("\xff\xd8\xff\xe0") == "image/jpeg");
    CHECK(protect::media_type_of("\x89PNG\r\n\x1a\n....") == "image/png");
    CHECK(protect::media_type_of(std::string("RIFF\0\0\0\0WEBP", 12)) == "image/webp");
    CHECK(protect::media_type_of("<svg onload=x>") == "");
    CHECK(protect::media_type_of("") == "");
}

TEST_CASE("a picture can be shown whole, or it is none") {
    for (const char* hex : {jpeg_square, png_square, webp_square}) {
        const std::string picture = from_hex(hex);
        CAPTURE(protect::media_type_of(picture));
        CHECK(protect::is_picture(picture));
        CHECK_FALSE(protect::is_picture(std::string_view(picture).substr(0, picture.size() / 3)));
        CHECK_FALSE(protect::is_picture(std::string_view(picture).substr(0, 12)));
    }
    CHECK_FALSE(protect::is_picture(std::string("\xff\xd8\xff\xe0") + std::string(30, 'x')));
    CHECK_FALSE(protect::is_picture("\x89PNG\r\n\x1a\n...."));
    CHECK_FALSE(protect::is_picture("GIF89a"));
    CHECK_FALSE(protect::is_picture(""));
    base::SeededRandom random(7);
    for (int i = 0; i < 300; ++i) {  // any bytes: no crash
        std::string picture = from_hex(jpeg_square);
        for (int n = 0; n < 8; ++n)
            picture[2 + random.below(picture.size() - 2)] = static_cast<char>(random.below(256));
        protect::is_picture(picture);
    }
}

TEST_CASE("a picture leaves without what was written beside it") {
    // Position and words in EXIF, a comment, and bytes behind the end.
    const std::string taken = jpeg_taken("2026:03:03 08:00:00", "");
    const std::string jpeg = taken.substr(0, taken.size() - 2) + std::string("\xff\xfe\x00\x0b", 4) + "39.9,116." +
                             from_hex(jpeg_square).substr(2) + "116.4E";
    REQUIRE(protect::is_picture(jpeg));
    const std::string png = from_hex(png_square);
    const std::string chunk = std::string("\0\0\0\x0b", 4) + std::string("tEXtplace\0gh-1xcrc.", 19);
    const std::string with_text = png.substr(0, 33) + chunk + png.substr(33) + "116.4E";
    for (const auto& picture : {jpeg, with_text, from_hex(webp_square)}) {
        CAPTURE(protect::media_type_of(picture));
        const auto bare = protect::without_metadata(picture);
        REQUIRE(bare);
        CHECK(protect::media_type_of(*bare) == protect::media_type_of(picture));
        CHECK(protect::is_picture(*bare));
        for (const char* left : {"Exif", "116.", "2026", "tEXt", "gh-1"}) CHECK(bare->find(left) == std::string::npos);
        CHECK(protect::without_metadata(*bare) == bare);
    }
    CHECK_FALSE(protect::without_metadata("\x89PNG\r\n\x1a\n...."));
    CHECK_FALSE(protect::without_metadata(from_hex(png_square).substr(0, 40)));
    CHECK_FALSE(protect::without_metadata("GIF89a"));
}

TEST_CASE("when a photo was taken, by its EXIF record") {
    const base::Zone shanghai("Asia/Shanghai", {{base::Time{0}, 8 * 3600}});
    CHECK(protect::taken_at(jpeg_taken("2026:03:03 08:00:00", ""), shanghai) ==
          *base::parse_rfc3339("2026-03-03T08:00:00+08:00"));
    CHECK(protect::taken_at(jpeg_taken("2026:03:03 08:00:00", "+09:00"), shanghai) ==
          *base::parse_rfc3339("2026-03-03T08:00:00+09:00"));
    CHECK_FALSE(protect::taken_at(jpeg_taken("0000:00:00 00:00:00", ""), shanghai));
    CHECK_FALSE(protect::taken_at(jpeg_taken("2026:02:31 08:00:00", ""), shanghai));
    CHECK_FALSE(protect::taken_at("\xff\xd8\xff\xd9", shanghai));
    CHECK_FALSE(protect::taken_at("", shanghai));
}

TEST_CASE("any bytes may pretend to be a photo") {
    const std::uint64_t seed = 99;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    const std::string good = jpeg_taken("2026:03:03 08:00:00", "+08:00");
    for (int i = 0; i < 5000; ++i) {
        std::string bent = good.substr(0, 1 + random.below(good.size()));
        for (int k = 0; k < 3; ++k) bent[random.below(bent.size())] = static_cast<char>(random.next());
        (void)protect::taken_at(bent, base::Zone());
    }
}
