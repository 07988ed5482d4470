#include "bytes.hpp"

#include <bit>
#include <cmath>

namespace shoumen::doors {

using model::MapByteField;
using model::MapNumber;
using model::MapRecord;
using Bytes = std::span<const std::uint8_t>;

namespace {

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool from_base64(std::string_view text, std::vector<std::uint8_t>& out) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return false;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) return false;
        held = held << 6U | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
    return true;
}

bool from_hex(std::string_view text, std::vector<std::uint8_t>& out) {
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return false;
        out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return true;
}

bool is_little(MapNumber n) {
    return n == MapNumber::u16_little || n == MapNumber::i16_little || n == MapNumber::u24_little ||
           n == MapNumber::u32_little || n == MapNumber::i32_little || n == MapNumber::f32_little;
}

std::uint32_t unsigned_at(Bytes bytes, MapNumber n) {
    std::uint32_t value = 0;
    const std::uint32_t width = model::bytes_of(n);
    for (std::uint32_t i = 0; i < width; ++i) {
        const std::uint32_t at = is_little(n) ? width - 1 - i : i;
        value = value << 8U | bytes[at];
    }
    return value;
}

double number_of(std::uint32_t raw, MapNumber n) {
    switch (n) {
        case MapNumber::i8:
            return static_cast<std::int8_t>(raw);
        case MapNumber::i16_big:
        case MapNumber::i16_little:
            return static_cast<std::int16_t>(raw);
        case MapNumber::i32_big:
        case MapNumber::i32_little:
            return static_cast<std::int32_t>(raw);
        case MapNumber::f32_big:
        case MapNumber::f32_little:
            return std::bit_cast<float>(raw);
        default:
            return raw;
    }
}

// A field beyond the end is not there: devices send shorter frames too.
void take_field(const MapByteField& field, Bytes bytes, std::int32_t suffix, std::vector<ByteValue>& out) {
    const std::uint32_t width = model::bytes_of(field.number);
    if (bytes.size() < width || field.at > bytes.size() - width) return;
    const std::uint32_t raw = unsigned_at(bytes.subspan(field.at), field.number);
    ByteValue value{field.name, suffix, number_of(raw, field.number), false};
    if (field.bits > 0) {
        const std::uint32_t mask = field.bits >= 32 ? ~0U : (1U << field.bits) - 1;
        value.number = field.bits_from >= 32 ? 0 : raw >> field.bits_from & mask;
        value.is_truth = field.bits == 1;
    }
    if (field.unset && value.number == *field.unset) return;
    if (!value.is_truth) value.number = value.number * field.times + field.plus;
    if (std::isfinite(value.number)) out.push_back(value);
}

bool begins(Bytes bytes, const MapRecord& record, std::int32_t& any) {
    if (record.tag.size() > bytes.size()) return false;
    any = -1;
    for (std::size_t i = 0; i < record.tag.size(); ++i) {
        if (record.tag[i] < 0)
            any = bytes[i];
        else if (record.tag[i] != bytes[i])
            return false;
    }
    return true;
}

const MapRecord* record_of(const model::MapBytes& map, Bytes rest, std::int32_t& any) {
    for (const MapRecord& record : map.records) {
        if (begins(rest, record, any)) return &record;
    }
    return nullptr;
}

}  // namespace

bool decode_text(model::MapEncoding encoding, std::string_view text, std::vector<std::uint8_t>& out) {
    out.clear();
    return encoding == model::MapEncoding::hex ? from_hex(text, out) : from_base64(text, out);
}

std::size_t decode_bytes(const model::MapBytes& map, Bytes bytes, std::vector<ByteValue>& out) {
    out.clear();
    for (const MapByteField& field : map.fields) take_field(field, bytes, -1, out);
    if (map.records.empty()) return 0;
    const std::size_t tag = map.records.front().tag.size();
    std::size_t at = map.skip;
    while (at < bytes.size()) {
        const Bytes rest = bytes.subspan(at);
        std::int32_t any = -1;
        const MapRecord* record = record_of(map, rest, any);
        const std::size_t head = tag + (map.length_follows ? 1 : 0);
        if (rest.size() < head || (record == nullptr && !map.length_follows)) return rest.size();
        const std::size_t length = map.length_follows ? rest[tag] : record->length;
        if (rest.size() < head + length) return rest.size();
        if (record != nullptr) {
            for (const MapByteField& field : record->fields) take_field(field, rest.subspan(head, length), any, out);
        }
        at += head + length;  // a tag has a byte at least
    }
    return 0;
}

}  // namespace shoumen::doors
