#include "ciphers.hpp"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace shoumen::protect {
namespace {

struct Free {
    void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
    void operator()(EVP_KDF* k) const { EVP_KDF_free(k); }
    void operator()(EVP_KDF_CTX* k) const { EVP_KDF_CTX_free(k); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

constexpr std::size_t tag_size = 16;
constexpr std::size_t longest = 1U << 30U;  // EVP counts in int

std::uint8_t* writable(std::string& s) { return reinterpret_cast<std::uint8_t*>(s.data()); }

bool add_aad(EVP_CIPHER_CTX* c, std::string_view aad) {
    int n = 0;
    return aad.empty() || EVP_CipherUpdate(c, nullptr, &n, bytes_of(aad).data(), static_cast<int>(aad.size())) == 1;
}

bool update(EVP_CIPHER_CTX* c, std::string_view in, std::string& out) {
    int n = 0;
    return in.empty() || EVP_CipherUpdate(c, writable(out), &n, bytes_of(in).data(), static_cast<int>(in.size())) == 1;
}

Cipher start_gcm(Bytes key, Bytes nonce, bool encrypt) {
    Cipher c(EVP_CIPHER_CTX_new());
    if (!c || key.size() != 32 || nonce.size() != 12) return nullptr;
    if (EVP_CipherInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data(), encrypt ? 1 : 0) != 1)
        return nullptr;
    return c;
}

}  // namespace

std::optional<std::string> aes_256_gcm_seal(Bytes key, Bytes nonce, std::string_view aad, std::string_view plain) {
    const Cipher c = start_gcm(key, nonce, true);
    if (!c || plain.size() > longest || aad.size() > longest || !add_aad(c.get(), aad)) return std::nullopt;
    std::string out(plain.size() + tag_size, '\0');
    int n = 0;
    std::uint8_t none[tag_size];
    if (!update(c.get(), plain, out) || EVP_CipherFinal_ex(c.get(), none, &n) != 1) return std::nullopt;
    if (EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, writable(out) + plain.size()) != 1)
        return std::nullopt;
    return out;
}

std::optional<std::string> aes_256_gcm_open(Bytes key, Bytes nonce, std::string_view aad, std::string_view sealed) {
    const Cipher c = start_gcm(key, nonce, false);
    if (!c || sealed.size() < tag_size || sealed.size() > longest || aad.size() > longest || !add_aad(c.get(), aad))
        return std::nullopt;
    std::string tag(sealed.substr(sealed.size() - tag_size));
    sealed.remove_suffix(tag_size);
    std::string out(sealed.size(), '\0');
    int n = 0;
    std::uint8_t none[tag_size];
    const bool good = update(c.get(), sealed, out) &&
                      EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
                      EVP_CipherFinal_ex(c.get(), none, &n) == 1;
    if (good) return out;
    wipe(out);  // decrypted and not proven
    return std::nullopt;
}

std::optional<std::string> sm4_ctr(Bytes key16, Bytes counter, std::string_view in) {
    const Cipher c(EVP_CIPHER_CTX_new());
    if (!c || key16.size() != 16 || counter.size() != 16 || in.size() > longest) return std::nullopt;
    if (EVP_CipherInit_ex(c.get(), EVP_sm4_ctr(), nullptr, key16.data(), counter.data(), 1) != 1) return std::nullopt;
    std::string out(in.size(), '\0');
    if (!update(c.get(), in, out)) return std::nullopt;
    return out;
}

std::optional<std::string> hmac(const char* digest, Bytes key, std::string_view message) {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    std::size_t n = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, key.data(), key.size(), bytes_of(message).data(),
                  message.size(), writable(out), out.size(), &n) == nullptr)
        return std::nullopt;
    out.resize(n);
    return out;
}

bool hkdf(const char* digest, Bytes key, Bytes salt, std::string_view info, std::span<std::uint8_t> out) {
    const std::unique_ptr<EVP_KDF, Free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const std::unique_ptr<EVP_KDF_CTX, Free> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    if (!context) return false;
    const auto octets = [](const char* name, const void* data, std::size_t n) {
        // Nothing at all is refused by the library where it is at no address.
        return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(n == 0 ? "" : data), n);
    };
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(digest), 0),
        octets(OSSL_KDF_PARAM_KEY, key.data(), key.size()), octets(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
        octets(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
    return EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1;
}

std::optional<std::string> random_text(std::size_t n) {
    std::string out(n, '\0');
    if (RAND_priv_bytes(writable(out), static_cast<int>(n)) != 1) return std::nullopt;
    return out;
}

}  // namespace shoumen::protect
