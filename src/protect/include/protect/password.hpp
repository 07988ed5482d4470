// Passwords, sign-in tokens and device tokens.
//
// Passwords: argon2id, 19 MiB, two passes (OWASP's recommendation), about 10 ms; the salt is libsodium's own. Tokens:
// 32 random bytes as base64url (43 characters); only their SHA-256 is kept, which is enough for something that cannot
// be guessed. Thread-safe.
#pragma once
#include <string>
#include <string_view>

#include "base/hash.hpp"

namespace shoumen::protect {

constexpr std::size_t shortest_password = 10;
constexpr std::size_t longest_password = 256;

// False when the library cannot start (no source of chance): then nothing of this may be used.
bool start_crypto();

std::string hash_password(std::string_view password);
bool password_matches(std::string_view password, std::string_view hash);
// Takes as long as password_matches, so that a wrong name cannot be told from a wrong password.
void waste_a_check(std::string_view password);

// Four groups of five letters and digits that are not mistaken for one another: about 96 bits.
std::string new_password();
std::string new_token();
// Sixteen letters and digits that are not mistaken for one another, about 77 bits: what fits the page of a camera, and
// is no word that could be guessed.
std::string new_device_password();
base::Digest token_hash(std::string_view token);
void random_bytes(std::uint8_t* out, std::size_t n);

}  // namespace shoumen::protect
