#include "protect/photo.hpp"

#include <cstring>
#include <memory>
#include <string>

#include <libexif/exif-data.h>

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

constexpr auto tag_offset_time_original = static_cast<ExifTag>(0x9011);

}  // namespace

std::string_view media_type_of(std::string_view bytes) {
    if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
    return {};
}

std::optional<base::Time> taken_at(std::string_view bytes, const base::Zone& zone) {
    // libexif finds the record in JPEG files; PNG and WebP evidence stands as unproven.
    if (media_type_of(bytes) != "image/jpeg") return std::nullopt;
    const std::unique_ptr<ExifData, Unref> data(exif_data_new_from_data(
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned>(bytes.size())));
    if (!data) return std::nullopt;
    const std::string text = text_of(data.get(), EXIF_TAG_DATE_TIME_ORIGINAL);
    if (text.empty()) return std::nullopt;
    if (const auto t = with_offset(text, text_of(data.get(), tag_offset_time_original))) return t;
    return in_zone(text, zone);
}

}  // namespace shoumen::protect
