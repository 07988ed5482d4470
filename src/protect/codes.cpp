#include "protect/codes.hpp"

#include <sodium.h>

namespace shoumen::protect {

std::string new_digits(unsigned count) {
    std::string out;
    for (unsigned i = 0; i < count; ++i) out += static_cast<char>('0' + randombytes_uniform(10));
    return out;
}

bool same_bytes(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string url_base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.pop_back();  // its end
    return out;
}

std::string to_hex_text(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        out += digits[u >> 4U];
        out += digits[u & 15U];
    }
    return out;
}

std::string from_hex_text(std::string_view text) {
    std::string out(text.size() / 2, '\0');
    std::size_t size = 0;
    const int done = sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                                    nullptr, &size, nullptr);
    return done == 0 && size * 2 == text.size() ? out : std::string();
}

}  // namespace shoumen::protect
