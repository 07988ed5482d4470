#include "protect/totp.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "base/hash.hpp"
#include "protect/password.hpp"

namespace shoumen::protect {
namespace {

constexpr std::int64_t step_us = 30'000'000;
constexpr std::size_t digits = 6;
constexpr std::size_t recovery_codes = 10;
constexpr std::size_t hash_size = sizeof(base::Digest);

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// As it is read out or copied: spaces, hyphens and capitals do not matter.
std::string plain(std::string_view code) {
    std::string out;
    for (const char c : code.substr(0, 64)) {
        if (c == ' ' || c == '-') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

// For an address: what is no letter, digit or . _ - goes as %XX.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '_' || c == '-';
        out += kept ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::string new_totp_secret() {
    std::string secret(20, '\0');
    random_bytes(reinterpret_cast<std::uint8_t*>(secret.data()), secret.size());
    return secret;
}

std::string totp_code(std::string_view secret, std::uint64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = counter.size(); i-- > 0; step >>= 8U) counter[i] = static_cast<unsigned char>(step & 0xFFU);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    if (!HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(),
              &size) ||
        size != 20)
        return {};
    const std::size_t at = mac[19] & 0x0FU;
    const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7FU) << 24U) |
                                 (static_cast<std::uint32_t>(mac[at + 1]) << 16U) |
                                 (static_cast<std::uint32_t>(mac[at + 2]) << 8U) | mac[at + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::uint64_t> totp_step_of(std::string_view secret, std::string_view code, base::Time now,
                                          std::uint64_t last_step) {
    const std::string shown = plain(code);
    if (secret.empty() || shown.size() != digits || now.us < step_us) return std::nullopt;
    const auto step = static_cast<std::uint64_t>(now.us / step_us);
    std::optional<std::uint64_t> found;
    for (const auto s : {step - 1, step, step + 1}) {  // all three, however early one fits
        if (same(totp_code(secret, s), shown) && s > last_step && !found) found = s;
    }
    return found;
}

std::string base32(std::string_view bytes) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        held = (held << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out += letters[(held >> (bits - 5)) & 31U];
    }
    if (bits > 0) out += letters[(held << (5 - bits)) & 31U];
    return out;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
    return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
                       escaped(issuer), escaped(account), base32(secret));
}

std::vector<std::string> new_recovery_codes() {
    std::vector<std::string> codes;
    // Two groups of a password's: about 48 bits, and few tries.
    for (std::size_t i = 0; i < recovery_codes; ++i) codes.push_back(new_password().substr(0, 11));
    return codes;
}

std::string hashes_of(const std::vector<std::string>& codes) {
    std::string out;
    for (const auto& code : codes) out += base::as_bytes(base::sha256(plain(code)));
    return out;
}

std::optional<std::string> without_code(std::string_view hashes, std::string_view code) {
    const base::Digest hash = base::sha256(plain(code));
    std::optional<std::string> left;
    for (std::size_t at = 0; at + hash_size <= hashes.size(); at += hash_size) {
        if (!same(hashes.substr(at, hash_size), base::as_bytes(hash)) || left) continue;
        left = std::string(hashes.substr(0, at));
        left->append(hashes.substr(at + hash_size));
    }
    return left;
}

}  // namespace shoumen::protect
