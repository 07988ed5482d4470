// Kept sealed: what the database alone cannot read.
//
// Each person has a data key of 32 random bytes; it is kept wrapped by a master key (protect/keys.hpp). What is
// personal is sealed with the data key for a context, the place where it is kept ("person/42/phone"): moved elsewhere
// it does not open. Destroying the wrapped key makes all that was sealed with it unreadable, backups included.
//
// Sealed bytes say themselves how they were made. First byte:
//   1  AES-256-GCM: 12 bytes nonce, ciphertext, 16 bytes tag
//   2  SM4-CTR, then HMAC-SM3 over all before and the context: 16 bytes counter, ciphertext, 32 bytes tag
// Nonces are random: one key may seal 2^32 values before a repeat is as likely as one in 2^32. Keys of the suites are
// derived from the data key by HKDF and differ. Whatever is wrong (key, context, a changed, cut or added byte), there
// is one error, sealed-unreadable, and no plaintext. Keys are wiped when they go, are not copied and cannot be printed.
// Thread-safe.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protect/personal.hpp"

namespace shoumen::protect {

// 32 bytes that are wiped when they go.
class Secret {
public:
    static constexpr std::size_t size = 32;
    Secret() = default;
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    static base::Result<Secret> random();
    static Secret copy_of(std::string_view bytes);  // exactly 32

private:
    friend struct SecretAccess;  // protect's own sources
    std::array<std::uint8_t, size> bytes_{};
};

void wipe(std::string& text);  // before letting go of something that was sealed

enum class Suite : std::uint8_t { aes_gcm = 1, sm4_sm3 = 2 };

class DataKey {
public:
    // Derives the keys of the suites. Errors: crypto-unavailable.
    static base::Result<DataKey> of(Secret secret);
    static base::Result<DataKey> random();

private:
    friend struct SecretAccess;
    DataKey() = default;
    Secret secret_;  // what is wrapped
    Secret aes_, sm4_, sm3_, index_;
};

base::Result<std::string> seal(const DataKey& key, Suite suite, std::string_view context, std::string_view plain);
base::Result<std::string> open(const DataKey& key, std::string_view context, std::string_view sealed);

// The way of a Personal into the database and back. The kind is part of the context: a phone does not open as a name.
class Sealer {
public:
    template <PersonalKind K>
    static base::Result<std::string> seal(const DataKey& key, Suite suite, std::string_view context,
                                          const Personal<K>& value) {
        return protect::seal(key, suite, with_kind(context, K), value.value_);
    }
    template <PersonalKind K>
    static base::Result<Personal<K>> open(const DataKey& key, std::string_view context, std::string_view sealed) {
        auto plain = protect::open(key, with_kind(context, K), sealed);
        if (!plain) return tl::unexpected(std::move(plain.error()));
        return Personal<K>(std::move(*plain));
    }
    // The same for equal values, and nothing else told: to find somebody by a whole phone or identity number. Spaces,
    // hyphens and full-width forms do not matter. `key` is one of the community's own, not a person's. 64 hex digits.
    template <PersonalKind K>
    static base::Result<std::string> index(const DataKey& key, const Personal<K>& value) {
        return index_of(key, K, value.value_);
    }

    // Whether two values are the same, for whoever merges what came twice; takes as long whatever they are.
    template <PersonalKind K>
    static bool same(const Personal<K>& a, const Personal<K>& b) {
        return same_bytes(a.value_, b.value_);
    }

private:
    static bool same_bytes(std::string_view a, std::string_view b);
    static std::string with_kind(std::string_view context, PersonalKind kind);
    static base::Result<std::string> index_of(const DataKey& key, PersonalKind kind, std::string_view value);
};

}  // namespace shoumen::protect
