// A node's keys beside its data: opening them at the start, and pictures sealed on their way to the disk. Private to
// room app.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/store.hpp"
#include "protect/vault.hpp"
#include "store/files/evidence.hpp"

#include "commands.hpp"

namespace shoumen::app {

inline constexpr std::string_view keys_mark = "keys";  // in meta: the id of the keys this database was sealed with

// Where the keys of the options are: `--keys`, else `keys` in the data directory.
protect::VaultPlace vault_place(const KeyOptions& keys, const Place& place);

// The keys this database was sealed with; made where it was sealed with none yet. Errors: keys-missing and keys-other
// (they are not there, or are another node's), and those of protect/vault.hpp.
base::Result<std::unique_ptr<protect::Vault>> open_vault(ports::Store& store, const KeyOptions& keys,
                                                         const Place& place);

// Where it is written down who has been erased: `--erased`, else `erased` in the data directory.
std::filesystem::path erased_path(const KeyOptions& keys, const Place& place);
// Erased is erased: what either the list or the vault knows, both know afterwards. How many owners the vault did not
// know of: it came from a backup.
base::Result<std::size_t> settle_erased(protect::Vault& vault, const std::filesystem::path& list);

// Each picture has a key of its own ("picture/<hash>"), and keeps the name it would have unsealed. Any thread.
class SealedEvidence final : public ports::EvidenceFiles {
public:
    SealedEvidence(store::EvidenceDirectory& files, protect::Vault& vault) : files_(files), vault_(vault) {}
    base::Result<base::Digest> put(std::string_view bytes) override;
    base::Result<std::string> get(const base::Digest& sha256) override;
    base::Result<void> remove(const base::Digest& sha256) override;

private:
    store::EvidenceDirectory& files_;
    protect::Vault& vault_;
};

}  // namespace shoumen::app
