// Master keys: they wrap the data keys of persons, and lie outside the database.
//
// A KeyHolder is a key file or a PKCS#11 module. Master keys have numbers; the highest wraps, all of them unwrap.
// Rotation: `add()`, then `rewrap` what the database keeps, then `remove` the old; nothing sealed is touched.
// Key file: made for its owner alone (0600); refused if anybody else may read or write it, if it belongs to another
// user, or if it is a link. It must be backed up apart from the database: without it nothing sealed can be read, and
// whoever has both reads all. Errors: key-file-refused, key-missing, key-module-refused, sealed-unreadable (a wrapped
// key that is none, belongs to somebody else, or was changed). Thread-safe.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "protect/seal.hpp"

namespace shoumen::protect {

using WrappedKey = std::string;  // what the database keeps

// A master key: its number, and a mark of its own, so that another file's number 1 is not taken for it.
struct KeyId {
    std::uint32_t number = 0;
    std::uint64_t mark = 0;
    auto operator<=>(const KeyId&) const = default;
};

class KeyHolder {
public:
    virtual ~KeyHolder() = default;
    [[nodiscard]] virtual std::vector<KeyId> keys() const = 0;  // ascending, never empty
    virtual base::Result<std::string> wrap(KeyId with, std::string_view owner, const Secret& secret) = 0;
    virtual base::Result<Secret> unwrap(KeyId with, std::string_view owner, std::string_view wrapped) = 0;
    virtual base::Result<KeyId> add() = 0;
    virtual base::Result<void> remove(KeyId id) = 0;  // never the highest
};

base::Result<std::unique_ptr<KeyHolder>> create_key_file(const std::filesystem::path& path, Suite suite);
base::Result<std::unique_ptr<KeyHolder>> open_key_file(const std::filesystem::path& path);

struct KeyModule {
    std::filesystem::path library;   // the module's .so
    std::string token;               // the token's label
    std::filesystem::path pin_file;  // its user PIN, in a file under the rules of the key file
};
// The master keys are made in the token and never leave it. Where it has none yet and `create` is set, one is made.
base::Result<std::unique_ptr<KeyHolder>> open_key_module(const KeyModule& module, bool create);

class KeyRing {
public:
    explicit KeyRing(std::unique_ptr<KeyHolder> holder) : holder_(std::move(holder)) {}

    struct New {
        DataKey key;
        WrappedKey wrapped;
    };
    // owner: whose it is ("person/42"); a wrapped key that is put down as somebody else's does not unwrap.
    base::Result<New> make(std::string_view owner);
    base::Result<DataKey> unwrap(std::string_view owner, std::string_view wrapped);
    base::Result<WrappedKey> rewrap(std::string_view owner, std::string_view wrapped);  // by the current master key

    [[nodiscard]] KeyId current() const { return holder_->keys().back(); }
    [[nodiscard]] std::vector<KeyId> keys() const { return holder_->keys(); }
    base::Result<KeyId> rotate() { return holder_->add(); }
    base::Result<void> remove(KeyId id) { return holder_->remove(id); }

private:
    base::Result<WrappedKey> wrap(std::string_view owner, const Secret& secret);
    base::Result<Secret> unwrap_secret(std::string_view owner, std::string_view wrapped);
    std::unique_ptr<KeyHolder> holder_;
};

// By which master key it was wrapped; an error where it is no wrapped key.
base::Result<KeyId> wrapped_by(std::string_view wrapped);

}  // namespace shoumen::protect
