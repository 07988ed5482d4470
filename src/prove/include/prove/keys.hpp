// Keys that sign notes, and those that check them.
//
// Types: Ed25519 (0x01) and timestamped cosignatures of witnesses (0x04) as C2SP names them; SM2 with SM3 behind the
// byte that is kept for types without a number, and our name for it (0xff "shoumen-sm2"): signature in DER, public key
// as an uncompressed point, user id 1234567812345678. A public key is written as a verifier key,
// "<name>+<key id>+<base64 of type and key>"; a private one is kept in PEM (PKCS #8).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "prove/note.hpp"

namespace shoumen::prove {

enum class KeyType : std::uint8_t { ed25519, sm2, witness };

struct PublicKey {
    std::string name;
    KeyType type{};
    std::string bytes;
    bool operator==(const PublicKey&) const = default;
};

std::uint32_t key_id(const PublicKey& key);
std::string to_vkey(const PublicKey& key);
base::Result<PublicKey> parse_vkey(std::string_view text);                // code bad-key
base::Result<std::vector<PublicKey>> parse_vkeys(std::string_view file);  // a line each; empty ones and # are passed

// Whether this very signature is right, for a text; of a witness: timestamp and signature over its message.
bool is_signed(const PublicKey& key, std::string_view text, std::string_view signature);
// A signature of this key under the note. none: there is none; false: one that is wrong.
std::optional<bool> check(const PublicKey& key, const Note& note);

class PrivateKey {
public:
    static base::Result<PrivateKey> make(KeyType type);
    static base::Result<PrivateKey> from_pem(KeyType type, std::string_view pem);  // code bad-key
    [[nodiscard]] std::string to_pem() const;

    [[nodiscard]] PublicKey public_key(std::string name) const;
    // Of a witness' key: use cosign (checkpoint.hpp).
    [[nodiscard]] base::Result<NoteSignature> sign(std::string name, std::string_view text) const;
    [[nodiscard]] base::Result<std::string> raw_signature(std::string_view message) const;
    [[nodiscard]] KeyType type() const { return type_; }

private:
    struct Held;
    PrivateKey(KeyType type, std::shared_ptr<const Held> held) : type_(type), held_(std::move(held)) {}

    KeyType type_;
    std::shared_ptr<const Held> held_;
};

}  // namespace shoumen::prove
