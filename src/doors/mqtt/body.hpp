// The parts of which bodies of packets are made, from bytes and to bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "doors/payload/utf8.hpp"

namespace shoumen::doors::mqtt {

class BodyReader {
public:
    explicit BodyReader(std::string_view body) : rest_(body) {}

    bool u8(std::uint8_t& out) {
        if (rest_.empty()) return false;
        out = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }
    bool u16(std::uint16_t& out) {
        std::uint8_t high = 0;
        std::uint8_t low = 0;
        if (!u8(high) || !u8(low)) return false;
        out = static_cast<std::uint16_t>(high << 8U | low);
        return true;
    }
    bool u32(std::uint32_t& out) {
        std::uint16_t high = 0;
        std::uint16_t low = 0;
        if (!u16(high) || !u16(low)) return false;
        out = static_cast<std::uint32_t>(high) << 16U | low;
        return true;
    }
    bool bytes(std::string_view& out) {
        std::uint16_t size = 0;
        if (!u16(size)) return false;
        return take(size, out);
    }
    bool take(std::size_t size, std::string_view& out) {
        if (size > rest_.size()) return false;
        out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

inline bool is_text(std::string_view text) {
    return text.find('\0') == std::string_view::npos && utf8_fault(text) == text.size();
}

constexpr const char* cut_short = "a packet is shorter than its fields";
constexpr const char* bad_text = "a text is not UTF-8, or holds NUL";

inline void put_u8(std::string& out, unsigned value) { out += static_cast<char>(static_cast<std::uint8_t>(value)); }
inline void put_u16(std::string& out, unsigned value) {
    put_u8(out, value >> 8U);
    put_u8(out, value & 0xffU);
}
inline void put_u32(std::string& out, std::uint32_t value) {
    put_u16(out, value >> 16U);
    put_u16(out, value & 0xffffU);
}
inline void put_text(std::string& out, std::string_view text) {
    put_u16(out, static_cast<unsigned>(text.size()));
    out += text;
}
inline void put_length(std::string& out, std::size_t length) {
    do {
        const auto digit = static_cast<unsigned>(length & 0x7fU);
        length >>= 7U;
        put_u8(out, digit | (length > 0 ? 0x80U : 0U));
    } while (length > 0);
}

}  // namespace shoumen::doors::mqtt
