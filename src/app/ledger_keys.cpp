#include "ledger_keys.hpp"

#include <filesystem>

#include "store/files/posix.hpp"

namespace shoumen::app {
namespace {

using base::Result;

namespace fs = std::filesystem;

}  // namespace

std::string keys_folder(const std::string& data) { return data + "/keys"; }

Result<prove::PrivateKey> key_in(const std::string& file, prove::KeyType type) {
    auto& files = store::posix_files();
    const std::string folder = fs::path(file).parent_path().string();
    auto text = files.read(file);
    if (text) {
        std::error_code ignored;
        if ((fs::status(file, ignored).permissions() & (fs::perms::group_all | fs::perms::others_all)) !=
            fs::perms::none)
            return base::fail("key-file-refused",
                              "others can read or change it; give it to its owner alone (chmod 600)", file);
        auto key = prove::PrivateKey::from_pem(type, *text);
        if (!key) key.error().where = file;
        return key;
    }
    if (text.error().code != "file-missing") return tl::unexpected(std::move(text.error()));
    auto key = prove::PrivateKey::make(type);
    if (!key) return key;
    if (!folder.empty()) {
        if (auto made = files.make_folder(folder); !made) return tl::unexpected(std::move(made.error()));
    }
    // Beside it first: a key that was cut off by a power cut would be none.
    auto done = files.make_file(file + ".new");
    if (done) done = files.write(file + ".new", key->to_pem());
    if (done) done = files.rename(file + ".new", file);
    if (done) done = files.sync_folder(folder.empty() ? "." : folder);
    if (!done) return tl::unexpected(std::move(done.error()));
    return key;
}

Result<shell::NotaryKeys> ledger_keys(const std::string& folder) {
    auto ed25519 = key_in(folder + "/ledger-ed25519.key", prove::KeyType::ed25519);
    if (!ed25519) return tl::unexpected(std::move(ed25519.error()));
    auto sm2 = key_in(folder + "/ledger-sm2.key", prove::KeyType::sm2);
    if (!sm2) return tl::unexpected(std::move(sm2.error()));
    return shell::NotaryKeys{std::move(*ed25519), std::move(*sm2)};
}

Result<std::vector<prove::PublicKey>> read_witnesses(const std::string& folder) {
    const auto text = store::posix_files().read(folder + "/witnesses");
    if (!text && text.error().code == "file-missing") return std::vector<prove::PublicKey>{};
    if (!text) return tl::unexpected(text.error());
    return prove::parse_vkeys(*text);
}

}  // namespace shoumen::app
