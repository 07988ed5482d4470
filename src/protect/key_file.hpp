// The text of a key file: a head line, then for each master key its number, suite, mark and 64 hex digits.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "protect/keys.hpp"

namespace shoumen::protect {

struct MasterKey {
    Suite suite = Suite::aes_gcm;
    Secret secret;
};
using MasterKeys = std::map<KeyId, MasterKey>;

std::string write_master_keys(const MasterKeys& keys);  // wipe it
base::Result<MasterKeys> read_master_keys(std::string_view text, const std::string& where);
std::uint64_t mark_of(const Secret& secret);  // tells keys apart, and a mistyped one from the right one

}  // namespace shoumen::protect
