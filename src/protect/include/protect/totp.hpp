// The second step of signing in: codes by time (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits), and recovery codes.
//
// A code counts for its step and the one before and after, and for no step twice: whoever looks over a shoulder cannot
// use it again. Pure but for the random ones. Thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace shoumen::protect {

std::string new_totp_secret();  // 20 random bytes
std::string totp_code(std::string_view secret, std::uint64_t step);
// The step the code stands for, if that is later than `last_step` and within one of now.
std::optional<std::uint64_t> totp_step_of(std::string_view secret, std::string_view code, base::Time now,
                                          std::uint64_t last_step);

std::string base32(std::string_view bytes);  // RFC 4648, without padding
// otpauth://totp/…, as authenticator apps read it from a QR code.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

// Ten codes, each good once in place of a code by time; kept are their hashes, 32 bytes each, one after another.
std::vector<std::string> new_recovery_codes();
std::string hashes_of(const std::vector<std::string>& codes);
// The hashes without that of the code; none: it is none of them.
std::optional<std::string> without_code(std::string_view hashes, std::string_view code);

}  // namespace shoumen::protect
