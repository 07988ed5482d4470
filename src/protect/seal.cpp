#include "protect/seal.hpp"

#include <algorithm>
#include <cassert>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sodium.h>

#include "base/hash.hpp"

#include "characters.hpp"
#include "ciphers.hpp"

namespace shoumen::protect {
namespace {

constexpr std::size_t gcm_nonce = 12, sm4_counter = 16, sm3_tag = 32, gcm_tag = 16;

auto unreadable() {
    return base::fail("sealed-unreadable", "this cannot be opened: another key, another place, or changed bytes");
}
auto unavailable() {
    return base::fail("crypto-unavailable",
                      "the cryptographic library refuses to work: check its installation and configuration");
}

// Header, length of the context, context: no two pairs of context and ciphertext give the same bytes.
std::string bound(Suite suite, std::string_view context) {
    std::string out(1, static_cast<char>(suite));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((context.size() >> shift) & 0xffU));
    return out.append(context);
}

Bytes sm4_key(const DataKey& key) { return SecretAccess::bytes(SecretAccess::sm4(key)).first(16); }

base::Result<std::string> seal_aes(const DataKey& key, std::string_view context, std::string_view plain) {
    const auto nonce = random_text(gcm_nonce);
    if (!nonce) return unavailable();
    const auto sealed = aes_256_gcm_seal(SecretAccess::bytes(SecretAccess::aes(key)), bytes_of(*nonce),
                                         bound(Suite::aes_gcm, context), plain);
    if (!sealed) return unavailable();
    return std::string(1, static_cast<char>(Suite::aes_gcm)) + *nonce + *sealed;
}

base::Result<std::string> seal_sm4(const DataKey& key, std::string_view context, std::string_view plain) {
    const auto counter = random_text(sm4_counter);
    const auto hidden = counter ? sm4_ctr(sm4_key(key), bytes_of(*counter), plain) : std::nullopt;
    if (!hidden) return unavailable();
    const auto tag =
        hmac("SM3", SecretAccess::bytes(SecretAccess::sm3(key)), bound(Suite::sm4_sm3, context) + *counter + *hidden);
    if (!tag) return unavailable();
    return std::string(1, static_cast<char>(Suite::sm4_sm3)) + *counter + *hidden + *tag;
}

base::Result<std::string> open_aes(const DataKey& key, std::string_view context, std::string_view rest) {
    if (rest.size() < gcm_nonce + gcm_tag) return unreadable();
    auto plain = aes_256_gcm_open(SecretAccess::bytes(SecretAccess::aes(key)), bytes_of(rest.substr(0, gcm_nonce)),
                                  bound(Suite::aes_gcm, context), rest.substr(gcm_nonce));
    if (!plain) return unreadable();
    return std::move(*plain);
}

base::Result<std::string> open_sm4(const DataKey& key, std::string_view context, std::string_view rest) {
    if (rest.size() < sm4_counter + sm3_tag) return unreadable();
    const std::string_view tag = rest.substr(rest.size() - sm3_tag);
    rest.remove_suffix(sm3_tag);
    const auto right =
        hmac("SM3", SecretAccess::bytes(SecretAccess::sm3(key)), bound(Suite::sm4_sm3, context).append(rest));
    if (!right || right->size() != sm3_tag || CRYPTO_memcmp(right->data(), tag.data(), sm3_tag) != 0)
        return unreadable();
    auto plain = sm4_ctr(sm4_key(key), bytes_of(rest.substr(0, sm4_counter)), rest.substr(sm4_counter));
    if (!plain) return unreadable();
    return std::move(*plain);
}

}  // namespace

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) { OPENSSL_cleanse(other.bytes_.data(), size); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    bytes_ = other.bytes_;
    OPENSSL_cleanse(other.bytes_.data(), size);
    return *this;
}

base::Result<Secret> Secret::random() {
    Secret s;
    if (RAND_priv_bytes(s.bytes_.data(), static_cast<int>(size)) != 1) return unavailable();
    return s;
}

Secret Secret::copy_of(std::string_view bytes) {
    assert(bytes.size() == size);
    Secret s;
    std::copy_n(bytes_of(bytes).begin(), size, s.bytes_.begin());
    return s;
}

void wipe(std::string& text) {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

base::Result<DataKey> DataKey::of(Secret secret) {
    DataKey key;
    key.secret_ = std::move(secret);
    const auto derive = [&](const char* digest, std::string_view info, Secret& out) {
        return hkdf(digest, SecretAccess::bytes(key.secret_), {}, info, {SecretAccess::data(out), Secret::size});
    };
    const bool good =
        derive("SHA256", "shoumen seal 1 aes-256-gcm", key.aes_) && derive("SM3", "shoumen seal 2 sm4-ctr", key.sm4_) &&
        derive("SM3", "shoumen seal 2 hmac-sm3", key.sm3_) && derive("SHA256", "shoumen index hmac-sha256", key.index_);
    if (!good) return unavailable();
    return key;
}

base::Result<DataKey> DataKey::random() {
    auto secret = Secret::random();
    if (!secret) return tl::unexpected(std::move(secret.error()));
    return of(std::move(*secret));
}

base::Result<std::string> seal(const DataKey& key, Suite suite, std::string_view context, std::string_view plain) {
    return suite == Suite::sm4_sm3 ? seal_sm4(key, context, plain) : seal_aes(key, context, plain);
}

base::Result<std::string> open(const DataKey& key, std::string_view context, std::string_view sealed) {
    if (sealed.empty()) return unreadable();
    const std::string_view rest = sealed.substr(1);
    switch (static_cast<Suite>(sealed.front())) {
        case Suite::aes_gcm:
            return open_aes(key, context, rest);
        case Suite::sm4_sm3:
            return open_sm4(key, context, rest);
    }
    return unreadable();
}

bool Sealer::same_bytes(std::string_view a, std::string_view b) {
    return a.size() == b.size() && (a.empty() || ::sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string Sealer::with_kind(std::string_view context, PersonalKind kind) {
    return std::string(context).append(1, '\0').append(word_of(kind));
}

base::Result<std::string> Sealer::index_of(const DataKey& key, PersonalKind kind, std::string_view value) {
    const Characters c(value);
    std::string plain(word_of(kind));
    plain.push_back('\0');
    const std::u32string_view text = c.text;
    std::size_t from = 0;  // a country code before a mobile number says nothing more
    if (kind == PersonalKind::phone)
        for (const std::u32string_view code : {U"+86", U"0086", U"86"})
            if (from == 0 && text.starts_with(code) && text.size() >= code.size() + 11) from = code.size();
    const bool number = kind == PersonalKind::phone || kind == PersonalKind::id_number || kind == PersonalKind::plate;
    for (std::size_t i = from; i < c.size(); ++i) {
        if (number && !is_word(c.at(i)) && !is_han(c.at(i))) continue;
        for (int shift = 16; shift >= 0; shift -= 8) plain.push_back(static_cast<char>((c.at(i) >> shift) & 0xffU));
    }
    const auto mac = hmac("SHA256", SecretAccess::bytes(SecretAccess::index(key)), plain);
    wipe(plain);
    if (!mac || mac->size() != 32) return unavailable();
    return base::to_hex(base::digest_from_bytes(*mac));
}

}  // namespace shoumen::protect
