// Small things that ways of signing in are made of. Pure but for the random one. Thread-safe.
#pragma once
#include <string>
#include <string_view>

namespace shoumen::protect {

std::string new_digits(unsigned count);                   // random, each as likely
bool same_bytes(std::string_view a, std::string_view b);  // in the same time, whatever differs
std::string url_base64(std::string_view bytes);           // RFC 4648, section 5, without padding
std::string to_hex_text(std::string_view bytes);
std::string from_hex_text(std::string_view text);  // empty where it is none

}  // namespace shoumen::protect
