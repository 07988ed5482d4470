// A node's keys in a folder of their own, outside the database: the master key (a file, or in a PKCS#11 module) and the
// data keys it wraps, one for each owner ("person/p-17", "incident/77", "day/2026-11-28").
//
// What is sealed says whose key it needs: '\xf5' 'S' 1, length of the owner (two bytes, big-endian), the owner, then
// sealed bytes (protect/seal.hpp). No UTF-8 text begins so, which tells it from what is not sealed. An owner's key is
// made and on disk before anything sealed with it is handed out. Erasing an owner destroys the key and leaves a line
// that says so, for good: no key of that owner is made or taken in again, and what was sealed with it can be read
// nowhere, copies of the database included.
// Files, all for their owner alone: master.key, data.keys (a line a key, added to, replaced as a whole when one goes),
// lock. Held by one process at a time. Errors: keys-missing (there are none), keys-in-use, key-file-refused,
// key-missing (the owner has none here), erased, sealed-unreadable, and those of protect/keys.hpp. Thread-safe.
#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "protect/erased_list.hpp"
#include "protect/keys.hpp"

namespace shoumen::protect {

struct VaultPlace {
    std::filesystem::path folder;
    std::optional<KeyModule> module;  // none: the master key is a file
    Suite suite = Suite::aes_gcm;     // of a new vault; one that is there keeps its own
};

class Vault {
public:
    static bool is_there(const std::filesystem::path& folder);
    static base::Result<std::unique_ptr<Vault>> create(const VaultPlace& place);
    static base::Result<std::unique_ptr<Vault>> open(const VaultPlace& place);
    ~Vault();
    Vault(const Vault&) = delete;
    Vault& operator=(const Vault&) = delete;

    [[nodiscard]] const std::string& id() const { return id_; }  // a backup's keys have the same
    [[nodiscard]] Suite suite() const { return suite_; }

    static bool is_sealed(std::string_view bytes);
    static base::Result<std::string> owner_of(std::string_view sealed);
    static bool is_owner(std::string_view owner);  // what may be one: 1 to 200 printable letters, no space

    base::Result<std::string> seal(std::string_view owner, std::string_view context, std::string_view plain);
    // What is not sealed comes back as it is.
    base::Result<std::string> open(std::string_view context, std::string_view bytes);
    // For values of a person and the blind index: the owner's key, made where there is none.
    base::Result<std::shared_ptr<const DataKey>> key(std::string_view owner);
    // The same, but none is made. Errors: key-missing, erased.
    base::Result<std::shared_ptr<const DataKey>> known_key(std::string_view owner);
    // Keys for all of them that have none, brought to the disk at once; erased owners are passed over.
    base::Result<void> make_keys(const std::vector<std::string>& owners);

    // Each owner is written down in this list (erased_list.hpp) before the key goes: what brings older keys back reads
    // it.
    void write_down_erasures(std::filesystem::path list);
    base::Result<void> erase(std::string_view owner);
    [[nodiscard]] bool is_erased(std::string_view owner) const;
    [[nodiscard]] std::vector<std::string> erased() const;                         // by name
    [[nodiscard]] std::vector<std::string> owners(std::string_view prefix) const;  // those with a key, by name
    [[nodiscard]] std::size_t size() const;                                        // keys there are

    // A new master key; all data keys are wrapped anew by it, then the old ones go.
    base::Result<KeyId> rotate();

    // One file of all but the lock, sealed with a passphrase (argon2id, then AES-256-GCM). With a PKCS#11 module the
    // master key is not in it: it stays in the token. May be made while another process holds the vault.
    static base::Result<std::string> backup(const std::filesystem::path& folder, std::string_view passphrase);
    // Into a folder that holds no keys; those of owners that have been erased since are not among them. Errors:
    // keys-there, wrong-passphrase.
    static base::Result<void> restore(const std::filesystem::path& folder, std::string_view backup,
                                      std::string_view passphrase, const ErasedOwners& erased = {});

private:
    Vault(std::filesystem::path folder, KeyRing ring, int lock)
        : folder_(std::move(folder)), ring_(std::move(ring)), lock_(lock) {}
    base::Result<void> read();
    base::Result<void> rewrite();                        // under the mutex
    base::Result<void> append(const std::string& line);  // under the mutex
    base::Result<std::shared_ptr<const DataKey>> key_of(std::string_view owner, bool make);

    std::filesystem::path folder_;
    KeyRing ring_;
    int lock_;
    std::filesystem::path list_of_erased_;  // empty: none is kept
    std::string id_;
    Suite suite_ = Suite::aes_gcm;
    mutable std::mutex mutex_;
    std::map<std::string, WrappedKey, std::less<>> wrapped_;
    std::set<std::string, std::less<>> erased_;
    std::map<std::string, std::shared_ptr<const DataKey>, std::less<>> open_;  // at most `open_at_once`
};

constexpr std::size_t shortest_passphrase = 12;

}  // namespace shoumen::protect
