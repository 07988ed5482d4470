// The keys the ledger is signed with, in DIR/keys: made at the first start, for their owner alone. Private to room app.
#pragma once
#include <string>

#include "base/result.hpp"
#include "shell/notary.hpp"

namespace shoumen::app {

std::string keys_folder(const std::string& data);
base::Result<shell::NotaryKeys> ledger_keys(const std::string& folder);
// Public keys of witnesses, a line each, in DIR/keys/witnesses; without the file there are none.
base::Result<std::vector<prove::PublicKey>> read_witnesses(const std::string& folder);
// One key, made where there is none.
base::Result<prove::PrivateKey> key_in(const std::string& file, prove::KeyType type);

}  // namespace shoumen::app
