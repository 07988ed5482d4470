#include "protect/password.hpp"

#include <sodium.h>

namespace shoumen::protect {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19U * 1024U * 1024U;
constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

}  // namespace

bool start_crypto() { return sodium_init() >= 0; }

std::string hash_password(std::string_view password) {
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(out, password.data(), password.size(), passes, memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return {};
    return out;
}

bool password_matches(std::string_view password, std::string_view hash) {
    if (hash.empty() || hash.size() >= crypto_pwhash_STRBYTES || password.size() > longest_password) return false;
    char terminated[crypto_pwhash_STRBYTES] = {};
    hash.copy(terminated, hash.size());
    return crypto_pwhash_str_verify(terminated, password.data(), password.size()) == 0;
}

void waste_a_check(std::string_view password) {
    static const std::string nobody = hash_password("nobody has this password");
    (void)password_matches(password.substr(0, longest_password), nobody);
}

std::string new_password() {
    std::string out;
    for (int i = 0; i < 20; ++i) {
        if (i > 0 && i % 5 == 0) out.push_back('-');
        out.push_back(alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))]);
    }
    return out;
}

std::string new_device_password() {
    std::string out;
    for (int i = 0; i < 16; ++i)
        out.push_back(alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))]);
    return out;
}

std::string new_token() {
    unsigned char secret[32];
    randombytes_buf(secret, sizeof secret);
    char text[sodium_base64_ENCODED_LEN(sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    sodium_bin2base64(text, sizeof text, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

base::Digest token_hash(std::string_view token) { return base::sha256(token); }

void random_bytes(std::uint8_t* out, std::size_t n) { randombytes_buf(out, n); }

}  // namespace shoumen::protect
