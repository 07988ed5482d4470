#include "protect/photo.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <libexif/exif-data.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/mux.h>

namespace shoumen::protect {
namespace {

struct Unref {
    void operator()(ExifData* data) const { exif_data_unref(data); }
};

std::string text_of(ExifData* data, ExifTag tag) {
    const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_EXIF], tag);
    if (entry == nullptr || entry->format != EXIF_FORMAT_ASCII || entry->data == nullptr) return {};
    const auto* chars = reinterpret_cast<const char*>(entry->data);
    return {chars, strnlen(chars, entry->size)};
}

// "2026:03:03 08:00:00"
std::optional<base::Time> in_zone(const std::string& text, const base::Zone& zone) {
    // RFC 3339 reading checks the calendar; its zone is then replaced by the one that is meant.
    if (text.size() != 19) return std::nullopt;
    std::string form = text;
    form[4] = form[7] = '-';
    form[10] = 'T';
    const auto wall = base::parse_rfc3339(form + "Z");
    if (!wall) return std::nullopt;
    const base::LocalTime l = base::Zone().local(*wall);
    return zone.to_utc(l.year, l.month, l.day, l.minute, l.second);
}

std::optional<base::Time> with_offset(const std::string& text, const std::string& offset) {
    if (text.size() != 19 || offset.size() != 6) return std::nullopt;
    std::string form = text;
    form[4] = form[7] = '-';
    form[10] = 'T';
    const auto t = base::parse_rfc3339(form + offset);
    if (!t) return std::nullopt;
    return *t;
}

constexpr std::int64_t most_dots = 64'000'000;

const std::uint8_t* data_of(std::string_view bytes) { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }

bool fits(std::int64_t width, std::int64_t height) {
    return width > 0 && height > 0 && width <= 65'535 && height <= 65'535 && width * height <= most_dots;
}

// Two megabytes can say 20,000 times something of a million blocks, which takes minutes. Photos say it a dozen times.
bool has_too_many_scans(std::string_view jpeg) {
    constexpr int most_scans = 64;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(jpeg[i]); };
    int scans = 0;
    for (std::size_t at = 2; at + 4 <= jpeg.size();) {
        const unsigned code = byte(at + 1);
        if (byte(at) != 0xFF || code == 0xFF) {
            ++at;  // between two markers
        } else if (code <= 1 || (code >= 0xD0 && code <= 0xD8)) {
            at += 2;  // nothing belongs to it
        } else if (code == 0xD9) {
            break;
        } else {
            if (code == 0xDA && ++scans > most_scans) return true;
            at += 2 + (byte(at + 2) * 256U) + byte(at + 3);
        }
    }
    return false;
}

// Decoded as grey, one byte a dot.
bool is_jpeg(std::string_view bytes) {
    struct Destroy {
        void operator()(void* handle) const { tjDestroy(handle); }
    };
    const std::unique_ptr<void, Destroy> handle(tjInitDecompress());
    const auto size = static_cast<unsigned long>(bytes.size());
    int width = 0, height = 0, sampling = 0, colours = 0;
    if (!handle || tjDecompressHeader3(handle.get(), data_of(bytes), size, &width, &height, &sampling, &colours) != 0)
        return false;
    if (!fits(width, height) || has_too_many_scans(bytes)) return false;
    std::vector<std::uint8_t> dots(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    // A warning means no picture in any case, so the first one ends it.
    return tjDecompress2(handle.get(), data_of(bytes), size, dots.data(), width, 0, height, TJPF_GRAY,
                         TJFLAG_FASTUPSAMPLE | TJFLAG_FASTDCT | TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) == 0;
}

bool is_png(std::string_view bytes) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return false;
    image.format = PNG_FORMAT_GRAY;
    bool read = false;
    if (fits(image.width, image.height)) {
        std::vector<std::uint8_t> dots(PNG_IMAGE_SIZE(image));
        png_color background{};
        read = png_image_finish_read(&image, &background, dots.data(), 0, nullptr) != 0;
    }
    png_image_free(&image);
    return read;
}

bool is_webp(std::string_view bytes) {
    int width = 0, height = 0;
    if (WebPGetInfo(data_of(bytes), bytes.size(), &width, &height) == 0 || !fits(width, height)) return false;
    std::uint8_t* const dots = WebPDecodeRGB(data_of(bytes), bytes.size(), &width, &height);
    WebPFree(dots);
    return dots != nullptr;
}

using Exif = std::unique_ptr<ExifData, Unref>;

Exif exif_of(std::string_view jpeg) {
    return Exif(exif_data_new_from_data(data_of(jpeg), static_cast<unsigned>(jpeg.size())));
}

// What makes it upright, by the EXIF orientation 1 … 8.
int turn_of(std::string_view jpeg) {
    constexpr std::array<int, 9> turns{TJXOP_NONE,      TJXOP_NONE,  TJXOP_HFLIP,      TJXOP_ROT180, TJXOP_VFLIP,
                                       TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};
    const Exif data = exif_of(jpeg);
    if (!data) return TJXOP_NONE;
    const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return TJXOP_NONE;
    const unsigned way = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
    return way < turns.size() ? turns.at(way) : TJXOP_NONE;
}

std::optional<std::string> bare_jpeg(std::string_view bytes) {
    struct Destroy {
        void operator()(void* handle) const { tjDestroy(handle); }
    };
    const std::unique_ptr<void, Destroy> handle(tjInitTransform());
    if (!handle || has_too_many_scans(bytes)) return std::nullopt;
    tjtransform transform{};
    transform.op = turn_of(bytes);
    transform.options = TJXOPT_COPYNONE | (transform.op == TJXOP_NONE ? 0 : TJXOPT_TRIM);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const int failed = tjTransform(handle.get(), data_of(bytes), static_cast<unsigned long>(bytes.size()), 1, &out,
                                   &size, &transform, TJFLAG_LIMITSCANS);
    std::optional<std::string> result;
    if (failed == 0 && out != nullptr) result.emplace(reinterpret_cast<const char*>(out), size);
    tjFree(out);
    return result;
}

// The chunks that make the picture what it looks like, as they are.
std::optional<std::string> bare_png(std::string_view bytes) {
    constexpr auto shown = std::to_array<std::string_view>({"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM",
                                                            "sRGB", "sBIT", "bKGD", "pHYS", "acTL", "fcTL", "fdAT"});
    constexpr std::size_t signature = 8;
    constexpr std::size_t around = 12;  // length, type, checksum
    std::string out(bytes.substr(0, signature));
    for (std::size_t at = signature; at + around <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length = (length << 8U) | static_cast<unsigned char>(bytes[at + i]);
        if (length > bytes.size() - at - around) return std::nullopt;
        const auto type = bytes.substr(at + 4, 4);
        if (std::ranges::find(shown, type) != shown.end()) out += bytes.substr(at, around + length);
        if (type == "IEND") return out;
        at += around + length;
    }
    return std::nullopt;
}

std::optional<std::string> bare_webp(std::string_view bytes) {
    const WebPData data{data_of(bytes), bytes.size()};
    const std::unique_ptr<WebPMux, void (*)(WebPMux*)> mux(WebPMuxCreate(&data, 0), WebPMuxDelete);
    if (!mux) return std::nullopt;
    for (const char* chunk : {"EXIF", "XMP "}) (void)WebPMuxDeleteChunk(mux.get(), chunk);
    WebPData made{nullptr, 0};
    std::optional<std::string> result;
    if (WebPMuxAssemble(mux.get(), &made) == WEBP_MUX_OK)
        result.emplace(reinterpret_cast<const char*>(made.bytes), made.size);
    WebPDataClear(&made);
    return result;
}

constexpr auto tag_offset_time_original = static_cast<ExifTag>(0x9011);

}  // namespace

std::string_view media_type_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
    return {};
}

bool is_picture(std::string_view bytes) {
    const std::string_view type = media_type_of(bytes);
    if (type == "image/jpeg") return is_jpeg(bytes);
    if (type == "image/png") return is_png(bytes);
    return type == "image/webp" && is_webp(bytes);
}

std::optional<std::string> without_metadata(std::string_view bytes) {
    const std::string_view type = media_type_of(bytes);
    if (type == "image/jpeg") return bare_jpeg(bytes);
    if (type == "image/png") return bare_png(bytes);
    return type == "image/webp" ? bare_webp(bytes) : std::nullopt;
}

std::optional<base::Time> taken_at(std::string_view bytes, const base::Zone& zone) {
    // libexif finds the record in JPEG files; PNG and WebP evidence stands as unproven.
    if (media_type_of(bytes) != "image/jpeg") return std::nullopt;
    const Exif data = exif_of(bytes);
    if (!data) return std::nullopt;
    const std::string text = text_of(data.get(), EXIF_TAG_DATE_TIME_ORIGINAL);
    if (text.empty()) return std::nullopt;
    if (const auto t = with_offset(text, text_of(data.get(), tag_offset_time_original))) return t;
    return in_zone(text, zone);
}

}  // namespace shoumen::protect
