// The primitives, over OpenSSL's EVP; and the way to the bytes of a secret.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protect/seal.hpp"

namespace shoumen::protect {

using Bytes = std::span<const std::uint8_t>;

inline Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct SecretAccess {
    static Bytes bytes(const Secret& s) { return s.bytes_; }
    static std::uint8_t* data(Secret& s) { return s.bytes_.data(); }
    static const Secret& secret(const DataKey& k) { return k.secret_; }
    static const Secret& aes(const DataKey& k) { return k.aes_; }
    static const Secret& sm4(const DataKey& k) { return k.sm4_; }
    static const Secret& sm3(const DataKey& k) { return k.sm3_; }
    static const Secret& index(const DataKey& k) { return k.index_; }
};

// Each is empty where the library fails, and opening also where the tag is wrong.
std::optional<std::string> aes_256_gcm_seal(Bytes key, Bytes nonce, std::string_view aad,
                                            std::string_view plain);  // with the tag
std::optional<std::string> aes_256_gcm_open(Bytes key, Bytes nonce, std::string_view aad, std::string_view sealed);
std::optional<std::string> sm4_ctr(Bytes key16, Bytes counter, std::string_view in);  // both ways
std::optional<std::string> hmac(const char* digest, Bytes key, std::string_view message);
bool hkdf(const char* digest, Bytes key, Bytes salt, std::string_view info, std::span<std::uint8_t> out);
std::optional<std::string> random_text(std::size_t n);

}  // namespace shoumen::protect
